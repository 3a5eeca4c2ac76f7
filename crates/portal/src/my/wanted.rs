//! What a running case wants from its applicant: the defects of the correction notice, or the materials
//! owed after conditional acceptance. Pure.

use serde_json::{Map, Value, json};
use wuchuang_cases::model::{Case, Stage};
use wuchuang_webkit::page::PageContext;

/// What one wish is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// A material of the item; `None` for one that the item does not list.
    Material(Option<String>),
    /// A field of the form.
    Field(String),
}

/// One wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// What it is about.
    pub(super) subject: Subject,
    /// Its name.
    pub(super) name: String,
    /// What is missing or wrong and how to mend it; empty for owed materials.
    pub(super) problem: String,
}

/// Everything that the case wants now, in the order of the notice.
pub(super) fn wanted(case: &Case, field_names: &[String]) -> Vec<Wanted> {
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

/// A form with one question of a form, so that it is asked, read and checked by the same rules.
pub(super) fn one_question(schema: &Value, field: &str) -> Option<Value> {
    let definition = schema.get("properties")?.get(field)?;
    let is_required = schema
        .get("required")
        .and_then(Value::as_array)
        .is_some_and(|names| names.iter().any(|name| name == field));
    let mut properties = Map::new();
    properties.insert(field.to_owned(), definition.clone());
    let required: Vec<&str> = is_required.then_some(field).into_iter().collect();
    Some(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "title": schema.get("title").cloned().unwrap_or_else(|| json!("")),
        "required": required,
        "properties": properties,
    }))
}

/// What the page is called.
pub(super) fn title(case: &Case) -> &'static str {
    if case.stage == Stage::Correcting {
        "补正材料"
    } else {
        "补交容缺材料"
    }
}

/// What the page says first.
pub(super) fn opening(page: &PageContext, case: &Case, count: usize) -> String {
    if case.stage == Stage::Correcting {
        page.tf(
            "下面 {count} 项是一次性告知您的全部内容，每一项补好后，最后按“提交补正”。",
            &[("count", &count)],
        )
    } else {
        page.tf(
            "受理时约定后补的 {count} 份材料，可以一起交，也可以分几次交。",
            &[("count", &count)],
        )
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::one_question;

    #[test]
    fn one_question_keeps_its_rules() {
        let schema = json!({
            "type": "object", "title": "失业登记", "required": ["phone", "name"],
            "properties": {"name": {"type": "string"}, "phone": {"type": "string", "x-widget": "phone"}, "note": {"type": "string"}},
        });
        let one = one_question(&schema, "phone").map(|form| form.to_string());
        expect![[r#"
            Some(
                "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\",\"title\":\"失业登记\",\"required\":[\"phone\"],\"properties\":{\"phone\":{\"type\":\"string\",\"x-widget\":\"phone\"}}}",
            )
        "#]]
        .assert_debug_eq(&one);
        assert_eq!(
            one_question(&schema, "note").unwrap()["required"],
            json!([])
        );
        assert_eq!(one_question(&schema, "foreign"), None);
    }
}
