//! What a running case wants from its applicant: the defects of the correction notice, or the materials owed after
//! conditional acceptance. Pure, and here, because the portal and the counters ask for the same.

use serde_json::{Map, Value, json};
use wuchuang_webkit::forms::Form;

use crate::model::{Case, Stage};

/// What one wish is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A material of the item; `None` for one that the item does not list.
    Material(Option<String>),
    /// A field of the form.
    Field(String),
}

/// One wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What it is about.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// What is missing or wrong and how to mend it; empty for owed materials.
    pub problem: String,
}

/// Everything that the case wants now, in the order of the notice.
pub fn wanted(case: &Case, field_names: &[String]) -> Vec<Wanted> {
    if case.stage == Stage::Correcting {
        return case
            .defects
            .iter()
            .map(|defect| Wanted {
                subject: subject(case, &defect.key, field_names),
                name: defect.name.clone(),
                problem: defect.problem.text().to_owned(),
            })
            .collect();
    }
    if !matches!(case.stage, Stage::Review(_)) {
        return Vec::new();
    }
    case.owed
        .iter()
        .map(|id| Wanted {
            subject: Subject::Material(Some(id.clone())),
            name: case
                .terms
                .material(id)
                .map_or_else(|| id.clone(), |material| material.name.clone()),
            problem: String::new(),
        })
        .collect()
}

/// The same with the signatures of the form, where an answer is to be changed: whoever changes what was signed signs again.
#[must_use]
pub fn with_signatures(mut wanted: Vec<Wanted>, form: &Form) -> Vec<Wanted> {
    let is_about =
        |wish: &Wanted, name: &str| matches!(&wish.subject, Subject::Field(field) if field == name);
    let changes = |wish: &Wanted| matches!(&wish.subject, Subject::Field(_));
    if !wanted.iter().any(changes) {
        return wanted;
    }
    for field in form.fields().iter().filter(|field| field.is_signature()) {
        if !wanted.iter().any(|wish| is_about(wish, &field.name)) {
            wanted.push(Wanted {
                subject: Subject::Field(field.name.clone()),
                name: field.label.clone(),
                problem: "改了填写的内容，请重新签名。".to_owned(),
            });
        }
    }
    wanted
}

/// A key that names nothing we know is answered with a file: nobody is left without a way to answer.
fn subject(case: &Case, key: &str, field_names: &[String]) -> Subject {
    match key.split_once(':') {
        Some(("material", id)) if case.terms.material(id).is_some() => {
            Subject::Material(Some(id.to_owned()))
        }
        Some(("field", name)) if field_names.iter().any(|known| known == name) => {
            Subject::Field(name.to_owned())
        }
        _ => Subject::Material(None),
    }
}

/// A form with some questions of a form, so that they are asked, read and checked by the same rules; `None` when the form
/// has none of them.
pub fn questions(schema: &Value, fields: &[&str]) -> Option<Value> {
    let all = schema.get("properties")?.as_object()?;
    let properties: Map<String, Value> = all
        .iter()
        .filter(|(name, _)| fields.contains(&name.as_str()))
        .map(|(name, definition)| (name.clone(), definition.clone()))
        .collect();
    if properties.is_empty() {
        return None;
    }
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|name| properties.contains_key(*name))
        .collect();
    Some(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "title": schema.get("title").cloned().unwrap_or_else(|| json!("")),
        "required": required,
        "properties": properties,
    }))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::model::{
        DeliveryChoice,
        tests::bench::{Bench, correction, standard_terms},
    };

    use super::*;

    #[test]
    fn some_questions_keep_their_rules() {
        let schema = json!({
            "type": "object", "title": "失业登记", "required": ["phone", "name"],
            "properties": {"name": {"type": "string"}, "phone": {"type": "string", "x-widget": "phone"}, "note": {"type": "string"}},
        });
        let one = questions(&schema, &["phone"]).map(|form| form.to_string());
        expect![[r#"
            Some(
                "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\",\"title\":\"失业登记\",\"required\":[\"phone\"],\"properties\":{\"phone\":{\"type\":\"string\",\"x-widget\":\"phone\"}}}",
            )
        "#]]
        .assert_debug_eq(&one);
        let two = questions(&schema, &["note", "name", "foreign"]).unwrap();
        assert_eq!(two["required"], json!(["name"]));
        assert_eq!(two["properties"].as_object().unwrap().len(), 2);
        assert_eq!(questions(&schema, &["foreign"]), None);
    }

    #[test]
    fn a_correction_wants_what_the_notice_says_and_a_finished_case_nothing() {
        let mut bench = Bench::with(standard_terms(), &["m1", "m2"], DeliveryChoice::Counter);
        let fields = ["business_name".to_owned()];
        assert!(wanted(bench.case(), &fields).is_empty());
        bench.must(correction(&[
            "material:m2",
            "field:business_name",
            "field:gone",
        ]));
        let subjects: Vec<Subject> = wanted(bench.case(), &fields)
            .into_iter()
            .map(|wish| wish.subject)
            .collect();
        assert_eq!(
            subjects,
            [
                Subject::Material(Some("m2".to_owned())),
                Subject::Field("business_name".to_owned()),
                Subject::Material(None),
            ]
        );
    }
}
