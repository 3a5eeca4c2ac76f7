//! What is typed in an organisation's form, and its check against the other organisations.

use wuchuang_kernel::{OrganisationId, Region};
use wuchuang_webkit::{Failure, forms::FieldErrors};

use super::answers::Answers;
use crate::{
    model::organisation::{OrganisationDetails, OrganisationKind},
    rooms::Rooms,
    store::Organisation,
};

/// What the form shows: what was typed or sent, or what is stored.
#[derive(Default)]
pub(crate) struct Typed {
    pub(crate) title: String,
    pub(crate) short_code: String,
    pub(crate) kind: String,
    pub(crate) credit_code: String,
    pub(crate) place: String,
    pub(crate) parent: String,
    pub(crate) phone: String,
    pub(crate) address: String,
}

/// What was typed, cut to what a field takes.
pub(super) fn typed(answers: &Answers) -> Typed {
    let text = |name| answers.text(name).to_owned();
    Typed {
        title: text("name"),
        short_code: text("short_code"),
        kind: text("kind"),
        credit_code: text("credit_code"),
        place: text("place"),
        parent: text("parent"),
        phone: text("phone"),
        address: text("address"),
    }
    .cut()
}

impl Typed {
    /// The same without blanks around it, cut to what a field takes.
    pub(crate) fn cut(self) -> Self {
        let text = |text: &str| text.trim().chars().take(200).collect();
        Self {
            title: text(&self.title),
            short_code: self
                .short_code
                .trim()
                .to_uppercase()
                .chars()
                .take(20)
                .collect(),
            kind: text(&self.kind),
            credit_code: text(&self.credit_code),
            place: text(&self.place),
            parent: text(&self.parent),
            phone: text(&self.phone),
            address: text(&self.address),
        }
    }
}

/// The details that were typed, checked against the other organisations.
pub(super) async fn details(
    rooms: &Rooms,
    region: Region,
    own: Option<OrganisationId>,
    typed: &Typed,
) -> Result<Result<OrganisationDetails, FieldErrors>, Failure> {
    let mut errors = FieldErrors::new();
    let kind = OrganisationKind::from_code(&typed.kind);
    if kind.is_none() {
        errors.add("kind", "请选择机构类型。");
    }
    let place = typed.place.parse::<Region>();
    if place.is_err() {
        errors.add("place", "请选择服务区域。");
    }
    let parent = Some(typed.parent.as_str()).filter(|parent| !parent.is_empty());
    let parent = parent.and_then(|parent| parent.parse::<OrganisationId>().ok());
    let all = rooms.directory.organisations(region).await?;
    let others = || {
        all.iter()
            .filter(|other| Some(other.id) != own && other.is_active)
    };
    if let Some(other) = others().find(|other| other.short_code == typed.short_code) {
        errors.add(
            "short_code",
            format!("简码{}已由{}使用，请换一个。", other.short_code, other.name),
        );
    }
    if let Some(other) = others().find(|other| other.name == typed.title) {
        errors.add(
            "name",
            format!("已经有名为“{}”的机构，请检查是否重复登记。", other.name),
        );
    }
    if is_circle(&all, own, parent) {
        errors.add("parent", "上级机构不能是它自己的下级，请重新选择。");
    }
    let (Some(kind), Ok(place), true) = (kind, place, errors.is_empty()) else {
        return Ok(Err(errors));
    };
    Ok(Ok(OrganisationDetails {
        name: typed.title.clone(),
        short_code: typed.short_code.clone(),
        kind,
        credit_code: typed.credit_code.clone(),
        place,
        parent,
        phone: typed.phone.clone(),
        address: typed.address.clone(),
    }))
}

/// Whether an organisation would come to stand above itself.
fn is_circle(
    all: &[Organisation],
    own: Option<OrganisationId>,
    parent: Option<OrganisationId>,
) -> bool {
    let Some(own) = own else {
        return false;
    };
    let mut next = parent;
    for _ in 0..=all.len() {
        match next {
            None => return false,
            Some(above) if above == own => return true,
            Some(above) => {
                next = all
                    .iter()
                    .find(|one| one.id == above)
                    .and_then(|one| one.parent);
            }
        }
    }
    true
}
