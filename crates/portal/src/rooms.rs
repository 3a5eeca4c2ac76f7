//! What the handlers of this slice share, and the small tools that all of them use.

use std::{ops::Deref, sync::Arc};

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use moka::sync::Cache;
use wuchuang_access::{CitizenEntry, Directory};
use wuchuang_bundles::Bundles;
use wuchuang_cases::{Cases, model::Case};
use wuchuang_catalogue::{Catalogue, model::ItemVersion};
use wuchuang_delegations::Delegations;
use wuchuang_kernel::{CaseId, ItemId, PersonId};
use wuchuang_ledger::Ledger;
use wuchuang_licences::Licences;
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::{FieldErrors, Form},
    throttle::BehindProxy,
};

use crate::{PortalOptions, RatePath};

/// How many parsed forms are kept at hand.
const FORMS_AT_HAND: u64 = 2_000;

/// What the handlers share. Each request copies it several times, so it is one pointer to what it holds.
#[derive(Clone)]
pub(crate) struct Rooms(Arc<Parts>);

/// What the handlers hold.
pub(crate) struct Parts {
    pub(crate) ledger: Ledger,
    pub(crate) cases: Cases,
    pub(crate) catalogue: Catalogue,
    pub(crate) delegations: Delegations,
    pub(crate) bundles: Bundles,
    pub(crate) licences: Licences,
    pub(crate) directory: Directory,
    pub(crate) behind_proxy: bool,
    pub(crate) rate_path: RatePath,
    forms: Cache<(ItemId, u32), Arc<Form>>,
}

impl Deref for Rooms {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl BehindProxy for Rooms {
    fn is_behind_proxy(&self) -> bool {
        self.behind_proxy
    }
}

impl Rooms {
    pub(crate) fn new(options: PortalOptions) -> Self {
        Self(Arc::new(Parts {
            ledger: options.cases.ledger().clone(),
            cases: options.cases,
            catalogue: options.catalogue,
            delegations: options.delegations,
            bundles: options.bundles,
            licences: options.licences,
            directory: options.directory,
            behind_proxy: options.behind_proxy,
            rate_path: options.rate_path,
            forms: Cache::new(FORMS_AT_HAND),
        }))
    }

    /// The item as it is in force today.
    pub(crate) fn item(&self, item: &str) -> Result<Arc<ItemVersion>, Failure> {
        let id: ItemId = item.parse().map_err(|_| Failure::not_found())?;
        self.catalogue.published(id).ok_or_else(Failure::not_found)
    }

    /// The version that a running case began with.
    pub(crate) async fn version(
        &self,
        item: ItemId,
        version: u32,
    ) -> Result<Arc<ItemVersion>, Failure> {
        self.catalogue
            .version(item, version)
            .await?
            .ok_or_else(|| Failure::internal("a case names a version that is not there"))
    }

    /// The form of a version, parsed once.
    pub(crate) fn form(&self, version: &ItemVersion) -> Result<Arc<Form>, Failure> {
        let key = (version.id, version.version);
        if let Some(form) = self.forms.get(&key) {
            return Ok(form);
        }
        let form = Form::parse(&version.content.form_text()).map_err(Failure::internal)?;
        let form = Arc::new(form);
        self.forms.insert(key, Arc::clone(&form));
        Ok(form)
    }

    /// Where a service that has ended is rated from a page; `None` while there is nothing to rate, and afterwards.
    pub(crate) fn rate_link(&self, id: CaseId, case: &Case) -> Option<String> {
        (case.stage.is_over() && !case.rated).then(|| format!("{}?via=web", (self.rate_path)(id)))
    }

    /// The citizen who asks, with what the house knows of them.
    pub(crate) async fn profile(&self, caller: &Caller) -> Result<CitizenEntry, Failure> {
        self.directory
            .citizen(caller.region, person(caller)?)
            .await?
            .ok_or_else(Failure::sign_in)
    }
}

/// The citizen who asks. Routes that only citizens may use still say so here, because the compiler
/// cannot know it.
pub(crate) fn person(caller: &Caller) -> Result<PersonId, Failure> {
    caller
        .visitor
        .citizen()
        .map(|citizen| citizen.person)
        .ok_or_else(Failure::sign_in)
}

/// Something of this person's.
pub(crate) fn owned(kind: &'static str, owner: PersonId) -> Resource {
    Resource {
        kind,
        owner: Some(owner),
        ..Resource::default()
    }
}

/// A rendered page.
pub(crate) fn html(template: &impl Template) -> Result<Response, Failure> {
    let html = template.render().map_err(Failure::internal)?;
    Ok(Html(html).into_response())
}

/// The page as it was asked for, or with what is wrong with what was sent; what was typed is still there.
pub(crate) fn html_checked(
    template: &impl Template,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = html(template)?;
    if errors.is_empty() {
        return Ok(page);
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
