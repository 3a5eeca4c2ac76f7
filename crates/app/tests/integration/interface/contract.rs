//! The API's document as a promise: which statuses an operation may answer, and what its bodies hold. A small
//! reader of the schemas that the document uses; a keyword that it does not know is an error, not a pass.

use axum::http::Method;
use serde_json::{Map, Value};
use wuchuang_app::House;

use crate::harness::Answer;

pub(super) struct Contract {
    document: Value,
}

/// One operation of the document.
#[derive(Clone, Copy)]
pub(super) struct Operation<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) told: &'a Value,
}

impl Contract {
    pub(super) fn of(house: &House) -> Self {
        Self {
            document: serde_json::to_value(house.api()).unwrap(),
        }
    }

    /// Every operation.
    pub(super) fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.document["paths"].as_object().unwrap().iter();
        paths
            .flat_map(|(path, item)| {
                let item = item.as_object().unwrap().iter();
                item.map(move |(method, told)| Operation { method, path, told })
            })
            .collect()
    }

    /// The operation behind an address; one without places wins over one with.
    fn find(&self, method: &Method, address: &str) -> Operation<'_> {
        let address = address.split('?').next().unwrap();
        let fits = |template: &str| {
            let (mut given, mut told) = (address.split('/'), template.split('/'));
            loop {
                match (given.next(), told.next()) {
                    (None, None) => return true,
                    (Some(_), Some(part)) if part.starts_with('{') => {}
                    (Some(one), Some(other)) if one == other => {}
                    _ => return false,
                }
            }
        };
        self.operations()
            .into_iter()
            .filter(|operation| operation.method.eq_ignore_ascii_case(method.as_str()))
            .filter(|operation| fits(operation.path))
            .min_by_key(|operation| operation.path.matches('{').count())
            .unwrap_or_else(|| panic!("{method} {address} is not in the document"))
    }

    /// That an answer is one of those that the document tells, with the body that it tells.
    #[track_caller]
    pub(super) fn check(&self, method: &Method, address: &str, answer: &Answer) {
        let operation = self.find(method, address);
        let responses = &operation.told["responses"];
        let status = answer.status.as_str();
        let told = responses.get(status).or_else(|| {
            // What every operation may answer is told once, as its default.
            let default = responses.get("default");
            default.filter(|_| !answer.status.is_success())
        });
        let told = told.unwrap_or_else(|| {
            panic!(
                "{method} {address} answers {status}, which is not told: {}",
                answer.text()
            )
        });
        let Some(content) = told["content"].as_object() else {
            if answer.status.is_success() {
                assert!(answer.body.is_empty(), "{method} {address} tells no body");
            }
            return;
        };
        let kind = answer.header("content-type").split(';').next().unwrap();
        let schema = content
            .get(kind)
            .unwrap_or_else(|| panic!("{method} {address} answers {kind}, which is not told"));
        if kind.contains("json") {
            let mut faults = Vec::new();
            self.fits(&schema["schema"], &answer.json(), "", &mut faults);
            assert!(faults.is_empty(), "{method} {address}: {faults:#?}");
        }
    }

    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(name) => self
                .document
                .pointer(name.trim_start_matches('#'))
                .unwrap_or_else(|| panic!("{name} is not there")),
            None => schema,
        }
    }

    fn fits(&self, schema: &Value, value: &Value, place: &str, faults: &mut Vec<String>) {
        let schema = self.resolve(schema);
        for (word, told) in schema.as_object().into_iter().flatten() {
            match word.as_str() {
                "type" => {
                    let kinds = told.as_array().cloned().unwrap_or(vec![told.clone()]);
                    if !kinds.iter().any(|kind| is_a(value, kind.as_str().unwrap())) {
                        faults.push(format!("{place}: {value} is not {told}"));
                    }
                }
                "enum" if !told.as_array().unwrap().contains(value) => {
                    faults.push(format!("{place}: {value} is none of {told}"));
                }
                "required" => {
                    for name in told.as_array().unwrap() {
                        if value.get(name.as_str().unwrap()).is_none() {
                            faults.push(format!("{place}: {name} is missing"));
                        }
                    }
                }
                "properties" => {
                    for (name, inner) in told.as_object().unwrap() {
                        if let Some(found) = value.get(name) {
                            self.fits(inner, found, &format!("{place}/{name}"), faults);
                        }
                    }
                    Self::unknown(schema, value, place, faults);
                }
                "items" => {
                    for (index, found) in value.as_array().into_iter().flatten().enumerate() {
                        self.fits(told, found, &format!("{place}/{index}"), faults);
                    }
                }
                "oneOf" => {
                    let fitting = told.as_array().unwrap().iter().filter(|one| {
                        let mut inner = Vec::new();
                        self.fits(one, value, place, &mut inner);
                        inner.is_empty()
                    });
                    if fitting.count() == 0 {
                        faults.push(format!("{place}: {value} fits none of {told}"));
                    }
                }
                "allOf" => {
                    for one in told.as_array().unwrap() {
                        self.fits(one, value, place, faults);
                    }
                }
                // Words for people, and bounds that only requests have.
                "enum"
                | "description"
                | "example"
                | "examples"
                | "format"
                | "minimum"
                | "maximum"
                | "maxLength"
                | "minLength"
                | "maxItems"
                | "default"
                | "title"
                | "propertyNames"
                | "additionalProperties"
                | "nullable" => {}
                other => faults.push(format!("{place}: the keyword {other} is not known here")),
            }
        }
    }

    /// What stands in an answer and not in the document.
    fn unknown(schema: &Value, value: &Value, place: &str, faults: &mut Vec<String>) {
        let (Some(told), Some(found)) = (schema["properties"].as_object(), value.as_object())
        else {
            return;
        };
        let is_open = schema.get("additionalProperties").is_some();
        for name in found.keys().filter(|_| !is_open) {
            if !told.contains_key(name) {
                faults.push(format!("{place}: {name} is not told"));
            }
        }
    }

    /// The body that the document's examples make up; places without an example get the least that fits.
    pub(super) fn example(&self, schema: &Value) -> Value {
        let schema = self.resolve(schema);
        if let Some(example) = schema.get("example") {
            return example.clone();
        }
        for word in ["oneOf", "allOf"] {
            if let Some(choices) = schema[word].as_array() {
                let one = choices.iter().find(|choice| choice["type"] != "null");
                return self.example(one.unwrap());
            }
        }
        if let Some(choices) = schema["enum"].as_array() {
            return choices[0].clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").unwrap().clone(),
            kind => kind.clone(),
        };
        match kind.as_str() {
            Some("object") => {
                let properties = schema["properties"].as_object().into_iter().flatten();
                let required = schema["required"].as_array().cloned().unwrap_or_default();
                let body: Map<String, Value> = properties
                    .filter(|(name, inner)| {
                        required.contains(&Value::from(name.as_str()))
                            || self.resolve(inner).get("example").is_some()
                    })
                    .map(|(name, inner)| (name.clone(), self.example(inner)))
                    .collect();
                Value::Object(body)
            }
            Some("array") => Value::Array(vec![self.example(&schema["items"])]),
            Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(1.into()),
            Some("boolean") => true.into(),
            Some("string") => "文字".into(),
            _ => Value::Null,
        }
    }
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the type {other} is not known"),
    }
}
