//! The two forms that hand results over together: to a receiver at the counter, or in one parcel.

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_cases::model::{AtCounter, Authorisation};
use wuchuang_kernel::CommandId;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, markup::Choice};

use super::joint::{LIST, Typed, found, show};
use crate::{
    delivering::{self, Ready, Way},
    rooms::BundleRooms,
};

/// What was typed to hand results over.
#[derive(Debug, Default, Deserialize)]
pub(super) struct DeliverForm {
    #[serde(default)]
    command_id: String,
    /// `post` for a parcel.
    #[serde(default)]
    pub(super) method: String,
    #[serde(default)]
    pub(super) receiver: String,
    #[serde(default)]
    pub(super) on_behalf: String,
    #[serde(default)]
    pub(super) receiver_number: String,
    #[serde(default)]
    pub(super) authorisation: String,
    #[serde(default)]
    pub(super) carrier: String,
    #[serde(default)]
    pub(super) tracking: String,
}

impl DeliverForm {
    fn way(&self) -> Way<'_> {
        if self.method == "post" {
            return Way::Post {
                carrier: &self.carrier,
                tracking: &self.tracking,
            };
        }
        Way::Counter(AtCounter {
            name: &self.receiver,
            on_behalf: self.on_behalf == "true",
            number: &self.receiver_number,
            authorisation: &self.authorisation,
        })
    }
}

/// What can be handed over on the page of an application.
pub(super) struct DeliverSection<'a> {
    /// All that are ready.
    pub(super) ready: Vec<String>,
    /// Those that go by post.
    pub(super) posted: Vec<String>,
    /// Where they are sent.
    pub(super) address: String,
    pub(super) form: &'a DeliverForm,
    pub(super) authorisations: Vec<Choice>,
}

impl<'a> DeliverSection<'a> {
    /// `None` when nothing is ready.
    pub(super) fn of(ready: &[Ready], form: &'a DeliverForm) -> Option<Self> {
        if ready.is_empty() {
            return None;
        }
        let posted = ready.iter().filter(|one| one.address().is_some());
        let address = ready.iter().find_map(Ready::address);
        Some(Self {
            ready: ready.iter().map(|one| one.title().to_owned()).collect(),
            posted: posted.map(|one| one.title().to_owned()).collect(),
            address: address.unwrap_or_default().to_owned(),
            form,
            authorisations: Authorisation::ALL
                .into_iter()
                .map(|paper| Choice::new(paper.code(), paper.name()))
                .collect(),
        })
    }
}

/// Hands over everything that is ready, or sends what goes by post.
pub(super) async fn deliver(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(joint): Path<String>,
    Form(form): Form<DeliverForm>,
) -> Result<Response, Failure> {
    let (id, joint) = found(&rooms, &caller, &joint).await?;
    let key = form.command_id.parse::<CommandId>();
    let key = key.unwrap_or_else(|_| caller.order(None, Expected::Existing).command_id);
    let done =
        |count: usize| Redirect::to(&format!("{LIST}/{id}?delivered={count}")).into_response();
    let went = delivering::went(&rooms, &caller, &joint, key).await?;
    let cases = delivering::cases(&rooms, &caller, &joint).await?;
    let ready = delivering::ready(&caller, &joint, &cases);
    match delivering::deeds(&ready, &form.way()) {
        Ok(deeds) => {
            let count = went.len() + deeds.len();
            delivering::hand_over(&rooms, &caller, deeds, key).await?;
            Ok(done(count))
        }
        Err(_) if !went.is_empty() => Ok(done(went.len())),
        Err(refusals) => {
            let mut errors = FieldErrors::new();
            for refusal in refusals {
                let field = refusal.field.as_deref().unwrap_or("receiver").to_owned();
                errors.add(field, refusal.public.into_owned());
            }
            let typed = Typed {
                deliver: form,
                ..Typed::default()
            };
            let page = show(&rooms, &caller, (id, &joint), &typed, &errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
