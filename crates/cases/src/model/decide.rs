//! Decides commands: which events follow from a command in a state, or why it is refused. The rules
//! stand by the part of life they belong to: before acceptance, review, ending.

use wuchuang_calendar::{ClockError, ReceiptError};
use wuchuang_kernel::{Actor, ActorKind, PersonId, Personal, Rejection};
use wuchuang_ledger::Context;

use super::{
    Case, CaseState, Stage, before_acceptance as before, by_rules,
    command::CaseCommand,
    commitment::trust,
    deadline,
    drawn::{self, DrawnPosition, DrawnProcess},
    ending,
    event::CaseEvent,
    parts::Line,
    review,
};

/// How long a line between applicant and staff may be, in characters.
const LINE_CHARACTERS_MAX: usize = 1_000;
/// How many lines one case may have.
const LINES_MAX: usize = 200;

type Decided = Result<Vec<CaseEvent>, Rejection>;

pub(super) fn decide(state: &CaseState, command: &CaseCommand, context: &Context<'_>) -> Decided {
    if let CaseCommand::KnowingCredit { command, bar } = command {
        trust::check(command, bar)?;
        return decide(state, command, context);
    }
    let case = match (&state.0, command) {
        (None, CaseCommand::Submit(submission)) => return before::submit(submission, context),
        (None, _) => {
            return Err(Rejection::new("case_unknown", "没有这个办件。请检查编号。"));
        }
        (Some(case), _) => case.as_ref(),
    };
    let (command, drawn) = match command {
        CaseCommand::OnProcess { command, process } => (command.as_ref(), Some(process.as_ref())),
        other => (other, None),
    };
    check_hand(case, command, context)?;
    match command {
        // A command inside of another one is never made.
        CaseCommand::OnProcess { .. } | CaseCommand::KnowingCredit { .. } => Ok(Vec::new()),
        CaseCommand::CompleteTask { .. }
        | CaseCommand::ReturnTask { .. }
        | CaseCommand::ClaimTask { .. }
        | CaseCommand::ReleaseTask { .. }
        | CaseCommand::ReassignTask { .. }
        | CaseCommand::Answer { .. }
        | CaseCommand::FireTimer { .. }
        | CaseCommand::MoveProcess { .. } => on_task(case, command, drawn, context),
        CaseCommand::Submit(_) => Err(submitted_already()),
        CaseCommand::Claim => claim(case, context),
        CaseCommand::Release => release(case, context),
        CaseCommand::Reassign { to, reason } => reassign(case, *to, reason, context),
        CaseCommand::NotifyCorrection { defects, answer_by } => {
            before::notify_correction(case, defects, *answer_by, context)
        }
        CaseCommand::SupplyCorrection { .. } => before::supply_correction(case, command, context),
        CaseCommand::Accept { conditional } => {
            before::accept(case, conditional.clone(), drawn, context)
        }
        CaseCommand::AcceptAndGrant { opinion } => accept_and_grant(case, opinion, drawn, context),
        CaseCommand::DeemAccepted => before::deem_accepted(case, drawn, context),
        CaseCommand::RefuseAcceptance { ground, reason } => {
            before::refuse_acceptance(case, ground, reason, context)
        }
        CaseCommand::Transfer {
            organisation,
            organisation_name,
            reason,
        } => before::transfer(case, *organisation, organisation_name, reason),
        CaseCommand::CompleteStep {
            step,
            opinion,
            agrees,
        } => review::complete_step(case, step, (opinion, *agrees), context),
        CaseCommand::ReturnToStep { step, reason } => {
            review::return_to_step(case, step, reason, context)
        }
        other => from_acceptance(case, other, context),
    }
}

/// What is asked of a case from acceptance on, besides its steps.
fn from_acceptance(case: &Case, command: &CaseCommand, context: &Context<'_>) -> Decided {
    match command {
        CaseCommand::StopClock(procedure) => review::stop_clock(case, procedure, context),
        CaseCommand::ResumeClock { result } => review::resume_clock(case, result, context),
        CaseCommand::Extend { days, reason } => review::extend(case, *days, reason, context),
        CaseCommand::RequestExtension { .. }
        | CaseCommand::DeclineExtension { .. }
        | CaseCommand::NoteDeadline { .. }
        | CaseCommand::Remind => deadline::decide(case, command, context),
        CaseCommand::SupplySupplement { materials } => {
            review::supply_supplement(case, materials, context)
        }
        CaseCommand::Grant { opinion } => ending::grant(case, opinion, context),
        CaseCommand::Refuse { reason, basis } => ending::refuse(case, reason, basis, context),
        CaseCommand::RecordLicence(licence) => ending::record_licence(case, licence, context),
        CaseCommand::Deliver(delivered) => ending::deliver(case, delivered, context),
        CaseCommand::RecordRating => ending::record_rating(case),
        CaseCommand::Archive => ending::archive(case),
        CaseCommand::Withdraw { reason } => ending::withdraw(case, reason, context),
        CaseCommand::Terminate {
            ground,
            reason,
            basis,
        } => ending::terminate(case, *ground, reason, basis, context),
        CaseCommand::Say { text } => say(case, text, context),
        CaseCommand::DecideByRules(at_hand) => by_rules::decide_by_rules(case, at_hand, context),
        CaseCommand::ReviewRules { is_right, reason } => {
            by_rules::review(case, *is_right, reason, context)
        }
        CaseCommand::AskRulesReview => by_rules::ask_review(case),
        // The others were answered before.
        _ => Ok(Vec::new()),
    }
}

/// What is done to the tasks of a drawn process.
fn on_task(
    case: &Case,
    command: &CaseCommand,
    drawn: Option<&DrawnProcess>,
    context: &Context<'_>,
) -> Decided {
    match command {
        CaseCommand::CompleteTask {
            task,
            opinion,
            answers,
            agrees,
        } => drawn::complete(case, drawn, task, (opinion, answers, *agrees), context),
        CaseCommand::ReturnTask { task, to, reason } => {
            drawn::give_back(case, drawn, (task.as_deref(), to), reason, context)
        }
        CaseCommand::ClaimTask { task } => drawn::claim_task(case, task, context),
        CaseCommand::ReleaseTask { task } => drawn::release_task(case, task, context),
        CaseCommand::ReassignTask { task, to, reason } => {
            drawn::reassign(case, task, *to, reason, context)
        }
        CaseCommand::Answer {
            awaited,
            note,
            answers,
            failed,
        } => drawn::answer(case, drawn, awaited, (note, answers, *failed), context),
        CaseCommand::FireTimer { timer } => drawn::fire(case, drawn, *timer, context),
        CaseCommand::MoveProcess {
            to,
            version,
            reason,
        } => drawn::go_over(case, drawn, ((to.as_deref(), *version), reason)),
        _ => Ok(Vec::new()),
    }
}

fn submitted_already() -> Rejection {
    Rejection::new(
        "case_exists",
        "这份申请已经提交过了，请在“我的办件”中查看。",
    )
}

/// Instant items: both in one sitting, by the same rules as one after the other.
fn accept_and_grant(
    case: &Case,
    opinion: &Personal<String>,
    drawn: Option<&DrawnProcess>,
    context: &Context<'_>,
) -> Decided {
    let mut events = before::accept(case, None, drawn, context)?;
    // The decision is taken on the state that acceptance leaves.
    let mut accepted = case.clone();
    for event in &events {
        super::apply::apply_to(&mut accepted, event, context.now);
    }
    events.extend(ending::grant(&accepted, opinion, context)?);
    Ok(events)
}

/// Whether a deed belongs to whoever holds the case. What the applicant does, what is handed over at a counter and what
/// the head of the organisation orders about the time (行政许可法 art. 42 and 45) does not wait for the holder.
const fn is_handling(command: &CaseCommand) -> bool {
    matches!(
        command,
        CaseCommand::NotifyCorrection { .. }
            | CaseCommand::Accept { .. }
            | CaseCommand::AcceptAndGrant { .. }
            | CaseCommand::RefuseAcceptance { .. }
            | CaseCommand::Transfer { .. }
            | CaseCommand::CompleteStep { .. }
            | CaseCommand::ReturnToStep { .. }
            | CaseCommand::CompleteTask { .. }
            | CaseCommand::ReturnTask { .. }
            | CaseCommand::RequestExtension { .. }
            | CaseCommand::Grant { .. }
            | CaseCommand::Refuse { .. }
            | CaseCommand::Terminate { .. }
    )
}

impl Case {
    /// Whether somebody may handle it: nobody has taken it in hand, or they have.
    pub fn is_free_for(&self, person: Option<PersonId>) -> bool {
        is_free_for(self.holder, person)
    }
}

fn is_free_for(holder: Option<PersonId>, person: Option<PersonId>) -> bool {
    holder.is_none() || holder == person
}

/// A case in a colleague's hand is looked at, not handled: by page, program or direct request alike.
fn check_hand(case: &Case, command: &CaseCommand, context: &Context<'_>) -> Result<(), Rejection> {
    let holder = match command {
        CaseCommand::CompleteTask { task, .. }
        | CaseCommand::ReturnTask {
            task: Some(task), ..
        } => case
            .drawn()
            .and_then(|position| position.task(task))
            .and_then(|task| task.holder),
        _ => case.holder,
    };
    if is_free_for(holder, context.actor.person) || case.stage.is_over() || !is_handling(command) {
        return Ok(());
    }
    Err(held_by_colleague())
}

pub(super) fn held_by_colleague() -> Rejection {
    Rejection::new(
        "case_held",
        "这个办件由同事认领，要由本人办理或退回组内。本人不在的，请本单位审批人员接手或重新分派。",
    )
}

/// Where it stands in a drawn process of which tasks are open: then each task is in a hand of its own, and the case in none.
fn with_open_tasks(case: &Case) -> Option<&DrawnPosition> {
    case.drawn().filter(|position| !position.tasks.is_empty())
}

fn claim(case: &Case, context: &Context<'_>) -> Decided {
    if case.stage.is_over() {
        return Err(wrong_stage(case, "认领"));
    }
    if let Some(position) = with_open_tasks(case) {
        return drawn::claim(position, context);
    }
    match case.holder {
        Some(holder) if context.actor.person == Some(holder) => Ok(Vec::new()),
        Some(_) => Err(held_by_colleague()),
        None => Ok(vec![CaseEvent::Claimed { by: *context.actor }]),
    }
}

fn release(case: &Case, context: &Context<'_>) -> Decided {
    if let Some(position) = with_open_tasks(case) {
        return Ok(drawn::release_own(position, context));
    }
    let is_system = context.actor.kind == ActorKind::System;
    match case.holder {
        Some(holder) if is_system || context.actor.person == Some(holder) => {
            Ok(vec![CaseEvent::Released {}])
        }
        Some(_) => Err(held_by_colleague()),
        None => Ok(Vec::new()),
    }
}

fn reassign(
    case: &Case,
    to: PersonId,
    reason: &Personal<String>,
    context: &Context<'_>,
) -> Decided {
    if case.stage.is_over() {
        return Err(wrong_stage(case, "重新分派"));
    }
    if with_open_tasks(case).is_some() {
        return Err(Rejection::new(
            "reassign_which",
            "这个办件按流程图办理，请选择要重新分派的环节。",
        ));
    }
    if case.holder == Some(to) {
        return Err(Rejection::new("holder_same", "办件已经在这位同事手里。").at("person"));
    }
    before::check_reason(reason.text(), "请写明为什么重新分派，例如：同事休假。")?;
    Ok(vec![CaseEvent::Reassigned {
        by: *context.actor,
        from: case.holder,
        to,
        reason: reason.clone(),
    }])
}

fn say(case: &Case, text: &Personal<String>, context: &Context<'_>) -> Decided {
    if case.stage.is_over() {
        return Err(Rejection::new(
            "case_over",
            "办件已经办结，不能再留言。有问题请拨打窗口电话；要重新办理，请另行申请。",
        ));
    }
    let length = text.text().trim().chars().count();
    if length == 0 {
        return Err(Rejection::new("line_empty", "请先写下要说的话，再发送。").at("text"));
    }
    if length > LINE_CHARACTERS_MAX {
        return Err(Rejection::new("line_too_long", "一次最多写1000字，请分几次发送。").at("text"));
    }
    if case.lines.len() >= LINES_MAX {
        return Err(Rejection::new(
            "lines_too_many",
            "这个办件的留言已达200条，请拨打窗口电话联系。",
        ));
    }
    Ok(vec![CaseEvent::Said(Line {
        text: text.clone(),
        from_staff: matches!(context.actor.kind, ActorKind::Staff { .. }),
        at: context.now,
    })])
}

/// The instant at which a command takes effect. A machine's clock may jump back; the case's own
/// time never does.
pub(super) fn effective(case: &Case, context: &Context<'_>) -> jiff::Timestamp {
    context.now.max(case.changed_at)
}

pub(super) fn wrong_stage(case: &Case, deed: &str) -> Rejection {
    Rejection::new(
        "wrong_stage",
        format!(
            "现在是“{}”环节，不能{deed}。请刷新页面查看最新情况。",
            super::stage_name(case.stage.code())
        ),
    )
}

pub(super) fn receipt_refuses(error: &ReceiptError) -> Rejection {
    Rejection::new("receipt_rule", error.explain())
}

pub(super) fn clock_refuses(error: &ClockError) -> Rejection {
    Rejection::new("clock_rule", error.explain())
}

pub(super) fn person_of(actor: &Actor) -> String {
    actor
        .person
        .map_or_else(|| "system".to_owned(), |person| person.to_string())
}

/// Whether a case is under review with its clock running.
pub(super) fn under_review<'a>(
    case: &'a Case,
    deed: &str,
) -> Result<(&'a super::Position, &'a wuchuang_calendar::Clock), Rejection> {
    match (&case.stage, &case.clock) {
        (Stage::Review(position), Some(clock)) => Ok((position, clock)),
        _ => Err(wrong_stage(case, deed)),
    }
}
