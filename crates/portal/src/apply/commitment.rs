//! 告知承诺: a written promise in the place of a material, where the item allows it. What it says is the case slice's; this
//! page shows it, asks for the promise, and lets the applicant take it back until the application is handed in.

use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;
use wuchuang_cases::model::{CommitmentText, Material, MaterialSource};
use wuchuang_catalogue::model::ItemMaterial;
use wuchuang_kernel::MaterialId;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors};

use super::{
    Application, Way, gone,
    one_material::{MaterialPlace, back_here, open, replace, show},
};
use crate::rooms::Rooms;

pub(super) use crate::my::promised::is_made;

/// What is told and promised for a material; `None` where the item does not allow a promise.
pub(super) fn text_for(application: &Application, wanted: &ItemMaterial) -> Option<CommitmentText> {
    let content = &application.item.content;
    if !content.commitment_allowed || !wanted.by_commitment {
        return None;
    }
    let text = CommitmentText::of(&content.name, &wanted.name, content.copy_days());
    let members = application.joined.iter().flat_map(|all| &all.members);
    Some(members.fold(
        text,
        |text, member| match member.copy_days_for(&wanted.id) {
            Some(days) => text.with_copy_of(&member.item.content.name, days),
            None => text,
        },
    ))
}

#[derive(Debug, Deserialize)]
pub(crate) struct CommitmentForm {
    #[serde(default)]
    promised: String,
    /// `none` when the button for taking it back was pressed.
    #[serde(default)]
    deed: String,
}

pub(crate) async fn commit(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<MaterialPlace>,
    Query(way): Query<Way>,
    Form(form): Form<CommitmentForm>,
) -> Result<Response, Failure> {
    let Some((mut application, wanted)) = open(&rooms, &caller, place).await? else {
        return Ok(gone());
    };
    let text = text_for(&application, &wanted).ok_or_else(Failure::not_found)?;
    let materials = &mut application.draft.content.materials;
    if form.deed == "none" {
        materials.retain(|old| old.requirement.as_ref() != Some(&wanted.id) || !is_made(old));
    } else if form.promised == "true" {
        let material = Material {
            id: MaterialId::generate(caller.now, rooms.ledger.randomness().as_ref()),
            requirement: Some(wanted.id.clone()),
            name: wanted.name.clone(),
            source: MaterialSource::Commitment { text: text.whole() },
            files: Vec::new(),
        };
        replace(materials, material);
    } else {
        let mut errors = FieldErrors::new();
        errors.add(
            "promised",
            caller
                .page
                .t("请先勾选，表示您看懂了告知的内容并作出承诺；不想承诺的，请在下面上传材料。"),
        );
        return show(&rooms, &caller, (&application, &wanted), &way, &errors).await;
    }
    application.save(&rooms, &caller).await?;
    Ok(back_here(&application, &wanted, &way))
}
