//! From the file and the environment to plain values, each with its place.

use std::collections::{BTreeMap, BTreeSet};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Place, Problem,
    keys::{self, KEYS, Key, Kind, PREFIX},
};

/// A plain value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(i64),
    List(Vec<String>),
    Switch(bool),
}

/// The values by their dotted key.
#[derive(Debug, Default)]
pub(super) struct Values {
    found: BTreeMap<String, (Value, Place)>,
    /// Keys that are there but do not read; they are complained of already.
    unreadable: BTreeSet<String>,
    /// How many times the section stands there that may be repeated.
    repeated: usize,
}

impl Values {
    pub(super) fn get(&self, key: &str) -> Option<(&Value, &Place)> {
        self.found.get(key).map(|(value, place)| (value, place))
    }

    /// Whether a key is there but does not read.
    pub(super) fn is_unreadable(&self, key: &str) -> bool {
        self.unreadable.contains(key)
    }

    /// How many times the section stands there that may be repeated; once also where only the environment fills it.
    pub(super) fn repeated(&self) -> usize {
        self.repeated
            .max(usize::from(self.section(keys::REPEATED).is_some()))
    }

    /// Where a section is used first, if it is used at all.
    pub(super) fn section(&self, section: &str) -> Option<&Place> {
        let start = format!("{section}.");
        self.found
            .iter()
            .find(|(key, _)| key.starts_with(&start))
            .map(|(_, (_, place))| place)
    }
}

/// A file larger than this is not a configuration.
const TEXT_BYTES_MAX: usize = 256 * 1024;

/// Reads the file.
pub(super) fn from_file(text: &str, problems: &mut Vec<Problem>) -> Values {
    let mut values = Values::default();
    if text.len() > TEXT_BYTES_MAX {
        problems.push(Problem {
            place: Place::Line(1),
            message: "文件太大，不像是配置文件。请检查 --config 指定的路径。".to_owned(),
        });
        return values;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        problems.push(Problem {
            place: Place::Line(line_of(text, at)),
            message: "这一行不是正确的 TOML 写法。每行写成“键 = 值”，文字两边加英文引号；整节以 [节名] 开头。".to_owned(),
        });
    }
    for (name, value) in table.get_ref() {
        let line = line_of(text, name.span().start);
        match value.get_ref() {
            DeValue::Table(inside) if keys::is_section(name.get_ref()) => {
                section(text, (name.get_ref(), 0), inside, &mut values, problems);
            }
            DeValue::Array(several) if name.get_ref() == keys::REPEATED => {
                if several.len() > keys::REPEATED_MAX {
                    problems.push(Problem {
                        place: Place::Line(line),
                        message: format!(
                            "最多写 {} 个 [[{}]]，请删去多余的。",
                            keys::REPEATED_MAX,
                            keys::REPEATED
                        ),
                    });
                }
                for (index, one) in several.iter().take(keys::REPEATED_MAX).enumerate() {
                    match one.get_ref() {
                        DeValue::Table(inside) => {
                            let named = (keys::REPEATED, index);
                            section(text, named, inside, &mut values, problems);
                        }
                        _ => problems.push(unknown("", name.get_ref(), Place::Line(line))),
                    }
                }
            }
            _ => take(("", 0), name.get_ref(), value, line, &mut values, problems),
        }
    }
    values
}

/// Reads a section, the n-th of its name.
fn section(
    text: &str,
    (name, index): (&str, usize),
    inside: &DeTable<'_>,
    values: &mut Values,
    problems: &mut Vec<Problem>,
) {
    if name == keys::REPEATED {
        values.repeated = values.repeated.max(index + 1);
    }
    for (inner, value) in inside {
        let line = line_of(text, inner.span().start);
        take(
            (name, index),
            inner.get_ref(),
            value,
            line,
            values,
            problems,
        );
    }
}

fn take(
    (section, index): (&str, usize),
    name: &str,
    value: &Spanned<DeValue<'_>>,
    line: usize,
    values: &mut Values,
    problems: &mut Vec<Problem>,
) {
    let place = Place::Line(line);
    let Some(key) = keys::find(section, name) else {
        problems.push(unknown(section, name, place));
        return;
    };
    match plain(key, value.get_ref()) {
        Some(plain) => {
            values
                .found
                .insert(keys::nth(&key.dotted(), index), (plain, place));
        }
        None => {
            let dotted = keys::nth(&key.dotted(), index);
            values.unreadable.insert(dotted.clone());
            problems.push(Problem {
                place,
                message: format!("{dotted} 应当是{}。", key.kind.words()),
            });
        }
    }
}

fn unknown(section: &str, name: &str, place: Place) -> Problem {
    let shown: String = name.chars().take(60).collect();
    let shown = if section.is_empty() {
        shown
    } else {
        format!("{section}.{shown}")
    };
    let hint = keys::nearest(section, name).map_or_else(
        || "请删除这一行，或对照安装包里的样例修改。".to_owned(),
        |nearest| format!("是不是想写 {nearest}？"),
    );
    Problem {
        place,
        message: format!("没有 {shown} 这个配置项。{hint}"),
    }
}

fn plain(key: &Key, value: &DeValue<'_>) -> Option<Value> {
    match key.kind {
        Kind::Text => value.as_str().map(|text| Value::Text(text.to_owned())),
        Kind::Number => {
            let number = value.as_integer()?;
            i64::from_str_radix(number.as_str(), number.radix())
                .ok()
                .map(Value::Number)
        }
        Kind::Switch => value.as_bool().map(Value::Switch),
        Kind::List => value
            .as_array()?
            .iter()
            .map(|item| item.get_ref().as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>()
            .map(Value::List),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}

/// Lays the environment over the file. Variables that begin with the name of one of our sections but
/// are no key of it are mistakes; others are not ours (tests and tools use some).
pub(super) fn from_environment(
    environment: impl IntoIterator<Item = (String, String)>,
    values: &mut Values,
    problems: &mut Vec<Problem>,
) {
    for (name, text) in environment {
        let Some(rest) = name.strip_prefix(PREFIX) else {
            continue;
        };
        let place = Place::Environment(name.clone());
        let Some(key) = KEYS.iter().find(|key| key.variable() == name) else {
            let section = rest
                .split('_')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            if keys::is_section(&section) {
                problems.push(Problem {
                    place,
                    message: "没有对应的配置项。请检查变量名，或取消这个变量。".to_owned(),
                });
            }
            continue;
        };
        let value = match key.kind {
            Kind::Text => Some(Value::Text(text)),
            Kind::Number => text.trim().parse().ok().map(Value::Number),
            Kind::Switch => text.trim().parse().ok().map(Value::Switch),
            Kind::List => Some(Value::List(
                text.split('|')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .map(str::to_owned)
                    .collect(),
            )),
        };
        match value {
            Some(value) => {
                values.found.insert(key.dotted(), (value, place));
            }
            None => {
                values.unreadable.insert(key.dotted());
                problems.push(Problem {
                    place,
                    message: format!("应当是{}。", key.kind.words()),
                });
            }
        }
    }
}
