//! 补正 and 补交容缺材料: every wish on one page, each with its own upload or field, and one button at the
//! end that hands all of it in.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use wuchuang_cases::{
    model::{Case, CaseCommand, CommitmentText, Stage},
    store::Draft,
};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{CaseId, Personal};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{self, FieldErrors},
    markup::FileView,
    page::PageContext,
};

use super::{
    files, own_case, promised,
    staged::{answers, staged},
    wanted::{Subject, Wanted, one_question, opening, title, wanted, with_signatures},
};
use crate::rooms::{Rooms, html_checked};

/// A case with what it wants and what is staged.
pub(super) struct Room {
    pub(super) id: CaseId,
    pub(super) case: Box<Case>,
    pub(super) version: Arc<ItemVersion>,
    pub(super) form: Arc<forms::Form>,
    pub(super) wanted: Vec<Wanted>,
    pub(super) draft: Draft,
    /// Whether a bad-credit record of the applicant stands: then nothing is promised.
    pub(super) is_barred: bool,
}

impl Room {
    /// Opens the room of one's own case in an address, with the wish at a place of its list.
    pub(super) async fn with_wish(
        rooms: &Rooms,
        caller: &Caller,
        case: &str,
        index: usize,
    ) -> Result<(CaseId, Self, Wanted), Failure> {
        let (id, case) = own_case(rooms, caller, case, "case_own_act").await?;
        let room = Self::open(rooms, caller, id, case).await?;
        let wish = room.wanted.get(index).cloned();
        Ok((id, room, wish.ok_or_else(Failure::not_found)?))
    }

    /// Opens it; nothing is here when the case wants nothing.
    pub(super) async fn open(
        rooms: &Rooms,
        caller: &Caller,
        id: CaseId,
        case: Box<Case>,
    ) -> Result<Self, Failure> {
        let version = rooms.version(case.terms.item, case.terms.version).await?;
        let form = rooms.form(&version)?;
        let names: Vec<String> = form
            .fields()
            .iter()
            .map(|field| field.name.clone())
            .collect();
        let wanted = with_signatures(wanted(&case, &names), &form);
        if wanted.is_empty() {
            return Err(Failure::invalid(
                "这件事现在没有要补的内容。请在“我的”里查看进度。",
            ));
        }
        let number = case.applicant.number.text();
        Ok(Self {
            is_barred: rooms.cases.bar(caller.region, number).await?.is_some(),
            draft: staged(rooms, caller, id, &case).await?,
            id,
            case,
            version,
            form,
            wanted,
        })
    }

    /// The form of one question.
    pub(super) fn question(&self, field: &str) -> Result<forms::Form, Failure> {
        let schema =
            one_question(&self.version.content.form, field).ok_or_else(Failure::not_found)?;
        forms::Form::parse(&schema.to_string()).map_err(Failure::internal)
    }

    /// The answers with what was staged.
    pub(super) fn merged_answers(&self) -> Map<String, Value> {
        let mut merged = match self.case.answers.get() {
            Some(Value::Object(answers)) => answers.clone(),
            _ => Map::new(),
        };
        for (name, value) in &self.draft.content.answers {
            if value.is_null() {
                merged.remove(name);
            } else {
                merged.insert(name.clone(), value.clone());
            }
        }
        merged
    }

    fn is_promised(&self, wanted: &Wanted) -> bool {
        self.draft
            .content
            .materials
            .iter()
            .any(|material| answers(wanted, material) && promised::is_made(material))
    }

    fn is_answered(&self, wanted: &Wanted) -> bool {
        match &wanted.subject {
            Subject::Field(field) => self.draft.content.answers.contains_key(field),
            Subject::Material(_) => self
                .draft
                .content
                .materials
                .iter()
                .any(|material| answers(wanted, material)),
        }
    }

    fn open_count(&self) -> usize {
        self.wanted
            .iter()
            .filter(|wanted| !self.is_answered(wanted))
            .count()
    }
}

/// One wish on the page.
struct WishView {
    name: String,
    problem: String,
    is_answered: bool,
    /// The question's HTML; empty for a material.
    question: String,
    files_field: String,
    files: Vec<FileView>,
    take_path: String,
    /// What may be promised in its place.
    commitment: Option<CommitmentText>,
    is_promised: bool,
    promised_field: String,
}

#[derive(Template)]
#[template(path = "portal/my/supply.html")]
struct SupplyPage<'a> {
    page: &'a PageContext,
    path: String,
    item_name: &'a str,
    opening: String,
    wishes: Vec<WishView>,
    open_count: usize,
    answered_count: usize,
    is_correction: bool,
    errors: &'a FieldErrors,
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Response, Failure> {
    let (id, case) = own_case(&rooms, &caller, &case, "case_own_act").await?;
    let room = Room::open(&rooms, &caller, id, case).await?;
    show(&rooms, &caller, &room, &FieldErrors::new()).await
}

/// The page, with what is wrong.
pub(super) async fn show(
    rooms: &Rooms,
    caller: &Caller,
    room: &Room,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled(title(&room.case))
        .under("我的", "/my")
        .under(&room.case.terms.name, format!("/my/cases/{}", room.id))
        .with_errors(!errors.is_empty());
    let lists = rooms.directory.villages(caller.region).await?;
    let values = room.merged_answers();
    let folder = format!("/my/cases/{}/files", room.id);
    let mut wishes = Vec::new();
    for (index, wanted) in room.wanted.iter().enumerate() {
        let take_path = format!("/my/cases/{}/supply/{index}", room.id);
        let question = match &wanted.subject {
            Subject::Field(field) => room
                .question(field)?
                .render_all(&page, &values, errors, &lists)
                .map_err(Failure::internal)?,
            Subject::Material(_) => String::new(),
        };
        let remove_folder = format!("{take_path}/remove");
        wishes.push(WishView {
            name: wanted.name.clone(),
            problem: wanted.problem.clone(),
            is_answered: room.is_answered(wanted),
            question,
            files_field: format!("files-{index}"),
            commitment: promised::text_for(room, wanted),
            is_promised: room.is_promised(wanted),
            promised_field: format!("promised-{index}"),
            files: room
                .draft
                .content
                .materials
                .iter()
                .filter(|material| answers(wanted, material))
                .flat_map(|material| files::views(material, &folder, Some(&remove_folder)))
                .collect(),
            take_path,
        });
    }
    let template = SupplyPage {
        opening: opening(&page, &room.case, room.wanted.len()),
        page: &page,
        path: format!("/my/cases/{}", room.id),
        item_name: &room.case.terms.name,
        open_count: room.open_count(),
        answered_count: room.wanted.len() - room.open_count(),
        is_correction: room.case.stage == Stage::Correcting,
        wishes,
        errors,
    };
    html_checked(&template, errors)
}

#[derive(Debug, Deserialize)]
pub(crate) struct SupplyForm {
    #[serde(default)]
    command_id: String,
    #[serde(default)]
    partly: String,
}

pub(crate) async fn submit(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
    Form(form): Form<SupplyForm>,
) -> Result<Response, Failure> {
    let (id, case) = own_case(&rooms, &caller, &case, "case_own_act").await?;
    let done = format!("/my/cases/{id}?done=supplied");
    if case.stage != Stage::Correcting && case.owed.is_empty() {
        // Sent twice: the first one arrived.
        return Ok(Redirect::to(&done).into_response());
    }
    let room = Room::open(&rooms, &caller, id, case).await?;
    let errors = problems(&rooms, &caller, &room, form.partly == "true").await?;
    if !errors.is_empty() {
        return show(&rooms, &caller, &room, &errors).await;
    }
    let order = caller.order(Some(&form.command_id), Expected::Existing);
    rooms.cases.act(id, command(&room), order).await?;
    rooms
        .cases
        .drafts()
        .remove(caller.region, room.draft.person, room.draft.id)
        .await?;
    Ok(Redirect::to(&done).into_response())
}

fn command(room: &Room) -> CaseCommand {
    let materials = room.draft.content.materials.clone();
    if room.case.stage != Stage::Correcting {
        return CaseCommand::SupplySupplement { materials };
    }
    let answers = (!room.draft.content.answers.is_empty()).then(|| {
        Personal::new(
            room.case.applicant.person,
            Value::Object(room.merged_answers()),
        )
    });
    CaseCommand::SupplyCorrection {
        answers,
        materials,
        counted: None,
    }
}

/// What stands in the way of handing in.
async fn problems(
    rooms: &Rooms,
    caller: &Caller,
    room: &Room,
    partly: bool,
) -> Result<FieldErrors, Failure> {
    let page = &caller.page;
    let mut errors = FieldErrors::new();
    let answered = room.wanted.len() - room.open_count();
    if answered == 0 {
        errors.add("partly", page.t("还没有补任何内容，请先补好再提交。"));
        return Ok(errors);
    }
    if room.case.stage == Stage::Correcting && room.open_count() > 0 && !partly {
        errors.add(
            "partly",
            page.tf(
                "还有 {count} 项没有补。补齐再提交；确实补不了的，请勾选下面一栏。",
                &[("count", &room.open_count())],
            ),
        );
    }
    let lists = rooms.directory.villages(caller.region).await?;
    let wrong = room
        .form
        .check_all(&room.merged_answers(), &lists, &page.translator);
    // Only what was changed here can be mended here.
    for error in &wrong {
        let field = room.form.field(&error.field);
        let staged = &room.draft.content.answers;
        if field.is_some_and(|field| staged.contains_key(&field.name) || field.is_signature()) {
            errors.add(error.field.clone(), error.message.clone());
        }
    }
    Ok(errors)
}
