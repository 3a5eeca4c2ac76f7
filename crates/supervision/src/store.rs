//! The table of tasks, by which they are listed; lights follow from its days and today.

use std::fmt::Write as _;

use async_trait::async_trait;
use jiff::civil::Date;
use serde::Deserialize;
use wuchuang_kernel::{OrganisationId, PersonId, Region, mask_name};
use wuchuang_ledger::{
    Database, Existing, Projection, Recorded, Sheet, StorageError, Stream, Table,
    storage::{Transaction, Value, execute, list},
};
use wuchuang_webkit::{Failure, markup::Light};

use crate::model::{CheckFinding, Due, SupervisionStage, TaskStream};

const TASKS: Table = Table {
    name: "supervision_task",
    columns: &[
        "region",
        "id",
        "case_id",
        "case_number",
        "item_name",
        "person",
        "name",
        "is_organisation",
        "granted_by",
        "granted_by_name",
        "department",
        "department_name",
        "stage",
        "finding",
        "is_open",
        "warn_on",
        "due_on",
        "opened_at_us",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

/// Writes the tasks.
pub(crate) struct TaskProjection;

#[async_trait]
impl Projection for TaskProjection {
    fn name(&self) -> &'static str {
        "supervision"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[TaskStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["supervision_task"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(task) = recorded
            .state::<TaskStream>()
            .and_then(|state| state.0.as_deref())
        else {
            return Ok(());
        };
        let opening = &task.opening;
        sheet.put(
            &TASKS,
            [
                recorded.region.to_string().into(),
                recorded.stream_id.to_string().into(),
                opening.case.to_string().into(),
                opening.case_number.clone().into(),
                opening.item_name.clone().into(),
                opening.name.person().to_string().into(),
                opening.name.text().into(),
                opening.is_organisation.into(),
                opening.granted_by.to_string().into(),
                opening.granted_by_name.clone().into(),
                opening.department.to_string().into(),
                opening.department_name.clone().into(),
                task.stage.code().into(),
                task.finding.map_or("", CheckFinding::code).into(),
                (task.stage != SupervisionStage::Done).into(),
                task.due.warn_on.to_string().into(),
                task.due.due_on.to_string().into(),
                task.opened_at.as_microsecond().into(),
            ],
        );
        Ok(())
    }

    async fn forget(
        &self,
        region: Region,
        person: PersonId,
        transaction: &Transaction,
    ) -> Result<(), StorageError> {
        execute(
            transaction,
            "UPDATE supervision_task SET name = '' WHERE region = $1 AND person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        Ok(())
    }
}

/// A task as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct TaskRow {
    pub(crate) id: String,
    pub(crate) case_number: String,
    pub(crate) item_name: String,
    name: String,
    is_organisation: bool,
    pub(crate) granted_by_name: String,
    pub(crate) department_name: String,
    stage: String,
    finding: String,
    warn_on: String,
    pub(crate) due_on: String,
}

impl TaskRow {
    /// The applicant's name: people masked, organisations in full.
    pub(crate) fn name_masked(&self) -> String {
        masked(&self.name, self.is_organisation)
    }

    pub(crate) fn stage(&self) -> SupervisionStage {
        SupervisionStage::from_code(&self.stage).unwrap_or(SupervisionStage::Waiting)
    }

    pub(crate) fn finding(&self) -> Option<CheckFinding> {
        CheckFinding::from_code(&self.finding)
    }

    /// The light on a day.
    pub(crate) fn light(&self, today: Date) -> Light {
        let (Ok(warn_on), Ok(due_on)) = (self.warn_on.parse(), self.due_on.parse()) else {
            return Light::Normal;
        };
        light(self.stage(), Due { warn_on, due_on }, today)
    }
}

/// A task's light on a day: yellow from the working day before the last one, red behind it.
pub(crate) fn light(stage: SupervisionStage, due: Due, today: Date) -> Light {
    if stage == SupervisionStage::Done {
        Light::Finished
    } else if today > due.due_on {
        Light::Overdue
    } else if today >= due.warn_on {
        Light::DueSoon
    } else {
        Light::Normal
    }
}

/// An applicant's name as staff see it: people masked, organisations in full.
pub(crate) fn masked(name: &str, is_organisation: bool) -> String {
    if name.is_empty() {
        "已依法删除".to_owned()
    } else if is_organisation {
        name.to_owned()
    } else {
        mask_name(name)
    }
}

/// Where a list goes on: behind this task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    due_on: Date,
    id: String,
}

impl Place {
    /// Behind the last row of a page.
    pub(crate) fn behind(rows: &[TaskRow]) -> Option<String> {
        let last = rows.last()?;
        Some(format!("{}_{}", last.due_on, last.id))
    }

    /// Reads what an address says.
    ///
    /// # Errors
    /// 422 when it does not read.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        let read = || {
            let (due_on, id) = text.split_once('_')?;
            Some(Self {
                due_on: due_on.parse().ok()?,
                id: id.to_owned(),
            })
        };
        read().ok_or_else(|| Failure::invalid("翻页位置不对，请回到第一页。").at("cursor"))
    }
}

/// Whose tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Of all organisations: for supervision.
    All,
    /// Those that an organisation supervises.
    Department(OrganisationId),
    /// Those that an organisation granted.
    GrantedBy(OrganisationId),
}

/// Which tasks.
#[derive(Debug, Clone)]
pub(crate) struct TaskFilter {
    pub(crate) side: Side,
    /// Open ones, or those that are done.
    pub(crate) is_open: bool,
    /// Only those due before this day.
    pub(crate) due_before: Option<Date>,
    pub(crate) from: Option<Place>,
}

/// Tasks: open ones by when they are due, those that are done with the last one first.
pub(crate) async fn tasks(
    database: &Database,
    region: Region,
    filter: &TaskFilter,
    limit: i64,
) -> Result<Vec<TaskRow>, StorageError> {
    let mut values: Vec<Value> = vec![
        region.to_string().into(),
        filter.is_open.into(),
        limit.into(),
    ];
    let mut conditions = String::new();
    let side = match filter.side {
        Side::All => None,
        Side::Department(organisation) => Some(("department", organisation)),
        Side::GrantedBy(organisation) => Some(("granted_by", organisation)),
    };
    if let Some((column, organisation)) = side {
        values.push(organisation.to_string().into());
        let _ = write!(conditions, " AND {column} = ${}", values.len());
    }
    if let Some(day) = filter.due_before {
        values.push(day.to_string().into());
        let _ = write!(conditions, " AND due_on < ${}", values.len());
    }
    let (order, behind) = if filter.is_open {
        ("", ">")
    } else {
        (" DESC", "<")
    };
    if let Some(from) = &filter.from {
        values.push(from.due_on.to_string().into());
        values.push(from.id.clone().into());
        let (day, id) = (values.len() - 1, values.len());
        let _ = write!(conditions, " AND (due_on, id) {behind} (${day}, ${id})");
    }
    list(
        database.read(),
        &format!(
            "SELECT id, case_number, item_name, name, is_organisation, granted_by_name, department_name, stage, finding, warn_on, due_on
             FROM supervision_task WHERE region = $1 AND is_open = $2{conditions}
             ORDER BY due_on{order}, id{order} LIMIT $3"
        ),
        values,
    )
    .await
}
