//! What the editor's page sends: the whole bundle and one deed. A page without a script sends everything each time a row is
//! added or moved, so nothing typed is lost; nothing is kept before 保存.

use std::collections::HashMap;

use crate::model::{
    BundleContent, InspectionKind, Member, Situation, Tree,
    content::{SituationOption, WhenRefused},
};

/// How many rows of a kind are read; what is more is told as a problem.
const ROWS_MAX: usize = 60;

/// What is done with what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// Nothing.
    Look,
    /// Kept as the working copy.
    Save,
    /// The chosen item of this house at the end.
    AddMember,
    /// An item that this house does not hold at the end.
    AddForeign,
    /// One place up, from 0.
    Up(usize),
    /// One place down.
    Down(usize),
    /// Taken out.
    RemoveMember(usize),
    /// A question at the end.
    AddSituation,
    /// Taken out.
    RemoveSituation(usize),
    /// An answer at the end of a question.
    AddOption(usize),
    /// An answer of a question, taken out.
    RemoveOption(usize, usize),
}

impl Deed {
    fn read(word: &str) -> Self {
        let mut parts = word.split(':');
        let name = parts.next().unwrap_or_default();
        let mut place = || parts.next().and_then(|place| place.parse::<usize>().ok());
        match (name, place(), place()) {
            ("save", ..) => Self::Save,
            ("member", None, _) => Self::AddMember,
            ("foreign", None, _) => Self::AddForeign,
            ("up", Some(at), _) => Self::Up(at),
            ("down", Some(at), _) => Self::Down(at),
            ("remove", Some(at), None) => Self::RemoveMember(at),
            ("situation", None, _) => Self::AddSituation,
            ("unask", Some(at), _) => Self::RemoveSituation(at),
            ("option", Some(at), _) => Self::AddOption(at),
            ("unoffer", Some(at), Some(option)) => Self::RemoveOption(at, option),
            _ => Self::Look,
        }
    }
}

/// The editor as it was sent.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) content: BundleContent,
    pub(super) deed: Deed,
    /// The item of this house that was chosen to be added.
    pub(super) chosen: String,
    /// What stands in the field of the place in the tree, when it is no number.
    pub(super) wrong_order: Option<String>,
    /// The version of the bundle that was seen.
    pub(super) version: i64,
    /// The form's key.
    pub(super) key: String,
}

/// The values of a page, several of one name in their order.
struct Values(HashMap<String, Vec<String>>);

impl Values {
    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.0.get(name).cloned().unwrap_or_default()
    }

    fn text(&self, name: &str) -> String {
        let found = self.0.get(name).and_then(|values| values.first());
        // Browsers send line ends as carriage return and line feed.
        found.map_or_else(String::new, |text| {
            text.replace("\r\n", "\n").trim().to_owned()
        })
    }
}

impl Sent {
    /// Reads the pairs of the page; rows are named as the problems name them, with points: `members.2.name`.
    pub(super) fn read(pairs: Vec<(String, String)>) -> Self {
        let mut values = Values(HashMap::new());
        for (name, value) in pairs {
            values.0.entry(name).or_default().push(value);
        }
        let order = values.text("order");
        let number = order.parse::<u16>();
        let lines = |name: &str| {
            let text = values.text(name);
            let lines = text.split(['\n', '、', ',', '，']).map(str::trim);
            lines
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect()
        };
        Self {
            content: BundleContent {
                code: values.text("code"),
                name: values.text("name"),
                tree: Tree::from_text(&values.text("tree")).unwrap_or_default(),
                order: number.clone().unwrap_or_default(),
                subject: values.text("subject"),
                summary: values.text("summary"),
                members: (0..ROWS_MAX).map_while(|at| member(&values, at)).collect(),
                lead: values.text("lead"),
                situations: (0..ROWS_MAX)
                    .map_while(|at| situation(&values, at))
                    .collect(),
                shared_fields: lines("shared_fields"),
                rule: values.text("rule"),
                refusal: values.text("refusal"),
            },
            deed: Deed::read(&values.text("deed")),
            chosen: values.text("chosen"),
            wrong_order: number.is_err().then_some(order),
            version: values.text("version").parse().unwrap_or_default(),
            key: values.text("command_id"),
        }
    }

    /// Does the deed with the rows. `known` is what stands for the chosen item, `is_taken` whether a code names an item
    /// of this house.
    pub(super) fn change(&mut self, is_taken: impl Fn(&str) -> bool) {
        let content = &mut self.content;
        match self.deed {
            Deed::AddMember if !self.chosen.is_empty() => {
                let is_there = content
                    .members
                    .iter()
                    .any(|member| member.code == self.chosen);
                if !is_there {
                    content.members.push(Member {
                        code: std::mem::take(&mut self.chosen),
                        ..Member::default()
                    });
                }
            }
            Deed::AddForeign => {
                let is_used = |code: &str| {
                    is_taken(code) || content.members.iter().any(|member| member.code == code)
                };
                let code = free("N", is_used);
                content.members.push(Member {
                    code,
                    ..Member::default()
                });
            }
            Deed::Up(at) if at > 0 && at < content.members.len() => {
                content.members.swap(at, at - 1);
            }
            Deed::Down(at) if at + 1 < content.members.len() => content.members.swap(at, at + 1),
            Deed::RemoveMember(at) if at < content.members.len() => remove(content, at),
            Deed::AddSituation => {
                let situations = &content.situations;
                let id = free("q", |id| situations.iter().any(|one| one.id == id));
                content.situations.push(Situation {
                    id,
                    options: vec![option("a1"), option("a2")],
                    ..Situation::default()
                });
            }
            Deed::RemoveSituation(at) if at < content.situations.len() => {
                content.situations.remove(at);
            }
            Deed::AddOption(at) => {
                if let Some(situation) = content.situations.get_mut(at) {
                    let options = &situation.options;
                    let id = free("a", |id| options.iter().any(|one| one.id == id));
                    situation.options.push(option(&id));
                }
            }
            Deed::RemoveOption(at, option) => {
                if let Some(situation) = content.situations.get_mut(at)
                    && option < situation.options.len()
                {
                    situation.options.remove(option);
                }
            }
            _ => {}
        }
    }
}

/// Takes a member out, and with it whatever names it.
fn remove(content: &mut BundleContent, at: usize) {
    let gone = content.members.remove(at).code;
    for member in &mut content.members {
        member.after.retain(|code| *code != gone);
    }
    for situation in &mut content.situations {
        for option in &mut situation.options {
            option.members.retain(|code| *code != gone);
        }
    }
    if content.lead == gone {
        content.lead.clear();
    }
}

fn option(id: &str) -> SituationOption {
    SituationOption {
        id: id.to_owned(),
        ..SituationOption::default()
    }
}

/// The first of `q1`, `q2` … that is not taken.
fn free(letter: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut names = (1..=u16::MAX).map(|number| format!("{letter}{number}"));
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

fn member(values: &Values, at: usize) -> Option<Member> {
    let name = |part: &str| format!("members.{at}.{part}");
    values.has(&name("code")).then(|| Member {
        code: values.text(&name("code")),
        name: values.text(&name("name")),
        department: values.text(&name("department")),
        after: values.all(&name("after")),
        when_refused: if values.text(&name("when_refused")) == "go_on" {
            WhenRefused::GoOn
        } else {
            WhenRefused::End
        },
        inspections: values
            .all(&name("inspections"))
            .iter()
            .filter_map(|code| InspectionKind::from_code(code))
            .collect(),
    })
}

fn situation(values: &Values, at: usize) -> Option<Situation> {
    let name = |part: &str| format!("situations.{at}.{part}");
    values.has(&name("id")).then(|| Situation {
        id: values.text(&name("id")),
        question: values.text(&name("question")),
        several: values.has(&name("several")),
        options: (0..ROWS_MAX)
            .map_while(|place| {
                let part = |part: &str| name(&format!("options.{place}.{part}"));
                values.has(&part("id")).then(|| SituationOption {
                    id: values.text(&part("id")),
                    label: values.text(&part("label")),
                    members: values.all(&part("members")),
                })
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Sent {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut sent = Sent::read(pairs.iter().map(owned).collect());
        sent.change(|code| code == "N1");
        sent
    }

    const BUNDLE: [(&str, &str); 12] = [
        ("code", "S09"),
        ("name", " 我要开店 "),
        ("order", "3"),
        ("lead", "I07"),
        ("members.0.code", "I04"),
        ("members.1.code", "I07"),
        ("members.1.after", "I04"),
        ("members.1.inspections", "survey"),
        ("members.1.when_refused", "go_on"),
        ("situations.0.id", "q1"),
        ("situations.0.options.0.id", "a1"),
        ("situations.0.options.0.members", "I07"),
    ];

    fn with(deed: &str) -> Sent {
        let mut pairs = BUNDLE.to_vec();
        pairs.push(("deed", deed));
        pairs.push(("chosen", "I10"));
        sent(&pairs)
    }

    fn codes(sent: &Sent) -> Vec<&str> {
        let members = sent.content.members.iter();
        members.map(|member| member.code.as_str()).collect()
    }

    #[test]
    fn everything_that_was_sent_is_read() {
        let sent = with("look");
        assert_eq!(sent.content.name, "我要开店");
        assert_eq!(sent.content.order, 3);
        let member = &sent.content.members[1];
        assert_eq!(member.after, ["I04"]);
        assert_eq!(member.when_refused, WhenRefused::GoOn);
        assert_eq!(member.inspections, [InspectionKind::Survey]);
        assert_eq!(sent.content.situations[0].options[0].members, ["I07"]);
        assert_eq!(super::super::sent::Deed::read("up:x"), Deed::Look);
    }

    #[test]
    fn members_are_added_moved_and_taken_out_with_whatever_names_them() {
        assert_eq!(codes(&with("member")), ["I04", "I07", "I10"]);
        assert_eq!(codes(&with("foreign")), ["I04", "I07", "N2"]);
        assert_eq!(codes(&with("up:1")), ["I07", "I04"]);
        assert_eq!(codes(&with("down:1")), ["I04", "I07"]);
        let first = with("remove:0");
        assert_eq!(codes(&first), ["I07"]);
        assert!(first.content.members[0].after.is_empty());
        let second = with("remove:1");
        assert!(second.content.lead.is_empty());
        assert!(second.content.situations[0].options[0].members.is_empty());
    }

    #[test]
    fn questions_and_answers_get_keys_of_their_own() {
        let more = with("situation");
        assert_eq!(more.content.situations[1].id, "q2");
        assert_eq!(more.content.situations[1].options.len(), 2);
        let offered = with("option:0");
        assert_eq!(offered.content.situations[0].options[1].id, "a2");
        assert!(with("unoffer:0:0").content.situations[0].options.is_empty());
        assert!(with("unask:0").content.situations.is_empty());
        assert_eq!(with("unask:7").content.situations.len(), 1);
    }

    #[test]
    fn a_place_that_is_no_number_is_told() {
        assert_eq!(sent(&[("order", "三")]).wrong_order, Some("三".to_owned()));
    }
}
