//! Answers that were filled in from what the house has already: each says under its question where it comes from, and whoever
//! changes one says why. Which answers those are and which sources count, the slices above decide; here is how a page asks.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Disclosure, Field, Form, Lists};
use crate::language::Translator;

/// How long the reason for another answer may be, in characters.
pub const REASON_CHARACTERS_MAX: usize = 200;
/// The part of a page in which the reason is written.
const REASON: &str = "reason";

/// Where one answer was filled in from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownNote {
    /// From where, in the visitor's language.
    pub source: String,
    /// Why it was changed, as it was typed; `None` where it may be changed without a word.
    pub reason: Option<String>,
    /// Whether the answer is another one now.
    pub is_changed: bool,
}

/// Where answers were filled in from, by field.
pub type KnownNotes = BTreeMap<String, KnownNote>;

/// The field in which it is written why a known answer was changed.
pub fn reason_field(field: &str) -> String {
    format!("{field}.{REASON}")
}

/// What was typed as the reason for another answer; `None` when the page did not ask.
pub fn typed_reason<'a>(pairs: &'a [(String, String)], field: &str) -> Option<&'a str> {
    let name = reason_field(field);
    let typed = pairs.iter().find(|(pair, _)| *pair == name);
    typed.map(|(_, text)| text.trim())
}

impl Form {
    /// Whether an answer would pass if it were given to a question today, whatever the other answers are.
    pub fn takes(
        &self,
        field: &Field,
        value: &Value,
        lists: &dyn Lists,
        translator: &Translator,
    ) -> bool {
        let values = Map::from_iter([(field.name.clone(), value.clone())]);
        let is_asked = |other: &Field| other.name == field.name;
        self.check(&values, lists, translator, is_asked).is_empty()
    }

    /// One answer in words, as the pages tell it; 未填写 for none.
    pub fn told(
        &self,
        name: &str,
        value: Option<&Value>,
        lists: &dyn Lists,
        disclosure: Disclosure,
        translator: &Translator,
    ) -> String {
        let field = self.field(name);
        let told = field
            .zip(value)
            .and_then(|(field, value)| self.text_of(field, value, lists, disclosure, translator));
        told.unwrap_or_else(|| translator.t("未填写").into_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use expect_test::expect;
    use serde_json::json;

    use super::*;
    use crate::{
        forms::{Answers, FieldErrors, NoLists},
        language::{Language, Texts},
        page,
    };

    fn form() -> Form {
        let schema = json!({"type": "object", "required": ["phone", "place"], "properties": {
            "phone": {"type": "string", "x-label": "电话", "x-widget": "phone"},
            "place": {"type": "string", "x-label": "地点", "maxLength": 4},
        }});
        Form::parse(&schema.to_string()).unwrap()
    }

    fn translator() -> Translator {
        Translator::new(Language::SimplifiedChinese, Arc::new(Texts::new().unwrap()))
    }

    #[test]
    fn an_answer_is_looked_at_alone() {
        let form = form();
        let told: Vec<String> = [
            ("place", json!("环城路")),
            ("place", json!("环城路126号")),
            ("place", json!(5)),
            ("phone", json!("13800138000")),
            ("phone", json!("138")),
        ]
        .iter()
        .map(|(name, value)| {
            let field = form.field(name).unwrap();
            let takes = form.takes(field, value, &NoLists, &translator());
            let words = form.told(
                name,
                Some(value),
                &NoLists,
                Disclosure::Masked,
                &translator(),
            );
            format!("{takes} {words}")
        })
        .collect();
        expect![[r#"
            true 环城路
            false 环城路126号
            false 5
            true 138****8000
            false ****"#]]
        .assert_eq(&told.join("\n"));
    }

    #[test]
    fn a_page_says_where_an_answer_comes_from_and_asks_why_it_is_another_one() {
        let mut values = Answers::new();
        values.insert("place".to_owned(), json!("环城路"));
        let note = |reason: Option<&str>, is_changed| KnownNote {
            source: "取自《食品经营许可证》".to_owned(),
            reason: reason.map(str::to_owned),
            is_changed,
        };
        let shown = |note: KnownNote| {
            let known = KnownNotes::from([("place".to_owned(), note)]);
            let page = page::tests::page(Language::SimplifiedChinese);
            form()
                .render_known(
                    &page,
                    None,
                    (&values, &known),
                    &FieldErrors::new(),
                    &NoLists,
                )
                .unwrap()
        };
        let html = shown(note(Some("搬家"), false));
        assert!(html.contains("<summary>取自《食品经营许可证》"), "{html}");
        assert!(
            html.contains(r#"name="place.reason" type="text" value="搬家""#),
            "{html}"
        );
        assert!(!html.contains(" open>"), "{html}");
        assert!(shown(note(Some(""), true)).contains(" open>"));
        assert!(!shown(note(None, true)).contains("place.reason"));
        let pairs = [("place.reason".to_owned(), " 搬家 ".to_owned())];
        assert_eq!(typed_reason(&pairs, "place"), Some("搬家"));
        assert_eq!(typed_reason(&pairs, "phone"), None);
    }
}
