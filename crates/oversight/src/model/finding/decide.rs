//! Which events follow from a command, or why it is refused.

use jiff::civil::Date;
use wuchuang_kernel::{Personal, Rejection, china_date};
use wuchuang_ledger::Context;

use super::{
    Due, Finding, FindingCommand, FindingDecision, FindingEvent, FindingRule, FindingStage,
    FindingState, FindingVerdict, Leniency, LeniencyCondition, Opening,
};
use crate::model::{TEXT_CHARACTERS_MAX, kinds::KINDS, require_text};

/// Within how many working days an organisation answers when nothing else is said.
pub(crate) const ANSWER_DAYS: u16 = 5;
/// The longest time for an answer, in working days.
const ANSWER_DAYS_MAX: u16 = 30;
/// Within how many working days the supervisor passes a finding on, decides about an answer, confirms what was mended.
const OWN_DAYS: u16 = 5;
/// The longest time for mending, in days.
const RECTIFY_DAYS_MAX: i64 = 366;
/// How often people may do something with a finding, so that it ends.
const DEEDS_MAX: usize = 60;

pub(super) fn decide(
    state: &FindingState,
    command: &FindingCommand,
    context: &Context<'_>,
) -> Result<Vec<FindingEvent>, Rejection> {
    let by = *context.actor;
    let event = match (command, state.0.as_deref()) {
        (FindingCommand::Open(_), Some(_)) => {
            return Err(Rejection::new("finding_exists", "这条线索已经有了。"));
        }
        (FindingCommand::Open(opening), None) => {
            check_opening(opening, context)?;
            FindingEvent::Opened {
                due: due(china_date(context.now), OWN_DAYS, context),
                opening: opening.clone(),
                by,
            }
        }
        (_, None) => return Err(Rejection::new("finding_unknown", "没有这条线索。")),
        (FindingCommand::Notify { days }, Some(finding)) => {
            require(finding, &[FindingStage::Found], "交办")?;
            require_not_own(finding, context)?;
            if !(1..=ANSWER_DAYS_MAX).contains(days) {
                return Err(
                    Rejection::new("days_out_of_range", "说明期限请填写1至30个工作日。").at("days"),
                );
            }
            FindingEvent::Notified {
                due: due(china_date(context.now), *days, context),
                by,
            }
        }
        (FindingCommand::Answer { text, leniency }, Some(finding)) => {
            require(finding, &[FindingStage::Notified], "说明")?;
            require_text(
                text.text(),
                TEXT_CHARACTERS_MAX,
                "text",
                "请写明情况和原因（1至1000字）。",
            )?;
            check_leniency(leniency.as_ref())?;
            FindingEvent::Answered {
                text: text.clone(),
                leniency: leniency.clone(),
                due: due(china_date(context.now), OWN_DAYS, context),
                by,
            }
        }
        (FindingCommand::Tell { of, to }, Some(finding)) => {
            let turn = finding.turn();
            let telling = turn.and_then(|turn| turn.telling(context.calendar, context.now));
            if telling != Some(*of) {
                return Err(Rejection::new("told_before", "已经提醒过了。"));
            }
            FindingEvent::Told {
                of: *of,
                to: to.clone(),
            }
        }
        (FindingCommand::Decide(decision), Some(finding)) => decided(finding, decision, context)?,
        (command, Some(finding)) => mended(finding, command, context)?,
    };
    Ok(vec![event])
}

fn check_opening(opening: &Opening, context: &Context<'_>) -> Result<(), Rejection> {
    if !(1..=KINDS).contains(&opening.kind) {
        return Err(Rejection::new("kind_unknown", "请选择问题种类。").at("kind"));
    }
    if opening.happened_on > china_date(context.now) || opening.happened_on.year() < 1990 {
        return Err(Rejection::new(
            "happened_out_of_range",
            "发生日期请填写今天或以前的日期（1990年以后）。",
        )
        .at("happened_on"));
    }
    if opening.evidence.is_empty() {
        let facts = opening.facts.as_ref().map_or("", Personal::text);
        require_text(
            facts,
            TEXT_CHARACTERS_MAX,
            "facts",
            "请写明发现的事实（1至1000字）。",
        )?;
    }
    let is_reported = opening.rule == FindingRule::SelfReport;
    if is_reported && (opening.person.is_none() || opening.person != context.actor.person) {
        return Err(Rejection::new(
            "not_own",
            "主动报告只能报告自己的差错。别人的问题请向监督岗位反映。",
        )
        .at("facts"));
    }
    check_leniency(opening.leniency.as_ref())
}

/// 容错 needs every condition, and a reason.
fn check_leniency(leniency: Option<&Leniency>) -> Result<(), Rejection> {
    let Some(leniency) = leniency else {
        return Ok(());
    };
    let missing = LeniencyCondition::ALL
        .iter()
        .filter(|one| !leniency.conditions.contains(one))
        .count();
    if missing > 0 {
        return Err(Rejection::new(
            "conditions_missing",
            format!(
                "申请容错要同时符合全部5个条件，还有{missing}个没有勾选。不符合的，请只写说明。"
            ),
        )
        .at("conditions"));
    }
    require_text(
        leniency.reason.text(),
        TEXT_CHARACTERS_MAX,
        "leniency_reason",
        "请逐条说明为什么符合容错条件（1至1000字）。",
    )
}

fn decided(
    finding: &Finding,
    decision: &FindingDecision,
    context: &Context<'_>,
) -> Result<FindingEvent, Rejection> {
    let today = china_date(context.now);
    let is_unfounded = decision.verdict == FindingVerdict::Unfounded;
    let is_silent = finding.stage == FindingStage::Notified && today > finding.due.due_on;
    let is_due = finding.stage == FindingStage::Answered
        || is_silent
        || (finding.stage == FindingStage::Found && is_unfounded);
    if !is_due {
        let way = match finding.stage {
            FindingStage::Found => "还没有交办，只能认定不属实",
            FindingStage::Notified => "说明期限还没有到，请等说明",
            _ => "不能再认定",
        };
        return Err(Rejection::new(
            "wrong_stage",
            format!("这条线索现在是“{}”，{way}。", finding.stage.name()),
        )
        .at("verdict"));
    }
    require_not_own(finding, context)?;
    check_decision(finding, decision, today)?;
    Ok(FindingEvent::Decided {
        due: decision.rectify_by.map(|day| until(day, context)),
        decision: decision.clone(),
        by: *context.actor,
    })
}

fn check_decision(
    finding: &Finding,
    decision: &FindingDecision,
    today: Date,
) -> Result<(), Rejection> {
    let is_lenient = matches!(
        decision.verdict,
        FindingVerdict::Exempted | FindingVerdict::Mitigated
    );
    if is_lenient && finding.leniency.is_none() {
        return Err(Rejection::new(
            "leniency_not_applied",
            "没有申请容错，不能认定容错免责或者减责。",
        )
        .at("verdict"));
    }
    let wants_measure = matches!(
        decision.verdict,
        FindingVerdict::Founded | FindingVerdict::Mitigated
    );
    if wants_measure && decision.measure.is_none() {
        return Err(Rejection::new(
            "measure_missing",
            "请选择处理方式：提醒、约谈、通报或者移送。",
        )
        .at("measure"));
    }
    if !wants_measure && decision.measure.is_some() {
        return Err(Rejection::new(
            "measure_unwanted",
            "不属实和容错免责不作处理，请把处理方式选回“不处理”。",
        )
        .at("measure"));
    }
    if let Some(day) = decision.rectify_by {
        if decision.verdict == FindingVerdict::Unfounded {
            return Err(
                Rejection::new("rectify_unwanted", "不属实的不用整改，请清空整改日期。")
                    .at("rectify_by"),
            );
        }
        check_rectify_day(day, today, "rectify_by")?;
    }
    require_text(
        decision.reason.text(),
        TEXT_CHARACTERS_MAX,
        "reason",
        "请写明认定的理由（1至1000字）。",
    )
}

fn check_rectify_day(day: Date, today: Date, field: &'static str) -> Result<(), Rejection> {
    let days = (day - today).get_days();
    if days < 1 || i64::from(days) > RECTIFY_DAYS_MAX {
        return Err(Rejection::new(
            "rectify_out_of_range",
            "整改日期请填写明天起、一年以内的日期。",
        )
        .at(field));
    }
    Ok(())
}

/// 纠错: reported, confirmed or sent back.
fn mended(
    finding: &Finding,
    command: &FindingCommand,
    context: &Context<'_>,
) -> Result<FindingEvent, Rejection> {
    let by = *context.actor;
    let today = china_date(context.now);
    match command {
        FindingCommand::Rectify { report } => {
            require(finding, &[FindingStage::Rectifying], "报告整改情况")?;
            require_text(
                report.text(),
                TEXT_CHARACTERS_MAX,
                "report",
                "请写明怎样整改的（1至1000字）。",
            )?;
            Ok(FindingEvent::Rectified {
                report: report.clone(),
                due: due(today, OWN_DAYS, context),
                by,
            })
        }
        FindingCommand::SendBack { reason, until: day } => {
            require(finding, &[FindingStage::Reported], "退回整改")?;
            require_not_own(finding, context)?;
            let deeds = finding.happened.iter();
            if deeds.filter(|one| one.by.person.is_some()).count() >= DEEDS_MAX {
                return Err(Rejection::new(
                    "returned_too_often",
                    "退回的次数太多，请确认整改，另外发现的问题另立线索。",
                )
                .at("back_reason"));
            }
            require_text(
                reason.text(),
                TEXT_CHARACTERS_MAX,
                "back_reason",
                "请写明还要怎样整改（1至1000字）。",
            )?;
            check_rectify_day(*day, today, "back_until")?;
            Ok(FindingEvent::SentBack {
                reason: reason.clone(),
                due: until(*day, context),
                by,
            })
        }
        _ => {
            require(finding, &[FindingStage::Reported], "确认整改")?;
            require_not_own(finding, context)?;
            Ok(FindingEvent::Confirmed { by })
        }
    }
}

/// Nobody decides about themselves.
fn require_not_own(finding: &Finding, context: &Context<'_>) -> Result<(), Rejection> {
    if finding.opening.person.is_some() && finding.opening.person == context.actor.person {
        return Err(Rejection::new(
            "own_finding",
            "这条线索是关于您自己的，请由其他监督人员办理。",
        ));
    }
    Ok(())
}

fn require(finding: &Finding, stages: &[FindingStage], deed: &str) -> Result<(), Rejection> {
    if stages.contains(&finding.stage) {
        return Ok(());
    }
    Err(Rejection::new(
        "wrong_stage",
        format!(
            "这条线索现在是“{}”，不能{deed}。请刷新页面看最新情况。",
            finding.stage.name()
        ),
    ))
}

/// So many working days after a day.
fn due(from: Date, days: u16, context: &Context<'_>) -> Due {
    until(
        context.calendar.add_working_days(from, i32::from(days)),
        context,
    )
}

/// Until a day; yellow from the working day before.
fn until(day: Date, context: &Context<'_>) -> Due {
    Due {
        warn_on: context.calendar.add_working_days(day, -1),
        due_on: day,
    }
}
