//! The state of the system for programs that watch it.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use super::instant;
use crate::{Rooms, seal::SealState, system};

/// The certificate with which papers are sealed.
#[derive(Debug, Serialize, ToSchema)]
struct SealBody {
    /// `valid`, `ends_soon` (60 days and less) or `ended`: then nothing can be sealed any more.
    #[schema(example = "valid")]
    state: &'static str,
    /// Until when it is valid (RFC 3339).
    #[schema(example = "2036-11-20T01:00:00Z")]
    valid_until: String,
    /// How many days are left; 0 when it has ended.
    #[schema(example = 3_650)]
    days_left: i64,
}

impl From<SealState> for SealBody {
    fn from(seal: SealState) -> Self {
        Self {
            state: seal.code(),
            valid_until: seal.until.to_string(),
            days_left: seal.days_left,
        }
    }
}

/// The state of the system.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SystemBody {
    /// The program's version.
    #[schema(example = "0.3.0")]
    version: &'static str,
    /// The region code of the county.
    #[schema(example = "610924")]
    region: String,
    /// `sqlite` or `postgresql`.
    #[schema(example = "sqlite")]
    engine: &'static str,
    /// Whether the pages have their styles.
    has_assets: bool,
    /// How many records are on the ledger.
    #[schema(example = 90_211)]
    records: i64,
    /// When the last checkpoint was signed (RFC 3339); absent before the first.
    checkpoint_at: Option<String>,
    /// How many jobs wait to be run.
    #[schema(example = 0)]
    jobs_waiting: i64,
    /// The first year whose notice of holidays is known; absent without any.
    #[schema(example = 2004)]
    calendar_from: Option<i16>,
    /// The last year whose notice of holidays is known; absent without any.
    #[schema(example = 2026)]
    calendar_until: Option<i16>,
    /// The certificate with which papers are sealed.
    seal: SealBody,
}

/// The state of the system, as the page 系统状态 shows it.
#[utoipa::path(get, path = "/api/v1/system", tag = "system",
    responses((status = 200, body = SystemBody), (status = 401), (status = 403)))]
pub(super) async fn system_read(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Json<SystemBody>, Failure> {
    let state = system::state(&rooms, &caller).await?;
    Ok(Json(SystemBody {
        version: state.version,
        region: caller.region.to_string(),
        engine: state.engine,
        has_assets: state.has_assets,
        records: state.records,
        checkpoint_at: state.checkpoint_at_us.map(instant),
        jobs_waiting: state.jobs_waiting,
        calendar_from: state.years.map(|(first, _)| first),
        calendar_until: state.years.map(|(_, last)| last),
        seal: state.seal.into(),
    }))
}
