//! The directory: who and what there is, as the other slices and the pages ask for it.

mod citizens;
mod organisations;
pub(crate) mod projection;
mod staff;
mod titles;
mod villages;
mod visitors;

use std::sync::Arc;

use moka::sync::Cache;
use wuchuang_kernel::{Actor, OrganisationId, PersonId, Region};
use wuchuang_ledger::{Ledger, StorageError};

use crate::{keys::AccessKey, model::organisation::OrganisationKind, tokens::Tokens};

pub use citizens::{CitizenDetails, CitizenEntry};
pub use organisations::{Division, Organisation};
pub use staff::{Post, StaffEntry, StaffFilter};
pub use villages::Villages;

/// How many names are kept at hand.
const NAMES_AT_HAND: u64 = 20_000;
/// How many counties' villages are kept at hand.
const COUNTIES_AT_HAND: u64 = 200;
/// How long a name is taken from hand before it is read again, in seconds.
const NAMES_SECONDS_MAX: i64 = 30;

/// A name with the second in which it was read.
type Kept = (i64, Arc<str>);

/// People, organisations and divisions of the counties. Cloning shares it.
#[derive(Clone)]
pub struct Directory {
    ledger: Ledger,
    key: AccessKey,
    organisation_names: Cache<(Region, OrganisationId), Kept>,
    organisation_kinds: Cache<(Region, OrganisationId), (i64, Option<OrganisationKind>)>,
    staff_names: Cache<(Region, PersonId), Kept>,
    villages: Cache<Region, (i64, Villages)>,
}

impl Directory {
    /// The directory over a ledger.
    pub fn new(ledger: Ledger, key: AccessKey) -> Self {
        Self {
            ledger,
            key,
            organisation_names: Cache::new(NAMES_AT_HAND),
            organisation_kinds: Cache::new(NAMES_AT_HAND),
            staff_names: Cache::new(NAMES_AT_HAND),
            villages: Cache::new(COUNTIES_AT_HAND),
        }
    }

    /// The ledger under it.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub(crate) const fn key(&self) -> &AccessKey {
        &self.key
    }

    /// Whether something read at `second` may still be taken from hand. The house's clock decides,
    /// so that a test can move it.
    fn is_fresh(&self, second: i64) -> bool {
        (0..NAMES_SECONDS_MAX).contains(&(self.ledger.now().as_second() - second))
    }

    /// An organisation's name, for lists and pages; empty when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn organisation_name(
        &self,
        region: Region,
        organisation: OrganisationId,
    ) -> Result<Arc<str>, StorageError> {
        if let Some((second, name)) = self.organisation_names.get(&(region, organisation))
            && self.is_fresh(second)
        {
            return Ok(name);
        }
        let found = self.organisation(region, organisation).await?;
        let name: Arc<str> = found.map(|found| found.name).unwrap_or_default().into();
        let kept = (self.ledger.now().as_second(), Arc::clone(&name));
        self.organisation_names.insert((region, organisation), kept);
        Ok(name)
    }

    /// What kind an organisation is, for rules that every request asks; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn organisation_kind(
        &self,
        region: Region,
        organisation: OrganisationId,
    ) -> Result<Option<OrganisationKind>, StorageError> {
        if let Some((second, kind)) = self.organisation_kinds.get(&(region, organisation))
            && self.is_fresh(second)
        {
            return Ok(kind);
        }
        let found = self.organisation(region, organisation).await?;
        let kind = found.map(|found| found.kind);
        let kept = (self.ledger.now().as_second(), kind);
        self.organisation_kinds.insert((region, organisation), kept);
        Ok(kind)
    }

    /// The name of a member of staff; empty when there is none or they were forgotten.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn staff_name(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<Arc<str>, StorageError> {
        if let Some((second, name)) = self.staff_names.get(&(region, person))
            && self.is_fresh(second)
        {
            return Ok(name);
        }
        let found = self.staff(region, person).await?;
        let name: Arc<str> = found.map(|found| found.name).unwrap_or_default().into();
        let kept = (self.ledger.now().as_second(), Arc::clone(&name));
        self.staff_names.insert((region, person), kept);
        Ok(name)
    }

    /// Who did something, as the history names them: a member of staff, or a program beside whose post it acts in;
    /// `None` for anybody else, such as an applicant.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn actor_name(
        &self,
        region: Region,
        actor: &Actor,
    ) -> Result<Option<String>, StorageError> {
        let Some(person) = actor.person else {
            return Ok(None);
        };
        let name = self.staff_name(region, person).await?;
        if name.is_empty() {
            return Ok(None);
        }
        let Some(token) = actor.program else {
            return Ok(Some(name.to_string()));
        };
        let program = Tokens::name(self, region, token).await?;
        let program = program.unwrap_or_else(|| "程序".to_owned());
        Ok(Some(format!("{program}（程序，{name}的岗位）")))
    }
}

/// A stored text as what it must be, or what is wrong with the row.
fn read<T: std::str::FromStr>(
    text: &str,
    table: &'static str,
    column: &'static str,
    id: &str,
) -> Result<T, StorageError>
where
    T::Err: std::fmt::Display,
{
    text.parse()
        .map_err(|error: T::Err| StorageError::Inconsistent {
            table,
            column,
            id: id.to_owned(),
            reason: error.to_string(),
        })
}
