//! The language of a page: which one the visitor wants, and how texts reach it.
//!
//! It lives in webkit because every window speaks the same three languages. Simplified Chinese is the language the
//! house is written in: the Chinese sentence in a template *is* the key (gettext style), so a template reads as the page
//! reads. English comes from each slice's `locales/en.po`; traditional Chinese is made from the finished page.

#[cfg(test)]
mod completeness;
mod layer;
mod texts;
mod traditional;

pub use layer::traditional_layer;
pub use texts::{Texts, TextsError, Translator};
pub use traditional::{convert_html, convert_text};

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// 简体中文, the language of the sources.
    #[default]
    SimplifiedChinese,
    /// 繁體中文, converted from the simplified page.
    TraditionalChinese,
    /// English, from the PO files; a missing text stays Chinese.
    English,
}

impl Language {
    /// Every language, in the order the switch shows them.
    pub const ALL: [Self; 3] = [
        Self::SimplifiedChinese,
        Self::TraditionalChinese,
        Self::English,
    ];

    /// The BCP 47 tag, used in `<html lang>`, in the cookie and in `?lang=`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::SimplifiedChinese => "zh-CN",
            Self::TraditionalChinese => "zh-Hant",
            Self::English => "en",
        }
    }

    /// The language's name for itself, as short as the header needs it.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::SimplifiedChinese => "简",
            Self::TraditionalChinese => "繁",
            Self::English => "EN",
        }
    }

    /// Reads one language tag (RFC 5646), in any case; `None` for a language the house does not speak.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_ascii_lowercase();
        let mut parts = tag.split('-');
        match parts.next()? {
            "en" => Some(Self::English),
            "zh" => {
                let rest: Vec<&str> = parts.collect();
                let traditional = rest
                    .iter()
                    .any(|part| matches!(*part, "hant" | "tw" | "hk" | "mo"));
                let simplified = rest.contains(&"hans");
                Some(if traditional && !simplified {
                    Self::TraditionalChinese
                } else {
                    Self::SimplifiedChinese
                })
            }
            _ => None,
        }
    }

    /// Chooses the language: the address (`?lang=`) first, then the cookie, then what the browser asks for
    /// (`Accept-Language`, RFC 9110 §12.5.4), else simplified Chinese.
    pub fn choose(
        query: Option<&str>,
        cookie: Option<&str>,
        accept_language: Option<&str>,
    ) -> Self {
        query
            .and_then(Self::from_tag)
            .or_else(|| cookie.and_then(Self::from_tag))
            .or_else(|| accept_language.and_then(Self::preferred))
            .unwrap_or_default()
    }

    fn preferred(accept_language: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for range in accept_language.split(',').take(20) {
            let mut parts = range.split(';');
            let Some(language) = parts.next().and_then(Self::from_tag) else {
                continue;
            };
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q=").map(str::to_owned))
                .map_or(1.0, |text| text.parse().unwrap_or(0.0));
            // A later range wins only with a greater weight, so the order of equals is kept.
            if weight > 0.0 && best.is_none_or(|(highest, _)| weight > highest) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, English, SimplifiedChinese, TraditionalChinese};

    #[test]
    fn address_then_cookie_then_browser() {
        let table = [
            ((None, None, None), SimplifiedChinese),
            ((Some("en"), Some("zh-Hant"), None), English),
            (
                (Some("fr"), Some("zh-Hant"), Some("en")),
                TraditionalChinese,
            ),
            (
                (None, None, Some("zh-TW,zh;q=0.9,en;q=0.8")),
                TraditionalChinese,
            ),
            (
                (None, None, Some("fr, en;q=0.5, zh-CN;q=0.7")),
                SimplifiedChinese,
            ),
            ((None, None, Some("de")), SimplifiedChinese),
            ((None, None, Some("zh-Hans-HK")), SimplifiedChinese),
            ((None, None, Some("en;q=0, zh-HK;q=abc")), SimplifiedChinese),
        ];
        for ((query, cookie, accept), expected) in table {
            assert_eq!(
                Language::choose(query, cookie, accept),
                expected,
                "{query:?} {cookie:?} {accept:?}"
            );
        }
    }

    #[test]
    fn tags_are_read_back() {
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.tag()), Some(language));
        }
    }
}
