//! What the case page shows of a case, with personal data masked unless it was revealed for a reason: `applicant`
//! (who applies and what they answered), `materials` (what was handed in, one file large), `time` (limit, evidence,
//! stages), `happened` (history, opinions, lines, notices), `trust` (the applicant's credit, the supervision of what was granted).

mod applicant;
mod happened;
mod materials;
mod time;
mod trust;

use wuchuang_catalogue::model::ServiceItem;
use wuchuang_kernel::{CaseId, china_date, group_case_number};
use wuchuang_webkit::{
    Caller, Failure,
    forms::Disclosure,
    markup::{Choice, ClockView, DefinitionRow, StageView},
};

use crate::{
    model::{Case, Decision, Stage, process::Process},
    rooms::CaseRooms,
};

pub(super) use applicant::{Answer, answers};
pub(super) use happened::{Happened, looked_at, since};
pub(super) use trust::Trust;

use super::texts;
use happened::{ExtensionAsked, LineView, NoticeView, OpinionView};
use materials::{MaterialView, OpenFile};
use time::LimitLine;
#[cfg(test)]
pub(crate) use time::light_of;
pub(crate) use time::moved;

/// How a visitor looks at a case.
pub(super) struct Sight<'a> {
    /// Whether personal values are masked.
    pub(super) disclosure: Disclosure,
    /// The file that is shown large; the first one when it names none.
    pub(super) open: &'a str,
}

/// Everything the case page shows.
pub(super) struct CaseView {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) item: String,
    pub(super) handling: &'static str,
    pub(super) organisation: String,
    pub(super) about: Vec<DefinitionRow>,
    pub(super) answers: Vec<Answer>,
    pub(super) materials: Vec<MaterialView>,
    pub(super) open: Option<OpenFile>,
    pub(super) clock: ClockView,
    pub(super) clock_line: String,
    /// The limits besides the case's own.
    pub(super) limits: Vec<LimitLine>,
    /// Why the deadlines moved since acceptance.
    pub(super) moved: Option<String>,
    /// The extension that was asked for.
    pub(super) extension_asked: Option<ExtensionAsked>,
    pub(super) evidence: Vec<String>,
    pub(super) stages: Vec<StageView>,
    /// The drawn process with its position lit.
    pub(super) picture: Option<String>,
    pub(super) history: Vec<Happened>,
    pub(super) lines: Vec<LineView>,
    pub(super) opinions: Vec<OpinionView>,
    pub(super) notices: Vec<NoticeView>,
    pub(super) outcome: String,
    /// The licence that the case ended in, where it can be looked at and printed; empty when there is none.
    pub(super) licence_path: String,
    pub(super) priority: bool,
    pub(super) holder: String,
    pub(super) version: i64,
    pub(super) others_path: String,
}

pub(super) async fn case_view(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    case: &Case,
    sight: &Sight<'_>,
) -> Result<CaseView, Failure> {
    let calendar = rooms.cases.ledger().calendar();
    let today = china_date(caller.now);
    let history = rooms.cases.history(caller.region, id).await?;
    let holder = match case.holder {
        Some(person) => happened::name(rooms, caller, Some(person)).await?,
        None => String::new(),
    };
    let (clock, clock_line) = time::clock(case, &calendar, caller.now);
    Ok(CaseView {
        id: id.to_string(),
        number: group_case_number(&case.number),
        item: case.terms.name.clone(),
        handling: case.terms.handling.name(),
        organisation: case.organisation_name.clone(),
        about: applicant::about(
            case,
            &applicant::reached(rooms, caller, case).await?,
            sight.disclosure,
        ),
        answers: applicant::answered(rooms, caller, case, sight.disclosure).await?,
        open: materials::open(rooms, id, case, sight.open).await?,
        materials: materials::list(case, sight.open),
        extension_asked: happened::extension_asked(rooms, caller, case).await?,
        evidence: time::evidence(case, &calendar, caller.now),
        limits: time::limits(case, &calendar, caller.now),
        moved: moved(
            case,
            |at| rooms.cases.ledger().calendar_known_at(at),
            &calendar,
            caller.now,
        ),
        clock,
        clock_line,
        stages: time::stages(case, &history, today),
        picture: rooms
            .cases
            .picture(caller.region, case, &caller.page)
            .await?,
        history: happened::lines(rooms, caller, history).await?,
        lines: happened::conversation(case, today),
        opinions: happened::opinions(rooms, caller, case).await?,
        notices: happened::notices(case, id, today),
        outcome: outcome(case),
        licence_path: case
            .licence()
            .map(|licence| format!("/staff/licences/{}", licence.licence))
            .unwrap_or_default(),
        priority: case.priority,
        holder,
        version: case.version,
        others_path: format!("/staff/cases?closed=1&applicant={}", case.applicant.person),
    })
}

/// Where a case stands, without opinions and personal data.
pub(super) struct StatusView {
    pub(super) number: String,
    pub(super) item: String,
    pub(super) organisation: String,
    pub(super) step: String,
    pub(super) clock: ClockView,
    pub(super) clock_line: String,
    pub(super) stages: Vec<StageView>,
    pub(super) history: Vec<Happened>,
}

pub(super) async fn status_view(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    case: &Case,
) -> Result<StatusView, Failure> {
    let calendar = rooms.cases.ledger().calendar();
    let history = rooms.cases.history(caller.region, id).await?;
    let (clock, clock_line) = time::clock(case, &calendar, caller.now);
    Ok(StatusView {
        number: group_case_number(&case.number),
        item: case.terms.name.clone(),
        organisation: case.organisation_name.clone(),
        step: case.step_name(),
        clock,
        clock_line,
        stages: time::stages(case, &history, china_date(caller.now)),
        history: happened::lines(rooms, caller, history).await?,
    })
}

/// The version of the item that the case began with.
async fn item_version(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &Case,
) -> Result<Option<std::sync::Arc<wuchuang_catalogue::model::ItemVersion>>, Failure> {
    let item = rooms
        .cases
        .ledger()
        .load::<ServiceItem>(caller.region, case.terms.item.into())
        .await?;
    Ok(item.and_then(|(_, state)| state.version(case.terms.version).cloned()))
}

fn outcome(case: &Case) -> String {
    match &case.stage {
        Stage::NotAccepted { ground, reason, .. } => {
            format!("不予受理（{}）：{}", ground.name(), reason.text())
        }
        Stage::Terminated { reason, .. } => format!("终止办理：{}", reason.text()),
        Stage::Withdrawn { .. } => "申请人已撤回".to_owned(),
        _ => match (case.decision(), case.licence()) {
            (Some(Decision::Granted), Some(licence)) => {
                format!("准予，{} {}", licence.name, licence.number)
            }
            (Some(Decision::Granted), None) => "准予".to_owned(),
            (Some(Decision::Refused { reason, basis }), _) => {
                format!("不予：{}（依据：{}）", reason.text(), basis.text())
            }
            (None, _) => String::new(),
        },
    }
}

/// The steps to which the case may be sent back.
pub(super) fn steps_before(case: &Case) -> Vec<Choice> {
    let Stage::Review(position) = &case.stage else {
        return Vec::new();
    };
    case.terms
        .steps
        .iter()
        .filter(|step| case.terms.send_back(position, &step.id).is_ok())
        .map(|step| Choice::new(&step.id, &step.name))
        .collect()
}
