//! Verification without a login: by number and code, by QR code, by file. What a stranger learns is what
//! the paper in their hand says already, and whether it is true; the holder's name stays masked.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use wuchuang_calendar::weekday_name;
use wuchuang_cases::notices::{CaseDocuments, PublicNotice};
use wuchuang_documents::{SignatureOutcome, SignatureReport, TrustedRoots, VerifyError, verify};
use wuchuang_kernel::{LicenceId, Region, china_date, china_time};
use wuchuang_ledger::{Ledger, LoadError, StorageError};

use crate::{
    model::{LicenceStatus, LicenceStream},
    store::{self, LicenceSummary},
    tokens::{is_token, normal},
};

/// The longest number or identifier that is looked up.
const NUMBER_CHARACTERS_MAX: usize = 130;
/// The longest code that is compared.
const CODE_CHARACTERS_MAX: usize = 40;

/// What came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The document is ours and holds.
    Valid,
    /// It is ours; its time is over.
    Expired,
    /// It is ours; it was revoked.
    Revoked,
    /// It is ours; another one took its place.
    Superseded,
    /// It is ours and unchanged, but it is not a licence of the store: a notice or a receipt.
    Genuine,
    /// It was changed after it was signed.
    Changed,
    /// Somebody else signed it, or nobody whom we know.
    Foreign,
    /// It carries no signature.
    Unsigned,
    /// Number and code do not fit together, or there is no such document.
    Unknown,
}

impl Verdict {
    /// The headline, in Chinese.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Valid => "核验通过：证照有效",
            Self::Expired => "证照是真的，但已经过期",
            Self::Revoked => "证照已经注销，不能再使用",
            Self::Superseded => "证照已经换发新证，请使用新证",
            Self::Genuine => "核验通过：文书由本县出具，没有改动",
            Self::Changed => "文件在签章以后被改动过，不能采信",
            Self::Foreign => "这个文件不是本县签章的",
            Self::Unsigned => "这个文件没有电子签章",
            Self::Unknown => "没有查到这份证照或文书",
        }
    }

    /// What it means and what to do, in Chinese.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Valid => "请核对下面的内容与您手中的证照是否一致；不一致的，以这里为准。",
            Self::Expired => "持证人应当办理延续或者重新申请。是否还能使用，请向发证机关询问。",
            Self::Revoked => "请不要接受这份证照。有疑问的，请联系发证机关。",
            Self::Superseded => "请让持证人出示换发后的新证照。",
            Self::Genuine => "请核对下面的编号和日期与您手中的文书是否一致。",
            Self::Changed => {
                "请不要接受这个文件，让对方提供原始的电子文件，或者凭编号和核验码再查一次。"
            }
            Self::Foreign => "它可能由别的机关出具，请到出具机关的网站核验；也可能是伪造的。",
            Self::Unsigned => {
                "照片、扫描件和打印后另存的文件没有签章。请上传原始的PDF文件，或者凭编号和核验码查询。"
            }
            Self::Unknown => {
                "请对照证照上的编号和核验码重新填写。核对无误仍查不到的，请不要接受这份证照，并拨打页面下方的电话。"
            }
        }
    }

    /// Whether one may rely on the document.
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Valid | Self::Genuine)
    }
}

impl From<LicenceStatus> for Verdict {
    fn from(status: LicenceStatus) -> Self {
        match status {
            LicenceStatus::Valid => Self::Valid,
            LicenceStatus::Expired => Self::Expired,
            LicenceStatus::Revoked => Self::Revoked,
            LicenceStatus::Superseded => Self::Superseded,
        }
    }
}

/// What was found about a document. Nothing of it identifies a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// What came out.
    pub verdict: Verdict,
    /// Name of the licence or notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "食品经营许可证")]
    pub title: Option<String>,
    /// Its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "610924SCJG2026000412")]
    pub number: Option<String>,
    /// 电子证照标识 (GB/T 36904), of licences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// The holder, masked when it is a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "张*明")]
    pub holder: Option<String>,
    /// The case of a notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_number: Option<String>,
    /// The service item of a notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// The day of issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-11-20")]
    pub issued_on: Option<String>,
    /// From when until when it is valid, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity: Option<String>,
    /// Who signed the file, from a certificate that we trust.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// When the file was signed, as the signer claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<String>,
    /// Whether a test authority signed: integrity is proven, legal force is not.
    pub is_test: bool,
}

impl Finding {
    fn plain(verdict: Verdict) -> Self {
        Self {
            verdict,
            title: None,
            number: None,
            identifier: None,
            holder: None,
            case_number: None,
            item: None,
            organisation: None,
            issued_on: None,
            validity: None,
            signer: None,
            signed_at: None,
            is_test: false,
        }
    }

    fn licence(licence: &LicenceSummary, now: Timestamp) -> Self {
        Self {
            title: Some(licence.title()),
            number: Some(licence.number.clone()),
            identifier: Some(licence.identifier.clone()),
            holder: Some(licence.holder_masked()),
            organisation: Some(licence.organisation_name.clone()),
            issued_on: Some(day(licence.issued_at_us)),
            validity: Some(licence.validity()),
            ..Self::plain(licence.status(china_date(now)).into())
        }
    }

    fn notice(notice: PublicNotice) -> Self {
        Self {
            title: Some(notice.title.to_owned()),
            number: Some(notice.number),
            case_number: Some(notice.case_number),
            item: Some(notice.item_name),
            organisation: Some(notice.organisation),
            issued_on: Some(notice.date.to_string()),
            ..Self::plain(Verdict::Genuine)
        }
    }
}

fn day(at_us: i64) -> String {
    let at = Timestamp::from_microsecond(at_us).unwrap_or(Timestamp::UNIX_EPOCH);
    china_date(at).to_string()
}

/// `2026-11-22 周日 10:21`, in China.
pub(crate) fn moment(at: Timestamp) -> String {
    let at = china_time(at);
    format!(
        "{} {} {}",
        at.date(),
        weekday_name(at.date()),
        at.strftime("%H:%M")
    )
}

/// Answers what anyone may ask. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Verifier {
    pub(crate) ledger: Ledger,
    pub(crate) roots: Arc<TrustedRoots>,
    pub(crate) notices: CaseDocuments,
}

impl Verifier {
    /// By number (or national identifier) and code, as they stand on the document.
    pub(crate) async fn by_number(
        &self,
        region: Region,
        number: &str,
        code: &str,
    ) -> Result<Finding, LoadError> {
        let (number, code) = (tidy_number(number), normal(code));
        let is_sound = !number.is_empty()
            && number.chars().count() <= NUMBER_CHARACTERS_MAX
            && !code.is_empty()
            && code.chars().count() <= CODE_CHARACTERS_MAX;
        if !is_sound {
            return Ok(Finding::plain(Verdict::Unknown));
        }
        let database = self.ledger.database();
        if let Some(found) = store::by_number(database, region, &number).await? {
            let Some(licence) = found.licence() else {
                return Ok(Finding::plain(Verdict::Unknown));
            };
            return Ok(
                if self
                    .code_of_licence(region, licence)
                    .await?
                    .is_some_and(|right| right == code)
                {
                    Finding::licence(&found, self.ledger.now())
                } else {
                    Finding::plain(Verdict::Unknown)
                },
            );
        }
        // On a notice the code beside the QR code is the whole token.
        let notice = self.notices.by_token(region, &code).await?;
        let notice =
            notice.filter(|notice| notice.number == number || notice.case_number == number);
        Ok(notice.map_or_else(|| Finding::plain(Verdict::Unknown), Finding::notice))
    }

    /// By what the QR code carries.
    pub(crate) async fn by_token(&self, region: Region, token: &str) -> Result<Finding, LoadError> {
        if !is_token(token) {
            return Ok(Finding::plain(Verdict::Unknown));
        }
        let database = self.ledger.database();
        let token = token.to_ascii_lowercase();
        if let Some(found) = store::by_token(database, region, &token).await? {
            return Ok(Finding::licence(&found, self.ledger.now()));
        }
        let notice = self.notices.by_token(region, &token).await?;
        Ok(notice.map_or_else(|| Finding::plain(Verdict::Unknown), Finding::notice))
    }

    /// By the file itself.
    pub(crate) async fn by_file(
        &self,
        region: Region,
        bytes: Vec<u8>,
    ) -> Result<Result<Finding, VerifyError>, FileCheckError> {
        let roots = Arc::clone(&self.roots);
        let checked = tokio::task::spawn_blocking(move || {
            let sha256 = hex::encode(Sha256::digest(&bytes));
            verify(&bytes, &roots).map(|reports| (sha256, reports))
        })
        .await?;
        let (sha256, reports) = match checked {
            Ok(found) => found,
            Err(error) => return Ok(Err(error)),
        };
        let verdict = judge(&reports);
        let signed = reports.iter().rev().find(|report| report.trusted);
        let mut finding = Finding::plain(verdict);
        if verdict == Verdict::Genuine {
            let licence = store::by_document(self.ledger.database(), region, &sha256).await?;
            if let Some(licence) = licence {
                finding = Finding::licence(&licence, self.ledger.now());
            } else if let Some(notice) = self.notices.by_sha256(region, &sha256).await? {
                finding = Finding::notice(notice);
            }
        }
        if let Some(report) = signed {
            finding.signer.clone_from(&report.signer_name);
            finding.signed_at = report.signed_at.map(moment);
            finding.is_test = report.test_authority;
        }
        Ok(Ok(finding))
    }

    async fn code_of_licence(
        &self,
        region: Region,
        licence: LicenceId,
    ) -> Result<Option<String>, LoadError> {
        let loaded = self
            .ledger
            .load::<LicenceStream>(region, licence.into())
            .await?;
        Ok(loaded.and_then(|(_, state)| {
            state
                .0
                .as_deref()
                .map(|licence| normal(&licence.issued.check_code))
        }))
    }
}

/// A number as it was typed: the brackets around the year come from whatever keyboard was at hand.
fn tidy_number(number: &str) -> String {
    number
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| match character {
            '[' | '(' | '（' | '【' | '［' => '〔',
            ']' | ')' | '）' | '】' | '］' => '〕',
            other => other,
        })
        .collect()
}

/// Why a file could not be checked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileCheckError {
    /// The worker thread died.
    #[error("the check was broken off")]
    Broken(#[from] tokio::task::JoinError),
    /// Storage failed.
    #[error("the licence store cannot be read")]
    Storage(#[from] StorageError),
}

impl From<FileCheckError> for wuchuang_webkit::Failure {
    fn from(error: FileCheckError) -> Self {
        match error {
            FileCheckError::Broken(error) => Self::internal(error),
            FileCheckError::Storage(error) => error.into(),
        }
    }
}

/// What the signatures of a file say together. One that a trusted signer gave over the whole file
/// vouches for it; a trusted one over a part, or one that no longer fits, means that it was changed.
fn judge(reports: &[SignatureReport]) -> Verdict {
    if reports.is_empty() {
        return Verdict::Unsigned;
    }
    if reports.iter().any(SignatureReport::vouches_for_file) {
        return Verdict::Genuine;
    }
    let was_changed = reports.iter().any(|report| {
        matches!(
            report.outcome,
            SignatureOutcome::ContentChanged | SignatureOutcome::Broken
        ) || (report.outcome == SignatureOutcome::Valid
            && report.trusted
            && !report.covers_whole_document)
    });
    if was_changed {
        Verdict::Changed
    } else {
        Verdict::Foreign
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;

    use super::*;

    fn report(outcome: SignatureOutcome, trusted: bool, whole: bool) -> SignatureReport {
        SignatureReport {
            outcome,
            signer_name: None,
            signer_organisation: None,
            signed_at: None,
            covers_whole_document: whole,
            trusted,
            test_authority: true,
        }
    }

    #[test]
    fn a_number_reads_with_any_brackets() {
        assert_eq!(tidy_number(" 政务受(2026) 12号 "), "政务受〔2026〕12号");
        assert_eq!(tidy_number("政务受【2026］12号"), "政务受〔2026〕12号");
    }

    #[test]
    fn signatures_are_judged_together() {
        use SignatureOutcome::{Broken, ContentChanged, Malformed, Unsupported, Valid};
        let cases = [
            ("none", vec![]),
            ("ours", vec![report(Valid, true, true)]),
            ("ours, then added to", vec![report(Valid, true, false)]),
            (
                "ours, then signed by us again",
                vec![report(Valid, true, false), report(Valid, true, true)],
            ),
            (
                "ours, then signed by a stranger",
                vec![report(Valid, true, false), report(Valid, false, true)],
            ),
            ("changed", vec![report(ContentChanged, true, true)]),
            ("broken", vec![report(Broken, false, true)]),
            ("a stranger's", vec![report(Valid, false, true)]),
            (
                "another kind",
                vec![report(Unsupported("SM2"), false, true)],
            ),
            ("nonsense", vec![report(Malformed("range"), false, false)]),
        ];
        let mut table = String::new();
        for (name, reports) in &cases {
            writeln!(table, "{name}: {:?}", judge(reports)).unwrap();
        }
        expect![[r"
            none: Unsigned
            ours: Genuine
            ours, then added to: Changed
            ours, then signed by us again: Genuine
            ours, then signed by a stranger: Changed
            changed: Changed
            broken: Changed
            a stranger's: Foreign
            another kind: Foreign
            nonsense: Foreign
        "]]
        .assert_eq(&table);
    }
}
