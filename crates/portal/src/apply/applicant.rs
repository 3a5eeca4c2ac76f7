//! Who applies, read from the form by its shared data elements, and what can be filled in before anybody
//! types: nothing that the house knows is asked twice.

use serde_json::Value;
use wuchuang_access::CitizenEntry;
use wuchuang_calendar::china_date;
use wuchuang_cases::{
    ApplicantInput,
    known::Asked,
    model::{ApplicantKind, KnownAnswer},
};
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Answers, FieldErrors, Form, Lists},
    page::PageContext,
};

use crate::rooms::Rooms;

/// The name of the field that holds an element.
pub(super) fn field_of<'a>(form: &'a Form, element: &str) -> Option<&'a str> {
    form.fields()
        .iter()
        .find(|field| field.element.as_deref() == Some(element))
        .map(|field| field.name.as_str())
}

fn answer<'a>(form: &Form, answers: &'a Answers, element: &str) -> Option<&'a str> {
    let field = field_of(form, element)?;
    answers
        .get(field)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

/// Whether an element is the citizen's own and must be theirs in an application of their own.
const OWN_NUMBER: &str = "applicant.number";
const OWN_NAME: &str = "applicant.name";

/// What the house knows before anybody types: from the person's record, licences and earlier cases.
pub(super) async fn known(
    rooms: &Rooms,
    caller: &Caller,
    form: &Form,
    profile: &CitizenEntry,
) -> Result<Vec<KnownAnswer>, Failure> {
    let whose = (caller.region, profile.person);
    let today = china_date(caller.now);
    let mut statements = rooms.cases.statements(whose, caller.now, &[]).await?;
    let printed = rooms.licences.statements(&rooms.cases, whose, today, &[]);
    statements.extend(printed.await?);
    let lists = rooms.directory.villages(caller.region).await?;
    let asked = Asked {
        form,
        lists: &lists,
        translator: &caller.page.translator,
        citizen: profile,
    };
    Ok(asked.answers(&statements))
}

/// An application in one's own name carries one's own name and number: whoever applies for somebody else
/// does it at a counter with both identity cards.
pub(super) fn check_identity(
    page: &PageContext,
    form: &Form,
    answers: &Answers,
    profile: &CitizenEntry,
    errors: &mut FieldErrors,
) {
    let own = [(OWN_NAME, &profile.name), (OWN_NUMBER, &profile.number)];
    for (element, value) in own {
        let Some(field) = field_of(form, element) else {
            continue;
        };
        let typed = answers
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !typed.is_empty() && typed != value && errors.of(field).is_none() {
            errors.add(
                field,
                page.t("请填写您本人的姓名和身份证号（与“我的信息”一致）。替别人办理，请让他本人登录，或带双方身份证到窗口。"),
            );
        }
    }
}

/// Number and name of the organisation, where the form asks for one.
pub(super) fn organisation<'a>(form: &Form, answers: &'a Answers) -> Option<(&'a str, &'a str)> {
    field_of(form, "organisation.name")?;
    let said = |element: &str| answer(form, answers, element).unwrap_or_default();
    Some((said("organisation.number"), said("organisation.name")))
}

/// Who applies.
pub(super) fn applicant(
    form: &Form,
    answers: &Answers,
    lists: &dyn Lists,
    profile: &CitizenEntry,
) -> ApplicantInput {
    let text = |element: &str| {
        answer(form, answers, element)
            .unwrap_or_default()
            .to_owned()
    };
    let or = |text: String, otherwise: &str| {
        if text.is_empty() {
            otherwise.to_owned()
        } else {
            text
        }
    };
    if field_of(form, "organisation.name").is_some() {
        return ApplicantInput {
            person: profile.person,
            kind: ApplicantKind::Organisation,
            name: text("organisation.name"),
            number: text("organisation.number"),
            phone: or(text("organisation.phone"), &profile.phone),
            address: text("organisation.address"),
            email: text("organisation.email"),
        };
    }
    ApplicantInput {
        person: profile.person,
        kind: ApplicantKind::Person,
        name: or(text(OWN_NAME), &profile.name),
        number: or(text(OWN_NUMBER), &profile.number),
        phone: or(text("applicant.phone"), &profile.phone),
        address: address(form, answers, lists),
        email: text("applicant.email"),
    }
}

/// The code of the village in which the applicant lives, when the form asks for it.
pub(super) fn village<'a>(form: &Form, answers: &'a Answers) -> Option<&'a str> {
    answer(form, answers, "applicant.village")
}

/// Village and details in one line; also what a parcel is addressed to unless another place is given.
pub(super) fn address(form: &Form, answers: &Answers, lists: &dyn Lists) -> String {
    if let Some(address) = answer(form, answers, "organisation.address") {
        return address.to_owned();
    }
    let village = form
        .fields()
        .iter()
        .find(|field| field.element.as_deref() == Some("applicant.village"))
        .and_then(|field| {
            let value = answers.get(&field.name)?.as_str()?;
            lists.label(field.list.as_deref()?, value)
        })
        .unwrap_or_default();
    let details = answer(form, answers, "applicant.address").unwrap_or_default();
    format!("{village}{details}")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;
    use wuchuang_kernel::PersonId;
    use wuchuang_webkit::{forms::ChoiceGroup, markup::Choice};

    use super::*;

    struct Villages;

    impl Lists for Villages {
        fn groups(&self, _list: &str) -> Vec<ChoiceGroup> {
            vec![ChoiceGroup {
                label: "汉王镇".into(),
                choices: vec![Choice::new("610924102200", "汉城村")],
            }]
        }
    }

    fn person_form() -> Form {
        Form::parse(
            &json!({
                "type": "object", "title": "x", "properties": {
                    "name": {"type": "string", "x-label": "姓名", "x-element": "applicant.name"},
                    "number": {"type": "string", "x-label": "身份证号", "x-element": "applicant.number"},
                    "village": {"type": "string", "x-label": "村", "x-widget": "address", "x-list": "villages", "x-element": "applicant.village"},
                    "detail": {"type": "string", "x-label": "门牌", "x-element": "applicant.address"},
                }
            })
            .to_string(),
        )
        .unwrap()
    }

    fn profile() -> CitizenEntry {
        CitizenEntry {
            person: PersonId::from_u128(1),
            name: "王小明".into(),
            number: "610924199001011234".into(),
            phone: "13800000000".into(),
            phone_is_proved: true,
        }
    }

    fn answers(value: Value) -> Answers {
        match value {
            Value::Object(answers) => answers,
            _ => Answers::new(),
        }
    }

    #[test]
    fn who_applies_is_read_by_element() {
        let given =
            answers(json!({"name": "王小明", "village": "610924102200", "detail": "二组14号"}));
        let who = applicant(&person_form(), &given, &Villages, &profile());
        expect!["王小明 610924199001011234 13800000000 汉王镇汉城村二组14号"].assert_eq(&format!(
            "{} {} {} {}",
            who.name, who.number, who.phone, who.address
        ));
        assert_eq!(who.kind, ApplicantKind::Person);
    }

    #[test]
    fn an_organisation_applies_through_the_person_who_acts() {
        let form = Form::parse(
            &json!({
                "type": "object", "title": "x", "properties": {
                    "organisation_name": {"type": "string", "x-label": "单位", "x-element": "organisation.name"},
                    "credit_code": {"type": "string", "x-label": "代码", "x-element": "organisation.number"},
                }
            })
            .to_string(),
        )
        .unwrap();
        let given =
            answers(json!({"organisation_name": "兴盛餐饮", "credit_code": "91610924MA70ABCD1X"}));
        let who = applicant(&form, &given, &Villages, &profile());
        assert_eq!(who.kind, ApplicantKind::Organisation);
        assert_eq!(
            (who.name.as_str(), who.phone.as_str()),
            ("兴盛餐饮", "13800000000")
        );
    }
}
