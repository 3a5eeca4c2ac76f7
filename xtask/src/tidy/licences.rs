//! Licences, bans and sources of other people's crates, read from the same deny.toml that cargo-deny reads. cargo-deny
//! takes minutes to build, so the part that must hold in every check is here, on top of `cargo metadata`.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Complaint;
use crate::process;
use crate::workspace::{self, Workspace};

const PATH: &str = "deny.toml";
const REGISTRY: &str = "registry+";

/// The lists of deny.toml.
struct Rules {
    allowed: BTreeSet<String>,
    /// Crate and the licences allowed for it alone.
    exceptions: Vec<(String, BTreeSet<String>)>,
    banned: Vec<String>,
}

impl Rules {
    fn parse(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse().with_context(|| format!("reading {PATH}"))?;
        let licences = table
            .get("licenses")
            .context("deny.toml has no [licenses]")?;
        let words = |value: Option<&toml::Value>| -> BTreeSet<String> {
            let list = value.and_then(toml::Value::as_array).into_iter().flatten();
            list.filter_map(|word| word.as_str().map(str::to_owned))
                .collect()
        };
        let name = |entry: &toml::Value| Some(entry.get("crate")?.as_str()?.to_owned());
        let entries = |value: Option<&toml::Value>| -> Vec<toml::Value> {
            value
                .and_then(toml::Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        Ok(Self {
            allowed: words(licences.get("allow")),
            exceptions: entries(licences.get("exceptions"))
                .iter()
                .filter_map(|entry| Some((name(entry)?, words(entry.get("allow")))))
                .collect(),
            banned: entries(table.get("bans").and_then(|bans| bans.get("deny")))
                .iter()
                .filter_map(name)
                .collect(),
        })
    }

    /// What is wrong with one package of `cargo metadata`.
    fn judge(&self, package: &Value) -> Vec<String> {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(source) = package["source"].as_str() else {
            // A crate of our own.
            return Vec::new();
        };
        let mut problems = Vec::new();
        if !source.starts_with(REGISTRY) {
            problems.push(format!(
                "{name} comes from `{source}`; only the package registry is allowed"
            ));
        }
        if self.banned.iter().any(|banned| banned == name) {
            problems.push(format!("{name} is banned"));
        }
        let own = self
            .exceptions
            .iter()
            .find(|(of, _)| of == name)
            .map(|(_, licences)| licences);
        let is_allowed = |licence: &str| {
            self.allowed.contains(licence) || own.is_some_and(|own| own.contains(licence))
        };
        match package["license"].as_str() {
            Some(expression) if expression_holds(expression, &is_allowed) => {}
            Some(expression) => problems.push(format!(
                "{name} has the licence `{expression}`, which is not allowed"
            )),
            None => problems.push(format!("{name} names no licence")),
        }
        problems
    }
}

/// Reads the crates that are really in the tree for this platform and judges each.
pub(super) fn check(workspace: &Workspace) -> Result<Vec<Complaint>> {
    let text =
        fs::read_to_string(workspace.path(PATH)).with_context(|| format!("reading {PATH}"))?;
    let rules = Rules::parse(&text)?;
    let platform = workspace::platform();
    let answer = process::output(&mut workspace.cargo(&[
        "metadata",
        "--format-version=1",
        "--locked",
        "--filter-platform",
        &platform,
    ]))?;
    let metadata: Value =
        serde_json::from_str(&answer).context("reading cargo's list of crates")?;
    // `packages` also names crates that no enabled feature needs; the resolved graph does not.
    let nodes = metadata["resolve"]["nodes"]
        .as_array()
        .context("cargo resolved no crates")?;
    let used: BTreeSet<&str> = nodes
        .iter()
        .filter_map(|node| node["id"].as_str())
        .collect();
    let packages = metadata["packages"]
        .as_array()
        .context("cargo listed no crates")?;
    Ok(packages
        .iter()
        .filter(|package| package["id"].as_str().is_some_and(|id| used.contains(id)))
        .flat_map(|package| rules.judge(package))
        .map(|problem| Complaint::new(PATH, 0, problem))
        .collect())
}

/// Evaluates an SPDX expression such as `(MIT OR Apache-2.0) AND Unicode-3.0`. The old `MIT/Apache-2.0` means `OR`.
fn expression_holds(expression: &str, is_allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        at: 0,
    };
    let holds = reader.any(is_allowed);
    holds && reader.at == words.len()
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
}

impl Reader<'_> {
    /// `a OR b`: binds weaker than `AND`.
    fn any(&mut self, is_allowed: &dyn Fn(&str) -> bool) -> bool {
        let mut holds = self.all(is_allowed);
        while self.next_is("OR") {
            holds |= self.all(is_allowed);
        }
        holds
    }

    fn all(&mut self, is_allowed: &dyn Fn(&str) -> bool) -> bool {
        let mut holds = self.one(is_allowed);
        while self.next_is("AND") {
            holds &= self.one(is_allowed);
        }
        holds
    }

    fn one(&mut self, is_allowed: &dyn Fn(&str) -> bool) -> bool {
        if self.next_is("(") {
            let holds = self.any(is_allowed);
            return self.next_is(")") && holds;
        }
        let Some(licence) = self.words.get(self.at) else {
            return false;
        };
        self.at += 1;
        if self.next_is("WITH") {
            let exception = self.words.get(self.at).copied().unwrap_or_default();
            self.at += 1;
            // An exception only adds permissions, so the plain licence in the list is enough.
            return is_allowed(licence) || is_allowed(&format!("{licence} WITH {exception}"));
        }
        is_allowed(licence)
    }

    fn next_is(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at) == Some(&word);
        self.at += usize::from(found);
        found
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Rules, expression_holds};

    #[test]
    fn expressions_are_evaluated() {
        let is_allowed = |licence: &str| matches!(licence, "MIT" | "Apache-2.0" | "Unicode-3.0");
        let holds = |expression: &str| expression_holds(expression, &is_allowed);
        assert!(holds("MIT"));
        assert!(holds("MIT/GPL-3.0"));
        assert!(holds("(MIT OR GPL-3.0) AND Unicode-3.0"));
        assert!(holds("GPL-3.0 OR MIT AND Apache-2.0"));
        assert!(holds("Apache-2.0 WITH LLVM-exception OR GPL-3.0"));
        assert!(!holds("GPL-3.0-only"));
        assert!(!holds("MIT AND GPL-3.0"));
        assert!(!holds("(MIT OR GPL-3.0) AND GPL-2.0"));
        assert!(!holds("(MIT"));
        assert!(!holds(""));
    }

    #[test]
    fn crates_are_judged_by_licence_source_and_name() {
        let rules = Rules::parse(
            "[licenses]\nallow = [\"MIT\"]\nexceptions = [{ crate = \"odd\", allow = [\"MPL-2.0\"] }]\n\
             [bans]\ndeny = [{ crate = \"openssl\" }]\n",
        )
        .unwrap();
        let judge = |name: &str, licence: &str, source: &str| {
            rules
                .judge(&json!({ "name": name, "license": licence, "source": source }))
                .len()
        };
        assert_eq!(judge("good", "MIT", "registry+x"), 0);
        assert_eq!(judge("odd", "MPL-2.0", "registry+x"), 0);
        assert_eq!(judge("other", "MPL-2.0", "registry+x"), 1);
        assert_eq!(judge("openssl", "MIT", "registry+x"), 1);
        assert_eq!(judge("good", "MIT", "git+x"), 1);
        assert_eq!(
            rules.judge(&json!({ "name": "wuchuang-app", "source": null })),
            [""; 0]
        );
    }
}
