//! 证照制作: renders the certificate, signs it with the county's authority and keeps it in the file store.
//! The document of a licence is made once; whoever asks later gets the same bytes.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use wuchuang_cases::files::{FileError, FileStore, erased};
use wuchuang_cases::model::ApplicantKind;
use wuchuang_cases::notices::{SealEnded, check_seal};
use wuchuang_documents::{
    Authority, DocumentError, Documents, SignError, SignInfo, TrustedRoots,
    data::{Certificate, Fact, Head, Seal, Verification},
    sign,
};
use wuchuang_kernel::{LicenceId, Region, china_date};
use wuchuang_ledger::{ExecuteError, Expected, Ledger, LoadError, Order, StorageError};
use wuchuang_webkit::{Failure, page::Site};

use crate::{
    model::{DocumentReference, Licence, LicenceCommand, LicenceStream},
    tokens::grouped,
};

/// What the house signs with.
#[derive(Clone)]
pub struct Press {
    /// Renders the templates.
    pub documents: Documents,
    /// Signs.
    pub authority: Arc<Authority>,
    /// Earlier authorities of the county whose documents still hold.
    pub earlier_roots: TrustedRoots,
    /// The text under the star: 行政审批专用章.
    pub seal_caption: String,
    /// Whether the authority is a test one: then the seal says so.
    pub is_test: bool,
}

impl Press {
    /// Whose signatures are the house's.
    pub fn roots(&self) -> TrustedRoots {
        self.authority
            .trusted_roots()
            .and(self.earlier_roots.clone())
    }
}

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PressError {
    /// There is no such licence.
    #[error("there is no licence {0}")]
    Unknown(LicenceId),
    /// The holder was forgotten: the document could only be made with empty lines.
    #[error("the holder of licence {0} was forgotten")]
    Forgotten(LicenceId),
    /// Rendering failed.
    #[error("the certificate cannot be rendered")]
    Document(#[from] DocumentError),
    /// Signing failed.
    #[error("the certificate cannot be signed")]
    Sign(#[from] SignError),
    /// The signing certificate has ended.
    #[error(transparent)]
    SealEnded(#[from] SealEnded),
    /// The worker thread died.
    #[error("the rendering was broken off")]
    Broken(#[from] tokio::task::JoinError),
    /// The file store failed.
    #[error("the file store failed")]
    Files(#[from] FileError),
    /// The licence cannot be read.
    #[error("the licence cannot be read")]
    Load(#[from] LoadError),
    /// Whether the holder was forgotten cannot be read.
    #[error("whether the holder was forgotten cannot be read")]
    Storage(#[from] StorageError),
    /// The document could not be noted.
    #[error("the document cannot be noted")]
    Execute(#[from] ExecuteError),
}

impl PressError {
    /// Whether trying again can help; a template with a mistake is mended by people, so it can.
    pub const fn may_pass(&self) -> bool {
        !matches!(self, Self::Unknown(_) | Self::Forgotten(_))
    }
}

impl From<PressError> for Failure {
    fn from(error: PressError) -> Self {
        match error {
            PressError::Unknown(_) => Self::not_found(),
            PressError::Forgotten(_) => erased(),
            PressError::Files(error) => error.into(),
            PressError::SealEnded(error) => error.into(),
            PressError::Load(error) => error.into(),
            PressError::Storage(error) => error.into(),
            PressError::Execute(error) => error.into(),
            other => {
                let mut text = other.to_string();
                let mut cause = std::error::Error::source(&other);
                while let Some(error) = cause {
                    text.push_str(": ");
                    text.push_str(&error.to_string());
                    cause = error.source();
                }
                Self::internal(text)
            }
        }
    }
}

/// Makes documents of licences. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Workshop {
    pub(crate) ledger: Ledger,
    pub(crate) files: FileStore,
    pub(crate) press: Press,
    pub(crate) site: Arc<Site>,
}

/// What a copy says that stands in the place of its original.
const COPY_REMARK: &str = "本证照为凭告知承诺先行发放的副本，核查属实后发给正本，编号不变。";

/// A copy for one purpose: what is printed on it, and when it was asked for.
struct Remark {
    text: Option<String>,
    signed_at: Timestamp,
}

impl Workshop {
    /// The signed document of a licence, made now if nobody asked before. `order` is used when it must
    /// be noted.
    pub(crate) async fn document(
        &self,
        region: Region,
        licence: LicenceId,
        order: Order,
    ) -> Result<Vec<u8>, PressError> {
        let state = self.licence(region, licence).await?;
        let holder = &state.issued.holder;
        if holder.name.get().is_none() {
            return Err(PressError::Forgotten(licence));
        }
        if let Some(document) = &state.document {
            return Ok(self.files.get(&document.sha256).await?);
        }
        // The claimed time of signature is that of the issue, or of the original after a copy, so that making it twice at once gives
        // the same bytes under the same name.
        let remark = Remark {
            text: None,
            signed_at: state.ordered_at,
        };
        let bytes = self.make(licence, &state, remark).await?;
        let sha256 = self.files.put(bytes.clone()).await?;
        let reference = DocumentReference {
            bytes: bytes.len() as u64,
            sha256: sha256.clone(),
            signer: self.press.authority.signer_name(),
            is_copy: state.is_copy(),
        };
        self.ledger
            .execute::<LicenceStream>(
                licence.into(),
                LicenceCommand::RecordDocument(reference),
                Order {
                    expected: Expected::Existing,
                    ..order
                },
            )
            .await?;
        // Whoever forgets a holder looks for the document after the key is erased: this one may have come later.
        if self.ledger.is_forgotten(region, holder.person).await? {
            self.files.remove(&sha256).await?;
            return Err(PressError::Forgotten(licence));
        }
        Ok(bytes)
    }

    /// The signed copy for one purpose (加注件); `None` when there is no such copy.
    pub(crate) async fn annotated(
        &self,
        region: Region,
        licence: LicenceId,
        index: usize,
    ) -> Result<Option<Vec<u8>>, PressError> {
        let state = self.licence(region, licence).await?;
        let Some(annotation) = state.annotations.get(index) else {
            return Ok(None);
        };
        let remark = Remark {
            text: Some(format!(
                "加注件：仅用于{}，{}前有效，其他用途无效。",
                annotation.purpose.text(),
                annotation.expires
            )),
            signed_at: annotation.at,
        };
        self.make(licence, &state, remark).await.map(Some)
    }

    pub(crate) async fn licence(
        &self,
        region: Region,
        licence: LicenceId,
    ) -> Result<Licence, PressError> {
        self.ledger
            .load::<LicenceStream>(region, licence.into())
            .await?
            .and_then(|(_, state)| state.0.as_deref().cloned())
            .ok_or(PressError::Unknown(licence))
    }

    async fn make(
        &self,
        licence: LicenceId,
        state: &Licence,
        remark: Remark,
    ) -> Result<Vec<u8>, PressError> {
        if state.issued.holder.name.get().is_none() {
            return Err(PressError::Forgotten(licence));
        }
        check_seal(&self.press.authority, self.ledger.now())?;
        let data = certificate(state, &self.press, &self.site, remark.text);
        let info = SignInfo {
            reason: state.issued.name.clone(),
            location: self.site.county_name.clone(),
            signed_at: remark.signed_at,
        };
        let press = self.press.clone();
        // Typesetting and signing cost tens of milliseconds of processor time.
        tokio::task::spawn_blocking(move || {
            let pdf = press.documents.render_data(&data)?;
            Ok(sign(pdf, &press.authority, &info)?)
        })
        .await?
    }
}

/// The licence as the certificate's template reads it.
fn certificate(
    licence: &Licence,
    press: &Press,
    site: &Site,
    remark: Option<String>,
) -> Certificate {
    let issued = &licence.issued;
    let issued_on: Date = china_date(licence.issued_at);
    let contents = issued.contents.get().map(Vec::as_slice).unwrap_or_default();
    Certificate {
        head: Head {
            number: Some(issued.number.clone()),
            organisation: issued.organisation_name.clone(),
            issued_on,
            test_authority: press.is_test,
            seal: Some(Seal {
                organisation: issued.organisation_name.clone(),
                caption: press.seal_caption.clone(),
            }),
            verification: Some(Verification {
                url: format!("{}/v/{}", site.origin, issued.token),
                code: grouped(&issued.check_code),
                place: format!("{}政务服务网“验证证照”", site.county_name),
            }),
        },
        name: issued.name.clone(),
        copy: licence.is_copy().then(|| "副本".to_owned()),
        holder_name: issued.holder.name.text().to_owned(),
        holder_identifier: Some(printed_number(
            issued.holder.kind,
            issued.holder.number.text(),
        ))
        .filter(|number| !number.is_empty()),
        contents: contents
            .iter()
            .map(|field| Fact::new(&field.label, &field.value))
            .collect(),
        valid_from: issued.valid_from,
        valid_until: issued.valid_until,
        licence_identifier: Some(issued.identifier.as_str().to_owned()),
        remark: remark.or_else(|| licence.is_copy().then(|| COPY_REMARK.to_owned())),
    }
}

/// The number as it is printed: a person's number masked, an organisation's in full, because it is public.
fn printed_number(kind: ApplicantKind, number: &str) -> String {
    match (kind, number.get(..6), number.get(14..)) {
        (ApplicantKind::Person, Some(head), Some(tail)) => format!("{head}********{tail}"),
        (ApplicantKind::Person, ..) => String::new(),
        (ApplicantKind::Organisation, ..) => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_number_is_masked_on_paper() {
        let print = |kind, number| printed_number(kind, number);
        assert_eq!(
            print(ApplicantKind::Person, "610924199001011233"),
            "610924********1233"
        );
        assert_eq!(print(ApplicantKind::Person, ""), "");
        assert_eq!(print(ApplicantKind::Person, "护照E12"), "");
        assert_eq!(
            print(ApplicantKind::Organisation, "92610924MA70XXXX2K"),
            "92610924MA70XXXX2K"
        );
    }
}
