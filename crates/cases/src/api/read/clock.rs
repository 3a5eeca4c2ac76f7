//! How the time of a case is counted, with the evidence of every day.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_calendar::{Calendar, ClockView, LimitView, china_date, weekday_name};
use wuchuang_webkit::{Caller, Failure};

use crate::{
    api::body::case_id,
    model::{Case, RunningLimit},
    pages::moved,
    rooms::CaseRooms,
};

/// One limit.
#[derive(Debug, Serialize, ToSchema)]
struct LimitAnswer {
    /// The limit with its extension.
    #[schema(example = "5 个工作日")]
    limit: String,
    /// What is left of it.
    #[schema(example = "还剩 2 个工作日")]
    left: String,
    /// Its last day.
    #[schema(example = "2026-11-30")]
    due_on: String,
    /// Whether it is over.
    is_over: bool,
    /// What makes the day unsure: a stopped clock, a year without a notice.
    caveat: Option<&'static str>,
}

fn limit_answer(view: &LimitView) -> LimitAnswer {
    LimitAnswer {
        limit: view.limit.text(),
        left: view.left_text(),
        due_on: view.due.date.to_string(),
        is_over: view.over,
        caveat: view.due.caveat(),
    }
}

/// One day since acceptance.
#[derive(Debug, Serialize, ToSchema)]
struct DayAnswer {
    /// The day.
    #[schema(example = "2026-10-10")]
    date: String,
    /// Its weekday.
    #[schema(example = "周六")]
    weekday: &'static str,
    /// Whether it counts.
    is_counted: bool,
    /// Whether it has not begun.
    is_future: bool,
    /// How it is counted and why.
    #[schema(example = "2026年10月10日 周六：第 3 天（国庆节调休上班）")]
    text: String,
}

/// The time within which the applicant supplies what is owed.
#[derive(Debug, Serialize, ToSchema)]
struct SupplementAnswer {
    /// The limit.
    limit: LimitAnswer,
    /// Whether everything has arrived.
    is_supplied: bool,
    /// How many materials are still owed.
    owed: usize,
}

/// The limit of one run of a step.
#[derive(Debug, Serialize, ToSchema)]
struct StepAnswer {
    /// The step's key.
    #[schema(example = "review")]
    step: String,
    /// Its name.
    #[schema(example = "审查")]
    name: String,
    /// The light in words.
    #[schema(example = "正常")]
    state: &'static str,
    /// The limit.
    limit: LimitAnswer,
}

/// How the time of a case is counted.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct ClockAnswer {
    /// The light in words: 正常, 临期, 超承诺期限, 暂停计时 …; before acceptance: the stage.
    #[schema(example = "正常")]
    state: String,
    /// One line for people.
    text: String,
    /// Before acceptance: until when defects may be told, after that it is accepted by law.
    #[schema(example = "2026-11-30")]
    window_until: Option<String>,
    /// 承诺时限; absent before acceptance.
    promised: Option<LimitAnswer>,
    /// 法定时限; absent before acceptance.
    statutory: Option<LimitAnswer>,
    /// The days from the decision until its result is handed over; absent before the decision and after the handing over.
    delivery: Option<LimitAnswer>,
    /// The supplement owed after conditional acceptance; absent when nothing was owed.
    supplement: Option<SupplementAnswer>,
    /// The limits of the steps, in the order of their start; a step that was entered twice stands here twice.
    steps: Vec<StepAnswer>,
    /// Why the deadlines are not those of the day of acceptance; absent while they are.
    moved: Option<String>,
    /// Every day since acceptance until the statutory limit, counted or not, and why.
    evidence: Vec<DayAnswer>,
}

/// How the time of a case is counted, with the evidence of every day.
#[utoipa::path(get, path = "/api/v1/cases/{case}/clock", tag = "cases",
    params(("case" = String, Path, description = "The case.")),
    responses((status = 200, body = ClockAnswer), (status = 403), (status = 404)))]
pub(in crate::api) async fn case_clock(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Json<ClockAnswer>, Failure> {
    let case = rooms
        .case_for(&caller, case_id(&case)?, "case_read")
        .await?;
    let ledger = rooms.cases.ledger();
    let calendar = ledger.calendar();
    let known_at = |at| ledger.calendar_known_at(at);
    Ok(Json(ClockAnswer {
        moved: moved(&case, known_at, &calendar, caller.now),
        ..clock_answer(&case, &calendar, caller.now)
    }))
}

fn clock_answer(case: &Case, calendar: &Calendar, now: jiff::Timestamp) -> ClockAnswer {
    let Some(clock) = &case.clock else {
        let window = case.receipt.window(calendar);
        return ClockAnswer {
            state: case.step_name(),
            text: window.as_ref().map_or_else(String::new, |due| {
                format!("请在{}前受理或一次性告知补正，逾期视为受理", due.day_text())
            }),
            window_until: window.map(|due| due.date.to_string()),
            promised: None,
            statutory: None,
            delivery: None,
            supplement: None,
            steps: Vec::new(),
            moved: None,
            evidence: Vec::new(),
        };
    };
    let view: ClockView = clock.view(calendar, now);
    let dates = view.due_dates();
    let through = dates
        .statutory
        .date
        .max(dates.promised.date)
        .max(china_date(now));
    let evidence = clock
        .evidence(calendar, now, through)
        .iter()
        .map(|day| DayAnswer {
            date: day.day.date.to_string(),
            weekday: weekday_name(day.day.date),
            is_counted: day.is_counted(),
            is_future: day.future,
            text: day.text(),
        })
        .collect();
    ClockAnswer {
        state: view.state.text().to_owned(),
        text: view.text(),
        window_until: None,
        promised: Some(limit_answer(&view.promised)),
        statutory: Some(limit_answer(&view.statutory)),
        delivery: match case.running_limit() {
            RunningLimit::Delivery(clock) => {
                Some(limit_answer(&clock.view(calendar, now).promised))
            }
            _ => None,
        },
        supplement: supplement_answer(case, &view),
        steps: step_answers(case, &view),
        moved: None,
        evidence,
    }
}

fn supplement_answer(case: &Case, view: &ClockView) -> Option<SupplementAnswer> {
    let owed = view.supplement.as_ref()?;
    Some(SupplementAnswer {
        limit: limit_answer(&owed.limit),
        is_supplied: owed.supplied,
        owed: case.owed.len(),
    })
}

fn step_answers(case: &Case, view: &ClockView) -> Vec<StepAnswer> {
    let name = |key: &str| {
        let step = case.terms.step(key);
        step.map_or_else(|| key.to_owned(), |step| step.name.clone())
    };
    view.steps
        .iter()
        .map(|run| StepAnswer {
            name: name(&run.step),
            step: run.step.clone(),
            state: run.state.text(),
            limit: limit_answer(&run.limit),
        })
        .collect()
}
