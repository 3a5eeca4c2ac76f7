//! The staff page of ratings: figures by organisation, and the ratings themselves without who gave them.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use jiff::{Span, Timestamp, civil::Date};
use serde::Deserialize;
use wuchuang_codes::Satisfaction;
use wuchuang_kernel::{OrganisationId, Role, china_date};
use wuchuang_webkit::{
    Caller, Failure,
    markup::{CursorLinks, Tone},
    page::PageContext,
};

use super::html;
use crate::{
    Rooms,
    model::{RatingChannel, labels::words_of},
    protected::{self, ItemGrades, RATINGS_MIN},
    store::{self, Figures, RatingFilter, RatingPlace, RatingRow, figures},
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
    /// Whole months in words: 2026年10月, or 2026年8月至2026年10月.
    fn words(self) -> String {
        let month = |day: Date| format!("{}年{}月", day.year(), day.month());
        let (first, last) = (month(self.first), month(self.last));
        if first == last {
            first
        } else {
            format!("{first}至{last}")
        }
    }

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

/// What the staff of an organisation see.
#[derive(Template)]
#[template(path = "ratings/own_organisation.html")]
struct OwnOrganisationPage<'a> {
    page: &'a PageContext,
    /// What stands in the form: the months that are shown, else what was asked for.
    dates: Period,
    /// The whole months in it that have ended.
    shown: Option<Period>,
    figures: Vec<FigureLine>,
    items: Vec<ItemGrades>,
    ratings_min: i64,
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
    if let Some(organisation) = organisation_seen(&caller) {
        return own_organisation(&rooms, caller, organisation, period).await;
    }
    let may_open = caller.visitor.has_role(Role::Supervisor);
    let filter = RatingFilter {
        organisation: None,
        is_bad: query.bad,
        days: Some((period.first, period.last)),
        from: query.cursor.as_deref().map(str::parse).transpose()?,
    };
    let (database, region) = (rooms.ledger.database(), caller.region);
    let rows = figures(database, region, None, (period.first, period.last)).await?;
    let found = store::ratings(database, region, &filter, PAGE_ROWS).await?;
    let is_full = i64::try_from(found.len()).is_ok_and(|count| count == PAGE_ROWS);
    let next = RatingPlace::behind(&found, filter.from)
        .filter(|_| is_full)
        .map(|place| {
            format!(
                "/staff/ratings?from={}&to={}&bad={}&cursor={place}",
                query.from, query.to, query.bad
            )
        });
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

async fn own_organisation(
    rooms: &Rooms,
    caller: Caller,
    organisation: OrganisationId,
    period: Period,
) -> Result<Html<String>, Failure> {
    let (database, region) = (rooms.ledger.database(), caller.region);
    let shown = protected::ended_months(period, china_date(caller.now));
    let (items, rows) = match shown {
        Some(months) => {
            let items = protected::grades_by_item(database, region, organisation, months).await?;
            let rows =
                protected::figures_of(database, region, organisation, months, &items).await?;
            (items, rows)
        }
        None => (Vec::new(), Vec::new()),
    };
    let page = caller.page.titled("好差评");
    html(&OwnOrganisationPage {
        page: &page,
        dates: shown.unwrap_or(period),
        shown,
        figures: rows
            .into_iter()
            .map(|row| {
                let name = row.organisation_name.clone();
                figure_line(row, name)
            })
            .collect(),
        items,
        ratings_min: RATINGS_MIN,
    })
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
    fn months_are_told_as_people_say_them() {
        let of = |first: &str, last: &str| {
            let day = |text: &str| text.parse().unwrap();
            Period {
                first: day(first),
                last: day(last),
            }
            .words()
        };
        assert_eq!(of("2026-10-01", "2026-10-31"), "2026年10月");
        assert_eq!(of("2025-12-01", "2026-01-31"), "2025年12月至2026年1月");
    }

    #[test]
    fn figures_read_as_percent() {
        assert_eq!(percent(None), "—");
        assert_eq!(percent(Some(9_998)), "99.98%");
        assert_eq!(percent(Some(5)), "0.05%");
    }
}
