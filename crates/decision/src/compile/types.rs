//! The types of a file: built-in names, those of other products, and the file's own.

use std::collections::BTreeMap;
use std::str::FromStr;

use dsntk_feel::{FeelType, Name};

use crate::limits::TYPE_DEPTH_MAX;
use crate::model::{Model, Text, TypeDefinition};
use crate::problem::{Place, Problems};

/// A resolved type.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) feel: FeelType,
    /// Whole numbers only: products that know `integer` mean it, FEEL has only `number`.
    pub(super) is_whole: bool,
    /// The values that the type allows.
    pub(super) allowed: Option<Text>,
}

impl Typed {
    pub(super) fn any() -> Self {
        Self::plain(FeelType::Any)
    }

    fn plain(feel: FeelType) -> Self {
        Self {
            feel,
            is_whole: false,
            allowed: None,
        }
    }
}

/// All types of a file by name.
pub(super) struct Types {
    own: BTreeMap<String, Typed>,
}

impl Types {
    pub(super) fn of(model: &Model, problems: &mut Problems) -> Self {
        let mut own = BTreeMap::new();
        for (name, definition) in &model.types {
            match resolve(model, definition, 0) {
                Ok(typed) => {
                    own.insert(name.clone(), typed);
                }
                Err((place, text)) => problems.error("type-unknown", &place, text),
            }
        }
        Self { own }
    }

    /// The type of that name; an unknown one is told once where it stands.
    pub(super) fn named(
        &self,
        name: Option<&str>,
        place: &Place,
        problems: &mut Problems,
    ) -> Typed {
        let Some(name) = name else {
            return Typed::any();
        };
        if let Some(own) = self.own.get(name) {
            return own.clone();
        }
        built_in(name).unwrap_or_else(|| {
            problems.error("type-unknown", place, unknown(name));
            Typed::any()
        })
    }
}

fn unknown(name: &str) -> String {
    format!(
        "没有类型“{name}”；可以用 string、number、boolean、date、time、dateTime，或在文件里定义它"
    )
}

/// A type of FEEL, or what other products call one.
fn built_in(name: &str) -> Option<Typed> {
    let feel = match name {
        "integer" | "long" | "int" => {
            return Some(Typed {
                feel: FeelType::Number,
                is_whole: true,
                allowed: None,
            });
        }
        "double" | "float" | "decimal" => FeelType::Number,
        "dateTime" | "date and time" => FeelType::DateTime,
        "dayTimeDuration" | "days and time duration" => FeelType::DaysAndTimeDuration,
        "yearMonthDuration" | "years and months duration" => FeelType::YearsAndMonthsDuration,
        "any" | "Any" | "context" | "list" | "Null" => FeelType::Any,
        _ => FeelType::from_str(name).ok()?,
    };
    Some(Typed::plain(feel))
}

fn resolve(
    model: &Model,
    definition: &TypeDefinition,
    depth: usize,
) -> Result<Typed, (Place, String)> {
    if depth > TYPE_DEPTH_MAX {
        let text = format!("类型互相引用超过 {TYPE_DEPTH_MAX} 层，或绕成一圈；请改直接的类型");
        return Err((definition.place.clone(), text));
    }
    let mut typed = if definition.members.is_empty() {
        match definition.base.as_deref() {
            None => Typed::any(),
            Some(base) => match model.types.get(base) {
                Some(other) => resolve(model, other, depth + 1)?,
                None => built_in(base).ok_or_else(|| (definition.place.clone(), unknown(base)))?,
            },
        }
    } else {
        let mut members = BTreeMap::new();
        for (name, member) in &definition.members {
            let member = resolve(model, member, depth + 1)?;
            members.insert(Name::from(name), member.feel);
        }
        Typed::plain(FeelType::Context(members))
    };
    if definition.allowed.is_some() {
        typed.allowed.clone_from(&definition.allowed);
    }
    if definition.is_list {
        // What an item may be is not checked within lists.
        typed = Typed::plain(FeelType::List(Box::new(typed.feel)));
    }
    Ok(typed)
}
