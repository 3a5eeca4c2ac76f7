//! The rules: pure functions over facts of the ledger. What a rule finds has an identifier that follows from the fact, so
//! that the same fact is never found twice, however often and by how many servers the rules are asked.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use wuchuang_calendar::Calendar;
use wuchuang_cases::store::HandledDeed;
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_delegations::{Given, model::Extent};
use wuchuang_kernel::{Channel, FindingId, ItemId, OrganisationId, china_date, china_time};

use crate::model::{
    entry::{EntryMark, EntryStanding, EntryState},
    finding::{FindingRule, Opening},
    hall::{AuthorityScope, HallState},
    round::MissingLine,
};

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspicion {
    /// Follows from the fact.
    pub id: FindingId,
    /// What is to be opened.
    pub opening: Opening,
}

/// What the rules know of the house.
pub struct Grounds<'a> {
    /// Working days and office hours.
    pub calendar: &'a Calendar,
    /// The organisation of the centre, whose counters take anything.
    pub centre: Option<OrganisationId>,
    /// The names of organisations.
    pub names: &'a HashMap<OrganisationId, String>,
    /// What was delegated to whom.
    pub delegations: &'a [Given],
    /// The departments in the hall.
    pub halls: &'a HashMap<OrganisationId, HallState>,
}

impl Grounds<'_> {
    fn name(&self, organisation: OrganisationId) -> String {
        self.names.get(&organisation).cloned().unwrap_or_default()
    }
}

/// The identifier of a finding from the fact.
pub fn finding_of(rule: FindingRule, fact: &str) -> FindingId {
    let digest = Sha256::digest(format!("oversight/{}/{fact}", rule.code()));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    FindingId::from_u128(u128::from_be_bytes(bytes))
}

/// A finding without a case or person.
fn plain(
    rule: FindingRule,
    (organisation, organisation_name): (OrganisationId, String),
    happened_on: Date,
    evidence: String,
) -> Opening {
    Opening {
        rule,
        kind: rule.violation().unwrap_or(1),
        kind_name: String::new(),
        organisation,
        organisation_name,
        person: None,
        item: None,
        item_name: String::new(),
        case: None,
        case_number: String::new(),
        document: String::new(),
        happened_on,
        evidence,
        applicant: None,
        facts: None,
        leniency: None,
    }
}

/// 应进未进, and 不进驻 that ran out: published items without a decision that holds on the day.
pub fn items_outside(
    items: &[&ItemVersion],
    entries: &HashMap<ItemId, EntryState>,
    today: Date,
) -> Vec<Suspicion> {
    let nothing = EntryState::default();
    let outside = items.iter().filter_map(|version| {
        let entry = entries.get(&version.id).unwrap_or(&nothing);
        let department = &version.content.department;
        let whose = (department.id, department.name.clone());
        let (rule, fact, evidence) = match (entry.standing.on(today), &entry.standing) {
            (EntryMark::ExemptionEnded, EntryStanding::Exempt(exempted)) => (
                FindingRule::ExemptionEnded,
                format!("{}/{}", version.id, exempted.until),
                format!(
                    "“{}”经批准不进驻（{}），到 {} 为止，到期后没有进驻，也没有重新审批。",
                    version.content.name,
                    exempted.ground.name(),
                    exempted.until
                ),
            ),
            (EntryMark::Missing, EntryStanding::In(_)) => return None,
            (EntryMark::Missing, _) => (
                FindingRule::NotEntered,
                format!("{}/{}", version.id, entry.changes),
                format!(
                    "“{}”已经公布，既没有进驻大厅，也没有批准不进驻。",
                    version.content.name
                ),
            ),
            _ => return None,
        };
        let mut opening = plain(rule, whose, today, evidence);
        opening.item = Some(version.id);
        opening.item_name.clone_from(&version.content.name);
        Some(Suspicion {
            id: finding_of(rule, &fact),
            opening,
        })
    });
    outside.collect()
}

fn of_deed(
    rule: FindingRule,
    deed: &HandledDeed,
    whose: (OrganisationId, String),
    evidence: String,
) -> Suspicion {
    let mut opening = plain(rule, whose, china_date(deed.at), evidence);
    opening.person = deed.actor.person;
    opening.item = Some(deed.item);
    opening.item_name.clone_from(&deed.item_name);
    opening.case = Some(deed.case);
    opening.case_number.clone_from(&deed.case_number);
    Suspicion {
        id: finding_of(rule, &deed.seq.to_string()),
        opening,
    }
}

const fn word(deed: &HandledDeed) -> &'static str {
    if deed.is_decision { "决定" } else { "受理" }
}

/// Accepted or decided at a counter outside of office hours, or on a day that is no working day.
pub fn outside_hours(deed: &HandledDeed, grounds: &Grounds<'_>) -> Option<Suspicion> {
    let organisation = deed.actor.organisation()?;
    if deed.channel != Channel::Counter {
        return None;
    }
    let day = china_date(deed.at);
    let time = china_time(deed.at).time();
    let when = if grounds.calendar.is_working_day(day) {
        let mut open = grounds.calendar.office_hours().periods().iter();
        if open.any(|period| period.opens <= time && time < period.closes) {
            return None;
        }
        "工作日的办公时间以外"
    } else {
        "非工作日"
    };
    let evidence = format!(
        "{}，窗口在 {} {} {}了办件 {}（{}）。",
        when,
        day,
        time.strftime("%H:%M"),
        word(deed),
        deed.case_number,
        deed.item_name
    );
    let whose = (organisation, grounds.name(organisation));
    Some(of_deed(FindingRule::OutsideHours, deed, whose, evidence))
}

/// Accepted or decided by somebody whose organisation neither owns the item nor stands for it by delegation. Whoever does
/// a task of its drawing is let through by `task_words`, the names of those for whom the tasks are meant.
pub fn outsider(
    deed: &HandledDeed,
    task_words: &HashSet<String>,
    grounds: &Grounds<'_>,
) -> Option<Suspicion> {
    let organisation = deed.actor.organisation()?;
    if is_entitled(deed, organisation, grounds) {
        return None;
    }
    let name = grounds.name(organisation);
    if task_words.contains(&name) {
        return None;
    }
    let evidence = format!(
        "{name}{}了办件 {}（{}），事项的主管部门是{}，没有下放、委托或者赋权给它。",
        word(deed),
        deed.case_number,
        deed.item_name,
        grounds.name(deed.department),
    );
    Some(of_deed(
        FindingRule::Outsider,
        deed,
        (organisation, name),
        evidence,
    ))
}

/// Whether an organisation may do a deed as the item's owner, as the centre, or by delegation. The centre's counters take
/// anything, and settle what is settled in one sitting.
pub fn is_entitled(
    deed: &HandledDeed,
    organisation: OrganisationId,
    grounds: &Grounds<'_>,
) -> bool {
    if organisation == deed.department {
        return true;
    }
    if Some(organisation) == grounds.centre && (!deed.is_decision || deed.is_instant) {
        return true;
    }
    // What was taken in while it was delegated is finished by whoever took it in.
    let days = [china_date(deed.at), china_date(deed.received_at)];
    grounds.delegations.iter().any(|given| {
        let delegation = &given.delegation;
        given.item == deed.item
            && delegation.organisation == organisation
            && (!deed.is_decision || delegation.extent == Extent::Whole)
            && days.iter().any(|day| delegation.is_in_force(*day))
    })
}

/// Decided by a department that had authorised no 首席代表 for decisions on that day: one finding a department and day,
/// with the first case and how many there were.
pub fn without_authority(deeds: &[HandledDeed], grounds: &Grounds<'_>) -> Vec<Suspicion> {
    let mut days: BTreeMap<(OrganisationId, Date), Vec<&HandledDeed>> = BTreeMap::new();
    for deed in deeds {
        let own = deed.actor.organisation() == Some(deed.department);
        if !deed.is_decision || !own {
            continue;
        }
        let day = china_date(deed.at);
        let hall = grounds.halls.get(&deed.department);
        if hall.is_some_and(|hall| hall.may(AuthorityScope::Decide, day)) {
            continue;
        }
        days.entry((deed.department, day)).or_default().push(deed);
    }
    let found = days.into_iter().filter_map(|((department, day), deeds)| {
        let first = deeds.first()?;
        let name = grounds.name(department);
        let evidence = format!(
            "{day}，{name}没有首席代表得到“审批”的书面授权，当天作出 {} 个决定，第一个是办件 {}（{}）。",
            deeds.len(),
            first.case_number,
            first.item_name
        );
        let rule = FindingRule::NoAuthority;
        let mut opening = plain(rule, (department, name), day, evidence);
        opening.case = Some(first.case);
        opening.case_number.clone_from(&first.case_number);
        opening.item = Some(first.item);
        opening.item_name.clone_from(&first.item_name);
        Some(Suspicion {
            id: finding_of(rule, &format!("{department}/{day}")),
            opening,
        })
    });
    found.collect()
}

/// 体外审批: a decision in the department's own register that the ledger does not hold.
pub fn outside_ledger(
    (department, department_name): (OrganisationId, &str),
    line: &MissingLine,
    item_name: &str,
) -> Suspicion {
    let rule = FindingRule::Register;
    let evidence = format!(
        "{department_name}的台账里有 {} 于 {} 作出的“{item_name}”决定，账本上没有对应的办件和证照。",
        line.document, line.on
    );
    let whose = (department, department_name.to_owned());
    let mut opening = plain(rule, whose, line.on, evidence);
    opening.item = Some(line.item);
    item_name.clone_into(&mut opening.item_name);
    opening.document.clone_from(&line.document);
    opening.applicant.clone_from(&line.applicant);
    Suspicion {
        id: finding_of(rule, &format!("{department}/{}", line.document)),
        opening,
    }
}
