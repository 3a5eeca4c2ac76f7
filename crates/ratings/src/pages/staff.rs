//! The staff page of ratings: figures by organisation, and the ratings themselves without who gave them.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use jiff::{Span, Timestamp, civil::Date};
use serde::Deserialize;
use wuchuang_cases::model::CaseStream;
use wuchuang_codes::Satisfaction;
use wuchuang_kernel::{CaseId, OrganisationId, Personal, RatingId, Role, china_date};
use wuchuang_ledger::{ExecuteError, Expected};
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    markup::{CursorLinks, DefinitionRow, Tone},
    page::PageContext,
};

use super::html;
use crate::{
    Rooms,
    model::{Rating, RatingChannel, RatingCommand, RatingStream, labels::words_of},
    store::{self, Figures, RatingFilter, RatingRow, figures},
};

/// How many rows stand on one page.
const PAGE_ROWS: i64 = 50;
/// How many days are shown when nothing is said.
const DAYS_USUAL: i64 = 30;

/// The day of an instant in China.
pub(super) fn day(at_us: i64) -> String {
    china_date(Timestamp::from_microsecond(at_us).unwrap_or(Timestamp::UNIX_EPOCH)).to_string()
}

/// The period of the figures, as it stands in the address.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub(crate) struct PeriodQuery {
    /// The first day; 30 days ago when absent.
    #[param(example = "2026-11-01")]
    #[serde(default)]
    pub(crate) from: String,
    /// The last day; today when absent.
    #[param(example = "2026-11-30")]
    #[serde(default)]
    pub(crate) to: String,
}

/// A period of days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) first: Date,
    pub(crate) last: Date,
}

impl Period {
    /// Reads the period; empty ends are the last thirty days.
    pub(crate) fn of(query: &PeriodQuery, today: Date) -> Result<Self, Failure> {
        let read = |text: &str, field: &'static str, usual: Date| {
            if text.is_empty() {
                return Ok(usual);
            }
            text.parse().map_err(|_| {
                Failure::invalid("日期应写成 2026-11-01 这样，请改正后再查。").at(field)
            })
        };
        let last = read(&query.to, "to", today)?;
        let usual = last
            .checked_sub(Span::new().days(DAYS_USUAL - 1))
            .unwrap_or(last);
        let first = read(&query.from, "from", usual)?;
        if first > last {
            return Err(Failure::invalid("开始日期不能晚于结束日期，请改正后再查。").at("from"));
        }
        Ok(Self { first, last })
    }
}

/// Whose ratings the visitor sees: supervision those of all organisations, everyone else those of their
/// own.
pub(crate) fn organisation_seen(caller: &Caller) -> Option<OrganisationId> {
    caller
        .visitor
        .staff()
        .filter(|_| !caller.visitor.has_role(Role::Supervisor))
        .map(|staff| staff.organisation)
}

struct FigureLine {
    figures: Figures,
    name: String,
    rating_rate: String,
    satisfaction_rate: String,
}

/// `99.98%`, or `—` where there is nothing to divide by.
fn percent(share: Option<i64>) -> String {
    share.map_or_else(
        || "—".to_owned(),
        |share| format!("{}.{:02}%", share / 100, share % 100),
    )
}

fn figure_line(figures: Figures, name: String) -> FigureLine {
    FigureLine {
        rating_rate: percent(figures.rating_rate()),
        satisfaction_rate: percent(figures.satisfaction_rate()),
        figures,
        name,
    }
}

struct Line {
    /// Where supervision opens it; a bad rating only.
    open_path: Option<String>,
    words: &'static str,
    tone: Tone,
    labels: String,
    item_name: String,
    organisation_name: String,
    channel: &'static str,
    day: String,
    openings: i64,
}

fn labels_text(labels: &str) -> String {
    let words: Vec<&str> = labels
        .split(',')
        .filter_map(|code| code.parse().ok().and_then(words_of))
        .collect();
    words.join("；")
}

fn line(row: RatingRow, may_open: bool) -> Line {
    let grade = u8::try_from(row.stars)
        .ok()
        .and_then(Satisfaction::from_rating_exchange_stars);
    let is_bad = grade.is_some_and(Satisfaction::is_bad_review);
    Line {
        open_path: (may_open && is_bad).then(|| format!("/staff/ratings/{}", row.id)),
        words: grade.map_or("", Satisfaction::name),
        tone: match row.stars {
            4.. => Tone::Good,
            3 => Tone::Plain,
            _ => Tone::Bad,
        },
        labels: labels_text(&row.labels),
        channel: RatingChannel::ALL
            .into_iter()
            .find(|channel| channel.code() == row.channel)
            .map_or("", RatingChannel::name),
        day: day(row.rated_at_us),
        item_name: row.item_name,
        organisation_name: row.organisation_name,
        openings: row.openings,
    }
}

#[derive(Template)]
#[template(path = "ratings/list.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    period: Period,
    only_bad: bool,
    total: FigureLine,
    figures: Vec<FigureLine>,
    lines: Vec<Line>,
    links: CursorLinks,
}

#[derive(Deserialize)]
pub(super) struct ListQuery {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    bad: bool,
    cursor: Option<String>,
}

fn cursor_of(text: &str) -> Result<(i64, String), Failure> {
    let wrong = || Failure::invalid("翻页位置不对，请回到第一页。").at("cursor");
    let (at, id) = text.split_once('-').ok_or_else(wrong)?;
    if id.len() > 32 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    Ok((at.parse().map_err(|_| wrong())?, id.to_owned()))
}

/// Where the next page begins. The row's identifier is the case's, so whoever may not learn the case gets
/// the instant alone: ratings of the very same microsecond would be skipped, which nobody can notice.
fn next_path(query: &ListQuery, last: &RatingRow, may_open: bool) -> String {
    let id = if may_open { last.id.as_str() } else { "" };
    format!(
        "/staff/ratings?from={}&to={}&bad={}&cursor={}-{id}",
        query.from, query.to, query.bad, last.rated_at_us
    )
}

pub(super) async fn list_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Html<String>, Failure> {
    let asked = PeriodQuery {
        from: query.from.clone(),
        to: query.to.clone(),
    };
    let period = Period::of(&asked, china_date(caller.now))?;
    let organisation = organisation_seen(&caller);
    let may_open = caller.visitor.has_role(Role::Supervisor);
    let filter = RatingFilter {
        organisation,
        is_bad: query.bad,
        before: query.cursor.as_deref().map(cursor_of).transpose()?,
    };
    let (database, region) = (rooms.ledger.database(), caller.region);
    let rows = figures(database, region, organisation, (period.first, period.last)).await?;
    let found = store::ratings(database, region, &filter, PAGE_ROWS).await?;
    let is_full = i64::try_from(found.len()).is_ok_and(|count| count == PAGE_ROWS);
    let next = found
        .last()
        .filter(|_| is_full)
        .map(|last| next_path(&query, last, may_open));
    let page = caller.page.titled("好差评");
    html(&ListPage {
        page: &page,
        period,
        only_bad: query.bad,
        total: figure_line(Figures::total(&rows), "合计".to_owned()),
        figures: rows
            .into_iter()
            .map(|row| {
                let name = row.organisation_name.clone();
                figure_line(row, name)
            })
            .collect(),
        lines: found.into_iter().map(|row| line(row, may_open)).collect(),
        links: CursorLinks {
            previous: query.cursor.map(|_| "/staff/ratings".to_owned()),
            next,
            summary: String::new(),
        },
    })
}

#[derive(Template)]
#[template(path = "ratings/open.html")]
struct OpenPage<'a> {
    page: &'a PageContext,
    path: String,
    reason: &'a str,
    /// What is shown once the reason is given.
    rows: Vec<DefinitionRow>,
    case_path: String,
    errors: &'a FieldErrors,
}

fn id_of(text: &str) -> Result<RatingId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

async fn bad_rating(rooms: &Rooms, caller: &Caller, id: RatingId) -> Result<Rating, Failure> {
    rooms
        .ledger
        .load::<RatingStream>(caller.region, id.into())
        .await?
        .and_then(|(_, state)| state.0.as_deref().cloned())
        .filter(|rating| rating.rate.grade.is_bad_review())
        .ok_or_else(Failure::not_found)
}

fn asked(
    caller: &Caller,
    rating: &str,
    reason: &str,
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let page = caller
        .page
        .clone()
        .titled("打开差评")
        .under("好差评", "/staff/ratings")
        .with_errors(!errors.is_empty());
    html(&OpenPage {
        page: &page,
        path: format!("/staff/ratings/{rating}"),
        reason,
        rows: Vec::new(),
        case_path: String::new(),
        errors,
    })
}

pub(super) async fn open_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(rating): Path<String>,
) -> Result<Html<String>, Failure> {
    bad_rating(&rooms, &caller, id_of(&rating)?).await?;
    asked(&caller, &rating, "", &FieldErrors::new())
}

#[derive(Deserialize)]
pub(super) struct OpenForm {
    command_id: Option<String>,
    #[serde(default)]
    reason: String,
}

/// The answer is the page itself and no redirect: to see it again, a reason must be given again.
pub(super) async fn open_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(rating): Path<String>,
    Form(form): Form<OpenForm>,
) -> Result<Response, Failure> {
    let id = id_of(&rating)?;
    let found = bad_rating(&rooms, &caller, id).await?;
    let case: CaseId = found.rate.service.case;
    let loaded = rooms
        .ledger
        .load::<CaseStream>(caller.region, case.into())
        .await?;
    let matter = loaded
        .and_then(|(_, state)| state.0.as_deref().cloned())
        .ok_or_else(Failure::not_found)?;
    let command = RatingCommand::Open {
        reason: Personal::new(matter.applicant.person, form.reason.trim().to_owned()),
    };
    let order = caller.order(form.command_id.as_deref(), Expected::Existing);
    let sent = rooms
        .ledger
        .execute::<RatingStream>(id.into(), command, order)
        .await;
    match sent {
        Ok(_) => {}
        Err(ExecuteError::Rejected(rejection)) => {
            let mut errors = FieldErrors::new();
            errors.add("reason", rejection.public.into_owned());
            let page = asked(&caller, &rating, &form.reason, &errors)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        Err(error) => return Err(error.into()),
    }
    let page = caller
        .page
        .clone()
        .titled("差评详情")
        .under("好差评", "/staff/ratings");
    let body = html(&OpenPage {
        page: &page,
        path: format!("/staff/ratings/{rating}"),
        reason: "",
        rows: opened(&found, &matter.number),
        case_path: format!("/staff/cases/{case}"),
        errors: &FieldErrors::new(),
    })?;
    Ok(body.into_response())
}

fn opened(rating: &Rating, number: &str) -> Vec<DefinitionRow> {
    let rate = &rating.rate;
    let labels: Vec<&str> = rate
        .labels
        .iter()
        .filter_map(|code| words_of(*code))
        .collect();
    let text = rate.text.as_ref().map(|text| text.text().to_owned());
    vec![
        DefinitionRow::new("办件编号", number),
        DefinitionRow::new("事项", &rate.service.item_name),
        DefinitionRow::new("办理单位", &rate.service.organisation_name),
        DefinitionRow::new("办结日期", rate.service.ended_on.to_string()),
        DefinitionRow::new("满意程度", rate.grade.name()),
        DefinitionRow::new("选项", labels.join("；")),
        DefinitionRow::new("原话", text.unwrap_or_default()),
        DefinitionRow::new("评价渠道", rate.channel.name()),
        DefinitionRow::new("评价日期", china_date(rating.rated_at).to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_read_or_say_which_end_is_wrong() {
        let today = jiff::civil::date(2026, 11, 22);
        let of = |from: &str, to: &str| {
            let query = PeriodQuery {
                from: from.into(),
                to: to.into(),
            };
            Period::of(&query, today)
                .map(|period| format!("{} {}", period.first, period.last))
                .map_err(|failure| failure.field.unwrap_or_default().into_owned())
        };
        assert_eq!(of("", ""), Ok("2026-10-24 2026-11-22".into()));
        assert_eq!(
            of("2026-11-01", "2026-11-30"),
            Ok("2026-11-01 2026-11-30".into())
        );
        assert_eq!(of("2026-12-01", ""), Err("from".into()));
        assert_eq!(of("", "yesterday"), Err("to".into()));
    }

    #[test]
    fn figures_read_as_percent() {
        assert_eq!(percent(None), "—");
        assert_eq!(percent(Some(9_998)), "99.98%");
        assert_eq!(percent(Some(5)), "0.05%");
    }

    #[test]
    fn a_cursor_reads_back_and_nonsense_is_refused() {
        assert_eq!(cursor_of("12-").unwrap(), (12, String::new()));
        assert!(cursor_of("12-'; DROP TABLE rating").is_err());
        assert!(cursor_of("").is_err());
    }
}
