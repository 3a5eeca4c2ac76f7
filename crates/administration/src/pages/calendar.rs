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
use wuchuang_calendar::{Calendar, LineProblem, NoticeError, YearNotice};
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
    moved::{Moved, moved},
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
    moved: Moved,
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
    preview: Option<&'a Preview>,
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
    let today = china_date(caller.now).year();
    let (year, notice) = match read_notice(&form) {
        Ok(read) => read,
        Err(draft) => {
            let year = form.year.trim().parse().unwrap_or(today);
            let draft = draft.of(form);
            return refuse(&rooms, &caller, &present, year, draft).await;
        }
    };
    if form.step == "import" {
        return import(&rooms, &caller, year, form).await;
    }
    let renewed = present.as_ref().clone().with_notice(notice);
    let preview = Some(Preview {
        changes: changes(&present, &renewed, year),
        moved: moved(&rooms.cases, &caller, &present, &renewed).await?,
    });
    let draft = Draft {
        preview,
        ..Draft::default()
    };
    let draft = draft.of(form);
    let page = show(&rooms, &caller, &renewed, year, &draft).await?;
    Ok(page.into_response())
}

/// The notice of the form, or what is wrong with it.
fn read_notice(form: &NoticeForm) -> Result<(i16, YearNotice), Box<Draft>> {
    let mut draft = Draft::default();
    let Ok(year) = form.year.trim().parse::<i16>() else {
        draft.errors.add("year", "年份要写成四位数字，例如 2027。");
        return Err(Box::new(draft));
    };
    match YearNotice::parse(year, &form.lines) {
        Ok(notice) => Ok((year, notice)),
        Err(error) => Err(Box::new(draft.with_problems(&error))),
    }
}

async fn import(
    rooms: &Rooms,
    caller: &Caller,
    year: i16,
    form: NoticeForm,
) -> Result<Response, Failure> {
    let command = CalendarCommand::ImportNotice {
        year,
        lines: form.lines.clone(),
    };
    let order = caller.order(Some(&form.command_id), Expected::Any);
    let done = rooms
        .ledger
        .execute::<WorkingCalendar>(CALENDAR_STREAM, command, order)
        .await;
    match done {
        Ok(_) => {
            calendar_put_in_force(&rooms.ledger, caller.region).await?;
            let path = format!("/staff/admin/calendar?year={year}&imported={year}");
            Ok(Redirect::to(&path).into_response())
        }
        Err(ExecuteError::Rejected(rejection)) => {
            let mut draft = Draft::default();
            draft.errors.add("lines", rejection.public);
            let present = rooms.ledger.calendar();
            refuse(rooms, caller, &present, year, draft.of(form)).await
        }
        Err(error) => Err(error.into()),
    }
}

impl Draft {
    /// With what was typed.
    fn of(mut self, form: NoticeForm) -> Self {
        self.form = form;
        self
    }

    fn with_problems(mut self, error: &NoticeError) -> Self {
        self.problems = error.problems.iter().map(LineProblem::explain).collect();
        self.errors.add(
            "lines",
            format!("有 {} 处看不懂或不对，逐行列在下面。", self.problems.len()),
        );
        self
    }
}

/// The days that the notice opens or closes.
fn changes(present: &Calendar, renewed: &Calendar, year: i16) -> Vec<Change> {
    let late_december = jiff::civil::Date::new(year - 1, 12, 24);
    let end = jiff::civil::Date::new(year, 12, 31);
    late_december
        .into_iter()
        .flat_map(|first| first.series(jiff::Span::new().days(1)))
        .take_while(|date| end.as_ref().is_ok_and(|end| date <= end))
        .map(|date| (present.day(date), renewed.day(date)))
        .filter(|(before, after)| before.is_working() != after.is_working())
        .map(|(before, after)| Change {
            day: after.text(),
            before: before.kind.text(),
        })
        .collect()
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
        preview: draft.preview.as_ref(),
    })
}
