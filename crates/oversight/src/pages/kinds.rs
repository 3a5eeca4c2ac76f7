//! 问题种类: the table of violations as the county has it, and how it is changed.

use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use wuchuang_kernel::china_time;
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::{ChoiceGroup, FieldErrors},
    markup::Choice,
    page::PageContext,
};

use super::{Sent, again, html, refusal};
use crate::{
    deeds,
    model::kinds::{Kinds, Layer, ViolationKind},
    service::Oversight,
};

struct Group {
    layer: &'static str,
    kinds: Vec<ViolationKind>,
}

struct Line {
    what: String,
    at: String,
    who: String,
}

#[derive(Template)]
#[template(path = "oversight/kinds.html")]
struct KindsPage<'a> {
    page: &'a PageContext,
    groups: Vec<Group>,
    may_edit: bool,
    choices: Vec<ChoiceGroup>,
    uses: Vec<Choice>,
    changes: Vec<Line>,
    sent: &'a Sent,
    errors: &'a FieldErrors,
}

fn of(kinds: &Kinds, layer: Layer) -> impl Iterator<Item = ViolationKind> + '_ {
    kinds.all().filter(move |kind| kind.layer == layer)
}

/// The kinds as a list with a group for each layer.
pub(super) fn choices(kinds: &Kinds, wanted: impl Fn(&ViolationKind) -> bool) -> Vec<ChoiceGroup> {
    let groups = Layer::ALL.into_iter().map(|layer| ChoiceGroup {
        label: layer.name().to_owned(),
        choices: of(kinds, layer)
            .filter(|kind| wanted(kind))
            .map(|kind| {
                let label = format!("{} {}", kind.number, kind.name);
                Choice::new(kind.number.to_string(), label)
            })
            .collect(),
    });
    groups.filter(|group| !group.choices.is_empty()).collect()
}

async fn changes(
    oversight: &Oversight,
    caller: &Caller,
    kinds: &Kinds,
) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for one in kinds.changes.iter().rev() {
        let who = oversight
            .directory
            .actor_name(caller.region, &one.by)
            .await?;
        let change = &one.change;
        let used = if change.is_used { "" } else { "，不用" };
        lines.push(Line {
            what: format!(
                "第{}种“{}”{used}：{}",
                change.number, change.name, change.reason
            ),
            at: china_time(one.at).strftime("%Y-%m-%d %H:%M").to_string(),
            who: who.unwrap_or_else(|| "系统".to_owned()),
        });
    }
    Ok(lines)
}

async fn show(
    oversight: &Oversight,
    caller: &Caller,
    (sent, errors): (&Sent, &FieldErrors),
) -> Result<Html<String>, Failure> {
    let kinds = oversight.kinds(caller.region).await?;
    let page = caller
        .page
        .clone()
        .titled("问题种类")
        .under("监察线索", "/staff/oversight")
        .with_errors(!errors.is_empty());
    html(&KindsPage {
        page: &page,
        groups: Layer::ALL
            .into_iter()
            .map(|layer| Group {
                layer: layer.name(),
                kinds: of(&kinds, layer).collect(),
            })
            .collect(),
        may_edit: caller.may("finding_kinds_edit", &Resource::default()),
        choices: choices(&kinds, |_| true),
        uses: vec![Choice::new("true", "在用"), Choice::new("false", "不用")],
        changes: changes(oversight, caller, &kinds).await?,
        sent,
        errors,
    })
}

pub(super) async fn page(
    State(oversight): State<Oversight>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    show(&oversight, &caller, (&Sent::default(), &FieldErrors::new())).await
}

pub(super) async fn send(
    State(oversight): State<Oversight>,
    caller: Caller,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let sent = Sent(pairs);
    let typed = deeds::kinds::TypedKind {
        number: sent.value("number"),
        name: sent.value("name"),
        is_used: match sent.value("is_used") {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        reason: sent.value("reason"),
    };
    match deeds::kinds::change(&oversight, &caller, &typed, sent.key()).await {
        Ok(_) => Ok(Redirect::to("/staff/oversight/kinds").into_response()),
        Err(failure) => {
            let errors = refusal(failure, "name")?;
            Ok(again(show(&oversight, &caller, (&sent, &errors)).await?))
        }
    }
}
