//! What a statement gives back: a row is read into any type that serde can build from its columns' names.

use std::{fmt::Display, sync::Arc};

use serde::{
    Deserializer,
    de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, Visitor},
    forward_to_deserialize_any,
};

use super::{EngineError, StorageError, Value};

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Missing,
    Integer(i64),
    Boolean(bool),
    Text(String),
}

/// A row, with the names of its columns.
#[derive(Debug, Clone)]
pub struct Row {
    pub(super) columns: Arc<[Box<str>]>,
    pub(super) cells: Vec<Cell>,
}

/// A row that is not what its reader expects.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RowError(String);

impl de::Error for RowError {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl Row {
    /// Reads the row into a type with a field for each column that it wants.
    ///
    /// # Errors
    /// When a column is missing or of another type.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, StorageError> {
        let columns = Columns {
            names: &self.columns,
            cells: self.cells.into_iter(),
            place: 0,
        };
        T::deserialize(de::value::MapAccessDeserializer::new(columns))
            .map_err(|error| EngineError::Row(error).into())
    }

    /// Whether the column at a place holds a value.
    pub(crate) fn holds(&self, place: usize, value: &Value) -> bool {
        match (self.cells.get(place), value) {
            (Some(Cell::Text(held)), Value::Text(Some(text))) => held == text,
            (Some(Cell::Integer(held)), Value::Integer(Some(number))) => held == number,
            (Some(Cell::Integer(held)), Value::Boolean(truth)) => *held == i64::from(*truth),
            (Some(Cell::Boolean(held)), Value::Boolean(truth)) => held == truth,
            (Some(Cell::Missing), Value::Text(None) | Value::Integer(None)) => true,
            _ => false,
        }
    }
}

struct Columns<'a> {
    names: &'a [Box<str>],
    cells: std::vec::IntoIter<Cell>,
    place: usize,
}

impl<'de> MapAccess<'de> for Columns<'_> {
    type Error = RowError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, RowError> {
        let Some(name) = self.names.get(self.place) else {
            return Ok(None);
        };
        self.place += 1;
        let name: de::value::StrDeserializer<'_, RowError> = (&**name).into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, RowError> {
        let cell = self.cells.next().unwrap_or(Cell::Missing);
        seed.deserialize(cell).map_err(|error| {
            let name = self.place.checked_sub(1).and_then(|at| self.names.get(at));
            RowError(format!("column {}: {error}", name.map_or("?", |name| name)))
        })
    }
}

impl<'de> Deserializer<'de> for Cell {
    type Error = RowError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        match self {
            Self::Missing => visitor.visit_unit(),
            Self::Integer(number) => visitor.visit_i64(number),
            Self::Boolean(truth) => visitor.visit_bool(truth),
            Self::Text(text) => visitor.visit_string(text),
        }
    }

    // SQLite keeps truth values as numbers.
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        match self {
            Self::Integer(number @ (0 | 1)) => visitor.visit_bool(number == 1),
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        match self {
            Self::Missing => visitor.visit_none(),
            other => visitor.visit_some(other),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Place {
        name: String,
        people: i64,
        is_town: bool,
        note: Option<String>,
    }

    fn row(cells: [(&str, Cell); 4]) -> Row {
        let (columns, cells): (Vec<Box<str>>, Vec<Cell>) = cells
            .into_iter()
            .map(|(name, cell)| (name.into(), cell))
            .unzip();
        Row {
            columns: columns.into(),
            cells,
        }
    }

    #[test]
    fn a_row_reads_by_the_names_of_its_columns() {
        let found = row([
            ("is_town", Cell::Integer(1)),
            ("note", Cell::Missing),
            ("people", Cell::Integer(7)),
            ("name", Cell::Text("蒿坪镇".into())),
        ]);
        let expected = Place {
            name: "蒿坪镇".into(),
            people: 7,
            is_town: true,
            note: None,
        };
        assert_eq!(found.read::<Place>().unwrap(), expected);
    }

    #[test]
    fn what_does_not_read_is_told_with_its_column() {
        let wrong = row([
            ("is_town", Cell::Boolean(true)),
            ("note", Cell::Missing),
            ("people", Cell::Text("many".into())),
            ("name", Cell::Text("蒿坪镇".into())),
        ]);
        let error = wrong.read::<Place>().unwrap_err();
        let told = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(
            told,
            "a row does not read: column people: invalid type: string \"many\", expected i64"
        );
    }
}
