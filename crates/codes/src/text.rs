//! Fixed-length ASCII text that is `Copy`, and the traits that every code has: `FromStr`, serde, and printing.
//!
//! The traits are made by one macro so that no type can deserialise without the validation of its `parse`.

use std::fmt;

/// Exactly `N` ASCII characters, already checked by a parser.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FixedText<const N: usize>([u8; N]);

impl<const N: usize> FixedText<N> {
    /// Takes checked bytes; the caller has already compared their number with `N`.
    pub(crate) fn from_checked(bytes: &[u8]) -> Self {
        debug_assert!(bytes.is_ascii(), "parsers let only ASCII through");
        Self(bytes.try_into().expect("the parser has checked the length"))
    }

    pub(crate) const fn bytes(&self) -> &[u8; N] {
        &self.0
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("parsers let only ASCII through")
    }
}

impl<const N: usize> fmt::Debug for FixedText<N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

/// Gives a type with `parse` and `as_str` the traits of a code. `public` types print themselves; `personal` types have
/// no `Display`, and their `Debug` shows the masked form only.
macro_rules! code_traits {
    (public $type:ty) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }
        $crate::text::code_traits!(parsing $type);
    };
    (personal $type:ty) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.masked())
            }
        }
        $crate::text::code_traits!(parsing $type);
    };
    (parsing $type:ty) => {
        impl std::str::FromStr for $type {
            type Err = $crate::error::CodeError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use code_traits;
