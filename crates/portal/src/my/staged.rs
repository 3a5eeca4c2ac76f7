//! What was answered to single wishes and not handed in yet: kept as a draft under the case's own
//! identifier, so that a bad network or a break loses nothing.

use axum::{
    RequestExt,
    extract::{FromRequest, Multipart, Path, Request, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use wuchuang_cases::{
    model::{Case, Material, MaterialSource},
    store::{Draft, DraftContent},
};
use wuchuang_kernel::{CaseId, DraftId, MaterialId};
use wuchuang_webkit::{
    Caller, Failure,
    forms::{FieldErrors, Submission},
};

use super::{
    promised,
    supply::{self, Room},
    wanted::{Subject, Wanted},
};
use crate::{
    rooms::Rooms,
    uploads::{self, FILES_MAX, Refused, file_count},
};

/// What is staged for a case; an empty draft when nothing is.
pub(super) async fn staged(
    rooms: &Rooms,
    caller: &Caller,
    id: CaseId,
    case: &Case,
) -> Result<Draft, Failure> {
    let draft = DraftId::from_u128(id.uuid().as_u128());
    let person = case.applicant.person;
    let found = rooms
        .cases
        .drafts()
        .find(caller.region, person, draft)
        .await?;
    Ok(found.unwrap_or(Draft {
        id: draft,
        person,
        item: case.terms.item,
        item_version: case.terms.version,
        content: DraftContent::default(),
        updated_at_us: caller.now.as_microsecond(),
    }))
}

/// Whether a staged material answers a wish.
pub(super) fn answers(wanted: &Wanted, material: &Material) -> bool {
    match &wanted.subject {
        Subject::Material(Some(id)) => material.requirement.as_ref() == Some(id),
        Subject::Material(None) => material.requirement.is_none() && material.name == wanted.name,
        Subject::Field(_) => false,
    }
}

/// Takes the answer to one wish: files, or a field of the form.
pub(crate) async fn take(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((case, index)): Path<(String, usize)>,
    request: Request,
) -> Result<Response, Failure> {
    let (id, mut room, wanted) = Room::with_wish(&rooms, &caller, &case, index).await?;
    let problem = match &wanted.subject {
        Subject::Material(_) => {
            let multipart = multipart(request).await?;
            take_files(&rooms, &caller, &mut room, &wanted, multipart)
                .await?
                .map(|refused| {
                    let mut errors = FieldErrors::new();
                    errors.add(format!("files-{index}"), refused.0);
                    errors
                })
        }
        Subject::Field(field) => {
            let pairs = pairs(request).await?;
            let read = read_field(&rooms, &caller, &room, field, &pairs).await?;
            if read.is_rows_changed {
                // The row that was added is shown, and kept once something is written in it.
                let shown = read.values.get(field).cloned();
                let kept = read.kept(&room.form).remove(field);
                stage(&mut room, field, kept);
                save(&rooms, &caller, &room).await?;
                stage(&mut room, field, shown);
                return supply::show(&rooms, &caller, &room, &read.errors).await;
            }
            stage(&mut room, field, read.values.get(field).cloned());
            (!read.errors.is_empty()).then_some(read.errors)
        }
    };
    if let Some(errors) = problem {
        // The files that were taken beside a refused one are kept; an answer that is wrong is only shown.
        if matches!(wanted.subject, Subject::Material(_)) {
            save(&rooms, &caller, &room).await?;
        }
        return supply::show(&rooms, &caller, &room, &errors).await;
    }
    save(&rooms, &caller, &room).await?;
    Ok(back_to(id, index))
}

pub(super) async fn save(rooms: &Rooms, caller: &Caller, room: &Room) -> Result<(), Failure> {
    Ok(rooms
        .cases
        .drafts()
        .save(caller.region, &room.draft)
        .await?)
}

/// Back to the wish that was answered.
pub(super) fn back_to(id: CaseId, index: usize) -> Response {
    Redirect::to(&format!("/my/cases/{id}/supply#wanted-{index}")).into_response()
}

async fn multipart(request: Request) -> Result<Multipart, Failure> {
    request
        .extract()
        .await
        .map_err(|_| Failure::invalid("请从补正页面选择文件后上传。"))
}

async fn pairs(request: Request) -> Result<Vec<(String, String)>, Failure> {
    // The field may come from a plain form only; a form with files has no answers in it.
    let is_plain = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| {
            kind.as_bytes()
                .starts_with(b"application/x-www-form-urlencoded")
        });
    if !is_plain {
        return Err(Failure::invalid("请从补正页面填写后保存。"));
    }
    let form = axum::Form::<Vec<(String, String)>>::from_request(request, &())
        .await
        .map_err(|_| Failure::invalid("请从补正页面填写后保存。"))?;
    Ok(form.0)
}

async fn take_files(
    rooms: &Rooms,
    caller: &Caller,
    room: &mut Room,
    wanted: &Wanted,
    multipart: Multipart,
) -> Result<Option<Refused>, Failure> {
    let person = room.case.applicant.person;
    let left = FILES_MAX.saturating_sub(file_count(&room.draft.content.materials));
    let received = uploads::receive(rooms, caller, person, multipart, left).await?;
    if received.files.is_empty() {
        return Ok(received.refused);
    }
    let materials = &mut room.draft.content.materials;
    // What is handed in takes the place of a promise.
    materials.retain(|material| !answers(wanted, material) || !promised::is_made(material));
    if let Some(known) = materials
        .iter_mut()
        .find(|material| answers(wanted, material))
    {
        for file in received.files {
            uploads::add(&mut known.files, file);
        }
        return Ok(received.refused);
    }
    let requirement = match &wanted.subject {
        Subject::Material(requirement) => requirement.clone(),
        Subject::Field(_) => None,
    };
    materials.push(Material {
        id: MaterialId::generate(caller.now, rooms.ledger.randomness().as_ref()),
        requirement,
        name: wanted.name.clone(),
        source: MaterialSource::Uploaded,
        files: received.files,
    });
    Ok(received.refused)
}

async fn read_field(
    rooms: &Rooms,
    caller: &Caller,
    room: &Room,
    field: &str,
    pairs: &[(String, String)],
) -> Result<Submission, Failure> {
    let lists = rooms.directory.villages(caller.region).await?;
    let form = room.question(field)?;
    let mut read = form.read(pairs, &lists, &caller.page.translator);
    // What is signed is the whole application, not this one question.
    form.unmark(&mut read.values);
    let answers = room.merged_answers();
    let mut names: Vec<&str> = room.form.names_in(&answers).collect();
    names.push(room.case.applicant.name.text());
    names.extend(room.case.agent.iter().map(|agent| agent.name.text()));
    let signed = form.check_signers(&read.values, (&names, false), &caller.page.translator);
    read.errors.take_in(&signed);
    Ok(read)
}

/// Stages the answer to a field. An answer taken back is an answer too.
fn stage(room: &mut Room, field: &str, value: Option<serde_json::Value>) {
    let value = value.unwrap_or(serde_json::Value::Null);
    // What was signed before is not what is handed in now.
    for signature in room.form.fields().iter().filter(|one| one.is_signature()) {
        room.draft.content.answers.remove(&signature.name);
    }
    room.draft.content.answers.insert(field.to_owned(), value);
}

/// Takes a staged file back.
pub(crate) async fn remove(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((case, index, file)): Path<(String, usize, String)>,
) -> Result<Response, Failure> {
    let (id, mut room, wanted) = Room::with_wish(&rooms, &caller, &case, index).await?;
    let materials = &mut room.draft.content.materials;
    for material in materials
        .iter_mut()
        .filter(|material| answers(&wanted, material))
    {
        material.files.retain(|kept| kept.sha256 != file);
    }
    materials.retain(|material| !material.files.is_empty() || promised::is_made(material));
    save(&rooms, &caller, &room).await?;
    Ok(back_to(id, index))
}
