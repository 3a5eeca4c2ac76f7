//! A department in the hall: its items, its six marks, its chief representative, the facts of 三集中.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use wuchuang_access::Organisation;
use wuchuang_kernel::china_date;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, markup::Choice, page::PageContext};

use super::{Sent, Ticks, again, entries::told, html, refusal};
use crate::{
    deeds::entries::{TypedHall, department, of_department, write},
    marks::Mark,
    model::hall::{Authorisation, AuthorityScope, Concentration},
    service::Oversight,
};

struct ItemLine {
    path: String,
    name: String,
    mark: &'static str,
    place: String,
    day: String,
    document: String,
}

struct AuthorityLine {
    person: String,
    name: String,
    scope: String,
    days: String,
    document: String,
    is_in_force: bool,
    /// Still decides there.
    is_in_post: bool,
}

struct FactLine {
    code: &'static str,
    name: &'static str,
    told: String,
}

#[derive(Template)]
#[template(path = "oversight/department.html")]
struct DepartmentPage<'a> {
    page: &'a PageContext,
    path: String,
    name: &'a str,
    marks: Vec<Mark>,
    items: Vec<ItemLine>,
    authorities: Vec<AuthorityLine>,
    facts: Vec<FactLine>,
    may_edit: bool,
    people: Vec<Choice>,
    scopes: Ticks,
    unrecorded: Vec<Choice>,
    sent: &'a Sent,
    errors: &'a FieldErrors,
}

async fn authorities(
    oversight: &Oversight,
    caller: &Caller,
    all: &[Authorisation],
    approvers: &[Choice],
) -> Result<Vec<AuthorityLine>, Failure> {
    let today = china_date(caller.now);
    let mut lines = Vec::new();
    for one in all.iter().rev() {
        let name = oversight
            .directory
            .staff_name(caller.region, one.person)
            .await?;
        let person = one.person.to_string();
        let scope: Vec<&str> = one.scope.iter().map(|scope| scope.name()).collect();
        let until = one.until.map_or_else(String::new, |day| day.to_string());
        lines.push(AuthorityLine {
            is_in_post: approvers.iter().any(|choice| choice.value == person),
            person,
            name: name.to_string(),
            scope: scope.join("、"),
            days: format!(
                "{} 至 {}",
                one.from,
                if until.is_empty() {
                    "另行通知"
                } else {
                    &until
                }
            ),
            document: one.document.clone(),
            is_in_force: one.is_in_force(today),
        });
    }
    Ok(lines)
}

fn items(
    oversight: &Oversight,
    caller: &Caller,
    organisation: &Organisation,
    entries: &std::collections::HashMap<wuchuang_kernel::ItemId, crate::model::entry::EntryState>,
) -> Vec<ItemLine> {
    let today = china_date(caller.now);
    let own = oversight
        .items(today)
        .remove(&organisation.id)
        .unwrap_or_default();
    own.into_iter()
        .map(|item| {
            let told = told(entries, item.id, today);
            ItemLine {
                path: format!("/staff/items/{}/entry", item.id),
                name: item.content.name.clone(),
                mark: told.mark.name(),
                place: told.place,
                day: told.day,
                document: told.document,
            }
        })
        .collect()
}

async fn show(
    oversight: &Oversight,
    caller: &Caller,
    organisation: &Organisation,
    (sent, errors): (&Sent, &FieldErrors),
) -> Result<Html<String>, Failure> {
    let whose = of_department(organisation.id);
    caller.require("entry_read", &whose)?;
    let today = china_date(caller.now);
    let hall = oversight.hall(caller.region, organisation.id).await?;
    let people = oversight.approvers(caller.region, organisation.id).await?;
    let people: Vec<Choice> = people
        .into_iter()
        .map(|(person, name)| Choice::new(person.to_string(), name))
        .collect();
    let only = Some(organisation.id);
    let line = oversight.departments(caller.region, only, today).await?;
    let entries = oversight.entries(caller.region).await?;
    let page = caller
        .page
        .clone()
        .titled(&organisation.name)
        .under("进驻和授权", "/staff/entries")
        .with_errors(!errors.is_empty());
    let recorded = |what: &Concentration| hall.fact(*what).is_some();
    html(&DepartmentPage {
        page: &page,
        path: format!("/staff/entries/{}", organisation.id),
        name: &organisation.name,
        marks: line
            .into_iter()
            .next()
            .map(|line| line.marks)
            .unwrap_or_default(),
        items: items(oversight, caller, organisation, &entries),
        authorities: authorities(oversight, caller, &hall.authorisations, &people).await?,
        facts: hall
            .facts
            .iter()
            .map(|fact| FactLine {
                code: fact.what.code(),
                name: fact.what.name(),
                told: format!("{} 起，{}", fact.from, fact.document),
            })
            .collect(),
        may_edit: caller.may("entry_edit", &whose),
        people,
        scopes: sent.ticks(
            "scope",
            AuthorityScope::ALL
                .map(|scope| Choice::new(scope.code(), scope.name()))
                .to_vec(),
        ),
        unrecorded: Concentration::ALL
            .iter()
            .filter(|what| !recorded(what))
            .map(|what| Choice::new(what.code(), what.name()))
            .collect(),
        sent,
        errors,
    })
}

pub(super) async fn page(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(organisation): Path<String>,
) -> Result<Html<String>, Failure> {
    let organisation = department(&oversight, &caller, &organisation).await?;
    let sent = Sent::default();
    let nothing = FieldErrors::new();
    show(&oversight, &caller, &organisation, (&sent, &nothing)).await
}

/// Two forms stand on the page; `form` tells whose fields are at fault.
async fn written(
    oversight: &Oversight,
    caller: &Caller,
    organisation: &str,
    (typed, sent): (&TypedHall<'_>, &Sent),
    (form, otherwise): (&str, &str),
) -> Result<Response, Failure> {
    let organisation = department(oversight, caller, organisation).await?;
    let done = write(oversight, caller, organisation.id, typed, sent.key()).await;
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/staff/entries/{}", organisation.id)).into_response()),
        Err(mut failure) => {
            let field = failure.field.as_deref().unwrap_or(otherwise);
            failure.field = Some(format!("{form}{field}").into());
            let errors = refusal(failure, otherwise)?;
            show(oversight, caller, &organisation, (sent, &errors))
                .await
                .map(again)
        }
    }
}

pub(super) async fn authorise(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(organisation): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let sent = Sent(fields);
    let scope = sent.all("scope");
    let typed = TypedHall::Authorise {
        person: sent.value("person"),
        scope: &scope,
        from: sent.value("from"),
        until: sent.value("until"),
        document: sent.value("document"),
    };
    let place = ("", "person");
    written(&oversight, &caller, &organisation, (&typed, &sent), place).await
}

pub(super) async fn end(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(organisation): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let sent = Sent(fields);
    let typed = TypedHall::End {
        person: sent.value("end_person"),
        last_day: sent.value("end_last_day"),
        reason: sent.value("end_reason"),
    };
    let place = ("end_", "person");
    written(&oversight, &caller, &organisation, (&typed, &sent), place).await
}

pub(super) async fn record(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(organisation): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let sent = Sent(fields);
    let typed = TypedHall::Record {
        what: sent.value("fact_what"),
        from: sent.value("fact_from"),
        document: sent.value("fact_document"),
    };
    let place = ("fact_", "what");
    written(&oversight, &caller, &organisation, (&typed, &sent), place).await
}

pub(super) async fn withdraw(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(organisation): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let sent = Sent(fields);
    let typed = TypedHall::Withdraw {
        what: sent.value("withdraw_what"),
        reason: sent.value("withdraw_reason"),
    };
    let place = ("withdraw_", "reason");
    written(&oversight, &caller, &organisation, (&typed, &sent), place).await
}
