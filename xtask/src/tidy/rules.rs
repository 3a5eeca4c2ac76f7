//! The rules about one source file's text.

use super::Complaint;
use super::source::{Source, is_word};

/// A call that production code must not make, and what to do instead.
struct Ban {
    call: &'static str,
    instead: &'static str,
}

const CLOCK: &str = "the time is a parameter: take a `Clock` of wuchuang-kernel and ask it";
const RANDOMNESS: &str =
    "randomness is a parameter: take a `Randomness` of wuchuang-kernel and ask it";

const BANS: [Ban; 15] = [
    Ban {
        call: "Timestamp::now(",
        instead: CLOCK,
    },
    Ban {
        call: "Zoned::now(",
        instead: CLOCK,
    },
    Ban {
        call: "SystemTime::now(",
        instead: CLOCK,
    },
    Ban {
        call: "Instant::now(",
        instead: CLOCK,
    },
    Ban {
        call: "Utc::now(",
        instead: CLOCK,
    },
    Ban {
        call: "Local::now(",
        instead: CLOCK,
    },
    Ban {
        call: "Uuid::now_v7(",
        instead: RANDOMNESS,
    },
    Ban {
        call: "Uuid::now_v6(",
        instead: RANDOMNESS,
    },
    Ban {
        call: "Uuid::now_v1(",
        instead: RANDOMNESS,
    },
    Ban {
        call: "Uuid::new_v4(",
        instead: RANDOMNESS,
    },
    Ban {
        call: "thread_rng(",
        instead: RANDOMNESS,
    },
    Ban {
        call: "rand::random",
        instead: RANDOMNESS,
    },
    Ban {
        call: "rand::rng(",
        instead: RANDOMNESS,
    },
    Ban {
        call: "getrandom::",
        instead: RANDOMNESS,
    },
    Ban {
        call: "OsRng",
        instead: RANDOMNESS,
    },
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] = [
    "utils", "util", "common", "helpers", "helper", "misc", "stuff", "shared",
];

/// Every rule that reads one Rust file.
pub(super) fn all(source: &Source) -> Vec<Complaint> {
    let mut complaints = module_says_what_for(source);
    complaints.extend(clock_and_randomness(source));
    complaints.extend(silent_exceptions(source));
    complaints.extend(left_over_markers(source));
    complaints.extend(unwraps(source));
    complaints
}

/// Every file begins by saying what it is for.
fn module_says_what_for(source: &Source) -> Vec<Complaint> {
    let first = source.lines.iter().find(|line| !line.trim().is_empty());
    if first.is_some_and(|line| line.starts_with("//!")) {
        return Vec::new();
    }
    vec![Complaint::new(
        &source.path,
        1,
        "begin with `//!`: what this module is for and why it lives here",
    )]
}

/// Decisions are repeatable only when time and randomness come in from outside.
fn clock_and_randomness(source: &Source) -> Vec<Complaint> {
    if is_source_of_time_or_randomness(&source.path) {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    for (number, line) in source.production_code() {
        for ban in &BANS {
            if holds_name(line, ban.call) {
                let call = ban.call.trim_end_matches(['(', ':']);
                complaints.push(Complaint::new(
                    &source.path,
                    number,
                    format!("`{call}`: {}", ban.instead),
                ));
            }
        }
    }
    complaints
}

fn is_source_of_time_or_randomness(path: &str) -> bool {
    // The load driver measures real time, in one module.
    path.starts_with("xtask/")
        || path == "bench/src/time.rs"
        || ["clock", "random", "randomness"].iter().any(|module| {
            path == format!("crates/kernel/src/{module}.rs")
                || path.starts_with(&format!("crates/kernel/src/{module}/"))
        })
}

/// An exception from a lint says why it is one, in the attribute itself.
fn silent_exceptions(source: &Source) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (index, line) in source.code.iter().enumerate() {
        for mark in ["#[allow(", "#![allow(", "#[expect(", "#![expect("] {
            let Some(at) = line.find(mark) else { continue };
            let mut attribute = String::from(&line[at..]);
            for next in source.code[index + 1..].iter().take(10) {
                if attribute.contains(")]") {
                    break;
                }
                attribute.push_str(next);
            }
            let attribute = attribute.split(")]").next().unwrap_or_default();
            if mark.contains("allow") {
                complaints.push(Complaint::new(
                    &source.path,
                    index + 1,
                    "use `#[expect(lint, reason = \"…\")]`, which tells when it is no longer needed",
                ));
            } else if !holds_name(attribute, "reason") {
                complaints.push(Complaint::new(
                    &source.path,
                    index + 1,
                    "give the exception a `reason = \"…\"`",
                ));
            }
        }
    }
    complaints
}

/// Work that is left over belongs in an issue, where somebody sees it.
fn left_over_markers(source: &Source) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (index, line) in source.comments.iter().enumerate() {
        for marker in ["TODO", "FIXME", "XXX", "HACK"] {
            if holds_name(line, marker) && !line.contains(&format!("`{marker}`")) {
                complaints.push(Complaint::new(
                    &source.path,
                    index + 1,
                    format!("`{marker}`: do it now or file an issue"),
                ));
            }
        }
    }
    complaints
}

/// `unwrap` tells neither the user nor us why it cannot fail.
fn unwraps(source: &Source) -> Vec<Complaint> {
    source
        .production_code()
        .filter(|(_, line)| line.contains(".unwrap()") || line.contains(".unwrap_err()"))
        .map(|(number, _)| {
            Complaint::new(
                &source.path,
                number,
                "`unwrap`: return the error, or `expect(\"why it cannot fail\")`",
            )
        })
        .collect()
}

/// File and folder names say what is inside.
pub(super) fn names(path: &str) -> Vec<Complaint> {
    path.split('/')
        .map(|part| part.strip_suffix(".rs").unwrap_or(part))
        .filter(|part| EMPTY_NAMES.contains(part) || part.starts_with("new_"))
        .map(|part| {
            Complaint::new(
                path,
                0,
                format!("`{part}` does not say what is inside; name it after that"),
            )
        })
        .collect()
}

/// A path of somebody's machine works nowhere else and tells strangers who they are.
pub(super) fn machine_paths(path: &str, text: &str, machine: &[String]) -> Vec<Complaint> {
    const HOMES: [&str; 3] = ["/root/", "/home/", "/Users/"];
    // This file must be able to name them.
    if path == "xtask/src/tidy/rules.rs" {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let named = HOMES.iter().find(|home| starts_a_path(line, home));
        let ours = machine.iter().find(|folder| starts_a_path(line, folder));
        if named.is_some() || ours.is_some() {
            complaints.push(Complaint::new(
                path,
                index + 1,
                "a path of one machine; make it relative or configurable",
            ));
        }
    }
    complaints
}

/// True when the folder stands here as the start of a path and not in the middle of a longer one such as a URL.
fn starts_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + folder.len()..].chars().next();
        let starts =
            before.is_none_or(|letter| !letter.is_alphanumeric() && !"._-/}".contains(letter));
        let goes_on = if folder.ends_with('/') {
            after.is_some_and(char::is_alphanumeric)
        } else {
            after.is_none_or(|letter| !letter.is_alphanumeric())
        };
        starts && goes_on
    })
}

/// True when `name` stands in the line and is not the end of a longer name.
fn holds_name(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let starts = at == 0 || !is_word(line.as_bytes()[at - 1]);
        let end = at + name.len();
        let ends = !name.ends_with(|letter: char| letter.is_alphanumeric())
            || line.as_bytes().get(end).is_none_or(|byte| !is_word(*byte));
        starts && ends
    })
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::*;

    const LIBRARY: &str = "crates/cases/src/lib.rs";

    #[track_caller]
    fn check(rule: fn(&Source) -> Vec<Complaint>, good: &str, bad: &str) {
        assert_eq!(rule(&Source::read(LIBRARY, good)), []);
        assert_eq!(
            rule(&Source::read(LIBRARY, bad)).len(),
            1,
            "the bad input must be seen"
        );
    }

    #[test]
    fn modules_say_what_they_are_for() {
        check(
            module_says_what_for,
            "\n//! Cases.\nfn a() {}",
            "// Cases.\nfn a() {}",
        );
    }

    #[test]
    fn time_and_randomness_come_from_outside() {
        check(
            clock_and_randomness,
            "// Timestamp::now()\nfn a(clock: &dyn Clock) { clock.now(); }\n#[cfg(test)]\nmod tests { fn b() { Instant::now(); } }",
            "fn a() { let now = jiff::Timestamp::now(); }",
        );
        check(
            clock_and_randomness,
            "fn a() { MyOsRngs; }",
            "use rand_core::OsRng;",
        );
    }

    #[test]
    fn the_kernel_may_ask_the_machine() {
        let asking = "fn now() { SystemTime::now(); }";
        assert_eq!(
            clock_and_randomness(&Source::read("crates/kernel/src/clock.rs", asking)),
            []
        );
        assert_eq!(
            clock_and_randomness(&Source::read("crates/kernel/src/mask.rs", asking)).len(),
            1
        );
    }

    #[test]
    fn exceptions_say_why() {
        check(
            silent_exceptions,
            "#[expect(\n  clippy::x,\n  reason = \"because\"\n)]\nfn a() {}",
            "#[expect(clippy::x)]\nfn a() { let reason = 1; }",
        );
        check(
            silent_exceptions,
            "// #[allow(x)]",
            "#[allow(dead_code, reason = \"x\")]",
        );
    }

    #[test]
    fn nothing_is_left_over() {
        check(
            left_over_markers,
            "let a = \"TODO\"; // TODOS are fine",
            "// TODO later",
        );
    }

    #[test]
    fn production_does_not_unwrap() {
        check(
            unwraps,
            "fn a() { b().unwrap_or_default(); }\n#[cfg(test)]\nmod tests { fn c() { d().unwrap(); } }",
            "fn a() { b().unwrap(); }",
        );
    }

    #[test]
    fn names_say_what_is_inside() {
        assert_eq!(names("crates/cases/src/model.rs"), []);
        assert_eq!(names("crates/cases/src/utils.rs").len(), 1);
        assert_eq!(names("crates/cases/src/common/money.rs").len(), 1);
    }

    #[test]
    fn no_file_names_a_machine() {
        let machine = ["/srv/build/wuchuang".to_owned()];
        let check = |text: &str| machine_paths("README.md", text, &machine).len();
        assert_eq!(
            check("see https://example.org/home/page and $HOME/.cache and /home/"),
            0
        );
        assert_eq!(check("cd /home/somebody/wuchuang"), 1);
        assert_eq!(check("cd /srv/build/wuchuang && ls"), 1);
        assert_eq!(check("cd /srv/build/wuchuangs"), 0);
    }
}
