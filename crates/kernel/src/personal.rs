//! Values that belong to a person. Inside an event they are marked, so that the ledger can seal
//! them with that person's key and forget them later while every hash still holds
//! (个人信息保护法 art. 47: erasure).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;

/// A value that belongs to a person: a name, a number, an address, a phone, free text about them.
///
/// It serialises as a marked node that the ledger finds and seals. After the person was forgotten
/// the value reads as `None`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Personal<T> {
    /// Whose key seals the value.
    #[serde(rename = "$person")]
    person: PersonId,
    /// The value; `None` after the person was forgotten.
    value: Option<T>,
}

impl<T> Personal<T> {
    /// A value of a person.
    pub const fn new(person: PersonId, value: T) -> Self {
        Self {
            person,
            value: Some(value),
        }
    }

    /// Whose value it is.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The value, unless the person was forgotten.
    pub const fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }
}

impl Personal<String> {
    /// The text, or an empty text when the person was forgotten.
    pub fn text(&self) -> &str {
        self.value.as_deref().unwrap_or_default()
    }
}

// A personal value must never reach a log line through `{:?}`.
impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = if self.value.is_some() {
            "…"
        } else {
            "forgotten"
        };
        write!(formatter, "Personal({shown})")
    }
}

/// A name with everything but the surname hidden: `张*明` for three characters, `张*` for two.
/// Practice, not statute, fixes the form (domain facts §1.19).
pub fn mask_name(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    match characters.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => {
            format!("{first}{}{last}", "*".repeat(middle.len().min(6)))
        }
    }
}

/// An address cut to the village or the first ten characters.
pub fn mask_address(address: &str) -> String {
    let end = address
        .char_indices()
        .find(|(_, character)| matches!(character, '村' | '社'))
        .map(|(at, character)| at + character.len_utf8())
        .or_else(|| address.char_indices().nth(10).map(|(at, _)| at))
        .unwrap_or(address.len());
    if end == address.len() {
        address.to_owned()
    } else {
        format!("{}****", &address[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_masked() {
        assert_eq!(mask_name("李"), "李");
        assert_eq!(mask_name("张三"), "张*");
        assert_eq!(mask_name("欧阳明月"), "欧**月");
        assert_eq!(mask_name(""), "");
        assert_eq!(
            mask_address("紫阳县汉王镇汉城村二组14号"),
            "紫阳县汉王镇汉城村****"
        );
        assert_eq!(mask_address("紫阳县"), "紫阳县");
    }

    #[test]
    fn a_personal_value_never_shows_in_debug_output() {
        let value = Personal::new(PersonId::from_u128(1), "王小明".to_owned());
        assert_eq!(format!("{value:?}"), "Personal(…)");
    }
}
