//! The worklist: keyset-paged, scoped by organisation, filtered in the address.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use wuchuang_calendar::china_instant;
use wuchuang_kernel::{OrganisationId, PersonId, Region};
use wuchuang_ledger::{
    StorageError,
    storage::{Connection, Value, find, list},
};

use super::{
    row::{CaseRow, LightFilter},
    tasks::{HELD_BY_TASKS, Taker},
};

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

/// How many cases wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct WorklistCounts {
    /// All that are under way in the scope.
    pub open: i64,
    /// Mine.
    pub mine: i64,
    /// Held by nobody.
    pub unclaimed: i64,
    /// Yellow.
    pub due_soon: i64,
    /// Red.
    pub overdue: i64,
    /// The applicant waits for an answer.
    pub waits_for_answer: i64,
    /// Material arrived that nobody has taken up.
    pub has_new_material: i64,
    /// The owed supplement is late.
    pub supplement_overdue: i64,
    /// An extension was asked for that nobody has answered.
    pub extension_asked: i64,
    /// Decided by rules, and drawn for a person to look at.
    pub rules_review: i64,
}

/// Whose hands a condition speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hands {
    /// Those of cases, which is all that most cases have.
    OfCases,
    /// Those of open tasks of drawn processes.
    OfTasks,
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
            Hands::OfCases => {
                if let Some(holder) = filter.holder {
                    self.and("holder = ?", [holder.to_string().into()]);
                }
                if filter.unclaimed {
                    self.and("holder = ''", []);
                }
            }
            Hands::OfTasks => {
                self.and("holder = ?", [HELD_BY_TASKS.into()]);
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
        let candidates = taker.candidates();
        let places = vec!["?"; candidates.len()].join(", ");
        self.and("organisation = ?", [taker.organisation.to_string().into()]);
        self.and(
            &format!(
                "EXISTS (SELECT 1 FROM case_task WHERE case_task.region = $1 AND case_task.case_id = case_file.id
                 AND task_open = TRUE AND task_holder = '' AND candidate IN ({places}))"
            ),
            candidates,
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
    let mut rows = of(Hands::OfCases).await?;
    // Each is read in the order of the list, and no case is in both.
    if filter.holder.is_some() || filter.unclaimed {
        rows.extend(of(Hands::OfTasks).await?);
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
    condition.scope(scope);
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

/// The counts over a list.
pub(crate) async fn counts<C: Connection>(
    connection: &C,
    region: Region,
    scope: WorklistScope,
    (me, taker): (PersonId, Option<&Taker>),
    today: Date,
) -> Result<WorklistCounts, StorageError> {
    let mut condition = Condition::new(region);
    condition.scope(scope);
    condition.and("is_open = TRUE", []);
    let place = condition.values.len();
    condition.values.push(me.to_string().into());
    condition.values.push(today.to_string().into());
    let (me, day) = (place + 1, place + 2);
    let free = free_tasks(taker, &mut condition.values);
    let to_review = to_review(scope, &mut condition.values);
    let of_light = |light: LightFilter| light.condition(&format!("${day}"));
    let (due_soon, overdue) = (
        of_light(LightFilter::DueSoon),
        of_light(LightFilter::Overdue),
    );
    let sql = format!(
        "SELECT COUNT(*) AS open,
            COALESCE(SUM(CASE WHEN holder = ${me} THEN 1 ELSE 0 END), 0)
                + (SELECT COUNT(DISTINCT case_id) FROM case_task WHERE region = $1 AND task_holder = ${me} AND task_open = TRUE) AS mine,
            COALESCE(SUM(CASE WHEN holder = '' THEN 1 ELSE 0 END), 0) + {free} AS unclaimed,
            COALESCE(SUM(CASE WHEN {due_soon} THEN 1 ELSE 0 END), 0) AS due_soon,
            COALESCE(SUM(CASE WHEN {overdue} THEN 1 ELSE 0 END), 0) AS overdue,
            COALESCE(SUM(CASE WHEN waits_for_answer = TRUE THEN 1 ELSE 0 END), 0) AS waits_for_answer,
            COALESCE(SUM(CASE WHEN has_new_material = TRUE THEN 1 ELSE 0 END), 0) AS has_new_material,
            COALESCE(SUM(CASE WHEN supplement_due_on <> '' AND supplement_due_on < ${day} THEN 1 ELSE 0 END), 0) AS supplement_overdue,
            COALESCE(SUM(CASE WHEN extension_asked = TRUE THEN 1 ELSE 0 END), 0) AS extension_asked,
            {to_review} AS rules_review
         FROM case_file WHERE {}",
        condition.sql
    );
    Ok(find(connection, &sql, condition.values)
        .await?
        .unwrap_or_default())
}

/// How many cases that rules decided wait for a person to look at them, those that are over included.
fn to_review(scope: WorklistScope, values: &mut Vec<Value>) -> String {
    let mut of_scope = String::new();
    if let WorklistScope::Organisation(organisation) = scope {
        values.push(organisation.to_string().into());
        of_scope = format!(" AND organisation = ${}", values.len());
    }
    format!("(SELECT COUNT(*) FROM case_file WHERE region = $1{of_scope} AND rules_review = TRUE)")
}

/// How many cases have a free task of a drawn process for the taker.
fn free_tasks(taker: Option<&Taker>, values: &mut Vec<Value>) -> String {
    let Some(taker) = taker else {
        return "0".to_owned();
    };
    let mut place = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let organisation = place(taker.organisation.to_string().into());
    let candidates: Vec<String> = taker.candidates().into_iter().map(place).collect();
    format!(
        "(SELECT COUNT(DISTINCT case_id) FROM case_task WHERE region = $1 AND organisation = {organisation}
            AND candidate IN ({}) AND task_open = TRUE AND task_holder = '')",
        candidates.join(", ")
    )
}
