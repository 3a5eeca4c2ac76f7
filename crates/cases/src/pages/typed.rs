//! What was typed into one deed's form, to be there again after it was refused. Every field carries its deed's name
//! (`grant-opinion`), because the page holds many forms and a label, an error and a text belong to one of them.

use wuchuang_webkit::Failure;

/// The fields of one form as they were sent.
#[derive(Debug, Default)]
pub(super) struct Typed {
    deed: String,
    pairs: Vec<(String, String)>,
}

impl Typed {
    pub(super) fn new(deed: &str, pairs: Vec<(String, String)>) -> Self {
        Self {
            deed: deed.to_owned(),
            pairs,
        }
    }

    /// A hidden field of the form, which carries no deed's name: `version`, `step`, `command_id`.
    pub(super) fn plain(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// A field of this deed, without spaces around it; empty when it was not sent.
    pub(super) fn text(&self, name: &str) -> String {
        self.plain(&self.field(name))
            .or_else(|| self.plain(name))
            .unwrap_or_default()
            .trim()
            .to_owned()
    }

    /// All values of a field of this deed that may come several times.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        let field = self.field(name);
        self.pairs
            .iter()
            .filter(|(known, _)| *known == field || known == name)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// The fields of this deed whose names begin with a word: the rest of the name, and what was typed.
    pub(super) fn beginning<'a>(
        &'a self,
        word: &str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let prefix = self.field(word);
        self.pairs.iter().filter_map(move |(name, value)| {
            let rest = name.strip_prefix(prefix.as_str())?;
            Some((rest, value.as_str()))
        })
    }

    /// What stood in a field, by the name that the page gives it.
    pub(super) fn was(&self, field: &str) -> &str {
        self.plain(field).unwrap_or_default()
    }

    /// Whether a box with this value was ticked.
    pub(super) fn had(&self, field: &str, value: &str) -> bool {
        self.pairs
            .iter()
            .any(|(known, given)| known == field && given == value)
    }

    /// Whether this deed's form was sent: its fold stays open.
    pub(super) fn is(&self, deed: &str) -> bool {
        self.deed == deed
    }

    /// The field that a refusal is about, as the page names it. What is about no field is told above the deeds.
    pub(super) fn at(&self, failure: &Failure) -> String {
        match failure.field.as_deref() {
            Some(name) if is_field(name) => self.field(name),
            _ => "deed".to_owned(),
        }
    }

    fn field(&self, name: &str) -> String {
        format!("{}-{name}", self.deed)
    }
}

/// Whether a rule names a field of a form, not one material of many (`material:…`).
fn is_field(name: &str) -> bool {
    name.chars()
        .all(|sign| sign.is_alphanumeric() || sign == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_belongs_to_the_form_that_was_sent() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let typed = Typed::new(
            "accept",
            vec![
                pair("version", "3"),
                pair("accept-owed", "m1"),
                pair("accept-owed", "m2"),
                pair("accept-days", " 5 "),
            ],
        );
        assert_eq!(typed.plain("version"), Some("3"));
        assert_eq!(typed.text("days"), "5");
        assert_eq!(typed.all("owed"), ["m1", "m2"]);
        assert_eq!(typed.was("accept-days"), " 5 ");
        assert_eq!(typed.was("stop-days"), "");
        assert!(typed.had("accept-owed", "m2") && !typed.had("accept-owed", "m3"));
        let refusal = |field: &'static str| typed.at(&Failure::invalid("…").at(field));
        assert_eq!(refusal("days"), "accept-days");
        assert_eq!(refusal("material:m1"), "deed");
    }
}
