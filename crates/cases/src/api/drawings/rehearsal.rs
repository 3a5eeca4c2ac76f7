//! 试走 for programs: a made-up case in an item's drawn process, played from what was chosen. The same engine and checks as a real
//! case; nothing is written.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use wuchuang_bpmn::{ElementId, TimerDue};
use wuchuang_catalogue::model::{ServiceItem, drawn::DrawingProblem};
use wuchuang_kernel::ItemId;
use wuchuang_webkit::{Caller, Failure, request::Body};

use crate::{
    model::{
        DrawnProcess,
        drawn::rehearsal::{Rehearsal, Script, rehearse},
    },
    rooms::CaseRooms,
};

/// How long a script may be, in bytes.
const SCRIPT_BYTES_MAX: usize = 128 * 1024;

/// A made-up case and what was chosen for it, in order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct RehearsalInput {
    /// `{"applicant": "person", "answers": {…}, "priority": false, "moves": […]}`; a move is `{"complete": {"task": 1, "answers":
    /// {…}}}`, `{"decide": {"task": 2, "variables": {…}}}`, `{"answer": {"awaited": 4, "variables": {…}}}`, `{"fire": {"timer": 3}}` or `{"return": {"task": 1, "to": "first"}}`.
    #[schema(value_type = Object)]
    script: Value,
}

/// An element of the drawing.
#[derive(Debug, Serialize, ToSchema)]
struct RehearsedElement {
    /// Its id in the file.
    id: String,
    /// What people call it; empty where it has no name.
    name: String,
}

/// Something that waits: a task, a rule, a timer, a place where the process cannot go on.
#[derive(Debug, Serialize, ToSchema)]
struct RehearsedPlace {
    /// The number by which a move names it.
    number: u32,
    /// The element of the drawing.
    element: RehearsedElement,
    /// Who may do a task, the decision of a rule, when a timer is due, why the process cannot go on.
    told: String,
    /// Where one may return to from it.
    return_to: Vec<RehearsedElement>,
}

/// Where a made-up case stands.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct RehearsalView {
    /// The tasks that are open.
    tasks: Vec<RehearsedPlace>,
    /// The rules that wait for what they give.
    decisions: Vec<RehearsedPlace>,
    /// What is waited for from outside, with the names by which programs know it.
    awaited: Vec<RehearsedPlace>,
    /// The timers that run.
    timers: Vec<RehearsedPlace>,
    /// Where the process cannot go on.
    stuck: Vec<RehearsedPlace>,
    /// What is done.
    done: Vec<RehearsedElement>,
    /// Whether the decision is due.
    is_over: bool,
    /// Where the decision may send it back to.
    reopen: Vec<RehearsedElement>,
    /// The elements that were entered with each move, the beginning first.
    entered: Vec<Vec<RehearsedElement>>,
    /// Why the last move was refused; then all else is where it stood before it.
    refused: Option<String>,
}

fn broken() -> Failure {
    Failure::invalid("试走的记录看不懂，请对照接口说明检查每一步。").at("script")
}

/// Plays a made-up case through the drawing of an item's working copy (试走). Nothing is written, and nobody is told.
#[utoipa::path(post, path = "/api/v1/items/{item}/process/run", tag = "items", request_body = RehearsalInput,
    params(("item" = String, Path, description = "The item.")),
    responses((status = 200, body = RehearsalView), (status = 401), (status = 403),
        (status = 404, description = "No such item, or it has no drawing."),
        (status = 422, description = "The drawing has problems, or the script does not fit it.")))]
pub(in crate::api) async fn item_process_run(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(item): Path<String>,
    Body(input): Body<RehearsalInput>,
) -> Result<Json<RehearsalView>, Failure> {
    let id: ItemId = item.parse().map_err(|_| Failure::not_found())?;
    let ledger = rooms.cases.ledger();
    let loaded = ledger.load::<ServiceItem>(caller.region, id.into()).await?;
    let (_, state) = loaded.ok_or_else(Failure::not_found)?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    if content.drawn_process.is_empty() {
        return Err(Failure::not_found());
    }
    let drawn = DrawnProcess::read(&content.drawn_process).map_err(|problems| {
        let first = problems.first().map(DrawingProblem::public);
        Failure::invalid(first.unwrap_or_default())
    })?;
    if input.script.to_string().len() > SCRIPT_BYTES_MAX {
        return Err(broken());
    }
    let script: Script = serde_json::from_value(input.script).map_err(|_| broken())?;
    let (seen, refusal) = rehearse(&drawn, &script).map_err(Failure::from)?;
    Ok(Json(view(
        &drawn,
        &seen,
        refusal.map(|it| it.public.into_owned()),
    )))
}

fn view(drawn: &DrawnProcess, seen: &Rehearsal, refused: Option<String>) -> RehearsalView {
    let named = |wanted: &ElementId| {
        let mut elements = drawn.process().elements();
        let found = elements.find(|element| element.id == *wanted);
        RehearsedElement {
            id: wanted.to_string(),
            name: found.map_or_else(String::new, |element| element.name.to_string()),
        }
    };
    let all = |elements: &[ElementId]| elements.iter().map(named).collect::<Vec<_>>();
    let place = |number: u32, element: &ElementId, told: String, to: &[ElementId]| RehearsedPlace {
        number,
        element: named(element),
        told,
        return_to: all(to),
    };
    let tasks = seen.tasks.iter().map(|open| {
        let who = open.task.candidates.join("、");
        place(open.task.task.0, &open.task.element, who, &open.targets)
    });
    let decisions = seen.decisions.iter();
    let decisions = decisions
        .map(|(number, element, decision)| place(number.0, element, decision.to_string(), &[]));
    let awaited = seen.awaited.iter();
    let awaited =
        awaited.map(|awaited| place(awaited.number, &awaited.element, awaited.topic.clone(), &[]));
    let timers = seen.timers.iter().map(|timer| {
        let due = match &timer.due {
            TimerDue::After(duration) => duration.to_string(),
            TimerDue::AfterWorkingDays(days) => format!("{days} 个工作日"),
            TimerDue::At(moment) => moment.to_string(),
        };
        place(timer.timer.0, &timer.element, due, &[])
    });
    let stuck = seen.stuck.iter();
    let stuck = stuck.map(|(number, element, text, to)| place(*number, element, text.clone(), to));
    RehearsalView {
        tasks: tasks.collect(),
        decisions: decisions.collect(),
        awaited: awaited.collect(),
        timers: timers.collect(),
        stuck: stuck.collect(),
        done: all(&seen.done),
        is_over: seen.is_over,
        reopen: all(&seen.reopen),
        entered: seen.entered.iter().map(|entered| all(entered)).collect(),
        refused,
    }
}
