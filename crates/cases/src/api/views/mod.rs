//! What programs see of a case. These are own structs: the model may change without breaking those
//! who call, and what is masked is masked in `sight` and nowhere else.

mod rules;
mod sight;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use wuchuang_kernel::CaseId;

use crate::{
    model::{
        Applicant, ApplicantKind, Case, Decision, DeliveryChoice, Material, Notice, Stage,
        ToldDefect, Verdict,
    },
    notices::kind_code,
};

use super::submit::known::KnownAnswerView;
use rules::CaseFeeView;
pub(super) use sight::Sight;

/// A notice with its document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct NoticeView {
    /// `receipt`, `acceptance`, `correction` …
    #[schema(example = "acceptance")]
    kind: &'static str,
    /// Its title.
    #[schema(example = "受理通知书")]
    title: &'static str,
    /// Its number.
    #[schema(example = "政务受〔2026〕412号")]
    number: String,
    /// When it was given (RFC 3339).
    at: String,
    /// Where its signed PDF is.
    #[schema(example = "/cases/0192f0c2…/notices/2.pdf")]
    document: String,
}

pub(super) fn notice_view(case: CaseId, notice: &Notice) -> NoticeView {
    NoticeView {
        kind: kind_code(notice.kind),
        title: notice.kind.name(),
        number: notice.number.clone(),
        at: notice.at.to_string(),
        document: format!("/cases/{case}/notices/{}.pdf", notice.version),
    }
}

/// Who applies.
#[derive(Serialize, ToSchema)]
struct ApplicantView {
    /// The natural person who applies or acts for the organisation.
    person: String,
    /// `person` or `organisation`.
    kind: &'static str,
    /// The name.
    #[schema(example = "王*明")]
    name: String,
    /// Citizen number or credit code.
    #[schema(example = "610924********1234")]
    number: String,
    /// The phone.
    #[schema(example = "138****8888")]
    phone: String,
    /// The address.
    address: String,
    /// E-mail.
    email: String,
}

fn applicant_view(applicant: &Applicant, sight: Sight) -> ApplicantView {
    ApplicantView {
        person: applicant.person.to_string(),
        kind: match applicant.kind {
            ApplicantKind::Person => "person",
            ApplicantKind::Organisation => "organisation",
        },
        name: sight.name(applicant.kind, applicant.name.text()),
        number: sight.number(applicant.kind, applicant.number.text()),
        phone: sight.phone(applicant.phone.text()),
        address: sight.address(applicant.address.text()),
        email: sight.email(applicant.email.text()),
    }
}

/// A file of a material.
#[derive(Serialize, ToSchema)]
struct CaseFileView {
    /// The SHA-256 of its content.
    sha256: String,
    /// Its name; absent while masked, because names of files name people.
    name: Option<String>,
    /// Its size.
    bytes: u64,
    /// What it is.
    media_type: String,
}

/// A material.
#[derive(Serialize, ToSchema)]
struct MaterialView {
    /// Its identifier.
    id: String,
    /// The item's material that it is.
    requirement: Option<String>,
    /// Its name.
    name: String,
    /// Where it comes from, in words.
    #[schema(example = "上传")]
    source: String,
    /// Its files.
    files: Vec<CaseFileView>,
}

fn material_view(material: &Material, sight: Sight) -> MaterialView {
    MaterialView {
        id: material.id.to_string(),
        requirement: material.requirement.clone(),
        name: material.name.clone(),
        source: material.source.text(),
        files: material
            .files
            .iter()
            .map(|file| CaseFileView {
                sha256: file.sha256.clone(),
                name: (sight == Sight::Full).then(|| file.name.text().to_owned()),
                bytes: file.bytes,
                media_type: file.media_type.clone(),
            })
            .collect(),
    }
}

/// A told defect.
#[derive(Serialize, ToSchema)]
struct DefectView {
    /// The key of what is wrong.
    key: String,
    /// Its name.
    name: String,
    /// What is missing or wrong.
    problem: String,
}

fn defect_view(defect: &ToldDefect) -> DefectView {
    DefectView {
        key: defect.key.clone(),
        name: defect.name.clone(),
        problem: defect.problem.text().to_owned(),
    }
}

/// A line between applicant and staff.
#[derive(Serialize, ToSchema)]
struct LineView {
    /// What was said.
    text: String,
    /// Whether staff said it.
    from_staff: bool,
    /// When (RFC 3339).
    at: String,
}

/// An opinion given in a step; for staff only.
#[derive(Serialize, ToSchema)]
struct OpinionView {
    /// The step's key, or `decision`.
    step: String,
    /// The step's name.
    step_name: String,
    /// `true` or `false` for whether the level agrees (逐级审批); absent where it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    agrees: Option<bool>,
    /// What was written.
    text: String,
    /// Who wrote it.
    by: Option<String>,
    /// When (RFC 3339).
    at: String,
}

/// How the case was decided.
#[derive(Serialize, ToSchema)]
struct DecisionView {
    /// `granted` or `refused`.
    #[schema(example = "granted")]
    decision: &'static str,
    /// Why it was refused.
    reason: Option<String>,
    /// The legal basis of the refusal.
    basis: Option<String>,
}

fn decision_view(decision: &Decision) -> DecisionView {
    match decision {
        Decision::Granted => DecisionView {
            decision: "granted",
            reason: None,
            basis: None,
        },
        Decision::Refused { reason, basis } => DecisionView {
            decision: "refused",
            reason: Some(reason.text().to_owned()),
            basis: Some(basis.text().to_owned()),
        },
    }
}

/// The licence that was issued.
#[derive(Serialize, ToSchema)]
struct LicenceView {
    /// The licence.
    id: String,
    /// Its number.
    number: String,
    /// Its name.
    name: String,
}

/// A case.
#[derive(Serialize, ToSchema)]
pub(super) struct CaseView {
    /// The case.
    id: String,
    /// Its number.
    #[schema(example = "610924SPJU20261123000412")]
    number: String,
    /// Its version; send it as `expected_version` with a deed.
    version: i64,
    /// Through which window it came.
    #[schema(example = "portal")]
    channel: &'static str,
    /// When it was received (RFC 3339).
    received_at: String,
    /// When something last happened (RFC 3339).
    changed_at: String,
    /// The item.
    item: String,
    /// The item's version that the case follows to its end.
    item_version: u32,
    /// The item's name.
    item_name: String,
    /// The organisation that handles it.
    organisation: String,
    /// Its name.
    organisation_name: String,
    /// Where it stands.
    #[schema(example = "review")]
    stage: &'static str,
    /// The step in words.
    #[schema(example = "审查")]
    step_name: String,
    /// Who holds it.
    holder: Option<String>,
    /// 绿色通道.
    priority: bool,
    /// Whether personal values are masked here.
    is_masked: bool,
    /// Who applies.
    applicant: ApplicantView,
    /// The name of whoever acts for them.
    agent_name: Option<String>,
    /// The answers of the form; absent while masked.
    #[schema(value_type = Option<Object>)]
    answers: Option<Value>,
    /// What licences and earlier cases answered before the applicant did.
    known: Vec<KnownAnswerView>,
    /// The materials.
    materials: Vec<MaterialView>,
    /// How the result is to be handed over: 窗口领取, 邮寄, 电子送达.
    delivery: &'static str,
    /// Where it is sent by post.
    delivery_address: Option<String>,
    /// The code for questions without a login; only for the applicant.
    check_code: Option<String>,
    /// What is to be corrected.
    defects: Vec<DefectView>,
    /// Keys of the materials still owed.
    owed: Vec<String>,
    /// Opinions of the steps; only for staff.
    opinions: Vec<OpinionView>,
    /// Lines between applicant and staff.
    lines: Vec<LineView>,
    /// The notices.
    notices: Vec<NoticeView>,
    /// How it was decided.
    decision: Option<DecisionView>,
    /// The licence.
    licence: Option<LicenceView>,
    /// Why it ended without a decision.
    end_reason: Option<String>,
    /// What it costs by the item's rules; absent where they do not say.
    fee: Option<CaseFeeView>,
    /// From how many working days before its last day on it is yellow by the item's rules; absent: as every case.
    warning_days: Option<u16>,
    /// Whether the service was rated.
    rated: bool,
    /// Whether it is archived.
    archived: bool,
}

/// A case as a visitor may see it.
pub(super) fn case_view(id: CaseId, case: &Case, sight: Sight, is_own: bool) -> CaseView {
    let (delivery, delivery_address) = delivery_of(case, sight);
    CaseView {
        id: id.to_string(),
        number: case.number.clone(),
        version: case.version,
        channel: case.channel.code(),
        received_at: case.received_at.to_string(),
        changed_at: case.changed_at.to_string(),
        item: case.terms.item.to_string(),
        item_version: case.terms.version,
        item_name: case.terms.name.clone(),
        organisation: case.organisation.to_string(),
        organisation_name: case.organisation_name.clone(),
        stage: case.stage.code(),
        step_name: case.step_name(),
        holder: case.holder.map(|holder| holder.to_string()),
        priority: case.priority,
        is_masked: sight == Sight::Masked,
        applicant: applicant_view(&case.applicant, sight),
        agent_name: case
            .agent
            .as_ref()
            .map(|agent| sight.name(ApplicantKind::Person, agent.name.text())),
        answers: match sight {
            Sight::Full => case.answers.get().cloned(),
            Sight::Masked => None,
        },
        known: known_of(case, sight),
        materials: materials_of(case, sight),
        delivery,
        delivery_address,
        check_code: is_own.then(|| case.check_code.clone()),
        defects: case.defects.iter().map(defect_view).collect(),
        owed: case.owed.clone(),
        opinions: if is_own {
            Vec::new()
        } else {
            opinions_of(case)
        },
        lines: lines_of(case),
        notices: case
            .notices
            .iter()
            .map(|notice| notice_view(id, notice))
            .collect(),
        decision: case.decision().map(decision_view),
        licence: case.licence().map(|licence| LicenceView {
            id: licence.licence.to_string(),
            number: licence.number.clone(),
            name: licence.name.clone(),
        }),
        end_reason: end_reason(case),
        fee: case.fee().map(|fee| rules::fee_view(fee, sight)),
        warning_days: case.warning().map(|warning| warning.days),
        rated: case.rated,
        archived: case.archived,
    }
}

fn delivery_of(case: &Case, sight: Sight) -> (&'static str, Option<String>) {
    let address = match &case.delivery {
        DeliveryChoice::Post { address } => Some(sight.address(address.text())),
        DeliveryChoice::Counter | DeliveryChoice::Electronic => None,
    };
    (case.delivery.name(), address)
}

fn materials_of(case: &Case, sight: Sight) -> Vec<MaterialView> {
    let materials = case.materials.iter();
    materials
        .map(|material| material_view(material, sight))
        .collect()
}

fn known_of(case: &Case, sight: Sight) -> Vec<KnownAnswerView> {
    let known = case.known.iter();
    known
        .map(|one| KnownAnswerView::of(one, case.answers.get(), sight == Sight::Full))
        .collect()
}

fn opinions_of(case: &Case) -> Vec<OpinionView> {
    case.opinions
        .iter()
        .map(|opinion| OpinionView {
            step: opinion.step.clone(),
            step_name: opinion.step_name.clone(),
            agrees: opinion.verdict.map(Verdict::agrees),
            text: opinion.text.text().to_owned(),
            by: opinion.by.person.map(|person| person.to_string()),
            at: opinion.at.to_string(),
        })
        .collect()
}

fn lines_of(case: &Case) -> Vec<LineView> {
    case.lines
        .iter()
        .map(|line| LineView {
            text: line.text.text().to_owned(),
            from_staff: line.from_staff,
            at: line.at.to_string(),
        })
        .collect()
}

fn end_reason(case: &Case) -> Option<String> {
    match &case.stage {
        Stage::NotAccepted { reason, .. } | Stage::Terminated { reason, .. } => {
            Some(reason.text().to_owned())
        }
        _ => None,
    }
}
