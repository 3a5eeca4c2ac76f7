//! Texts of a file that may hold expressions: `科室-${town}`, `${reviewer}`, `=department` (FEEL).

use std::sync::Arc;

use super::value::Value;
use super::{Expression, ExpressionError, Names, Overrun};
use crate::limits::EXPRESSION_CHARACTERS_MAX;

/// A text with expressions in it; most have none and cost nothing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(Arc<str>),
    Expression(Expression),
}

impl Template {
    /// Reads a text.
    pub(crate) fn parse(source: &str) -> Result<Self, ExpressionError> {
        let source = source.trim();
        if source.chars().count() > EXPRESSION_CHARACTERS_MAX {
            return Err(ExpressionError {
                position: 1,
                text: format!("超过 {EXPRESSION_CHARACTERS_MAX} 个字符，请缩短"),
            });
        }
        if source.starts_with('=') {
            return Ok(Self {
                parts: vec![Part::Expression(Expression::parse(source)?)],
            });
        }
        let mut parts = Vec::new();
        let mut rest = source;
        while let Some(start) = rest.find("${").into_iter().chain(rest.find("#{")).min() {
            if start > 0 {
                parts.push(Part::Text(rest[..start].into()));
            }
            let consumed = source.len() - rest.len() + start;
            let position = source[..consumed].chars().count();
            let Some(end) = rest[start..].find('}') else {
                return Err(ExpressionError {
                    position: position + 1,
                    text: "“${”没有结束，请补上“}”".to_owned(),
                });
            };
            let expression =
                Expression::parse(&rest[start..=start + end]).map_err(|error| ExpressionError {
                    position: error.position + position,
                    text: error.text,
                })?;
            parts.push(Part::Expression(expression));
            rest = &rest[start + end + 1..];
        }
        if !rest.is_empty() || parts.is_empty() {
            parts.push(Part::Text(rest.into()));
        }
        Ok(Self { parts })
    }

    /// A text that is taken as it stands.
    pub(crate) fn text(text: &str) -> Self {
        Self {
            parts: vec![Part::Text(text.into())],
        }
    }

    /// The text itself, if it holds no expression.
    pub(crate) fn constant(&self) -> Option<&Arc<str>> {
        match self.parts.as_slice() {
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The finished text; `None` if it is empty or nothing but a null.
    pub(crate) fn render<'v>(&'v self, names: &dyn Names<'v>) -> Result<Option<Arc<str>>, Overrun> {
        let text: Arc<str> = match self.parts.as_slice() {
            [Part::Text(text)] => text.clone(),
            [Part::Expression(expression)] => match expression.evaluate(names)?.to_text() {
                Some(text) => text.into(),
                None => return Ok(None),
            },
            parts => {
                let mut whole = String::new();
                for part in parts {
                    match part {
                        Part::Text(text) => whole.push_str(text),
                        Part::Expression(expression) => {
                            if let Some(text) = expression.evaluate(names)?.to_text() {
                                whole.push_str(&text);
                            }
                        }
                    }
                }
                whole.into()
            }
        };
        Ok((!text.is_empty()).then_some(text))
    }

    /// The finished list: a list value gives its texts, a text is parted at its commas.
    pub(crate) fn render_list<'v>(
        &'v self,
        names: &dyn Names<'v>,
    ) -> Result<Vec<Arc<str>>, Overrun> {
        if let [Part::Expression(expression)] = self.parts.as_slice()
            && let Value::List(list) = expression.evaluate(names)?
        {
            let texts = list.iter().filter_map(|value| value.to_text());
            return Ok(texts.map(Arc::from).collect());
        }
        let Some(text) = self.render(names)? else {
            return Ok(Vec::new());
        };
        if !text.contains([',', '，']) {
            return Ok(vec![text]);
        }
        Ok(text
            .split([',', '，'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(Arc::from)
            .collect())
    }
}
