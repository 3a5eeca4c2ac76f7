//! A small county for the tests: the demonstration's centre and one of its departments with their staff,
//! two of its items, and people who do not exist.

use serde_json::{Value, json};
use wuchuang_access::demo::{self, CENTRE, organisation_id};
use wuchuang_app::House;
use wuchuang_catalogue::{
    exchange::{DEMONSTRATION, import_county},
    model::{ItemCommand, ServiceItem},
};
use wuchuang_codes::CreditCode;
use wuchuang_kernel::{
    Actor, Channel, ItemId, OrganisationId, PersonId, PostId, Role, SessionId, china_date,
};
use wuchuang_ledger::{Expected, Order};
use wuchuang_webkit::{Citizen, Staff, Visitor};

use crate::harness::{TestHouse, staff};

/// The department of both items.
pub(crate) const DEPARTMENT: &str = "市场监督管理局";
/// A village of the county.
const VILLAGE: &str = "610924102001";
const DIVISIONS: &str = "code,name\n610924102,城关镇\n610924102001,滨江社区\n";
/// The convenience centre of its town.
pub(crate) const TOWN: &str = "城关镇便民服务中心";
/// 食品经营许可核发: three steps, a licence, six materials of which three may follow.
const STANDARD: &str = "610924-I07";
/// 初审, then 现场核查 and 材料审查 at once, then 集体会审 within two days unless the place is clean.
pub(crate) const DRAWING: &str = include_str!("../../../cases/src/model/tests/two_branches.bpmn");
/// 食品小经营店备案发放: settled in one sitting.
pub(crate) const INSTANT: &str = "610924-I08";

/// What the tests need to know of the county.
#[derive(Clone)]
pub(crate) struct County {
    pub(crate) centre: OrganisationId,
    pub(crate) department: OrganisationId,
    pub(crate) town: OrganisationId,
    pub(crate) standard: ItemId,
    pub(crate) instant: ItemId,
}

impl County {
    /// What there is before anything was settled.
    pub(crate) fn unsettled() -> Self {
        Self {
            centre: OrganisationId::from_u128(0),
            department: OrganisationId::from_u128(0),
            town: OrganisationId::from_u128(0),
            standard: ItemId::from_u128(0),
            instant: ItemId::from_u128(0),
        }
    }

    /// Settles the county in a house: the same each time.
    pub(crate) async fn settle(house: &House) -> Self {
        let region = house.configuration().site.region;
        demo::seed(house.slices().access(), DIVISIONS, &[DEPARTMENT.to_owned()])
            .await
            .unwrap();
        let mut county = Self {
            centre: organisation_id(region, CENTRE),
            department: organisation_id(region, DEPARTMENT),
            town: organisation_id(region, TOWN),
            ..Self::unsettled()
        };
        for item in import_county(DEMONSTRATION, region).unwrap() {
            let place = match item.content.local_code.as_str() {
                STANDARD => &mut county.standard,
                INSTANT => &mut county.instant,
                _ => continue,
            };
            *place = item.id;
            let effective_from = china_date(house.ledger().now());
            for command in [
                ItemCommand::Draft {
                    content: Box::new(item.content),
                },
                ItemCommand::Publish { effective_from },
            ] {
                let order = system_order(house);
                let ledger = house.ledger();
                ledger
                    .execute::<ServiceItem>(item.id.into(), command, order)
                    .await
                    .unwrap();
            }
        }
        house.slices().catalogue().refresh().await.unwrap();
        county
    }

    /// Puts the drawn process into the standard item and publishes it, as a manager's program does.
    pub(crate) async fn draw(&self, test: &TestHouse) {
        self.draw_as(test, DRAWING).await;
    }

    /// The same with another drawing.
    pub(crate) async fn draw_as(&self, test: &TestHouse, drawing: &str) {
        let mut manager = test.client_as(staff(Role::CatalogueManager));
        let path = format!("/api/v1/items/{}", self.standard);
        let today = china_date(test.house.ledger().now()).to_string();
        for (deed, body) in [
            ("process", json!({ "xml": drawing })),
            ("publish", json!({ "effective_from": today })),
        ] {
            let answer = manager.post_json(&format!("{path}/{deed}"), &body).await;
            assert!(answer.status.is_success(), "{deed} {}", answer.text());
        }
    }

    /// A clerk of the centre's integrated counters.
    pub(crate) fn clerk(&self) -> Visitor {
        self.member(self.centre, 1, &[Role::CounterClerk])
    }

    /// A clerk of the department's own counter.
    pub(crate) fn department_clerk(&self) -> Visitor {
        self.member(self.department, 5, &[Role::CounterClerk])
    }

    /// A clerk of the town's convenience centre.
    pub(crate) fn town_clerk(&self) -> Visitor {
        self.member(self.town, 6, &[Role::CounterClerk])
    }

    /// Who supervises in the town what the department granted.
    pub(crate) fn inspector(&self) -> Visitor {
        self.member(self.town, 7, &[Role::Approver])
    }

    /// Who examines in the town.
    pub(crate) fn town_reviewer(&self) -> Visitor {
        self.member(self.town, 7, &[Role::Reviewer])
    }

    /// Who examines in the department.
    pub(crate) fn reviewer(&self) -> Visitor {
        self.member(self.department, 2, &[Role::Reviewer])
    }

    /// Who decides in the department.
    pub(crate) fn approver(&self) -> Visitor {
        self.member(self.department, 3, &[Role::Approver])
    }

    /// Who sees everything and changes nothing.
    pub(crate) fn supervisor(&self) -> Visitor {
        self.member(self.centre, 4, &[Role::Supervisor])
    }

    fn member(&self, organisation: OrganisationId, number: u128, roles: &[Role]) -> Visitor {
        let number = 0x5_0000 + number;
        Visitor::Staff(Staff {
            person: PersonId::from_u128(number),
            session: SessionId::from_u128(number),
            name: "测试员".to_owned(),
            post: PostId::from_u128(number),
            post_title: "岗位".to_owned(),
            organisation,
            organisation_name: match organisation {
                centre if centre == self.centre => CENTRE,
                town if town == self.town => TOWN,
                _ => DEPARTMENT,
            }
            .to_owned(),
            reach: "610924".parse().unwrap(),
            roles: roles.to_vec(),
        })
    }

    /// An application for the standard item by an organisation: all papers were seen at the counter.
    pub(crate) fn standard_application(&self, serial: u32) -> Value {
        let mut body = self.standard_alone(serial);
        body["materials"] = papers(&["m1", "m2", "m3", "m4", "m5", "m6"]);
        body
    }

    /// The same for several stores: their own answers are taken out and given to each.
    pub(crate) fn batch_application(&self, serial: u32, names: &[&str]) -> Value {
        let mut body = self.standard_application(serial);
        let answers = body["answers"].as_object_mut().unwrap();
        let own = [
            "shop_name",
            "premises",
            "business_type",
            "projects",
            "area",
            "staff_count",
            "safety_manager",
        ];
        let own: serde_json::Map<String, Value> = own
            .into_iter()
            .map(|name| (name.to_owned(), answers.remove(name).unwrap()))
            .collect();
        let stores = names.iter().map(|name| {
            let mut answers = own.clone();
            answers["premises"] = json!(format!("{name}所在街1号"));
            json!({"name": name, "answers": answers})
        });
        body["stores"] = stores.collect();
        body["survey"] = json!(true);
        body
    }

    /// The same without any material.
    pub(crate) fn standard_alone(&self, serial: u32) -> Value {
        json!({
            "item": self.standard.to_string(),
            "applicant": {
                "kind": "organisation",
                "name": format!("紫阳县兴盛餐饮店{serial}"),
                "number": credit_code(serial),
                "phone": "13891500000",
                "address": "城关镇河堤路12号",
                "handler": {"name": "李小红", "number": citizen_number(serial)},
            },
            "answers": {
                "organisation_name": format!("紫阳县兴盛餐饮店{serial}"),
                "credit_code": credit_code(serial),
                "representative_name": "李小红",
                "representative_number": citizen_number(serial),
                "contact_name": "李小红",
                "contact_phone": "13891500000",
                "organisation_address": "城关镇河堤路12号",
                "shop_name": "兴盛餐饮店",
                "premises": "城关镇河堤路12号",
                "business_type": "餐饮服务经营者",
                "projects": ["热食类制售"],
                "area": 60,
                "staff_count": 4,
                "safety_manager": "王强",
            },
            "materials": [],
            "delivery": {"way": "counter"},
        })
    }

    /// An application for the instant item by a person.
    pub(crate) fn instant_application(&self, serial: u32) -> Value {
        json!({
            "item": self.instant.to_string(),
            "applicant": {
                "kind": "person",
                "name": "王小明",
                "number": citizen_number(serial),
                "phone": "13891500000",
            },
            "answers": {
                "name": "王小明",
                "number": citizen_number(serial),
                "phone": "13891500000",
                "address_village": VILLAGE,
                "address_detail": "三组12号",
                "shop_name": "小明杂货店",
                "premises": "城关镇河堤路12号",
                "kind": "小食杂店",
                "area": 30,
                "goods": "预包装食品、散装粮油",
            },
            "materials": papers(&["m1", "m2", "m3", "m4"]),
            "delivery": {"way": "electronic"},
        })
    }
}

/// Materials that were seen on paper.
fn papers(ids: &[&str]) -> Value {
    ids.iter()
        .map(|id| json!({"requirement": id, "paper_copies": 1}))
        .collect()
}

/// The order of a command that the house itself sends.
pub(crate) fn system_order(house: &House) -> Order {
    Order {
        region: house.configuration().site.region,
        actor: Actor::SYSTEM,
        channel: Channel::System,
        command_id: house.ledger().command_id(),
        expected: Expected::Any,
    }
}

/// A citizen who signed in.
pub(crate) fn resident(serial: u32) -> Visitor {
    let number = 0xC_0000_0000 + u128::from(serial);
    Visitor::Citizen(Citizen {
        person: PersonId::from_u128(number),
        session: SessionId::from_u128(number),
        name: "王小明".to_owned(),
        phone: "13891500000".to_owned(),
    })
}

/// A citizen number with a right check digit (GB 11643), another for each serial.
pub(crate) fn citizen_number(serial: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let year = 1950 + serial / 1_000 % 50;
    let body = format!("610924{year}0101{:03}", serial % 1_000);
    let sum: u32 = body
        .bytes()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    let check = b"10X98765432"[(sum % 11) as usize];
    format!("{body}{}", char::from(check))
}

/// A well-formed credit code (GB 32100) that nobody has, another for each serial.
pub(crate) fn credit_code(serial: u32) -> String {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    ALPHABET
        .chars()
        .flat_map(|one| ALPHABET.chars().map(move |other| (one, other)))
        .map(|(one, other)| format!("92610924{:08}{one}{other}", 20_000_000 + serial))
        .find(|code| CreditCode::parse(code).is_ok_and(|parsed| parsed.as_str() == code))
        .unwrap()
}
