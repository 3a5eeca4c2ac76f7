//! Questions that are asked only after a certain answer (`x-when`): an agent's number only when there is an agent. What is not
//! asked is neither required nor kept, whoever sends it.
//!
//! The answer that decides is asked earlier on the same page, by choices or a box to tick: so a page shows or hides the
//! question by itself, and without a script says when it is to be filled in.

use serde_json::{Map, Value, json};

use super::{Answers, Field, FieldKind, Form, FormError, parse::wrong};

/// When a question is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The field whose answer decides.
    pub field: String,
    /// One of these answers; `true` and `false` for a box to tick.
    pub values: Vec<String>,
}

impl When {
    /// `x-when` of a definition: `{"field": "…", "values": ["…"]}`.
    pub(super) fn read(
        name: &str,
        definition: &Map<String, Value>,
    ) -> Result<Option<Self>, FormError> {
        let Some(when) = definition.get("x-when") else {
            return Ok(None);
        };
        let field = when.get("field").and_then(Value::as_str);
        let values = when.get("values").and_then(Value::as_array);
        let values = values.and_then(|values| {
            let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>()
        });
        match (field, values) {
            (Some(field), Some(values)) if !values.is_empty() => Ok(Some(Self {
                field: field.to_owned(),
                values,
            })),
            _ => Err(wrong(
                name,
                "x-when 须写成 {\"field\": \"哪一项\", \"values\": [\"哪些答案\"]}，答案至少一个",
            )),
        }
    }

    /// Whether the answers ask the question.
    fn is_met(&self, values: &Answers) -> bool {
        match values.get(&self.field) {
            Some(Value::String(text)) => self.values.contains(text),
            Some(Value::Bool(is_ticked)) => self.values.contains(&is_ticked.to_string()),
            Some(Value::Array(several)) => several
                .iter()
                .filter_map(Value::as_str)
                .any(|one| self.values.iter().any(|value| value == one)),
            _ => false,
        }
    }
}

/// Refuses conditions that no page could show.
///
/// # Errors
/// When the deciding field is missing, asked later or on another page, has no choices, or has none of the answers.
pub(super) fn check(fields: &[Field]) -> Result<(), FormError> {
    for (place, field) in fields.iter().enumerate() {
        let Some(when) = &field.when else { continue };
        let deciding = fields[..place]
            .iter()
            .find(|other| other.name == when.field);
        let Some(deciding) = deciding.filter(|other| other.group == field.group) else {
            return Err(wrong(
                &field.name,
                &format!("x-when 的 {} 须是同一组里排在它前面的一项", when.field),
            ));
        };
        let is_answer = |value: &String| match deciding.kind {
            FieldKind::Boolean => matches!(value.as_str(), "true" | "false"),
            _ => deciding.choices.iter().any(|choice| &choice.value == value),
        };
        if let Some(value) = when.values.iter().find(|value| !is_answer(value)) {
            return Err(wrong(
                &field.name,
                &format!("x-when 的答案 {value} 不在“{}”的选项里", deciding.label),
            ));
        }
    }
    Ok(())
}

/// Asks for required answers only where their question is asked: the schema requires them under the same condition.
pub(super) fn require_where_asked(root: &mut Value, fields: &[Field]) {
    for field in fields.iter().filter(|field| field.is_required) {
        let Some(when) = &field.when else { continue };
        if let Some(required) = root.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| name.as_str() != Some(&field.name));
        }
        let deciding = fields.iter().find(|other| other.name == when.field);
        let values: Vec<Value> = when
            .values
            .iter()
            .map(|value| match deciding.map(|field| field.kind) {
                Some(FieldKind::Boolean) => Value::Bool(value == "true"),
                _ => Value::String(value.clone()),
            })
            .collect();
        let condition = match deciding.map(|field| field.kind) {
            Some(FieldKind::Several) => json!({"contains": {"enum": values}}),
            _ => json!({"enum": values}),
        };
        let rule = json!({
            "if": {"properties": {when.field.clone(): condition}, "required": [when.field]},
            "then": {"required": [field.name]},
        });
        if let Some(object) = root.as_object_mut() {
            let all = object.entry("allOf").or_insert_with(|| json!([]));
            if let Some(all) = all.as_array_mut() {
                all.push(rule);
            }
        }
    }
}

impl Form {
    /// Leaves out what is not asked. Fields are looked at in order, so that what depends on a left-out answer goes too.
    pub(super) fn keep_asked(&self, values: &mut Answers) {
        for field in &self.fields {
            if field.when.as_ref().is_some_and(|when| !when.is_met(values)) {
                values.remove(&field.name);
            }
        }
    }

    /// Whether a question is asked, given the answers.
    pub fn is_asked(&self, field: &Field, values: &Answers) -> bool {
        field.when.as_ref().is_none_or(|when| {
            let deciding = self.field(&when.field);
            when.is_met(values) && deciding.is_some_and(|deciding| self.is_asked(deciding, values))
        })
    }

    /// When a question is asked, in words: 选择“委托代办”为“是”时填写.
    pub(super) fn when_words(&self, when: &When) -> (String, String) {
        let Some(deciding) = self.field(&when.field) else {
            return Default::default();
        };
        let words = when.values.iter().map(|value| {
            let choice = deciding
                .choices
                .iter()
                .find(|choice| &choice.value == value);
            match (choice, value.as_str()) {
                (Some(choice), _) => choice.label.clone(),
                (None, "true") => "是".to_owned(),
                (None, _) => "否".to_owned(),
            }
        });
        (deciding.label.clone(), words.collect::<Vec<_>>().join("、"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::{
        forms::{Disclosure, FieldErrors, NoLists},
        language::{Language, Texts, Translator},
        page,
    };

    const SCHEMA: &str = r#"{"type": "object", "title": "申请表", "required": ["has_agent", "agent", "reason"],
        "properties": {
            "has_agent": {"type": "string", "x-label": "由谁办理", "oneOf": [{"const": "self", "title": "本人"}, {"const": "agent", "title": "委托他人"}]},
            "agent": {"type": "string", "x-label": "代理人", "x-when": {"field": "has_agent", "values": ["agent"]}},
            "abroad": {"type": "boolean", "x-label": "申请人在国外", "x-when": {"field": "has_agent", "values": ["agent"]}},
            "reason": {"type": "string", "x-label": "何时回国", "x-when": {"field": "abroad", "values": ["true"]}}
        }}"#;

    fn translator() -> Translator {
        Translator::new(Language::SimplifiedChinese, Arc::new(Texts::new().unwrap()))
    }

    /// What is kept of what is sent, and what is wrong with it.
    fn check_read(sent: &[(&str, &str)], expected: &Expect) {
        let pairs: Vec<_> = sent
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let form = Form::parse(SCHEMA).unwrap();
        let read = form.read(&pairs, &NoLists, &translator());
        let lines = form.describe(&read.values, &NoLists, Disclosure::Full, &translator());
        let lines: Vec<_> = lines
            .iter()
            .map(|line| format!("{}：{}", line.label, line.text))
            .collect();
        let errors: Vec<_> = read
            .errors
            .iter()
            .map(|error| error.message.as_str())
            .collect();
        expected.assert_eq(&format!(
            "{}\n{}\n{}\n",
            Value::Object(read.values.clone()),
            lines.join("，"),
            errors.join("，")
        ));
    }

    #[test]
    fn what_is_not_asked_is_neither_required_nor_kept() {
        check_read(
            &[
                ("has_agent", "self"),
                ("agent", "张三"),
                ("abroad", "true"),
                ("reason", "明年"),
            ],
            &expect![[r#"
                {"has_agent":"self"}
                由谁办理：本人

            "#]],
        );
        check_read(
            &[("has_agent", "agent")],
            &expect![[r#"
                {"has_agent":"agent","abroad":false}
                由谁办理：委托他人，代理人：未填写，申请人在国外：否
                请填写代理人（这一项必须填）
            "#]],
        );
        check_read(
            &[
                ("has_agent", "agent"),
                ("agent", "张三"),
                ("abroad", "true"),
            ],
            &expect![[r#"
                {"has_agent":"agent","agent":"张三","abroad":true}
                由谁办理：委托他人，代理人：张三，申请人在国外：是，何时回国：未填写
                请填写何时回国（这一项必须填）
            "#]],
        );
    }

    #[test]
    fn a_page_says_when_a_question_is_asked_and_carries_the_condition() {
        let form = Form::parse(SCHEMA).unwrap();
        let html = form
            .render_all(
                &page::tests::page(Language::SimplifiedChinese),
                &Answers::new(),
                &FieldErrors::new(),
                &NoLists,
            )
            .unwrap();
        assert!(html.contains("“由谁办理”选“委托他人”时填写。"), "{html}");
        assert!(
            html.contains(r#"data-when="has_agent" data-when-values="agent""#),
            "{html}"
        );
    }

    fn check_refused(own: &str, expected: &Expect) {
        let schema = format!(
            r#"{{"type": "object", "properties": {{"a": {{"type": "string", "x-label": "甲", "enum": ["1"]}}, {own}}}}}"#
        );
        expected.assert_eq(
            &Form::parse(&schema)
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default(),
        );
    }

    #[test]
    fn conditions_that_no_page_could_show_are_refused() {
        check_refused(
            r#""b": {"type": "string", "x-label": "乙", "x-when": {"field": "c", "values": ["1"]}}, "c": {"type": "string", "x-label": "丙", "enum": ["1"]}"#,
            &expect!["字段 b：x-when 的 c 须是同一组里排在它前面的一项"],
        );
        check_refused(
            r#""b": {"type": "string", "x-label": "乙", "x-group": "另一组", "x-when": {"field": "a", "values": ["1"]}}"#,
            &expect!["字段 b：x-when 的 a 须是同一组里排在它前面的一项"],
        );
        check_refused(
            r#""b": {"type": "string", "x-label": "乙", "x-when": {"field": "a", "values": ["2"]}}"#,
            &expect!["字段 b：x-when 的答案 2 不在“甲”的选项里"],
        );
        check_refused(
            r#""b": {"type": "string", "x-label": "乙", "x-when": {"field": "a", "values": []}}"#,
            &expect![[
                r#"字段 b：x-when 须写成 {"field": "哪一项", "values": ["哪些答案"]}，答案至少一个"#
            ]],
        );
    }
}
