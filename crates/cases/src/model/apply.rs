//! Applies events. Nothing here can fail, refuse or read a clock.

mod ending;

use jiff::Timestamp;
use wuchuang_calendar::{Clock, ClockEvent, ReceiptEvent};
use wuchuang_kernel::OrganisationId;

use super::{
    Case, CaseState, Position, Stage,
    before_acceptance::received,
    by_rules::{self, CountedAnew},
    drawn,
    event::{CaseEvent, ReceivedEvent},
    parts::{Conditional, Material, Notice, NoticeKind, Opinion},
};

pub(super) fn apply(state: &mut CaseState, event: &CaseEvent, at: Timestamp) {
    if let CaseEvent::Received(event) = event {
        state.0 = Some(Box::new(begin(event, at)));
        return;
    }
    // The ledger never holds another event before the first; a foreign one changes nothing.
    if let Some(case) = state.0.as_deref_mut() {
        apply_to(case, event, at);
    }
}

/// An event after the first.
pub(super) fn apply_to(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    case.version += 1;
    // A machine's clock may jump back; the case's own time never does.
    let at = case.changed_at.max(at);
    case.changed_at = at;
    if arrives(event) {
        case.arrived_at = at;
    }
    let tasks_before = case.open_tasks().to_vec();
    case.has_new_material = is_new_material(event).unwrap_or(case.has_new_material);
    // Named one by one, so that a new event does not compile before it has its place.
    match event {
        // Delivery closes the case; the event marks the national stage 办结.
        CaseEvent::Received(_) | CaseEvent::Closed {} => {}
        CaseEvent::Said(line) => case.lines.push(line.clone()),
        CaseEvent::Claimed { by } => case.holder = by.person,
        CaseEvent::Released {} => case.holder = None,
        CaseEvent::Reassigned { to, .. } => case.holder = Some(*to),
        CaseEvent::CorrectionNotified { .. }
        | CaseEvent::CorrectionSupplied { .. }
        | CaseEvent::Accepted { .. }
        | CaseEvent::NotAccepted { .. }
        | CaseEvent::Transferred { .. } => before_acceptance(case, event, at),
        CaseEvent::StepCompleted { .. }
        | CaseEvent::AnswerReceived { .. }
        | CaseEvent::Returned { .. }
        | CaseEvent::ClockStopped { .. }
        | CaseEvent::ClockResumed { .. }
        | CaseEvent::Extended { .. }
        | CaseEvent::SupplementSupplied { .. } => review(case, event, at),
        CaseEvent::ExtensionRequested(request) => case.extension_request = Some(request.clone()),
        CaseEvent::ExtensionDeclined { opinion } => {
            case.extension_request = None;
            case.opinions.push(opinion.clone());
        }
        CaseEvent::DeadlineMoved { .. } => case.deadline_told_at = Some(at),
        CaseEvent::Reminded { .. } => case.is_reminded = true,
        CaseEvent::Decided { .. }
        | CaseEvent::LicenceIssued(_)
        | CaseEvent::Delivered { .. }
        | CaseEvent::Rated {}
        | CaseEvent::Archived {}
        | CaseEvent::Withdrawn { .. }
        | CaseEvent::WithdrawnV2 { .. }
        | CaseEvent::Terminated { .. }
        | CaseEvent::TerminatedV2 { .. } => ending::apply(case, event, at),
        CaseEvent::TaskClaimed { task, by, .. } => drawn::hand(case, *task, by.person),
        CaseEvent::TaskReleased { task, .. } => drawn::hand(case, *task, None),
        CaseEvent::TaskReassigned { task, to, .. } => drawn::hand(case, *task, Some(*to)),
        CaseEvent::TimerFired {
            position, clock, ..
        } => go_on(case, position, clock),
        CaseEvent::ProcessMoved {
            drawn, position, ..
        } => drawn::gone_over(case, drawn, position.as_deref()),
        CaseEvent::RulesEvaluated { .. }
        | CaseEvent::RulesReviewed { .. }
        | CaseEvent::RulesReviewAsked {} => {
            by_rules::apply(case, event, at);
        }
    }
    case.tasks_closed = drawn::closed(tasks_before, case.open_tasks());
}

/// Whether an event brings the case to another step, from which its waiting there counts.
const fn arrives(event: &CaseEvent) -> bool {
    !matches!(
        event,
        CaseEvent::Claimed { .. }
            | CaseEvent::Released {}
            | CaseEvent::Reassigned { .. }
            | CaseEvent::TaskClaimed { .. }
            | CaseEvent::TaskReleased { .. }
            | CaseEvent::TaskReassigned { .. }
            | CaseEvent::ProcessMoved { .. }
            | CaseEvent::Said(_)
            | CaseEvent::Rated {}
            | CaseEvent::Archived {}
            | CaseEvent::Closed {}
            | CaseEvent::Extended { .. }
            | CaseEvent::ExtensionRequested(_)
            | CaseEvent::ExtensionDeclined { .. }
            | CaseEvent::DeadlineMoved { .. }
            | CaseEvent::Reminded { .. }
            | CaseEvent::SupplementSupplied { .. }
            | CaseEvent::RulesEvaluated { .. }
            | CaseEvent::RulesReviewed { .. }
            | CaseEvent::RulesReviewAsked {}
    )
}

/// Whether an event brings new material, or is the deed by which staff take it up; `None` for what says neither.
fn is_new_material(event: &CaseEvent) -> Option<bool> {
    match event {
        CaseEvent::CorrectionSupplied { .. } | CaseEvent::SupplementSupplied { .. } => Some(true),
        // By law it is accepted although nobody looked.
        CaseEvent::Accepted { acceptance, .. } => (!acceptance.is_deemed()).then_some(false),
        CaseEvent::Claimed { .. }
        | CaseEvent::TaskClaimed { .. }
        | CaseEvent::CorrectionNotified { .. }
        | CaseEvent::NotAccepted { .. }
        | CaseEvent::StepCompleted { .. }
        | CaseEvent::Returned { .. }
        | CaseEvent::Decided { .. }
        | CaseEvent::Withdrawn { .. }
        | CaseEvent::Terminated { .. } => Some(false),
        _ => None,
    }
}

fn begin(event: &ReceivedEvent, at: Timestamp) -> Case {
    let submission = &event.submission;
    Case {
        number: event.number.clone(),
        channel: event.channel,
        received_at: at,
        organisation: submission
            .handled_by
            .as_ref()
            .map_or(submission.terms.department, |by| by.organisation),
        organisation_name: submission
            .handled_by
            .as_ref()
            .map_or(&submission.terms.department_name, |by| &by.name)
            .clone(),
        entrusted_by: submission
            .handled_by
            .as_ref()
            .filter(|by| !by.in_own_name)
            .map(|_| submission.terms.department_name.clone()),
        terms: submission.terms.clone(),
        applicant: submission.applicant.clone(),
        agent: submission.agent.clone(),
        answers: submission.answers.clone(),
        known: submission.known.clone(),
        part_of: submission.part_of.clone(),
        materials: submission.materials.clone(),
        delivery: submission.delivery.clone(),
        check_code: submission.check_code.clone(),
        priority: submission.priority,
        undertaking: submission.undertaking.clone(),
        holder: None,
        receipt: received(at),
        clock: None,
        defects: Vec::new(),
        extension_request: None,
        deadline_told_at: None,
        is_reminded: false,
        owed: Vec::new(),
        opinions: Vec::new(),
        notices: vec![Notice {
            kind: NoticeKind::Receipt,
            number: event.number.clone(),
            at,
            version: 1,
        }],
        lines: Vec::new(),
        has_new_material: false,
        stage: Stage::Examining,
        by_rules: None,
        rated: false,
        archived: false,
        tasks_closed: Vec::new(),
        version: 1,
        changed_at: at,
        arrived_at: at,
    }
}

/// What happens until acceptance.
fn before_acceptance(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    match event {
        CaseEvent::CorrectionNotified {
            defects,
            notice,
            receipt,
        } => {
            case.defects.clone_from(defects);
            case.is_reminded = false;
            case.stage = Stage::Correcting;
            move_receipt(case, receipt);
            note(case, NoticeKind::Correction, notice, at);
        }
        CaseEvent::CorrectionSupplied {
            answers,
            materials,
            receipt,
            counted,
        } => {
            count_anew(case, counted.as_deref());
            case.answers = answers.clone().unwrap_or_else(|| case.answers.clone());
            take(case, materials);
            case.stage = Stage::Examining;
            move_receipt(case, receipt);
        }
        CaseEvent::Accepted {
            acceptance,
            receipt,
            position,
            clock,
            conditional,
            notice,
        } => {
            move_receipt(case, receipt);
            case.clock = Some(Clock::start(case.terms.limits.clone(), *acceptance));
            move_clock(case, clock);
            accept(case, position, conditional.as_ref(), notice, at);
        }
        CaseEvent::NotAccepted {
            ground,
            reason,
            receipt,
            notice,
        } => {
            move_receipt(case, receipt);
            case.stage = Stage::NotAccepted {
                ground: ground.clone(),
                reason: reason.clone(),
                at,
            };
            note(case, NoticeKind::NotAccepted, notice, at);
        }
        CaseEvent::Transferred {
            organisation,
            organisation_name,
            ..
        } => {
            hand_over(case, *organisation, organisation_name);
        }
        _ => {}
    }
}

/// Fee and warning follow the answers as they were corrected.
fn count_anew(case: &mut Case, counted: Option<&CountedAnew>) {
    if let (Some(counted), Some(rules)) = (counted, &mut case.terms.rules) {
        rules.fee.clone_from(&counted.fee);
        rules.warning.clone_from(&counted.warning);
    }
}

/// What happens between acceptance and decision.
fn review(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    match event {
        CaseEvent::StepCompleted {
            opinion,
            position,
            clock,
        }
        | CaseEvent::AnswerReceived {
            opinion,
            position,
            clock,
            ..
        }
        | CaseEvent::Returned {
            opinion,
            position,
            clock,
        } => step(case, opinion, position, clock),
        CaseEvent::ClockStopped { notice, clock, .. } => {
            move_clock(case, std::slice::from_ref(clock));
            note(case, NoticeKind::SpecialProcedure, notice, at);
        }
        CaseEvent::ClockResumed { clock, .. } => move_clock(case, std::slice::from_ref(clock)),
        CaseEvent::Extended { notice, clock, .. } => {
            case.extension_request = None;
            move_clock(case, std::slice::from_ref(clock));
            note(case, NoticeKind::Extension, notice, at);
        }
        CaseEvent::SupplementSupplied { materials, clock } => {
            case.owed.retain(|id| {
                !materials
                    .iter()
                    .any(|material| material.requirement.as_ref() == Some(id))
            });
            take(case, materials);
            move_clock(case, clock.as_slice());
        }
        _ => {}
    }
}

/// The case is another organisation's, in its own name and in nobody's hand.
fn hand_over(case: &mut Case, organisation: OrganisationId, name: &str) {
    case.organisation = organisation;
    name.clone_into(&mut case.organisation_name);
    case.entrusted_by = None;
    case.holder = None;
}

fn accept(
    case: &mut Case,
    position: &Position,
    conditional: Option<&Conditional>,
    notice: &str,
    at: Timestamp,
) {
    case.defects.clear();
    case.is_reminded = false;
    case.deadline_told_at = Some(at);
    case.stage = Stage::Review(position.clone());
    let kind = if let Some(conditional) = conditional {
        case.owed.clone_from(&conditional.materials);
        if conditional.undertaking.is_some() {
            case.undertaking.clone_from(&conditional.undertaking);
        }
        NoticeKind::ConditionalAcceptance
    } else {
        NoticeKind::Acceptance
    };
    note(case, kind, notice, at);
    // Whoever accepts it seldom decides it: what follows is another person's.
    case.holder = None;
}

pub(super) fn note(case: &mut Case, kind: NoticeKind, number: &str, at: Timestamp) {
    let version = case.version;
    case.notices.push(Notice {
        kind,
        number: number.to_owned(),
        at,
        version,
    });
}

pub(super) fn move_receipt(case: &mut Case, event: &ReceiptEvent) {
    case.receipt = case.receipt.clone().apply(event.clone());
}

pub(super) fn move_clock(case: &mut Case, events: &[ClockEvent]) {
    if let Some(mut clock) = case.clock.take() {
        for event in events {
            clock = clock.apply(event.clone());
        }
        case.clock = Some(clock);
    }
}

/// New materials replace those of the same requirement.
fn take(case: &mut Case, materials: &[Material]) {
    case.materials.retain(|old| {
        old.requirement.is_none()
            || !materials
                .iter()
                .any(|new| new.requirement == old.requirement)
    });
    case.materials.extend_from_slice(materials);
}

fn step(case: &mut Case, opinion: &Opinion, position: &Position, clock: &[ClockEvent]) {
    case.opinions.push(opinion.clone());
    go_on(case, position, clock);
}

fn go_on(case: &mut Case, position: &Position, clock: &[ClockEvent]) {
    move_clock(case, clock);
    case.stage = Stage::Review(position.clone());
    case.holder = None;
}
