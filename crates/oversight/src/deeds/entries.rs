//! What the supervisor records of items and departments in the hall.

use std::{collections::BTreeSet, sync::Arc};

use wuchuang_access::{Organisation, model::organisation::OrganisationKind};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{ItemId, OrganisationId, PersonId};
use wuchuang_ledger::{Expected, Receipt};
use wuchuang_webkit::{Caller, Failure, Resource};

use super::{day, day_or_none};
use crate::{
    model::{
        entry::{Entered, EntryCommand, EntryStream, Exempted, ExemptionGround},
        hall::{
            Authorisation, AuthorityScope, Concentration, ConcentrationFact, HallCommand,
            HallStream,
        },
    },
    service::Oversight,
};

const EDIT: &str = "entry_edit";

/// What belongs to a department, as the gate sees it.
pub(crate) fn of_department(department: OrganisationId) -> Resource {
    Resource {
        kind: "hall_department",
        id: department.to_string(),
        organisation: Some(department),
        owner: None,
    }
}

/// A published item.
///
/// # Errors
/// 404 for another.
pub(crate) fn item(oversight: &Oversight, text: &str) -> Result<Arc<ItemVersion>, Failure> {
    let id: ItemId = text.parse().map_err(|_| Failure::not_found())?;
    oversight
        .catalogue
        .published(id)
        .ok_or_else(Failure::not_found)
}

/// A department by what stands in an address.
///
/// # Errors
/// 404 for another.
pub(crate) async fn department(
    oversight: &Oversight,
    caller: &Caller,
    text: &str,
) -> Result<Organisation, Failure> {
    let id: OrganisationId = text.parse().map_err(|_| Failure::not_found())?;
    let found = oversight.directory.organisation(caller.region, id).await?;
    found.ok_or_else(Failure::not_found)
}

/// The halls that an item may enter: the centre, its branches, the centres of the towns.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn places(
    oversight: &Oversight,
    caller: &Caller,
) -> Result<Vec<Organisation>, Failure> {
    let mut all = oversight.directory.organisations(caller.region).await?;
    all.retain(|place| {
        let is_hall = matches!(
            place.kind,
            OrganisationKind::Centre | OrganisationKind::Hall | OrganisationKind::Town
        );
        place.is_active && is_hall
    });
    Ok(all)
}

/// What is typed of an item.
pub(crate) enum TypedEntry<'a> {
    /// 进驻: place, since when, document.
    Enter(&'a str, &'a str, &'a str),
    /// 不进驻: ground, document, until when.
    Exempt(&'a str, &'a str, &'a str),
    /// 撤回登记: why.
    TakeBack(&'a str),
}

/// 登记.
///
/// # Errors
/// 403, 404, 422 naming the field, or as the rules say.
pub(crate) async fn record(
    oversight: &Oversight,
    caller: &Caller,
    version: &ItemVersion,
    typed: &TypedEntry<'_>,
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    caller.require(EDIT, &of_department(version.content.department.id))?;
    let command = match *typed {
        TypedEntry::Enter(place, from, document) => {
            let places = places(oversight, caller).await?;
            let mut places = places.into_iter();
            let place = places
                .find(|one| one.id.to_string() == place)
                .ok_or_else(|| Failure::invalid("请选择进驻的大厅。").at("place"))?;
            EntryCommand::Enter(Entered {
                place: place.id,
                place_name: place.name,
                from: day(from, "from")?,
                document: document.trim().to_owned(),
            })
        }
        TypedEntry::Exempt(ground, document, until) => EntryCommand::Exempt(Exempted {
            ground: ExemptionGround::from_code(ground)
                .ok_or_else(|| Failure::invalid("请选择不进驻的理由。").at("ground"))?,
            document: document.trim().to_owned(),
            until: day(until, "until")?,
        }),
        TypedEntry::TakeBack(reason) => EntryCommand::TakeBack {
            reason: reason.trim().to_owned(),
        },
    };
    let order = caller.order(key, Expected::Any);
    oversight
        .send::<EntryStream>(version.id, command, order)
        .await
}

/// What is typed of a department.
pub(crate) enum TypedHall<'a> {
    /// 授权.
    Authorise {
        person: &'a str,
        scope: &'a [String],
        from: &'a str,
        until: &'a str,
        document: &'a str,
    },
    /// 终止授权.
    End {
        person: &'a str,
        last_day: &'a str,
        reason: &'a str,
    },
    /// A fact of 三集中.
    Record {
        what: &'a str,
        from: &'a str,
        document: &'a str,
    },
    /// It does not hold any longer.
    Withdraw { what: &'a str, reason: &'a str },
}

fn fact_of(code: &str) -> Result<Concentration, Failure> {
    Concentration::from_code(code).ok_or_else(|| Failure::invalid("请选择登记哪一项。").at("what"))
}

/// Writes something of a department.
///
/// # Errors
/// 403, 404, 422 naming the field, or as the rules say.
pub(crate) async fn write(
    oversight: &Oversight,
    caller: &Caller,
    department: OrganisationId,
    typed: &TypedHall<'_>,
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    caller.require(EDIT, &of_department(department))?;
    let unknown = || Failure::invalid("请选择本部门在审批岗位上的人。").at("person");
    let command = match typed {
        TypedHall::Authorise {
            person,
            scope,
            from,
            until,
            document,
        } => {
            let approvers = oversight.approvers(caller.region, department).await?;
            let mut approvers = approvers.into_iter();
            let found = approvers.find(|(id, _)| id.to_string() == *person);
            HallCommand::Authorise(Authorisation {
                person: found.ok_or_else(unknown)?.0,
                scope: scopes(scope),
                from: day(from, "from")?,
                until: day_or_none(until, "until")?,
                document: document.trim().to_owned(),
            })
        }
        TypedHall::End {
            person,
            last_day,
            reason,
        } => HallCommand::EndAuthority {
            person: person.parse::<PersonId>().map_err(|_| unknown())?,
            last_day: day(last_day, "last_day")?,
            reason: reason.trim().to_owned(),
        },
        TypedHall::Record {
            what,
            from,
            document,
        } => HallCommand::Record(ConcentrationFact {
            what: fact_of(what)?,
            from: day(from, "from")?,
            document: document.trim().to_owned(),
        }),
        TypedHall::Withdraw { what, reason } => HallCommand::Withdraw {
            what: fact_of(what)?,
            reason: reason.trim().to_owned(),
        },
    };
    let order = caller.order(key, Expected::Any);
    oversight
        .send::<HallStream>(department, command, order)
        .await
}

fn scopes(codes: &[String]) -> BTreeSet<AuthorityScope> {
    codes
        .iter()
        .filter_map(|code| AuthorityScope::from_code(code))
        .collect()
}
