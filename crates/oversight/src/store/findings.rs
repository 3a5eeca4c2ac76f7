//! The table of findings, by which they are listed and counted; lights follow from its days and today.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde::Deserialize;
use wuchuang_kernel::{FindingId, OrganisationId, PersonId, Region};
use wuchuang_ledger::{
    Database, Existing, Projection, Recorded, Sheet, StorageError, Stream, Table,
    storage::{Value, list},
};
use wuchuang_webkit::{Failure, markup::Light};

use crate::model::{
    finding::{Due, FindingRule, FindingStage, FindingStream, FindingVerdict},
    kinds::proposed,
};

/// How many groups the figures have at most: organisations by rules by verdicts.
const GROUPS_MAX: i64 = 20_000;

const FINDINGS: Table = Table {
    name: "oversight_finding",
    columns: &[
        "region",
        "id",
        "rule",
        "kind",
        "kind_name",
        "organisation",
        "organisation_name",
        "person",
        "item_name",
        "case_number",
        "document",
        "happened_on",
        "stage",
        "verdict",
        "is_open",
        "warn_on",
        "due_on",
        "found_at_us",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

/// Writes the findings.
pub(crate) struct FindingProjection;

impl Projection for FindingProjection {
    fn name(&self) -> &'static str {
        "oversight_findings"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[FindingStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["oversight_finding"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(finding) = recorded
            .state::<FindingStream>()
            .and_then(|state| state.0.as_deref())
        else {
            return Ok(());
        };
        let opening = &finding.opening;
        let verdict = finding.decision.as_ref().map(|one| one.verdict);
        let person = opening.person.map(|person| person.to_string());
        sheet.put(
            &FINDINGS,
            [
                recorded.region.to_string().into(),
                FindingId::from(recorded.stream_id).to_string().into(),
                opening.rule.code().into(),
                i64::from(opening.kind).into(),
                // As it stands in the event: rows from before the column have nothing, and a replay gives the same.
                opening.kind_name.clone().into(),
                opening.organisation.to_string().into(),
                opening.organisation_name.clone().into(),
                person.unwrap_or_default().into(),
                opening.item_name.clone().into(),
                opening.case_number.clone().into(),
                opening.document.clone().into(),
                opening.happened_on.to_string().into(),
                finding.stage.code().into(),
                verdict.map_or("", FindingVerdict::code).into(),
                (finding.stage != FindingStage::Closed).into(),
                finding.due.warn_on.to_string().into(),
                finding.due.due_on.to_string().into(),
                finding.found_at.as_microsecond().into(),
            ],
        );
        Ok(())
    }
}

/// A finding as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct FindingRow {
    pub(crate) id: String,
    rule: String,
    pub(crate) kind: i64,
    kind_name: String,
    pub(crate) organisation_name: String,
    pub(crate) item_name: String,
    pub(crate) case_number: String,
    pub(crate) document: String,
    pub(crate) happened_on: String,
    stage: String,
    verdict: String,
    warn_on: String,
    pub(crate) due_on: String,
}

impl FindingRow {
    /// What its kind was called when it was found.
    pub(crate) fn kind_name(&self) -> String {
        if self.kind_name.is_empty() {
            proposed(u8::try_from(self.kind).unwrap_or_default()).to_owned()
        } else {
            self.kind_name.clone()
        }
    }

    pub(crate) fn rule(&self) -> FindingRule {
        FindingRule::from_code(&self.rule).unwrap_or(FindingRule::Inspection)
    }

    pub(crate) fn stage(&self) -> FindingStage {
        FindingStage::from_code(&self.stage).unwrap_or(FindingStage::Found)
    }

    pub(crate) fn verdict(&self) -> Option<FindingVerdict> {
        FindingVerdict::from_code(&self.verdict)
    }

    /// The light on a day.
    pub(crate) fn light(&self, today: Date) -> Light {
        let (Ok(warn_on), Ok(due_on)) = (self.warn_on.parse(), self.due_on.parse()) else {
            return Light::Normal;
        };
        light(self.stage(), Due { warn_on, due_on }, today)
    }
}

/// A finding's light on a day: yellow from the working day before the last one, red behind it.
pub(crate) fn light(stage: FindingStage, due: Due, today: Date) -> Light {
    if stage == FindingStage::Closed {
        Light::Finished
    } else if today > due.due_on {
        Light::Overdue
    } else if today >= due.warn_on {
        Light::DueSoon
    } else {
        Light::Normal
    }
}

/// Where a list goes on: behind this finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    due_on: Date,
    id: String,
}

impl Place {
    /// Behind the last row of a page.
    pub(crate) fn behind(rows: &[FindingRow]) -> Option<String> {
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

/// Which findings.
#[derive(Debug, Clone)]
pub(crate) struct FindingFilter {
    /// Those of an organisation.
    pub(crate) organisation: Option<OrganisationId>,
    /// Those about a person.
    pub(crate) person: Option<PersonId>,
    /// Those of a rule.
    pub(crate) rule: Option<FindingRule>,
    /// Open ones, or those that are closed.
    pub(crate) is_open: bool,
    /// Only those due before this day.
    pub(crate) due_before: Option<Date>,
    pub(crate) from: Option<Place>,
}

/// Findings: open ones by when they are due, so that overdue ones come first; closed ones with the last first.
pub(crate) async fn findings(
    database: &Database,
    region: Region,
    filter: &FindingFilter,
    limit: i64,
) -> Result<Vec<FindingRow>, StorageError> {
    let mut values: Vec<Value> = vec![
        region.to_string().into(),
        filter.is_open.into(),
        limit.into(),
    ];
    let mut conditions = String::new();
    let named = [
        ("organisation", filter.organisation.map(|id| id.to_string())),
        ("person", filter.person.map(|id| id.to_string())),
        ("rule", filter.rule.map(|rule| rule.code().to_owned())),
    ];
    for (column, value) in named {
        if let Some(value) = value {
            values.push(value.into());
            let _ = write!(conditions, " AND {column} = ${}", values.len());
        }
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
            "SELECT id, rule, kind, kind_name, organisation_name, item_name, case_number, document, happened_on, stage, verdict, warn_on, due_on
             FROM oversight_finding WHERE region = $1 AND is_open = $2{conditions}
             ORDER BY due_on{order}, id{order} LIMIT $3"
        ),
        values,
    )
    .await
}

/// How many findings of an organisation a rule has, by what was decided.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Group {
    pub(crate) organisation: String,
    rule: String,
    verdict: String,
    pub(crate) is_open: bool,
    pub(crate) number: i64,
}

impl Group {
    pub(crate) fn rule(&self) -> FindingRule {
        FindingRule::from_code(&self.rule).unwrap_or(FindingRule::Inspection)
    }

    pub(crate) fn verdict(&self) -> Option<FindingVerdict> {
        FindingVerdict::from_code(&self.verdict)
    }
}

/// The figures: of all organisations, or of one. Read from an index alone.
pub(crate) async fn groups(
    database: &Database,
    region: Region,
    organisation: Option<OrganisationId>,
) -> Result<Vec<Group>, StorageError> {
    let mut values: Vec<Value> = vec![region.to_string().into(), GROUPS_MAX.into()];
    let condition = organisation.map_or("", |organisation| {
        values.push(organisation.to_string().into());
        " AND organisation = $3"
    });
    list(
        database.read(),
        &format!(
            "SELECT organisation, rule, verdict, is_open, COUNT(*) AS number FROM oversight_finding
             WHERE region = $1{condition} GROUP BY organisation, rule, verdict, is_open
             ORDER BY organisation, rule, verdict, is_open LIMIT $2"
        ),
        values,
    )
    .await
}
