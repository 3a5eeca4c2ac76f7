//! From the schema text to a form, with every reason for which a schema is refused.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    Field, FieldKind, Form, FormError, Formats, StandardFormats, When, Widget,
    choices::read_choices, field::attachment, table, when,
};

/// How large a schema may be, in bytes.
pub const SCHEMA_BYTES_MAX: usize = 100 * 1024;
/// How many fields a form may have.
pub const FIELDS_MAX: usize = 200;
/// Longest label, in characters.
const LABEL_CHARACTERS_MAX: usize = 80;
/// What can be typed where the schema sets no `maxLength`, in characters.
const LENGTH_MAX_DEFAULT: u64 = 2000;
/// The longest `maxLength`, in characters.
const LENGTH_MAX_MAX: u64 = 20_000;
/// The group of fields that name none.
const GROUP_DEFAULT: &str = "填写信息";

/// Keywords of the whole form.
const ROOT_KEYWORDS: [&str; 10] = [
    "$schema",
    "$id",
    "type",
    "title",
    "description",
    "properties",
    "required",
    "additionalProperties",
    "dependentRequired",
    "allOf",
];
/// Keywords of one field.
const FIELD_KEYWORDS: [&str; 34] = [
    "type",
    "title",
    "description",
    "default",
    "examples",
    "enum",
    "const",
    "oneOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "readOnly",
    "x-label",
    "x-hint",
    "x-widget",
    "x-group",
    "x-element",
    "x-personal",
    "x-order",
    "x-list",
    "x-pattern-hint",
    "x-when",
    "x-material",
    "$comment",
];

impl Form {
    /// Reads a form with the formats that everybody knows.
    pub fn parse(schema: &str) -> Result<Self, FormError> {
        Self::parse_with(schema, Arc::new(StandardFormats))
    }

    /// Reads a form with formats of the caller's.
    pub fn parse_with(schema: &str, formats: Arc<dyn Formats>) -> Result<Self, FormError> {
        if schema.len() > SCHEMA_BYTES_MAX {
            return Err(FormError::TooLarge {
                bytes: schema.len(),
            });
        }
        let mut root: Value =
            serde_json::from_str(schema).map_err(|error| FormError::NotJson(error.to_string()))?;
        let object = root.as_object_mut().ok_or(FormError::NotAnObject)?;
        known_keywords("表单", object, &ROOT_KEYWORDS)?;
        if object.get("type").and_then(Value::as_str) != Some("object") {
            return Err(FormError::NotAnObject);
        }
        let required: Vec<String> = texts(object.get("required"));
        let title = text(object, "title").unwrap_or_default();
        let properties = object
            .get_mut("properties")
            .and_then(Value::as_object_mut)
            .ok_or(FormError::NotAnObject)?;
        if properties.len() > FIELDS_MAX {
            return Err(FormError::TooManyFields {
                count: properties.len(),
            });
        }
        let fields = read_fields(properties, &required, formats.as_ref())?;
        let mut groups: Vec<String> = Vec::new();
        for field in &fields {
            if !groups.contains(&field.group) {
                groups.push(field.group.clone());
            }
        }
        when::check(&fields)?;
        check_signatures(&fields)?;
        attachment::check(&fields)?;
        when::require_where_asked(&mut root, &fields);
        let validator = compile(&root, &formats)?;
        Ok(Self {
            title,
            fields,
            groups,
            validator,
            formats,
        })
    }
}

/// Whoever signs has filled in everything else.
fn check_signatures(fields: &[Field]) -> Result<(), FormError> {
    let last = fields.last().map(|field| field.group.as_str());
    for field in fields.iter().filter(|field| field.is_signature()) {
        if Some(field.group.as_str()) != last {
            return Err(wrong(
                &field.name,
                "签名要放在最后一组：签名的时候，前面的内容都已经填好",
            ));
        }
        if field.when.is_some() {
            return Err(wrong(&field.name, "签名不能设“什么时候问”"));
        }
    }
    let columns = fields.iter().filter_map(|field| field.table.as_ref());
    let mut columns = columns.flat_map(|table| &table.columns);
    match columns.find(|column| column.is_signature()) {
        Some(column) => Err(wrong(&column.name, "表格里不能放签名")),
        None => Ok(()),
    }
}

/// The fields in the order in which they are asked. A widget's own format is written into the definition, because it
/// is part of the rule, also when the schema does not repeat it.
pub(super) fn read_fields(
    properties: &mut Map<String, Value>,
    required: &[String],
    formats: &dyn Formats,
) -> Result<Vec<Field>, FormError> {
    let mut fields = Vec::with_capacity(properties.len());
    for (place, (name, definition)) in properties.iter_mut().enumerate() {
        let definition = definition
            .as_object_mut()
            .ok_or_else(|| wrong(name, "须为对象"))?;
        let mut field = read_field(name, definition, place, required.contains(name), formats)?;
        if field.kind == FieldKind::Rows {
            field.table = Some(table::read(&field, definition, formats)?);
        }
        attachment::close(&field, definition);
        if let Some(format) = &field.format {
            definition.insert("format".to_owned(), Value::String(format.clone()));
        }
        fields.push(field);
    }
    if let Some(name) = required
        .iter()
        .find(|name| !fields.iter().any(|field| &field.name == *name))
    {
        return Err(wrong(name, "列在 required 里，但没有定义"));
    }
    fields.sort_by_key(|field| field.order);
    Ok(fields)
}

fn compile(root: &Value, formats: &Arc<dyn Formats>) -> Result<jsonschema::Validator, FormError> {
    let mut options = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        // A linear-time engine: a pattern in a form must not be able to stop the server.
        .with_pattern_options(jsonschema::PatternOptions::regex())
        .should_validate_formats(true);
    for name in formats.names() {
        let formats = Arc::clone(formats);
        options = options.with_format(name, move |text: &str| formats.read(name, text).is_ok());
    }
    options
        .build(root)
        .map_err(|error| FormError::Schema(error.to_string()))
}

fn read_field(
    name: &str,
    definition: &Map<String, Value>,
    place: usize,
    is_required: bool,
    formats: &dyn Formats,
) -> Result<Field, FormError> {
    check_name(name)?;
    known_keywords(name, definition, &FIELD_KEYWORDS)?;
    let kind = read_kind(name, definition)?;
    let choices = read_choices(name, definition)?;
    let list = text(definition, "x-list");
    let widget = read_widget(
        name,
        definition,
        kind,
        !choices.is_empty() || list.is_some(),
    )?;
    let format = read_format(name, definition, kind, widget, formats)?;
    let label = text(definition, "x-label")
        .or_else(|| text(definition, "title"))
        .filter(|label| !label.is_empty() && label.chars().count() <= LABEL_CHARACTERS_MAX)
        .ok_or_else(|| wrong(name, "请用 x-label 写出名称，最多 80 个字"))?;
    Ok(Field {
        name: name.to_owned(),
        label,
        hint: text(definition, "x-hint")
            .or_else(|| text(definition, "description"))
            .unwrap_or_default(),
        widget,
        kind,
        group: text(definition, "x-group").unwrap_or_else(|| GROUP_DEFAULT.to_owned()),
        element: text(definition, "x-element"),
        is_personal: definition
            .get("x-personal")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        is_required,
        format,
        choices,
        list,
        table: None,
        material: attachment::read(definition, widget),
        when: When::read(name, definition)?,
        length_max: read_length_max(name, definition)?,
        order: definition
            .get("x-order")
            .and_then(Value::as_i64)
            // Without x-order a field keeps its place among the others.
            .unwrap_or_else(|| i64::try_from(place + 1).unwrap_or(i64::MAX)),
    })
}

fn check_name(name: &str) -> Result<(), FormError> {
    let is_name = name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !is_name {
        return Err(wrong(
            name,
            "名称须以小写字母开头，只用小写字母、数字和下划线，最多 64 个",
        ));
    }
    Ok(())
}

/// The format that the schema names, or the widget's own.
fn read_format(
    name: &str,
    definition: &Map<String, Value>,
    kind: FieldKind,
    widget: Widget,
    formats: &dyn Formats,
) -> Result<Option<String>, FormError> {
    let format = text(definition, "format").or_else(|| {
        (kind == FieldKind::Text)
            .then(|| widget.format().map(str::to_owned))
            .flatten()
    });
    if let Some(format) = &format
        && !formats.names().contains(&format.as_str())
    {
        return Err(wrong(
            name,
            &format!(
                "不支持的格式 {format}，可用：{}",
                formats.names().join("、")
            ),
        ));
    }
    Ok(format)
}

fn read_length_max(name: &str, definition: &Map<String, Value>) -> Result<u64, FormError> {
    let length_max = definition
        .get("maxLength")
        .and_then(Value::as_u64)
        .unwrap_or(LENGTH_MAX_DEFAULT);
    if length_max > LENGTH_MAX_MAX {
        return Err(wrong(name, "maxLength 最大 20000"));
    }
    Ok(length_max)
}

fn read_kind(name: &str, definition: &Map<String, Value>) -> Result<FieldKind, FormError> {
    match definition.get("type").and_then(Value::as_str) {
        Some("string") => Ok(FieldKind::Text),
        Some("integer") => Ok(FieldKind::Integer),
        Some("number") => Ok(FieldKind::Number),
        Some("boolean") => Ok(FieldKind::Boolean),
        Some("array") if table::is_table(definition) => Ok(FieldKind::Rows),
        Some("array") => Ok(FieldKind::Several),
        _ => Err(wrong(
            name,
            "type 须为 string、integer、number、boolean 或 array",
        )),
    }
}

fn read_widget(
    name: &str,
    definition: &Map<String, Value>,
    kind: FieldKind,
    has_choices: bool,
) -> Result<Widget, FormError> {
    let widget = match text(definition, "x-widget") {
        Some(widget) => Widget::from_name(&widget)
            .ok_or_else(|| wrong(name, &format!("不支持的控件 {widget}")))?,
        None => match (kind, has_choices) {
            (FieldKind::Rows, _) => Widget::Table,
            (FieldKind::Boolean | FieldKind::Several, _) => Widget::Checkbox,
            (_, true) => Widget::Radio,
            (_, false) => Widget::Text,
        },
    };
    let fits = match widget {
        Widget::Checkbox => {
            kind == FieldKind::Boolean || (kind == FieldKind::Several && has_choices)
        }
        Widget::Radio | Widget::Select | Widget::Address => kind == FieldKind::Text && has_choices,
        Widget::Table => kind == FieldKind::Rows,
        Widget::Text | Widget::Money => matches!(
            kind,
            FieldKind::Text | FieldKind::Integer | FieldKind::Number
        ),
        _ => kind == FieldKind::Text,
    };
    if fits {
        Ok(widget)
    } else {
        Err(wrong(
            name,
            "控件与 type 不相配，或缺少选项（enum、oneOf、x-list）",
        ))
    }
}

pub(super) fn known_keywords(
    place: &str,
    object: &Map<String, Value>,
    known: &[&str],
) -> Result<(), FormError> {
    match object
        .keys()
        .find(|keyword| !known.contains(&keyword.as_str()))
    {
        Some(keyword) => Err(FormError::UnknownKeyword {
            place: place.to_owned(),
            keyword: keyword.clone(),
        }),
        None => Ok(()),
    }
}

pub(super) fn wrong(field: &str, reason: &str) -> FormError {
    FormError::Field {
        field: field.to_owned(),
        reason: reason.to_owned(),
    }
}

fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    object
        .get(key)
        .and_then(Value::as_str)
        .map(|text| text.trim().to_owned())
}

pub(super) fn texts(value: Option<&Value>) -> Vec<String> {
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
