//! Who is told what: the cases' notices, and those of slices that stand beside the messages and do not know them, so that the
//! roof joins them.

use wuchuang_bundles::model::{
    Finding, InspectionEvent, Joint, JointEvent, JointStream, PartKey, inspection::moment,
};
use wuchuang_cases::model::CaseStream;
use wuchuang_credit::model::{CreditEvent, CreditStream};
use wuchuang_kernel::{CaseId, FindingId, SupervisionId};
use wuchuang_ledger::{Recorded, Stream};
use wuchuang_licences::model::{LicenceEvent, LicenceStream};
use wuchuang_messages::{
    Notice, Source, case_notices,
    model::{Parameter, Parameters, TemplateName, day_words},
    telling::{Recipient, Telling},
};
use wuchuang_oversight::model::finding::{FindingEvent, FindingStage, FindingStream};
use wuchuang_supervision::model::{SupervisionStage, TaskEvent, TaskStream};

/// All notices of the house.
pub(super) const NOTICES: Source = Source {
    kinds: &[
        CaseStream::KIND,
        LicenceStream::KIND,
        CreditStream::KIND,
        JointStream::KIND,
        TaskStream::KIND,
        FindingStream::KIND,
    ],
    notices,
};

fn notices(recorded: &Recorded) -> Vec<Notice> {
    case_notices(recorded)
        .into_iter()
        .chain(licence(recorded))
        .chain(joint(recorded))
        .chain(credit(recorded))
        .chain(supervision(recorded))
        .chain(oversight(recorded))
        .collect()
}

/// A holder whose licence was revoked (行政许可法 arts. 69, 70), or who gets the original after a copy, hears of it in the inbox:
/// the licence knows no phone.
fn licence(recorded: &Recorded) -> Option<Notice> {
    let template = match recorded.event::<LicenceStream>()? {
        LicenceEvent::Revoked { .. } => TemplateName::LicenceRevoked,
        LicenceEvent::OriginalIssued {} => TemplateName::LicenceOriginal,
        _ => return None,
    };
    let licence = recorded.state::<LicenceStream>()?.0.as_deref()?;
    let issued = &licence.issued;
    Some(Notice {
        template,
        recipient: issued.holder.person,
        case: Some(issued.case),
        phone: String::new(),
        email: String::new(),
        is_for_agent: false,
        parameters: Parameters::default()
            .with(Parameter::Result, &issued.name)
            .with(Parameter::Number, &issued.number)
            .with(Parameter::Organisation, &issued.organisation_name),
    })
}

/// Whoever a bad-credit record is about hears of it and of its repair in the inbox: the record knows no phone.
fn credit(recorded: &Recorded) -> Option<Notice> {
    let event = recorded.event::<CreditStream>()?;
    let template = match event {
        CreditEvent::Recorded { .. } => TemplateName::CreditRecorded,
        CreditEvent::Repaired { .. } => TemplateName::CreditRepaired,
        CreditEvent::RepairDeclined { .. } => TemplateName::CreditDeclined,
        // They did it themself.
        CreditEvent::RepairAsked { .. } => return None,
    };
    let state = recorded.state::<CreditStream>()?;
    let recording = &state.record(event.record())?.recording;
    Some(Notice {
        template,
        recipient: recording.name.person(),
        case: Some(recording.case),
        phone: String::new(),
        email: String::new(),
        is_for_agent: false,
        parameters: Parameters::default()
            .with(Parameter::Item, &recording.item_name)
            .with(Parameter::Number, &recording.case_number)
            .with(Parameter::Ground, recording.ground.name())
            .with(Parameter::Organisation, &recording.organisation_name),
    })
}

/// The staff whose turn it is are told of a supervision task. Whom is in the event.
fn supervision(recorded: &Recorded) -> Vec<Notice> {
    let Some(TaskEvent::Told { of, to }) = recorded.event::<TaskStream>() else {
        return Vec::new();
    };
    let Some(task) = recorded
        .state::<TaskStream>()
        .and_then(|state| state.0.as_deref())
    else {
        return Vec::new();
    };
    let template = match (of, task.stage) {
        (Telling::Arrived, SupervisionStage::Handling) => TemplateName::SupervisionReturned,
        (Telling::Arrived, _) => TemplateName::SupervisionArrived,
        (Telling::DueSoon, _) => TemplateName::SupervisionDueSoon,
        (Telling::Overdue, _) => TemplateName::SupervisionOverdue,
    };
    let opening = &task.opening;
    let parameters = Parameters::default()
        .with(Parameter::Item, &opening.item_name)
        .with(Parameter::Number, &opening.case_number)
        .with(Parameter::Organisation, &opening.granted_by_name)
        .with(Parameter::Due, day_words(task.due.due_on))
        .with(Parameter::Deed, task.stage.deed())
        .with(
            Parameter::Page,
            format!(
                "/staff/supervision/{}",
                SupervisionId::from(recorded.stream_id)
            ),
        );
    to_staff(to, template, Some(opening.case), &parameters)
}

/// Those who answer for a finding, and whom it concerns, are told when it is passed on to them, what was decided, and what is due.
fn oversight(recorded: &Recorded) -> Vec<Notice> {
    let Some(FindingEvent::Told { of, to }) = recorded.event::<FindingStream>() else {
        return Vec::new();
    };
    let Some(finding) = recorded
        .state::<FindingStream>()
        .and_then(|state| state.0.as_deref())
    else {
        return Vec::new();
    };
    let (template, deed) = match (of, finding.stage) {
        (Telling::Arrived, FindingStage::Notified) => (TemplateName::FindingNotified, ""),
        (Telling::Arrived, FindingStage::Rectifying) => (TemplateName::FindingRectify, ""),
        (Telling::Arrived, _) => (TemplateName::FindingClosed, ""),
        (Telling::DueSoon, stage) => (TemplateName::FindingDueSoon, deed_of(stage)),
        (Telling::Overdue, stage) => (TemplateName::FindingOverdue, deed_of(stage)),
    };
    let opening = &finding.opening;
    let verdict = finding.decision.as_ref().map(|one| one.verdict.name());
    let parameters = Parameters::default()
        .with(Parameter::Violation, opening.kind_name())
        .with(Parameter::Organisation, &opening.organisation_name)
        .with(Parameter::Due, day_words(finding.due.due_on))
        .with(Parameter::Deed, deed)
        .with(Parameter::Result, verdict.unwrap_or_default())
        .with(
            Parameter::Page,
            format!(
                "/staff/oversight/findings/{}",
                FindingId::from(recorded.stream_id)
            ),
        );
    to_staff(to, template, opening.case, &parameters)
}

const fn deed_of(stage: FindingStage) -> &'static str {
    match stage {
        FindingStage::Rectifying => "整改并报告",
        _ => "说明情况",
    }
}

fn to_staff(
    to: &[Recipient],
    template: TemplateName,
    case: Option<CaseId>,
    parameters: &Parameters,
) -> Vec<Notice> {
    to.iter()
        .map(|one| Notice {
            template,
            recipient: one.person,
            case,
            phone: one.phone.text().trim().to_owned(),
            email: String::new(),
            is_for_agent: false,
            parameters: parameters.clone(),
        })
        .collect()
}

/// Whoever applied for a bundle hears when departments come together, whether something is to be mended, and which part is not
/// opened because an earlier one was not granted. Where they meet, and why, is on their page and not in a message.
fn joint(recorded: &Recorded) -> Option<Notice> {
    let event = recorded.event::<JointStream>()?;
    let joint = recorded.state::<JointStream>()?.0.as_deref()?;
    let of = |serial: u32| joint.inspections.iter().find(|one| one.serial == serial);
    let about = |serial: u32| {
        of(serial).map(|one| {
            Parameters::default()
                .with(Parameter::Procedure, one.kind.name())
                .with(Parameter::Appointment, moment(one.appointment.at))
        })
    };
    let item = |part: PartKey| {
        joint
            .part(part)
            .map(|part| part.submitted.item_name.clone())
    };
    let (template, parameters) = match event {
        JointEvent::Inspection(
            InspectionEvent::Arranged { inspection, .. }
            | InspectionEvent::Moved { inspection, .. },
        ) => (TemplateName::JointArranged, about(*inspection)?),
        JointEvent::Inspection(InspectionEvent::Cancelled { inspection, .. }) => {
            (TemplateName::JointCancelled, about(*inspection)?)
        }
        JointEvent::Inspection(InspectionEvent::Signed {
            inspection,
            organisation,
            finding: Finding::Rectify { by, .. },
            ..
        }) => (
            TemplateName::JointRectify,
            about(*inspection)?
                .with(Parameter::Organisation, organisation)
                .with(Parameter::Due, format!("{}月{}日", by.month(), by.day())),
        ),
        JointEvent::CaseRefused { part, .. } => (
            TemplateName::JointPartEnded,
            Parameters::default().with(Parameter::Result, item(*part)?),
        ),
        JointEvent::Received { .. }
        | JointEvent::CaseOpened { .. }
        | JointEvent::Inspection(
            InspectionEvent::Signed { .. } | InspectionEvent::Concluded { .. },
        ) => return None,
    };
    Some(told(joint, template, parameters))
}

fn told(joint: &Joint, template: TemplateName, parameters: Parameters) -> Notice {
    let applicant = joint.parts.first();
    let applicant = applicant.map(|part| &part.submitted.application.applicant);
    let own = |text: Option<&str>| text.unwrap_or_default().trim().to_owned();
    Notice {
        template,
        recipient: joint.person,
        case: None,
        phone: own(applicant.map(|who| who.phone.text())),
        email: own(applicant.map(|who| who.email.text())),
        is_for_agent: false,
        parameters: parameters
            .with(Parameter::Item, &joint.name)
            .with(Parameter::Number, &joint.number),
    }
}
