//! The one door to cases: the counter, the portal, the API, the terminal and the simulator send their
//! commands and ask their questions here, so that no rule has a second copy.

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::{Map, Value};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{CaseId, CommandId, MaterialId, PersonId, Personal, Region};
use wuchuang_ledger::{
    Expected, Ledger, LoadError, Order, Receipt, StorageError,
    storage::{find, list},
};
use wuchuang_webkit::{Failure, Resource};

use crate::{
    files::FileStore,
    model::{
        Agent, Applicant, ApplicantKind, Case, CaseCommand, CaseStream, DeliveryChoice, ItemTerms,
        Material, Submission,
    },
    store::{
        CaseRow, DraftStore, HistoryRow, WorklistCounts, WorklistCursor, WorklistFilter,
        WorklistPage, WorklistScope,
    },
};

/// How many cases of one person are listed.
const CASES_OF_PERSON_MAX: i64 = 100;
/// How many characters a check code has.
const CHECK_CODE_LENGTH: usize = 6;
/// The characters of check codes: none that are mistaken for another when read aloud or written.
const CHECK_CODE_ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Who applies, as a form gives it.
#[derive(Clone)]
pub struct ApplicantInput {
    /// The natural person who applies or acts for the organisation.
    pub person: PersonId,
    /// A person or an organisation.
    pub kind: ApplicantKind,
    /// Name of the person or organisation.
    pub name: String,
    /// Citizen number or credit code.
    pub number: String,
    /// Phone.
    pub phone: String,
    /// Address; may be empty.
    pub address: String,
    /// E-mail; may be empty.
    pub email: String,
}

/// An application, as a form gives it.
#[derive(Clone)]
pub struct SubmissionInput {
    /// The item's version in force.
    pub item: Arc<ItemVersion>,
    /// Who applies.
    pub applicant: ApplicantInput,
    /// Who acts for them.
    pub agent: Option<Agent>,
    /// The answers of the form.
    pub answers: Map<String, Value>,
    /// The materials; their files are in the store already.
    pub materials: Vec<Material>,
    /// Where the result goes.
    pub delivery: DeliveryChoice,
    /// 绿色通道.
    pub priority: bool,
}

/// What the sender of an application gets.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// The code for questions without a login.
    pub check_code: String,
    /// The ledger's receipt.
    pub receipt: Receipt,
}

/// The cases of a house. Cloning shares them.
#[derive(Clone)]
pub struct Cases {
    ledger: Ledger,
    files: FileStore,
}

impl Cases {
    /// The cases on a ledger with their files.
    pub const fn new(ledger: Ledger, files: FileStore) -> Self {
        Self { ledger, files }
    }

    /// The ledger.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The files.
    pub const fn files(&self) -> &FileStore {
        &self.files
    }

    /// The drafts.
    pub fn drafts(&self) -> DraftStore {
        DraftStore::new(self.ledger.clone())
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
        let terms = ItemTerms::of(&input.item).map_err(Failure::internal)?;
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
        };
        let order = Order {
            expected: Expected::Any,
            ..order
        };
        let region = order.region;
        let receipt = self
            .ledger
            .execute::<CaseStream>(
                case.into(),
                CaseCommand::Submit(Box::new(submission)),
                order,
            )
            .await?;
        let number = match self.find(region, case).await? {
            Some(state) => state.number.clone(),
            None => return Err(Failure::internal("a submitted case is not there")),
        };
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
        let expected = match order.expected {
            Expected::Any => Expected::Existing,
            other => other,
        };
        Ok(self
            .ledger
            .execute::<CaseStream>(case.into(), command, Order { expected, ..order })
            .await?)
    }

    /// A command that names a missing file is refused.
    async fn require_files(&self, materials: &[Material]) -> Result<(), Failure> {
        for file in materials.iter().flat_map(|material| &material.files) {
            if !self.files.has(&file.sha256).await? {
                return Err(
                    Failure::invalid("有材料没有传完，请重新上传后再提交。").at("materials")
                );
            }
        }
        Ok(())
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

    /// The cases of an applicant, the newest first.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn of_person(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<Vec<CaseRow>, StorageError> {
        list(
            self.ledger.database().read(),
            &format!(
                "SELECT {} FROM case_file WHERE region = $1 AND person = $2 ORDER BY received_at_us DESC, id LIMIT $3",
                CaseRow::COLUMNS
            ),
            [
                region.to_string().into(),
                person.to_string().into(),
                CASES_OF_PERSON_MAX.into(),
            ],
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

    /// The counts above the worklist.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn worklist_counts(
        &self,
        region: Region,
        scope: WorklistScope,
        me: PersonId,
        today: Date,
    ) -> Result<WorklistCounts, StorageError> {
        crate::store::worklist_counts(self.ledger.database().read(), region, scope, me, today).await
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

/// The case as the policies see it.
pub fn resource(case: &Case, id: CaseId) -> Resource {
    Resource {
        kind: "case",
        id: id.to_string(),
        organisation: Some(case.organisation),
        owner: Some(case.applicant.person),
    }
}
