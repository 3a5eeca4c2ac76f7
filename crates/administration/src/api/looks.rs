//! Who looked at whose masked data, for the audit's programs.

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wuchuang_cases::looks::LookFilter;
use wuchuang_kernel::PersonId;
use wuchuang_webkit::{Caller, Failure};

use super::{PageQuery, instant};
use crate::{Rooms, looks};

/// Which looks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct LookQuery {
    /// Only those of this member of staff.
    person: Option<String>,
    /// Only on this day or later.
    #[param(value_type = Option<String>, format = Date, example = "2026-11-01")]
    from: Option<Date>,
    /// Only on this day or earlier.
    #[param(value_type = Option<String>, format = Date, example = "2026-11-30")]
    until: Option<Date>,
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<u16>,
}

/// A look at masked data.
#[derive(Debug, Serialize, ToSchema)]
struct AuditLook {
    /// When (RFC 3339).
    at: String,
    /// Who looked.
    person: String,
    /// Their name; empty for an account that was erased.
    #[schema(example = "李敏")]
    who: String,
    /// The organisation of the post in which they looked.
    organisation_name: String,
    /// At what kind of thing: `case` or `licence`.
    #[schema(example = "case")]
    kind: &'static str,
    /// The case or licence.
    subject: String,
    /// Its number.
    number: String,
    /// The item of the case, the name of the licence.
    #[schema(example = "食品经营许可核发")]
    title: String,
    /// Whose data it was: persons masked, organisations in full.
    #[schema(example = "王*明")]
    owner: String,
    /// Why.
    #[schema(example = "电话核实材料原件")]
    reason: String,
    /// Through which window; empty for looks before this was kept.
    #[schema(example = "counter")]
    channel: String,
    /// From which address; empty when nobody knows.
    address: String,
}

impl From<looks::Look> for AuditLook {
    fn from(look: looks::Look) -> Self {
        let owner = look.row.owner_shown();
        Self {
            at: instant(look.row.at_us),
            person: look.row.person,
            who: look.who,
            organisation_name: look.organisation,
            kind: look.book.kind,
            subject: look.row.subject,
            number: look.row.number,
            title: look.row.title,
            owner,
            reason: look.row.reason,
            channel: look.row.channel,
            address: look.row.address,
        }
    }
}

/// One page of looks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditLooks {
    /// The looks, the last one first.
    items: Vec<AuditLook>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// Who looked at whose masked data, when, why and from where (个人信息保护法 art. 51).
#[utoipa::path(get, path = "/api/v1/looks", tag = "ledger", params(LookQuery),
    responses((status = 200, body = AuditLooks), (status = 401), (status = 403), (status = 422, description = "A filter or the cursor does not read.")))]
pub(super) async fn look_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<LookQuery>,
) -> Result<Json<AuditLooks>, Failure> {
    let person: Option<PersonId> = query
        .person
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| Failure::invalid("这不是人员标识。请使用系统给出的标识。").at("person"))?;
    let filter = LookFilter {
        person,
        from: query.from,
        until: query.until,
    };
    let part = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let limit = usize::from(part.limit());
    let (found, next_cursor) =
        looks::page_of(&rooms, &caller, &filter, &part.place()?, limit).await?;
    Ok(Json(AuditLooks {
        items: found.into_iter().map(AuditLook::from).collect(),
        next_cursor,
    }))
}
