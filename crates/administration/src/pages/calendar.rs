//! The working calendar: a year with its marks, and the import of a yearly notice in two steps, so that
//! nobody moves the deadlines of a county by pasting the wrong text.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_calendar::{Calendar, NoticeError, YearNotice};
use wuchuang_kernel::china_date;
use wuchuang_ledger::{ExecuteError, Expected};
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    page::{Flash, FlashKind, PageContext},
};

use super::{
    html, moment,
    month::{Month, months},
};
use crate::{
    Rooms,
    calendar::calendar_put_in_force,
    model::{CALENDAR_STREAM, CalendarCommand, WorkingCalendar},
    store::{self, NoticeRow},
};

#[derive(Deserialize)]
pub(crate) struct YearQuery {
    year: Option<i16>,
    imported: Option<i16>,
}

#[derive(Deserialize, Default)]
pub(crate) struct NoticeForm {
    #[serde(default)]
    year: String,
    #[serde(default)]
    lines: String,
    #[serde(default)]
    step: String,
    #[serde(default)]
    command_id: String,
}

/// A day on which the notice opens or closes the offices.
struct Change {
    day: String,
    before: String,
}

/// What would follow from a notice.
struct Preview {
    changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "administration/calendar.html")]
struct CalendarPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    problems: Vec<String>,
    form: &'a NoticeForm,
    year: i16,
    is_known: bool,
    months: Vec<Month>,
    working_days: usize,
    notices: Vec<NoticeLine>,
    preview: Option<Preview>,
}

struct NoticeLine {
    row: NoticeRow,
    imported_at: String,
}

/// Everything that a rendering of the page needs besides the caller.
#[derive(Default)]
struct Draft {
    form: NoticeForm,
    errors: FieldErrors,
    problems: Vec<String>,
    preview: Option<Preview>,
}

pub(crate) async fn calendar_page(
    State(rooms): State<Rooms>,
    mut caller: Caller,
    Query(query): Query<YearQuery>,
) -> Result<Html<String>, Failure> {
    let today = china_date(caller.now);
    let year = query.year.unwrap_or(today.year());
    if let Some(imported) = query.imported {
        caller.page.flash = Some(Flash {
            kind: FlashKind::Success,
            text: format!("{imported}年放假安排已导入，未办结办件的到期日正在重新计算。"),
        });
    }
    let draft = Draft {
        form: NoticeForm {
            year: today.year().saturating_add(1).to_string(),
            ..NoticeForm::default()
        },
        ..Draft::default()
    };
    let calendar = rooms.ledger.calendar();
    show(&rooms, &caller, &calendar, year, &draft).await
}

pub(crate) async fn notice_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(form): Form<NoticeForm>,
) -> Result<Response, Failure> {
    let present = rooms.ledger.calendar();
    let Ok(year) = form.year.trim().parse::<i16>() else {
        let mut draft = Draft {
            form,
            ..Draft::default()
        };
        draft.errors.add("year", "年份要写成四位数字，例如 2027。");
        return refuse(
            &rooms,
            &caller,
            &present,
            china_date(caller.now).year(),
            draft,
        )
        .await;
    };
    let notice = match YearNotice::parse(year, &form.lines) {
        Ok(notice) => notice,
        Err(error) => {
            let draft = Draft {
                form,
                ..Draft::default()
            }
            .with_problems(&error);
            return refuse(&rooms, &caller, &present, year, draft).await;
        }
    };
    if form.step != "import" {
        let renewed = present.as_ref().clone().with_notice(notice);
        let preview = Some(preview(&present, &renewed, year));
        let draft = Draft {
            form,
            preview,
            ..Draft::default()
        };
        let page = show(&rooms, &caller, &renewed, year, &draft).await?;
        return Ok(page.into_response());
    }
    let command = CalendarCommand::ImportNotice {
        year,
        lines: form.lines.clone(),
    };
    let order = caller.order(Some(&form.command_id), Expected::Any);
    match rooms
        .ledger
        .execute::<WorkingCalendar>(CALENDAR_STREAM, command, order)
        .await
    {
        Ok(_) => {
            calendar_put_in_force(&rooms.ledger, caller.region).await?;
            let path = format!("/staff/admin/calendar?year={year}&imported={year}");
            Ok(Redirect::to(&path).into_response())
        }
        Err(ExecuteError::Rejected(rejection)) => {
            let mut draft = Draft {
                form,
                ..Draft::default()
            };
            draft.errors.add("lines", rejection.public);
            refuse(&rooms, &caller, &present, year, draft).await
        }
        Err(error) => Err(error.into()),
    }
}

impl Draft {
    fn with_problems(mut self, error: &NoticeError) -> Self {
        self.problems = error
            .problems
            .iter()
            .map(|problem| problem.explain())
            .collect();
        self.errors.add(
            "lines",
            format!("有 {} 处看不懂或不对，逐行列在下面。", self.problems.len()),
        );
        self
    }
}

fn preview(present: &Calendar, renewed: &Calendar, year: i16) -> Preview {
    let late_december = jiff::civil::Date::new(year - 1, 12, 24);
    let end = jiff::civil::Date::new(year, 12, 31);
    let changes = late_december
        .into_iter()
        .flat_map(|first| first.series(jiff::Span::new().days(1)))
        .take_while(|date| end.as_ref().is_ok_and(|end| date <= end))
        .map(|date| (present.day(date), renewed.day(date)))
        .filter(|(before, after)| before.is_working() != after.is_working())
        .map(|(before, after)| Change {
            day: after.text(),
            before: before.kind.text(),
        })
        .collect();
    Preview { changes }
}

async fn refuse(
    rooms: &Rooms,
    caller: &Caller,
    calendar: &Calendar,
    year: i16,
    draft: Draft,
) -> Result<Response, Failure> {
    let page = show(rooms, caller, calendar, year, &draft).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn show(
    rooms: &Rooms,
    caller: &Caller,
    calendar: &Calendar,
    year: i16,
    draft: &Draft,
) -> Result<Html<String>, Failure> {
    let today = china_date(caller.now).year();
    // A year outside of what a calendar knows shows this year, with the form's own complaint above it.
    let (year, months) = match months(calendar, year) {
        Some(months) => (year, months),
        None => (today, months(calendar, today).unwrap_or_default()),
    };
    let rows = store::notices(rooms.ledger.database(), caller.region).await?;
    let page = caller
        .page
        .clone()
        .titled("工作日历")
        .with_errors(!draft.errors.is_empty());
    html(&CalendarPage {
        page: &page,
        errors: &draft.errors,
        problems: draft.problems.clone(),
        form: &draft.form,
        year,
        is_known: calendar.notice(year).is_some(),
        working_days: months.iter().map(|month| month.working_days).sum(),
        months,
        notices: rows
            .into_iter()
            .map(|row| NoticeLine {
                imported_at: moment(row.imported_at_us),
                row,
            })
            .collect(),
        preview: draft.preview.as_ref().map(|preview| Preview {
            changes: preview
                .changes
                .iter()
                .map(|change| Change {
                    day: change.day.clone(),
                    before: change.before.clone(),
                })
                .collect(),
        }),
    })
}
