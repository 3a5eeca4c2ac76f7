//! Whom a verifier trusts, and whether one certificate was issued by another.

use std::time::Duration;

use der::Encode;
use der::asn1::{PrintableStringRef, Utf8StringRef};
use der::oid::ObjectIdentifier;
use der::oid::db::rfc4519::{COMMON_NAME, ORGANIZATION_NAME};
use der::oid::db::rfc5912::ECDSA_WITH_SHA_256;
use jiff::Timestamp;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::time::Time;

use super::authority::AuthorityError;

/// Longest chain followed from a signer to a root, in certificates.
const CHAIN_LENGTH_MAX: usize = 4;
/// More roots than this in one file are a mistake.
const ROOTS_MAX: usize = 64;

/// The root certificates a verifier trusts: the county's own, and those of its neighbours and predecessors.
#[derive(Debug, Clone, Default)]
pub struct TrustedRoots {
    roots: Vec<Certificate>,
}

impl TrustedRoots {
    pub(super) fn new(roots: Vec<Certificate>) -> Self {
        Self { roots }
    }

    /// Reads one or more certificates in PEM.
    pub fn from_pem(pem: &str) -> Result<Self, AuthorityError> {
        let roots =
            Certificate::load_pem_chain(pem.as_bytes()).map_err(|_| AuthorityError::Pem {
                part: "受信任的根证书",
            })?;
        if roots.is_empty() || roots.len() > ROOTS_MAX {
            return Err(AuthorityError::Pem {
                part: "受信任的根证书",
            });
        }
        Ok(Self { roots })
    }

    /// Adds the roots of `other`.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.roots.extend(other.roots);
        self
    }

    /// Whether `signer` leads to a trusted root over `others`, every certificate being valid at `at`.
    pub(super) fn accept(
        &self,
        signer: &Certificate,
        others: &[Certificate],
        at: Timestamp,
    ) -> bool {
        let mut current = signer;
        for _ in 0..CHAIN_LENGTH_MAX {
            if !valid_at(current, at) {
                return false;
            }
            if self
                .roots
                .iter()
                .any(|root| valid_at(root, at) && issued_by(current, root))
            {
                return true;
            }
            let Some(issuer) = others
                .iter()
                .find(|other| *other != current && issued_by(current, other))
            else {
                return false;
            };
            current = issuer;
        }
        false
    }
}

/// Whether `issuer` is a certificate authority that signed `certificate` (ECDSA P-256 with SHA-256, the only kind we issue).
pub(super) fn issued_by(certificate: &Certificate, issuer: &Certificate) -> bool {
    let names_match = certificate.tbs_certificate.issuer == issuer.tbs_certificate.subject;
    let is_authority = matches!(issuer.tbs_certificate.get::<BasicConstraints>(), Ok(Some((_, constraints))) if constraints.ca);
    let may_sign = match issuer.tbs_certificate.get::<KeyUsage>() {
        Ok(Some((_, usage))) => usage.key_cert_sign(),
        Ok(None) => true,
        Err(_) => false,
    };
    if !(names_match
        && is_authority
        && may_sign
        && certificate.signature_algorithm.oid == ECDSA_WITH_SHA_256)
    {
        return false;
    }
    let (Some(key), Ok(signed), Some(signature)) = (
        public_key(issuer),
        certificate.tbs_certificate.to_der(),
        certificate
            .signature
            .as_bytes()
            .and_then(|bytes| DerSignature::from_bytes(bytes).ok()),
    ) else {
        return false;
    };
    key.verify(&signed, &signature).is_ok()
}

/// Whether the certificate may sign documents: digital signature or content commitment, where it says anything.
pub(super) fn may_sign_documents(certificate: &Certificate) -> bool {
    match certificate.tbs_certificate.get::<KeyUsage>() {
        Ok(Some((_, usage))) => usage.digital_signature() || usage.non_repudiation(),
        Ok(None) => true,
        Err(_) => false,
    }
}

/// The certificate's P-256 key, if it is one.
pub(super) fn public_key(certificate: &Certificate) -> Option<VerifyingKey> {
    let encoded = certificate
        .tbs_certificate
        .subject_public_key_info
        .to_der()
        .ok()?;
    VerifyingKey::from_public_key_der(&encoded).ok()
}

/// The subject's common name.
pub(super) fn common_name(certificate: &Certificate) -> Option<String> {
    subject_attribute(certificate, COMMON_NAME)
}

/// The subject's organisation.
pub(super) fn organisation(certificate: &Certificate) -> Option<String> {
    subject_attribute(certificate, ORGANIZATION_NAME)
}

fn subject_attribute(certificate: &Certificate, kind: ObjectIdentifier) -> Option<String> {
    certificate
        .tbs_certificate
        .subject
        .0
        .iter()
        .flat_map(|relative| relative.0.iter())
        .find(|attribute| attribute.oid == kind)
        .and_then(|attribute| {
            let utf8 = attribute
                .value
                .decode_as::<Utf8StringRef<'_>>()
                .map(|text| text.as_str().to_owned());
            utf8.or_else(|_| {
                attribute
                    .value
                    .decode_as::<PrintableStringRef<'_>>()
                    .map(|text| text.as_str().to_owned())
            })
            .ok()
        })
}

/// From when a certificate is valid.
pub(super) fn valid_from(certificate: &Certificate) -> Timestamp {
    instant(certificate.tbs_certificate.validity.not_before)
}

/// Until when a certificate is valid.
pub(super) fn valid_until(certificate: &Certificate) -> Timestamp {
    instant(certificate.tbs_certificate.validity.not_after)
}

fn instant(time: Time) -> Timestamp {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

fn valid_at(certificate: &Certificate, at: Timestamp) -> bool {
    let Ok(seconds) = u64::try_from(at.as_second()) else {
        return false;
    };
    let at = Duration::from_secs(seconds);
    let validity = &certificate.tbs_certificate.validity;
    validity.not_before.to_unix_duration() <= at && at <= validity.not_after.to_unix_duration()
}
