//! What the handlers of this slice share, and the questions that all of them ask.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use moka::sync::Cache;
use wuchuang_access::{CitizenEntry, Directory};
use wuchuang_cases::{
    Cases,
    model::Case,
    rooms::CaseRooms,
    store::{CaseRow, HistoryRow},
};
use wuchuang_catalogue::{Catalogue, model::ItemVersion};
use wuchuang_kernel::{CaseId, ItemId, PersonId, china_date};
use wuchuang_ledger::StorageError;
use wuchuang_licences::Licences;
use wuchuang_search::{GuideQuery, Page};
use wuchuang_webkit::{Caller, Failure, assets::qr_svg, forms::Form};

use crate::entry::number_of_day;

/// How many parsed forms are kept at hand.
const FORMS_AT_HAND: u64 = 2_000;
/// How many items are offered: as many as there are digit keys.
const CANDIDATES_MAX: usize = 9;

/// What the handlers share. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct Rooms {
    pub(crate) desk: CaseRooms,
    pub(crate) catalogue: Catalogue,
    pub(crate) licences: Licences,
    forms: Cache<(ItemId, u32), Arc<Form>>,
    /// Where a case is rated: the ratings stand above the windows, so the roof carries the path here.
    pub(crate) rate_path: Option<Arc<dyn Fn(CaseId) -> String + Send + Sync>>,
}

impl Rooms {
    pub(crate) fn new(desk: CaseRooms, catalogue: Catalogue, licences: Licences) -> Self {
        Self {
            desk,
            catalogue,
            licences,
            forms: Cache::new(FORMS_AT_HAND),
            rate_path: None,
        }
    }

    /// The code that the applicant scans to rate a service that has ended, as a drawing; `None` while there is nothing to
    /// rate, and afterwards.
    pub(crate) fn rate_code(&self, caller: &Caller, id: CaseId, case: &Case) -> Option<String> {
        let drawing = qr_svg(&self.rate_address(caller, id, case)?)?;
        // Inside a page the drawing stands without the head of a file of its own.
        let start = drawing.find("<svg")?;
        Some(drawing[start..].to_owned())
    }

    /// Where a service that has ended is rated by its code; `None` while there is nothing to rate, and afterwards.
    pub(crate) fn rate_address(&self, caller: &Caller, id: CaseId, case: &Case) -> Option<String> {
        let path = self.rate_path.as_ref()?;
        (case.stage.is_over() && !case.rated)
            .then(|| format!("{}{}?via=qr", caller.page.site.origin, path(id)))
    }

    pub(crate) fn cases(&self) -> &Cases {
        &self.desk.cases
    }

    pub(crate) fn directory(&self) -> &Directory {
        &self.desk.directory
    }

    /// The item as it is in force today.
    pub(crate) async fn item(
        &self,
        caller: &Caller,
        item: ItemId,
    ) -> Result<Arc<ItemVersion>, Failure> {
        let today = china_date(caller.now);
        self.catalogue
            .in_force(caller.region, item, today)
            .await?
            .ok_or_else(Failure::not_found)
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

    /// The items that a word or initials may mean, best first.
    pub(crate) fn candidates(&self, text: &str) -> Result<Vec<Arc<ItemVersion>>, Failure> {
        let hits = self
            .catalogue
            .search(&GuideQuery {
                text: text.to_owned(),
                page: Page::new(0, CANDIDATES_MAX),
                ..GuideQuery::default()
            })
            .map_err(Failure::internal)?;
        Ok(hits
            .hits
            .iter()
            .filter_map(|hit| hit.id.parse().ok())
            .filter_map(|item| self.catalogue.published(item))
            .collect())
    }

    /// The citizen at the counter.
    pub(crate) async fn citizen(
        &self,
        caller: &Caller,
        person: PersonId,
    ) -> Result<CitizenEntry, Failure> {
        self.directory()
            .citizen(caller.region, person)
            .await?
            .ok_or_else(Failure::not_found)
    }

    /// The case of today with a serial. The serial counts over all departments, so one look-up by
    /// number for each department finds it; there is no search through all cases.
    pub(crate) async fn case_of_today(
        &self,
        caller: &Caller,
        serial: &str,
    ) -> Result<Option<CaseRow>, StorageError> {
        let today = china_date(caller.now);
        let county = caller.region.county();
        for organisation in self.directory().organisations(caller.region).await? {
            if organisation.short_code.is_empty() {
                continue;
            }
            let number = number_of_day(county.as_str(), &organisation.short_code, today, serial);
            if let Some(row) = self.cases().row_by_number(caller.region, &number).await? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// A case that the visitor may read, or that they have handled at the counter: its slips are
    /// printed there although it has gone on to the department.
    pub(crate) async fn handled(&self, caller: &Caller, id: CaseId) -> Result<Box<Case>, Failure> {
        let case = self.cases().get(caller.region, id).await?;
        if self.may_open(caller, &case, id).await? {
            return Ok(case);
        }
        if self.has_handled(caller, id).await? {
            Ok(case)
        } else {
            Err(Failure::forbidden("case_open"))
        }
    }

    /// Whether the visitor has handled a case at the counter, with its applicant before them.
    pub(crate) async fn has_handled(&self, caller: &Caller, id: CaseId) -> Result<bool, Failure> {
        let me = caller.visitor.person().ok_or_else(Failure::sign_in)?;
        let history = self.cases().history(caller.region, id).await?;
        let mut actors = history.iter().filter_map(HistoryRow::counter_actor);
        Ok(actors.any(|actor| actor.person == Some(me)))
    }

    /// Whether the visitor may open the case's page.
    pub(crate) async fn may_open(
        &self,
        caller: &Caller,
        case: &Case,
        id: CaseId,
    ) -> Result<bool, Failure> {
        let resource = self.desk.resource(caller, case, id).await?;
        Ok(caller.may("case_open", &resource))
    }
}

/// A rendered page.
pub(crate) fn html(template: &impl Template) -> Result<Response, Failure> {
    let html = template.render().map_err(Failure::internal)?;
    Ok(Html(html).into_response())
}

/// A rendered page that shows what is wrong with what was sent; what was typed is still there.
pub(crate) fn html_again(template: &impl Template) -> Result<Response, Failure> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(template)?).into_response())
}

/// An identifier from an address.
pub(crate) fn id<T: std::str::FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
