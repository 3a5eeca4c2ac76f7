//! The licence as a pure value: commands, events, state, and the two functions between them.

mod decide;
pub mod kinds;
#[cfg(test)]
mod tests;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use wuchuang_cases::model::{ApplicantKind, Case, Verdict, standing_levels};
use wuchuang_codes::LicenceIdentifier;
use wuchuang_kernel::{
    CaseId, LicenceId, OrganisationId, PersonId, Personal, Rejection, china_date, mask_name,
};
use wuchuang_ledger::{Context, Stream};

/// The kind of stream.
#[derive(Debug, Clone, Copy)]
pub struct LicenceStream;

/// Who holds a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The natural person, or the one who applied for the organisation.
    pub person: PersonId,
    /// A person or an organisation.
    pub kind: ApplicantKind,
    /// The name.
    pub name: Personal<String>,
    /// Citizen number or credit code.
    pub number: Personal<String>,
}

impl Holder {
    /// The name as strangers may see it: people masked, organisations in full.
    pub fn masked_name(&self) -> String {
        let name = self.name.text();
        match self.kind {
            ApplicantKind::Person => mask_name(name),
            ApplicantKind::Organisation => name.to_owned(),
        }
    }
}

/// One line of a licence's contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentField {
    /// What it is: 经营场所.
    pub label: String,
    /// Its value, in words.
    pub value: String,
}

/// What one level of approval said before the seal was used (逐级审批).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The level's name: 镇审核, 决定.
    pub level: String,
    /// 同意, 会签不同意.
    pub verdict: Verdict,
    /// Who; `None` for what the house did by itself.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

impl Approval {
    /// What the levels of a case said, as far as it stands; nothing for a case from before levels were asked.
    pub fn all_of(case: &Case) -> Vec<Self> {
        let said = standing_levels(case).into_iter();
        said.filter_map(|opinion| {
            Some(Self {
                level: opinion.step_name.clone(),
                verdict: opinion.verdict?,
                by: opinion.by.person,
                at: opinion.at,
            })
        })
        .collect()
    }
}

/// A licence as it is to be issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// 证照类型代码: the issuing authority's credit code and three digits.
    pub type_code: String,
    /// The issuing authority's credit code.
    pub issuer: String,
    /// Its short code, part of the number that people read.
    pub department_code: String,
    /// The licence's name: 食品经营许可证.
    pub name: String,
    /// Who holds it.
    pub holder: Holder,
    /// The issuing organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// The case that it follows from.
    pub case: CaseId,
    /// That case's number.
    pub case_number: String,
    /// The contents; they speak of the holder.
    pub contents: Personal<Vec<ContentField>>,
    /// How many years it is valid; `None` means 长期.
    pub valid_years: Option<u16>,
    /// The code with which anyone who holds the licence can have it verified.
    pub check_code: String,
    /// What the QR code carries.
    pub token: String,
    /// What each level of approval said.
    #[serde(default)]
    pub approvals: Vec<Approval>,
    /// 承诺制+副本制: for how many days a copy is issued first; `None`: the licence is issued whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_days: Option<u16>,
}

/// What may be asked of a licence.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum LicenceCommand {
    /// 制证: issues it and draws its number.
    Issue(Box<Issue>),
    /// 发正本: the check found true what was promised; sent by whoever supervises.
    IssueOriginal,
    /// The signed document is in the file store.
    RecordDocument(DocumentReference),
    /// 加注: a copy for one purpose, valid for a while.
    Annotate {
        /// What for; may speak of the holder.
        purpose: Personal<String>,
        /// The last day of use.
        expires: Date,
    },
    /// 打印: the sealed certificate is printed at a desk.
    Print,
    /// 注销、撤销.
    Revoke {
        /// Why; may speak of the holder.
        reason: Personal<String>,
    },
    /// Another licence takes its place (换证).
    Supersede {
        /// Which one.
        by: LicenceId,
    },
}

/// The signed document in the file store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentReference {
    /// SHA-256 of the file, in hexadecimal: its key in the store.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// The name in the certificate that signed it.
    pub signer: String,
    /// Whether it says 副本.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_copy: bool,
}

/// What happened to a licence. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LicenceEvent {
    /// 制证.
    Issued(Box<IssuedEvent>),
    /// 发正本: the original took the copy's place.
    OriginalIssued {},
    /// It was rendered, signed and stored.
    DocumentMade(DocumentReference),
    /// 加注.
    Annotated {
        /// What for.
        purpose: Personal<String>,
        /// The last day of use.
        expires: Date,
    },
    /// 打印.
    Printed {},
    /// 注销、撤销.
    Revoked {
        /// Why.
        reason: Personal<String>,
    },
    /// 换证.
    Superseded {
        /// By which one.
        by: LicenceId,
    },
}

/// Everything that the licence says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedEvent {
    /// 电子证照标识 (GB/T 36904).
    pub identifier: LicenceIdentifier,
    /// The number that people read.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Who holds it.
    pub holder: Holder,
    /// The issuing organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// The case that it follows from.
    pub case: CaseId,
    /// That case's number.
    pub case_number: String,
    /// The contents.
    pub contents: Personal<Vec<ContentField>>,
    /// The first day of validity.
    pub valid_from: Date,
    /// The last day of validity, of the copy while there is only the copy; `None` means 长期.
    pub valid_until: Option<Date>,
    /// The code for verification by hand.
    pub check_code: String,
    /// What the QR code carries.
    pub token: String,
    /// What each level of approval said before the seal was used; empty in older events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// 副本: what comes after it; `None`: the licence was issued whole, or the original has taken the copy's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<CopyTerms>,
}

/// 承诺制+副本制: a promise was believed, so the holder gets a copy for a while; the original follows when the check found the
/// promise true. Both bear the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyTerms {
    /// The last day of validity that the original will have; `None` means 长期.
    pub original_until: Option<Date>,
}

/// A licence; nothing before it was issued.
#[derive(Debug, Clone, Default)]
pub struct LicenceState(pub Option<Box<Licence>>);

/// An issued licence.
#[derive(Debug, Clone)]
pub struct Licence {
    /// What it says.
    pub issued: IssuedEvent,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When the paper that stands now was ordered: with the issue, or with the original after a copy.
    pub ordered_at: Timestamp,
    /// The signed document, once it was made.
    pub document: Option<DocumentReference>,
    /// The copies for one purpose.
    pub annotations: Vec<Annotation>,
    /// Whether it stands.
    pub standing: Standing,
}

/// A copy for one purpose (加注件).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// What for.
    pub purpose: Personal<String>,
    /// The last day of use.
    pub expires: Date,
    /// When it was asked for.
    pub at: Timestamp,
}

/// Whether a licence stands, apart from its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It stands.
    InForce,
    /// It was revoked.
    Revoked {
        /// Why.
        reason: Personal<String>,
        /// When.
        at: Timestamp,
    },
    /// Another one took its place.
    Superseded {
        /// Which one.
        by: LicenceId,
        /// When.
        at: Timestamp,
    },
}

impl Standing {
    /// The stored form.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Revoked { .. } => "revoked",
            Self::Superseded { .. } => "superseded",
        }
    }
}

/// What a licence is worth on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LicenceStatus {
    /// 有效.
    Valid,
    /// 已过期.
    Expired,
    /// 已注销.
    Revoked,
    /// 已换证.
    Superseded,
}

impl LicenceStatus {
    /// The status from the stored standing and the last day of validity (empty: 长期).
    pub fn of(standing: &str, valid_until: Option<Date>, today: Date) -> Self {
        match standing {
            "revoked" => Self::Revoked,
            "superseded" => Self::Superseded,
            _ if valid_until.is_some_and(|last| last < today) => Self::Expired,
            _ => Self::Valid,
        }
    }

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "有效",
            Self::Expired => "已过期",
            Self::Revoked => "已注销",
            Self::Superseded => "已换证",
        }
    }
}

/// The name of a licence, with 副本 for a copy that stands in the place of its original.
pub(crate) fn titled(name: &str, is_copy: bool) -> String {
    if is_copy {
        format!("{name}（副本）")
    } else {
        name.to_owned()
    }
}

impl Licence {
    /// Its name, with 副本 while there is only the copy.
    pub fn title(&self) -> String {
        titled(&self.issued.name, self.is_copy())
    }

    /// Whether only the copy was issued yet (承诺制+副本制).
    pub const fn is_copy(&self) -> bool {
        self.issued.copy.is_some()
    }

    /// What it is worth on a day.
    pub fn status(&self, today: Date) -> LicenceStatus {
        LicenceStatus::of(self.standing.code(), self.issued.valid_until, today)
    }
}

impl Stream for LicenceStream {
    const KIND: &'static str = "licence";
    type State = LicenceState;
    type Command = LicenceCommand;
    type Event = LicenceEvent;

    fn decide(
        state: &LicenceState,
        command: &LicenceCommand,
        context: &Context<'_>,
    ) -> Result<Vec<LicenceEvent>, Rejection> {
        decide::decide(state, command, context)
    }

    fn apply(state: &mut LicenceState, event: &LicenceEvent, at: Timestamp) {
        if let LicenceEvent::Issued(issued) = event {
            state.0 = Some(Box::new(Licence {
                issued: issued.as_ref().clone(),
                issued_at: at,
                ordered_at: at,
                document: None,
                annotations: Vec::new(),
                standing: Standing::InForce,
            }));
            return;
        }
        // The ledger never holds another event before the first; a foreign one changes nothing.
        let Some(licence) = state.0.as_deref_mut() else {
            return;
        };
        match event {
            LicenceEvent::Issued(_) | LicenceEvent::Printed {} => {}
            LicenceEvent::OriginalIssued {} => {
                if let Some(copy) = licence.issued.copy.take() {
                    licence.issued.valid_until = copy.original_until;
                }
                licence.ordered_at = at;
                licence.document = None;
            }
            LicenceEvent::DocumentMade(document) => licence.document = Some(document.clone()),
            LicenceEvent::Annotated { purpose, expires } => licence.annotations.push(Annotation {
                purpose: purpose.clone(),
                expires: *expires,
                at,
            }),
            LicenceEvent::Revoked { reason } => {
                licence.standing = Standing::Revoked {
                    reason: reason.clone(),
                    at,
                };
            }
            LicenceEvent::Superseded { by } => {
                licence.standing = Standing::Superseded { by: *by, at };
            }
        }
    }

    /// Licences count by year over all departments of the county.
    fn sequence(command: &LicenceCommand, now: Timestamp) -> Option<String> {
        matches!(command, LicenceCommand::Issue(_))
            .then(|| format!("licence:{}", china_date(now).year()))
    }
}
