//! The dictionary of shared data elements: what many forms ask is defined once, with its name, its way of writing and whether it
//! belongs to a person. A question that is taken from here carries the element's name, by which bundles ask it once and
//! browsers fill it in.

use serde_json::{Value, json};

use crate::exchange::form::{ApplicantForm, basic};

/// One element.
pub(super) struct Element {
    /// The name that the question gets in the answers.
    pub(super) name: String,
    /// What it is called.
    pub(super) label: String,
    /// The question as it stands in a form.
    pub(super) definition: Value,
}

/// All elements, those about the applicant first.
pub(super) fn elements() -> Vec<Element> {
    let mut all = Vec::new();
    for applicant in [ApplicantForm::Person, ApplicantForm::Organisation] {
        let form = basic("", applicant);
        let properties = form["properties"].as_object().cloned().unwrap_or_default();
        all.extend(properties);
    }
    all.extend(further());
    all.into_iter()
        .map(|(name, definition)| Element {
            label: definition["x-label"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            name,
            definition,
        })
        .collect()
}

/// The element of that name.
pub(super) fn element(name: &str) -> Option<Element> {
    elements().into_iter().find(|element| element.name == name)
}

fn further() -> Vec<(String, Value)> {
    let own = |name: &str, definition: Value| (name.to_owned(), definition);
    vec![
        own(
            "birthday",
            json!({"type": "string", "x-label": "出生日期", "x-widget": "date", "x-element": "person.birthday", "x-personal": true}),
        ),
        own(
            "email",
            json!({"type": "string", "x-label": "电子邮箱", "format": "email", "x-element": "applicant.email", "x-personal": true}),
        ),
        own(
            "bank_name",
            json!({"type": "string", "x-label": "开户银行", "x-hint": "写到支行", "maxLength": 60, "x-element": "person.bank"}),
        ),
        own(
            "bank_account",
            json!({"type": "string", "x-label": "银行账号", "x-hint": "申请人本人的账号", "pattern": "^[0-9]{8,30}$", "maxLength": 30, "x-element": "person.bank_account", "x-personal": true}),
        ),
        own(
            "business_place",
            json!({"type": "string", "x-label": "经营场所", "x-hint": "镇、街道和门牌号", "maxLength": 100, "x-element": "business.place"}),
        ),
        own(
            "business_area",
            json!({"type": "number", "x-label": "经营面积（平方米）", "minimum": 0, "maximum": 1_000_000, "x-element": "business.area"}),
        ),
        own(
            "plate_number",
            json!({"type": "string", "x-label": "车牌号码", "maxLength": 10, "x-element": "vehicle.plate"}),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::form::is_sensitive;
    use wuchuang_webkit::forms::Form;

    #[test]
    fn what_is_sensitive_stands_in_the_dictionary() {
        let all = elements();
        let named = all
            .iter()
            .filter_map(|it| it.definition["x-element"].as_str());
        let sensitive: Vec<&str> = named.filter(|name| is_sensitive(name)).collect();
        assert_eq!(sensitive, ["person.bank", "person.bank_account"]);
    }

    #[test]
    fn every_element_is_a_question_that_a_form_may_ask() {
        for element in elements() {
            let mut properties = serde_json::Map::new();
            properties.insert(element.name.clone(), element.definition.clone());
            let schema = json!({"type": "object", "properties": properties});
            let form = Form::parse(&schema.to_string());
            let form = form.unwrap_or_else(|error| panic!("{}: {error}", element.name));
            assert!(form.fields()[0].element.is_some(), "{}", element.name);
        }
    }
}
