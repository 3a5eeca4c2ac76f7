//! What every crate's Cargo.toml must have: the house's lints, and no version numbers of its own, so that each version
//! stands in one place.

use super::Complaint;

const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Checks one manifest.
pub(super) fn check(path: &str, folder: &str, manifest: &toml::Table) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    if !is_workspace(manifest.get("lints")) {
        complaints.push(Complaint::new(
            path,
            0,
            "add `[lints]` with `workspace = true`",
        ));
    }
    let folder_name = folder.rsplit('/').next().unwrap_or(folder);
    let expected = if folder.starts_with("crates/") {
        format!("wuchuang-{folder_name}")
    } else {
        folder_name.to_owned()
    };
    let name = manifest
        .get("package")
        .and_then(|package| package.get("name")?.as_str());
    if name != Some(expected.as_str()) {
        complaints.push(Complaint::new(
            path,
            0,
            format!("the package must be called `{expected}` like its folder"),
        ));
    }
    for table in TABLES {
        let Some(dependencies) = manifest.get(table).and_then(toml::Value::as_table) else {
            continue;
        };
        for (dependency, value) in dependencies {
            if !is_workspace(Some(value)) {
                complaints.push(Complaint::new(
                    path,
                    0,
                    format!("[{table}] {dependency}: write `{dependency}.workspace = true`; versions stand in the root Cargo.toml"),
                ));
            }
        }
    }
    complaints
}

fn is_workspace(value: Option<&toml::Value>) -> bool {
    value
        .and_then(|value| value.get("workspace")?.as_bool())
        .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::check;

    fn complaints(text: &str) -> usize {
        check("Cargo.toml", "crates/cases", &text.parse().unwrap()).len()
    }

    #[test]
    fn versions_and_lints_come_from_the_workspace() {
        let package = "[package]\nname = \"wuchuang-cases\"\n";
        let good = "[lints]\nworkspace = true\n[dependencies]\nserde.workspace = true\ntokio = { workspace = true, features = [\"rt\"] }\n";
        assert_eq!(complaints(&format!("{package}{good}")), 0);
        assert_eq!(complaints(package), 1);
        assert_eq!(complaints(&format!("{package}{good}uuid = \"1\"\n")), 1);
        assert_eq!(
            complaints(&format!("[package]\nname = \"cases\"\n{good}")),
            1
        );
    }
}
