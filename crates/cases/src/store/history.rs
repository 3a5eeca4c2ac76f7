//! The timeline in sentences that anyone may read: what happened, never about whom.

use jiff::{Timestamp, civil::Date};
use serde::Deserialize;
use wuchuang_kernel::{Actor, CaseId, Channel, Region};
use wuchuang_ledger::storage::Connection;
use wuchuang_ledger::{StorageError, storage::list};

use crate::model::{CaseEvent, Delivered, Position, ReminderKind};

/// How many lines a timeline shows.
const LINES_MAX: i64 = 500;

/// One line of a timeline.
#[derive(Debug, Clone, Deserialize)]
pub struct HistoryRow {
    /// The event's place in the case.
    pub version: i64,
    /// The event's place in the region's chain.
    pub seq: i64,
    /// What happened, for programs.
    pub event_type: String,
    /// What happened, for people.
    pub text: String,
    /// Who acted, as the ledger records it.
    pub actor: String,
    /// Through which window.
    pub channel: String,
    /// When.
    pub at_us: i64,
}

impl HistoryRow {
    /// When.
    pub fn at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.at_us).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Who did this through a counter; `None` for whatever came another way. What follows from it for the counter's own
    /// slips (the same person) and for questions (the same organisation) is asked of this one answer.
    pub fn counter_actor(&self) -> Option<Actor> {
        (self.channel == Channel::Counter.code())
            .then(|| serde_json::from_str(&self.actor).ok())
            .flatten()
    }
}

/// The timeline of a case, from the first event on. That the service was rated, and at which minute, is not on it: beside
/// the grades of the day it would tell the staff who rated (GB/T 39735 keeps the rater apart from those who are rated).
pub(crate) async fn history<C: Connection>(
    connection: &C,
    region: Region,
    case: CaseId,
) -> Result<Vec<HistoryRow>, StorageError> {
    list(
        connection,
        "SELECT version, seq, event_type, text, actor, channel, at_us FROM case_history WHERE region = $1 AND case_id = $2 AND event_type <> 'rated' ORDER BY version LIMIT $3",
        [region.to_string().into(), case.to_string().into(), LINES_MAX.into()],
    )
    .await
}

fn day_words(day: Date) -> String {
    format!("{}月{}日", day.month(), day.day())
}

/// What happened to the time of a case.
fn about_time(event: &CaseEvent) -> String {
    match event {
        CaseEvent::ClockStopped { procedure, .. } => format!(
            "开始{}，预计{}个工作日，计时暂停",
            procedure.kind.name(),
            procedure.expected_days
        ),
        CaseEvent::ClockResumed { .. } => "特别程序结束，恢复计时".to_owned(),
        CaseEvent::Extended { days, .. } => format!("延长办理期限{days}个工作日"),
        CaseEvent::ExtensionRequested(request) => format!("申请延期{}个工作日", request.days),
        CaseEvent::ExtensionDeclined { .. } => "不同意延期".to_owned(),
        CaseEvent::DeadlineMoved {
            before,
            after,
            reason,
            ..
        } if before == after => format!("{reason}，办结日期仍为{}", day_words(*after)),
        CaseEvent::DeadlineMoved {
            before,
            after,
            reason,
            ..
        } => format!(
            "{reason}，办结日期由{}调整为{}",
            day_words(*before),
            day_words(*after)
        ),
        CaseEvent::Reminded { of, until } => format!(
            "提醒申请人在{}前{}",
            day_words(*until),
            match of {
                ReminderKind::Correction => "补正",
                ReminderKind::Supplement => "补交容缺材料",
            }
        ),
        _ => String::new(),
    }
}

/// What happened in the steps of a case, or to the tasks of its drawn process.
fn about_steps(event: &CaseEvent) -> String {
    match event {
        CaseEvent::StepCompleted {
            opinion, position, ..
        } => format!("完成{}{}", opinion.step_name, reached(position)),
        CaseEvent::Returned {
            opinion, position, ..
        } => format!("{}退回{}", opinion.step_name, reached(position)),
        CaseEvent::TaskClaimed { name, .. } => format!("工作人员开始办理{name}"),
        CaseEvent::TaskReleased { name, .. } => format!("{name}退回组内待办"),
        CaseEvent::TaskReassigned { name, .. } => format!("{name}重新分派承办人"),
        CaseEvent::ProcessMoved { .. } => "转到现行的流程图，正在办的环节不变".to_owned(),
        CaseEvent::AnswerReceived {
            opinion,
            failed,
            position,
            ..
        } => {
            let what = if *failed { "没有办成" } else { "收到" };
            format!("{what}：{}{}", opinion.step_name, reached(position))
        }
        CaseEvent::TimerFired { name, position, .. } => {
            let name = if name.is_empty() { "定时" } else { name };
            format!("到了设定的时间：{name}{}", reached(position))
        }
        _ => String::new(),
    }
}

/// What a move of a drawn process led to: the decisions that the item's rules made, with the rows that decided, and the
/// national stages that it reached, where the drawing marks them.
fn reached(position: &Position) -> String {
    let Position::Drawn(position) = position else {
        return String::new();
    };
    let decisions = position.decisions.iter().map(|made| {
        let rows: Vec<String> = made.rows.iter().map(|row| row.number.to_string()).collect();
        if rows.is_empty() {
            format!("，规则“{}”作出决策", made.decision)
        } else {
            format!("，规则“{}”按第{}行作出决策", made.decision, rows.join("、"))
        }
    });
    let sent = position.sent.iter();
    let sent = sent.map(|text| format!("，告知申请人：{text}"));
    let decisions: String = decisions.chain(sent).collect();
    let names: Vec<&str> = position
        .milestones
        .iter()
        .map(|stage| stage.name())
        .collect();
    if names.is_empty() {
        decisions
    } else {
        format!("{decisions}，进入{}阶段", names.join("、"))
    }
}

/// What the item's rules said, and what a person found who looked at it.
fn about_rules(event: &CaseEvent) -> String {
    match event {
        CaseEvent::RulesEvaluated {
            evaluation,
            is_granted: true,
            ..
        } => format!("系统按规则“{}”自动审批", evaluation.decision),
        CaseEvent::RulesEvaluated { evaluation, .. } => {
            format!("规则“{}”没有自动审批，转工作人员办理", evaluation.decision)
        }
        CaseEvent::RulesReviewed { is_right: true, .. } => "秒批复核：正确".to_owned(),
        CaseEvent::RulesReviewed { .. } => "秒批复核：有误".to_owned(),
        CaseEvent::RulesReviewAsked {} => "申请人请工作人员复核".to_owned(),
        _ => String::new(),
    }
}

const fn supplemented(is_whole: bool) -> &'static str {
    if is_whole {
        "容缺材料已补齐"
    } else {
        "收到部分容缺材料"
    }
}

fn accepted(owed: Option<usize>, is_deemed: bool) -> String {
    match owed {
        Some(owed) => format!("容缺受理，待补材料{owed}份"),
        None if is_deemed => "逾期未告知补正，自收到之日起视为受理".to_owned(),
        None => "受理".to_owned(),
    }
}

/// What happened, in one sentence without personal data.
pub fn sentence(event: &CaseEvent) -> String {
    match event {
        CaseEvent::Received(event) => format!(
            "收到申请，编号{}，材料{}份",
            event.number,
            event.submission.materials.len()
        ),
        CaseEvent::Claimed { .. } => "工作人员开始办理".to_owned(),
        CaseEvent::Released {} => "退回组内待办".to_owned(),
        CaseEvent::Reassigned { .. } => "重新分派承办人".to_owned(),
        CaseEvent::CorrectionNotified { defects, .. } => {
            format!("一次性告知补正{}项", defects.len())
        }
        CaseEvent::CorrectionSupplied { .. } => "收到补正材料".to_owned(),
        CaseEvent::Accepted {
            acceptance,
            conditional,
            position,
            ..
        } => {
            let owed = conditional.as_ref().map(|owed| owed.materials.len());
            accepted(owed, acceptance.is_deemed()) + reached(position).as_str()
        }
        CaseEvent::NotAccepted { ground, .. } => format!("不予受理：{}", ground.name()),
        CaseEvent::Transferred {
            organisation_name, ..
        } => format!("转{organisation_name}办理"),
        CaseEvent::StepCompleted { .. }
        | CaseEvent::Returned { .. }
        | CaseEvent::TaskClaimed { .. }
        | CaseEvent::TaskReleased { .. }
        | CaseEvent::TaskReassigned { .. }
        | CaseEvent::TimerFired { .. }
        | CaseEvent::AnswerReceived { .. }
        | CaseEvent::ProcessMoved { .. } => about_steps(event),
        CaseEvent::ClockStopped { .. }
        | CaseEvent::ClockResumed { .. }
        | CaseEvent::Extended { .. }
        | CaseEvent::ExtensionRequested(_)
        | CaseEvent::ExtensionDeclined { .. }
        | CaseEvent::DeadlineMoved { .. }
        | CaseEvent::Reminded { .. } => about_time(event),
        CaseEvent::SupplementSupplied { clock, .. } => supplemented(clock.is_some()).to_owned(),
        CaseEvent::Decided { decision, .. } => format!("作出{}决定", decision.name()),
        CaseEvent::LicenceIssued(licence) => format!("制作{}", licence.name),
        CaseEvent::Delivered { delivered, .. } => match delivered {
            Delivered::Post { carrier, tracking } => format!("邮寄送达，{carrier} {tracking}"),
            other => format!("{}，已送达", other.name()),
        },
        CaseEvent::Closed {} => "办结".to_owned(),
        CaseEvent::Rated {} => "服务已评价".to_owned(),
        CaseEvent::Archived {} => "归档".to_owned(),
        CaseEvent::Withdrawn { .. } | CaseEvent::WithdrawnV2 { .. } => "申请人撤回".to_owned(),
        CaseEvent::Terminated { .. } => "终止办理".to_owned(),
        CaseEvent::TerminatedV2 { ground, .. } => format!("终止办理：{}", ground.name()),
        CaseEvent::Said(line) if line.from_staff => "工作人员留言".to_owned(),
        CaseEvent::Said(_) => "申请人留言".to_owned(),
        CaseEvent::RulesEvaluated { .. }
        | CaseEvent::RulesReviewed { .. }
        | CaseEvent::RulesReviewAsked {} => about_rules(event),
    }
}

#[cfg(test)]
mod tests {
    use wuchuang_kernel::{ActorKind, OrganisationId, PersonId, PostId};

    use super::*;

    #[test]
    fn only_deeds_through_a_counter_have_somebody_at_the_counter() {
        let actor = Actor {
            person: Some(PersonId::from_u128(1)),
            program: None,
            kind: ActorKind::Staff {
                post: PostId::from_u128(2),
                organisation: OrganisationId::from_u128(3),
            },
        };
        let row = |channel: &str, actor: &str| HistoryRow {
            version: 1,
            seq: 1,
            event_type: String::new(),
            text: String::new(),
            actor: actor.to_owned(),
            channel: channel.to_owned(),
            at_us: 0,
        };
        let written = serde_json::to_string(&actor).unwrap();
        assert_eq!(row("counter", &written).counter_actor(), Some(actor));
        assert_eq!(row("portal", &written).counter_actor(), None);
        assert_eq!(row("counter", "").counter_actor(), None);
    }
}
