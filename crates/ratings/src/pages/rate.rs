//! Rating by link: first the grade, then the labels of that grade, then thanks. Two steps, because the
//! labels depend on the grade and the page must work without JavaScript.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_codes::Satisfaction;
use wuchuang_ledger::ExecuteError;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext};

use super::html;
use crate::{
    Rooms,
    intake::{self, Said},
    model::{
        RatingChannel,
        labels::{Label, labels_of},
    },
    store::{self, Invitation},
};

/// How many fields the form has at most: grade, channel, key, text and the labels.
const FIELDS_MAX: usize = 32;

/// How many ended cases the page of one's own lists; programs page through all of them.
const INVITATIONS_SHOWN_MAX: i64 = 50;

/// A big choice of the first step.
struct Grade {
    path: String,
    words: &'static str,
    stars: String,
}

#[derive(Template)]
#[template(path = "ratings/grade.html")]
struct GradePage<'a> {
    page: &'a PageContext,
    invitation: &'a Invitation,
    grades: Vec<Grade>,
}

/// A label that can be ticked.
struct Tick {
    label: Label,
    is_ticked: bool,
}

#[derive(Template)]
#[template(path = "ratings/details.html")]
struct DetailsPage<'a> {
    page: &'a PageContext,
    path: String,
    words: &'static str,
    stars: u8,
    is_bad: bool,
    via: &'a str,
    ticks: Vec<Tick>,
    text: &'a str,
    errors: &'a FieldErrors,
}

#[derive(Template)]
#[template(path = "ratings/thanks.html")]
struct ThanksPage<'a> {
    page: &'a PageContext,
    invitation: &'a Invitation,
}

#[derive(Deserialize)]
pub(super) struct RateQuery {
    grade: Option<u8>,
    #[serde(default)]
    via: String,
}

async fn invited(rooms: &Rooms, caller: &Caller, token: &str) -> Result<Invitation, Failure> {
    intake::invitation(&rooms.ledger, caller.region, token)
        .await?
        .ok_or_else(Failure::not_found)
}

/// The short form of the channel as a link may carry it; anything else is the plain web.
fn via_of(text: &str) -> &str {
    if RatingChannel::from_link(text).is_some() {
        text
    } else {
        "web"
    }
}

pub(super) async fn rate_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(token): Path<String>,
    Query(query): Query<RateQuery>,
) -> Result<Html<String>, Failure> {
    let invitation = invited(&rooms, &caller, &token).await?;
    if invitation.is_rated {
        let page = caller.page.titled("谢谢您的评价");
        return html(&ThanksPage {
            page: &page,
            invitation: &invitation,
        });
    }
    let via = via_of(&query.via);
    match query
        .grade
        .and_then(Satisfaction::from_rating_exchange_stars)
    {
        Some(grade) => details(
            &caller,
            &invitation,
            grade,
            via,
            &[],
            "",
            &FieldErrors::new(),
        ),
        None => choose(&caller, &invitation, via),
    }
}

fn choose(caller: &Caller, invitation: &Invitation, via: &str) -> Result<Html<String>, Failure> {
    let grades = Satisfaction::ALL
        .iter()
        .map(|grade| {
            let stars = grade.rating_exchange_stars();
            Grade {
                path: format!("/rate/{}?grade={stars}&via={via}", invitation.token),
                words: grade.name(),
                stars: "★".repeat(usize::from(stars)),
            }
        })
        .collect();
    let page = caller.page.clone().titled("评价这次服务");
    html(&GradePage {
        page: &page,
        invitation,
        grades,
    })
}

fn details(
    caller: &Caller,
    invitation: &Invitation,
    grade: Satisfaction,
    via: &str,
    ticked: &[u16],
    text: &str,
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let ticks = labels_of(grade)
        .iter()
        .map(|label| Tick {
            label: *label,
            is_ticked: ticked.contains(&label.code),
        })
        .collect();
    let page = caller
        .page
        .clone()
        .titled("评价这次服务")
        .with_errors(!errors.is_empty());
    html(&DetailsPage {
        page: &page,
        path: format!("/rate/{}", invitation.token),
        words: grade.name(),
        stars: grade.rating_exchange_stars(),
        is_bad: grade.is_bad_review(),
        via,
        ticks,
        text,
        errors,
    })
}

/// The form's fields; labels come several times, so that no plain struct reads them.
struct Sent {
    grade: Option<Satisfaction>,
    via: String,
    labels: Vec<u16>,
    text: String,
    command_id: Option<String>,
}

impl Sent {
    fn of(fields: Vec<(String, String)>) -> Self {
        let mut sent = Self {
            grade: None,
            via: String::new(),
            labels: Vec::new(),
            text: String::new(),
            command_id: None,
        };
        for (name, value) in fields.into_iter().take(FIELDS_MAX) {
            match name.as_str() {
                "grade" => {
                    sent.grade = value
                        .parse()
                        .ok()
                        .and_then(Satisfaction::from_rating_exchange_stars);
                }
                "via" => sent.via = value,
                "labels" => sent.labels.extend(value.parse::<u16>()),
                "text" => sent.text = value,
                "command_id" => sent.command_id = Some(value),
                _ => {}
            }
        }
        sent
    }
}

pub(super) async fn rate_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(token): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let invitation = invited(&rooms, &caller, &token).await?;
    let sent = Sent::of(fields);
    let here = format!("/rate/{}", invitation.token);
    let Some(grade) = sent.grade else {
        return Ok(Redirect::to(&here).into_response());
    };
    let via = via_of(&sent.via);
    let said = Said {
        grade,
        channel: RatingChannel::from_link(via).unwrap_or(RatingChannel::Web),
        labels: sent.labels.clone(),
        text: sent.text.clone(),
    };
    let key = sent.command_id.as_deref();
    let outcome = intake::rate(&rooms.ledger, &caller, &invitation, said, key).await;
    match outcome {
        Ok(_) => Ok(Redirect::to(&here).into_response()),
        // Rated meanwhile in another window: the page says so.
        Err(ExecuteError::Rejected(rejection)) if rejection.code == "rated_before" => {
            Ok(Redirect::to(&here).into_response())
        }
        Err(ExecuteError::Rejected(rejection)) => {
            let mut errors = FieldErrors::new();
            let field = rejection.field.clone().unwrap_or_else(|| "labels".into());
            errors.add(field, caller.page.t(&rejection.public).into_owned());
            let page = details(
                &caller,
                &invitation,
                grade,
                via,
                &sent.labels,
                &sent.text,
                &errors,
            )?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// An ended case of one's own.
struct Own {
    path: String,
    item_name: String,
    organisation_name: String,
    ended_on: String,
    is_rated: bool,
}

#[derive(Template)]
#[template(path = "ratings/own.html")]
struct OwnPage<'a> {
    page: &'a PageContext,
    cases: Vec<Own>,
}

pub(super) async fn own_page(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let database = rooms.ledger.database();
    let found =
        store::invitations_of(database, caller.region, person, None, INVITATIONS_SHOWN_MAX).await?;
    let cases = found
        .into_iter()
        .map(|invitation| Own {
            path: format!("/rate/{}", invitation.token),
            ended_on: super::staff::day(invitation.ended_at_us),
            item_name: invitation.item_name,
            organisation_name: invitation.organisation_name,
            is_rated: invitation.is_rated,
        })
        .collect();
    let page = caller.page.titled("我的评价").under("我的", "/my");
    html(&OwnPage { page: &page, cases })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_may_come_several_times_and_nonsense_is_left_out() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let sent = Sent::of(vec![
            field("grade", "2"),
            field("labels", "207"),
            field("labels", "209"),
            field("labels", "x"),
            field("via", "sms"),
            field("admin", "true"),
        ]);
        assert_eq!(sent.grade, Some(Satisfaction::Dissatisfied));
        assert_eq!(sent.labels, [207, 209]);
        assert_eq!(via_of(&sent.via), "sms");
        assert_eq!(via_of("fax"), "web");
        assert_eq!(Sent::of(vec![field("grade", "6")]).grade, None);
        let many = vec![field("labels", "207"); 10_000];
        assert_eq!(Sent::of(many).labels.len(), FIELDS_MAX);
    }
}
