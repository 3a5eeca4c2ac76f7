//! What follows from the figures, and what people made of it.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body};

use crate::{
    deeds::{self, id_of},
    model::suggestion::{Grounds, SuggestionKind, SuggestionStanding, sentence},
    service::Analysis,
    store::suggestions::{Place, suggestions},
};

/// How many suggestions one page of a list holds at most.
const LIMIT_MAX: u32 = 100;
/// How many when nothing is said.
const LIMIT_USUAL: u32 = 50;

pub(super) fn routes() -> Routes<Analysis> {
    let read = Rule::Act("demand_read");
    let decide = Rule::Act("demand_decide");
    Routes::new()
        .api(read, routes!(demand_suggestions))
        .api(read, routes!(demand_suggestion))
        .api(decide, routes!(demand_take_up))
        .api(decide, routes!(demand_dismiss))
}

/// Which suggestions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SuggestionQuery {
    /// Those of a standing: `open` (usual), `taken_up`, `dismissed`, `lapsed`.
    #[serde(default)]
    standing: String,
    /// Only those of a kind.
    #[serde(default)]
    kind: String,
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many, at most 100.
    #[param(maximum = 100)]
    limit: Option<u32>,
}

/// A suggestion.
#[derive(Debug, Serialize, ToSchema)]
struct DemandSuggestion {
    /// The suggestion.
    id: String,
    /// What is suggested.
    kind: SuggestionKind,
    /// Where it stands.
    standing: SuggestionStanding,
    /// The item.
    item: String,
    /// Its name.
    item_name: String,
    /// The other item of a pair; absent for other kinds.
    other: Option<String>,
    /// Its name.
    other_name: Option<String>,
    /// How much in all.
    whole: i64,
    /// How much of it is meant.
    part: i64,
    /// Why, in a sentence.
    sentence: String,
    /// When the figures said it last (RFC 3339).
    raised_at: String,
}

fn told(
    id: String,
    standing: SuggestionStanding,
    grounds: &Grounds,
    at: String,
) -> DemandSuggestion {
    DemandSuggestion {
        id,
        kind: grounds.kind,
        standing,
        item: grounds.item.to_string(),
        item_name: grounds.item_name.clone(),
        other: grounds.other.as_ref().map(|(item, _)| item.to_string()),
        other_name: grounds.other.as_ref().map(|(_, name)| name.clone()),
        whole: grounds.whole,
        part: grounds.part,
        sentence: sentence(grounds),
        raised_at: at,
    }
}

/// One page of suggestions.
#[derive(Debug, Serialize, ToSchema)]
struct DemandSuggestionList {
    /// The suggestions, the weightiest first.
    items: Vec<DemandSuggestion>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// 建议: what follows from the figures by fixed rules.
#[utoipa::path(get, path = "/api/v1/demand/suggestions", tag = "demand", params(SuggestionQuery),
    responses((status = 200, body = DemandSuggestionList), (status = 401), (status = 403), (status = 422, description = "The cursor does not read.")))]
async fn demand_suggestions(
    State(analysis): State<Analysis>,
    caller: Caller,
    Query(query): Query<SuggestionQuery>,
) -> Result<Json<DemandSuggestionList>, Failure> {
    let shown = query.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
    let standing = SuggestionStanding::from_code(&query.standing);
    let which = (
        standing.unwrap_or(SuggestionStanding::Open),
        SuggestionKind::from_code(&query.kind),
    );
    let from = query.cursor.as_deref().map(Place::read).transpose()?;
    let (database, region) = (analysis.database(), caller.region);
    let asked = i64::from(shown) + 1;
    let mut rows = suggestions(database, region, which, from.as_ref(), asked).await?;
    let has_more = rows.len() > shown as usize;
    rows.truncate(shown as usize);
    Ok(Json(DemandSuggestionList {
        next_cursor: Place::behind(&rows).filter(|_| has_more),
        items: rows
            .into_iter()
            .map(|row| {
                let at = row.raised_at.to_string();
                told(row.id, row.standing, &row.grounds, at)
            })
            .collect(),
    }))
}

/// A decision about a suggestion.
#[derive(Debug, Serialize, ToSchema)]
struct DemandDecision {
    /// Whether it was taken up.
    is_taken_up: bool,
    /// What is done about it, or why nothing is.
    reason: String,
    /// Who decided.
    by: String,
    /// When (RFC 3339).
    at: String,
}

/// A suggestion with its decisions.
#[derive(Debug, Serialize, ToSchema)]
struct DemandSuggestionStory {
    /// The suggestion.
    suggestion: DemandSuggestion,
    /// What was decided, the last at the end.
    decisions: Vec<DemandDecision>,
}

/// One suggestion, with who decided what and when.
#[utoipa::path(get, path = "/api/v1/demand/suggestions/{suggestion}", tag = "demand",
    params(("suggestion" = String, Path, description = "The suggestion.")),
    responses((status = 200, body = DemandSuggestionStory), (status = 401), (status = 403), (status = 404)))]
async fn demand_suggestion(
    State(analysis): State<Analysis>,
    caller: Caller,
    Path(suggestion): Path<String>,
) -> Result<Json<DemandSuggestionStory>, Failure> {
    let id = id_of(&suggestion)?;
    let known = deeds::suggestion(&analysis, &caller, id).await?;
    let mut decisions = Vec::new();
    for decision in &known.decisions {
        let who = analysis.directory.actor_name(caller.region, &decision.by);
        decisions.push(DemandDecision {
            is_taken_up: decision.is_taken_up,
            reason: decision.reason.clone(),
            by: who.await?.unwrap_or_default(),
            at: decision.at.to_string(),
        });
    }
    let at = known.raised_at.to_string();
    Ok(Json(DemandSuggestionStory {
        suggestion: told(id.to_string(), known.standing, &known.grounds, at),
        decisions,
    }))
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DemandDecisionInput {
    /// What is done about it, or why nothing is, 1 to 500 characters, without applicants' names and numbers.
    #[schema(max_length = 500, example = "交政务服务局研究，年底前报审改办")]
    reason: String,
}

/// 采纳: something is done about it.
#[utoipa::path(post, path = "/api/v1/demand/suggestions/{suggestion}/take-up", tag = "demand", request_body = DemandDecisionInput,
    params(("suggestion" = String, Path, description = "The suggestion."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422, description = "The reason is missing, or it was taken up before.")))]
async fn demand_take_up(
    State(analysis): State<Analysis>,
    caller: Caller,
    Path(suggestion): Path<String>,
    Body(input): Body<DemandDecisionInput>,
) -> Result<StatusCode, Failure> {
    let told = (true, input.reason.as_str());
    deeds::decide(&analysis, &caller, id_of(&suggestion)?, told, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 不采纳: it does not come back until its figures change materially.
#[utoipa::path(post, path = "/api/v1/demand/suggestions/{suggestion}/dismiss", tag = "demand", request_body = DemandDecisionInput,
    params(("suggestion" = String, Path, description = "The suggestion."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422, description = "The reason is missing, or it was dismissed before.")))]
async fn demand_dismiss(
    State(analysis): State<Analysis>,
    caller: Caller,
    Path(suggestion): Path<String>,
    Body(input): Body<DemandDecisionInput>,
) -> Result<StatusCode, Failure> {
    let told = (false, input.reason.as_str());
    deeds::decide(&analysis, &caller, id_of(&suggestion)?, told, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
