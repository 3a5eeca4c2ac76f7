//! The documents that the law wants in writing. Each notice of a case becomes a signed PDF: a
//! reaction asks for it when the event is recorded, a job makes it, and the route makes it at once
//! when somebody is faster than the job. What it says comes from the case as it stood at that event.
//!
//! Rooms: `data` (pure: from case to document), `token` (what the QR code carries), `documents`
//! (the table and what the public may ask of it), `maker` (render, sign, keep), `seal` (whether the
//! certificate still holds), `timer` (reaction and job), `form` (申请表, which is no notice), `download` (routes).

pub mod data;
mod documents;
mod download;
mod form;
mod maker;
mod seal;
#[cfg(test)]
mod tests;
mod timer;
mod token;

pub use documents::{CaseDocument, CaseDocuments, PublicNotice};
pub use download::routes;
pub(crate) use download::{notice_file, pickup_file};
pub(crate) use form::form_file;
pub use form::form_pdf;
pub use maker::{NoticeError, NoticeMaker};
pub use seal::{SealEnded, check_seal};
pub use timer::{NoticeJob, NoticeReaction};
pub use token::notice_token;

use crate::model::NoticeKind;

/// The stored form of a kind.
pub(crate) const fn kind_code(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Receipt => "receipt",
        NoticeKind::Acceptance => "acceptance",
        NoticeKind::Correction => "correction",
        NoticeKind::NotAccepted => "not_accepted",
        NoticeKind::ConditionalAcceptance => "conditional_acceptance",
        NoticeKind::SpecialProcedure => "special_procedure",
        NoticeKind::Extension => "extension",
        NoticeKind::Granted => "granted",
        NoticeKind::Refused => "refused",
        NoticeKind::Delivery => "delivery",
        NoticeKind::Termination => "termination",
        NoticeKind::Withdrawal => "withdrawal",
    }
}

/// Reads the stored form.
pub(crate) fn kind_from_code(code: &str) -> Option<NoticeKind> {
    [
        NoticeKind::Receipt,
        NoticeKind::Acceptance,
        NoticeKind::Correction,
        NoticeKind::NotAccepted,
        NoticeKind::ConditionalAcceptance,
        NoticeKind::SpecialProcedure,
        NoticeKind::Extension,
        NoticeKind::Granted,
        NoticeKind::Refused,
        NoticeKind::Delivery,
        NoticeKind::Termination,
        NoticeKind::Withdrawal,
    ]
    .into_iter()
    .find(|kind| kind_code(*kind) == code)
}
