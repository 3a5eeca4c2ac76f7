//! 优化前后 for programs: what publishing items anew has saved (acceptance row 1.10).

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use crate::{lists::Cost, rooms::Rooms};

/// What an application costs by one version.
#[derive(Debug, Serialize, ToSchema)]
struct CostBody {
    /// Steps before the decision.
    #[schema(example = 2)]
    steps: i64,
    /// Materials that every applicant must bring.
    #[schema(example = 4)]
    materials: i64,
    /// Visits.
    #[schema(example = 1)]
    visits: i64,
    /// The promised limit in hundredths of working days.
    #[schema(example = 500)]
    hundredths_of_working_days: i64,
}

impl From<Cost> for CostBody {
    fn from(cost: Cost) -> Self {
        Self {
            steps: cost.steps,
            materials: cost.materials,
            visits: cost.visits,
            hundredths_of_working_days: cost.time,
        }
    }
}

/// One item that was published again.
#[derive(Debug, Serialize, ToSchema)]
struct OptimisedBody {
    /// The item.
    item: String,
    /// Its name.
    #[schema(example = "食品经营许可核发")]
    name: String,
    /// The version in force.
    #[schema(example = 2)]
    version: u32,
    /// The first day of the first version.
    #[schema(example = "2026-01-01")]
    since: String,
    /// By the first version.
    before: CostBody,
    /// By the one in force.
    after: CostBody,
}

/// The report.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OptimisationReport {
    /// All of them together by their first versions.
    before: CostBody,
    /// And by those in force.
    after: CostBody,
    /// The items that were published more than once, those with the greatest saving of time first.
    items: Vec<OptimisedBody>,
}

/// 优化前后: steps, materials, visits and promised time of each item by its first version and by the one in force.
#[utoipa::path(get, path = "/api/v1/catalogue/optimisation", tag = "items",
    responses((status = 200, body = OptimisationReport), (status = 401), (status = 403)))]
pub(super) async fn catalogue_optimisation(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Json<OptimisationReport>, Failure> {
    let report = rooms.optimisation(caller.region).await?;
    let items = report.items.iter().map(|item| OptimisedBody {
        item: item.version.id.to_string(),
        name: item.version.content.name.clone(),
        version: item.version.version,
        since: item.since.to_string(),
        before: item.before.into(),
        after: item.after.into(),
    });
    Ok(Json(OptimisationReport {
        items: items.collect(),
        before: report.total.0.into(),
        after: report.total.1.into(),
    }))
}
