//! What a statement is given: texts, whole numbers and truth values. A missing value keeps its type, because PostgreSQL
//! asks for it.

/// A value for a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(Option<String>),
    /// A whole number; instants are microseconds since 1970 UTC.
    Integer(Option<i64>),
    /// A truth value.
    Boolean(bool),
    /// The values of one column of many rows. Only PostgreSQL takes it.
    Column(Column),
}

/// The values of one column of many rows: with them one text of a statement serves any number of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// Texts.
    Texts(Vec<Option<String>>),
    /// Whole numbers.
    Integers(Vec<Option<i64>>),
    /// Truth values.
    Booleans(Vec<bool>),
}

impl Column {
    /// A column that begins with a value, with room for `rows`.
    pub(crate) fn beginning_with(value: Value, rows: usize) -> Self {
        fn list<T>(first: T, rows: usize) -> Vec<T> {
            let mut list = Vec::with_capacity(rows);
            list.push(first);
            list
        }
        match value {
            Value::Text(text) => Self::Texts(list(text, rows)),
            Value::Integer(number) => Self::Integers(list(number, rows)),
            Value::Boolean(truth) => Self::Booleans(list(truth, rows)),
            Value::Column(column) => column,
        }
    }

    /// Adds a value; `false` when it is of another kind than those before.
    pub(crate) fn add(&mut self, value: Value) -> bool {
        match (self, value) {
            (Self::Texts(texts), Value::Text(text)) => texts.push(text),
            (Self::Integers(numbers), Value::Integer(number)) => numbers.push(number),
            (Self::Booleans(truths), Value::Boolean(truth)) => truths.push(truth),
            _ => return false,
        }
        true
    }

    /// PostgreSQL's name for the column's type.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Texts(_) => "text[]",
            Self::Integers(_) => "bigint[]",
            Self::Booleans(_) => "boolean[]",
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}
