//! The JSON API of organisations and people: reading them here, making and mending `organisations` and accounts
//! (`people`), their posts in `posts`, many accounts at once in `import`, personal data in `privacy`, a citizen's own in `profile`.

mod import;
mod organisations;
mod people;
mod posts;
mod privacy;
mod profile;

use axum::{
    Json,
    extract::{DefaultBodyLimit, Path, Query, State},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use wuchuang_kernel::{OrganisationId, Role};
use wuchuang_webkit::{Caller, Failure, Routes, Rule, Visitor};

use crate::{
    admin::SHEET_BYTES_MAX,
    rooms::Rooms,
    store::{Organisation, StaffFilter},
};

/// What a multipart body needs besides the file.
const MULTIPART_BYTES: usize = 64 * 1024;

/// The routes of this room.
pub(crate) fn routes() -> Routes<Rooms> {
    Routes::new()
        .api(Rule::Act("people_read"), routes!(organisation_list))
        .api(Rule::Act("people_read"), routes!(organisation_show))
        .api(Rule::Act("people_read"), routes!(staff_list))
        .api(Rule::Act("me_read"), routes!(me_show))
        .api(Rule::Act("citizen_area"), routes!(profile::own_profile))
        .and(organisations())
        .and(accounts())
        .api(
            Rule::Act("privacy_read"),
            routes!(privacy::privacy_act_list),
        )
        .api(
            Rule::Act("privacy_manage"),
            routes!(privacy::privacy_search),
        )
        .api(Rule::Act("privacy_manage"), routes!(privacy::privacy_act))
}

fn organisations() -> Routes<Rooms> {
    let manage = Rule::Act("people_manage");
    Routes::new()
        .api(manage, routes!(organisations::organisation_found))
        .api(manage, routes!(organisations::organisation_change))
        .api(manage, routes!(organisations::organisation_close))
        .api(manage, routes!(organisations::organisation_reopen))
}

/// An instant from stored microseconds (RFC 3339).
pub(crate) fn instant(microseconds: i64) -> String {
    Timestamp::from_microsecond(microseconds)
        .map(|at| at.to_string())
        .unwrap_or_default()
}

fn accounts() -> Routes<Rooms> {
    let manage = Rule::Act("people_manage");
    let roles = Rule::Act("roles_manage");
    let (schemas, paths, import) = routes!(import::staff_import);
    let import = import.layer(DefaultBodyLimit::max(SHEET_BYTES_MAX + MULTIPART_BYTES));
    Routes::new()
        .api(Rule::Act("people_read"), routes!(people::staff_show))
        .api(manage, routes!(people::staff_register))
        .api(manage, routes!(people::staff_correct))
        .api(manage, routes!(people::staff_deactivate))
        .api(manage, routes!(people::staff_reactivate))
        .api(manage, routes!(people::staff_password))
        .api(manage, routes!(people::staff_factor_remove))
        .api(manage, (schemas, paths, import))
        .api(roles, routes!(posts::post_give))
        .api(roles, routes!(posts::post_change))
        .api(roles, routes!(posts::post_end))
}

/// Which part of a list is asked for.
#[derive(Deserialize, IntoParams)]
struct PageQuery {
    /// Where the page before ended: its `next_cursor`.
    #[serde(default)]
    cursor: String,
    /// How many items, 1 to 100; 50 when absent.
    limit: Option<usize>,
}

impl PageQuery {
    fn limit(&self) -> usize {
        self.limit.unwrap_or(50).clamp(1, 100)
    }
}

/// An organisation.
#[derive(Serialize, ToSchema)]
struct OrganisationBody {
    /// The identifier.
    #[schema(example = "0199f1a7c5b07d0e8a4b6c2d1e3f4a5b")]
    id: String,
    /// The name.
    #[schema(example = "民政局")]
    name: String,
    /// Four capital letters or digits.
    #[schema(example = "MZJU")]
    short_code: String,
    /// `department`, `town`, `village`, `centre` or `hall`.
    #[schema(example = "department")]
    kind: String,
    /// 统一社会信用代码 (GB 32100); may be empty.
    credit_code: String,
    /// The region code that it serves.
    #[schema(example = "610924")]
    place: String,
    /// The organisation above it.
    parent: Option<String>,
    /// Its public telephone.
    phone: String,
    /// Its public address.
    address: String,
    /// Whether it works.
    is_active: bool,
}

impl From<Organisation> for OrganisationBody {
    fn from(organisation: Organisation) -> Self {
        Self {
            id: organisation.id.to_string(),
            name: organisation.name,
            short_code: organisation.short_code,
            kind: organisation.kind.code().to_owned(),
            credit_code: organisation.credit_code,
            place: organisation.place.to_string(),
            parent: organisation.parent.map(|parent| parent.to_string()),
            phone: organisation.phone,
            address: organisation.address,
            is_active: organisation.is_active,
        }
    }
}

/// A page of organisations.
#[derive(Serialize, ToSchema)]
struct OrganisationPage {
    /// The organisations.
    items: Vec<OrganisationBody>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// A member of staff.
#[derive(Serialize, ToSchema)]
struct StaffBody {
    /// The identifier.
    person: String,
    /// The account name.
    #[schema(example = "zhang.wei")]
    account: String,
    /// The name.
    name: String,
    /// The telephone at work.
    phone: String,
    /// Whether the account may sign in.
    is_active: bool,
}

/// A page of staff.
#[derive(Serialize, ToSchema)]
struct StaffPage {
    /// The members of staff.
    items: Vec<StaffBody>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// Who the caller is.
#[derive(Serialize, ToSchema)]
struct MeBody {
    /// `program`, `staff` or `citizen`.
    #[schema(example = "program")]
    kind: &'static str,
    /// The person, or the token's owner.
    person: String,
    /// The organisation in which the caller acts; absent for citizens.
    organisation: Option<String>,
    /// What the post entitles to.
    roles: Vec<&'static str>,
    /// What the token may do; empty for people.
    scopes: Vec<String>,
}

/// Lists organisations by identifier.
#[utoipa::path(get, path = "/api/v1/organisations", tag = "access", params(PageQuery),
    responses((status = 200, body = OrganisationPage)))]
async fn organisation_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<OrganisationPage>, Failure> {
    let mut all = rooms.directory.organisations(caller.region).await?;
    all.sort_by_key(|organisation| organisation.id);
    let limit = query.limit();
    let mut items: Vec<OrganisationBody> = all
        .into_iter()
        .map(OrganisationBody::from)
        .filter(|organisation| organisation.id > query.cursor)
        .take(limit + 1)
        .collect();
    let has_more = items.len() > limit;
    items.truncate(limit);
    let next_cursor = items
        .last()
        .filter(|_| has_more)
        .map(|last| last.id.clone());
    Ok(Json(OrganisationPage { items, next_cursor }))
}

/// Shows one organisation.
#[utoipa::path(get, path = "/api/v1/organisations/{organisation}", tag = "access",
    params(("organisation" = String, Path, description = "The identifier")),
    responses((status = 200, body = OrganisationBody)))]
async fn organisation_show(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(organisation): Path<String>,
) -> Result<Json<OrganisationBody>, Failure> {
    let id: OrganisationId = organisation.parse().map_err(|_| Failure::not_found())?;
    let found = rooms.directory.organisation(caller.region, id).await?;
    Ok(Json(found.ok_or_else(Failure::not_found)?.into()))
}

/// Lists staff by account name.
#[utoipa::path(get, path = "/api/v1/staff", tag = "access", params(PageQuery),
    responses((status = 200, body = StaffPage)))]
async fn staff_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<StaffPage>, Failure> {
    let limit = query.limit();
    let filter = StaffFilter {
        after: query.cursor,
        limit: i64::try_from(limit + 1).unwrap_or(101),
        ..StaffFilter::default()
    };
    let mut found = rooms.directory.staff_list(caller.region, &filter).await?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found
        .last()
        .filter(|_| has_more)
        .map(|last| last.account.clone());
    let items = found
        .into_iter()
        .map(|entry| StaffBody {
            person: entry.person.to_string(),
            account: entry.account,
            name: entry.name,
            phone: entry.phone,
            is_active: entry.is_active,
        })
        .collect();
    Ok(Json(StaffPage { items, next_cursor }))
}

/// Tells a program what its token is: on whose behalf, with which roles and scopes.
#[utoipa::path(get, path = "/api/v1/me", tag = "access", responses((status = 200, body = MeBody)))]
async fn me_show(caller: Caller) -> Result<Json<MeBody>, Failure> {
    let visitor = &caller.visitor;
    let person = visitor.person().ok_or_else(Failure::sign_in)?;
    let (kind, scopes) = match visitor {
        Visitor::Program(program) => ("program", program.scopes.clone()),
        Visitor::Staff(_) => ("staff", Vec::new()),
        Visitor::Citizen(_) | Visitor::Anonymous => ("citizen", Vec::new()),
    };
    let staff = visitor.staff();
    Ok(Json(MeBody {
        kind,
        person: person.to_string(),
        organisation: staff.map(|staff| staff.organisation.to_string()),
        roles: staff
            .map(|staff| staff.roles.iter().copied().map(Role::code).collect())
            .unwrap_or_default(),
        scopes,
    }))
}
