//! ARCHITECTURE.md must stay a true map: short enough to read, and listing exactly the crates that exist.

use std::collections::BTreeSet;

use super::Complaint;

pub(super) const PATH: &str = "ARCHITECTURE.md";
const LINES_MAX: usize = 400;
const HEADING: &str = "map of crates";

/// Compares the table under “Map of crates” with the folders in `crates/`.
pub(super) fn check(text: &str, crates: &[String]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    if text.lines().count() > LINES_MAX {
        complaints.push(Complaint::new(
            PATH,
            0,
            format!("has more than {LINES_MAX} lines; a map is read whole"),
        ));
    }
    let Some((start, listed)) = table(text) else {
        complaints.push(Complaint::new(
            PATH,
            0,
            "has no heading “Map of crates” with a table under it",
        ));
        return complaints;
    };
    let listed: BTreeSet<&str> = listed.into_iter().collect();
    let present: BTreeSet<&str> = crates.iter().map(String::as_str).collect();
    for name in present.difference(&listed) {
        complaints.push(Complaint::new(
            PATH,
            start,
            format!("the map lacks a row | `{name}` |"),
        ));
    }
    for name in listed.difference(&present) {
        complaints.push(Complaint::new(
            PATH,
            start,
            format!("the map lists `{name}`, but crates/{name} is absent"),
        ));
    }
    complaints
}

/// The heading's line number and the names in rows that begin with ``| `name` |``.
fn table(text: &str) -> Option<(usize, Vec<&str>)> {
    let is_heading = |line: &str| line.starts_with('#');
    let start = text
        .lines()
        .position(|line| is_heading(line) && line.to_lowercase().contains(HEADING))?;
    let level = |line: &str| line.chars().take_while(|letter| *letter == '#').count();
    let own_level = level(text.lines().nth(start)?);
    let names = text
        .lines()
        .skip(start + 1)
        .take_while(|line| !is_heading(line) || level(line) > own_level)
        .filter_map(|line| {
            line.strip_prefix("| `")?
                .split_once("` |")
                .map(|(name, _)| name)
        })
        .collect();
    Some((start + 1, names))
}

#[cfg(test)]
mod tests {
    use super::check;

    const MAP: &str = "# House\n## Map of crates\n| crate | for |\n|---|---|\n| `kernel` | ids |\n| `cases` | cases |\n## Next\n| `other` | x |\n";

    fn names(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_map_equals_the_folders() {
        assert_eq!(check(MAP, &names("cases kernel")), []);
        assert_eq!(check(MAP, &names("cases kernel codes")).len(), 1);
        assert_eq!(check(MAP, &names("kernel")).len(), 1);
        assert_eq!(check("# House\n", &names("kernel")).len(), 1);
    }

    #[test]
    fn the_map_is_short() {
        let long = format!("{MAP}{}", "line\n".repeat(400));
        assert_eq!(check(&long, &names("cases kernel")).len(), 1);
    }
}
