//! Who applies, found in the answers by the shared data elements of the form.

use serde_json::Value;
use wuchuang_access::{CitizenEntry, Villages};
use wuchuang_cases::{ApplicantInput, model::ApplicantKind};
use wuchuang_webkit::forms::{Answers, FieldErrors, Form, Lists};

/// The name of the form's field with an element.
fn field_of<'a>(form: &'a Form, element: &str) -> Option<&'a str> {
    form.fields()
        .iter()
        .find(|field| field.element.as_deref() == Some(element))
        .map(|field| field.name.as_str())
}

fn answer<'a>(form: &Form, answers: &'a Answers, element: &str) -> &'a str {
    field_of(form, element)
        .and_then(|name| answers.get(name))
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// Who applies: an organisation where the form asks for one, else the person at the counter.
pub(crate) fn applicant(
    form: &Form,
    answers: &Answers,
    citizen: &CitizenEntry,
    lists: &dyn Lists,
) -> ApplicantInput {
    let of = |element: &str| answer(form, answers, element).to_owned();
    let or = |given: String, known: &str| {
        if given.is_empty() {
            known.to_owned()
        } else {
            given
        }
    };
    if field_of(form, "organisation.name").is_some() {
        return ApplicantInput {
            person: citizen.person,
            kind: ApplicantKind::Organisation,
            name: of("organisation.name"),
            number: of("organisation.number"),
            phone: or(of("organisation.phone"), &citizen.phone),
            address: of("organisation.address"),
            email: of("organisation.email"),
        };
    }
    let village = answer(form, answers, "applicant.village");
    let village = lists.label(Villages::LIST, village).unwrap_or_default();
    ApplicantInput {
        person: citizen.person,
        kind: ApplicantKind::Person,
        name: or(of("applicant.name"), &citizen.name),
        number: or(of("applicant.number"), &citizen.number),
        phone: or(of("applicant.phone"), &citizen.phone),
        address: format!("{village}{}", answer(form, answers, "applicant.address")),
        email: of("applicant.email"),
    }
}

/// A person's case is filed under the person who was looked up by number, so the form must name them.
pub(crate) fn check_same_person(
    form: &Form,
    answers: &Answers,
    citizen: &CitizenEntry,
    errors: &mut FieldErrors,
) {
    let given = answer(form, answers, "applicant.number");
    if let Some(field) = field_of(form, "applicant.number")
        && !given.is_empty()
        && given != citizen.number
        && errors.of(field).is_none()
    {
        errors.add(
            field,
            "公民身份号码与窗口查到的申请人不一致：请改回，或回到收件首页输入另一人的号码。",
        );
    }
}

/// The first question that must be answered and is not: where the key 填表 leads.
pub(crate) fn first_open(form: &Form, answers: &Answers) -> Option<String> {
    form.fields()
        .iter()
        .find(|field| {
            field.is_required
                && answers
                    .get(&field.name)
                    .is_none_or(|value| value.is_null() || value.as_str() == Some(""))
        })
        .map(|field| field.name.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wuchuang_catalogue::exchange::form::{ApplicantForm, compose};
    use wuchuang_kernel::PersonId;
    use wuchuang_webkit::{forms::ChoiceGroup, markup::Choice};

    use super::*;

    struct Villages;

    impl Lists for Villages {
        fn groups(&self, list: &str) -> Vec<ChoiceGroup> {
            assert_eq!(list, wuchuang_access::Villages::LIST);
            vec![ChoiceGroup {
                label: "汉王镇".to_owned(),
                choices: vec![Choice::new("610924102200", "汉城村")],
            }]
        }
    }

    fn form(kind: ApplicantForm) -> Form {
        let own = json!({"reason": {"label": "失业原因", "enum": ["劳动合同期满", "其他"]}});
        let schema = compose("失业登记", kind, own.as_object().unwrap());
        Form::parse(&schema.to_string()).unwrap()
    }

    fn citizen() -> CitizenEntry {
        CitizenEntry {
            person: PersonId::from_u128(1),
            name: "张三".to_owned(),
            number: "11010519491231002X".to_owned(),
            phone: "13800138000".to_owned(),
            phone_is_proved: false,
        }
    }

    #[test]
    fn the_first_question_without_an_answer_is_opened() {
        let form = form(ApplicantForm::Person);
        let known =
            json!({"name": "张三", "number": "1", "phone": "1", "address_village": "610924102200"});
        assert_eq!(
            first_open(&form, known.as_object().unwrap()).as_deref(),
            Some("reason")
        );
    }

    #[test]
    fn persons_and_organisations_apply_each_by_their_own_fields() {
        let person = applicant(
            &form(ApplicantForm::Person),
            json!({"name": "张三", "address_village": "610924102200", "address_detail": "二组"})
                .as_object()
                .unwrap(),
            &citizen(),
            &Villages,
        );
        assert_eq!(
            (person.kind, person.address.as_str()),
            (ApplicantKind::Person, "汉王镇汉城村二组")
        );
        assert_eq!(person.number, "11010519491231002X");
        let organisation = applicant(
            &form(ApplicantForm::Organisation),
            json!({"organisation_name": "紫阳县某茶业有限公司", "credit_code": "91610924MA0000000X"})
                .as_object()
                .unwrap(),
            &citizen(),
            &Villages,
        );
        assert_eq!(organisation.kind, ApplicantKind::Organisation);
        assert_eq!(organisation.name, "紫阳县某茶业有限公司");
        assert_eq!(
            (organisation.number.as_str(), organisation.phone.as_str()),
            ("91610924MA0000000X", "13800138000")
        );
    }

    #[test]
    fn a_case_is_filed_under_the_person_at_the_counter() {
        let form = form(ApplicantForm::Person);
        let errors_for = |number: &str| {
            let answers = json!({ "number": number });
            let mut errors = FieldErrors::new();
            check_same_person(&form, answers.as_object().unwrap(), &citizen(), &mut errors);
            errors.len()
        };
        assert_eq!(errors_for("11010519491231002X"), 0);
        assert_eq!(errors_for("610924199001011234"), 1);
        assert_eq!(errors_for(""), 0);
    }
}
