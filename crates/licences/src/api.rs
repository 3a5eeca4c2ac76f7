//! The same for programs: verification for everyone, also of a `file`; licences for staff, `one` of them and their list,
//! and for their holder (`own`); the seal-use ledger (`seals`).

mod file;
mod one;
mod own;
mod seals;

use axum::{
    Json,
    extract::{DefaultBodyLimit, Path, Query, State},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use wuchuang_kernel::{PersonId, Role, china_date};
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body, throttle::Address};

use crate::{
    Rooms,
    deeds::find,
    model::LicenceStatus,
    pages::UPLOAD_BYTES_MAX,
    store::{self, LicenceSummary, ListFilter},
    verification::Finding,
};

/// How many items one page of a list holds at most.
const LIMIT_MAX: i64 = 100;
/// How many when nothing is said.
const LIMIT_USUAL: i64 = 50;

pub(crate) fn routes() -> Routes<Rooms> {
    let read = Rule::Act("licence_read");
    let own_read = Rule::Act("licence_own_read");
    let (schemas, paths, file_send) = routes!(file::verify_file);
    let file_send = file_send.layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX));
    Routes::new()
        .api(Rule::Act("licence_list"), routes!(licence_list))
        .api(Rule::Public, routes!(verify_number))
        .api(Rule::Public, routes!(verify_token))
        .api(Rule::Public, (schemas, paths, file_send))
        .api(
            Rule::Act("licence_own_list"),
            routes!(own::own_licence_list),
        )
        .api(own_read, routes!(own::own_licence_read))
        .api(own_read, routes!(own::own_licence_document))
        .api(
            Rule::Act("licence_annotate"),
            routes!(own::own_licence_copy_make),
        )
        .api(own_read, routes!(own::own_licence_copy))
        .api(Rule::Act("licence_find"), routes!(licence_search))
        .api(read, routes!(one::licence_read))
        .api(read, routes!(one::licence_document))
        .api(Rule::Act("licence_look"), routes!(one::licence_look))
        .api(
            Rule::Act("licence_look_read"),
            routes!(one::licence_look_list),
        )
        .api(Rule::Act("licence_print"), routes!(one::licence_print))
        .api(Rule::Act("licence_revoke"), routes!(one::licence_revoke))
        .api(Rule::Act("seal_use_read"), routes!(seals::seal_use_list))
}

/// Which licences.
#[derive(Debug, Deserialize, IntoParams)]
struct ListQuery {
    /// Only those of this person (an identifier of the house, never a number).
    person: Option<String>,
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<i64>,
}

/// A licence.
#[derive(Debug, Serialize, ToSchema)]
struct LicenceItem {
    /// The licence.
    id: String,
    /// 电子证照标识 (GB/T 36904).
    identifier: String,
    /// The number that people read.
    number: String,
    /// Its name.
    #[schema(example = "食品经营许可证")]
    name: String,
    /// The holder; a person is masked for everybody else.
    #[schema(example = "张*明")]
    holder: String,
    /// The issuing organisation's name.
    organisation: String,
    /// The case that it follows from.
    case: String,
    /// That case's number.
    case_number: String,
    /// The first day of validity.
    #[schema(example = "2026-11-20")]
    valid_from: String,
    /// The last day of validity; absent means without end.
    valid_until: Option<String>,
    /// What it is worth today.
    status: LicenceStatus,
    /// Whether only the copy (副本) was issued yet; the original follows when the promise was found true (承诺制+副本制).
    is_copy: bool,
}

/// One page of licences.
#[derive(Debug, Serialize, ToSchema)]
struct LicenceList {
    /// The licences, the newest first.
    items: Vec<LicenceItem>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

fn cursor_of(text: &str) -> Result<(i64, String), Failure> {
    let wrong = || Failure::invalid("翻页位置不对，请从第一页开始。").at("cursor");
    let (at, id) = text.split_once('-').ok_or_else(wrong)?;
    if id.len() != 32 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    Ok((at.parse().map_err(|_| wrong())?, id.to_owned()))
}

/// Licences that one's organisation issued, the newest first; supervisors see those of all.
#[utoipa::path(get, path = "/api/v1/licences", tag = "licences", params(ListQuery),
    responses((status = 200, body = LicenceList), (status = 422, description = "The person or the cursor does not read.")))]
async fn licence_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<LicenceList>, Failure> {
    let person: Option<PersonId> = query
        .person
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| Failure::invalid("这不是人员标识。请使用系统给出的标识。").at("person"))?;
    let sees_all = caller.visitor.has_role(Role::Supervisor) || person.is_some();
    let filter = ListFilter {
        organisation: caller
            .visitor
            .staff()
            .map(|staff| staff.organisation)
            .filter(|_| !sees_all),
        person,
        before: query.cursor.as_deref().map(cursor_of).transpose()?,
    };
    let limit = query.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
    listed(&rooms, &caller, &filter, limit, item).await
}

/// Whose licences, or which one. It is sent in the body, because addresses are logged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LicenceSearch {
    /// Citizen number or credit code of the holder, or a licence's number or identifier.
    #[schema(example = "92610924MA70ABCD2K", max_length = 130)]
    number: String,
}

/// The licences that were found.
#[derive(Debug, Serialize, ToSchema)]
struct LicencesFound {
    /// The newest first, at most 200; holders are masked.
    items: Vec<LicenceItem>,
}

/// Looks up licences by their holder's number or their own, as the counter does to spare the holder the paper.
#[utoipa::path(post, path = "/api/v1/licences/search", tag = "licences", request_body = LicenceSearch,
    responses((status = 200, body = LicencesFound), (status = 401), (status = 403), (status = 422, description = "There is no number, or it is too long.")))]
async fn licence_search(
    State(rooms): State<Rooms>,
    caller: Caller,
    Body(input): Body<LicenceSearch>,
) -> Result<Json<LicencesFound>, Failure> {
    let today = china_date(caller.now);
    let found = find(&rooms, &caller, &input.number).await?;
    Ok(Json(LicencesFound {
        items: found.into_iter().map(|found| item(found, today)).collect(),
    }))
}

/// A page of licences, each as `item` shows it.
async fn listed(
    rooms: &Rooms,
    caller: &Caller,
    filter: &ListFilter,
    limit: i64,
    item: fn(LicenceSummary, jiff::civil::Date) -> LicenceItem,
) -> Result<Json<LicenceList>, Failure> {
    let found = store::page(rooms.ledger().database(), caller.region, filter, limit).await?;
    let is_full = i64::try_from(found.len()).is_ok_and(|count| count == limit);
    let next_cursor = found
        .last()
        .filter(|_| is_full)
        .map(|last| format!("{}-{}", last.issued_at_us, last.id));
    let today = china_date(caller.now);
    let items = found.into_iter().map(|found| item(found, today)).collect();
    Ok(Json(LicenceList { items, next_cursor }))
}

fn item(found: LicenceSummary, today: jiff::civil::Date) -> LicenceItem {
    LicenceItem {
        holder: found.holder_masked(),
        status: found.status(today),
        id: found.id,
        identifier: found.identifier,
        number: found.number,
        name: found.name,
        organisation: found.organisation_name,
        case: found.case_id,
        case_number: found.case_number,
        valid_from: found.valid_from,
        valid_until: found.valid_until,
        is_copy: found.is_copy,
    }
}

/// What stands on the document. It is sent in the body, because addresses are logged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VerifyInput {
    /// The number, or the national identifier.
    #[schema(example = "610924SCJG2026000412", max_length = 130)]
    number: String,
    /// The code beside the QR code.
    #[schema(example = "7K3M-92QF", max_length = 40)]
    code: String,
}

/// Verifies a licence or a notice by number and code.
#[utoipa::path(post, path = "/api/v1/verify", tag = "licences", request_body = VerifyInput,
    responses((status = 200, description = "What was found; `unknown` when number and code do not fit together.", body = Finding),
        (status = 429, description = "Too many wrong codes came from this address, here or on the page; the header `Retry-After` tells the seconds to wait.")))]
async fn verify_number(
    State(rooms): State<Rooms>,
    caller: Caller,
    address: Address,
    Body(input): Body<VerifyInput>,
) -> Result<Json<Finding>, Failure> {
    let found = rooms
        .verify(&caller, &address, &input.number, &input.code)
        .await?;
    Ok(Json(found))
}

/// Verifies a licence or a notice by what its QR code carries.
#[utoipa::path(get, path = "/api/v1/verify/{token}", tag = "licences",
    params(("token" = String, Path, description = "The last part of the address in the QR code.")),
    responses((status = 200, description = "What was found; `unknown` when there is no such document.", body = Finding)))]
async fn verify_token(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(token): Path<String>,
) -> Result<Json<Finding>, Failure> {
    Ok(Json(rooms.verifier.by_token(caller.region, &token).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nonsense_is_refused() {
        let id = "a".repeat(32);
        assert_eq!(cursor_of(&format!("12-{id}")).unwrap(), (12, id));
        for wrong in ["", "12", "x-y", "12-'; DROP TABLE licence", "-"] {
            assert!(cursor_of(wrong).is_err(), "{wrong}");
        }
    }
}
