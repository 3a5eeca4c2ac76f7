//! What the events of a case tell the applicant (acceptance 7.1). Every event has an arm, so that a new one makes the
//! compiler ask whether the person should hear of it.

use wuchuang_calendar::ReceiptEvent;
use wuchuang_cases::model::{Case, CaseEvent, CaseStream, Decision};
use wuchuang_ledger::{Recorded, Stream};

use crate::{
    model::{Parameter, Parameters, TemplateName, day_words},
    notices::{Notice, Source},
};

/// The notices of cases.
pub const CASES: Source = Source {
    kinds: &[CaseStream::KIND],
    notices,
};

fn notices(recorded: &Recorded) -> Vec<Notice> {
    let (Some(event), Some(state)) = (
        recorded.event::<CaseStream>(),
        recorded.state::<CaseStream>(),
    ) else {
        return Vec::new();
    };
    let Some(case) = state.0.as_deref() else {
        return Vec::new();
    };
    told(event, case)
        .map(|(template, parameters)| Notice {
            template,
            recipient: case.applicant.person,
            case: Some(recorded.stream_id.into()),
            phone: case.applicant.phone.text().trim().to_owned(),
            email: case.applicant.email.text().trim().to_owned(),
            parameters: parameters
                .with(Parameter::Item, &case.terms.name)
                .with(Parameter::Number, &case.number),
        })
        .into_iter()
        .collect()
}

fn told(event: &CaseEvent, case: &Case) -> Option<(TemplateName, Parameters)> {
    let empty = Parameters::default();
    // At the counter an instant item is received, accepted and decided while the person stands there: one message.
    let is_instant = case.terms.is_instant();
    Some(match event {
        CaseEvent::Received(_) => (
            TemplateName::CaseReceived,
            empty.with(Parameter::Code, &case.check_code),
        ),
        CaseEvent::CorrectionNotified {
            defects,
            notice,
            receipt,
        } => (
            TemplateName::CaseCorrection,
            empty
                .with(Parameter::Count, defects.len())
                .with(Parameter::Notice, notice)
                .with(Parameter::Until, until(receipt)),
        ),
        CaseEvent::Accepted { .. } if is_instant => return None,
        CaseEvent::Accepted {
            acceptance,
            conditional,
            notice,
            ..
        } => {
            let parameters = empty
                .with(Parameter::Notice, notice)
                .with(Parameter::Limit, case.terms.limits.promised().text())
                .due_from(case.terms.limits.clone(), acceptance.at());
            match conditional {
                Some(conditional) => (
                    TemplateName::CaseAcceptedConditionally,
                    parameters
                        .with(Parameter::Count, conditional.materials.len())
                        .with(Parameter::Days, conditional.days),
                ),
                None => (TemplateName::CaseAccepted, parameters),
            }
        }
        CaseEvent::NotAccepted { ground, notice, .. } => (
            TemplateName::CaseNotAccepted,
            empty
                .with(Parameter::Ground, ground.name())
                .with(Parameter::Notice, notice),
        ),
        CaseEvent::Transferred {
            organisation_name, ..
        } => (
            TemplateName::CaseTransferred,
            empty.with(Parameter::Organisation, organisation_name),
        ),
        CaseEvent::ClockStopped {
            procedure, notice, ..
        } => (
            TemplateName::CaseClockStopped,
            empty
                .with(Parameter::Procedure, procedure.kind.name())
                .with(Parameter::Article, procedure.kind.article())
                .with(Parameter::Days, procedure.expected_days)
                .with(Parameter::Notice, notice),
        ),
        CaseEvent::ClockResumed { .. } => (TemplateName::CaseClockResumed, empty),
        CaseEvent::Extended { days, notice, .. } => (
            TemplateName::CaseExtended,
            empty
                .with(Parameter::Days, days)
                .with(Parameter::Notice, notice),
        ),
        CaseEvent::Decided {
            decision, notice, ..
        } => decided(decision, notice, case),
        CaseEvent::LicenceIssued(licence) => (
            TemplateName::CaseLicenceIssued,
            empty
                .with(Parameter::Result, &licence.name)
                .with(Parameter::Delivery, case.delivery.name()),
        ),
        CaseEvent::Delivered { delivered, .. } => (
            TemplateName::CaseDelivered,
            empty.with(Parameter::Delivery, delivered.name()),
        ),
        CaseEvent::Withdrawn { .. } => (TemplateName::CaseWithdrawn, empty),
        CaseEvent::Terminated { .. } => (TemplateName::CaseTerminated, empty),
        CaseEvent::Said(line) if line.from_staff => (TemplateName::CaseReply, empty),
        // What the person did themself, and what concerns the house alone.
        CaseEvent::Said(_)
        | CaseEvent::Claimed { .. }
        | CaseEvent::Released {}
        | CaseEvent::CorrectionSupplied { .. }
        | CaseEvent::StepCompleted { .. }
        | CaseEvent::Returned { .. }
        | CaseEvent::SupplementSupplied { .. }
        | CaseEvent::Closed {}
        | CaseEvent::Rated {}
        | CaseEvent::Archived {} => return None,
    })
}

fn decided(decision: &Decision, notice: &str, case: &Case) -> (TemplateName, Parameters) {
    let parameters = Parameters::default().with(Parameter::Notice, notice);
    match decision {
        Decision::Granted => (
            TemplateName::CaseGranted,
            parameters.with(Parameter::Delivery, case.delivery.name()),
        ),
        Decision::Refused { .. } => (TemplateName::CaseRefused, parameters),
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
