//! The open tasks of a drawn process on the case page: each with who holds it, and for whoever may do it one form with the
//! questions that the drawing asks. The one to be done first stands open, the others are folded.

use wuchuang_bpmn::{QuestionKind, TaskQuestion};
use wuchuang_kernel::{Personal, china_date};
use wuchuang_webkit::{Caller, Failure, Resource, markup::Choice};

use super::{deeds::Deed, texts, typed::Typed};
use crate::{
    colleagues::colleague,
    model::{AwaitedKind, Case, CaseCommand, DrawnProcess, OpenTask, drawn::return_targets},
    rooms::{CaseRooms, taker},
    store::Taker,
};

/// A question as the form asks it.
pub(super) struct Asked {
    /// The field's name.
    pub(super) field: String,
    pub(super) label: String,
    /// `text`, `number` or `choice`.
    pub(super) kind: &'static str,
    pub(super) choices: Vec<Choice>,
    pub(super) is_required: bool,
}

/// An open task with what may be done to it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each deed is offered or not, independently of the others"
)]
pub(super) struct TaskOffer {
    /// The first part of the names of its deeds: `task12`.
    pub(super) deed: String,
    pub(super) name: String,
    /// In whose hand it is, or who may take it.
    pub(super) who: String,
    pub(super) since: String,
    /// Whether several people do it (会签).
    pub(super) is_countersign: bool,
    pub(super) is_next: bool,
    pub(super) complete: bool,
    pub(super) claim: bool,
    pub(super) release: bool,
    pub(super) reassign: bool,
    pub(super) questions: Vec<Asked>,
    /// Where it may be sent back to.
    pub(super) targets: Vec<Choice>,
}

/// What is waited for from outside, with the deed that says it is there.
pub(super) struct AwaitedOffer {
    /// The first part of the name of its deed: `awaited12`.
    pub(super) deed: String,
    pub(super) name: String,
    pub(super) since: String,
    /// Whether another system does it, which may fail.
    pub(super) is_service: bool,
    /// Whether the visitor may say that it is there.
    pub(super) may_answer: bool,
}

/// What a page shows of a case in a drawn process.
#[derive(Default)]
pub(super) struct Drawn {
    pub(super) tasks: Vec<TaskOffer>,
    /// What is waited for from outside.
    pub(super) awaited: Vec<AwaitedOffer>,
    /// Why the process cannot go on by itself.
    pub(super) stuck: Vec<String>,
    /// Where the decision, or what is stuck, may be sent back to; `None` for a case without a drawn process.
    pub(super) targets: Option<Vec<Choice>>,
}

/// The open tasks of a case; nothing for one without a drawn process.
pub(super) async fn drawn(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &Case,
    resource: &Resource,
) -> Result<Drawn, Failure> {
    let Some(position) = case.drawn() else {
        return Ok(Drawn::default());
    };
    let Some(process) = rooms.cases.process_of(caller.region, case).await? else {
        return Ok(Drawn::default());
    };
    let visitor = Visiting {
        taker: caller.visitor.staff().map(taker),
        may_review: caller.may("case_review", resource) && !case.is_stopped(),
        may_claim: caller.may("case_claim", resource),
        may_reassign: caller.may("case_reassign", resource),
    };
    let mut tasks = Vec::with_capacity(position.tasks.len());
    for task in &position.tasks {
        let mut offer = offer(rooms, caller, (case, task), &visitor).await?;
        if offer.complete {
            offer.questions = asked(&offer.deed, process.process().questions(&task.element));
            offer.targets = choices(case, &process, Some(task));
        }
        tasks.push(offer);
    }
    // What is in the visitor's hand goes before what is free.
    let next = tasks
        .iter()
        .position(|task| task.complete && task.release)
        .or_else(|| tasks.iter().position(|task| task.complete));
    if let Some(next) = next.and_then(|next| tasks.get_mut(next)) {
        next.is_next = true;
    }
    let is_to_send_back = position.is_over || !position.stuck.is_empty();
    let today = china_date(caller.now);
    let awaited = position.awaited.iter().map(|awaited| AwaitedOffer {
        deed: format!("awaited{}", awaited.number),
        name: awaited.name.clone(),
        since: texts::moment(awaited.since, today),
        is_service: awaited.kind == AwaitedKind::Service,
        may_answer: visitor.may_review,
    });
    Ok(Drawn {
        awaited: awaited.collect(),
        tasks,
        stuck: position
            .stuck
            .iter()
            .map(|place| place.text.clone())
            .collect(),
        targets: Some(if is_to_send_back && visitor.may_review {
            choices(case, &process, None)
        } else {
            Vec::new()
        }),
    })
}

/// Who looks, and what they may.
struct Visiting {
    taker: Option<Taker>,
    may_review: bool,
    may_claim: bool,
    may_reassign: bool,
}

async fn offer(
    rooms: &CaseRooms,
    caller: &Caller,
    (case, task): (&Case, &OpenTask),
    visitor: &Visiting,
) -> Result<TaskOffer, Failure> {
    let is_mine = task.holder.is_some() && task.holder == caller.visitor.person();
    let is_free = task.holder.is_none();
    let taker = visitor.taker.as_ref();
    let fits = taker.is_some_and(|taker| taker.fits(case.organisation, task));
    let who = match task.holder {
        Some(_) if is_mine => "在我手里".to_owned(),
        Some(holder) => {
            let name = rooms.directory.staff_name(caller.region, holder).await?;
            format!("在{name}手里")
        }
        None if task.candidates.is_empty() => "组内".to_owned(),
        None => {
            let called = rooms.called(caller.region, &task.candidates).await?;
            format!("由{called}办理")
        }
    };
    Ok(TaskOffer {
        deed: format!("task{}", task.task),
        name: task.name.clone(),
        who,
        since: texts::moment(task.since, china_date(caller.now)),
        is_countersign: task.is_countersign,
        is_next: false,
        complete: visitor.may_review && (is_mine || (is_free && fits)),
        claim: visitor.may_claim && is_free && fits,
        release: is_mine,
        reassign: visitor.may_reassign,
        questions: Vec::new(),
        targets: Vec::new(),
    })
}

fn choices(case: &Case, process: &DrawnProcess, from: Option<&OpenTask>) -> Vec<Choice> {
    let targets = return_targets(case, process, from).into_iter();
    targets
        .map(|element| Choice::new(element.as_str(), case.name_of_step(element.as_str())))
        .collect()
}

pub(super) fn asked(deed: &str, questions: &[TaskQuestion]) -> Vec<Asked> {
    let questions = questions.iter();
    questions
        .map(|question| {
            let (kind, choices) = match &question.kind {
                QuestionKind::Text => ("text", Vec::new()),
                QuestionKind::Number => ("number", Vec::new()),
                QuestionKind::YesNo => (
                    "choice",
                    vec![Choice::new("true", "是"), Choice::new("false", "否")],
                ),
                QuestionKind::Choice(choices) => (
                    "choice",
                    choices
                        .iter()
                        .map(|(value, word)| Choice::new(value.as_ref(), word.as_ref()))
                        .collect(),
                ),
            };
            Asked {
                field: format!("{deed}-complete-answer_{}", question.id),
                label: question.label.to_string(),
                kind,
                choices,
                is_required: question.is_required,
            }
        })
        .collect()
}

/// A deed to one task: its name is the task's number and the verb, so that each form of the page has its own fields. `None` for
/// any other deed.
pub(super) async fn read(
    rooms: &CaseRooms,
    caller: &Caller,
    deed: &str,
    case: &Case,
    typed: &Typed,
) -> Result<Option<Deed>, Failure> {
    if let Some(number) = awaited_of(deed) {
        return Ok(Some(("case_review", answered(case, number, typed))));
    }
    let Some((number, verb)) = deed
        .strip_prefix("task")
        .and_then(|rest| rest.split_once('-'))
    else {
        return Ok(None);
    };
    // The number alone, so that the same form sent twice is the same command, whether the task is still there or not.
    let task = format!("~{number}");
    let own = |name: &str| Personal::new(case.applicant.person, typed.text(name));
    let (action, command) = match verb {
        "complete" => {
            let answers = typed.beginning("answer_");
            let answers = answers.map(|(name, value)| (name.to_owned(), value.into()));
            let answers = serde_json::Value::Object(answers.collect());
            let command = CaseCommand::CompleteTask {
                task: task.clone(),
                opinion: own("opinion"),
                answers: Personal::new(case.applicant.person, answers),
                agrees: typed.text("disagrees").is_empty(),
            };
            ("case_review", command)
        }
        "return" => {
            let command = CaseCommand::ReturnTask {
                task: Some(task.clone()),
                to: typed.text("step"),
                reason: own("reason"),
            };
            ("case_review", command)
        }
        "claim" => ("case_claim", CaseCommand::ClaimTask { task: task.clone() }),
        "release" => {
            let task = task.clone();
            return Ok(Some(("case_claim", CaseCommand::ReleaseTask { task })));
        }
        "reassign" => {
            let to = colleague(rooms, caller, case, &typed.text("person")).await?;
            let reason = own("reason");
            let command = CaseCommand::ReassignTask { task, to, reason };
            return Ok(Some(("case_reassign", command)));
        }
        _ => return Err(Failure::not_found()),
    };
    rooms.require_task(caller, case, &task)?;
    Ok(Some((action, command)))
}

/// The number in the deed `awaited12-answer`.
fn awaited_of(deed: &str) -> Option<&str> {
    deed.strip_prefix("awaited")?.strip_suffix("-answer")
}

/// What was waited for is there: what came in, and its result for the process in the variable `result`.
fn answered(case: &Case, number: &str, typed: &Typed) -> CaseCommand {
    let result = typed.text("result");
    let values = match result.trim() {
        "" => serde_json::Map::new(),
        result => serde_json::Map::from_iter([("result".to_owned(), result.into())]),
    };
    CaseCommand::Answer {
        awaited: format!("~{number}"),
        note: Personal::new(case.applicant.person, typed.text("note")),
        answers: Personal::new(case.applicant.person, values.into()),
        failed: !typed.text("failed").is_empty(),
    }
}

/// Whether a visitor may take a case as a whole: in a drawn process the one task that is free must be meant for them. Whether
/// there is only one, the rules say.
///
/// # Errors
/// 403 when the drawing means somebody else with it.
pub(crate) fn require_claim(caller: &Caller, case: &Case) -> Result<(), Failure> {
    let taker = caller.visitor.staff().map(taker);
    let fits = |task: &OpenTask| {
        let taker = taker.as_ref();
        taker.is_some_and(|taker| taker.fits(case.organisation, task))
    };
    let mut free = case.open_tasks().iter();
    let is_anothers = free.any(|task| task.holder.is_none() && !fits(task));
    if is_anothers {
        Err(Failure::forbidden("case_claim"))
    } else {
        Ok(())
    }
}
