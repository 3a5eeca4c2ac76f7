//! Items and departments in the hall.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use wuchuang_kernel::china_date;
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body};

use crate::{
    deeds::entries::{TypedEntry, TypedHall, department, item, of_department, record, write},
    marks::{EntryFigures, Mark},
    model::{
        entry::{EntryMark, ExemptionGround},
        hall::{AuthorityScope, Concentration},
    },
    pages::{scope, told},
    service::Oversight,
};

pub(super) fn routes() -> Routes<Oversight> {
    let read = Rule::Act("entry_read");
    let edit = Rule::Act("entry_edit");
    Routes::new()
        .api(read, routes!(entry_departments))
        .api(read, routes!(entry_department))
        .api(edit, routes!(entry_record))
        .api(edit, routes!(hall_record))
}

/// How a department stands in the hall.
#[derive(Debug, Serialize, ToSchema)]
struct EntryDepartment {
    /// The department.
    department: String,
    /// Its name.
    name: String,
    /// How many items must enter, have entered, are exempted, are missing.
    figures: EntryFigures,
    /// 三集中三到位.
    marks: Vec<Mark>,
}

/// The departments.
#[derive(Debug, Serialize, ToSchema)]
struct EntryDepartments {
    /// Those that the caller may see.
    departments: Vec<EntryDepartment>,
}

/// 三集中三到位 by department: all for supervision, the own one for everybody else.
#[utoipa::path(get, path = "/api/v1/oversight/entries", tag = "oversight",
    responses((status = 200, body = EntryDepartments), (status = 401), (status = 403)))]
async fn entry_departments(
    State(oversight): State<Oversight>,
    caller: Caller,
) -> Result<Json<EntryDepartments>, Failure> {
    let only = scope(&caller)?;
    let today = china_date(caller.now);
    let lines = oversight.departments(caller.region, only, today).await?;
    let departments = lines.into_iter().map(|line| EntryDepartment {
        department: line.id.to_string(),
        name: line.name,
        figures: line.figures,
        marks: line.marks,
    });
    Ok(Json(EntryDepartments {
        departments: departments.collect(),
    }))
}

/// An item in the hall.
#[derive(Debug, Serialize, ToSchema)]
struct EntryItem {
    /// The item.
    item: String,
    /// Its name.
    name: String,
    /// How it counts today.
    mark: EntryMark,
    /// The hall, or why it does not enter; may be empty.
    place: String,
    /// Since or until when, in words; may be empty.
    days: String,
    /// By which document; may be empty.
    document: String,
}

/// An authorisation of a chief representative.
#[derive(Debug, Serialize, ToSchema)]
struct HallAuthority {
    /// Who.
    person: String,
    /// For what.
    scope: Vec<AuthorityScope>,
    /// The date of the authorisation.
    from: String,
    /// The last day; absent until it is ended.
    until: Option<String>,
    /// The document.
    document: String,
}

/// A department in the hall.
#[derive(Debug, Serialize, ToSchema)]
struct HallDepartment {
    /// Its published items.
    items: Vec<EntryItem>,
    /// Its authorisations, the first first.
    authorities: Vec<HallAuthority>,
}

/// One department: its items and its chief representatives.
#[utoipa::path(get, path = "/api/v1/oversight/entries/{organisation}", tag = "oversight",
    params(("organisation" = String, Path, description = "The department.")),
    responses((status = 200, body = HallDepartment), (status = 401), (status = 403), (status = 404)))]
async fn entry_department(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(organisation): Path<String>,
) -> Result<Json<HallDepartment>, Failure> {
    let organisation = department(&oversight, &caller, &organisation).await?;
    caller.require("entry_read", &of_department(organisation.id))?;
    let today = china_date(caller.now);
    let entries = oversight.entries(caller.region).await?;
    let own = oversight.items(today).remove(&organisation.id);
    let items = own.unwrap_or_default().into_iter().map(|version| {
        let told = told(&entries, version.id, today);
        EntryItem {
            item: version.id.to_string(),
            name: version.content.name.clone(),
            mark: told.mark,
            place: told.place,
            days: told.day,
            document: told.document,
        }
    });
    let hall = oversight.hall(caller.region, organisation.id).await?;
    let authorities = hall.authorisations.into_iter().map(|one| HallAuthority {
        person: one.person.to_string(),
        scope: one.scope.into_iter().collect(),
        from: one.from.to_string(),
        until: one.until.map(|until| until.to_string()),
        document: one.document,
    });
    Ok(Json(HallDepartment {
        items: items.collect(),
        authorities: authorities.collect(),
    }))
}

/// What is recorded of an item.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "standing")]
enum EntryInput {
    /// 进驻.
    Entered {
        /// The hall.
        place: String,
        /// Since when.
        from: String,
        /// By which document.
        document: String,
    },
    /// 不进驻.
    Exempted {
        /// Why.
        ground: ExemptionGround,
        /// The document that approved it.
        document: String,
        /// The last day.
        until: String,
    },
    /// 撤回登记.
    TakenBack {
        /// Why.
        reason: String,
    },
}

/// 登记进驻、不进驻, or takes it back.
#[utoipa::path(post, path = "/api/v1/oversight/items/{item}/entry", tag = "oversight", request_body = EntryInput,
    params(("item" = String, Path, description = "The item."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422, description = "Something is missing or out of range.")))]
async fn entry_record(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(id): Path<String>,
    Body(input): Body<EntryInput>,
) -> Result<StatusCode, Failure> {
    let version = item(&oversight, &id)?;
    let typed = match &input {
        EntryInput::Entered {
            place,
            from,
            document,
        } => TypedEntry::Enter(place, from, document),
        EntryInput::Exempted {
            ground,
            document,
            until,
        } => TypedEntry::Exempt(ground.code(), document, until),
        EntryInput::TakenBack { reason } => TypedEntry::TakeBack(reason),
    };
    record(&oversight, &caller, &version, &typed, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is recorded of a department.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "deed")]
enum HallInput {
    /// 授权.
    Authorise {
        /// Who: holds a post there that decides.
        person: String,
        /// For what.
        scope: Vec<AuthorityScope>,
        /// The date of the authorisation.
        from: String,
        /// The last day; absent: until it is ended.
        until: Option<String>,
        /// The document.
        document: String,
    },
    /// 终止授权.
    EndAuthority {
        /// Whose.
        person: String,
        /// The last day.
        last_day: String,
        /// Why.
        reason: String,
    },
    /// A fact of 三集中.
    Record {
        /// Which.
        what: Concentration,
        /// Since when.
        from: String,
        /// The document.
        document: String,
    },
    /// It does not hold any longer.
    Withdraw {
        /// Which.
        what: Concentration,
        /// Why.
        reason: String,
    },
}

/// 首席代表授权 and the facts of 三集中.
#[utoipa::path(post, path = "/api/v1/oversight/entries/{organisation}", tag = "oversight", request_body = HallInput,
    params(("organisation" = String, Path, description = "The department."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422, description = "Something is missing, unknown or out of range.")))]
async fn hall_record(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(organisation): Path<String>,
    Body(input): Body<HallInput>,
) -> Result<StatusCode, Failure> {
    let organisation = department(&oversight, &caller, &organisation).await?.id;
    let codes: Vec<String> = match &input {
        HallInput::Authorise { scope, .. } => {
            scope.iter().map(|one| one.code().to_owned()).collect()
        }
        _ => Vec::new(),
    };
    let typed = match &input {
        HallInput::Authorise {
            person,
            from,
            until,
            document,
            ..
        } => TypedHall::Authorise {
            person,
            scope: &codes,
            from,
            until: until.as_deref().unwrap_or_default(),
            document,
        },
        HallInput::EndAuthority {
            person,
            last_day,
            reason,
        } => TypedHall::End {
            person,
            last_day,
            reason,
        },
        HallInput::Record {
            what,
            from,
            document,
        } => TypedHall::Record {
            what: what.code(),
            from,
            document,
        },
        HallInput::Withdraw { what, reason } => TypedHall::Withdraw {
            what: what.code(),
            reason,
        },
    };
    write(&oversight, &caller, organisation, &typed, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
