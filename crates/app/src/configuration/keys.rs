//! Which keys a configuration may have. Everything else is a mistake, because a misspelled key that is
//! skipped in silence is found months later.

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    List,
    Switch,
}

impl Kind {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Text => "一段文字，两边加引号，例如 \"…\"",
            Self::Number => "一个整数，不加引号",
            Self::List => "一组文字，例如 [\"…\", \"…\"]",
            Self::Switch => "true 或 false，不加引号",
        }
    }
}

/// One key: its section (empty at the top), its name, what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) section: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

impl Key {
    /// `site.county_name`.
    pub(super) fn dotted(&self) -> String {
        if self.section.is_empty() {
            self.name.to_owned()
        } else {
            format!("{}.{}", self.section, self.name)
        }
    }

    /// `WUCHUANG_SITE_COUNTY_NAME`.
    pub(super) fn variable(&self) -> String {
        format!(
            "{PREFIX}{}",
            self.dotted().replace('.', "_").to_ascii_uppercase()
        )
    }
}

/// What every variable of ours begins with.
pub(super) const PREFIX: &str = "WUCHUANG_";

const fn key(section: &'static str, name: &'static str, kind: Kind) -> Key {
    Key {
        section,
        name,
        kind,
    }
}

/// All keys.
pub(super) const KEYS: &[Key] = &[
    key("", "listen", Kind::Text),
    key("", "public_url", Kind::Text),
    key("", "data", Kind::Text),
    key("", "behind_proxy", Kind::Switch),
    key("database", "url", Kind::Text),
    key("site", "county_name", Kind::Text),
    key("site", "operator", Kind::Text),
    key("site", "telephone", Kind::Text),
    key("site", "region", Kind::Text),
    key("site", "records", Kind::List),
    key("drafts", "kept_days", Kind::Number),
    key("mail", "host", Kind::Text),
    key("mail", "port", Kind::Number),
    key("mail", "encryption", Kind::Text),
    key("mail", "user", Kind::Text),
    key("mail", "password", Kind::Text),
    key("mail", "from", Kind::Text),
    key("sms", "name", Kind::Text),
    key("sms", "url", Kind::Text),
    key("sms", "user", Kind::Text),
    key("sms", "password", Kind::Text),
    key("sms", "from", Kind::Text),
    key("sms", "report_token", Kind::Text),
    key("sms", "signature", Kind::Text),
    key("sms", "callback_url", Kind::Text),
    key("log", "format", Kind::Text),
    key("log", "filter", Kind::Text),
    key("metrics", "token", Kind::Text),
];

/// The key of a section by its name.
pub(super) fn find(section: &str, name: &str) -> Option<&'static Key> {
    KEYS.iter()
        .find(|key| key.section == section && key.name == name)
}

/// The section that may be written several times, as `[[sms]]`: gateways in the order of their use.
pub(super) const REPEATED: &str = "sms";
/// How many times at most.
pub(super) const REPEATED_MAX: usize = 5;

/// The dotted key of the n-th time, counted from 0: `sms.url`, then `sms[2].url`.
pub(super) fn nth(dotted: &str, index: usize) -> String {
    match dotted.split_once('.') {
        Some((section, name)) if index > 0 => format!("{section}[{}].{name}", index + 1),
        _ => dotted.to_owned(),
    }
}

/// Whether there is such a section.
pub(super) fn is_section(name: &str) -> bool {
    !name.is_empty() && KEYS.iter().any(|key| key.section == name)
}

/// The key that a misspelled one may have meant.
pub(super) fn nearest(section: &str, name: &str) -> Option<String> {
    KEYS.iter()
        .filter(|key| key.section == section || key.name == name)
        .map(|key| {
            (
                distance(&key.dotted(), &dotted(section, name)),
                key.dotted(),
            )
        })
        .filter(|(distance, _)| *distance <= 3)
        .min()
        .map(|(_, dotted)| dotted)
}

fn dotted(section: &str, name: &str) -> String {
    if section.is_empty() {
        name.to_owned()
    } else {
        format!("{section}.{name}")
    }
}

/// How many single changes lie between two words (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, left) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, right) in other.iter().enumerate() {
            let above = row[column + 1];
            let same = diagonal + usize::from(left != *right);
            row[column + 1] = same.min(above + 1).min(row[column] + 1);
            diagonal = above;
        }
    }
    row[other.len()]
}
