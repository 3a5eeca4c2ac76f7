//! What the events of a case tell the applicant (acceptance 7.1). Every event has an arm, so that a new one makes the
//! compiler ask whether the person should hear of it.

use wuchuang_calendar::{Acceptance, ReceiptEvent};
use wuchuang_cases::model::{
    Case, CaseEvent, CaseStream, Conditional, DeadlineCause, Decision, NoticeKind, ReminderKind,
};
use wuchuang_kernel::Channel;
use wuchuang_ledger::{Recorded, Stream};

use crate::{
    model::{Parameter, Parameters, TemplateName, WHOLE_NUMBER, day_words},
    notices::{Notice, Source},
};

/// The notices of cases.
pub const CASES: Source = Source {
    kinds: &[CaseStream::KIND],
    notices: case_notices,
};

/// What an event of a case tells: for a source that joins these notices with others.
pub fn case_notices(recorded: &Recorded) -> Vec<Notice> {
    let (Some(event), Some(state)) = (
        recorded.event::<CaseStream>(),
        recorded.state::<CaseStream>(),
    ) else {
        return Vec::new();
    };
    let Some(case) = state.0.as_deref() else {
        return Vec::new();
    };
    let told = template(event, case).map(|template| (template, parameters(event, case)));
    let drawn = event
        .drawn_position()
        .map_or(&[][..], |position| &position.sent);
    let drawn = drawn.iter().map(|text| {
        let said = text.trim().trim_end_matches('。');
        let said = Parameters::default().with(Parameter::Message, said);
        (TemplateName::CaseProcess, said)
    });
    let told = told.into_iter().chain(drawn);
    told.flat_map(|(template, parameters)| {
        let own = Notice {
            template,
            recipient: case.applicant.person,
            case: Some(recorded.stream_id.into()),
            phone: case.applicant.phone.text().trim().to_owned(),
            email: case.applicant.email.text().trim().to_owned(),
            is_for_agent: false,
            parameters: parameters
                .with(Parameter::Item, &case.terms.name)
                .with(Parameter::Number, numbers(case)),
        };
        let agents = agents(&own, case);
        std::iter::once(own).chain(agents)
    })
    .collect()
}

/// Under which number the matter runs. Who handed in several at once knows them by one number over all of them.
fn numbers(case: &Case) -> String {
    case.part_of.as_ref().map_or_else(
        || case.number.clone(),
        |whole| format!("{}{WHOLE_NUMBER}{}", case.number, whole.number),
    )
}

/// The same for the phone of whoever acts for the applicant. The code that opens the progress is on the receipt that they
/// took along, so the text is the same.
fn agents(own: &Notice, case: &Case) -> Option<Notice> {
    let phone = &case.agent.as_ref()?.phone;
    let number = phone.text().trim();
    (!number.is_empty() && number != own.phone).then(|| Notice {
        recipient: phone.person(),
        phone: number.to_owned(),
        email: String::new(),
        is_for_agent: true,
        ..own.clone()
    })
}

const fn moved(cause: DeadlineCause) -> TemplateName {
    match cause {
        DeadlineCause::Calendar => TemplateName::CaseDeadlineMoved,
        DeadlineCause::Extension => TemplateName::CaseExtended,
        DeadlineCause::Procedure => TemplateName::CaseClockResumed,
    }
}

/// Which message follows from an event; none where the person did it themself or it concerns the house alone.
fn template(event: &CaseEvent, case: &Case) -> Option<TemplateName> {
    Some(match event {
        // An instant item is received and decided at the counter while the person stands there with the slip in the
        // hand: the decision's message says it all.
        CaseEvent::Received(received)
            if case.terms.is_instant() && received.channel == Channel::Counter =>
        {
            return None;
        }
        CaseEvent::Received(_) => TemplateName::CaseReceived,
        CaseEvent::CorrectionNotified { .. } => TemplateName::CaseCorrection,
        CaseEvent::Accepted { .. } if case.terms.is_instant() => return None,
        CaseEvent::Accepted {
            conditional: Some(_),
            ..
        } => TemplateName::CaseAcceptedConditionally,
        CaseEvent::Accepted { .. } => TemplateName::CaseAccepted,
        CaseEvent::NotAccepted { .. } => TemplateName::CaseNotAccepted,
        CaseEvent::Transferred { .. } => TemplateName::CaseTransferred,
        CaseEvent::ClockStopped { .. } => TemplateName::CaseClockStopped,
        CaseEvent::DeadlineMoved { cause, .. } => moved(*cause),
        CaseEvent::Reminded { of, .. } => match of {
            ReminderKind::Correction => TemplateName::CaseCorrectionReminder,
            ReminderKind::Supplement => TemplateName::CaseSupplementReminder,
        },
        CaseEvent::Decided { decision, .. } => match decision {
            Decision::Granted => TemplateName::CaseGranted,
            Decision::Refused { .. } => TemplateName::CaseRefused,
        },
        CaseEvent::LicenceIssued(_) => TemplateName::CaseLicenceIssued,
        CaseEvent::Delivered { .. } => TemplateName::CaseDelivered,
        CaseEvent::Withdrawn { .. } | CaseEvent::WithdrawnV2 { .. } => TemplateName::CaseWithdrawn,
        CaseEvent::Terminated { .. } | CaseEvent::TerminatedV2 { .. } => {
            TemplateName::CaseTerminated
        }
        CaseEvent::Said(line) if line.from_staff => TemplateName::CaseReply,
        // An extension and the end of a procedure come with the event that says from which day to which: one message says
        // it all.
        CaseEvent::ClockResumed { .. }
        | CaseEvent::Extended { .. }
        | CaseEvent::Said(_)
        | CaseEvent::Claimed { .. }
        | CaseEvent::Released {}
        | CaseEvent::Reassigned { .. }
        | CaseEvent::TaskClaimed { .. }
        | CaseEvent::TaskReleased { .. }
        | CaseEvent::TaskReassigned { .. }
        | CaseEvent::TimerFired { .. }
        | CaseEvent::AnswerReceived { .. }
        | CaseEvent::ProcessMoved { .. }
        | CaseEvent::CorrectionSupplied { .. }
        | CaseEvent::StepCompleted { .. }
        | CaseEvent::Returned { .. }
        | CaseEvent::ExtensionRequested(_)
        | CaseEvent::ExtensionDeclined { .. }
        | CaseEvent::SupplementSupplied { .. }
        | CaseEvent::Closed {}
        | CaseEvent::RulesEvaluated { .. }
        | CaseEvent::RulesReviewed { .. }
        | CaseEvent::RulesReviewAsked {}
        | CaseEvent::Rated {}
        | CaseEvent::Archived {} => return None,
    })
}

/// What the event's message can name besides item and number.
fn parameters(event: &CaseEvent, case: &Case) -> Parameters {
    let none = Parameters::default();
    match event {
        CaseEvent::Received(_) => none.with(Parameter::Code, &case.check_code),
        CaseEvent::CorrectionNotified {
            defects,
            notice,
            receipt,
        } => none
            .with(Parameter::Count, defects.len())
            .with(Parameter::Notice, notice)
            .with(Parameter::Until, until(receipt)),
        CaseEvent::Accepted {
            acceptance,
            conditional,
            notice,
            ..
        } => accepted(acceptance, conditional.as_ref(), notice, case),
        CaseEvent::NotAccepted { ground, notice, .. } => none
            .with(Parameter::Ground, ground.name())
            .with(Parameter::Notice, notice),
        CaseEvent::Transferred {
            organisation_name, ..
        } => none.with(Parameter::Organisation, organisation_name),
        CaseEvent::ClockStopped {
            procedure, notice, ..
        } => none
            .with(Parameter::Procedure, procedure.kind.name())
            .with(Parameter::Article, procedure.kind.article())
            .with(Parameter::Days, procedure.expected_days)
            .with(Parameter::Notice, notice),
        CaseEvent::DeadlineMoved { .. } | CaseEvent::Reminded { .. } => about_time(event, case),
        CaseEvent::Decided {
            decision, notice, ..
        } => {
            let decided = none.with(Parameter::Notice, notice);
            match decision {
                Decision::Granted => decided.with(Parameter::Delivery, case.delivery.name()),
                Decision::Refused { .. } => decided,
            }
        }
        CaseEvent::LicenceIssued(licence) => none
            .with(Parameter::Result, &licence.name)
            .with(Parameter::Delivery, case.delivery.name()),
        CaseEvent::WithdrawnV2 { notice, .. } | CaseEvent::TerminatedV2 { notice, .. } => {
            none.with(Parameter::Notice, notice)
        }
        CaseEvent::Delivered { delivered, .. } => none.with(Parameter::Delivery, delivered.name()),
        _ => none,
    }
}

fn accepted(
    acceptance: &Acceptance,
    conditional: Option<&Conditional>,
    notice: &str,
    case: &Case,
) -> Parameters {
    let parameters = Parameters::default()
        .with(Parameter::Notice, notice)
        .with(Parameter::Limit, case.terms.limits.promised().text())
        .due_from(case.terms.limits.clone(), acceptance.at());
    match conditional {
        Some(owed) => parameters
            .with(Parameter::Count, owed.materials.len())
            .with(Parameter::Days, owed.days),
        None => parameters,
    }
}

/// What the messages about another last day, or a near one, name.
fn about_time(event: &CaseEvent, case: &Case) -> Parameters {
    match event {
        CaseEvent::DeadlineMoved {
            before,
            after,
            reason,
            ..
        } => extension(case)
            .with(Parameter::Before, day_words(*before))
            .with(Parameter::Due, day_words(*after))
            .with(Parameter::Reason, reason),
        CaseEvent::Reminded { of, until } => Parameters::default()
            .with(Parameter::Until, format!("在{}前", day_words(*until)))
            .with(
                Parameter::Count,
                match of {
                    ReminderKind::Correction => case.defects.len(),
                    ReminderKind::Supplement => case.owed.len(),
                },
            ),
        _ => Parameters::default(),
    }
}

/// What an extension's message names besides the days: the notice that was given with it.
fn extension(case: &Case) -> Parameters {
    let granted = case.clock.as_ref().and_then(|clock| clock.extension());
    let notice = case
        .notices
        .iter()
        .rfind(|notice| notice.kind == NoticeKind::Extension);
    match (granted, notice) {
        (Some(granted), Some(notice)) => Parameters::default()
            .with(Parameter::Days, granted.amount)
            .with(Parameter::Notice, &notice.number),
        _ => Parameters::default(),
    }
}

/// Until when the applicant is asked to answer; a local rule may set no day.
fn until(receipt: &ReceiptEvent) -> String {
    match receipt {
        ReceiptEvent::CorrectionAsked { notice } => notice.answer_by.map_or_else(
            || "尽快".to_owned(),
            |day| format!("在{}前", day_words(day)),
        ),
        ReceiptEvent::CorrectionSupplied { .. } | ReceiptEvent::Concluded { .. } => {
            "尽快".to_owned()
        }
    }
}
