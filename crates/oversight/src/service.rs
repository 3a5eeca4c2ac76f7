//! The one door: how departments stand in the hall, the rounds of checks, and what is opened by them.

use std::{collections::HashMap, sync::Arc};

use jiff::civil::Date;
use wuchuang_access::Directory;
use wuchuang_cases::{Cases, store::known_numbers};
use wuchuang_catalogue::{Catalogue, model::ItemVersion};
use wuchuang_delegations::Delegations;
use wuchuang_kernel::{FindingId, ItemId, OrganisationId, PersonId, Region, Role};
use wuchuang_ledger::{Ledger, LoadError, Order, Receipt, StorageError, Stream};
use wuchuang_licences::Licences;
use wuchuang_webkit::Failure;

use crate::{
    marks::{EntryFigures, Mark, Standing},
    model::{
        entry::EntryState,
        finding::{Finding, FindingRule, FindingStream},
        hall::{HallState, HallStream},
        kinds::{KindStream, Kinds, table_of},
        round::{Comparison, MissingLine},
    },
    register::{Line, plain},
    store,
};

/// Oversight over a house. Cloning shares it.
#[derive(Clone)]
pub struct Oversight {
    pub(crate) cases: Cases,
    pub(crate) catalogue: Catalogue,
    pub(crate) delegations: Delegations,
    pub(crate) licences: Licences,
    pub(crate) directory: Directory,
}

/// A department as the overview shows it.
pub(crate) struct DepartmentLine {
    pub(crate) id: OrganisationId,
    pub(crate) name: String,
    pub(crate) figures: EntryFigures,
    pub(crate) marks: Vec<Mark>,
}

/// The published items by department, by name.
pub(crate) type Items = HashMap<OrganisationId, Vec<Arc<ItemVersion>>>;

impl Oversight {
    /// Oversight over what a house does.
    pub const fn new(
        cases: Cases,
        catalogue: Catalogue,
        delegations: Delegations,
        licences: Licences,
        directory: Directory,
    ) -> Self {
        Self {
            cases,
            catalogue,
            delegations,
            licences,
            directory,
        }
    }

    /// The ledger.
    pub const fn ledger(&self) -> &Ledger {
        self.cases.ledger()
    }

    /// Sends a command.
    ///
    /// # Errors
    /// As the rules say, or whatever the ledger reports.
    pub(crate) async fn send<S: Stream>(
        &self,
        stream: impl Into<wuchuang_kernel::StreamId>,
        command: S::Command,
        order: Order,
    ) -> Result<Receipt, Failure> {
        Ok(self
            .ledger()
            .execute::<S>(stream.into(), command, order)
            .await?)
    }

    /// A stream as it stands; nothing when it has no event.
    pub(crate) async fn state<S: Stream>(
        &self,
        region: Region,
        stream: impl Into<wuchuang_kernel::StreamId>,
    ) -> Result<Option<Arc<S::State>>, LoadError> {
        let loaded = self.ledger().load::<S>(region, stream.into()).await?;
        Ok(loaded.map(|(_, state)| state))
    }

    /// The published items in force, by department.
    pub(crate) fn items(&self, today: Date) -> Items {
        let mut items = Items::new();
        for version in self.catalogue.all() {
            if version.is_in_force(today) {
                let department = version.content.department.id;
                items.entry(department).or_default().push(version);
            }
        }
        for own in items.values_mut() {
            own.sort_by(|one, other| one.content.name.cmp(&other.content.name));
        }
        items
    }

    /// A department in the hall.
    pub(crate) async fn hall(
        &self,
        region: Region,
        department: OrganisationId,
    ) -> Result<HallState, LoadError> {
        let state = self.state::<HallStream>(region, department).await?;
        Ok(state.map_or_else(HallState::default, |state| state.as_ref().clone()))
    }

    /// Who decides in a department now.
    pub(crate) async fn approvers(
        &self,
        region: Region,
        department: OrganisationId,
    ) -> Result<Vec<(PersonId, String)>, StorageError> {
        let role = Some(Role::Approver);
        let staff = self.directory.staff_of(region, department, role).await?;
        Ok(staff
            .into_iter()
            .map(|entry| (entry.person, entry.name))
            .collect())
    }

    /// The departments that own items, or the one that is asked for, with figures and marks.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub(crate) async fn departments(
        &self,
        region: Region,
        only: Option<OrganisationId>,
        today: Date,
    ) -> Result<Vec<DepartmentLine>, Failure> {
        let entries = store::entries::all(self.ledger().database(), region).await?;
        let outside = self.open_outside(region, only).await?;
        let mut lines = Vec::new();
        for (id, items) in self.items(today) {
            if only.is_some_and(|only| only != id) {
                continue;
            }
            let name = items
                .first()
                .map(|item| item.content.department.name.clone())
                .unwrap_or_default();
            let refs: Vec<&ItemVersion> = items.iter().map(AsRef::as_ref).collect();
            let hall = self.hall(region, id).await?;
            let approvers = self.approvers(region, id).await?;
            let approvers = approvers.into_iter().map(|(person, _)| person).collect();
            let standing = Standing {
                items: &refs,
                entries: &entries,
                hall: &hall,
                approvers: &approvers,
                outside: outside.get(&id).copied().unwrap_or_default(),
                today,
            };
            lines.push(DepartmentLine {
                id,
                name,
                figures: standing.figures(),
                marks: standing.marks(),
            });
        }
        lines.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(lines)
    }

    /// How many findings of 体外审批 are open, by organisation.
    async fn open_outside(
        &self,
        region: Region,
        only: Option<OrganisationId>,
    ) -> Result<HashMap<OrganisationId, i64>, StorageError> {
        let groups = store::findings::groups(self.ledger().database(), region, only).await?;
        let mut open = HashMap::new();
        for group in groups {
            let is_outside = matches!(group.rule(), FindingRule::Register | FindingRule::Outsider);
            if let (true, true, Ok(id)) = (is_outside, group.is_open, group.organisation.parse()) {
                *open.entry(id).or_default() += group.number;
            }
        }
        Ok(open)
    }

    /// The table of violations as the county has it.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub(crate) async fn kinds(&self, region: Region) -> Result<Arc<Kinds>, LoadError> {
        let state = self.state::<KindStream>(region, table_of(region)).await?;
        Ok(state.unwrap_or_default())
    }

    /// A finding.
    ///
    /// # Errors
    /// 404, or whatever storage reports.
    pub(crate) async fn finding(
        &self,
        region: Region,
        finding: FindingId,
    ) -> Result<Box<Finding>, Failure> {
        let state = self.state::<FindingStream>(region, finding).await?;
        let found = state.and_then(|state| state.0.clone());
        found.ok_or_else(Failure::not_found)
    }

    /// How items stand in the hall.
    pub(crate) async fn entries(
        &self,
        region: Region,
    ) -> Result<HashMap<ItemId, EntryState>, StorageError> {
        store::entries::all(self.ledger().database(), region).await
    }

    /// A register compared with the ledger: which lines it does not hold.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub(crate) async fn compare(
        &self,
        region: Region,
        (department, department_name): (OrganisationId, String),
        lines: &[Line],
    ) -> Result<Comparison, Failure> {
        let numbers: Vec<String> = lines.iter().map(|line| plain(&line.document)).collect();
        let mut asked = numbers.clone();
        asked.extend(lines.iter().map(|line| line.document.clone()));
        let known = known_numbers(self.ledger().database(), region, &asked).await?;
        let mut missing = Vec::new();
        for (line, number) in lines.iter().zip(&numbers) {
            if known.contains(number)
                || known.contains(&line.document)
                || self.is_licensed(region, line).await?
            {
                continue;
            }
            missing.push(MissingLine {
                row: line.row,
                document: line.document.clone(),
                item: line.item,
                on: line.on,
                applicant: self.digest(&line.applicant),
            });
        }
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Comparison {
            department,
            department_name,
            lines: count(lines.len()),
            matched: count(lines.len() - missing.len()),
            missing,
        })
    }

    /// A keyed digest of an applicant's number: the same number leads to the same text, the text to nobody.
    fn digest(&self, number: &str) -> Option<String> {
        if number.is_empty() {
            return None;
        }
        let key = format!("oversight-applicant/{number}");
        let hash = self.ledger().keyed_hash(key.as_bytes());
        Some(hash.get(..32)?.to_owned())
    }

    /// Whether a licence has the line's number; or the applicant got one for the same item on the same day.
    async fn is_licensed(&self, region: Region, line: &Line) -> Result<bool, Failure> {
        if self.licences.has_number(region, &line.document).await? {
            return Ok(true);
        }
        if line.applicant.is_empty() {
            return Ok(false);
        }
        let on = line.on.to_string();
        for licence in self.licences.of_number(region, &line.applicant).await? {
            if licence.valid_from != on {
                continue;
            }
            let Ok(case) = licence.case_id.parse() else {
                continue;
            };
            let row = self.cases.row(region, case).await?;
            if row.is_some_and(|row| row.item == line.item.to_string()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
