//! A file asked for where it belongs (附件): beside the answer that it proves, and not in the list at the end. The file is one of the
//! item's materials, which the question names (`x-material`): it is handed in once, and whether it is required, may follow or is
//! known already is said of the material and nowhere else. So the question has no answer of its own among the answers.

use serde_json::{Map, Value, json};

use super::{Field, Widget};
use crate::forms::{Answers, Form, FormError, parse::wrong};

/// Refuses an attachment that no page could take, and a material that two questions ask for.
///
/// # Errors
/// What is wrong, with the name of the question.
pub(in crate::forms) fn check(fields: &[Field]) -> Result<(), FormError> {
    let mut materials: Vec<&str> = Vec::new();
    for field in fields {
        let Some(material) = &field.material else {
            continue;
        };
        if field.widget != Widget::Attachment {
            return Err(wrong(&field.name, "只有附件才写 x-material"));
        }
        if material.is_empty() {
            return Err(wrong(&field.name, "附件须用 x-material 写明是哪一份材料"));
        }
        if field.is_required {
            return Err(wrong(
                &field.name,
                "附件是不是必须交，按材料的设定，请不要列在 required 里",
            ));
        }
        if materials.contains(&material.as_str()) {
            return Err(wrong(
                &field.name,
                &format!("材料 {material} 已有另一项附件，一份材料只能问一次"),
            ));
        }
        materials.push(material);
    }
    let columns = fields.iter().filter_map(|field| field.table.as_ref());
    let mut columns = columns.flat_map(|table| &table.columns);
    match columns.find(|column| column.is_attachment()) {
        Some(column) => Err(wrong(&column.name, "表格里不能放附件")),
        None => Ok(()),
    }
}

/// The material that a definition names; an attachment that names none has an empty name, which [`check`] refuses. An attachment
/// takes no answer, whoever sends one.
pub(in crate::forms) fn read(definition: &Map<String, Value>, widget: Widget) -> Option<String> {
    let named = definition.get("x-material").and_then(Value::as_str);
    let named = named.map(|name| name.trim().to_owned());
    named.or_else(|| (widget == Widget::Attachment).then(String::new))
}

/// An attachment takes no answer, whoever sends one.
pub(in crate::forms) fn close(field: &Field, definition: &mut Map<String, Value>) {
    if field.is_attachment() {
        definition.insert("not".to_owned(), json!({}));
    }
}

impl Field {
    /// Whether it asks for a file, which is a material of the item.
    pub fn is_attachment(&self) -> bool {
        self.widget == Widget::Attachment
    }
}

impl Form {
    /// The question that asks for a material.
    pub fn attachment(&self, material: &str) -> Option<&Field> {
        let mut fields = self.fields.iter();
        fields.find(|field| field.material.as_deref() == Some(material))
    }

    /// The materials whose question is not asked, given the answers: nobody needs them.
    pub fn unasked_materials(&self, values: &Answers) -> Vec<&str> {
        let unasked = self.fields.iter().filter(|one| !self.is_asked(one, values));
        unasked.filter_map(|one| one.material.as_deref()).collect()
    }

    /// The answers with what is said of each attachment, for those who show them. `told` says how a material stands; nothing is
    /// shown of one of which it says nothing.
    #[must_use]
    pub fn with_attachments(
        &self,
        values: &Answers,
        told: impl Fn(&str) -> Option<String>,
    ) -> Answers {
        let mut values = values.clone();
        for field in &self.fields {
            let Some(material) = &field.material else {
                continue;
            };
            if let Some(text) = told(material).filter(|_| self.is_asked(field, &values)) {
                values.insert(field.name.clone(), Value::String(text));
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::{
        forms::{Disclosure, FieldErrors, NoLists},
        language::{Language, Texts, Translator},
        page,
    };

    const SCHEMA: &str = r#"{"type": "object", "title": "申请表", "required": ["right"], "properties": {
        "right": {"type": "string", "x-label": "场所来源", "enum": ["自有", "租赁"]},
        "lease": {"type": "string", "x-label": "租赁合同照片", "x-widget": "attachment", "x-material": "m2", "x-when": {"field": "right", "values": ["租赁"]}}
    }}"#;

    fn translator() -> Translator {
        Translator::new(Language::SimplifiedChinese, Arc::new(Texts::new().unwrap()))
    }

    fn answers(right: &str) -> Answers {
        let values = json!({"right": right});
        values.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_material_is_wanted_where_its_question_is_asked() {
        let form = Form::parse(SCHEMA).unwrap();
        assert_eq!(form.unasked_materials(&answers("自有")), ["m2"]);
        assert!(form.unasked_materials(&answers("租赁")).is_empty());
        assert_eq!(
            form.attachment("m2").map(|field| field.name.as_str()),
            Some("lease")
        );
        assert!(form.attachment("m1").is_none());
    }

    /// How the answers read.
    fn check_told(right: &str, told: Option<&str>, expected: &Expect) {
        let form = Form::parse(SCHEMA).unwrap();
        let told = |material: &str| told.filter(|_| material == "m2").map(str::to_owned);
        let values = form.with_attachments(&answers(right), told);
        let lines = form.describe(&values, &NoLists, Disclosure::Masked, &translator());
        let lines: Vec<_> = lines
            .iter()
            .map(|line| format!("{}：{}", line.label, line.text))
            .collect();
        expected.assert_eq(&lines.join("，"));
    }

    #[test]
    fn the_answer_reads_as_what_was_handed_in() {
        check_told(
            "租赁",
            Some("上传，2 个文件"),
            &expect!["场所来源：租赁，租赁合同照片：上传，2 个文件"],
        );
        check_told("自有", Some("上传，2 个文件"), &expect!["场所来源：自有"]);
        check_told("租赁", None, &expect!["场所来源：租赁"]);
    }

    #[test]
    fn an_answer_of_its_own_is_refused_and_what_a_page_sends_is_left_out() {
        let form = Form::parse(SCHEMA).unwrap();
        let mut values = answers("租赁");
        values.insert("lease".to_owned(), json!("照片"));
        let errors = form.check_all(&values, &NoLists, &translator());
        let errors: Vec<_> = errors.iter().map(|error| error.message.clone()).collect();
        expect!["“租赁合同照片”是附件：请作为材料上传，不要写在答案里"]
            .assert_eq(&errors.join("，"));
        let pairs = [("right", "租赁"), ("lease", "照片")];
        let pairs: Vec<_> = pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let read = form.read(&pairs, &NoLists, &translator());
        assert!(read.errors.is_empty() && !read.values.contains_key("lease"));
    }

    #[test]
    fn a_page_asks_for_the_file_in_its_place() {
        let form = Form::parse(SCHEMA).unwrap();
        let page = page::tests::page(Language::SimplifiedChinese);
        let values =
            form.with_attachments(&answers("租赁"), |_| Some("上传，1 个文件".to_owned()));
        let html = form
            .render_all(&page, &values, &FieldErrors::new(), &NoLists)
            .unwrap();
        assert!(html.contains(r#"name="scan-m2" type="file""#), "{html}");
        assert!(html.contains("上传，1 个文件"), "{html}");
    }

    fn check_refused(own: &str, expected: &Expect) {
        let schema = format!(r#"{{"type": "object", "properties": {{{own}}}}}"#);
        let error = Form::parse(&schema).err();
        expected.assert_eq(&error.map(|error| error.to_string()).unwrap_or_default());
    }

    #[test]
    fn an_attachment_that_names_no_material_of_its_own_is_refused() {
        check_refused(
            r#""a": {"type": "string", "x-label": "甲", "x-widget": "attachment"}"#,
            &expect!["字段 a：附件须用 x-material 写明是哪一份材料"],
        );
        check_refused(
            r#""a": {"type": "string", "x-label": "甲", "x-material": "m1"}"#,
            &expect!["字段 a：只有附件才写 x-material"],
        );
        check_refused(
            r#""a": {"type": "string", "x-label": "甲", "x-widget": "attachment", "x-material": "m1"}, "b": {"type": "string", "x-label": "乙", "x-widget": "attachment", "x-material": "m1"}"#,
            &expect!["字段 b：材料 m1 已有另一项附件，一份材料只能问一次"],
        );
    }
}
