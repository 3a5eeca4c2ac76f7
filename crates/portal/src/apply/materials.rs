//! The list of materials: what is there, what is missing, what may follow later.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;
use wuchuang_cases::model::Material;
use wuchuang_catalogue::model::{ItemContent, ItemMaterial};
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, markup::Tone, page::PageContext};

use super::{
    Application, Place, Way, attach, gone,
    steps::{self, Step},
};
use crate::{
    my::promised::is_made,
    rooms::{Rooms, html_checked},
};

/// How a material stands in an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is there.
    Given,
    /// It may follow after acceptance (容缺受理).
    MayFollow,
    /// It is needed in some situations only.
    NotRequired,
    /// It must be there.
    Missing,
}

impl Standing {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Given => "已交",
            Self::MayFollow => "可容缺，受理后再补",
            Self::NotRequired => "没有可以不交",
            Self::Missing => "未交",
        }
    }

    pub(super) const fn tone(self) -> Tone {
        match self {
            Self::Given => Tone::Good,
            Self::MayFollow | Self::NotRequired => Tone::Plain,
            Self::Missing => Tone::Warning,
        }
    }
}

/// The standing of one of the item's materials.
pub(super) fn standing(
    content: &ItemContent,
    wanted: &ItemMaterial,
    given: &[Material],
) -> Standing {
    if given_for(given, &wanted.id).is_some() {
        Standing::Given
    } else if !wanted.is_required() {
        Standing::NotRequired
    } else if content.conditional_acceptance_allowed && !content.is_instant() && wanted.may_follow()
    {
        Standing::MayFollow
    } else {
        Standing::Missing
    }
}

/// What was given for one of the item's materials.
pub(super) fn given_for<'a>(given: &'a [Material], id: &str) -> Option<&'a Material> {
    given
        .iter()
        .find(|material| material.requirement.as_deref() == Some(id))
}

struct Row {
    id: String,
    name: String,
    note: String,
    path: String,
    standing: Standing,
    source: String,
    file_count: usize,
}

#[derive(Template)]
#[template(path = "portal/apply/materials.html")]
struct MaterialsPage<'a> {
    page: &'a PageContext,
    step_words: String,
    saved: String,
    rows: Vec<Row>,
    action: String,
    back: Option<String>,
    may_follow: bool,
    /// Materials could follow or be promised, but a bad-credit record stands.
    is_barred: bool,
    errors: &'a FieldErrors,
}

/// Whether an item takes applicants at their word.
const fn trusts(content: &ItemContent) -> bool {
    content.conditional_acceptance_allowed || content.commitment_allowed
}

fn show(
    caller: &Caller,
    application: &Application,
    way: &Way,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = application
        .page(caller, "材料")
        .with_errors(!errors.is_empty());
    let walk = application.walk();
    let content = &application.item.content;
    let given = &application.draft.content.materials;
    let rows: Vec<Row> = attach::listed(application)
        .map(|wanted| {
            let there = given_for(given, &wanted.id);
            Row {
                id: wanted.id.clone(),
                name: wanted.name.clone(),
                note: wanted.note.clone(),
                path: format!(
                    "{}/materials/{}{}",
                    application.path(),
                    wanted.id,
                    way.query()
                ),
                standing: standing(content, wanted, given),
                source: there.map_or_else(String::new, |material| material.source.text()),
                file_count: there.map_or(0, |material| material.files.len()),
            }
        })
        .collect();
    let template = MaterialsPage {
        step_words: steps::words(&page, &walk.place(Step::Materials)),
        saved: application.saved(caller),
        may_follow: rows.iter().any(|row| row.standing == Standing::MayFollow),
        is_barred: application.is_barred && trusts(&application.in_force.content),
        rows,
        action: format!("{}{}", application.path_of(Step::Materials), way.query()),
        back: walk
            .before(Step::Materials)
            .map(|before| application.path_of(before)),
        page: &page,
        errors,
    };
    html_checked(&template, errors)
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<Place>,
    Query(way): Query<Way>,
) -> Result<Response, Failure> {
    match Application::open(&rooms, &caller, &place).await? {
        Some(application) => show(&caller, &application, &way, &FieldErrors::new()),
        None => Ok(gone()),
    }
}

/// What keeps the application from being complete, by material.
pub(super) fn missing(page: &PageContext, application: &Application) -> FieldErrors {
    let content = &application.item.content;
    let mut errors = FieldErrors::new();
    for wanted in &content.materials {
        let standing = standing(content, wanted, &application.draft.content.materials);
        if standing == Standing::Missing {
            errors.add(
                wanted.id.clone(),
                page.tf(
                    "请上传“{material}”（缺少它不能受理）",
                    &[("material", &wanted.name)],
                ),
            );
        } else if application.is_barred
            && given_for(&application.draft.content.materials, &wanted.id).is_some_and(is_made)
        {
            errors.add(
                wanted.id.clone(),
                page.tf(
                    "“{name}”不能用承诺书代替：您有还没有修复的失信记录，请上传材料。",
                    &[("name", &wanted.name)],
                ),
            );
        }
    }
    errors
}

/// A form that holds nothing but its key.
#[derive(Debug, Deserialize)]
pub(crate) struct KeyForm {}

pub(crate) async fn go_on(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<Place>,
    Query(way): Query<Way>,
    Form(KeyForm {}): Form<KeyForm>,
) -> Result<Response, Failure> {
    let Some(application) = Application::open(&rooms, &caller, &place).await? else {
        return Ok(gone());
    };
    // What the form asks for in its place is missed there.
    let errors = missing(&caller.page, &application);
    let of_list = errors.iter();
    let of_list = of_list.filter(|error| application.form.attachment(&error.field).is_none());
    let errors: FieldErrors = of_list.cloned().collect();
    if !errors.is_empty() {
        return show(&caller, &application, &way, &errors);
    }
    Ok(application.next(Step::Materials, &way))
}

#[cfg(test)]
mod tests {
    use wuchuang_catalogue::model::Necessity;
    use wuchuang_codes::HandlingKind;

    use super::*;

    fn material(necessity: Necessity, tolerable: bool) -> ItemMaterial {
        ItemMaterial {
            id: "m1".into(),
            necessity,
            tolerable,
            ..ItemMaterial::default()
        }
    }

    #[test]
    fn only_what_the_item_tolerates_may_follow() {
        use Standing::{MayFollow, Missing, NotRequired};
        let table = [
            (
                Necessity::Required,
                false,
                true,
                HandlingKind::Standard,
                Missing,
            ),
            (
                Necessity::Required,
                true,
                true,
                HandlingKind::Standard,
                MayFollow,
            ),
            (
                Necessity::Required,
                true,
                false,
                HandlingKind::Standard,
                Missing,
            ),
            // What is decided on the spot has no time in which anything could follow.
            (
                Necessity::Required,
                true,
                true,
                HandlingKind::Instant,
                Missing,
            ),
            (
                Necessity::SupplementLater,
                false,
                true,
                HandlingKind::Standard,
                MayFollow,
            ),
            (
                Necessity::NotRequired,
                false,
                false,
                HandlingKind::Standard,
                NotRequired,
            ),
        ];
        for (necessity, tolerable, allowed, handling, expected) in table {
            let content = ItemContent {
                conditional_acceptance_allowed: allowed,
                handling,
                ..ItemContent::default()
            };
            let wanted = material(necessity, tolerable);
            assert_eq!(
                standing(&content, &wanted, &[]),
                expected,
                "{necessity:?} {tolerable} {allowed} {handling:?}"
            );
        }
    }
}
