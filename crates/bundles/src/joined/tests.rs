//! One form and one list for several items: asked once, given back to each.

use std::sync::Arc;

use expect_test::expect;
use jiff::{Timestamp, civil::date};
use serde_json::{Map, Value, json};
use wuchuang_cases::model::{KnownAnswer, KnownSource, Material, MaterialSource};
use wuchuang_catalogue::model::{
    ItemContent, ItemMaterial, ItemVersion, Necessity, SupervisedItem,
};
use wuchuang_kernel::{BundleId, ItemId, MaterialId, PersonId, Personal};

use super::{Joined, JoinedMember};
use crate::model::{BundleContent, BundleVersion, Member};

fn item(
    number: u128,
    name: &str,
    properties: &Value,
    materials: &[(&str, bool)],
) -> Arc<ItemVersion> {
    let required: Vec<&String> = properties.as_object().unwrap().keys().collect();
    let content = ItemContent {
        name: name.into(),
        form: json!({"type": "object", "title": name, "required": required, "properties": properties}),
        materials: (1..)
            .zip(materials)
            .map(|(place, (name, tolerable))| ItemMaterial {
                id: format!("m{place}"),
                name: (*name).to_owned(),
                necessity: Necessity::Required,
                tolerable: *tolerable,
                by_commitment: *tolerable,
                ..ItemMaterial::default()
            })
            .collect(),
        conditional_acceptance_allowed: true,
        commitment_allowed: true,
        ..ItemContent::default()
    };
    Arc::new(ItemVersion {
        id: ItemId::from_u128(number),
        version: 1,
        effective_from: date(2026, 11, 23),
        cancelled_on: None,
        published_at: Timestamp::UNIX_EPOCH,
        published_by: None,
        content,
    })
}

fn text(label: &str, element: &str) -> Value {
    let mut field = json!({"type": "string", "x-label": label, "x-group": "申请内容"});
    if !element.is_empty() {
        field["x-element"] = json!(element);
        field["x-group"] = json!("申请人");
    }
    field
}

fn joined() -> Joined {
    let food = item(
        7,
        "食品经营许可",
        &json!({
            "name": text("单位名称", "organisation.name"),
            "premises": text("经营场所", ""),
            "area": {"type": "number", "x-label": "面积"},
            "reason": text("申请原因", ""),
        }),
        &[("营业执照", false), ("平面图", true)],
    );
    let place = item(
        9,
        "公共场所卫生许可",
        &json!({
            "company": text("名称", "organisation.name"),
            "premises": text("场所地址", ""),
            "area": {"type": "number", "x-label": "面积"},
            "reason": text("为什么申请", ""),
        }),
        &[("营 业执照", true), ("检测报告", false)],
    );
    join(food, place)
}

fn join(food: Arc<ItemVersion>, place: Arc<ItemVersion>) -> Joined {
    let members = ["I07", "I09"].map(|code| Member {
        code: code.into(),
        ..Member::default()
    });
    let version = BundleVersion {
        id: BundleId::from_u128(11),
        version: 1,
        published_at: Timestamp::UNIX_EPOCH,
        content: BundleContent {
            code: "B11".into(),
            name: "企业经营".into(),
            members: members.to_vec(),
            shared_fields: vec!["premises".into()],
            ..BundleContent::default()
        },
    };
    let items = [(&members[0], food), (&members[1], place)];
    Joined::of(Arc::new(version), &items).unwrap()
}

#[test]
fn each_thing_is_asked_once() {
    let joined = joined();
    let lines: Vec<String> = joined
        .form
        .fields()
        .iter()
        .map(|field| format!("{} {}：{}", field.group, field.name, field.label))
        .collect();
    expect![[r#"
        申请人 name：单位名称
        共同信息 premises：经营场所
        共同信息 area：面积
        食品经营许可 reason：申请原因
        公共场所卫生许可 i09_reason：为什么申请"#]]
    .assert_eq(&lines.join("\n"));
    let materials: Vec<String> = joined
        .item
        .content
        .materials
        .iter()
        .map(|material| {
            format!(
                "{} {} {} {}",
                material.id, material.name, material.tolerable, material.by_commitment
            )
        })
        .collect();
    expect![[r#"
        m1 营业执照 false false
        m2 平面图 true true
        m3 检测报告 false false"#]]
    .assert_eq(&materials.join("\n"));
}

#[test]
fn a_table_that_two_items_ask_alike_is_filled_in_once() {
    let table = |column: &str| {
        json!({"type": "array", "x-label": "从业人员", "items": {
            "type": "object", "required": [column],
            "properties": {column: {"type": "string", "x-label": "姓名"}},
        }})
    };
    let staff = |own: Value| json!({"staff": table("name"), "people": own});
    let joined = join(
        item(7, "食品经营许可", &staff(table("name")), &[]),
        item(9, "公共场所卫生许可", &staff(table("who")), &[]),
    );
    let names: Vec<&str> = joined
        .form
        .fields()
        .iter()
        .map(|field| &*field.name)
        .collect();
    assert_eq!(names, ["staff", "people", "i09_people"]);
    let Value::Object(answers) = json!({
        "staff": [{"name": "王强"}, {"name": "李红"}], "people": [{"name": "甲"}], "i09_people": [{"who": "乙"}],
    }) else {
        unreachable!("an object was written")
    };
    let second = &joined.members[1];
    assert_eq!(
        Value::Object(second.answers(&answers)),
        json!({"staff": [{"name": "王强"}, {"name": "李红"}], "people": [{"who": "乙"}]})
    );
    for (own, joined) in [
        ("staff.1.name", Some("staff.1.name")),
        ("people.0.who", Some("i09_people.0.who")),
        ("foreign.0.who", None),
    ] {
        assert_eq!(second.joined_field(own).as_deref(), joined, "{own}");
    }
}

#[test]
fn what_was_answered_is_given_back_to_each_item_in_its_own_words() {
    let joined = joined();
    let Value::Object(answers) = json!({
        "name": "兴盛餐饮", "premises": "河堤路1号", "area": 80, "reason": "新开", "i09_reason": "新办",
    }) else {
        unreachable!("an object was written")
    };
    let given: Vec<Value> = joined
        .members
        .iter()
        .map(|member| Value::Object(member.answers(&answers)))
        .collect();
    assert_eq!(
        given,
        [
            json!({"name": "兴盛餐饮", "premises": "河堤路1号", "area": 80, "reason": "新开"}),
            json!({"company": "兴盛餐饮", "premises": "河堤路1号", "area": 80, "reason": "新办"}),
        ]
    );
    assert_eq!(
        joined.members[1].joined_field("company").as_deref(),
        Some("name")
    );
}

#[test]
fn an_element_of_the_matter_is_asked_once_among_its_questions_and_known_to_each_item() {
    let place = |label: &str| json!({"type": "string", "x-label": label, "x-group": "申请内容", "x-element": "business.place"});
    let joined = join(
        item(7, "食品经营许可", &json!({"where": place("经营场所")}), &[]),
        item(
            9,
            "公共场所卫生许可",
            &json!({"site": place("场所"), "premises": place("场所地址"), "own": text("原因", "")}),
            &[],
        ),
    );
    let lines: Vec<String> = joined
        .form
        .fields()
        .iter()
        .map(|field| format!("{} {}：{}", field.group, field.name, field.label))
        .collect();
    // What the bundle says of the name `premises` stands before the element that one of its items names.
    expect![[r#"
        共同信息 where：经营场所
        共同信息 premises：场所地址
        公共场所卫生许可 own：原因"#]]
    .assert_eq(&lines.join("\n"));
    let person = PersonId::from_u128(1);
    let known = KnownAnswer {
        field: "where".to_owned(),
        label: "经营场所".to_owned(),
        source: KnownSource::Account,
        was: Personal::new(person, json!("河堤路1号")),
        reason: Personal::new(person, String::new()),
    };
    let fields: Vec<String> = joined
        .members
        .iter()
        .flat_map(|member| member.known(std::slice::from_ref(&known)))
        .map(|one| one.field)
        .collect();
    assert_eq!(fields, ["where", "site"]);
}

#[test]
fn a_question_that_depends_on_another_stays_beside_it() {
    let agent = json!({
        "with_agent": {"type": "string", "x-label": "有没有代办人", "enum": ["有", "没有"]},
        "agent": {"type": "string", "x-label": "代办人", "x-when": {"field": "with_agent", "values": ["有"]}},
    });
    let items = [item(1, "甲", &agent, &[]), item(2, "乙", &agent, &[])];
    let members = ["I01", "I02"].map(|code| Member {
        code: code.into(),
        ..Member::default()
    });
    let version = BundleVersion {
        content: BundleContent {
            shared_fields: vec!["with_agent".into()],
            ..joined().bundle.content.clone()
        },
        ..joined().bundle.as_ref().clone()
    };
    let [one, two] = items;
    let joined = Joined::of(Arc::new(version), &[(&members[0], one), (&members[1], two)]).unwrap();
    let properties = &joined.item.content.form["properties"];
    assert_eq!(properties["agent"]["x-when"]["field"], "with_agent");
    assert_eq!(properties["i02_agent"]["x-when"]["field"], "i02_with_agent");
    assert_eq!(properties["i02_agent"]["x-group"], "乙");
}

#[test]
fn one_paper_goes_to_every_item_and_a_promise_is_made_to_each() {
    let mut joined = joined();
    let mut version = joined.members[0].item.as_ref().clone();
    version.content.supervised = Some(SupervisedItem {
        copy_days: Some(60),
        ..SupervisedItem::default()
    });
    joined.members[0].item = Arc::new(version);
    let copies = |key: &str| {
        let of = |member: &JoinedMember| member.copy_days_for(key);
        joined.members.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(copies("m2"), [Some(60), None]);
    assert_eq!(copies("m9"), [None, None]);
    let material = |requirement: &str, source: MaterialSource| Material {
        id: MaterialId::from_u128(1),
        requirement: Some(requirement.into()),
        name: String::new(),
        source,
        files: Vec::new(),
    };
    let promise = MaterialSource::Commitment {
        text: "整件事的承诺".into(),
    };
    let given = [
        material("m1", MaterialSource::Uploaded),
        material("m2", promise),
    ];
    let parts: Vec<Vec<Material>> = joined
        .members
        .iter()
        .map(|member| {
            member.materials((&given, &Map::new()), |index| {
                MaterialId::from_u128(index as u128 + 100)
            })
        })
        .collect();
    assert_eq!((parts[0].len(), parts[1].len()), (2, 1));
    assert_eq!(parts[1][0].requirement.as_deref(), Some("m1"));
    let MaterialSource::Commitment { text } = &parts[0][1].source else {
        panic!("the promise is kept")
    };
    assert!(text.contains("食品经营许可"), "{text}");
    assert!(text.contains("副本，有效期 60 天"), "{text}");
    // What may not follow is never undertaken.
    for (member, given) in joined.members.iter().zip(&parts) {
        assert!(member.undertaking(given, &Map::new()).is_none());
    }
    let first = joined.members[0].undertaking(&[], &Map::new());
    assert_eq!(
        first.map(|owed| owed.materials),
        Some(vec!["m2".to_owned()])
    );
}

/// A paper that a form asks for in its place is asked for while one of the items does.
#[test]
fn a_paper_is_asked_for_where_the_answers_ask_for_it() {
    let asking = |number: u128, name: &str, materials: &[(&str, bool)]| {
        let right = json!({"type": "string", "x-label": "房屋", "x-group": "申请内容", "x-element": "premises.right", "enum": ["自有", "租赁"]});
        let scan = json!({"type": "string", "x-label": "租赁合同", "x-group": "申请内容", "x-widget": "attachment",
            "x-material": "m2", "x-when": {"field": "right", "values": ["租赁"]}});
        let properties = json!({"right": right, "lease": scan});
        let mut version = item(number, name, &properties, materials).as_ref().clone();
        version.content.form["required"] = json!(["right"]);
        Arc::new(version)
    };
    let joined = join(
        asking(
            7,
            "食品经营许可",
            &[("营业执照", false), ("租赁合同", true)],
        ),
        asking(
            9,
            "公共场所卫生许可",
            &[("检测报告", false), ("租赁合同", true)],
        ),
    );
    let wanted = |right: &str| {
        let field = joined.members[0].joined_field("right").unwrap();
        let answers = Map::from_iter([(field, json!(right))]);
        let asked = joined.asked(&answers);
        let names = asked.content.materials.iter().map(|one| one.name.clone());
        (names.collect::<Vec<_>>(), answers)
    };
    let (leased, answers) = wanted("租赁");
    assert_eq!(leased, ["营业执照", "租赁合同", "检测报告"]);
    let lease = joined.item.content.materials.iter();
    let lease = lease
        .filter(|one| one.name == "租赁合同")
        .map(|one| Material {
            id: MaterialId::from_u128(1),
            requirement: Some(one.id.clone()),
            name: one.name.clone(),
            source: MaterialSource::Uploaded,
            files: Vec::new(),
        });
    let lease: Vec<Material> = lease.collect();
    let given = |answers: &Map<String, Value>| -> Vec<usize> {
        let parts = joined.members.iter();
        let own =
            parts.map(|member| member.materials((&lease, answers), |_| MaterialId::from_u128(2)));
        own.map(|own| own.len()).collect()
    };
    assert_eq!(given(&answers), [1, 1]);
    // Only what may follow is undertaken, and only where the answers ask for it.
    let undertaken = |answers: &Map<String, Value>| {
        let first = joined.members[0].undertaking(&[], answers);
        first.map(|undertaking| undertaking.materials)
    };
    assert_eq!(undertaken(&answers), Some(vec!["m2".to_owned()]));
    let (owned, answers) = wanted("自有");
    assert_eq!(owned, ["营业执照", "检测报告"]);
    assert_eq!(given(&answers), [0, 0]);
    assert_eq!(undertaken(&answers), None);
}
