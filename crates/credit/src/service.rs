//! The one door to the records: whether somebody is barred, and what staff and the subject do with a record.

use wuchuang_kernel::{CreditSubjectId, PersonId, Personal, Region, SupervisionId};
use wuchuang_ledger::{Expected, Ledger, LoadError, Order, Receipt};
use wuchuang_webkit::{Caller, Failure, Resource};

use crate::{
    SourceCase,
    model::{
        CreditBar, CreditCommand, CreditGround, CreditRecord, CreditState, CreditStream, Recording,
    },
};

/// The records of a house. Cloning shares them.
#[derive(Clone)]
pub struct Credit {
    ledger: Ledger,
}

/// What is written when a record is entered.
pub struct Entry<'a> {
    /// On which ground.
    pub ground: CreditGround,
    /// The facts.
    pub reason: &'a str,
    /// The supervision task in which it was found.
    pub task: Option<SupervisionId>,
    /// The organisation that enters it.
    pub organisation: (wuchuang_kernel::OrganisationId, String),
}

impl Credit {
    /// The records on a ledger.
    pub const fn new(ledger: Ledger) -> Self {
        Self { ledger }
    }

    /// The ledger.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Whose records a citizen number or credit code leads to, however it was typed; `None` without a number.
    pub fn subject_of(&self, number: &str) -> Option<CreditSubjectId> {
        let normal: String = number
            .chars()
            .filter(|sign| sign.is_alphanumeric())
            .flat_map(char::to_uppercase)
            .collect();
        if normal.is_empty() {
            return None;
        }
        let hash = self
            .ledger
            .keyed_hash(format!("credit-subject/{normal}").as_bytes());
        let digits = hash.get(..32)?;
        u128::from_str_radix(digits, 16)
            .ok()
            .map(CreditSubjectId::from_u128)
    }

    /// The records of a subject; none for a subject that nobody recorded.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn records(
        &self,
        region: Region,
        subject: CreditSubjectId,
    ) -> Result<CreditState, LoadError> {
        let loaded = self
            .ledger
            .load::<CreditStream>(region, subject.into())
            .await?;
        Ok(loaded.map_or_else(CreditState::default, |(_, state)| state.as_ref().clone()))
    }

    /// Whether whoever has this number is excluded from 容缺受理 and 告知承诺; `None`: they are not.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn bar(&self, region: Region, number: &str) -> Result<Option<CreditBar>, LoadError> {
        match self.subject_of(number) {
            Some(subject) => Ok(self.records(region, subject).await?.bar()),
            None => Ok(None),
        }
    }

    /// Enters a record about the applicant of a case. Whether the caller may is asked before.
    ///
    /// # Errors
    /// When the applicant has no number, or as the rules say.
    pub async fn record(
        &self,
        source: &SourceCase,
        entry: Entry<'_>,
        order: Order,
    ) -> Result<(CreditSubjectId, Receipt), Failure> {
        let subject = self.subject_of(&source.subject_number).ok_or_else(|| {
            Failure::invalid("这个办件的申请人没有证件号码，或者已经依法删除，不能记入失信名单。")
                .at("case")
        })?;
        let own = |text: &str| Personal::new(source.person, text.trim().to_owned());
        let (organisation, organisation_name) = entry.organisation;
        let command = CreditCommand::Record(Box::new(Recording {
            ground: entry.ground,
            case: source.case,
            case_number: source.number.clone(),
            item_name: source.item_name.clone(),
            task: entry.task,
            is_organisation: source.is_organisation,
            name: own(&source.name),
            organisation,
            organisation_name,
            reason: own(entry.reason),
        }));
        let order = Order {
            expected: Expected::Any,
            ..order
        };
        let receipt = self.send(subject, command, order).await?;
        Ok((subject, receipt))
    }

    pub(crate) async fn send(
        &self,
        subject: CreditSubjectId,
        command: CreditCommand,
        order: Order,
    ) -> Result<Receipt, Failure> {
        Ok(self
            .ledger
            .execute::<CreditStream>(subject.into(), command, order)
            .await?)
    }
}

/// A record as the gate sees it: it belongs to who entered it, and to whom it is about.
pub(crate) fn resource(subject: CreditSubjectId, record: &CreditRecord) -> Resource {
    Resource {
        kind: "credit",
        id: subject.to_string(),
        organisation: Some(record.recording.organisation),
        owner: Some(person_of(record)),
    }
}

/// The natural person who applied, or acted for the organisation.
pub(crate) const fn person_of(record: &CreditRecord) -> PersonId {
    record.recording.name.person()
}

/// What staff or the subject do with a record.
pub(crate) enum Deed<'a> {
    /// 申请修复.
    Ask(&'a str),
    /// 修复: reason and document.
    Repair(&'a str, &'a str),
    /// 不予修复.
    Decline(&'a str),
}

impl Deed<'_> {
    const fn action(&self) -> &'static str {
        match self {
            Self::Ask(_) => "credit_own_ask",
            Self::Repair(..) | Self::Decline(_) => "credit_repair",
        }
    }
}

/// Does something with a record, if the caller may.
///
/// # Errors
/// 404 without such a record, 403, or as the rules say.
pub(crate) async fn act(
    credit: &Credit,
    caller: &Caller,
    (subject, record): (CreditSubjectId, u32),
    deed: Deed<'_>,
    order: Order,
) -> Result<Receipt, Failure> {
    let state = credit.records(caller.region, subject).await?;
    let found = state.record(record).ok_or_else(Failure::not_found)?;
    caller.require(deed.action(), &resource(subject, found))?;
    let person = person_of(found);
    let own = |text: &str| Personal::new(person, text.trim().to_owned());
    let command = match deed {
        Deed::Ask(reason) => CreditCommand::AskRepair {
            record,
            reason: own(reason),
        },
        Deed::Repair(reason, document) => CreditCommand::Repair {
            record,
            reason: own(reason),
            document: own(document),
        },
        Deed::Decline(reason) => CreditCommand::DeclineRepair {
            record,
            reason: own(reason),
        },
    };
    let order = Order {
        expected: Expected::Existing,
        ..order
    };
    credit.send(subject, command, order).await
}
