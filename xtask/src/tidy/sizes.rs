//! Sizes as a ratchet: new files, functions and folders stay under a limit; the few that are over it stand in
//! tidy-budget.toml with today's size, and that figure only goes down.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result};

use super::source::Source;
use super::{BUDGET, Complaint};

/// What is measured, with the unit in its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    /// Production lines that are not blank.
    FileLines,
    /// Lines of code in a production function's body.
    FunctionLines,
    /// Rust files directly in a folder.
    FolderFiles,
}

impl Kind {
    const ALL: [Self; 3] = [Self::FileLines, Self::FunctionLines, Self::FolderFiles];

    fn limit_key(self) -> &'static str {
        match self {
            Self::FileLines => "file_lines_max",
            Self::FunctionLines => "function_lines_max",
            Self::FolderFiles => "folder_files_max",
        }
    }

    fn table(self) -> &'static str {
        match self {
            Self::FileLines => "file",
            Self::FunctionLines => "function",
            Self::FolderFiles => "folder",
        }
    }
}

/// Today's sizes. A function is named `path::name`; of several with one name in a file the largest counts.
pub(super) struct Sizes(BTreeMap<(Kind, String), usize>);

impl Sizes {
    pub(super) fn measure(sources: &[Source]) -> Self {
        let mut sizes: BTreeMap<(Kind, String), usize> = BTreeMap::new();
        for source in sources {
            sizes.insert(
                (Kind::FileLines, source.path.clone()),
                source.production_lines(),
            );
            for function in &source.functions {
                let name = format!("{}::{}", source.path, function.name);
                let size = sizes.entry((Kind::FunctionLines, name)).or_default();
                *size = (*size).max(function.body_lines);
            }
            let folder = source
                .path
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder);
            // Migrations are append-only: their folder must grow.
            if !folder.ends_with("migrations") {
                *sizes
                    .entry((Kind::FolderFiles, folder.to_owned()))
                    .or_default() += 1;
            }
        }
        Self(sizes)
    }
}

/// The committed limits and exceptions.
pub(super) struct Budget {
    limits: BTreeMap<Kind, usize>,
    exceptions: BTreeMap<(Kind, String), usize>,
}

impl Budget {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse().with_context(|| format!("reading {BUDGET}"))?;
        let number = |value: &toml::Value| {
            value
                .as_integer()
                .and_then(|number| usize::try_from(number).ok())
        };
        let mut limits = BTreeMap::new();
        let mut exceptions = BTreeMap::new();
        for kind in Kind::ALL {
            let key = kind.limit_key();
            let limit = table
                .get("limits")
                .and_then(|limits| number(limits.get(key)?))
                .with_context(|| format!("{BUDGET}: [limits] needs a number {key}"))?;
            limits.insert(kind, limit);
            let listed = table.get(kind.table()).and_then(toml::Value::as_table);
            for (name, value) in listed.into_iter().flatten() {
                let size = number(value)
                    .with_context(|| format!("{BUDGET}: [{}] {name} is no number", kind.table()))?;
                exceptions.insert((kind, name.clone()), size);
            }
        }
        Ok(Self { limits, exceptions })
    }

    /// What grew, and what shrank without the budget following.
    pub(super) fn check(&self, sizes: &Sizes) -> Vec<Complaint> {
        let mut complaints = Vec::new();
        for ((kind, name), size) in &sizes.0 {
            let limit = self.limits[kind];
            let exception = self.exceptions.get(&(*kind, name.clone())).copied();
            let what = kind.limit_key();
            let message = match exception {
                None if *size > limit => format!("{size}, but {what} = {limit}: split it"),
                Some(budget) if *size > budget => {
                    format!("grew to {size}, its budget is {budget} ({what} = {limit}): split it")
                }
                Some(budget) if *size < budget || *size <= limit => {
                    format!("shrank to {size} from {budget}: run `cargo xtask tidy --tighten`")
                }
                _ => continue,
            };
            complaints.push(Complaint::new(name, 0, message));
        }
        for (kind, name) in self.exceptions.keys() {
            if !sizes.0.contains_key(&(*kind, name.clone())) {
                complaints.push(Complaint::new(
                    BUDGET,
                    0,
                    format!(
                        "[{}] {name} is gone: run `cargo xtask tidy --tighten`",
                        kind.table()
                    ),
                ));
            }
        }
        complaints
    }

    /// The same budget with every exception lowered to today's size, and dropped where it is none any more. Nothing is
    /// ever raised or added here: that takes a hand and a review.
    pub(super) fn tightened(&self, sizes: &Sizes) -> Self {
        let exceptions = self
            .exceptions
            .iter()
            .filter_map(|(key, budget)| {
                let size = *sizes.0.get(key)?;
                (size > self.limits[&key.0]).then(|| (key.clone(), size.min(*budget)))
            })
            .collect();
        Self {
            limits: self.limits.clone(),
            exceptions,
        }
    }

    pub(super) fn to_text(&self) -> String {
        let mut text = String::from(
            "# Sizes past which `cargo xtask tidy` asks to look again, and what was over them when it was last looked at.\n\
             # A figure here only goes down (`cargo xtask tidy --tighten`); a new exception takes a hand and a review.\n\n\
             [limits]\n",
        );
        for (kind, limit) in &self.limits {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{} = {limit}", kind.limit_key());
        }
        for kind in Kind::ALL {
            let _ = writeln!(text, "\n[{}]", kind.table());
            for ((_, name), size) in self.exceptions.iter().filter(|((of, _), _)| *of == kind) {
                let _ = writeln!(text, "{name:?} = {size}");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, Sizes};
    use crate::tidy::source::Source;

    const LIMITS: &str =
        "[limits]\nfile_lines_max = 4\nfunction_lines_max = 2\nfolder_files_max = 1\n";

    fn sizes(files: &[(&str, &str)]) -> Sizes {
        let sources: Vec<Source> = files
            .iter()
            .map(|(path, text)| Source::read(path, text))
            .collect();
        Sizes::measure(&sources)
    }

    fn messages(budget: &str, sizes: &Sizes) -> Vec<String> {
        let budget = Budget::parse(&format!("{LIMITS}{budget}")).unwrap();
        budget
            .check(sizes)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    const LONG: &str = "fn a() {\n  b();\n  c();\n  d();\n}\n";

    #[test]
    fn small_things_need_no_budget() {
        let sizes = sizes(&[("a/lib.rs", "fn a() {\n  b();\n}\n")]);
        assert_eq!(messages("", &sizes), [""; 0]);
    }

    #[test]
    fn large_things_are_refused_and_named() {
        let sizes = sizes(&[("a/lib.rs", LONG), ("a/other.rs", "")]);
        assert_eq!(
            messages("", &sizes),
            [
                "a/lib.rs: 5, but file_lines_max = 4: split it",
                "a/lib.rs::a: 3, but function_lines_max = 2: split it",
                "a: 2, but folder_files_max = 1: split it",
            ]
        );
    }

    #[test]
    fn a_budget_admits_todays_size_and_no_more() {
        let sizes = sizes(&[("a/lib.rs", LONG)]);
        assert_eq!(
            messages(
                "[file]\n\"a/lib.rs\" = 5\n[function]\n\"a/lib.rs::a\" = 3\n",
                &sizes
            ),
            [""; 0]
        );
        let grown = messages(
            "[file]\n\"a/lib.rs\" = 5\n[function]\n\"a/lib.rs::a\" = 2\n",
            &sizes,
        );
        assert_eq!(
            grown,
            ["a/lib.rs::a: grew to 3, its budget is 2 (function_lines_max = 2): split it"]
        );
    }

    #[test]
    fn what_shrank_must_lower_the_budget() {
        let sizes = sizes(&[("a/lib.rs", LONG)]);
        let text = format!(
            "{LIMITS}[file]\n\"a/lib.rs\" = 9\n[function]\n\"a/lib.rs::a\" = 2\n\"a/lib.rs::gone\" = 9\n"
        );
        let budget = Budget::parse(&text).unwrap();
        assert_eq!(budget.check(&sizes).len(), 3);
        let tightened = budget.tightened(&sizes).to_text();
        assert!(tightened.contains("\"a/lib.rs\" = 5\n"), "{tightened}");
        assert!(
            tightened.contains("\"a/lib.rs::a\" = 2\n"),
            "a budget is never raised: {tightened}"
        );
        assert!(!tightened.contains("gone"), "{tightened}");
        assert!(Budget::parse(&tightened).is_ok());
    }
}
