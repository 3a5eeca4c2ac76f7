//! What happened to a case and what was said: history, opinions, lines, notices, and who looked at masked values.

use jiff::civil::Date;
use wuchuang_kernel::{Actor, CaseId, Channel, PersonId, china_date};
use wuchuang_webkit::{Caller, Failure};

use super::texts;
use crate::{
    looks::CASE_LOOKS,
    model::{Case, Verdict},
    rooms::CaseRooms,
    store::HistoryRow,
};

/// One line of the history.
pub(in super::super) struct Happened {
    pub(in super::super) text: String,
    pub(in super::super) at: String,
    pub(in super::super) who: String,
    /// Through which window; empty when that says nothing.
    pub(in super::super) channel: &'static str,
}

/// One line of the conversation.
pub(in super::super) struct LineView {
    pub(in super::super) text: String,
    pub(in super::super) at: String,
    pub(in super::super) from_staff: bool,
}

/// One opinion.
pub(in super::super) struct OpinionView {
    pub(in super::super) step: String,
    /// 同意, 不同意; empty where the level was not asked.
    pub(in super::super) verdict: &'static str,
    pub(in super::super) text: String,
    pub(in super::super) who: String,
    pub(in super::super) at: String,
}

/// An extension that was asked for and not answered yet.
pub(in super::super) struct ExtensionAsked {
    pub(in super::super) who: String,
    pub(in super::super) days: u16,
    pub(in super::super) reason: String,
    pub(in super::super) at: String,
}

/// One notice with its document.
pub(in super::super) struct NoticeView {
    pub(in super::super) title: &'static str,
    pub(in super::super) number: String,
    pub(in super::super) at: String,
    /// Empty after whose paper it is was forgotten.
    pub(in super::super) path: String,
}

/// Who somebody is on the staff's pages.
pub(super) async fn name(
    rooms: &CaseRooms,
    caller: &Caller,
    person: Option<PersonId>,
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

/// Who did something: a person, the program that acts in their post, or the system.
async fn who(rooms: &CaseRooms, caller: &Caller, actor: Option<Actor>) -> Result<String, Failure> {
    match actor {
        Some(actor) if actor.program.is_some() => {
            let name = rooms.directory.actor_name(caller.region, &actor).await?;
            Ok(name.unwrap_or_else(|| "程序".to_owned()))
        }
        other => name(rooms, caller, other.and_then(|actor| actor.person)).await,
    }
}

/// The history, the last line first.
pub(super) async fn lines(
    rooms: &CaseRooms,
    caller: &Caller,
    history: Vec<HistoryRow>,
) -> Result<Vec<Happened>, Failure> {
    let today = china_date(caller.now);
    let mut lines = Vec::with_capacity(history.len());
    for row in history.into_iter().rev() {
        let actor: Option<Actor> = serde_json::from_str(&row.actor).ok();
        lines.push(Happened {
            at: texts::moment(row.at(), today),
            who: who(rooms, caller, actor).await?,
            channel: Channel::from_code(&row.channel).map_or("", Channel::name),
            text: row.text,
        });
    }
    Ok(lines)
}

/// What happened after a version that somebody has seen.
pub(in super::super) async fn since(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    seen: i64,
) -> Result<Vec<Happened>, Failure> {
    let mut history = rooms.cases.history(caller.region, id).await?;
    history.retain(|row| row.version > seen);
    lines(rooms, caller, history).await
}

/// Who looked at masked values and why.
pub(in super::super) async fn looked_at(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
) -> Result<Vec<Happened>, Failure> {
    let today = china_date(caller.now);
    let mut lines = Vec::new();
    let (ledger, subject) = (rooms.cases.ledger(), id.to_string());
    for look in CASE_LOOKS.of(ledger, caller.region, subject).await? {
        lines.push(Happened {
            at: texts::moment(look.at(), today),
            who: name(rooms, caller, look.person()).await?,
            channel: "",
            text: look.reason,
        });
    }
    Ok(lines)
}

pub(super) fn conversation(case: &Case, today: Date) -> Vec<LineView> {
    case.lines
        .iter()
        .map(|line| LineView {
            text: line.text.text().to_owned(),
            at: texts::moment(line.at, today),
            from_staff: line.from_staff,
        })
        .collect()
}

pub(super) async fn opinions(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &Case,
) -> Result<Vec<OpinionView>, Failure> {
    let today = china_date(caller.now);
    let mut opinions = Vec::with_capacity(case.opinions.len());
    for opinion in &case.opinions {
        opinions.push(OpinionView {
            step: opinion.step_name.clone(),
            verdict: opinion.verdict.map_or("", Verdict::name),
            text: opinion.text.text().to_owned(),
            who: name(rooms, caller, opinion.by.person).await?,
            at: texts::moment(opinion.at, today),
        });
    }
    Ok(opinions)
}

pub(super) async fn extension_asked(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &Case,
) -> Result<Option<ExtensionAsked>, Failure> {
    let Some(request) = &case.extension_request else {
        return Ok(None);
    };
    Ok(Some(ExtensionAsked {
        who: who(rooms, caller, Some(request.by)).await?,
        days: request.days,
        reason: request.reason.text().to_owned(),
        at: texts::moment(request.at, china_date(caller.now)),
    }))
}

pub(super) fn notices(case: &Case, id: CaseId, today: Date) -> Vec<NoticeView> {
    case.notices
        .iter()
        .map(|notice| NoticeView {
            title: notice.kind.name(),
            number: notice.number.clone(),
            at: texts::moment(notice.at, today),
            path: if case.applicant.is_forgotten() {
                String::new()
            } else {
                format!("/cases/{id}/notices/{}.pdf", notice.version)
            },
        })
        .collect()
}
