//! Parsed forms at hand. Reading a schema and compiling its validator costs a millisecond, an item's form changes once
//! in months, and every application, case page and certificate asks for it.

use std::sync::{Arc, LazyLock};

use moka::sync::Cache;
use serde_json::Value;

use super::{Form, FormError};

/// How many forms are kept: more than a county has items with a form of their own that are in use at once.
const FORMS_AT_HAND: u64 = 512;

/// By the schema's whole text: a form follows from it and from nothing else.
static AT_HAND: LazyLock<Cache<String, Arc<Form>>> = LazyLock::new(|| Cache::new(FORMS_AT_HAND));

impl Form {
    /// The form of a schema, parsed at most once while it is in use.
    ///
    /// # Errors
    /// As [`Form::parse`].
    pub fn shared(schema: &Value) -> Result<Arc<Self>, FormError> {
        let text = schema.to_string();
        if let Some(form) = AT_HAND.get(&text) {
            return Ok(form);
        }
        let form = Arc::new(Self::parse(&text)?);
        AT_HAND.insert(text, Arc::clone(&form));
        Ok(form)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::Form;

    #[test]
    fn a_schema_is_parsed_once_and_another_one_apart() {
        let schema = |label: &str| json!({"type": "object", "title": "共用", "properties": {"a": {"type": "string", "x-label": label}}});
        let first = Form::shared(&schema("甲")).unwrap();
        assert!(Arc::ptr_eq(&first, &Form::shared(&schema("甲")).unwrap()));
        assert!(!Arc::ptr_eq(&first, &Form::shared(&schema("乙")).unwrap()));
        assert!(Form::shared(&json!([])).is_err());
    }
}
