//! 一起办理: several findings are ticked in the list and passed on, or decided, with one reason; what became of each is told
//! line by line.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use wuchuang_kernel::FindingId;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext};

use super::{
    Sent, again, html,
    list::{self, Asked},
    refusal,
};
use crate::{
    deeds::{
        TypedDecision,
        many::{Deed, Outcome, many},
    },
    service::Oversight,
};

struct Line {
    path: String,
    about: String,
    refused: String,
}

impl From<Outcome> for Line {
    fn from(outcome: Outcome) -> Self {
        Self {
            path: format!("/staff/oversight/findings/{}", outcome.finding),
            about: if outcome.about.is_empty() {
                "监察线索".to_owned()
            } else {
                outcome.about
            },
            refused: outcome.refused.unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "oversight/many.html")]
struct ManyPage<'a> {
    page: &'a PageContext,
    done: usize,
    lines: Vec<Line>,
}

pub(super) async fn send(
    State(oversight): State<Oversight>,
    caller: Caller,
    Query(asked): Query<Asked>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let sent = Sent(pairs);
    let ticked = sent.all("finding");
    let named: Vec<FindingId> = ticked.iter().filter_map(|id| id.parse().ok()).collect();
    let deed = match sent.value("deed") {
        "notify" => Deed::Notify(sent.value("days")),
        "decide" => Deed::Decide(TypedDecision {
            verdict: sent.value("verdict"),
            measure: sent.value("measure"),
            rectify_by: sent.value("rectify_by"),
            reason: sent.value("reason"),
        }),
        _ => {
            let mut errors = FieldErrors::new();
            errors.add("deed", "请选择怎样办理勾选的线索。");
            let page = list::show(&oversight, &caller, &asked, (&sent, &errors)).await?;
            return Ok(again(page));
        }
    };
    match many(&oversight, &caller, &named, &deed, sent.key()).await {
        Ok(outcomes) => {
            let done = outcomes.iter().filter(|one| one.refused.is_none()).count();
            let page = caller
                .page
                .clone()
                .titled("一起办理的结果")
                .under("监察线索", "/staff/oversight");
            let page = ManyPage {
                page: &page,
                done,
                lines: outcomes.into_iter().map(Line::from).collect(),
            };
            Ok(html(&page)?.into_response())
        }
        Err(failure) => {
            let errors = refusal(failure, "deed")?;
            let page = list::show(&oversight, &caller, &asked, (&sent, &errors)).await?;
            Ok(again(page))
        }
    }
}
