//! The CMS structure inside a PDF signature: CAdES baseline B as PAdES wants it (ETSI EN 319 142-1, table 1).
//!
//! It is put together by hand rather than with `cms`'s builder: the builder reads the system clock for a signing-time
//! attribute, which PAdES forbids (the time stands in the signature dictionary), and pulls in RSA.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier,
    SignerInfo, SignerInfos,
};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::oid::db::rfc5911::{ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST, ID_SIGNED_DATA};
use der::oid::db::rfc5912::{ECDSA_WITH_SHA_256, ID_SHA_256};
use der::{Decode, Encode, Sequence};
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{DerSignature, SigningKey};
use sha2::{Digest, Sha256};
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;
use x509_cert::attr::Attribute;

use super::trust;

/// signing-certificate-v2 (RFC 5035): binds the signature to one certificate, not only to its key.
const ID_SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// More certificates than this in one signature are refused unread.
const CERTIFICATES_MAX: usize = 16;

/// `SigningCertificateV2` of RFC 5035, without policies.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certificates: Vec<EssCertificateIdV2>,
}

/// `ESSCertIDv2` of RFC 5035. The hash algorithm's default, SHA-256, is left out, as DER demands.
#[derive(Sequence)]
struct EssCertificateIdV2 {
    #[asn1(optional = "true")]
    hash_algorithm: Option<AlgorithmIdentifierOwned>,
    certificate_hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<Any>,
}

/// Signs the SHA-256 `digest` of a document; the result is a DER `ContentInfo`.
pub(super) fn sign(
    digest: &[u8; 32],
    signer: &Certificate,
    root: &Certificate,
    key: &SigningKey,
) -> der::Result<Vec<u8>> {
    let sha256 = AlgorithmIdentifierOwned {
        oid: ID_SHA_256,
        parameters: None,
    };
    let certificate_hash = OctetString::new(Sha256::digest(signer.to_der()?).to_vec())?;
    let binding = SigningCertificateV2 {
        certificates: vec![EssCertificateIdV2 {
            hash_algorithm: None,
            certificate_hash,
            issuer_serial: None,
        }],
    };
    let attributes = SignedAttributes::try_from(vec![
        attribute(ID_CONTENT_TYPE, &ID_DATA)?,
        attribute(ID_MESSAGE_DIGEST, &OctetString::new(digest.to_vec())?)?,
        attribute(ID_SIGNING_CERTIFICATE_V2, &binding)?,
    ])?;
    let signature: DerSignature = key.sign(&attributes.to_der()?);
    let signer_info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: signer.tbs_certificate.issuer.clone(),
            serial_number: signer.tbs_certificate.serial_number.clone(),
        }),
        digest_alg: sha256.clone(),
        signed_attrs: Some(attributes),
        signature_algorithm: AlgorithmIdentifierOwned {
            oid: ECDSA_WITH_SHA_256,
            parameters: None,
        },
        signature: OctetString::new(signature.as_bytes().to_vec())?,
        unsigned_attrs: None,
    };
    let signed_data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![sha256])?,
        encap_content_info: EncapsulatedContentInfo {
            econtent_type: ID_DATA,
            econtent: None,
        },
        certificates: Some(CertificateSet::try_from(vec![
            CertificateChoices::Certificate(signer.clone()),
            CertificateChoices::Certificate(root.clone()),
        ])?),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![signer_info])?,
    };
    ContentInfo {
        content_type: ID_SIGNED_DATA,
        content: Any::encode_from(&signed_data)?,
    }
    .to_der()
}

fn attribute(oid: ObjectIdentifier, value: &impl ToAny) -> der::Result<Attribute> {
    Ok(Attribute {
        oid,
        values: SetOfVec::try_from(vec![value.to_any()?])?,
    })
}

/// What can stand as the value of an attribute.
trait ToAny {
    fn to_any(&self) -> der::Result<Any>;
}

impl<T: der::Tagged + der::EncodeValue> ToAny for T {
    fn to_any(&self) -> der::Result<Any> {
        Any::encode_from(self)
    }
}

/// What a CMS structure says about a document with a given digest.
pub(super) enum Checked {
    /// The signature stands over exactly this digest.
    Valid(Identity),
    /// The signature itself stands, but over another digest: the document was changed.
    ContentChanged(Identity),
    /// The signature does not stand over its own attributes, or binds another certificate.
    Broken(Identity),
    /// A kind of signature this verifier does not read.
    Unsupported(&'static str),
    /// Not a CMS signature.
    Malformed(&'static str),
}

/// The signer's certificate and the others that came with it.
pub(super) struct Identity {
    pub(super) certificate: Certificate,
    pub(super) others: Vec<Certificate>,
}

/// Checks a DER `ContentInfo` against a document's SHA-256 digest.
pub(super) fn check(cms: &[u8], digest: &[u8; 32]) -> Checked {
    let Ok(info) = ContentInfo::from_der(cms) else {
        return Checked::Malformed("不是 CMS 签名");
    };
    if info.content_type != ID_SIGNED_DATA {
        return Checked::Malformed("CMS 内容不是签名数据");
    }
    let Ok(data) = info.content.decode_as::<SignedData>() else {
        return Checked::Malformed("签名数据读不懂");
    };
    if data.encap_content_info.econtent.is_some() {
        return Checked::Unsupported("签名里另有内容，不是分离式签名");
    }
    let [signer_info] = data.signer_infos.0.as_slice() else {
        return Checked::Unsupported("签名人不是恰好一个");
    };
    let certificates = certificates(&data);
    let Some(position) = certificates
        .iter()
        .position(|certificate| identifies(&signer_info.sid, certificate))
    else {
        return Checked::Malformed("签名里没有签名人的证书");
    };
    let mut others = certificates;
    let certificate = others.swap_remove(position);
    check_signer(
        signer_info,
        digest,
        Identity {
            certificate,
            others,
        },
    )
}

fn check_signer(info: &SignerInfo, digest: &[u8; 32], signer: Identity) -> Checked {
    if info.digest_alg.oid != ID_SHA_256 || info.signature_algorithm.oid != ECDSA_WITH_SHA_256 {
        return Checked::Unsupported("签名算法不是 ECDSA P-256 与 SHA-256");
    }
    let Some(key) = trust::public_key(&signer.certificate) else {
        return Checked::Unsupported("签名证书的公钥不是 P-256");
    };
    let Some(attributes) = &info.signed_attrs else {
        return Checked::Unsupported("签名没有签名属性");
    };
    let (Ok(attribute_bytes), Ok(signature)) = (
        attributes.to_der(),
        DerSignature::from_bytes(info.signature.as_bytes()),
    ) else {
        return Checked::Malformed("签名值读不懂");
    };
    let bound = binds_certificate(attributes, &signer.certificate);
    let is_document = single::<ObjectIdentifier>(attributes, ID_CONTENT_TYPE) == Some(ID_DATA);
    if key.verify(&attribute_bytes, &signature).is_err()
        || !bound
        || !is_document
        || !trust::may_sign_documents(&signer.certificate)
    {
        return Checked::Broken(signer);
    }
    match single::<OctetString>(attributes, ID_MESSAGE_DIGEST) {
        Some(stated) if stated.as_bytes() == digest => Checked::Valid(signer),
        Some(_) => Checked::ContentChanged(signer),
        None => Checked::Malformed("签名里没有文件摘要"),
    }
}

/// Whether signing-certificate-v2 is present and names this certificate first.
fn binds_certificate(attributes: &SignedAttributes, certificate: &Certificate) -> bool {
    let Some(binding) = single::<SigningCertificateV2>(attributes, ID_SIGNING_CERTIFICATE_V2)
    else {
        return false;
    };
    let (Some(first), Ok(encoded)) = (binding.certificates.first(), certificate.to_der()) else {
        return false;
    };
    let is_sha256 = first
        .hash_algorithm
        .as_ref()
        .is_none_or(|algorithm| algorithm.oid == ID_SHA_256);
    is_sha256 && first.certificate_hash.as_bytes() == Sha256::digest(encoded).as_slice()
}

/// The value of an attribute that must stand once with one value.
fn single<T>(attributes: &SignedAttributes, oid: ObjectIdentifier) -> Option<T>
where
    T: for<'a> der::Choice<'a> + for<'a> der::DecodeValue<'a>,
{
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    let attribute = found.next()?;
    if found.next().is_some() || attribute.values.len() != 1 {
        return None;
    }
    attribute.values.get(0)?.decode_as::<T>().ok()
}

fn certificates(data: &SignedData) -> Vec<Certificate> {
    data.certificates
        .iter()
        .flat_map(|set| set.0.iter())
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
            CertificateChoices::Other(_) => None,
        })
        .take(CERTIFICATES_MAX)
        .collect()
}

fn identifies(identifier: &SignerIdentifier, certificate: &Certificate) -> bool {
    match identifier {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            named.issuer == certificate.tbs_certificate.issuer
                && named.serial_number == certificate.tbs_certificate.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(_) => false,
    }
}
