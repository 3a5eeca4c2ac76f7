//! The national stages (收件、受理、审查、决定、制证、送达) with the dates on which they were reached.

use jiff::Timestamp;
use wuchuang_calendar::china_date;
use wuchuang_cases::model::{Case, Decision, Stage};
use wuchuang_webkit::{
    markup::{StageState, StageView},
    page::PageContext,
};

use super::Sources;
use crate::words;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Milestone {
    Received,
    Accepted,
    Reviewed,
    Decided,
    Issued,
    Delivered,
}

impl Milestone {
    const fn name(self) -> &'static str {
        match self {
            Self::Received => "收件",
            Self::Accepted => "受理",
            Self::Reviewed => "审查",
            Self::Decided => "决定",
            Self::Issued => "制证",
            Self::Delivered => "送达",
        }
    }

    const fn event_type(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::Reviewed => "step_completed",
            Self::Decided => "decided",
            Self::Issued => "licence_issued",
            Self::Delivered => "delivered",
        }
    }
}

/// Where the case stands among the milestones: the one that is under way, and whether it ended there.
enum Place {
    At(Milestone),
    StoppedAt(Milestone),
    Over,
}

fn place(case: &Case) -> Place {
    match &case.stage {
        Stage::Examining | Stage::Correcting => Place::At(Milestone::Accepted),
        Stage::Review(position) if position.is_decision_due() => Place::At(Milestone::Decided),
        Stage::Review(_) => Place::At(Milestone::Reviewed),
        Stage::Issuing => Place::At(Milestone::Issued),
        Stage::Delivering { .. } => Place::At(Milestone::Delivered),
        Stage::Closed { .. } => Place::Over,
        Stage::NotAccepted { .. } => Place::StoppedAt(Milestone::Accepted),
        Stage::Withdrawn { .. } | Stage::Terminated { .. } => {
            Place::StoppedAt(if case.clock.is_none() {
                Milestone::Accepted
            } else if case.terms.steps.is_empty() {
                Milestone::Decided
            } else {
                Milestone::Reviewed
            })
        }
    }
}

fn milestones(case: &Case) -> Vec<Milestone> {
    let is_refused = matches!(case.decision(), Some(Decision::Refused { .. }));
    [
        Some(Milestone::Received),
        Some(Milestone::Accepted),
        (!case.terms.steps.is_empty()).then_some(Milestone::Reviewed),
        Some(Milestone::Decided),
        (case.terms.issues_licence && !is_refused).then_some(Milestone::Issued),
        Some(Milestone::Delivered),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The line of stages.
pub(super) fn stages(page: &PageContext, sources: &Sources<'_>) -> Vec<StageView> {
    let place = place(sources.case);
    let mut line = Vec::new();
    for milestone in milestones(sources.case) {
        let state = match &place {
            Place::Over => StageState::Done,
            Place::At(here) if milestone == *here => StageState::Current,
            Place::StoppedAt(here) if milestone == *here => StageState::Stopped,
            Place::At(here) | Place::StoppedAt(here) if milestone < *here => StageState::Done,
            _ => StageState::Waiting,
        };
        let is_stop = state == StageState::Stopped;
        line.push(StageView {
            name: milestone.name().to_owned(),
            state,
            date: if state == StageState::Done {
                reached(page, sources, milestone)
            } else {
                String::new()
            },
            detail: detail(page, sources.case, milestone, state),
        });
        if is_stop {
            // Nothing comes after a stop.
            break;
        }
    }
    line
}

fn reached(page: &PageContext, sources: &Sources<'_>, milestone: Milestone) -> String {
    let event = sources
        .history
        .iter()
        .rev()
        .find(|row| row.event_type == milestone.event_type())
        .map(wuchuang_cases::store::HistoryRow::at);
    let at: Option<Timestamp> = match milestone {
        Milestone::Received => Some(sources.case.received_at),
        // A case accepted by law is accepted as of the day received, whenever that was noted.
        Milestone::Accepted => sources
            .case
            .clock
            .as_ref()
            .map(wuchuang_calendar::Clock::started_at),
        _ => event,
    };
    at.map_or_else(String::new, |at| {
        words::day(page, china_date(at), china_date(sources.now))
    })
}

fn detail(page: &PageContext, case: &Case, milestone: Milestone, state: StageState) -> String {
    match (milestone, state) {
        (Milestone::Decided, StageState::Done) => case
            .decision()
            .map_or_else(String::new, |decision| page.t(decision.name()).into_owned()),
        (_, StageState::Current | StageState::Stopped) => match &case.stage {
            Stage::Delivering { .. } => page.t(case.delivery.name()).into_owned(),
            _ => page.t(&case.step_name()).into_owned(),
        },
        _ => String::new(),
    }
}
