//! One case as lists show it.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{CaseId, PersonId, mask_name};
use wuchuang_webkit::markup::Light;

use super::tasks::HELD_BY_TASKS;

/// Which light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LightFilter {
    /// 正常.
    Normal,
    /// 将到期.
    DueSoon,
    /// 已超期.
    Overdue,
    /// 暂停.
    Paused,
}

impl LightFilter {
    /// The rows that show this light on a day, as a condition; `day` is the place that holds the day. The same rule as
    /// [`CaseRow::light`].
    pub(crate) fn condition(self, day: &str) -> String {
        let of = |rest: &str| format!("is_open = TRUE AND is_paused = FALSE AND {rest}");
        match self {
            Self::Paused => "is_open = TRUE AND is_paused = TRUE".to_owned(),
            Self::Overdue => of(&format!("due_on < {day}")),
            Self::DueSoon => of(&format!("due_on >= {day} AND warn_on <= {day}")),
            Self::Normal => of(&format!("due_on >= {day} AND warn_on > {day}")),
        }
    }
}

/// A row of `case_file`.
#[derive(Debug, Clone, Deserialize)]
pub struct CaseRow {
    /// The case.
    pub id: String,
    /// Its number.
    pub number: String,
    /// The item.
    pub item: String,
    /// The item's name.
    pub item_name: String,
    /// The organisation that handles it now.
    pub organisation: String,
    /// Its name.
    pub organisation_name: String,
    /// The applicant.
    pub person: String,
    /// `person` or `organisation`.
    pub applicant_kind: String,
    /// The applicant's name; empty after they were forgotten.
    pub applicant_name: String,
    /// Through which window it came.
    pub channel: String,
    /// 绿色通道.
    pub priority: bool,
    /// Where it stands.
    pub stage: String,
    /// The step's key.
    pub step: String,
    /// The step's name.
    pub step_name: String,
    /// Who holds it; empty while it lies with the organisation, `tasks` while tasks of a drawn process are each in a hand of
    /// their own.
    pub holder: String,
    /// Whether it is under way.
    pub is_open: bool,
    /// Whether its time is stopped (special procedure, correction).
    pub is_paused: bool,
    /// From which day on it is yellow.
    pub warn_on: String,
    /// The last day in time.
    pub due_on: String,
    /// How it ended: `granted`, `refused`, `not_accepted`, `withdrawn`, `terminated`, or empty.
    pub outcome: String,
    /// Whether it ended in time.
    pub in_time: bool,
    /// Whether the service was rated.
    pub rated: bool,
    /// The stream's version.
    pub version: i64,
    /// When it was received.
    pub received_at_us: i64,
    /// When it came to its present step.
    pub arrived_at_us: i64,
    /// When it ended; 0 while it is under way.
    pub closed_at_us: i64,
    /// Whether the applicant wrote a line that nobody has answered.
    pub waits_for_answer: bool,
    /// Whether the applicant supplied something that nobody has taken up.
    pub has_new_material: bool,
    /// The last day of the supplement that is still owed; empty when nothing is.
    pub supplement_due_on: String,
    /// Whether somebody asked for an extension that nobody has answered.
    pub extension_asked: bool,
}

impl CaseRow {
    /// The columns, for queries.
    pub const COLUMNS: &str = "id, number, item, item_name, organisation, organisation_name, person, applicant_kind, applicant_name, channel, priority, stage, step, step_name, holder, is_open, is_paused, warn_on, due_on, outcome, in_time, rated, version, received_at_us, arrived_at_us, closed_at_us, waits_for_answer, has_new_material, supplement_due_on, extension_asked";

    /// Whether its open tasks are each in a hand of their own.
    pub fn is_held_by_tasks(&self) -> bool {
        self.holder == HELD_BY_TASKS
    }

    /// The case's identifier.
    pub fn case_id(&self) -> Option<CaseId> {
        self.id.parse().ok()
    }

    /// The applicant's identifier.
    pub fn person_id(&self) -> Option<PersonId> {
        self.person.parse().ok()
    }

    /// The applicant's name as lists show it: persons masked, organisations in full.
    pub fn applicant_shown(&self) -> String {
        if self.applicant_kind == "organisation" {
            self.applicant_name.clone()
        } else {
            mask_name(&self.applicant_name)
        }
    }

    /// The light on a day. [`LightFilter::condition`] says the same to the database.
    pub fn light(&self, today: Date) -> Light {
        let today = today.to_string();
        if !self.is_open {
            Light::Finished
        } else if self.is_paused {
            Light::Paused
        } else if today > self.due_on {
            Light::Overdue
        } else if today >= self.warn_on {
            Light::DueSoon
        } else {
            Light::Normal
        }
    }

    /// The last day in time, when there is one.
    pub fn due(&self) -> Option<Date> {
        let date: Date = self.due_on.parse().ok()?;
        (date.year() < 9999).then_some(date)
    }

    /// The last day of the supplement that is still owed.
    pub fn supplement_due(&self) -> Option<Date> {
        self.supplement_due_on.parse().ok()
    }

    /// When it was received.
    pub fn received_at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.received_at_us).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// When it came to its present step.
    pub fn arrived_at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.arrived_at_us).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}
