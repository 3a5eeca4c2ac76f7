//! 申请表 as a PDF, to whoever may read the case's documents: in full to its applicant, who signs it, and to the counter that
//! has just received it; to everybody else with personal numbers masked.

use axum::response::Response;
use wuchuang_kernel::{CaseId, Region};
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Disclosure, Form, Lists},
};

use super::{
    NoticeError, NoticeMaker,
    data::{FormFacts, form_data, json},
    download::{READ, answer},
};
use crate::{model::Case, rooms::CaseRooms};

impl NoticeMaker {
    /// 申请表 as it stands now; `None` for an item without a form.
    ///
    /// # Errors
    /// See [`NoticeError`].
    pub async fn application_form(
        &self,
        region: Region,
        case: &Case,
        (lists, disclosure): (&dyn Lists, Disclosure),
    ) -> Result<Option<Vec<u8>>, NoticeError> {
        if case.applicant.is_forgotten() {
            return Err(NoticeError::Forgotten);
        }
        let item = self.item(region, case).await?;
        let content = item.as_ref().map(|item| &item.content);
        let form = content.and_then(|content| Form::shared(&content.form).ok());
        let Some(form) = form else {
            return Ok(None);
        };
        let facts = FormFacts {
            case,
            form: &form,
            lists,
            item: content,
            site: &self.site,
            disclosure,
        };
        match json(form_data(&facts)) {
            Some((template, data)) => Ok(Some(self.render(template, data).await?)),
            None => Ok(None),
        }
    }
}

/// The form of a case with its lists.
///
/// # Errors
/// 422 for an item without a form, 410 after the applicant was forgotten.
pub async fn form_pdf(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &Case,
    disclosure: Disclosure,
) -> Result<Vec<u8>, Failure> {
    let lists = rooms.directory.villages(caller.region).await?;
    let told = (&lists as &dyn Lists, disclosure);
    rooms
        .notices
        .application_form(caller.region, case, told)
        .await?
        .ok_or_else(|| Failure::invalid("这个事项没有申请表。"))
}

/// The form, to whoever may read the case's documents.
pub(crate) async fn form_file(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
) -> Result<Response, Failure> {
    let case = rooms.case_for(caller, id, READ).await?;
    let reader = caller.visitor.citizen();
    let disclosure = match reader {
        Some(citizen) if citizen.person == case.applicant.person => Disclosure::Full,
        _ => Disclosure::Masked,
    };
    let pdf = form_pdf(rooms, caller, &case, disclosure).await?;
    Ok(answer(pdf, &format!("{}-form.pdf", case.number)))
}
