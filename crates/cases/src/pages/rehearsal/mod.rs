//! 试走: a made-up case goes through an item's drawn process before it is published. The officer plays everybody: finishes tasks
//! with chosen answers, lets time pass, sends back. What was chosen travels in the form and is played again each time;
//! nothing is written, and nobody is told.

mod view;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde_json::{Map, Value};
use wuchuang_bpmn::{ElementId, Marks};
use wuchuang_catalogue::{
    model::{ItemContent, ServiceItem, drawn::DrawingProblem},
    process_picture,
};
use wuchuang_kernel::{ItemId, Rejection};
use wuchuang_webkit::{
    Caller, Failure,
    forms::{FieldErrors, Form as ItemForm, NoLists},
    markup::Choice,
    page::PageContext,
};

use super::render;
use crate::{
    model::{
        ApplicantKind, DrawnProcess,
        drawn::rehearsal::{Move, Rehearsal, Script, rehearse},
    },
    rooms::CaseRooms,
};
use view::{
    AwaitedView, DecisionView, Names, Played, StuckView, TaskView, TimerView, awaited, decisions,
    played, stuck, tasks, timers,
};

/// How long a carried script may be, in bytes.
const SCRIPT_BYTES_MAX: usize = 128 * 1024;

#[derive(Template)]
#[template(path = "cases/rehearsal.html")]
struct RehearsalPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    path: String,
    item_path: String,
    /// What is wrong with the drawing; then there is nothing to play.
    problems: Vec<String>,
    /// The application form with what was typed, before the beginning.
    form: Option<String>,
    applicants: Vec<Choice>,
    script: String,
    /// The script without its last move.
    before: String,
    picture: String,
    tasks: Vec<TaskView>,
    decisions: Vec<DecisionView>,
    awaited: Vec<AwaitedView>,
    timers: Vec<TimerView>,
    stuck: Vec<StuckView>,
    is_over: bool,
    reopen: Vec<Choice>,
    played: Vec<Played>,
    typed: &'a [(String, String)],
}

impl RehearsalPage<'_> {
    fn was(&self, field: impl AsRef<str>) -> &str {
        let mut typed = self.typed.iter();
        typed
            .find(|(name, _)| name == field.as_ref())
            .map_or("", |(_, value)| value)
    }
}

pub(super) async fn show(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    let played = Sent::default();
    answer(&rooms, &caller, &item, &played).await
}

pub(super) async fn play(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    answer(&rooms, &caller, &item, &Sent { pairs }).await
}

/// What the form sent.
#[derive(Default)]
struct Sent {
    pairs: Vec<(String, String)>,
}

impl Sent {
    fn one(&self, name: &str) -> &str {
        let mut pairs = self.pairs.iter();
        pairs
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.one(name).parse().ok()
    }

    /// The move that was chosen with this form.
    fn chosen(&self) -> Option<Move> {
        match self.one("deed") {
            "complete" => {
                let task = self.number("task")?;
                let prefix = format!("{}-complete-answer_", deed_of(task));
                let answers = self.pairs.iter().filter_map(|(name, value)| {
                    let name = name.strip_prefix(&prefix)?;
                    Some((name.to_owned(), Value::String(value.clone())))
                });
                Some(Move::Complete {
                    task,
                    answers: answers.collect(),
                })
            }
            "decide" => Some(Move::Decide {
                task: self.number("task")?,
                variables: self.one("variables").lines().filter_map(variable).collect(),
            }),
            "answer" => Some(Move::Answer {
                awaited: self.number("awaited")?,
                variables: self.one("variables").lines().filter_map(variable).collect(),
                failed: !self.one("failed").is_empty(),
            }),
            "fire" => Some(Move::Fire {
                timer: self.number("timer")?,
            }),
            "return" => Some(Move::Return {
                task: self.number("task"),
                to: ElementId::from(self.one("to")),
            }),
            _ => None,
        }
    }
}

/// One line of what a decision gives: `result = 同意`, `days = 5`, `is_fit = true`.
fn variable(line: &str) -> Option<(String, Value)> {
    let (name, value) = line.split_once('=')?;
    let (name, value) = (name.trim(), value.trim().trim_matches('"'));
    let value = match (value, value.parse::<i64>()) {
        ("true", _) => Value::Bool(true),
        ("false", _) => Value::Bool(false),
        (_, Ok(number)) => Value::from(number),
        _ => Value::String(value.to_owned()),
    };
    (!name.is_empty()).then(|| (name.to_owned(), value))
}

fn deed_of(task: u32) -> String {
    format!("task{task}")
}

fn broken() -> Failure {
    Failure::invalid("试走的记录看不懂，可能页面太旧。请从头再来。")
}

async fn answer(
    rooms: &CaseRooms,
    caller: &Caller,
    item: &str,
    sent: &Sent,
) -> Result<Response, Failure> {
    let id: ItemId = item.parse().map_err(|_| Failure::not_found())?;
    let ledger = rooms.cases.ledger();
    let loaded = ledger.load::<ServiceItem>(caller.region, id.into()).await?;
    let (_, state) = loaded.ok_or_else(Failure::not_found)?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    let page = caller
        .page
        .clone()
        .titled("试走流程图")
        .under("事项库", "/staff/items")
        .under(&content.name, format!("/staff/items/{id}"));
    let mut errors = FieldErrors::new();
    let (status, html) = match DrawnProcess::read(&content.drawn_process) {
        _ if content.drawn_process.is_empty() => {
            let nothing = blank(&page, &errors, id, &sent.pairs);
            (StatusCode::OK, render(&nothing)?)
        }
        Err(problems) => {
            let problems = problems.iter().map(DrawingProblem::public).collect();
            let mut blank = blank(&page, &errors, id, &sent.pairs);
            blank.problems = problems;
            (StatusCode::OK, render(&blank)?)
        }
        Ok(drawn) => playing(&page, (id, content), &drawn, sent, &mut errors)?,
    };
    Ok((status, html).into_response())
}

/// The page of a process that can be played.
fn playing(
    page: &PageContext,
    (id, content): (ItemId, &ItemContent),
    drawn: &DrawnProcess,
    sent: &Sent,
    errors: &mut FieldErrors,
) -> Result<(StatusCode, Html<String>), Failure> {
    let form = ItemForm::parse(&content.form_text()).ok();
    let Some((mut script, chosen)) = script(page, form.as_ref(), sent)? else {
        let mut blank = blank(page, errors, id, &sent.pairs);
        blank.form = Some(asked_of_applicant(page, form.as_ref(), &sent.pairs)?);
        blank.picture = picture(page, content, &Marks::default())?;
        return Ok((StatusCode::OK, render(&blank)?));
    };
    let task = match &chosen {
        Some(Move::Complete { task, .. }) => Some(*task),
        _ => None,
    };
    script.moves.extend(chosen);
    let (seen, refusal) = rehearse(drawn, &script).map_err(Failure::from)?;
    let mut status = StatusCode::OK;
    if let Some(refusal) = refusal {
        errors.add(field_of(&refusal, task), refusal.public.into_owned());
        script.moves.pop();
        status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    let page = page.clone().with_errors(!errors.is_empty());
    let marks = marks(&seen);
    let names = Names(drawn);
    let html = render(&RehearsalPage {
        script: text_of(&script)?,
        before: match script.moves.split_last() {
            Some((_, earlier)) => text_of(&Script {
                moves: earlier.to_vec(),
                ..script.clone()
            })?,
            None => String::new(),
        },
        picture: picture(&page, content, &marks)?,
        tasks: tasks(drawn, &seen),
        decisions: decisions(&names, &seen),
        awaited: awaited(&seen),
        timers: timers(&names, &seen),
        stuck: stuck(&names, &seen),
        is_over: seen.is_over,
        reopen: names.choices(&seen.reopen),
        played: played(&names, &script, &seen),
        ..blank(&page, errors, id, &sent.pairs)
    })?;
    Ok((status, html))
}

fn blank<'a>(
    page: &'a PageContext,
    errors: &'a FieldErrors,
    id: ItemId,
    typed: &'a [(String, String)],
) -> RehearsalPage<'a> {
    RehearsalPage {
        page,
        errors,
        path: format!("/staff/items/{id}/process/run"),
        item_path: format!("/staff/items/{id}"),
        problems: Vec::new(),
        form: None,
        applicants: vec![
            Choice::new("person", "个人"),
            Choice::new("organisation", "单位"),
        ],
        script: String::new(),
        before: String::new(),
        picture: String::new(),
        tasks: Vec::new(),
        decisions: Vec::new(),
        awaited: Vec::new(),
        timers: Vec::new(),
        stuck: Vec::new(),
        is_over: false,
        reopen: Vec::new(),
        played: Vec::new(),
        typed,
    }
}

/// The script that was carried, or the one that begins now, with the move that was chosen; `None` before the beginning.
fn script(
    page: &PageContext,
    form: Option<&ItemForm>,
    sent: &Sent,
) -> Result<Option<(Script, Option<Move>)>, Failure> {
    let carried = sent.one("script");
    if !carried.is_empty() {
        if carried.len() > SCRIPT_BYTES_MAX {
            return Err(broken());
        }
        let script = serde_json::from_str(carried).map_err(|_| broken())?;
        return Ok(Some((script, sent.chosen())));
    }
    if sent.one("deed") != "begin" {
        return Ok(None);
    }
    // Nothing is required of a made-up applicant: what is not answered is not known to the process.
    let answers = form.map_or_else(Map::new, |form| {
        form.read(&sent.pairs, &NoLists, &page.translator).values
    });
    let script = Script {
        answers,
        applicant: match sent.one("applicant") {
            "organisation" => ApplicantKind::Organisation,
            _ => ApplicantKind::Person,
        },
        priority: !sent.one("priority").is_empty(),
        moves: Vec::new(),
    };
    Ok(Some((script, None)))
}

fn asked_of_applicant(
    page: &PageContext,
    form: Option<&ItemForm>,
    typed: &[(String, String)],
) -> Result<String, Failure> {
    let Some(form) = form else {
        return Ok(String::new());
    };
    // A row was added to a table, or taken out: what was typed stays.
    let read = form.read(typed, &NoLists, &page.translator);
    let errors = if read.is_rows_changed {
        read.errors
    } else {
        FieldErrors::new()
    };
    form.render_all(page, &read.values, &errors, &NoLists)
        .map_err(Failure::internal)
}

fn text_of(script: &Script) -> Result<String, Failure> {
    serde_json::to_string(script).map_err(Failure::internal)
}

fn field_of(refusal: &Rejection, task: Option<u32>) -> String {
    match (refusal.field.as_deref(), task) {
        (Some(field), Some(task)) => format!("{}-complete-{field}", deed_of(task)),
        _ => "deed".to_owned(),
    }
}

fn picture(page: &PageContext, content: &ItemContent, marks: &Marks) -> Result<String, Failure> {
    process_picture(page, &content.drawn_process, marks).map(Option::unwrap_or_default)
}

fn marks(seen: &Rehearsal) -> Marks {
    let open = seen.tasks.iter().map(|open| open.task.element.clone());
    let stuck = seen.stuck.iter().map(|(_, element, ..)| element.clone());
    Marks {
        open: open.chain(stuck).collect(),
        done: seen.done.iter().cloned().collect(),
    }
}
