//! The worklist: keyset-paged, scoped by organisation, filtered in the address; `counts` above it.

mod counts;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use wuchuang_calendar::china_instant;
use wuchuang_kernel::{OrganisationId, PersonId, Region};
use wuchuang_ledger::{
    StorageError,
    storage::{Connection, Value, list},
};

use super::{
    row::{CaseRow, LightFilter},
    tasks::{HELD_BY_TASKS, Taker},
};

pub use counts::WorklistCounts;
pub(crate) use counts::counts;

/// How many rows one page has.
pub const PAGE_ROWS_MAX: u32 = 100;

/// Which cases a member of staff may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WorklistScope {
    /// Those of one organisation.
    Organisation(OrganisationId),
    /// All of the region: supervisors, and counters that take any item.
    Region,
}

/// Which mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkFilter {
    /// The applicant wrote a line that nobody has answered.
    WaitsForAnswer,
    /// Material arrived that nobody has taken up.
    HasNewMaterial,
    /// The owed supplement is late.
    SupplementOverdue,
    /// An extension was asked for that nobody has answered.
    ExtensionAsked,
    /// Decided by rules, and drawn for a person to look at; mostly over.
    RulesReview,
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorklistFilter {
    /// Only cases held by this person.
    pub holder: Option<PersonId>,
    /// Only cases that nobody holds, and of those in a drawn process the ones with a free task for the taker.
    pub unclaimed: bool,
    /// Who looks for something to take.
    pub taker: Option<Taker>,
    /// Only this stage.
    pub stage: Option<String>,
    /// Only this light.
    pub light: Option<LightFilter>,
    /// Only this item.
    pub item: Option<String>,
    /// Only the cases of this applicant.
    pub applicant: Option<PersonId>,
    /// Only 绿色通道.
    pub priority: bool,
    /// Only this mark.
    pub mark: Option<MarkFilter>,
    /// Only cases received on this day or later.
    pub received_from: Option<Date>,
    /// Only cases received on this day or earlier.
    pub received_until: Option<Date>,
    /// A number, or the beginning of one, or a part of the applicant's or item's name.
    pub search: Option<String>,
    /// Also cases that are over.
    pub include_closed: bool,
}

/// Where a page begins: after this row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorklistCursor {
    /// The row's due date.
    pub due_on: String,
    /// The row's case.
    pub id: String,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct WorklistPage {
    /// The rows, the most urgent first.
    pub rows: Vec<CaseRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<WorklistCursor>,
}

/// Whose hands a condition speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hands {
    /// Those of cases, which is all that most cases have.
    Cases,
    /// Those of open tasks of drawn processes.
    Tasks,
    /// The same of cases that another organisation handles and that have an open task for this one.
    TasksElsewhere,
}

/// Builds a statement's condition with numbered places.
struct Condition {
    sql: String,
    values: Vec<Value>,
}

impl Condition {
    fn new(region: Region) -> Self {
        Self {
            sql: "region = $1".to_owned(),
            values: vec![region.to_string().into()],
        }
    }

    fn and(&mut self, template: &str, values: impl IntoIterator<Item = Value>) {
        let mut text = template.to_owned();
        for value in values {
            self.values.push(value);
            text = text.replacen('?', &format!("${}", self.values.len()), 1);
        }
        self.sql.push_str(" AND ");
        self.sql.push_str(&text);
    }

    fn scope(&mut self, scope: WorklistScope) {
        if let WorklistScope::Organisation(organisation) = scope {
            self.and("organisation = ?", [organisation.to_string().into()]);
        }
    }

    /// Cases of other organisations that have an open task for the taker's.
    fn elsewhere(&mut self, taker: &Taker) {
        let [name, place] = taker.guest_words();
        self.and(
            "organisation <> ? AND id IN (SELECT case_id FROM case_task WHERE region = $1 AND candidate IN (?, ?) AND task_open = TRUE)",
            [
                taker.organisation.to_string().into(),
                name.into(),
                place.into(),
            ],
        );
    }

    fn arrival(&mut self, filter: &WorklistFilter) {
        if filter.priority {
            self.and("priority = TRUE", []);
        }
        if let Some(day) = filter.received_from {
            self.and("received_at_us >= ?", [begins_us(day).into()]);
        }
        if let Some(day) = filter.received_until {
            let next = day.tomorrow().unwrap_or(day);
            self.and("received_at_us < ?", [begins_us(next).into()]);
        }
    }

    fn mark(&mut self, mark: Option<MarkFilter>, today: Date) {
        match mark {
            None => {}
            Some(MarkFilter::WaitsForAnswer) => self.and("waits_for_answer = TRUE", []),
            Some(MarkFilter::HasNewMaterial) => self.and("has_new_material = TRUE", []),
            Some(MarkFilter::ExtensionAsked) => self.and("extension_asked = TRUE", []),
            Some(MarkFilter::RulesReview) => self.and("rules_review = TRUE", []),
            Some(MarkFilter::SupplementOverdue) => self.and(
                "supplement_due_on <> '' AND supplement_due_on < ?",
                [today.to_string().into()],
            ),
        }
    }

    /// In whose hands, and what is free: of cases as a whole, or of those whose tasks are each in a hand of their own.
    fn hand(&mut self, filter: &WorklistFilter, hands: Hands) {
        match hands {
            Hands::Cases => {
                if let Some(holder) = filter.holder {
                    self.and("holder = ?", [holder.to_string().into()]);
                }
                if filter.unclaimed {
                    self.and("holder = ''", []);
                }
            }
            Hands::Tasks | Hands::TasksElsewhere => {
                if hands == Hands::Tasks {
                    self.and("holder = ?", [HELD_BY_TASKS.into()]);
                }
                if let Some(holder) = filter.holder {
                    self.and(
                        "id IN (SELECT case_id FROM case_task WHERE region = $1 AND task_holder = ? AND task_open = TRUE)",
                        [holder.to_string().into()],
                    );
                }
                if filter.unclaimed {
                    self.takeable(filter.taker.as_ref());
                }
            }
        }
    }

    fn takeable(&mut self, taker: Option<&Taker>) {
        let Some(taker) = taker else {
            self.and("1 = 0", []);
            return;
        };
        let mut values = vec![Value::from(taker.organisation.to_string())];
        let candidates = taker.candidates();
        let places = vec!["?"; candidates.len()].join(", ");
        values.extend(candidates);
        values.extend(taker.guest_words().map(Value::from));
        self.and(
            &format!(
                "EXISTS (SELECT 1 FROM case_task WHERE case_task.region = $1 AND case_task.case_id = case_file.id
                 AND task_open = TRUE AND task_holder = ''
                 AND ((case_task.organisation = ? AND candidate IN ({places})) OR candidate IN (?, ?)))"
            ),
            values,
        );
    }

    fn filter(&mut self, filter: &WorklistFilter, hands: Hands, today: Date) {
        if !filter.include_closed && filter.mark != Some(MarkFilter::RulesReview) {
            self.and("is_open = TRUE", []);
        }
        self.hand(filter, hands);
        if let Some(stage) = &filter.stage {
            self.and("stage = ?", [stage.clone().into()]);
        }
        if let Some(item) = &filter.item {
            self.and("item = ?", [item.clone().into()]);
        }
        if let Some(applicant) = filter.applicant {
            self.and("person = ?", [applicant.to_string().into()]);
        }
        self.arrival(filter);
        self.mark(filter.mark, today);
        if let Some(light) = filter.light {
            self.values.push(today.to_string().into());
            let day = format!("${}", self.values.len());
            self.and(&light.condition(&day), []);
        }
        if let Some(search) = filter
            .search
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
        {
            let part = format!("%{}%", search.replace(['%', '_'], ""));
            self.and(
                "(number LIKE ? OR applicant_name LIKE ? OR item_name LIKE ?)",
                [part.clone().into(), part.clone().into(), part.into()],
            );
        }
    }
}

/// When a day begins in China, as rows keep instants.
fn begins_us(day: Date) -> i64 {
    china_instant(day, Time::midnight()).as_microsecond()
}

/// A page of the list.
pub(crate) async fn page<C: Connection>(
    connection: &C,
    region: Region,
    scope: WorklistScope,
    filter: &WorklistFilter,
    after: Option<&WorklistCursor>,
    limit: u32,
    today: Date,
) -> Result<WorklistPage, StorageError> {
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    let of = |hands| {
        read(
            connection,
            (region, scope),
            (filter, hands),
            after,
            limit,
            today,
        )
    };
    let mut rows = of(Hands::Cases).await?;
    let in_cases = rows.len();
    // Each is read in the order of the list, and no case is in two of them.
    if filter.holder.is_some() || filter.unclaimed {
        rows.extend(of(Hands::Tasks).await?);
    }
    if matches!(scope, WorklistScope::Organisation(_)) && filter.taker.is_some() {
        rows.extend(of(Hands::TasksElsewhere).await?);
    }
    if rows.len() > in_cases {
        rows.sort_by(|one, other| (&one.due_on, &one.id).cmp(&(&other.due_on, &other.id)));
    }
    let next = if rows.len() > limit as usize {
        rows.truncate(limit as usize);
        rows.last().map(|row| WorklistCursor {
            due_on: row.due_on.clone(),
            id: row.id.clone(),
        })
    } else {
        None
    };
    Ok(WorklistPage { rows, next })
}

/// One row more than a page of one kind of hands.
async fn read<C: Connection>(
    connection: &C,
    (region, scope): (Region, WorklistScope),
    (filter, hands): (&WorklistFilter, Hands),
    after: Option<&WorklistCursor>,
    limit: u32,
    today: Date,
) -> Result<Vec<CaseRow>, StorageError> {
    let mut condition = Condition::new(region);
    match (hands, &filter.taker) {
        (Hands::TasksElsewhere, Some(taker)) => condition.elsewhere(taker),
        _ => condition.scope(scope),
    }
    condition.filter(filter, hands, today);
    if let Some(after) = after {
        condition.and(
            "(due_on > ? OR (due_on = ? AND id > ?))",
            [
                after.due_on.clone().into(),
                after.due_on.clone().into(),
                after.id.clone().into(),
            ],
        );
    }
    let place = condition.values.len() + 1;
    condition.values.push(i64::from(limit + 1).into());
    let sql = format!(
        "SELECT {} FROM case_file WHERE {} ORDER BY due_on, id LIMIT ${place}",
        CaseRow::COLUMNS,
        condition.sql
    );
    list(connection, &sql, condition.values).await
}
