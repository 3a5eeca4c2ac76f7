//! The house's floors: which crate may use which. Cargo only forbids circles; this keeps the windows apart and the
//! ground free of everything above it. Development dependencies count too: a test that needs the roof tests the roof.

use super::Complaint;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Floor {
    Ground,
    Platform,
    Matter,
    Windows,
    Watchers,
    Roof,
}

/// A crate's place. Within a floor, only a crate with a step may use another one with a lower step.
struct Place {
    name: &'static str,
    floor: Floor,
    step: Option<u8>,
}

const fn place(name: &'static str, floor: Floor, step: Option<u8>) -> Place {
    Place { name, floor, step }
}

const PLACES: [Place; 39] = [
    place("kernel", Floor::Ground, Some(0)),
    place("xml", Floor::Ground, Some(0)),
    place("codes", Floor::Ground, Some(1)),
    place("calendar", Floor::Ground, Some(1)),
    place("bpmn", Floor::Ground, Some(1)),
    place("decision", Floor::Ground, Some(1)),
    place("ledger", Floor::Platform, Some(0)),
    place("access", Floor::Platform, Some(2)),
    place("webkit", Floor::Platform, Some(1)),
    place("documents", Floor::Platform, None),
    place("search", Floor::Platform, None),
    place("catalogue", Floor::Matter, Some(0)),
    place("credit", Floor::Matter, Some(1)),
    place("delegations", Floor::Matter, Some(1)),
    place("cases", Floor::Matter, Some(2)),
    place("licences", Floor::Matter, Some(3)),
    place("messages", Floor::Matter, Some(3)),
    place("bundles", Floor::Matter, Some(3)),
    place("payments", Floor::Matter, Some(3)),
    place("hall", Floor::Windows, None),
    place("kiosk", Floor::Windows, None),
    place("portal", Floor::Windows, None),
    place("hotline", Floor::Windows, None),
    place("stations", Floor::Windows, None),
    place("administration", Floor::Windows, None),
    place("analysis", Floor::Watchers, None),
    place("oversight", Floor::Watchers, None),
    place("ratings", Floor::Watchers, None),
    place("supervision", Floor::Watchers, None),
    place("assessment", Floor::Watchers, None),
    place("inspection", Floor::Watchers, None),
    place("disclosure", Floor::Watchers, None),
    place("market", Floor::Watchers, None),
    place("exchange", Floor::Watchers, None),
    place("cockpit", Floor::Watchers, None),
    place("app", Floor::Roof, Some(0)),
    place("simulator", Floor::Roof, Some(1)),
    place("bench", Floor::Roof, Some(2)),
    place("xtask", Floor::Roof, None),
];

/// The tables of a manifest that make an edge.
const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Checks the edges of one crate.
pub(super) fn check(path: &str, folder: &str, manifest: &toml::Table) -> Vec<Complaint> {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    let Some(own) = find(name) else {
        return vec![Complaint::new(
            path,
            0,
            format!("crate `{name}` has no floor yet; give it one in xtask/src/tidy/floors.rs"),
        )];
    };
    TABLES
        .iter()
        .filter_map(|table| manifest.get(*table)?.as_table())
        .flat_map(toml::Table::keys)
        .filter_map(|key| key.strip_prefix("wuchuang-"))
        .filter_map(|used| refusal(own, used))
        .map(|message| Complaint::new(path, 0, message))
        .collect()
}

/// Why this edge is not allowed, or `None`.
fn refusal(own: &Place, used: &str) -> Option<String> {
    let Some(other) = find(used) else {
        return Some(format!("uses `{used}`, which has no floor"));
    };
    // A crate may name itself among its own dev-dependencies, to switch on what only tests need.
    let allowed = other.name == own.name
        || other.floor < own.floor
        || (other.floor == own.floor
            && matches!((other.step, own.step), (Some(other), Some(own)) if other < own));
    (!allowed).then(|| {
        format!(
            "`{}` ({:?}) must not use `{used}` ({:?}): only floors below, or earlier steps of the same floor",
            own.name, own.floor, other.floor
        )
    })
}

fn find(name: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| place.name == name)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[track_caller]
    fn complaints(name: &str, uses: &str) -> usize {
        let manifest =
            format!("[dependencies]\nserde.workspace = true\nwuchuang-{uses}.workspace = true\n");
        check(
            "Cargo.toml",
            &format!("crates/{name}"),
            &manifest.parse().unwrap(),
        )
        .len()
    }

    #[test]
    fn a_crate_uses_only_what_is_below() {
        assert_eq!(complaints("portal", "cases"), 0);
        assert_eq!(complaints("webkit", "ledger"), 0);
        assert_eq!(complaints("messages", "cases"), 0);
        assert_eq!(complaints("cases", "portal"), 1);
        assert_eq!(complaints("ledger", "webkit"), 1);
        assert_eq!(complaints("webkit", "documents"), 1);
        assert_eq!(complaints("licences", "messages"), 1);
        assert_eq!(complaints("kernel", "codes"), 1);
    }

    #[test]
    fn windows_never_use_each_other() {
        assert_eq!(complaints("hall", "portal"), 1);
        assert_eq!(complaints("ratings", "oversight"), 1);
    }

    #[test]
    fn a_new_crate_needs_a_floor() {
        assert_eq!(complaints("attic", "kernel"), 1);
        assert_eq!(complaints("app", "attic"), 1);
    }
}
