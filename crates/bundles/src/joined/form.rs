//! The joined form. A field is the same as another when both name the same data element, when the bundle says that its
//! name means the same everywhere, or when name and definition are equal; every other one is asked for its item.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use wuchuang_catalogue::model::ItemContent;
use wuchuang_webkit::forms::Form;

/// The group of what several items ask, besides who applies.
const SHARED_GROUP: &str = "共同信息";
/// The group of the signature.
const SIGNATURE_GROUP: &str = "签名";
/// The group that items give to their own questions unless they name another.
const ITEM_GROUP: &str = "申请内容";

/// How a field is known again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    /// By its data element.
    Element(String),
    /// By a name that the bundle shares.
    Shared(String),
    /// By name and definition.
    Equal(String, String),
    /// A signature: one for all that is handed in together.
    Signature,
    /// A field that decides whether another one is asked, or is asked only then: it stays with its item.
    Bound(String, String),
}

/// Fields in the order in which they are asked.
#[derive(Default)]
struct Fields(Vec<(String, Value)>);

/// A form while it is joined.
pub(super) struct JoinedForm<'a> {
    shared: &'a [String],
    known: BTreeMap<Identity, String>,
    /// Who applies: fields with a data element.
    elements: Fields,
    /// What several items ask.
    common: Fields,
    /// What one item asks.
    own: Fields,
    /// The signature, behind everything that it is put under.
    signature: Fields,
    required: Vec<String>,
    /// Conditions between fields, in joined names.
    conditions: Vec<Value>,
}

impl<'a> JoinedForm<'a> {
    pub(super) fn new(shared: &'a [String]) -> Self {
        Self {
            shared,
            known: BTreeMap::new(),
            elements: Fields::default(),
            common: Fields::default(),
            own: Fields::default(),
            signature: Fields::default(),
            required: Vec::new(),
            conditions: Vec::new(),
        }
    }

    /// Takes the fields of an item in, and tells under which name each is asked.
    pub(super) fn take(
        &mut self,
        code: &str,
        content: &ItemContent,
        form: &Form,
    ) -> Vec<(String, String)> {
        let required: Vec<&str> = content.form["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = &content.form["properties"];
        let mut names: Vec<(String, String)> = Vec::new();
        // What an item asks for in its form's place stands in the joint list of materials.
        for field in form.fields().iter().filter(|field| !field.is_attachment()) {
            let own = Own {
                code,
                item: &content.name,
                name: &field.name,
                definition: &properties[&field.name],
                properties,
            };
            let name = self.take_field(&own, &names);
            if required.contains(&own.name) && !self.required.contains(&name) {
                self.required.push(name.clone());
            }
            names.push((own.name.to_owned(), name));
        }
        self.take_conditions(&content.form, &names);
        names
    }

    fn take_field(&mut self, own: &Own<'_>, names: &[(String, String)]) -> String {
        let identity = own.identity(self.shared);
        if let Some(name) = self.known.get(&identity) {
            let name = name.clone();
            self.promote(&name);
            return name;
        }
        let name = self.free_name(own.code, own.name);
        let mut definition = own.definition.clone();
        // The order of the joined form is the one in which the items are taken.
        if let Some(map) = definition.as_object_mut() {
            map.shift_remove("x-order");
        }
        // A field that decides is asked before those for which it does, so its name is known.
        if let Some(decides) = decider(&definition)
            && let Some((_, joined)) = names.iter().find(|(known, _)| known == decides)
        {
            definition["x-when"]["field"] = json!(joined);
        }
        let fields = match &identity {
            Identity::Signature => {
                definition["x-group"] = json!(SIGNATURE_GROUP);
                &mut self.signature
            }
            // What an item asks of its own matter by an element stands with its other questions.
            Identity::Element(_) if !own.is_of_matter() => &mut self.elements,
            Identity::Bound(..) if own.stands_with_applicant() => &mut self.elements,
            Identity::Shared(_) => {
                definition["x-group"] = json!(SHARED_GROUP);
                &mut self.common
            }
            Identity::Element(_) | Identity::Equal(..) | Identity::Bound(..) => {
                definition["x-group"] = json!(group_in(own.item, &definition));
                &mut self.own
            }
        };
        fields.0.push((name.clone(), definition));
        self.known.insert(identity, name.clone());
        name
    }

    /// A field that a second item asks too stands among what is common.
    fn promote(&mut self, name: &str) {
        let Some(at) = self.own.0.iter().position(|(known, _)| known == name) else {
            return;
        };
        let (name, mut definition) = self.own.0.remove(at);
        definition["x-group"] = json!(SHARED_GROUP);
        self.common.0.push((name, definition));
    }

    /// The field's own name, or, where another field has it, the name with the item's key before it.
    fn free_name(&self, code: &str, own: &str) -> String {
        let is_taken = |name: &str| self.known.values().any(|known| known == name);
        if !is_taken(own) {
            return own.to_owned();
        }
        let mut name = format!("{}_{own}", code.to_lowercase());
        while is_taken(&name) {
            name.push('_');
        }
        name
    }

    fn take_conditions(&mut self, form: &Value, names: &[(String, String)]) {
        let mut kept = Map::new();
        for keyword in ["allOf", "dependentRequired"] {
            if let Some(value) = form.get(keyword) {
                kept.insert(keyword.to_owned(), value.clone());
            }
        }
        if !kept.is_empty() {
            self.conditions.push(renamed(&Value::Object(kept), names));
        }
    }

    /// The joined form as a schema.
    pub(super) fn schema(self, title: &str) -> Value {
        let properties: Map<String, Value> = [self.elements, self.common, self.own, self.signature]
            .into_iter()
            .flat_map(|fields| fields.0)
            .collect();
        let mut schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "title": title,
            "required": self.required,
            "properties": properties,
        });
        if !self.conditions.is_empty() {
            schema["allOf"] = Value::Array(self.conditions);
        }
        schema
    }
}

/// A field of an item, with what is around it.
struct Own<'a> {
    code: &'a str,
    item: &'a str,
    name: &'a str,
    definition: &'a Value,
    properties: &'a Value,
}

/// The field whose answer decides whether this one is asked.
fn decider(definition: &Value) -> Option<&str> {
    definition["x-when"]["field"].as_str()
}

fn has_element(definition: &Value) -> bool {
    definition["x-element"].is_string()
}

impl Own<'_> {
    fn identity(&self, shared: &[String]) -> Identity {
        if self.definition["x-widget"] == "signature" {
            return Identity::Signature;
        }
        let is_shared = shared.iter().any(|name| name == self.name);
        match self.definition["x-element"].as_str() {
            // What the bundle says of a name stands before what one of its items says.
            Some(element) if !is_shared => return Identity::Element(element.to_owned()),
            None if self.is_bound() => {
                return Identity::Bound(self.code.to_owned(), self.name.to_owned());
            }
            _ if is_shared => return Identity::Shared(self.name.to_owned()),
            _ => {}
        }
        let mut rule = self.definition.clone();
        if let Some(map) = rule.as_object_mut() {
            for place in ["x-group", "x-order"] {
                map.shift_remove(place);
            }
        }
        Identity::Equal(self.name.to_owned(), rule.to_string())
    }

    /// Whether it decides about another field, or another one about it: both must be asked on one page.
    fn is_bound(&self) -> bool {
        let mut others = self.properties.as_object().into_iter().flatten();
        decider(self.definition).is_some()
            || others.any(|(_, other)| decider(other) == Some(self.name))
    }

    /// Whether it stands among the item's own questions and not among those about who applies.
    fn is_of_matter(&self) -> bool {
        let group = self.definition["x-group"].as_str().unwrap_or_default();
        group == ITEM_GROUP
    }

    /// Whether the field that decides about it is one about who applies.
    fn stands_with_applicant(&self) -> bool {
        decider(self.definition).is_some_and(|decides| has_element(&self.properties[decides]))
    }
}

/// The group of a field that one item asks: the item's name, with the item's own group where it names one.
fn group_in(item: &str, definition: &Value) -> String {
    match definition["x-group"].as_str() {
        None | Some("" | ITEM_GROUP) => item.to_owned(),
        Some(group) => format!("{item}：{group}"),
    }
}

/// Conditions between fields, with the names of the joined form.
fn renamed(value: &Value, names: &[(String, String)]) -> Value {
    let new = |own: &str| {
        names
            .iter()
            .find(|(known, _)| known == own)
            .map_or_else(|| own.to_owned(), |(_, name)| name.clone())
    };
    let list = |value: &Value| match value {
        Value::Array(fields) => fields
            .iter()
            .map(|field| {
                field
                    .as_str()
                    .map_or_else(|| field.clone(), |own| json!(new(own)))
            })
            .collect(),
        other => other.clone(),
    };
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(keyword, inner)| {
                let inner = match (keyword.as_str(), inner) {
                    ("required", fields) => list(fields),
                    ("properties", Value::Object(fields)) => fields
                        .iter()
                        .map(|(own, rule)| (new(own), rule.clone()))
                        .collect::<Map<_, _>>()
                        .into(),
                    ("dependentRequired", Value::Object(fields)) => fields
                        .iter()
                        .map(|(own, needed)| (new(own), list(needed)))
                        .collect::<Map<_, _>>()
                        .into(),
                    (_, inner) => renamed(inner, names),
                };
                (keyword.clone(), inner)
            })
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(list) => list.iter().map(|inner| renamed(inner, names)).collect(),
        other => other.clone(),
    }
}
