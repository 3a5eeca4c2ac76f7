//! A county's test certificate chain: a self-signed root and one signing certificate, both P-256.

use std::str::FromStr;
use std::time::Duration;

use der::asn1::{GeneralizedTime, UtcTime};
use der::{Decode, Encode, EncodePem};
use jiff::Timestamp;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::elliptic_curve::zeroize::Zeroizing;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use rand_core::CryptoRngCore;
use spki::SubjectPublicKeyInfoOwned;
use x509_cert::Certificate;
use x509_cert::builder::{Builder, CertificateBuilder, Profile};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

use super::trust::{self, TrustedRoots};

/// Stands at the front of every common name this crate issues, so that no reader can take it for a licensed authority.
pub(super) const TEST_MARK: &str = "测试 TEST";
/// Upper bound of common and organisation names in X.520, in characters.
const NAME_CHARACTERS_MAX: usize = 64;
/// PEM texts beyond this are no certificate chain of ours.
const PEM_BYTES_MAX: usize = 64 * 1024;

/// Why an authority cannot be made or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorityError {
    /// A subject name is empty or too long once the test mark is put before it.
    #[error(
        "证书名称“{name}”不能用：不能为空，连同“{TEST_MARK}”字样不超过 {NAME_CHARACTERS_MAX} 个字"
    )]
    Name {
        /// The name given.
        name: String,
    },
    /// The validity ends before it begins or lies outside 1970 to 9999.
    #[error("证书有效期不正确：结束时间必须晚于开始时间")]
    Validity,
    /// The PEM text does not hold two certificates and their key.
    #[error("证书文件读不懂（{part}）：应当是先签名证书、后根证书的 PEM，和 PKCS#8 私钥")]
    Pem {
        /// Which part: certificates or key.
        part: &'static str,
    },
    /// Certificates and key do not belong together.
    #[error("证书与私钥不配套：请重新导出同一套签名证书")]
    Mismatch,
    /// The certificate library refused.
    #[error("证书不能生成：{0}")]
    Build(String),
}

/// The names in the two certificates. The test mark is put before them by [`Authority::generate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthoritySubject {
    /// The organ that signs (紫阳县行政审批服务局): organisation of both certificates.
    pub organisation: String,
    /// The seal's name (紫阳县行政审批专用章): common name of the signing certificate.
    pub seal_name: String,
}

/// A test authority able to sign. The root's key is thrown away after the signing certificate is issued: renewal makes
/// a new chain, and old documents keep verifying against the old root.
#[derive(Clone)]
pub struct Authority {
    pub(super) root: Certificate,
    pub(super) signer: Certificate,
    pub(super) key: SigningKey,
}

/// An authority as text, for the key store.
pub struct AuthorityPem {
    /// Signing certificate, then root.
    pub certificates: String,
    /// PKCS#8 private key of the signing certificate; wiped from memory when dropped.
    pub private_key: Zeroizing<String>,
}

impl std::fmt::Debug for Authority {
    /// Names the signer and never the key.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Authority")
            .field("signer", &self.signer_name())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for AuthorityPem {
    /// Shows the certificates and never the key.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("AuthorityPem")
            .field("certificates", &self.certificates)
            .finish_non_exhaustive()
    }
}

impl Authority {
    /// Makes a new chain valid from `not_before` to `not_after` (whole seconds).
    pub fn generate(
        subject: &AuthoritySubject,
        not_before: Timestamp,
        not_after: Timestamp,
        random: &mut impl CryptoRngCore,
    ) -> Result<Self, AuthorityError> {
        if not_after <= not_before {
            return Err(AuthorityError::Validity);
        }
        let validity = Validity {
            not_before: time(not_before)?,
            not_after: time(not_after)?,
        };
        let root_name = distinguished_name(
            &format!("{}根证书", subject.organisation),
            &subject.organisation,
        )?;
        let signer_name = distinguished_name(&subject.seal_name, &subject.organisation)?;
        let root_key = SigningKey::random(random);
        let key = SigningKey::random(random);
        let root = issue(
            Profile::Root,
            serial(random)?,
            validity,
            root_name.clone(),
            &root_key,
            &root_key,
        )?;
        let leaf = Profile::Leaf {
            issuer: root_name,
            enable_key_agreement: false,
            enable_key_encipherment: false,
        };
        let signer = issue(
            leaf,
            serial(random)?,
            validity,
            signer_name,
            &key,
            &root_key,
        )?;
        Ok(Self { root, signer, key })
    }

    /// Both certificates and the key as PEM.
    pub fn to_pem(&self) -> Result<AuthorityPem, AuthorityError> {
        let mut certificates = self.signer.to_pem(LineEnding::LF).map_err(build)?;
        certificates.push_str(&self.root.to_pem(LineEnding::LF).map_err(build)?);
        let private_key = self.key.to_pkcs8_pem(LineEnding::LF).map_err(build)?;
        Ok(AuthorityPem {
            certificates,
            private_key,
        })
    }

    /// Reads what [`Authority::to_pem`] wrote, and checks that the parts belong together.
    pub fn from_pem(certificates: &str, private_key: &str) -> Result<Self, AuthorityError> {
        if certificates.len() > PEM_BYTES_MAX || private_key.len() > PEM_BYTES_MAX {
            return Err(AuthorityError::Pem {
                part: "文件过大"
            });
        }
        let unreadable = |_| AuthorityError::Pem { part: "证书" };
        let chain = Certificate::load_pem_chain(certificates.as_bytes()).map_err(unreadable)?;
        let [signer, root] = <[Certificate; 2]>::try_from(chain)
            .map_err(|_| AuthorityError::Pem { part: "证书" })?;
        let key = SigningKey::from_pkcs8_pem(private_key)
            .map_err(|_| AuthorityError::Pem { part: "私钥" })?;
        let own = SubjectPublicKeyInfoOwned::from_key(*key.verifying_key()).map_err(build)?;
        if own != signer.tbs_certificate.subject_public_key_info
            || !trust::issued_by(&signer, &root)
        {
            return Err(AuthorityError::Mismatch);
        }
        Ok(Self { root, signer, key })
    }

    /// The root alone as PEM, to publish and to trust.
    pub fn root_pem(&self) -> Result<String, AuthorityError> {
        self.root.to_pem(LineEnding::LF).map_err(build)
    }

    /// A set of trusted roots that holds just this authority's.
    pub fn trusted_roots(&self) -> TrustedRoots {
        TrustedRoots::new(vec![self.root.clone()])
    }

    /// Until when the signing certificate is valid. What is signed later does not verify.
    pub fn valid_until(&self) -> Timestamp {
        trust::valid_until(&self.signer)
    }

    /// Common name of the signing certificate, with the test mark.
    pub fn signer_name(&self) -> String {
        trust::common_name(&self.signer).unwrap_or_default()
    }
}

/// `CN=测试 TEST …, O=…, C=CN`.
fn distinguished_name(common: &str, organisation: &str) -> Result<Name, AuthorityError> {
    let marked = format!("{TEST_MARK} {common}");
    for (name, given) in [(marked.as_str(), common), (organisation, organisation)] {
        let unusable = given.trim().is_empty()
            || name.chars().count() > NAME_CHARACTERS_MAX
            || name.chars().any(char::is_control);
        if unusable {
            return Err(AuthorityError::Name {
                name: given.to_owned(),
            });
        }
    }
    Name::from_str(&format!(
        "C=CN,O={},CN={}",
        escape(organisation),
        escape(&marked)
    ))
    .map_err(build)
}

/// Escapes the characters that RFC 4514 gives a meaning to.
fn escape(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for character in name.trim().chars() {
        if matches!(
            character,
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' | '#'
        ) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn issue(
    profile: Profile,
    serial: SerialNumber,
    validity: Validity,
    subject: Name,
    subject_key: &SigningKey,
    issuer_key: &SigningKey,
) -> Result<Certificate, AuthorityError> {
    let public =
        SubjectPublicKeyInfoOwned::from_key(*subject_key.verifying_key()).map_err(build)?;
    let builder = CertificateBuilder::new(profile, serial, validity, subject, public, issuer_key)
        .map_err(build)?;
    // ECDSA here is deterministic (RFC 6979), so signing needs no randomness.
    let built = builder.build::<DerSignature>().map_err(build)?;
    // A round trip through DER makes the value equal to the one later read from a file.
    Certificate::from_der(&built.to_der().map_err(build)?).map_err(build)
}

/// A positive serial number of 127 random bits, as the CA/Browser baseline asks for at least 64.
fn serial(random: &mut impl CryptoRngCore) -> Result<SerialNumber, AuthorityError> {
    let mut bytes = [0u8; 16];
    random.fill_bytes(&mut bytes);
    // The top bits are fixed so that the number is positive and its encoding has no leading zero.
    bytes[0] = (bytes[0] & 0x7f) | 0x40;
    SerialNumber::new(&bytes).map_err(build)
}

/// RFC 5280 wants UTCTime until 2049 and GeneralizedTime from 2050 on.
fn time(timestamp: Timestamp) -> Result<Time, AuthorityError> {
    let seconds = u64::try_from(timestamp.as_second()).map_err(|_| AuthorityError::Validity)?;
    let since_epoch = Duration::from_secs(seconds);
    UtcTime::from_unix_duration(since_epoch)
        .map(Time::UtcTime)
        .or_else(|_| GeneralizedTime::from_unix_duration(since_epoch).map(Time::GeneralTime))
        .map_err(|_| AuthorityError::Validity)
}

fn build(error: impl std::fmt::Display) -> AuthorityError {
    AuthorityError::Build(error.to_string())
}
