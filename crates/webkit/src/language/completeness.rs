//! A public page in English must not show Chinese because somebody forgot a text: this test reads every template of the
//! workspace and asks whether each Chinese text that goes through the translator has English.
//!
//! Templates of staff pages (they extend `layouts/staff.html` or lie in a folder `staff`) may stay Chinese.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::Texts;

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files below `folder`, in a fixed order.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9FFF}'))
}

/// The Chinese string literals inside `{{ }}` and `{% %}`.
fn texts_of_template(template: &str) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        rest = &rest[open..];
        let close = match rest.as_bytes().get(1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                rest = &rest[1..];
                continue;
            }
        };
        let end = end_of_tag(rest, close);
        if close != "#}" {
            texts.extend(literals(&rest[2..end]).filter(|text| is_chinese(text)));
        }
        rest = &rest[end..];
    }
    texts
}

/// Where the tag ends; a closing mark inside a literal (`"{name}}"`) does not count.
fn end_of_tag(text: &str, close: &str) -> usize {
    let mut is_literal = false;
    for (at, byte) in text.bytes().enumerate().skip(2) {
        match byte {
            b'"' if close != "#}" => is_literal = !is_literal,
            _ if !is_literal && text.as_bytes()[at..].starts_with(close.as_bytes()) => return at,
            _ => {}
        }
    }
    text.len()
}

fn literals(code: &str) -> impl Iterator<Item = String> {
    code.split('"').skip(1).step_by(2).map(str::to_owned)
}

/// The Chinese texts that Rust code gives to a translator as a literal: `t("…")`, `tf("…"`, `titled("…")`, `under("…"`.
fn texts_of_code(code: &str) -> BTreeSet<String> {
    let before_tests = code.split("#[cfg(test)]").next().unwrap_or_default();
    [".t(\"", ".tf(\"", ".titled(\"", ".under(\""]
        .iter()
        .flat_map(|start| {
            before_tests
                .split(start)
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
        })
        .filter(|text| is_chinese(text))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_public_text_has_english() {
    let mut slices: Vec<PathBuf> = fs::read_dir(crates())
        .unwrap()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    slices.sort();
    let mut all = Texts::default();
    let mut missing = Vec::new();
    for slice in &slices {
        if let Ok(po) = fs::read_to_string(slice.join("locales/en.po")) {
            all = all
                .with_english("slice", &po)
                .unwrap_or_else(|error| panic!("{}: {error}", slice.display()));
        }
    }
    for slice in &slices {
        let mut found = Vec::new();
        files(&slice.join("templates"), &mut found);
        if slice.ends_with("webkit") {
            files(&slice.join("src/forms"), &mut found);
        }
        for path in found {
            let content = fs::read_to_string(&path).unwrap();
            let is_staff = content.contains("extends \"layouts/staff.html\"")
                || path.components().any(|part| part.as_os_str() == "staff");
            let is_test = path.file_name().is_some_and(|name| name == "tests.rs");
            let texts = match path.extension().and_then(|extension| extension.to_str()) {
                Some("html" | "txt") if !is_staff => texts_of_template(&content),
                Some("rs") if !is_test => texts_of_code(&content),
                _ => continue,
            };
            let name = path
                .strip_prefix(crates())
                .unwrap_or(&path)
                .display()
                .to_string();
            missing.extend(
                texts
                    .into_iter()
                    .filter(|text| all.english(text).is_none())
                    .map(|text| format!("{name}: {text}")),
            );
        }
    }
    assert!(
        missing.is_empty(),
        "add English to the slice's locales/en.po:\n{}",
        missing.join("\n")
    );
}

#[test]
fn literals_are_found_where_they_are() {
    let template = r#"{# "注" #}中文<a title="题">{{ page.t("甲{a}") }}{% call m::x("乙", [("a", &b)]) %}{{ "}} 丙" }}{{ "latin" }}"#;
    let found: Vec<String> = texts_of_template(template).into_iter().collect();
    assert_eq!(found, ["}} 丙", "乙", "甲{a}"]);
}
