//! The limit that runs, day by day, and the stages with the dates at which they were reached.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use wuchuang_calendar::{Calendar, Clock, ClockState, DayEvidence, LimitView, weekday_name};
use wuchuang_kernel::china_date;
use wuchuang_webkit::markup::{ClockView, Light, StageState, StageView};

use super::texts;
use crate::{
    model::{Case, Decision, Position, RunningLimit, Stage},
    store::HistoryRow,
};

/// How many days of evidence the page shows.
const EVIDENCE_DAYS_MAX: usize = 400;

/// The light and the sentence of the limit that runs now, by the same rule as the row of the worklist.
pub(super) fn clock(case: &Case, calendar: &Calendar, now: Timestamp) -> (ClockView, String) {
    match case.running_limit() {
        RunningLimit::Decision(clock) => {
            let (mut shown, line) = legal_clock(clock, calendar, now);
            let due = clock.view(calendar, now).due_dates().binding().date;
            if let Some(from) = case.yellow_from(calendar, due)
                && matches!(shown.light, Light::Normal | Light::DueSoon)
            {
                let is_yellow = china_date(now) >= from;
                shown.light = if is_yellow {
                    Light::DueSoon
                } else {
                    Light::Normal
                };
            }
            (shown, line)
        }
        RunningLimit::Delivery(clock) => delivery_clock(case, &clock, calendar, now),
        RunningLimit::Receipt => receipt_clock(case, calendar, now),
        RunningLimit::Correction => correction_clock(),
        RunningLimit::Over => match &case.clock {
            Some(clock) => legal_clock(clock, calendar, now),
            None => (finished(), String::new()),
        },
    }
}

/// The light that the case page shows.
#[cfg(test)]
pub(crate) fn light_of(case: &Case, calendar: &Calendar, now: Timestamp) -> Light {
    clock(case, calendar, now).0.light
}

/// A limit beside the case's own: what is owed, a step.
pub(in super::super) struct LimitLine {
    /// What must be done within it.
    pub(in super::super) name: String,
    pub(in super::super) clock: ClockView,
}

/// The limits that run besides the case's own: the supplement owed after conditional acceptance, and those of the steps.
pub(super) fn limits(case: &Case, calendar: &Calendar, now: Timestamp) -> Vec<LimitLine> {
    let Some(clock) = case.clock.as_ref().filter(|_| !case.stage.is_over()) else {
        return Vec::new();
    };
    let view = clock.view(calendar, now);
    let mut lines = Vec::new();
    if let Some(owed) = view.supplement.filter(|owed| !owed.supplied) {
        let light = match (owed.limit.over, owed.limit.last_day) {
            (true, _) => Light::Overdue,
            (false, true) => Light::DueSoon,
            (false, false) => Light::Normal,
        };
        lines.push(LimitLine {
            name: format!("申请人补齐容缺材料 {} 份", case.owed.len()),
            clock: limit_clock(&owed.limit, light, "前补齐"),
        });
    }
    for step in view.steps {
        if matches!(step.state, ClockState::Finished { .. }) {
            continue;
        }
        lines.push(LimitLine {
            name: format!("“{}”环节", case.name_of_step(&step.step)),
            clock: limit_clock(&step.limit, light(step.state), "前完成"),
        });
    }
    lines
}

fn limit_clock(limit: &LimitView, light: Light, deed: &str) -> ClockView {
    ClockView {
        light,
        text: limit.left_text(),
        detail: format!(
            "限 {}，{}{deed}",
            limit.limit.text(),
            texts::day(limit.due.date)
        ),
    }
}

/// Why the deadlines are not those that the applicant was told at acceptance: a yearly notice was imported since.
pub(crate) fn moved(
    case: &Case,
    known_at: impl FnOnce(Timestamp) -> Arc<Calendar>,
    calendar: &Calendar,
    now: Timestamp,
) -> Option<String> {
    let clock = case.clock.as_ref()?;
    let told = known_at(clock.started_at());
    let change = clock.explain_change(&told, calendar, now)?;
    Some(change.text())
}

fn light(state: ClockState) -> Light {
    match state {
        ClockState::Normal => Light::Normal,
        ClockState::DueSoon => Light::DueSoon,
        ClockState::Overdue { .. } => Light::Overdue,
        ClockState::Paused => Light::Paused,
        ClockState::Finished { .. } => Light::Finished,
    }
}

fn legal_clock(clock: &Clock, calendar: &Calendar, now: Timestamp) -> (ClockView, String) {
    let view = clock.view(calendar, now);
    let shown = ClockView {
        light: light(view.state),
        text: match view.state {
            ClockState::Finished { .. } => view.state.text().to_owned(),
            _ => view.promised.left_text(),
        },
        detail: format!("{}前办结", texts::day(view.due_dates().binding().date)),
    };
    let statutory = view.statutory.due.date;
    let line = format!(
        "{}；法定 {}，{}月{}日 {}届满",
        view.text(),
        view.statutory.limit.text(),
        statutory.month(),
        statutory.day(),
        weekday_name(statutory)
    );
    (shown, line)
}

/// After the decision: how it was decided in time, and until when its result must be handed over.
fn delivery_clock(
    case: &Case,
    clock: &Clock,
    calendar: &Calendar,
    now: Timestamp,
) -> (ClockView, String) {
    let view = clock.view(calendar, now);
    let limit = &view.promised;
    let decided = case
        .clock
        .as_ref()
        .map(|clock| format!("{}；", clock.view(calendar, now).text()))
        .unwrap_or_default();
    let line = format!(
        "{decided}决定作出后 {}内送达，{}前（{}）",
        limit.limit.text(),
        texts::day(limit.due.date),
        case.delivery_basis()
    );
    let shown = ClockView {
        light: light(view.state),
        text: limit.left_text(),
        detail: format!("{}前送达", texts::day(limit.due.date)),
    };
    (shown, line)
}

/// Before acceptance: the five working days of 行政许可法 art. 32.
fn receipt_clock(case: &Case, calendar: &Calendar, now: Timestamp) -> (ClockView, String) {
    let Some(due) = case.receipt.window(calendar) else {
        return (finished(), String::new());
    };
    let view = case.receipt.view(calendar, now);
    let light = if due.is_over(now) {
        Light::Overdue
    } else if view.left == 0 {
        Light::DueSoon
    } else {
        Light::Normal
    };
    let shown = ClockView {
        light,
        text: format!("还剩 {} 个工作日", view.left),
        detail: String::new(),
    };
    let line = format!(
        "受理审查：{}前须受理、不予受理或一次性告知补正，逾期视为受理（《行政许可法》第三十二条）",
        texts::day(due.date)
    );
    (shown, line)
}

fn correction_clock() -> (ClockView, String) {
    let shown = ClockView {
        light: Light::Paused,
        text: "等待申请人补正".to_owned(),
        detail: String::new(),
    };
    let line = "补正期间不计时；收到补正材料后重新起算五个工作日的受理审查。".to_owned();
    (shown, line)
}

const fn finished() -> ClockView {
    ClockView {
        light: Light::Finished,
        text: String::new(),
        detail: String::new(),
    }
}

pub(super) fn evidence(case: &Case, calendar: &Calendar, now: Timestamp) -> Vec<String> {
    let Some(clock) = &case.clock else {
        return Vec::new();
    };
    let through = clock
        .view(calendar, now)
        .due_dates()
        .binding()
        .date
        .max(china_date(now));
    clock
        .evidence(calendar, now, through)
        .iter()
        .take(EVIDENCE_DAYS_MAX)
        .map(DayEvidence::text)
        .collect()
}

/// The national stages with the dates at which they were reached.
pub(super) fn stages(case: &Case, history: &[HistoryRow], today: Date) -> Vec<StageView> {
    let reached = |kind: &str| {
        history
            .iter()
            .rev()
            .find(|row| row.event_type == kind)
            .map(|row| texts::moment(row.at(), today))
    };
    let decided = reached("decided");
    let mut names = vec![
        ("收件".to_owned(), reached("received")),
        ("受理".to_owned(), reached("accepted")),
    ];
    if case.terms.drawn.is_some() {
        // What is open in a drawn process is no row of steps: it is told where it stands, and here when all of it was done.
        let is_done = decided.is_some()
            || matches!(&case.stage, Stage::Review(position) if position.is_decision_due());
        names.push((
            "审查".to_owned(),
            reached("step_completed").filter(|_| is_done),
        ));
        return ended(case, names, decided, &reached);
    }
    let done_steps = steps_done(case, decided.is_some());
    for (index, step) in case.terms.steps.iter().enumerate() {
        let at = history
            .iter()
            .filter(|row| row.event_type == "step_completed")
            .nth(index)
            .filter(|_| index < done_steps)
            .map(|row| texts::moment(row.at(), today));
        names.push((step.name.clone(), at));
    }
    ended(case, names, decided, &reached)
}

/// The stages with those that follow the review.
fn ended(
    case: &Case,
    mut names: Vec<(String, Option<String>)>,
    decided: Option<String>,
    reached: &dyn Fn(&str) -> Option<String>,
) -> Vec<StageView> {
    names.push(("决定".to_owned(), decided));
    // Whoever was refused waits for no licence.
    let is_refused = matches!(case.decision(), Some(Decision::Refused { .. }));
    if case.terms.issues_licence && !is_refused {
        names.push(("制证".to_owned(), reached("licence_issued")));
    }
    names.push(("送达".to_owned(), reached("delivered")));
    shown(case, names)
}

/// The milestones as the line of stages shows them: the first one without a date is under way.
fn shown(case: &Case, names: Vec<(String, Option<String>)>) -> Vec<StageView> {
    let is_stopped = matches!(
        case.stage,
        Stage::NotAccepted { .. } | Stage::Withdrawn { .. } | Stage::Terminated { .. }
    );
    let current = names.iter().position(|(_, at)| at.is_none());
    names
        .into_iter()
        .enumerate()
        .map(|(index, (name, at))| StageView {
            name,
            state: match (&at, Some(index) == current) {
                (Some(_), _) => StageState::Done,
                (None, true) if is_stopped => StageState::Stopped,
                (None, true) => StageState::Current,
                (None, false) => StageState::Waiting,
            },
            date: at.unwrap_or_default(),
            detail: if Some(index) == current && !is_stopped {
                case.step_name()
            } else {
                String::new()
            },
        })
        .collect()
}

fn steps_done(case: &Case, is_decided: bool) -> usize {
    match &case.stage {
        Stage::Review(Position::Step { step }) => case
            .terms
            .steps
            .iter()
            .position(|known| known.id == *step)
            .unwrap_or(0),
        Stage::Review(Position::Decision) => case.terms.steps.len(),
        Stage::Review(Position::Drawn(_)) => 0,
        _ if is_decided => case.terms.steps.len(),
        _ => 0,
    }
}
