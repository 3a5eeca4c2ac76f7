//! A form as rows of its editor, and back. What the editor does not know of a question (a pattern, bounds, the wish of a choice)
//! is kept as it was.

use serde_json::{Map, Value, json};
use wuchuang_webkit::forms::{Field, FieldKind, Form, Widget};

use super::{
    choices::{answers, choices, choices_before, lines},
    elements::Element,
};

/// Ways of answering: the word in the editor, what the author reads, the type and the widget in the schema.
const WAYS: &[(&str, &str, &str, &str)] = &[
    ("text", "一行文字", "string", ""),
    ("textarea", "多行文字", "string", "textarea"),
    ("radio", "单选，选项全部列出", "string", "radio"),
    ("select", "单选，下拉列表", "string", "select"),
    ("several", "多选", "array", "checkbox"),
    ("tick", "勾选（是或否）", "boolean", "checkbox"),
    ("date", "日期", "string", "date"),
    ("integer", "整数", "integer", ""),
    ("number", "数字，可以有小数", "number", ""),
    ("money", "金额（元）", "string", "money"),
    ("phone", "手机号码", "string", "phone"),
    ("citizen-number", "公民身份号码", "string", "citizen-number"),
    ("credit-code", "统一社会信用代码", "string", "credit-code"),
    ("address", "镇、村（从全县名录选）", "string", "address"),
    (TABLE, "表格（可以填多行）", "array", "table"),
    (SIGNATURE, "签名（放在最后一组）", "string", "signature"),
    (
        ATTACHMENT,
        "附件（一份材料，在这里上传）",
        "string",
        "attachment",
    ),
];

/// The way of answering with rows and columns.
pub(super) const TABLE: &str = "table";
/// The way of answering with the signer's own mark.
const SIGNATURE: &str = "signature";
/// The way of answering with a file.
const ATTACHMENT: &str = "attachment";

/// What of a definition belongs to the editor.
const EDITED: [&str; 16] = [
    "type",
    "x-label",
    "title",
    "x-hint",
    "description",
    "x-widget",
    "x-group",
    "x-personal",
    "x-when",
    "x-list",
    "enum",
    "oneOf",
    "items",
    "maxLength",
    "x-order",
    "x-material",
];

/// The ways of answering, as choices.
pub(super) fn ways() -> impl Iterator<Item = (&'static str, &'static str)> {
    WAYS.iter().map(|(name, label, ..)| (*name, *label))
}

/// The ways in which a column of a table is answered.
pub(super) fn column_ways() -> impl Iterator<Item = (&'static str, &'static str)> {
    ways().filter(|(name, _)| ![TABLE, SIGNATURE, ATTACHMENT].contains(name))
}

/// One question in the editor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Its name in the answers; it never changes, because cases know the answer by it.
    pub(super) name: String,
    pub(super) label: String,
    pub(super) hint: String,
    /// A word of [`WAYS`].
    pub(super) way: String,
    /// One choice a line.
    pub(super) choices: String,
    pub(super) group: String,
    pub(super) length_max: String,
    pub(super) is_required: bool,
    pub(super) is_personal: bool,
    /// The question whose answer decides whether this one is asked; empty when it is always asked.
    pub(super) when_field: String,
    /// The answers, as the author reads them, one a line.
    pub(super) when_values: String,
    /// Which material is asked for, where it is a file.
    pub(super) material: String,
    /// The columns of a table, each a question.
    pub(super) columns: Vec<Self>,
    /// How many rows a table has at least, and at most.
    pub(super) rows_min: String,
    pub(super) rows_max: String,
    /// Whether its columns were just changed, so that the editor shows them.
    pub(super) is_open: bool,
}

impl Row {
    /// A question of its own, that the author goes on to name.
    pub(super) fn blank(name: String, group: String) -> Self {
        Self {
            name,
            group,
            way: "text".to_owned(),
            is_required: true,
            ..Self::default()
        }
    }

    /// A table of its own, with a column to begin with.
    pub(super) fn blank_table(name: String, group: String) -> Self {
        Self {
            way: TABLE.to_owned(),
            columns: vec![Self::blank("c1".to_owned(), String::new())],
            ..Self::blank(name, group)
        }
    }

    pub(super) fn is_table(&self) -> bool {
        self.way == TABLE
    }

    pub(super) fn is_attachment(&self) -> bool {
        self.way == ATTACHMENT
    }

    pub(super) fn has_choices(&self) -> bool {
        matches!(self.way.as_str(), "radio" | "select" | "several")
    }

    /// Whether another question may depend on its answer.
    pub(super) fn decides(&self) -> bool {
        self.has_choices() || self.way == "tick"
    }
}

/// The rows of a form that can be read.
pub(super) fn rows(schema: &Value) -> Result<Vec<Row>, String> {
    let form = Form::parse(&schema.to_string()).map_err(|error| error.to_string())?;
    let number_of = |name: &str, key: &str| {
        let own = &schema["properties"][name][key];
        own.as_u64()
            .map(|number| number.to_string())
            .unwrap_or_default()
    };
    let columns_of = |name: &str| {
        let columns = rows(&schema["properties"][name]["items"])?;
        let apart = |column| Row {
            group: String::new(),
            ..column
        };
        Ok::<_, String>(columns.into_iter().map(apart).collect())
    };
    form.fields()
        .iter()
        .map(|field| {
            let is_table = field.table.is_some();
            let limit = |key| {
                let limit = is_table.then(|| number_of(&field.name, key));
                limit.unwrap_or_default()
            };
            let (when_field, when_values) = when_words(&form, field);
            Ok(Row {
                name: field.name.clone(),
                label: field.label.clone(),
                hint: field.hint.clone(),
                way: way_of(field.kind, field.widget).to_owned(),
                choices: field
                    .choices
                    .iter()
                    .map(|choice| choice.label.as_str())
                    .collect::<Vec<_>>()
                    .join("\n"),
                group: field.group.clone(),
                length_max: number_of(&field.name, "maxLength"),
                is_required: field.is_required,
                is_personal: field.is_personal,
                when_field,
                when_values,
                material: field.material.clone().unwrap_or_default(),
                rows_min: limit("minItems"),
                rows_max: limit("maxItems"),
                is_open: false,
                columns: if is_table {
                    columns_of(&field.name)?
                } else {
                    Vec::new()
                },
            })
        })
        .collect()
}

/// The question whose answer decides, and the answers as the author reads them.
fn when_words(form: &Form, field: &Field) -> (String, String) {
    let Some(when) = &field.when else {
        return Default::default();
    };
    let deciding = form.field(&when.field);
    let label = |value: &String| match value.as_str() {
        "true" => "是".to_owned(),
        "false" => "否".to_owned(),
        _ => deciding
            .and_then(|field| field.choices.iter().find(|choice| &choice.value == value))
            .map_or_else(|| value.clone(), |choice| choice.label.clone()),
    };
    let values: Vec<_> = when.values.iter().map(label).collect();
    (when.field.clone(), values.join("\n"))
}

fn way_of(kind: FieldKind, widget: Widget) -> &'static str {
    match (kind, widget) {
        (FieldKind::Boolean, _) => "tick",
        (FieldKind::Rows, _) | (_, Widget::Table) => TABLE,
        (FieldKind::Several, _) => "several",
        (FieldKind::Integer, _) => "integer",
        (FieldKind::Number, _) => "number",
        (_, Widget::Text | Widget::Checkbox) => "text",
        (_, Widget::TextArea) => "textarea",
        (_, Widget::Radio) => "radio",
        (_, Widget::Select) => "select",
        (_, Widget::Date) => "date",
        (_, Widget::Phone) => "phone",
        (_, Widget::CitizenNumber) => "citizen-number",
        (_, Widget::CreditCode) => "credit-code",
        (_, Widget::Address) => "address",
        (_, Widget::Money) => "money",
        (_, Widget::Signature) => SIGNATURE,
        (_, Widget::Attachment) => ATTACHMENT,
    }
}

/// The form of these rows, over the form that they were made from.
pub(super) fn schema(before: &Value, rows: &[Row], elements: &[Element]) -> Value {
    let mut root = before.as_object().cloned().unwrap_or_default();
    root.insert("type".to_owned(), json!("object"));
    let known = |name: &str| {
        let own = before["properties"].get(name).and_then(Value::as_object);
        let shared = || elements.iter().find(|element| element.name == name);
        own.cloned()
            .or_else(|| shared().and_then(|element| element.definition.as_object().cloned()))
            .unwrap_or_default()
    };
    let mut properties = Map::new();
    for row in rows {
        properties.insert(row.name.clone(), definition(known(&row.name), row));
    }
    for row in rows.iter().filter(|row| !row.when_field.is_empty()) {
        let values = answers(&properties[&row.when_field], &row.when_values);
        let when = json!({"field": row.when_field, "values": values});
        properties[&row.name]["x-when"] = when;
    }
    let required: Vec<_> = rows
        .iter()
        // Whether a file must be handed in, its material says.
        .filter(|row| row.is_required && !row.is_attachment())
        .map(|row| row.name.as_str())
        .collect();
    root.insert("required".to_owned(), json!(required));
    root.insert("properties".to_owned(), Value::Object(properties));
    // Rules of the whole form that name a question which is gone would refuse every answer.
    if let Some(dependent) = root
        .get_mut("dependentRequired")
        .and_then(Value::as_object_mut)
    {
        dependent.retain(|name, _| rows.iter().any(|row| &row.name == name));
    }
    Value::Object(root)
}

fn definition(before: Map<String, Value>, row: &Row) -> Value {
    let old_choices = choices_before(&before);
    let list = before.get("x-list").cloned();
    let items = before.get("items").cloned().unwrap_or_default();
    let is_same_way = way_before(&before) == row.way;
    let is_same_choice = is_same_way
        && lines(&row.choices).eq(old_choices
            .iter()
            .filter_map(|choice| choice["title"].as_str()));
    let is_kept = |key: &str| match key {
        "type" | "x-widget" => is_same_way,
        "enum" | "oneOf" | "items" => is_same_choice,
        // Bounds and patterns belong to the way of answering: with another way they would refuse what is asked for.
        _ => !EDITED.contains(&key) && (is_same_way || key.starts_with("x-")),
    };
    let mut own: Map<String, Value> = before.into_iter().filter(|(key, _)| is_kept(key)).collect();
    let way = WAYS
        .iter()
        .find(|(name, ..)| *name == row.way)
        .unwrap_or(&WAYS[0]);
    own.insert("type".to_owned(), json!(way.2));
    let mut set = |key: &str, value: &str| {
        if !value.trim().is_empty() {
            own.insert(key.to_owned(), json!(value.trim()));
        }
    };
    set("x-label", &row.label);
    set("x-hint", &row.hint);
    set("x-group", &row.group);
    if !is_same_way {
        set("x-widget", way.3);
    }
    if row.is_attachment() {
        set("x-material", &row.material);
    }
    if row.is_personal {
        own.insert("x-personal".to_owned(), json!(true));
    }
    if let Ok(length) = row.length_max.trim().parse::<u64>()
        && way.2 == "string"
    {
        own.insert("maxLength".to_owned(), json!(length));
    }
    if row.is_table() {
        let known = if is_same_way { items } else { Value::Null };
        set_columns(&mut own, row, &known);
    }
    let of_choices = (!is_same_choice).then(|| choices(row, &old_choices));
    set_choices(&mut own, row, of_choices, list);
    Value::Object(own)
}

/// What may be chosen: the row's own choices where they changed, or the list that it names.
fn set_choices(
    own: &mut Map<String, Value>,
    row: &Row,
    of_choices: Option<Value>,
    list: Option<Value>,
) {
    match (row.way.as_str(), of_choices) {
        ("several", Some(choices)) => {
            own.insert("items".to_owned(), json!({"oneOf": choices}));
        }
        ("radio" | "select", Some(choices)) if !row.choices.trim().is_empty() => {
            own.insert("oneOf".to_owned(), choices);
        }
        ("address", _) => {
            own.insert(
                "x-list".to_owned(),
                list.unwrap_or_else(|| json!("villages")),
            );
        }
        // A list that changes on its own has no choices of the form.
        ("radio" | "select", _) if row.choices.trim().is_empty() => {
            own.extend(list.map(|list| ("x-list".to_owned(), list)));
        }
        _ => {}
    }
}

/// The columns of a table and how many rows it takes. `known` is what its rows were.
fn set_columns(own: &mut Map<String, Value>, row: &Row, known: &Value) {
    for (key, limit) in [("minItems", &row.rows_min), ("maxItems", &row.rows_max)] {
        own.shift_remove(key);
        if let Ok(limit) = limit.trim().parse::<u64>() {
            own.insert(key.to_owned(), json!(limit));
        }
    }
    own.insert("items".to_owned(), schema(known, &row.columns, &[]));
}

fn way_before(before: &Map<String, Value>) -> String {
    let mut alone = before.clone();
    // The question that decides stands elsewhere.
    alone.remove("x-when");
    let schema = json!({"type": "object", "properties": {"a": alone}});
    let form = Form::parse(&schema.to_string());
    form.ok()
        .and_then(|form| {
            form.fields()
                .first()
                .map(|field| way_of(field.kind, field.widget).to_owned())
        })
        .unwrap_or_default()
}
