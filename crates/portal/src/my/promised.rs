//! 告知承诺 in a correction: a promise in the place of a material that the notice asks for, where the item allows it. It is
//! staged beside the files and handed in with them; what it says is the case slice's.

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;
use wuchuang_cases::model::{CommitmentText, Material, MaterialSource, Stage};
use wuchuang_kernel::MaterialId;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors};

use super::{
    staged::{answers, back_to, save},
    supply::{self, Room},
    wanted::{Subject, Wanted},
};
use crate::rooms::Rooms;

/// What is told and promised for a wish; `None` where the item allows no promise. Whoever accepted a case under the
/// condition that a material follows expects the material.
pub(super) fn text_for(room: &Room, wanted: &Wanted) -> Option<CommitmentText> {
    let case = &room.case;
    let Subject::Material(Some(id)) = &wanted.subject else {
        return None;
    };
    let material = case.terms.material(id)?;
    (case.stage == Stage::Correcting && material.by_commitment && !room.is_barred)
        .then(|| CommitmentText::of(&case.terms.name, &material.name, case.terms.copy_days()))
}

/// Whether a promise was made for a material.
pub(crate) fn is_made(material: &Material) -> bool {
    matches!(material.source, MaterialSource::Commitment { .. })
}

#[derive(Debug, Deserialize)]
pub(crate) struct PromiseForm {
    #[serde(default)]
    promised: String,
    /// `none` when the button for taking it back was pressed.
    #[serde(default)]
    deed: String,
}

pub(crate) async fn commit(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((case, index)): Path<(String, usize)>,
    Form(form): Form<PromiseForm>,
) -> Result<Response, Failure> {
    let (id, mut room, wanted) = Room::with_wish(&rooms, &caller, &case, index).await?;
    let text = text_for(&room, &wanted).ok_or_else(Failure::not_found)?;
    let materials = &mut room.draft.content.materials;
    if form.deed == "none" {
        materials.retain(|old| !answers(&wanted, old) || !is_made(old));
    } else if form.promised == "true" {
        materials.retain(|old| !answers(&wanted, old));
        let Subject::Material(requirement) = wanted.subject else {
            return Err(Failure::not_found());
        };
        materials.push(Material {
            id: MaterialId::generate(caller.now, rooms.ledger.randomness().as_ref()),
            requirement,
            name: wanted.name,
            source: MaterialSource::Commitment { text: text.whole() },
            files: Vec::new(),
        });
    } else {
        let mut errors = FieldErrors::new();
        errors.add(
            format!("promised-{index}"),
            caller
                .page
                .t("请先勾选，表示您看懂了告知的内容并作出承诺；不想承诺的，请在下面上传材料。"),
        );
        return supply::show(&rooms, &caller, &room, &errors).await;
    }
    save(&rooms, &caller, &room).await?;
    Ok(back_to(id, index))
}
