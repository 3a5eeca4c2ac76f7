//! The tasks of drawn processes as rows: what lists ask when they look for what is in somebody's hands or free to be taken. A
//! case without a drawn process has none, and costs nothing here.

use std::collections::HashMap;

use serde::Deserialize;
use wuchuang_kernel::{CaseId, OrganisationId, Region};
use wuchuang_ledger::{
    Existing, Sheet, StorageError, Table,
    storage::{Connection, Value, list},
};

use crate::model::{Case, OpenTask};

/// What stands in the column of the holder of a case whose tasks are each in a hand of their own.
pub(crate) const HELD_BY_TASKS: &str = "tasks";

/// A word that no drawing has: the engine trims them.
const NO_WORD: &str = " ";

/// The table of tasks.
pub(super) const TASKS: Table = Table {
    name: "case_task",
    columns: &[
        "region",
        "case_id",
        "task",
        "candidate",
        "element",
        "task_name",
        "organisation",
        "task_holder",
        "task_open",
        "since_us",
    ],
    key_columns: 4,
    existing: Existing::Replaced,
};

/// Who looks for tasks to take: where, and by which words the drawings know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taker {
    /// The organisation of their post.
    pub organisation: OrganisationId,
    /// Its name: the only word by which a drawing means somebody of another organisation than the one that handles the case
    /// (联合审批、村初审).
    pub organisation_name: String,
    /// The code of the town or village that their post reaches, by which a drawing means whoever works there (村初审、镇审核);
    /// `None` for posts of the whole county.
    pub place: Option<String>,
    /// Roles, title of the post, organisation, name, place.
    pub words: Vec<String>,
}

impl Taker {
    /// Whether a drawing means them with a task of a case that an organisation handles: it names one of their words, or
    /// nobody; in a case of another organisation it names theirs, or the place where they work.
    pub fn fits(&self, handler: OrganisationId, task: &OpenTask) -> bool {
        let names = |word: &String| task.candidates.contains(word);
        if handler == self.organisation {
            task.candidates.is_empty() || self.words.iter().any(names)
        } else {
            self.guest_words().iter().any(names)
        }
    }

    /// The same of a row of the table.
    fn fits_row(&self, row: &TaskRow) -> bool {
        if row.organisation == self.organisation.to_string() {
            row.candidate.is_empty() || self.words.contains(&row.candidate)
        } else {
            self.guest_words().contains(&row.candidate)
        }
    }

    /// The words by which a drawing of another organisation means theirs: its name, and the place of their post; one that no
    /// drawing has for what is not known.
    pub(super) fn guest_words(&self) -> [String; 2] {
        let word = |word: &str| match word {
            "" => NO_WORD.to_owned(),
            word => word.to_owned(),
        };
        [
            word(&self.organisation_name),
            word(self.place.as_deref().unwrap_or_default()),
        ]
    }

    /// Their words with the empty one, under which a task stands that names nobody.
    pub(super) fn candidates(&self) -> Vec<Value> {
        let words = self.words.iter().map(|word| word.as_str().into());
        std::iter::once("".into()).chain(words).collect()
    }
}

/// Puts the tasks that a case's last event opened, moved or closed on a sheet.
pub(super) fn put_tasks(sheet: &mut Sheet, region: Region, id: CaseId, case: &Case) {
    for task in &case.tasks_closed {
        put(sheet, region, id, case, (task, false));
    }
    for task in case.open_tasks() {
        put(sheet, region, id, case, (task, true));
    }
}

fn put(
    sheet: &mut Sheet,
    region: Region,
    id: CaseId,
    case: &Case,
    (task, is_open): (&OpenTask, bool),
) {
    let nobody = [String::new()];
    let candidates = if task.candidates.is_empty() {
        &nobody[..]
    } else {
        &task.candidates
    };
    for candidate in candidates {
        sheet.put(
            &TASKS,
            [
                region.to_string().into(),
                id.to_string().into(),
                i64::from(task.task.0).into(),
                candidate.clone().into(),
                task.element.as_str().into(),
                task.name.clone().into(),
                case.organisation.to_string().into(),
                task.holder
                    .map(|holder| holder.to_string())
                    .unwrap_or_default()
                    .into(),
                is_open.into(),
                task.since.as_microsecond().into(),
            ],
        );
    }
}

/// An open task as lists show it.
#[derive(Debug, Clone, Deserialize)]
pub struct TaskRow {
    case_id: String,
    task: i64,
    element: String,
    candidate: String,
    organisation: String,
    /// Its name.
    pub task_name: String,
    /// Who holds it; empty while it is free.
    pub task_holder: String,
}

impl TaskRow {
    /// Its key, as [`OpenTask::key`].
    pub fn key(&self) -> String {
        format!("{}~{}", self.element, self.task)
    }
}

/// The open tasks of cases, each once, with whether it may be taken by somebody.
#[derive(Debug, Clone)]
pub struct ListedTask {
    /// The task.
    pub row: TaskRow,
    /// Whether it is free and the drawing means whoever looks.
    pub is_takeable: bool,
}

/// The open tasks of some cases of a list.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn open_tasks<C: Connection>(
    connection: &C,
    region: Region,
    cases: &[&str],
    taker: Option<&Taker>,
) -> Result<HashMap<String, Vec<ListedTask>>, StorageError> {
    let mut found: HashMap<String, Vec<ListedTask>> = HashMap::new();
    if cases.is_empty() {
        return Ok(found);
    }
    let mut values: Vec<Value> = vec![region.to_string().into()];
    values.extend(cases.iter().map(|case| Value::from(*case)));
    let places: Vec<String> = (2..=values.len())
        .map(|place| format!("${place}"))
        .collect();
    let sql = format!(
        "SELECT case_id, task, element, candidate, organisation, task_name, task_holder FROM case_task
         WHERE region = $1 AND case_id IN ({}) AND task_open = TRUE ORDER BY case_id, task, candidate",
        places.join(", ")
    );
    let rows: Vec<TaskRow> = list(connection, &sql, values).await?;
    for row in rows {
        let fits = row.task_holder.is_empty() && taker.is_some_and(|taker| taker.fits_row(&row));
        let tasks = found.entry(row.case_id.clone()).or_default();
        match tasks.last_mut().filter(|last| last.row.task == row.task) {
            Some(last) => last.is_takeable |= fits,
            None => tasks.push(ListedTask {
                row,
                is_takeable: fits,
            }),
        }
    }
    Ok(found)
}

/// A task in somebody's hand.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct HeldTask {
    /// Its case.
    pub(crate) case_id: String,
    /// Its number.
    pub(crate) task: i64,
    element: String,
}

impl HeldTask {
    /// Its key.
    pub(crate) fn key(&self) -> String {
        format!("{}~{}", self.element, self.task)
    }
}

/// The open tasks in somebody's hand, at most `limit` after a case and task; of one organisation, or of all when it is empty.
pub(crate) async fn held_tasks<C: Connection>(
    connection: &C,
    region: Region,
    holder: &str,
    organisation: &str,
    (after_case, after_task): (&str, i64),
    limit: i64,
) -> Result<Vec<HeldTask>, StorageError> {
    list(
        connection,
        "SELECT case_id, task, MAX(element) AS element FROM case_task
         WHERE region = $1 AND task_holder = $2 AND task_open = TRUE AND ($3 = '' OR organisation = $3)
           AND (case_id > $4 OR (case_id = $4 AND task > $5))
         GROUP BY case_id, task ORDER BY case_id, task LIMIT $6",
        [
            region.to_string().into(),
            holder.into(),
            organisation.into(),
            after_case.into(),
            after_task.into(),
            limit.into(),
        ],
    )
    .await
}
