//! Makes documents: reads the case as it was at the notice, renders and signs away from the async
//! threads, keeps the file and its row.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::oneshot;
use wuchuang_access::Directory;
use wuchuang_catalogue::model::{ItemVersion, ServiceItem};
use wuchuang_documents::{
    Authority, DocumentError, DocumentTemplate, Documents, SignError, SignInfo, sign, when_idle,
};
use wuchuang_kernel::{CaseId, PersonId, Region};
use wuchuang_ledger::{LoadError, StorageError};
use wuchuang_webkit::{Failure, page::Site};

use crate::{
    files::{self, FileError},
    model::{Applicant, Case, CaseStream, Notice},
    service::Cases,
};

use super::{
    data::{
        NoticeFacts, SuppliedFacts, closing_data, document_of, json, pickup_data, supplied_data,
    },
    documents::{CaseDocument, CaseDocuments},
    seal::{SealEnded, check_seal},
    token::notice_token,
};

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// The case has no notice there.
    #[error("the case has no notice at version {0}")]
    Unknown(i64),
    /// The event is not the one that the notice's kind belongs to.
    #[error("the event at version {0} does not fit its notice")]
    Unfit(i64),
    /// The case or the item cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The row cannot be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The file cannot be kept or read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The template or its data is at fault: somebody must look.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// It could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The signing certificate has ended.
    #[error(transparent)]
    SealEnded(#[from] SealEnded),
    /// Whose paper it is was forgotten.
    #[error("the applicant was forgotten")]
    Forgotten,
    /// The thread that rendered was lost.
    #[error("rendering was interrupted")]
    Interrupted,
}

impl From<NoticeError> for Failure {
    fn from(error: NoticeError) -> Self {
        match error {
            NoticeError::Unknown(_) => Self::not_found(),
            NoticeError::Forgotten => files::erased(),
            NoticeError::Load(error) => error.into(),
            NoticeError::Storage(error) => error.into(),
            NoticeError::File(error) => error.into(),
            NoticeError::SealEnded(error) => error.into(),
            NoticeError::Unfit(_)
            | NoticeError::Document(_)
            | NoticeError::Sign(_)
            | NoticeError::Interrupted => Self::internal(error),
        }
    }
}

/// Makes the documents of cases. Cloning shares it.
#[derive(Clone)]
pub struct NoticeMaker {
    cases: Cases,
    directory: Directory,
    documents: Documents,
    authority: Arc<Authority>,
    pub(super) site: Arc<Site>,
    /// Whether nobody waits for what is made.
    is_idle: bool,
}

impl NoticeMaker {
    /// The maker with what the house has: cases, names of staff, templates, the county's signing
    /// certificate, names and addresses.
    pub const fn new(
        cases: Cases,
        directory: Directory,
        documents: Documents,
        authority: Arc<Authority>,
        site: Arc<Site>,
    ) -> Self {
        Self {
            cases,
            directory,
            documents,
            authority,
            site,
            is_idle: false,
        }
    }

    /// The same maker for papers that nobody waits for: it works when the processor has nothing better to do.
    #[must_use]
    pub const fn when_idle(mut self) -> Self {
        self.is_idle = true;
        self
    }

    /// Names and addresses of the house.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The made documents, for the case page and the public verification.
    pub fn kept(&self) -> CaseDocuments {
        CaseDocuments::new(self.cases.ledger().clone())
    }

    /// The document of a notice: the kept one, or made now.
    ///
    /// # Errors
    /// See [`NoticeError`].
    pub async fn ensure(
        &self,
        region: Region,
        case: CaseId,
        version: i64,
    ) -> Result<CaseDocument, NoticeError> {
        let kept = self.kept();
        if let Some(document) = kept.find(region, case, version).await? {
            return Ok(document);
        }
        let applicant = self.applicant(region, case, version).await?;
        let (notice, template, data) = self.describe(region, case, version).await?;
        let reason = notice.kind.name().to_owned();
        let pdf = self
            .render_signed(template, data, reason, notice.at)
            .await?;
        let sha256 = self.cases.files().put(pdf).await?;
        let token = notice_token(self.cases.ledger(), region, case, version);
        kept.keep(region, case, &notice, &token, &sha256).await?;
        // Whoever forgets a person looks for their papers after the key is erased: this one may have come later.
        let person = applicant.person;
        if self.cases.ledger().is_forgotten(region, person).await? {
            self.cases.files().remove(&sha256).await?;
            return Err(NoticeError::Forgotten);
        }
        kept.find(region, case, version)
            .await?
            .ok_or(NoticeError::Unknown(version))
    }

    /// The file of a notice's document.
    ///
    /// # Errors
    /// See [`NoticeError`].
    pub async fn pdf(
        &self,
        region: Region,
        case: CaseId,
        version: i64,
    ) -> Result<Vec<u8>, NoticeError> {
        self.applicant(region, case, version).await?;
        let document = self.ensure(region, case, version).await?;
        Ok(self.cases.files().get(&document.sha256).await?)
    }

    /// 取证单; `None` unless the result of the case waits to be handed over.
    ///
    /// # Errors
    /// See [`NoticeError`].
    pub async fn pickup(
        &self,
        region: Region,
        case: &Case,
    ) -> Result<Option<Vec<u8>>, NoticeError> {
        if case.applicant.is_forgotten() {
            return Err(NoticeError::Forgotten);
        }
        let item = self.item(region, case).await?;
        let calendar = self.cases.ledger().calendar();
        let content = item.as_ref().map(|item| &item.content);
        let Some((template, data)) = json(pickup_data(case, content, &self.site, &calendar)) else {
            return Ok(None);
        };
        Ok(Some(self.render(template, data).await?))
    }

    /// 办结凭条 with the code that rates the service; `None` unless the result of the case was handed over.
    ///
    /// # Errors
    /// See [`NoticeError`].
    pub async fn closing(
        &self,
        region: Region,
        case: &Case,
        rate_url: &str,
    ) -> Result<Option<Vec<u8>>, NoticeError> {
        if case.applicant.is_forgotten() {
            return Err(NoticeError::Forgotten);
        }
        let item = self.item(region, case).await?;
        let content = item.as_ref().map(|item| &item.content);
        let Some((template, data)) = json(closing_data(case, content, &self.site, rate_url)) else {
            return Ok(None);
        };
        Ok(Some(self.render(template, data).await?))
    }

    /// The slip for a correction or an owed paper that was handed in; `None` when the event at `version` is another one.
    ///
    /// # Errors
    /// See [`NoticeError`].
    pub async fn supplied(
        &self,
        region: Region,
        id: CaseId,
        version: i64,
    ) -> Result<Option<Vec<u8>>, NoticeError> {
        self.applicant(region, id, version).await?;
        let ledger = self.cases.ledger();
        let recorded = ledger
            .event_at::<CaseStream>(region, id.into(), version)
            .await?;
        let before = self.case_at(region, id, version - 1).await?;
        let case = self.case_at(region, id, version).await?;
        let (Some((event, actor, at)), Some(before), Some(case)) = (recorded, before, case) else {
            return Ok(None);
        };
        let item = self.item(region, &case).await?;
        let staff = actor.organisation().and(actor.person);
        let facts = SuppliedFacts {
            before: &before,
            case: &case,
            event: &event,
            at,
            actor_name: &self.staff_name(region, staff).await?,
            item: item.as_ref().map(|item| &item.content),
            site: &self.site,
        };
        match json(supplied_data(&facts)) {
            Some((template, data)) => Ok(Some(self.render(template, data).await?)),
            None => Ok(None),
        }
    }

    async fn describe(
        &self,
        region: Region,
        id: CaseId,
        version: i64,
    ) -> Result<(Notice, DocumentTemplate, Value), NoticeError> {
        let ledger = self.cases.ledger();
        let case = self
            .case_at(region, id, version)
            .await?
            .ok_or(NoticeError::Unknown(version))?;
        let notice = case
            .notices
            .iter()
            .find(|notice| notice.version == version)
            .ok_or(NoticeError::Unknown(version))?;
        let (event, actor, _) = ledger
            .event_at::<CaseStream>(region, id.into(), version)
            .await?
            .ok_or(NoticeError::Unknown(version))?;
        let before = self.case_at(region, id, version - 1).await?;
        let item = self.item(region, &case).await?;
        let staff = actor.organisation().and(actor.person);
        let facts = NoticeFacts {
            case: &case,
            before: before.as_deref(),
            event: &event,
            notice,
            actor_name: &self.staff_name(region, staff).await?,
            item: item.as_ref().map(|item| &item.content),
            site: &self.site,
            calendar: &ledger.calendar(),
            token: &notice_token(ledger, region, id, version),
        };
        let (template, data) = document_of(&facts).ok_or(NoticeError::Unfit(version))?;
        Ok((notice.clone(), template, data))
    }

    /// Whose paper it is, unless they were forgotten.
    async fn applicant(
        &self,
        region: Region,
        id: CaseId,
        version: i64,
    ) -> Result<Applicant, NoticeError> {
        let case = self.cases.find(region, id).await?;
        let applicant = case.ok_or(NoticeError::Unknown(version))?.applicant;
        if applicant.is_forgotten() {
            return Err(NoticeError::Forgotten);
        }
        Ok(applicant)
    }

    async fn case_at(
        &self,
        region: Region,
        id: CaseId,
        version: i64,
    ) -> Result<Option<Box<Case>>, LoadError> {
        let state = self
            .cases
            .ledger()
            .load_at::<CaseStream>(region, id.into(), version)
            .await?;
        Ok(state.and_then(|state| state.0.clone()))
    }

    async fn staff_name(
        &self,
        region: Region,
        staff: Option<PersonId>,
    ) -> Result<Arc<str>, StorageError> {
        match staff {
            Some(person) => self.directory.staff_name(region, person).await,
            None => Ok(Arc::from("")),
        }
    }

    pub(super) async fn item(
        &self,
        region: Region,
        case: &Case,
    ) -> Result<Option<Arc<ItemVersion>>, LoadError> {
        let loaded = self
            .cases
            .ledger()
            .load::<ServiceItem>(region, case.terms.item.into())
            .await?;
        Ok(loaded.and_then(|(_, state)| state.version(case.terms.version).cloned()))
    }

    pub(super) async fn render(
        &self,
        template: DocumentTemplate,
        data: Value,
    ) -> Result<Vec<u8>, NoticeError> {
        let documents = self.documents.clone();
        Ok(self
            .work(move || documents.render(template, &data))
            .await??)
    }

    /// A paper that is not one case's, rendered and sealed as at a moment: made again it is the same file.
    ///
    /// # Errors
    /// See [`NoticeError`].
    pub async fn render_signed(
        &self,
        template: DocumentTemplate,
        data: Value,
        reason: String,
        at: Timestamp,
    ) -> Result<Vec<u8>, NoticeError> {
        check_seal(&self.authority, self.cases.ledger().now())?;
        let pdf = self.render(template, data).await?;
        let authority = Arc::clone(&self.authority);
        let info = SignInfo {
            reason,
            location: self.site.county_name.clone(),
            // The time of the notice and not of the making: a paper that is made twice, because somebody was faster
            // or the program was killed in between, is the same file.
            signed_at: whole_second(at),
        };
        Ok(self.work(move || sign(pdf, &authority, &info)).await??)
    }

    /// Does what costs processor time beside the threads that answer requests.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NoticeError> {
        if !self.is_idle {
            let done = tokio::task::spawn_blocking(work).await;
            return done.map_err(|_| NoticeError::Interrupted);
        }
        let (tell, told) = oneshot::channel();
        when_idle(move || {
            // Who no longer listens was told to stop.
            let _gone = tell.send(work());
        });
        told.await.map_err(|_| NoticeError::Interrupted)
    }
}

/// A signature claims its time to the second.
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
