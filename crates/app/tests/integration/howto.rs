//! The pages of docs/howto are true: what they name is there.

use std::{fs, path::Path};

/// What stands between marks of code in a page.
fn marked(page: &str) -> impl Iterator<Item = &str> {
    page.split('`').skip(1).step_by(2)
}

/// Whether a name is meant as a place in the repository, or in a slice (`cases` has all rooms).
fn is_place(name: &str) -> bool {
    let ending = [".rs", ".html", ".po", ".txt", ".md", ".json", ".cedar"];
    !name.contains(['<', ' ', '{'])
        && (name.starts_with("crates/")
            || name.starts_with("docs/")
            || name.starts_with("tests/")
            || (name.contains('/') && ending.iter().any(|end| name.ends_with(end))))
}

#[test]
fn every_place_that_a_page_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut named, mut missing) = (0, Vec::new());
    for entry in fs::read_dir(root.join("docs/howto")).unwrap() {
        let path = entry.unwrap().path();
        let page = fs::read_to_string(&path).unwrap();
        for place in marked(&page).filter(|name| is_place(name)) {
            named += 1;
            let rooms = [
                root.join(place),
                root.join("crates").join(place),
                root.join("crates/cases").join(place),
                root.join("crates/cases/src").join(place),
                root.join("crates/webkit/templates").join(place),
            ];
            if !rooms.iter().any(|room| room.exists()) {
                missing.push(format!("{}: {place}", path.display()));
            }
        }
    }
    assert!(named > 10, "only {named} places are named");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_command_that_a_page_names_is_one_of_the_programs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let commands = fs::read_to_string(root.join("crates/app/src/commands/mod.rs")).unwrap();
    let page = fs::read_to_string(root.join("docs/howto/forget-a-person.md")).unwrap();
    let called: Vec<&str> = page
        .split("wuchuang ")
        .skip(1)
        .filter_map(|rest| rest.split([' ', '`']).next())
        .filter(|word| word.bytes().all(|letter| letter.is_ascii_lowercase()))
        .collect();
    assert!(called.len() > 4, "{called:?}");
    for word in called {
        let variant = format!("{}{}", word[..1].to_uppercase(), &word[1..]);
        let is_told = commands
            .lines()
            .any(|line| line.trim_start().starts_with(&variant));
        assert!(is_told || word == "wuchuang", "wuchuang {word}");
    }
}
