//! How many cases wait, counted in one statement.

use jiff::civil::Date;
use serde::Deserialize;
use wuchuang_kernel::{PersonId, Region};
use wuchuang_ledger::{
    StorageError,
    storage::{Connection, Value, find},
};

use super::{Condition, WorklistScope};
use crate::store::{row::LightFilter, tasks::Taker};

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
    let candidates: Vec<String> = taker.candidates().into_iter().map(&mut place).collect();
    let guest = taker
        .guest_words()
        .map(|word| place(word.into()))
        .join(", ");
    // Two questions, each with an index of its own; what is meant for the own organisation by its name is in the first.
    format!(
        "(SELECT COUNT(DISTINCT case_id) FROM case_task WHERE region = $1 AND organisation = {organisation}
            AND candidate IN ({}) AND task_open = TRUE AND task_holder = '')
         + (SELECT COUNT(DISTINCT case_id) FROM case_task WHERE region = $1 AND candidate IN ({guest})
            AND organisation <> {organisation} AND task_open = TRUE AND task_holder = '')",
        candidates.join(", ")
    )
}
