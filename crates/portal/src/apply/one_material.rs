//! One material: uploaded from the phone's camera or as a file, or taken from what the house has.

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_cases::model::{CommitmentText, FileReference, Material, MaterialSource};
use wuchuang_catalogue::model::ItemMaterial;
use wuchuang_kernel::MaterialId;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, markup::FileView, page::PageContext};

use super::{
    Application, Place, Way, attach, commitment, gone,
    materials::{Standing, given_for, standing},
    reuse::{self, Offer, offers},
    steps::Step,
};
use crate::{
    my::files,
    rooms::{Rooms, html_checked},
    uploads::{self, FILES_MAX, file_count},
};

/// `(item, draft, material)`.
pub(super) type MaterialPlace = (String, String, String);

#[derive(Template)]
#[template(path = "portal/apply/one_material.html")]
struct MaterialPage<'a> {
    page: &'a PageContext,
    wanted: &'a ItemMaterial,
    standing: Standing,
    files: Vec<FileView>,
    source: String,
    offers: Vec<Offer>,
    commitment: Option<CommitmentText>,
    is_promised: bool,
    /// A promise would be possible, but a bad-credit record stands.
    is_barred: bool,
    path: String,
    /// Whether the form asks for it in its place, and not the list.
    is_in_form: bool,
    way: &'static str,
    list: String,
    errors: &'a FieldErrors,
}

pub(super) async fn open(
    rooms: &Rooms,
    caller: &Caller,
    (item, draft, material): MaterialPlace,
) -> Result<Option<(Application, ItemMaterial)>, Failure> {
    let Some(application) = Application::open(rooms, caller, &(item, draft)).await? else {
        return Ok(None);
    };
    let wanted = application
        .item
        .content
        .material(&material)
        .cloned()
        .ok_or_else(Failure::not_found)?;
    Ok(Some((application, wanted)))
}

pub(super) async fn show(
    rooms: &Rooms,
    caller: &Caller,
    (application, wanted): (&Application, &ItemMaterial),
    way: &Way,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let group = attach::group_of(application, &wanted.id);
    let step = group.map_or(Step::Materials, Step::Group);
    let list = format!("{}{}", application.path_of(step), way.query());
    let above = group.and_then(|group| application.form.groups().get(group));
    let page = application
        .page(caller, &wanted.name)
        .under(above.map_or("材料", String::as_str), &list)
        .with_errors(!errors.is_empty());
    let given = &application.draft.content.materials;
    let there = given_for(given, &wanted.id);
    let path = format!("{}/materials/{}", application.path(), wanted.id);
    let folder = format!("{}/files", application.path());
    let remove = format!("{path}/remove");
    let template = MaterialPage {
        standing: standing(&application.item.content, wanted, given),
        files: there.map_or_else(Vec::new, |material| {
            files::views(material, &folder, Some(&remove))
        }),
        source: there
            .filter(|material| material.source != MaterialSource::Uploaded)
            .map_or_else(String::new, |material| material.source.text()),
        offers: offers(rooms, caller, application, wanted).await?,
        commitment: commitment::text_for(application, wanted),
        is_promised: there.is_some_and(commitment::is_made),
        is_barred: application.is_barred
            && application.in_force.content.commitment_allowed
            && wanted.by_commitment,
        page: &page,
        wanted,
        path,
        is_in_form: group.is_some(),
        way: way.query(),
        list,
        errors,
    };
    html_checked(&template, errors)
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<MaterialPlace>,
    Query(way): Query<Way>,
) -> Result<Response, Failure> {
    let Some((application, wanted)) = open(&rooms, &caller, place).await? else {
        return Ok(gone());
    };
    let mut errors = FieldErrors::new();
    for material in reuse::of_another(&rooms, &caller, &application).await? {
        if material.requirement.as_ref() == Some(&wanted.id) {
            errors.add("files", reuse::told(&caller.page, material));
        }
    }
    show(&rooms, &caller, (&application, &wanted), &way, &errors).await
}

pub(crate) async fn upload(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<MaterialPlace>,
    Query(way): Query<Way>,
    multipart: Multipart,
) -> Result<Response, Failure> {
    let Some((mut application, wanted)) = open(&rooms, &caller, place).await? else {
        return Ok(gone());
    };
    let person = application.person;
    let left = FILES_MAX.saturating_sub(file_count(&application.draft.content.materials));
    let received = uploads::receive(&rooms, &caller, person, multipart, left).await?;
    if !received.files.is_empty() {
        let id = MaterialId::generate(caller.now, rooms.ledger.randomness().as_ref());
        take(
            &mut application.draft.content.materials,
            &wanted,
            id,
            received.files,
        );
        application.save(&rooms, &caller).await?;
    }
    let Some(refused) = received.refused else {
        return Ok(back_here(&application, &wanted, &way));
    };
    let mut errors = FieldErrors::new();
    errors.add("files", refused.0);
    show(&rooms, &caller, (&application, &wanted), &way, &errors).await
}

/// Puts files to those that were uploaded before for the same requirement; anything else that was given for it they
/// replace.
pub(super) fn take(
    materials: &mut Vec<Material>,
    wanted: &ItemMaterial,
    id: MaterialId,
    files: Vec<FileReference>,
) {
    let known = materials.iter_mut().find(|material| {
        material.requirement.as_ref() == Some(&wanted.id)
            && material.source == MaterialSource::Uploaded
    });
    if let Some(known) = known {
        for file in files {
            uploads::add(&mut known.files, file);
        }
        return;
    }
    let material = Material {
        id,
        requirement: Some(wanted.id.clone()),
        name: wanted.name.clone(),
        source: MaterialSource::Uploaded,
        files,
    };
    replace(materials, material);
}

/// A material takes the place of the one given before for the same requirement.
pub(super) fn replace(materials: &mut Vec<Material>, material: Material) {
    materials.retain(|old| old.requirement != material.requirement);
    materials.push(material);
}

pub(super) fn back_here(application: &Application, wanted: &ItemMaterial, way: &Way) -> Response {
    let path = format!(
        "{}/materials/{}{}",
        application.path(),
        wanted.id,
        way.query()
    );
    Redirect::to(&path).into_response()
}

#[derive(Debug, Deserialize)]
pub(crate) struct ReuseForm {
    #[serde(default)]
    offer: String,
}

pub(crate) async fn reuse(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<MaterialPlace>,
    Query(way): Query<Way>,
    Form(form): Form<ReuseForm>,
) -> Result<Response, Failure> {
    let Some((mut application, wanted)) = open(&rooms, &caller, place).await? else {
        return Ok(gone());
    };
    // Only what was offered can be taken, so that nobody takes another person's file by its hash.
    let offered = offers(&rooms, &caller, &application, &wanted).await?;
    let Some(offer) = offered.into_iter().find(|offer| offer.key == form.offer) else {
        let mut errors = FieldErrors::new();
        errors.add("offer", caller.page.t("请选择一份，或者上传新的。"));
        return show(&rooms, &caller, (&application, &wanted), &way, &errors).await;
    };
    replace(
        &mut application.draft.content.materials,
        offer.into_material(),
    );
    application.save(&rooms, &caller).await?;
    Ok(back_here(&application, &wanted, &way))
}

/// `(item, draft, material, file)`.
type FilePlace = (String, String, String, String);

pub(crate) async fn remove(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((item, draft, material, file)): Path<FilePlace>,
    Query(way): Query<Way>,
) -> Result<Response, Failure> {
    let Some((mut application, wanted)) = open(&rooms, &caller, (item, draft, material)).await?
    else {
        return Ok(gone());
    };
    let materials = &mut application.draft.content.materials;
    for material in materials
        .iter_mut()
        .filter(|material| material.requirement.as_ref() == Some(&wanted.id))
    {
        material.files.retain(|kept| kept.sha256 != file);
    }
    materials.retain(|material| {
        !material.files.is_empty() || material.requirement.as_ref() != Some(&wanted.id)
    });
    application.save(&rooms, &caller).await?;
    Ok(back_here(&application, &wanted, &way))
}

pub(crate) async fn download(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((item, draft, file)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let place: Place = (item, draft);
    let Some(application) = Application::open(&rooms, &caller, &place).await? else {
        return Ok(gone());
    };
    let file = files::file_of(&application.draft.content.materials, &file)
        .ok_or_else(Failure::not_found)?;
    files::serve(&rooms, file).await
}
