//! The texts of messages: a list, and one page per text with its variables, a preview and its earlier versions.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, Resource, forms::FieldErrors, page::PageContext};

use super::{moment, shown};
use crate::{
    model::{
        MessageChannel, Parameter, TemplateCommand, TemplateName, TemplateStream, TemplateText,
        problems, sms_segments, stream_of,
    },
    rooms::Rooms,
    store::{Shelf, VersionRow},
};

/// How many earlier versions of a text are shown.
const VERSIONS_SHOWN: usize = 20;

struct LineView {
    code: &'static str,
    title: &'static str,
    channels: String,
    subject: String,
    changed: String,
}

#[derive(Template)]
#[template(path = "messages/templates.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    lines: Vec<LineView>,
}

struct PlaceView {
    code: &'static str,
    name: &'static str,
    sample: &'static str,
}

struct VersionView {
    version: i64,
    time: String,
    /// Who changed it.
    who: String,
    subject: String,
    body: String,
    sms: String,
}

struct Preview {
    subject: String,
    body: String,
    sms: String,
    sms_length: usize,
    sms_segments: usize,
}

#[derive(Template)]
#[template(path = "messages/template.html")]
struct EditPage<'a> {
    page: &'a PageContext,
    action: String,
    text: &'a TemplateText,
    errors: &'a FieldErrors,
    version: i64,
    places: Vec<PlaceView>,
    preview: Preview,
    versions: Vec<VersionView>,
    sends_sms: bool,
    may_edit: bool,
    is_saved: bool,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(super) struct EditForm {
    command_id: String,
    /// The version that the person saw.
    version: i64,
    subject: String,
    body: String,
    sms: String,
    /// Which button: `preview` saves nothing.
    #[serde(default)]
    deed: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct RestoreForm {
    command_id: String,
    version: i64,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ShowQuery {
    #[serde(default)]
    saved: String,
}

fn named(name: &str) -> Result<TemplateName, Failure> {
    TemplateName::from_code(name).ok_or_else(Failure::not_found)
}

pub(super) async fn list(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let shelf = Shelf::load(rooms.ledger.database(), caller.region).await?;
    let lines = TemplateName::ALL
        .into_iter()
        .map(|name| {
            let channels: Vec<_> = name
                .channels()
                .iter()
                .map(|channel| channel.name())
                .collect();
            LineView {
                code: name.code(),
                title: name.title(),
                channels: channels.join("、"),
                subject: shelf.text_now(name).subject,
                changed: shelf
                    .versions(name)
                    .first()
                    .map_or_else(|| "系统自带".to_owned(), |row| moment(row.edited_at_us)),
            }
        })
        .collect();
    let page = caller.page.clone().titled("消息模板");
    shown(&ListPage { page: &page, lines })
}

/// Everything of the page besides the text that stands in its fields.
/// What was changed, by whom, the newest first.
async fn history(
    rooms: &Rooms,
    caller: &Caller,
    versions: &[VersionRow],
) -> Result<Vec<VersionView>, Failure> {
    let mut lines = Vec::new();
    for row in versions.iter().take(VERSIONS_SHOWN) {
        let who = match (&rooms.directory, row.edited_by.parse()) {
            (Some(directory), Ok(person)) => {
                let name = directory.staff_name(caller.region, person).await?;
                name.to_string()
            }
            _ => String::new(),
        };
        lines.push(VersionView {
            version: row.version,
            time: moment(row.edited_at_us),
            who: if who.is_empty() {
                "系统".to_owned()
            } else {
                who
            },
            subject: row.subject.clone(),
            body: row.body.clone(),
            sms: row.sms.clone(),
        });
    }
    Ok(lines)
}

async fn edit_page(
    rooms: &Rooms,
    caller: &Caller,
    shelf: &Shelf,
    (name, text): (TemplateName, &TemplateText),
    (errors, is_saved): (&FieldErrors, bool),
) -> Result<Html<String>, Failure> {
    let versions = shelf.versions(name);
    let letter = text.sample(MessageChannel::Email, &rooms.surrounding);
    let sms = text.sample(MessageChannel::Sms, &rooms.surrounding).text;
    let page = caller
        .page
        .clone()
        .titled(name.title())
        .under("消息模板", "/staff/admin/templates")
        .with_errors(!errors.is_empty());
    shown(&EditPage {
        page: &page,
        action: format!("/staff/admin/templates/{}", name.code()),
        text,
        errors,
        version: versions.first().map_or(0, |row| row.version),
        places: name
            .parameters()
            .iter()
            .chain(&Parameter::COMMON)
            .map(|parameter| PlaceView {
                code: parameter.code(),
                name: parameter.name(),
                sample: parameter.sample(),
            })
            .collect(),
        preview: Preview {
            subject: letter.subject,
            body: letter.text,
            sms_length: sms.chars().count(),
            sms_segments: sms_segments(&sms),
            sms,
        },
        versions: history(rooms, caller, versions).await?,
        sends_sms: name.channels().contains(&MessageChannel::Sms),
        may_edit: caller.may("template_edit", &Resource::default()),
        is_saved,
    })
}

pub(super) async fn show(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(name): Path<String>,
    Query(query): Query<ShowQuery>,
) -> Result<Html<String>, Failure> {
    let name = named(&name)?;
    let shelf = Shelf::load(rooms.ledger.database(), caller.region).await?;
    let text = shelf.text_now(name);
    let is_saved = !query.saved.is_empty();
    edit_page(
        &rooms,
        &caller,
        &shelf,
        (name, &text),
        (&FieldErrors::new(), is_saved),
    )
    .await
}

pub(super) async fn edit(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(name): Path<String>,
    axum::Form(form): axum::Form<EditForm>,
) -> Result<Response, Failure> {
    let name = named(&name)?;
    // Browsers send line breaks as CR LF; the length that the person sees counts one character.
    let text = TemplateText {
        subject: form.subject.trim().to_owned(),
        body: form.body.replace("\r\n", "\n").trim().to_owned(),
        sms: form.sms.trim().to_owned(),
    };
    let mut errors = FieldErrors::new();
    for (field, sentence) in problems(name, &text) {
        errors.add(field, sentence);
    }
    if !errors.is_empty() || form.deed == "preview" {
        let status = if errors.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        let shelf = Shelf::load(rooms.ledger.database(), caller.region).await?;
        let html = edit_page(&rooms, &caller, &shelf, (name, &text), (&errors, false)).await?;
        return Ok((status, html).into_response());
    }
    let order = caller.order(Some(&form.command_id), Expected::Version(form.version));
    rooms
        .ledger
        .execute::<TemplateStream>(stream_of(name), TemplateCommand::Edit { name, text }, order)
        .await?;
    Ok(saved(name).into_response())
}

pub(super) async fn restore(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(name): Path<String>,
    axum::Form(form): axum::Form<RestoreForm>,
) -> Result<Redirect, Failure> {
    let name = named(&name)?;
    let order = caller.order(Some(&form.command_id), Expected::Version(form.version));
    rooms
        .ledger
        .execute::<TemplateStream>(stream_of(name), TemplateCommand::Restore { name }, order)
        .await?;
    Ok(saved(name))
}

fn saved(name: TemplateName) -> Redirect {
    Redirect::to(&format!("/staff/admin/templates/{}?saved=1", name.code()))
}
