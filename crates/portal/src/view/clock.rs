//! The light of a case with what is left, in the visitor's language.

use jiff::Timestamp;
use wuchuang_calendar::{Calendar, Clock, ClockState, ReceiptState, china_date};
use wuchuang_cases::model::{Case, RunningLimit};
use wuchuang_webkit::{
    markup::{ClockView, Light},
    page::PageContext,
};

use crate::words;

/// The light of the limit that runs now, by the same rule as on the staff's page; `None` for a case that ended before it
/// was accepted.
pub(crate) fn clock_view(
    page: &PageContext,
    case: &Case,
    calendar: &Calendar,
    now: Timestamp,
) -> Option<ClockView> {
    Some(match case.running_limit() {
        RunningLimit::Receipt => before_acceptance(page, case, calendar, now),
        RunningLimit::Correction => ClockView {
            light: Light::Paused,
            text: page.t("等您补正").into_owned(),
            detail: page.t("收到补正后重新计算五个工作日").into_owned(),
        },
        RunningLimit::Decision(clock) => of_decision(page, clock, calendar, now),
        RunningLimit::Delivery(clock) => of_delivery(page, &clock, calendar, now),
        RunningLimit::Over => of_decision(page, case.clock.as_ref()?, calendar, now),
    })
}

/// The limits of the decision, or how they were kept.
fn of_decision(
    page: &PageContext,
    clock: &Clock,
    calendar: &Calendar,
    now: Timestamp,
) -> ClockView {
    let view = clock.view(calendar, now);
    // Both limits bind; the one that ends first is shown.
    let binding = if view.promised.due.ends_at <= view.statutory.due.ends_at {
        &view.promised
    } else {
        &view.statutory
    };
    let due = words::day(page, binding.due.date, china_date(now));
    let (light, text, detail) = match view.state {
        ClockState::Finished { in_time } => (
            Light::Finished,
            page.t(if in_time {
                "按期办结"
            } else {
                "超期办结"
            })
            .into_owned(),
            String::new(),
        ),
        ClockState::Paused => (
            Light::Paused,
            words::left(page, binding),
            page.t("特别程序结束后继续计时").into_owned(),
        ),
        running => (
            light(running),
            words::left(page, binding),
            page.tf("{day}前办结", &[("day", &due)]),
        ),
    };
    ClockView {
        light,
        text,
        detail,
    }
}

/// After the decision: until when its result is in the applicant's hands.
fn of_delivery(
    page: &PageContext,
    clock: &Clock,
    calendar: &Calendar,
    now: Timestamp,
) -> ClockView {
    let view = clock.view(calendar, now);
    let due = words::day(page, view.promised.due.date, china_date(now));
    ClockView {
        light: light(view.state),
        text: words::left(page, &view.promised),
        detail: page.tf("{day}前送达", &[("day", &due)]),
    }
}

const fn light(state: ClockState) -> Light {
    match state {
        ClockState::Normal => Light::Normal,
        ClockState::DueSoon => Light::DueSoon,
        ClockState::Overdue { .. } => Light::Overdue,
        ClockState::Paused => Light::Paused,
        ClockState::Finished { .. } => Light::Finished,
    }
}

fn before_acceptance(
    page: &PageContext,
    case: &Case,
    calendar: &Calendar,
    now: Timestamp,
) -> ClockView {
    let view = case.receipt.view(calendar, now);
    let light = match view.state {
        ReceiptState::LastDay => Light::DueSoon,
        ReceiptState::DeemedAccepted { .. } => Light::Overdue,
        _ => Light::Normal,
    };
    let detail = view.window.map_or_else(String::new, |due| {
        let due = words::day(page, due.date, china_date(now));
        page.tf("{day}前答复是否受理", &[("day", &due)])
    });
    ClockView {
        light,
        text: page.t("等待受理").into_owned(),
        detail,
    }
}
