//! A finding entered by hand: by a supervisor after an inspection or a complaint, or by somebody about an own mistake.

use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use wuchuang_webkit::{
    Caller, Failure,
    forms::{ChoiceGroup, FieldErrors},
    markup::Choice,
    page::PageContext,
};

use super::{
    Sent, Ticks, again, finding::conditions, html, kinds::choices, list::organisations, refusal,
};
use crate::{
    deeds::{
        self, TypedLeniency,
        entering::{TypedFinding, enter, report},
    },
    model::{finding::FindingRule, kinds::Layer},
    service::Oversight,
};

#[derive(Template)]
#[template(path = "oversight/enter.html")]
struct EnterPage<'a> {
    page: &'a PageContext,
    is_own: bool,
    path: &'static str,
    sources: Vec<Choice>,
    kinds: Vec<ChoiceGroup>,
    organisations: Vec<Choice>,
    conditions: Ticks,
    sent: &'a Sent,
    errors: &'a FieldErrors,
}

async fn show(
    oversight: &Oversight,
    caller: &Caller,
    is_own: bool,
    (sent, errors): (&Sent, &FieldErrors),
) -> Result<Html<String>, Failure> {
    let kinds = oversight.kinds(caller.region).await?;
    let title = if is_own {
        "主动报告差错"
    } else {
        "登记线索"
    };
    let page = caller
        .page
        .clone()
        .titled(title)
        .under("监察线索", "/staff/oversight")
        .with_errors(!errors.is_empty());
    html(&EnterPage {
        page: &page,
        is_own,
        path: if is_own {
            "/staff/oversight/report"
        } else {
            "/staff/oversight/new"
        },
        sources: FindingRule::BY_HAND
            .map(|rule| Choice::new(rule.code(), rule.name()))
            .to_vec(),
        // Whoever reports about themselves chooses among the kinds of people, not of departments.
        kinds: choices(&kinds, |kind| {
            kind.is_used && !(is_own && kind.layer == Layer::Department)
        }),
        organisations: if is_own {
            Vec::new()
        } else {
            organisations(oversight, caller).await?
        },
        conditions: sent.ticks("conditions", conditions()),
        sent,
        errors,
    })
}

async fn empty(
    oversight: &Oversight,
    caller: &Caller,
    is_own: bool,
) -> Result<Html<String>, Failure> {
    let sent = Sent::default().with("happened_on", deeds::today(caller));
    show(oversight, caller, is_own, (&sent, &FieldErrors::new())).await
}

pub(super) async fn by_hand(
    State(oversight): State<Oversight>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    empty(&oversight, &caller, false).await
}

pub(super) async fn own(
    State(oversight): State<Oversight>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    empty(&oversight, &caller, true).await
}

async fn send(
    oversight: &Oversight,
    caller: &Caller,
    is_own: bool,
    sent: &Sent,
) -> Result<Response, Failure> {
    let conditions = sent.all("conditions");
    let typed = TypedFinding {
        rule: sent.value("rule"),
        kind: sent.value("kind"),
        organisation: sent.value("organisation"),
        account: sent.value("account"),
        case_number: sent.value("case_number"),
        happened_on: sent.value("happened_on"),
        facts: sent.value("facts"),
        leniency: TypedLeniency {
            is_asked: is_own && sent.value("lenient") == "true",
            conditions: &conditions,
            reason: sent.value("leniency_reason"),
        },
    };
    let done = if is_own {
        report(oversight, caller, &typed, sent.key()).await
    } else {
        enter(oversight, caller, &typed, sent.key()).await
    };
    match done {
        Ok((id, _)) => Ok(Redirect::to(&format!("/staff/oversight/findings/{id}")).into_response()),
        Err(failure) => {
            let errors = refusal(failure, "facts")?;
            show(oversight, caller, is_own, (sent, &errors))
                .await
                .map(again)
        }
    }
}

pub(super) async fn send_by_hand(
    State(oversight): State<Oversight>,
    caller: Caller,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    send(&oversight, &caller, false, &Sent(fields)).await
}

pub(super) async fn send_own(
    State(oversight): State<Oversight>,
    caller: Caller,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    send(&oversight, &caller, true, &Sent(fields)).await
}
