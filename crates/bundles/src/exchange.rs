//! Bundles as files: the YAML that counties exchange, in and out, and the county's own file of items and bundles.

use serde::{Deserialize, Serialize};

use crate::model::{BundleContent, Member, Situation, Tree, problems};

/// How large a file may be, in bytes.
pub const FILE_BYTES_MAX: usize = 1024 * 1024;
/// How many bundles one file may hold.
const BUNDLES_MAX: usize = 200;
/// How many problems are told at once.
const PROBLEMS_MAX: usize = 50;

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It does not read.
    #[error("文件不是能读懂的 YAML：{0}。请对照导出的文件改正。")]
    Unreadable(String),
    /// It is too large, or holds too many bundles.
    #[error("文件太大：一次最多200件事、1 MB，请分开导入。")]
    TooLarge,
    /// It reads, but its bundles cannot be published; nothing is taken over.
    #[error("{}", .0.join("\n"))]
    Wrong(Vec<String>),
}

/// A file of bundles.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BundleFile {
    bundles: Vec<BundleContent>,
}

/// The bundles of an exported file, each free of problems.
///
/// # Errors
/// Everything that is wrong, with the bundle and the field.
pub fn read(text: &str) -> Result<Vec<BundleContent>, FileError> {
    if text.len() > FILE_BYTES_MAX {
        return Err(FileError::TooLarge);
    }
    let file: BundleFile =
        serde_norway::from_str(text).map_err(|error| FileError::Unreadable(error.to_string()))?;
    checked(file.bundles)
}

fn checked(bundles: Vec<BundleContent>) -> Result<Vec<BundleContent>, FileError> {
    if bundles.len() > BUNDLES_MAX {
        return Err(FileError::TooLarge);
    }
    let mut wrong: Vec<String> = Vec::new();
    for (index, bundle) in bundles.iter().enumerate() {
        let is_twice = bundles[..index]
            .iter()
            .any(|other| other.code == bundle.code);
        if is_twice {
            wrong.push(format!("第{}件：编码 {} 重复", index + 1, bundle.code));
        }
        for problem in problems(bundle) {
            wrong.push(format!(
                "第{}件（{}）{}：{}",
                index + 1,
                bundle.name,
                problem.field,
                problem.public
            ));
        }
    }
    wrong.truncate(PROBLEMS_MAX);
    if wrong.is_empty() {
        Ok(bundles)
    } else {
        Err(FileError::Wrong(wrong))
    }
}

/// Bundles as a file that [`read`] takes.
pub fn write(bundles: Vec<BundleContent>) -> String {
    serde_norway::to_string(&BundleFile { bundles }).unwrap_or_default()
}

/// What the county's file says of a bundle; where its values come from is for whoever keeps the file.
#[derive(Debug, Deserialize)]
struct CountyBundle {
    id: String,
    name: String,
    subject: String,
    tree: String,
    order: u16,
    members: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct CountyItem {
    id: String,
    name: String,
    department: String,
}

#[derive(Debug, Deserialize)]
struct CountyFile {
    items: Vec<CountyItem>,
    bundle_member_items: Vec<CountyItem>,
    bundles: Vec<CountyBundle>,
}

/// What a county adds to its file of items: questions about the situation, rule texts, bundles of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Additions {
    /// Texts that hold for every bundle that has none of its own.
    #[serde(default)]
    rule: String,
    #[serde(default)]
    refusal: String,
    /// By the key of the bundle.
    #[serde(default)]
    bundles: std::collections::BTreeMap<String, Addition>,
    /// Bundles that the county's file does not have.
    #[serde(default)]
    scenarios: Vec<BundleContent>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Addition {
    summary: String,
    lead: String,
    /// What is said of single members: for which they wait, and what is looked at on the spot.
    members: Vec<Member>,
    situations: Vec<Situation>,
    shared_fields: Vec<String>,
}

/// A member with what is added to it.
fn with(member: Member, added: &[Member]) -> Member {
    let more = added.iter().find(|more| more.code == member.code);
    Member {
        after: more.map_or_else(Vec::new, |more| more.after.clone()),
        when_refused: more.map_or_else(Default::default, |more| more.when_refused),
        inspections: more.map_or_else(Vec::new, |more| more.inspections.clone()),
        ..member
    }
}

/// The bundles of a county's file of items, with what a second file adds to them.
///
/// # Errors
/// When a file does not read, or a bundle cannot be published.
pub fn read_county(county: &str, additions: &str) -> Result<Vec<BundleContent>, FileError> {
    let unreadable = |error: serde_norway::Error| FileError::Unreadable(error.to_string());
    let county: CountyFile = serde_norway::from_str(county).map_err(unreadable)?;
    let mut additions: Additions = serde_norway::from_str(additions).map_err(unreadable)?;
    let member = |code: &String| {
        let known = county
            .items
            .iter()
            .chain(&county.bundle_member_items)
            .find(|item| item.id == *code);
        Member {
            code: code.clone(),
            name: known.map(|item| item.name.clone()).unwrap_or_default(),
            department: known
                .map(|item| item.department.clone())
                .unwrap_or_default(),
            ..Member::default()
        }
    };
    let mut bundles = Vec::new();
    for bundle in &county.bundles {
        let added = additions.bundles.remove(&bundle.id).unwrap_or_default();
        let tree = Tree::from_text(&bundle.tree).ok_or_else(|| {
            FileError::Wrong(vec![format!(
                "{}：不认识的树“{}”",
                bundle.name, bundle.tree
            )])
        })?;
        bundles.push(BundleContent {
            code: bundle.id.clone(),
            name: bundle.name.clone(),
            tree,
            order: bundle.order,
            subject: bundle.subject.clone(),
            summary: added.summary,
            members: bundle
                .members
                .iter()
                .map(|code| with(member(code), &added.members))
                .collect(),
            lead: added.lead,
            situations: added.situations,
            shared_fields: added.shared_fields,
            rule: additions.rule.clone(),
            refusal: additions.refusal.clone(),
        });
    }
    let (rule, refusal) = (&additions.rule, &additions.refusal);
    let scenarios = additions.scenarios.into_iter();
    bundles.extend(scenarios.map(|scenario| completed(scenario, member, (rule, refusal))));
    checked(bundles)
}

/// A bundle of the second file with the names of its members and the texts that hold for every bundle.
fn completed(
    mut scenario: BundleContent,
    member: impl Fn(&String) -> Member,
    (rule, refusal): (&String, &String),
) -> BundleContent {
    for known in &mut scenario.members {
        let named = member(&known.code);
        if known.name.is_empty() {
            known.name = named.name;
            known.department = named.department;
        }
    }
    if scenario.rule.is_empty() {
        scenario.rule.clone_from(rule);
    }
    if scenario.refusal.is_empty() {
        scenario.refusal.clone_from(refusal);
    }
    scenario
}
