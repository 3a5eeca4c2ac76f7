//! Verifying: what a visitor of the public page learns about a dropped file.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::authority::TEST_MARK;
use super::cades::{self, Checked, Identity};
use super::trust::{self, TrustedRoots};
use super::{PDF_BYTES_MAX, reader};

/// Signatures looked at in one file. Each costs one pass over the file.
const SIGNATURES_MAX: usize = 8;
/// The header must stand within the first kilobyte, as common readers ask.
const HEADER_WITHIN_BYTES: usize = 1024;

/// What a signature turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureOutcome {
    /// The signature stands and the signed bytes are unchanged.
    Valid,
    /// The signature stands over other bytes: the document was changed after it was signed.
    ContentChanged,
    /// The signature value does not fit the certificate it names.
    Broken,
    /// A kind of signature this house does not issue; another program may be able to check it.
    Unsupported(&'static str),
    /// What looks like a signature is none.
    Malformed(&'static str),
}

/// One signature of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureReport {
    /// The check of signature and digest.
    pub outcome: SignatureOutcome,
    /// Common name of the signer's certificate; only a claim unless `trusted`.
    pub signer_name: Option<String>,
    /// Organisation of the signer's certificate; only a claim unless `trusted`.
    pub signer_organisation: Option<String>,
    /// Signing time as the signer claims it.
    pub signed_at: Option<Timestamp>,
    /// Whether every byte of the file is signed. When false something was added later: an honest second signature
    /// (then that one covers the whole) or a change, and the pages shown are *not* vouched for by this signature.
    pub covers_whole_document: bool,
    /// Whether the certificate leads to a trusted root and was valid at the signing time.
    pub trusted: bool,
    /// Whether a test authority signed: integrity is proven, legal force is not.
    pub test_authority: bool,
}

impl SignatureReport {
    /// Whether the file as it lies here is what a trusted signer signed.
    pub fn vouches_for_file(&self) -> bool {
        self.outcome == SignatureOutcome::Valid && self.covers_whole_document && self.trusted
    }

    fn flawed(flaw: &'static str) -> Self {
        Self {
            outcome: SignatureOutcome::Malformed(flaw),
            signer_name: None,
            signer_organisation: None,
            signed_at: None,
            covers_whole_document: false,
            trusted: false,
            test_authority: false,
        }
    }
}

/// Why a file cannot be looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// Larger than [`PDF_BYTES_MAX`].
    #[error("文件超过 {} MB，请上传原始的电子文书", PDF_BYTES_MAX / 1024 / 1024)]
    TooLarge,
    /// Not a PDF.
    #[error("这不是 PDF 文件，请上传原始的电子文书（不是照片或扫描件）")]
    NotPdf,
}

/// Checks every signature of a file against `roots`. An empty list means the file carries none. Time and memory are
/// linear in the size of the file, whatever it contains; nothing in it is executed, inflated or followed.
pub fn verify(pdf: &[u8], roots: &TrustedRoots) -> Result<Vec<SignatureReport>, VerifyError> {
    if pdf.len() > PDF_BYTES_MAX {
        return Err(VerifyError::TooLarge);
    }
    let head = &pdf[..pdf.len().min(HEADER_WITHIN_BYTES)];
    if !head.windows(5).any(|window| window == b"%PDF-") {
        return Err(VerifyError::NotPdf);
    }
    let reports = reader::byte_ranges(pdf, SIGNATURES_MAX)
        .into_iter()
        .map(|offset| match reader::read(pdf, offset) {
            Ok(found) => report(&found, roots),
            Err(flaw) => SignatureReport::flawed(flaw),
        })
        .collect();
    Ok(reports)
}

fn report(found: &reader::Found<'_>, roots: &TrustedRoots) -> SignatureReport {
    let digest = Sha256::new()
        .chain_update(found.before)
        .chain_update(found.after)
        .finalize();
    let (outcome, identity) = match cades::check(&found.cms, &digest.into()) {
        Checked::Valid(identity) => (SignatureOutcome::Valid, Some(identity)),
        Checked::ContentChanged(identity) => (SignatureOutcome::ContentChanged, Some(identity)),
        Checked::Broken(identity) => (SignatureOutcome::Broken, Some(identity)),
        Checked::Unsupported(reason) => (SignatureOutcome::Unsupported(reason), None),
        Checked::Malformed(reason) => (SignatureOutcome::Malformed(reason), None),
    };
    let Some(Identity {
        certificate,
        others,
    }) = identity
    else {
        return SignatureReport {
            outcome,
            signed_at: found.signed_at,
            covers_whole_document: found.covers_whole_document,
            ..SignatureReport::flawed("")
        };
    };
    let trusted = found
        .signed_at
        .is_some_and(|at| roots.accept(&certificate, &others, at));
    let signer_name = trust::common_name(&certificate);
    SignatureReport {
        outcome,
        test_authority: signer_name
            .as_deref()
            .is_some_and(|name| name.starts_with(TEST_MARK)),
        signer_name,
        signer_organisation: trust::organisation(&certificate),
        signed_at: found.signed_at,
        covers_whole_document: found.covers_whole_document,
        trusted,
    }
}
