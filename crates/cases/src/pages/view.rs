//! What the case page shows of a case, with personal data masked unless it was revealed for a reason.

use jiff::civil::Date;
use wuchuang_calendar::{Calendar, ClockState, DayEvidence, weekday_name};
use wuchuang_catalogue::model::ServiceItem;
use wuchuang_kernel::{CaseId, china_date, mask_address};
use wuchuang_webkit::{
    Caller, Failure,
    forms::{AnswerLine, Disclosure, Form, NoLists},
    markup::{ClockView, DefinitionRow, FileView, Light, StageState, StageView, file_size},
};

use crate::{
    model::{ApplicantKind, Case, Decision, DeliveryChoice, Position, Stage, process::Process},
    rooms::CaseRooms,
    store::HistoryRow,
};

use super::texts;

/// How many days of evidence the page shows.
const EVIDENCE_DAYS_MAX: usize = 400;

/// One material with its files.
pub(super) struct MaterialView {
    pub(super) name: String,
    pub(super) source: String,
    pub(super) files: Vec<FileView>,
    /// The pictures that can be shown side by side with the form.
    pub(super) pictures: Vec<String>,
    pub(super) is_missing: bool,
    pub(super) is_owed: bool,
}

/// One line of the history.
pub(super) struct HistoryView {
    pub(super) text: String,
    pub(super) at: String,
    pub(super) who: String,
    pub(super) channel: &'static str,
}

/// One line of the conversation.
pub(super) struct LineView {
    pub(super) text: String,
    pub(super) at: String,
    pub(super) from_staff: bool,
}

/// One opinion.
pub(super) struct OpinionView {
    pub(super) step: String,
    pub(super) text: String,
    pub(super) who: String,
    pub(super) at: String,
}

/// One notice with its document.
pub(super) struct NoticeView {
    pub(super) title: &'static str,
    pub(super) number: String,
    pub(super) at: String,
    pub(super) path: String,
}

/// Everything the case page shows.
pub(super) struct CaseView {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) item: String,
    pub(super) handling: &'static str,
    pub(super) organisation: String,
    pub(super) about: Vec<DefinitionRow>,
    pub(super) answers: Vec<AnswerLine>,
    pub(super) materials: Vec<MaterialView>,
    pub(super) clock: ClockView,
    pub(super) clock_line: String,
    pub(super) evidence: Vec<String>,
    pub(super) stages: Vec<StageView>,
    pub(super) history: Vec<HistoryView>,
    pub(super) lines: Vec<LineView>,
    pub(super) opinions: Vec<OpinionView>,
    pub(super) notices: Vec<NoticeView>,
    pub(super) outcome: String,
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
    disclosure: Disclosure,
) -> Result<CaseView, Failure> {
    let calendar = rooms.cases.ledger().calendar();
    let today = china_date(caller.now);
    let history = rooms.cases.history(caller.region, id).await?;
    let mut opinions = Vec::new();
    for opinion in &case.opinions {
        opinions.push(OpinionView {
            step: opinion.step_name.clone(),
            text: opinion.text.text().to_owned(),
            who: actor_name(rooms, caller, opinion.by.person).await?,
            at: texts::moment(opinion.at, today),
        });
    }
    let holder = match case.holder {
        Some(person) => actor_name(rooms, caller, Some(person)).await?,
        None => String::new(),
    };
    let (clock, clock_line) = clock(case, &calendar, caller.now);
    Ok(CaseView {
        id: id.to_string(),
        number: texts::grouped(&case.number),
        item: case.terms.name.clone(),
        handling: case.terms.handling.name(),
        organisation: case.organisation_name.clone(),
        about: about(case, disclosure),
        answers: answers(rooms, caller, case, disclosure).await?,
        materials: materials(case, id),
        evidence: evidence(case, &calendar, caller.now),
        clock,
        clock_line,
        stages: stages(case, &history, today),
        history: history_view(rooms, caller, history, today).await?,
        lines: case
            .lines
            .iter()
            .map(|line| LineView {
                text: line.text.text().to_owned(),
                at: texts::moment(line.at, today),
                from_staff: line.from_staff,
            })
            .collect(),
        opinions,
        notices: case
            .notices
            .iter()
            .map(|notice| NoticeView {
                title: notice.kind.name(),
                number: notice.number.clone(),
                at: texts::moment(notice.at, today),
                path: format!("/cases/{id}/notices/{}.pdf", notice.version),
            })
            .collect(),
        outcome: outcome(case),
        priority: case.priority,
        holder,
        version: case.version,
        others_path: format!(
            "/staff/cases?closed=1&q={}",
            wuchuang_webkit::display::encode(case.applicant.name.text())
        ),
    })
}

async fn actor_name(
    rooms: &CaseRooms,
    caller: &Caller,
    person: Option<wuchuang_kernel::PersonId>,
) -> Result<String, Failure> {
    let Some(person) = person else {
        return Ok("系统".to_owned());
    };
    let name = rooms.directory.staff_name(caller.region, person).await?;
    Ok(if name.is_empty() {
        "申请人".to_owned()
    } else {
        name.to_string()
    })
}

async fn history_view(
    rooms: &CaseRooms,
    caller: &Caller,
    history: Vec<HistoryRow>,
    today: Date,
) -> Result<Vec<HistoryView>, Failure> {
    let mut lines = Vec::with_capacity(history.len());
    for row in history.into_iter().rev() {
        let actor: Option<wuchuang_kernel::Actor> = serde_json::from_str(&row.actor).ok();
        lines.push(HistoryView {
            at: texts::moment(row.at(), today),
            who: actor_name(rooms, caller, actor.and_then(|actor| actor.person)).await?,
            channel: wuchuang_kernel::Channel::from_code(&row.channel)
                .map_or("", wuchuang_kernel::Channel::name),
            text: row.text,
        });
    }
    Ok(lines)
}

fn about(case: &Case, disclosure: Disclosure) -> Vec<DefinitionRow> {
    let is_full = disclosure == Disclosure::Full;
    let applicant = &case.applicant;
    let kind = match applicant.kind {
        ApplicantKind::Person => "身份证号",
        ApplicantKind::Organisation => "统一社会信用代码",
    };
    let number = applicant.number.text();
    let shown = if is_full || applicant.kind == ApplicantKind::Organisation {
        number.to_owned()
    } else {
        mask_middle(number, 6, 4)
    };
    let mut rows = vec![
        DefinitionRow::new("申请人", applicant.name.text()),
        DefinitionRow::new(kind, shown),
        DefinitionRow::new("联系电话", phone(applicant.phone.text(), is_full)),
    ];
    if !applicant.address.text().is_empty() {
        let address = applicant.address.text();
        rows.push(DefinitionRow::new(
            "地址",
            if is_full {
                address.to_owned()
            } else {
                mask_address(address)
            },
        ));
    }
    if let Some(agent) = &case.agent {
        rows.push(DefinitionRow::new(
            "代理人",
            format!(
                "{} {}",
                agent.name.text(),
                phone(agent.phone.text(), is_full)
            ),
        ));
    }
    rows.push(DefinitionRow::new("送达方式", case.delivery.name()));
    if let DeliveryChoice::Post { address } = &case.delivery
        && is_full
    {
        rows.push(DefinitionRow::new("邮寄地址", address.text()));
    }
    rows
}

fn phone(number: &str, is_full: bool) -> String {
    if is_full {
        number.to_owned()
    } else {
        mask_middle(number, 3, 4)
    }
}

/// The first and last characters of a number with the middle hidden.
fn mask_middle(number: &str, head: usize, tail: usize) -> String {
    let characters: Vec<char> = number.chars().collect();
    if characters.len() <= head + tail {
        return "*".repeat(characters.len());
    }
    let hidden = characters.len() - head - tail;
    characters[..head]
        .iter()
        .copied()
        .chain(std::iter::repeat_n('*', hidden))
        .chain(characters[characters.len() - tail..].iter().copied())
        .collect()
}

async fn answers(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &Case,
    disclosure: Disclosure,
) -> Result<Vec<AnswerLine>, Failure> {
    let Some(serde_json::Value::Object(values)) = case.answers.get() else {
        return Ok(Vec::new());
    };
    let item = rooms
        .cases
        .ledger()
        .load::<ServiceItem>(caller.region, case.terms.item.into())
        .await?;
    Ok(item
        .and_then(|(_, state)| state.version(case.terms.version).cloned())
        .and_then(|version| Form::parse(&version.content.form_text()).ok())
        .map(|form| form.describe(values, &NoLists, disclosure, &caller.page.translator))
        .unwrap_or_default())
}

fn materials(case: &Case, id: CaseId) -> Vec<MaterialView> {
    let mut views: Vec<MaterialView> = case
        .materials
        .iter()
        .map(|material| {
            let path = |sha256: &str| format!("/staff/cases/{id}/files/{sha256}");
            MaterialView {
                name: material.name.clone(),
                source: material.source.text(),
                pictures: material
                    .files
                    .iter()
                    .filter(|file| file.media_type.starts_with("image/"))
                    .map(|file| path(&file.sha256))
                    .collect(),
                files: material
                    .files
                    .iter()
                    .map(|file| FileView {
                        name: file.name.text().to_owned(),
                        path: path(&file.sha256),
                        size: file_size(file.bytes),
                        note: String::new(),
                        remove_path: None,
                    })
                    .collect(),
                is_missing: false,
                is_owed: false,
            }
        })
        .collect();
    views.extend(case.missing().into_iter().map(|wanted| MaterialView {
        name: wanted.name.clone(),
        source: String::new(),
        files: Vec::new(),
        pictures: Vec::new(),
        is_missing: true,
        is_owed: case.owed.contains(&wanted.id),
    }));
    views
}

/// The light and the sentence of the limit that runs now.
pub(super) fn clock(case: &Case, calendar: &Calendar, now: jiff::Timestamp) -> (ClockView, String) {
    if let Some(clock) = &case.clock {
        let view = clock.view(calendar, now);
        let light = match view.state {
            ClockState::Normal => Light::Normal,
            ClockState::DueSoon => Light::DueSoon,
            ClockState::Overdue { .. } => Light::Overdue,
            ClockState::Paused => Light::Paused,
            ClockState::Finished { .. } => Light::Finished,
        };
        let shown = ClockView {
            light,
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
        return (shown, line);
    }
    let (light, text, line) = match (&case.stage, case.receipt.window(calendar)) {
        (Stage::Examining, Some(due)) => {
            let view = case.receipt.view(calendar, now);
            let light = if due.is_over(now) {
                Light::Overdue
            } else if view.left == 0 {
                Light::DueSoon
            } else {
                Light::Normal
            };
            (
                light,
                format!("还剩 {} 个工作日", view.left),
                format!(
                    "受理审查：{}前须受理、不予受理或一次性告知补正，逾期视为受理（《行政许可法》第三十二条）",
                    texts::day(due.date)
                ),
            )
        }
        (Stage::Correcting, _) => (
            Light::Paused,
            "等待申请人补正".to_owned(),
            "补正期间不计时；收到补正材料后重新起算五个工作日的受理审查。".to_owned(),
        ),
        _ => (Light::Finished, String::new(), String::new()),
    };
    (
        ClockView {
            light,
            text,
            detail: String::new(),
        },
        line,
    )
}

fn evidence(case: &Case, calendar: &Calendar, now: jiff::Timestamp) -> Vec<String> {
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
                format!("不予：{}（依据：{basis}）", reason.text())
            }
            (None, _) => String::new(),
        },
    }
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
    names.push(("决定".to_owned(), decided));
    if case.terms.issues_licence {
        names.push(("制证".to_owned(), reached("licence_issued")));
    }
    names.push(("送达".to_owned(), reached("delivered")));
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
        _ if is_decided => case.terms.steps.len(),
        _ => 0,
    }
}

/// The steps to which the case may be sent back.
pub(super) fn steps_before(case: &Case) -> Vec<(String, String)> {
    let Stage::Review(position) = &case.stage else {
        return Vec::new();
    };
    case.terms
        .steps
        .iter()
        .filter(|step| case.terms.send_back(position, &step.id).is_ok())
        .map(|step| (step.id.clone(), step.name.clone()))
        .collect()
}
