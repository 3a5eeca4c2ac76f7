//! The one door to cases: the counter, the portal, the API, the terminal and the simulator send their
//! commands and ask their questions here, so that no rule has a second copy. `processes` brings the drawn process of a case, `by_rules` the rules
//! that decide it, `picture` shows where it stands, `moving` brings running cases to another drawing.

pub(crate) mod attached;
pub mod belonging;
mod bundled;
mod by_rules;
mod credit;
pub mod known;
pub(crate) mod moving;
mod picture;
mod processes;
pub mod watched;

use std::{collections::HashMap, sync::Arc};

use jiff::{SignedDuration, civil::Date};
use moka::sync::Cache;
use serde_json::Value;
use wuchuang_credit::Credit;
use wuchuang_kernel::{CaseId, CommandId, MaterialId, PersonId, Personal, Region};
use wuchuang_ledger::{Expected, Ledger, LoadError, Order, Receipt, StorageError, storage::find};
use wuchuang_webkit::{Failure, Resource, throttle::Throttle};

use crate::{
    files::FileStore,
    kept::DRAFTS_KEPT,
    model::{Applicant, Case, CaseCommand, CaseStream, DrawnProcess, Submission},
    searches::Searches,
    store::{
        CaseRow, HistoryRow, ItemNames, ListedTask, Taker, WorklistCounts, WorklistCursor,
        WorklistFilter, WorklistPage, WorklistScope,
    },
};

pub use by_rules::Situation;

pub use crate::submission::{ApplicantInput, SubmissionInput, Submitted};

/// Up to so many open cases the counts above a worklist are counted each time.
const COUNTED_EACH_TIME_MAX: i64 = 1_000;
/// How long counts of more are told again, in seconds.
const COUNTS_SECONDS_MAX: i64 = 3;
/// For how many members of staff counts are kept.
const COUNTS_AT_HAND: u64 = 10_000;
/// How many compiled processes, and how many rules, are kept at hand.
const PROCESSES_AT_HAND: u64 = 500;
/// How many wrong check codes an address may send within [`WRONG_CODES_WAIT`], so that nobody finds a case by trying. A
/// hall's visitors share one address, and thirty-one characters in six places are still far out of reach at this pace.
const WRONG_CODES_MAX: u32 = 10;
/// How long an address must wait then.
const WRONG_CODES_WAIT: SignedDuration = SignedDuration::from_mins(1);
/// How many characters a check code has.
const CHECK_CODE_LENGTH: usize = 6;
/// The characters of check codes: none that are mistaken for another when read aloud or written.
const CHECK_CODE_ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// The cases of a house. Cloning shares them.
#[derive(Clone)]
pub struct Cases {
    ledger: Ledger,
    files: FileStore,
    pub(crate) drafts_kept: SignedDuration,
    counts: Cache<(Region, WorklistScope, PersonId, Date), (i64, WorklistCounts)>,
    wrong_codes: Arc<Throttle>,
    pub(crate) searches: Searches,
    pub(crate) item_names: ItemNames,
    /// Compiled processes by the digest of their file.
    processes: Cache<String, Arc<DrawnProcess>>,
    rules: by_rules::RulesCache,
    credit: Credit,
    reservations: Option<Arc<dyn belonging::Reservations>>,
}

impl Cases {
    /// The cases on a ledger with their files.
    pub fn new(ledger: Ledger, files: FileStore) -> Self {
        Self {
            searches: Searches::new(ledger.clone()),
            credit: Credit::new(ledger.clone()),
            item_names: ItemNames::new(ledger.clone()),
            ledger,
            files,
            drafts_kept: DRAFTS_KEPT,
            counts: Cache::new(COUNTS_AT_HAND),
            processes: Cache::new(PROCESSES_AT_HAND),
            rules: Cache::new(PROCESSES_AT_HAND),
            wrong_codes: Arc::new(Throttle::new(WRONG_CODES_MAX, WRONG_CODES_WAIT)),
            reservations: None,
        }
    }

    /// The ledger.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The files.
    pub const fn files(&self) -> &FileStore {
        &self.files
    }

    /// Counts wrong check codes by address, for every window that asks [`Self::by_receipt`]: page and API share the limit.
    pub fn wrong_codes(&self) -> &Throttle {
        &self.wrong_codes
    }

    /// The case that a submission under a key makes: the same key always makes the same case.
    pub const fn case_of(command: CommandId) -> CaseId {
        CaseId::from_u128(command.uuid().as_u128())
    }

    /// The identifier of the n-th material of a command: the same each time it is sent.
    pub fn material_of(&self, command: CommandId, index: usize) -> MaterialId {
        let hash = self
            .ledger
            .keyed_hash(format!("material/{command}/{index}").as_bytes());
        let number = u128::from_str_radix(&hash[..32], 16).unwrap_or_default();
        MaterialId::from_u128(number)
    }

    /// 提交申请.
    ///
    /// # Errors
    /// When the rules refuse it, a file is missing, or it cannot be written.
    pub async fn submit(&self, input: SubmissionInput, order: Order) -> Result<Submitted, Failure> {
        self.require_files(&input.materials).await?;
        let case = Self::case_of(order.command_id);
        let person = input.applicant.person;
        let check_code = self.check_code(order.command_id);
        let mut terms = self.terms_of(&input)?;
        if let Some(by) = input.handled_by.as_ref().filter(|by| by.in_own_name) {
            terms.department = by.organisation;
            terms.department_name.clone_from(&by.name);
            terms.department_code.clone_from(&by.code);
        }
        let own = |text: &str| Personal::new(person, text.trim().to_owned());
        let applicant = &input.applicant;
        let submission = Submission {
            terms,
            applicant: Applicant {
                person,
                kind: applicant.kind,
                name: own(&applicant.name),
                number: own(&applicant.number),
                phone: own(&applicant.phone),
                address: own(&applicant.address),
                email: own(&applicant.email),
            },
            agent: input.agent,
            answers: Personal::new(person, Value::Object(input.answers)),
            materials: input.materials,
            delivery: input.delivery,
            check_code: check_code.clone(),
            priority: input.priority,
            undertaking: input.undertaking,
            handled_by: input.handled_by,
            known: input.known,
            part_of: input.part_of,
        };
        let order = Order {
            expected: Expected::Any,
            ..order
        };
        let command = CaseCommand::Submit(Box::new(submission));
        let number = &applicant.number;
        let command = self.knowing_credit(order.region, number, command).await?;
        let receipt = self
            .ledger
            .execute::<CaseStream>(case.into(), command, order.clone())
            .await?;
        self.decide_at_once(&order, &receipt, case).await;
        let number = self.after(&receipt).await?.number;
        Ok(Submitted {
            case,
            number,
            check_code,
            receipt,
        })
    }

    /// Sends any other command to a case.
    ///
    /// # Errors
    /// When the rules refuse it, a file is missing, or it cannot be written.
    pub async fn act(
        &self,
        case: CaseId,
        command: CaseCommand,
        order: Order,
    ) -> Result<Receipt, Failure> {
        if let CaseCommand::SupplyCorrection { materials, .. }
        | CaseCommand::SupplySupplement { materials } = &command
        {
            self.require_files(materials).await?;
        }
        self.check_reservations(order.region, case, &command)
            .await?;
        let command = self.counted_anew(order.region, case, command).await?;
        let command = self.knowing_credit_of(order.region, case, command).await?;
        let expected = match order.expected {
            Expected::Any => Expected::Existing,
            other => other,
        };
        Ok(self
            .ledger
            .execute::<CaseStream>(case.into(), command, Order { expected, ..order })
            .await?)
    }

    fn check_code(&self, command: CommandId) -> String {
        let hash = self
            .ledger
            .keyed_hash(format!("check/{command}").as_bytes());
        let mut number = u64::from_str_radix(&hash[..15], 16).unwrap_or_default();
        let base = CHECK_CODE_ALPHABET.len() as u64;
        (0..CHECK_CODE_LENGTH)
            .map(|_| {
                let index = usize::try_from(number % base).unwrap_or(0);
                number /= base;
                char::from(CHECK_CODE_ALPHABET[index])
            })
            .collect()
    }

    /// A case as it stands after a command.
    ///
    /// # Errors
    /// 404 when it is not there.
    pub async fn after(&self, receipt: &Receipt) -> Result<Box<Case>, Failure> {
        let loaded = self.ledger.load_after::<CaseStream>(receipt).await?;
        loaded
            .and_then(|(_, state)| state.0.clone())
            .ok_or_else(Failure::not_found)
    }

    /// A case as it stands.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn find(&self, region: Region, case: CaseId) -> Result<Option<Box<Case>>, LoadError> {
        let loaded = self.ledger.load::<CaseStream>(region, case.into()).await?;
        Ok(loaded.and_then(|(_, state)| state.0.clone()))
    }

    /// A case that must be there.
    ///
    /// # Errors
    /// 404 when it is not there.
    pub async fn get(&self, region: Region, case: CaseId) -> Result<Box<Case>, Failure> {
        self.find(region, case)
            .await?
            .ok_or_else(Failure::not_found)
    }

    /// The case with a number.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn row_by_number(
        &self,
        region: Region,
        number: &str,
    ) -> Result<Option<CaseRow>, StorageError> {
        find(
            self.ledger.database().read(),
            &format!(
                "SELECT {} FROM case_file WHERE region = $1 AND number = $2",
                CaseRow::COLUMNS
            ),
            [region.to_string().into(), number.into()],
        )
        .await
    }

    /// The case with a number and its check code: what anyone who holds the receipt may see. The
    /// comparison takes the same time for every wrong code.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn by_receipt(
        &self,
        region: Region,
        number: &str,
        check_code: &str,
    ) -> Result<Option<(CaseRow, Box<Case>)>, Failure> {
        let number = number.replace([' ', '-'], "").to_uppercase();
        let Some(row) = self.row_by_number(region, &number).await? else {
            return Ok(None);
        };
        let Some(id) = row.case_id() else {
            return Ok(None);
        };
        let case = self.get(region, id).await?;
        let given = self
            .ledger
            .keyed_hash(check_code.trim().to_uppercase().as_bytes());
        let right = self.ledger.keyed_hash(case.check_code.as_bytes());
        Ok((given == right).then_some((row, case)))
    }

    /// The row of a case.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn row(&self, region: Region, case: CaseId) -> Result<Option<CaseRow>, StorageError> {
        find(
            self.ledger.database().read(),
            &format!(
                "SELECT {} FROM case_file WHERE region = $1 AND id = $2",
                CaseRow::COLUMNS
            ),
            [region.to_string().into(), case.to_string().into()],
        )
        .await
    }

    /// A page of the worklist.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn worklist(
        &self,
        region: Region,
        scope: WorklistScope,
        filter: &WorklistFilter,
        after: Option<&WorklistCursor>,
        limit: u32,
        today: Date,
    ) -> Result<WorklistPage, StorageError> {
        crate::store::worklist_page(
            self.ledger.database().read(),
            region,
            scope,
            filter,
            after,
            limit,
            today,
        )
        .await
    }

    /// The counts above the worklist. Many open cases take long to count and change little in a moment: then
    /// the counts of the last seconds are told again.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn worklist_counts(
        &self,
        region: Region,
        scope: WorklistScope,
        (me, taker): (PersonId, Option<&Taker>),
        today: Date,
    ) -> Result<WorklistCounts, StorageError> {
        let second = self.ledger.now().as_second();
        let key = (region, scope, me, today);
        if let Some((counted, counts)) = self.counts.get(&key)
            && (0..COUNTS_SECONDS_MAX).contains(&(second - counted))
        {
            return Ok(counts);
        }
        let connection = self.ledger.database().read();
        let counts =
            crate::store::worklist_counts(connection, region, scope, (me, taker), today).await?;
        if counts.open > COUNTED_EACH_TIME_MAX {
            self.counts.insert(key, (second, counts));
        }
        Ok(counts)
    }

    /// The open tasks of some cases of a list, with what is free for whoever looks.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn open_tasks(
        &self,
        region: Region,
        cases: &[&str],
        taker: Option<&Taker>,
    ) -> Result<HashMap<String, Vec<ListedTask>>, StorageError> {
        crate::store::open_tasks(self.ledger.database().read(), region, cases, taker).await
    }

    /// What happened to a case, in sentences without personal data.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn history(
        &self,
        region: Region,
        case: CaseId,
    ) -> Result<Vec<HistoryRow>, StorageError> {
        crate::store::history(self.ledger.database().read(), region, case).await
    }
}

/// The kind of a case, for the policies.
pub(crate) const CASE: &str = "case";

/// The case as the policies see it.
pub fn resource(case: &Case, id: CaseId) -> Resource {
    Resource {
        kind: CASE,
        id: id.to_string(),
        organisation: Some(case.organisation),
        owner: Some(case.applicant.person),
    }
}
