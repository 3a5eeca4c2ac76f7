//! The application form of an item: who applies, then what the item asks.

use serde_json::{Map, Value, json};

/// Who an application form asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicantForm {
    /// 自然人.
    Person,
    /// 企业法人 and other organisations.
    Organisation,
}

/// The group of the questions about who applies.
pub const APPLICANT_GROUP: &str = "申请人";
/// The group of the item's own questions, unless they name another.
pub const ITEM_GROUP: &str = "申请内容";

/// The shared data elements that nobody takes over from a licence or an earlier case: accounts at banks are sensitive, and
/// whoever needs one asks for it each time (个人信息保护法 art. 28 and 29).
const SENSITIVE: [&str; 2] = ["person.bank", "person.bank_account"];

/// Whether an element says who applies, and not what for.
pub fn is_of_applicant(element: &str) -> bool {
    ["applicant.", "organisation."]
        .iter()
        .any(|kind| element.starts_with(kind))
}

/// Whether the dictionary keeps an element from being taken over.
pub fn is_sensitive(element: &str) -> bool {
    SENSITIVE.contains(&element)
}

/// A form with the common questions and the item's own ones. `own` is a mapping of field names to
/// short definitions (`label`, `hint`, `widget`, `list`, `required`, `group`, `personal`,
/// `pattern-hint`, `element` of the dictionary, `columns` of a table, and JSON Schema keywords).
pub fn compose(title: &str, applicant: ApplicantForm, own: &Map<String, Value>) -> Value {
    let mut properties = match applicant {
        ApplicantForm::Person => person(),
        ApplicantForm::Organisation => organisation(),
    };
    let mut required: Vec<String> = properties
        .keys()
        .filter(|name| *name != "address_detail")
        .cloned()
        .collect();
    for (name, short) in own {
        let (definition, is_required) = expand(short);
        if is_required {
            required.push(name.clone());
        }
        properties.insert(name.clone(), definition);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "title": title,
        "required": required,
        "properties": properties,
    })
}

/// A form with the common questions alone: what a new item begins with.
pub fn basic(title: &str, applicant: ApplicantForm) -> Value {
    compose(title, applicant, &Map::new())
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn person() -> Map<String, Value> {
    map(json!({
        "name": {"type": "string", "x-label": "姓名", "x-hint": "与身份证一致", "minLength": 2, "maxLength": 40,
            "x-group": APPLICANT_GROUP, "x-element": "applicant.name", "x-personal": true},
        "number": {"type": "string", "x-label": "公民身份号码", "x-widget": "citizen-number",
            "x-group": APPLICANT_GROUP, "x-element": "applicant.number", "x-personal": true},
        "phone": {"type": "string", "x-label": "联系电话", "x-hint": "用来通知办理进度", "x-widget": "phone",
            "x-group": APPLICANT_GROUP, "x-element": "applicant.phone", "x-personal": true},
        "address_village": {"type": "string", "x-label": "住址（镇、村）", "x-widget": "address", "x-list": "villages",
            "x-group": APPLICANT_GROUP, "x-element": "applicant.village", "x-personal": true},
        "address_detail": {"type": "string", "x-label": "详细住址", "x-hint": "组、门牌号", "maxLength": 100,
            "x-group": APPLICANT_GROUP, "x-element": "applicant.address", "x-personal": true},
    }))
}

fn organisation() -> Map<String, Value> {
    map(json!({
        "organisation_name": {"type": "string", "x-label": "单位名称", "x-hint": "与营业执照或登记证书一致", "minLength": 2,
            "maxLength": 100, "x-group": APPLICANT_GROUP, "x-element": "organisation.name"},
        "credit_code": {"type": "string", "x-label": "统一社会信用代码", "x-widget": "credit-code",
            "x-group": APPLICANT_GROUP, "x-element": "organisation.number"},
        "representative_name": {"type": "string", "x-label": "法定代表人（负责人）姓名", "minLength": 2, "maxLength": 40,
            "x-group": APPLICANT_GROUP, "x-element": "organisation.representative", "x-personal": true},
        "representative_number": {"type": "string", "x-label": "法定代表人公民身份号码", "x-widget": "citizen-number",
            "x-group": APPLICANT_GROUP, "x-element": "organisation.representative_number", "x-personal": true},
        "contact_name": {"type": "string", "x-label": "联系人", "minLength": 2, "maxLength": 40,
            "x-group": APPLICANT_GROUP, "x-element": "organisation.contact", "x-personal": true},
        "contact_phone": {"type": "string", "x-label": "联系电话", "x-hint": "用来通知办理进度", "x-widget": "phone",
            "x-group": APPLICANT_GROUP, "x-element": "organisation.phone", "x-personal": true},
        "organisation_address": {"type": "string", "x-label": "住所", "x-hint": "登记的住所或主要办事机构所在地", "maxLength": 200,
            "x-group": APPLICANT_GROUP, "x-element": "organisation.address"},
    }))
}

/// The columns of a table, each a short definition, as what its rows are.
fn columns(short: &Value) -> Value {
    let mut properties = Map::new();
    let mut required: Vec<&String> = Vec::new();
    for (name, column) in short.as_object().into_iter().flatten() {
        let (mut definition, is_required) = expand(column);
        if let Some(definition) = definition.as_object_mut() {
            definition.shift_remove("x-group");
        }
        if is_required {
            required.push(name);
        }
        properties.insert(name.clone(), definition);
    }
    json!({"type": "object", "required": required, "properties": properties})
}

/// A short definition as JSON Schema with the vocabulary of the page, and whether it is required.
fn expand(short: &Value) -> (Value, bool) {
    let mut definition = Map::new();
    definition.insert("type".to_owned(), json!("string"));
    definition.insert("x-group".to_owned(), json!(ITEM_GROUP));
    let mut is_required = true;
    for (key, value) in short.as_object().into_iter().flatten() {
        match key.as_str() {
            "required" => is_required = value.as_bool().unwrap_or(true),
            "columns" => {
                definition.insert("type".to_owned(), json!("array"));
                definition.insert("items".to_owned(), columns(value));
            }
            "label" | "hint" | "widget" | "list" | "group" | "personal" | "pattern-hint"
            | "element" | "material" => {
                definition.insert(format!("x-{key}"), value.clone());
            }
            _ => {
                definition.insert(key.clone(), value.clone());
            }
        }
    }
    (Value::Object(definition), is_required)
}
