//! What is done with one licence, by pages and by programs alike: who may read it, why staff see the whole of it, how it is
//! printed, copied for a purpose and taken back. Each rule stands here once.

use axum::{
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, civil::Date};
use wuchuang_access::model::organisation::OrganisationKind;
use wuchuang_cases::model::{CaseStream, Stage};
use wuchuang_kernel::{CommandId, LicenceId, Personal};
use wuchuang_ledger::{ExecuteError, Expected, Order, Receipt};
use wuchuang_webkit::{Caller, Failure, Resource, throttle::Address};

use crate::{
    LicenceSummary, Rooms,
    looks::LICENCE_LOOKS,
    model::{Licence, LicenceCommand, LicenceStream},
    store,
};

/// What staff at a counter or on a case do with a licence.
pub(crate) const READ: &str = "licence_read";
/// What its holder does with a licence.
pub(crate) const OWN_READ: &str = "licence_own_read";
/// The longest number that is looked up, in characters.
const NUMBER_CHARACTERS_MAX: usize = 130;

/// The licence in an address.
pub(crate) fn id_of(text: &str) -> Result<LicenceId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// The licence as the gate sees it.
pub(crate) fn resource(id: LicenceId, licence: &Licence) -> Resource {
    Resource {
        kind: "licence",
        id: id.to_string(),
        organisation: Some(licence.issued.organisation),
        owner: Some(licence.issued.holder.person),
    }
}

/// A licence that the caller may read in this way.
pub(crate) async fn readable(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
    action: &'static str,
) -> Result<Licence, Failure> {
    let licence = rooms.workshop.licence(caller.region, id).await?;
    caller.require(action, &resource(id, &licence))?;
    Ok(licence)
}

/// The licences of a holder by citizen number or credit code, else the one with this number or identifier.
///
/// # Errors
/// 422 without a number or with one that is too long, or whatever storage reports.
pub(crate) async fn find(
    rooms: &Rooms,
    caller: &Caller,
    number: &str,
) -> Result<Vec<LicenceSummary>, Failure> {
    let number = number.trim();
    if number.is_empty() || number.chars().count() > NUMBER_CHARACTERS_MAX {
        return Err(
            Failure::invalid("请填写身份证号、统一社会信用代码、证照编号或电子证照标识。")
                .at("number"),
        );
    }
    let database = rooms.ledger().database();
    let hash = store::holder_hash(&rooms.key, number);
    let mut found = store::licences_of_hash(database, caller.region, &hash).await?;
    if found.is_empty() {
        found.extend(store::by_number(database, caller.region, number).await?);
    }
    Ok(found)
}

/// A PDF to keep.
pub(crate) fn pdf(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.pdf\""),
        ),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// The signed certificate, to whoever may read the licence in this way.
pub(crate) async fn signed(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
    action: &'static str,
) -> Result<Response, Failure> {
    let licence = readable(rooms, caller, id, action).await?;
    let order = caller.order(None, Expected::Existing);
    let bytes = rooms.workshop.document(caller.region, id, order).await?;
    Ok(pdf(&licence.issued.number, bytes))
}

/// The signed certificate for staff, only behind a look whose reason is kept: it says everything.
///
/// # Errors
/// 422 without such a look, or as [`signed`].
pub(crate) async fn opened(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
    look: &str,
) -> Result<Response, Failure> {
    let subject = id.to_string();
    if !LICENCE_LOOKS
        .is_open(rooms.ledger(), caller, subject, look)
        .await?
    {
        return Err(Failure::invalid(
            "下载证照原件要先写明工作上的理由。请回到证照页面，填写理由后再下载。",
        )
        .at("open"));
    }
    signed(rooms, caller, id, READ).await
}

/// Shows staff the whole licence, and keeps why.
///
/// # Errors
/// 404 or 403, 422 without a reason, or whatever storage reports.
pub(crate) async fn look(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
    key: CommandId,
    reason: (&str, &Address),
) -> Result<Licence, Failure> {
    let licence = readable(rooms, caller, id, READ).await?;
    caller.require("licence_look", &resource(id, &licence))?;
    LICENCE_LOOKS
        .keep(rooms.ledger(), caller, id.to_string(), key, reason)
        .await?;
    Ok(licence)
}

/// One look at the whole licence, as supervisors read it.
pub(crate) struct KeptLook {
    pub(crate) at: Timestamp,
    pub(crate) who: String,
    pub(crate) reason: String,
}

/// Who looked at the whole licence and why, the last one first; nothing for whoever may not read it.
pub(crate) async fn kept_looks(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
) -> Result<Vec<KeptLook>, Failure> {
    if !caller.may("licence_look_read", &Resource::default()) {
        return Ok(Vec::new());
    }
    let mut kept = Vec::new();
    let looks = LICENCE_LOOKS.of(rooms.ledger(), caller.region, id.to_string());
    for look in looks.await? {
        let who = match look.person() {
            Some(person) => rooms
                .directory
                .staff_name(caller.region, person)
                .await?
                .to_string(),
            None => String::new(),
        };
        kept.push(KeptLook {
            at: look.at(),
            who,
            reason: look.reason,
        });
    }
    Ok(kept)
}

/// The licence as the gate sees it at a desk: the counter of the centre prints what waits there to be handed over.
pub(crate) async fn at_desk(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
    licence: &Licence,
) -> Result<Resource, Failure> {
    let mut own = resource(id, licence);
    let Some(staff) = caller.visitor.staff() else {
        return Ok(own);
    };
    let case = rooms
        .ledger()
        .load::<CaseStream>(caller.region, licence.issued.case.into())
        .await?;
    let waits = case.is_some_and(|(_, state)| {
        let case = state.0.as_deref();
        case.is_some_and(|case| matches!(case.stage, Stage::Delivering { .. }))
    });
    let kind = rooms
        .directory
        .organisation_kind(caller.region, staff.organisation)
        .await?;
    if waits && kind == Some(OrganisationKind::Centre) {
        own.kind = "licence_at_counter";
    }
    Ok(own)
}

/// 打印证照: the sealed certificate to be printed; that it was printed, where and by whom is in the seal-use ledger.
///
/// # Errors
/// 404, 403, or what the rules say.
pub(crate) async fn print(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
    order: Order,
) -> Result<Response, Failure> {
    let licence = rooms.workshop.licence(caller.region, id).await?;
    let desk = at_desk(rooms, caller, id, &licence).await?;
    caller.require("licence_print", &desk)?;
    rooms
        .ledger()
        .execute::<LicenceStream>(id.into(), LicenceCommand::Print, order)
        .await?;
    let order = caller.order(None, Expected::Existing);
    let bytes = rooms.workshop.document(caller.region, id, order).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"licence.pdf\"",
        ),
        (header::CACHE_CONTROL, "private, no-store"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    Ok((headers, bytes).into_response())
}

/// Takes a licence back. What the rules say to it is inside; whether the visitor may ask at all, outside.
///
/// # Errors
/// 404 when there is no such licence, 403 when the visitor may not revoke it.
pub(crate) async fn revoke(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
    reason: &str,
    order: Order,
) -> Result<Result<Receipt, ExecuteError>, Failure> {
    let licence = rooms.workshop.licence(caller.region, id).await?;
    caller.require("licence_revoke", &resource(id, &licence))?;
    let command = LicenceCommand::Revoke {
        reason: Personal::new(licence.issued.holder.person, reason.trim().to_owned()),
    };
    Ok(send(rooms, id, command, order).await)
}

/// 加注件: lets the holder have a copy for one purpose. Inside and outside as [`revoke`].
///
/// # Errors
/// 404 when there is no such licence, 403 when it is not the visitor's own.
pub(crate) async fn annotate(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
    (purpose, expires): (&str, Date),
    order: Order,
) -> Result<Result<Receipt, ExecuteError>, Failure> {
    let licence = readable(rooms, caller, id, "licence_annotate").await?;
    let command = LicenceCommand::Annotate {
        purpose: Personal::new(licence.issued.holder.person, purpose.trim().to_owned()),
        expires,
    };
    Ok(send(rooms, id, command, order).await)
}

/// The copy with this place, counted from 0, to the licence's holder.
///
/// # Errors
/// 404 when there is no such copy, 403 when the licence is not the visitor's own.
pub(crate) async fn copied(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
    copy: usize,
) -> Result<Response, Failure> {
    let licence = readable(rooms, caller, id, OWN_READ).await?;
    let bytes = rooms
        .workshop
        .annotated(caller.region, id, copy)
        .await?
        .ok_or_else(Failure::not_found)?;
    Ok(pdf(
        &format!("{}-{}", licence.issued.number, copy + 1),
        bytes,
    ))
}

async fn send(
    rooms: &Rooms,
    id: LicenceId,
    command: LicenceCommand,
    order: Order,
) -> Result<Receipt, ExecuteError> {
    rooms
        .ledger()
        .execute::<LicenceStream>(id.into(), command, order)
        .await
}
