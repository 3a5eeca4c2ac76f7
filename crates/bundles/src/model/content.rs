//! What a bundle says: which items it joins, which question chooses among them, and what happens to the others when one
//! is refused.

use serde::{Deserialize, Serialize};

/// In which of the two trees a bundle hangs (人生九件事、企业三件事), or beside them.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Tree {
    /// 个人全生命周期.
    #[default]
    Person,
    /// 企业全生命周期.
    Enterprise,
    /// 场景一件事, such as 我要开洗车行.
    Scenario,
}

impl Tree {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Person, Self::Enterprise, Self::Scenario];

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Enterprise => "enterprise",
            Self::Scenario => "scenario",
        }
    }

    /// The words of the county's files and of the staff's pages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "个人全生命周期",
            Self::Enterprise => "企业全生命周期",
            Self::Scenario => "场景一件事",
        }
    }

    /// What stands on the trunk.
    pub const fn trunk(self) -> &'static str {
        match self {
            Self::Person => "人生",
            Self::Enterprise => "企业",
            Self::Scenario => "场景",
        }
    }

    /// Reads the stored form or the words.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|tree| tree.code() == text || tree.name() == text)
    }
}

/// One of the items that a bundle joins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Member {
    /// The county's key of the item, by which it is found in the catalogue: `I34`.
    pub code: String,
    /// Its name, for an item that this house does not hold.
    pub name: String,
    /// Who handles it, for an item that this house does not hold.
    pub department: String,
    /// The codes of the members that must be granted before this one is opened (前置).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// What happens to this member when one of those is not granted.
    #[serde(skip_serializing_if = "WhenRefused::is_usual")]
    pub when_refused: WhenRefused,
    /// What its department must look at on the spot, together with the others, before it grants.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inspections: Vec<InspectionKind>,
}

/// What happens to a member that waits when an earlier one is not granted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhenRefused {
    /// It is not opened any more, and the applicant is told why.
    #[default]
    End,
    /// It is opened all the same.
    GoOn,
}

impl WhenRefused {
    /// Whether it is what holds when nothing is said.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands a reference to the condition under which a field is left out"
    )]
    pub(crate) fn is_usual(&self) -> bool {
        *self == Self::End
    }
}

/// What several departments do together on the spot.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum InspectionKind {
    /// 联合踏勘: before something is built or fitted out.
    Survey,
    /// 联合验收: when it is done.
    Acceptance,
}

impl InspectionKind {
    /// All kinds, in the order in which they come.
    pub const ALL: [Self; 2] = [Self::Survey, Self::Acceptance];

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Survey => "survey",
            Self::Acceptance => "acceptance",
        }
    }

    /// The field's words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Survey => "联合踏勘",
            Self::Acceptance => "联合验收",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A question about the applicant's situation (情形). Which members a situation needs follows from the answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Situation {
    /// Its key inside the bundle: `now`.
    pub id: String,
    /// The question.
    pub question: String,
    /// Whether several answers may hold at once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub several: bool,
    /// The answers.
    pub options: Vec<SituationOption>,
}

/// One answer to a question about the situation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SituationOption {
    /// Its key inside the question: `jobless`.
    pub id: String,
    /// The answer.
    pub label: String,
    /// The codes of the members that it calls for; may be empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
}

/// The elements of a bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BundleContent {
    /// The county's key: `B03`. The bundle's identifier follows from it.
    pub code: String,
    /// Its name: 就业创业.
    pub name: String,
    /// In which tree it hangs.
    pub tree: Tree,
    /// Its place in the tree, the smallest first.
    pub order: u16,
    /// For whom: 自然人, 企业.
    pub subject: String,
    /// In a sentence or two, what it is good for; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// The items, in the order in which people read them.
    pub members: Vec<Member>,
    /// The code of the member whose department leads (牵头单位): it fixes when all go to the spot. Empty for the first that goes.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub lead: String,
    /// The questions about the situation. A member that no answer names is always part of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub situations: Vec<Situation>,
    /// Names of form fields that ask the same in every member, though the members word them differently.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared_fields: Vec<String>,
    /// The rule text of the bundle; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// What happens to the others when one part is refused; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub refusal: String,
}

/// Answers to the questions about the situation: question and answer, by their keys.
pub type Answered = [(String, String)];

/// How many answers an address may carry.
const ANSWERS_MAX: usize = 100;

impl BundleContent {
    /// The members that wait for each other in a circle, or behind one, with code and name; none when each can be opened
    /// some time.
    pub fn circle(&self) -> Vec<String> {
        let mut rest: Vec<&Member> = self.members.iter().collect();
        loop {
            let waits = |member: &&Member| {
                let is_left = |code: &String| rest.iter().any(|other| other.code == *code);
                member.after.iter().any(is_left)
            };
            let kept: Vec<&Member> = rest.iter().copied().filter(waits).collect();
            if kept.len() == rest.len() {
                break;
            }
            rest = kept;
        }
        rest.into_iter()
            .map(|member| format!("{}{}", member.code, member.name))
            .collect()
    }

    /// The answers to its questions among the pairs of an address.
    pub fn answers(&self, pairs: &[(String, String)]) -> Vec<(String, String)> {
        let is_asked = |(situation, option): &&(String, String)| {
            self.situations.iter().any(|known| {
                known.id == *situation && known.options.iter().any(|one| one.id == *option)
            })
        };
        let asked = pairs.iter().take(ANSWERS_MAX).filter(is_asked);
        asked.cloned().collect()
    }

    /// Whether every question has an answer.
    pub fn is_answered(&self, answers: &Answered) -> bool {
        self.situations
            .iter()
            .all(|situation| situation.several || situation.chosen(answers).next().is_some())
    }

    /// The members that a situation needs, in their order: those that no answer names, and those that a chosen one names.
    pub fn needed(&self, answers: &Answered) -> Vec<&Member> {
        let options = || self.situations.iter().flat_map(|one| &one.options);
        let chosen: Vec<&SituationOption> = self
            .situations
            .iter()
            .flat_map(|situation| situation.chosen(answers))
            .collect();
        self.members
            .iter()
            .filter(|member| {
                let names = |option: &&SituationOption| option.members.contains(&member.code);
                chosen.iter().any(names) || !options().any(|option| names(&option))
            })
            .collect()
    }
}

impl Situation {
    /// The answers that were chosen; of a question with one answer, the first.
    fn chosen<'a>(&'a self, answers: &'a Answered) -> impl Iterator<Item = &'a SituationOption> {
        let most = if self.several { usize::MAX } else { 1 };
        self.options
            .iter()
            .filter(|option| self.is_chosen(option, answers))
            .take(most)
    }

    /// Whether an answer was chosen.
    pub fn is_chosen(&self, option: &SituationOption, answers: &Answered) -> bool {
        answers
            .iter()
            .any(|(situation, chosen)| *situation == self.id && *chosen == option.id)
    }
}
