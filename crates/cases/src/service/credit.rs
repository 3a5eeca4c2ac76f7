//! What bad-credit records mean to cases: whoever has one is not taken at their word until it is repaired; and the case that a
//! record follows from.

use async_trait::async_trait;
use wuchuang_credit::{Credit, SourceCase, SourceCases, model::CreditBar};
use wuchuang_kernel::{CaseId, Region};
use wuchuang_ledger::LoadError;
use wuchuang_webkit::Failure;

use super::Cases;
use crate::{
    model::{ApplicantKind, CaseCommand, check_known, check_submission, check_word},
    submission::SubmissionInput,
};

impl Cases {
    /// The bad-credit records.
    pub const fn credit(&self) -> &Credit {
        &self.credit
    }

    /// Whether whoever has this number is excluded from 容缺受理 and 告知承诺, for windows that must not offer them.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn bar(&self, region: Region, number: &str) -> Result<Option<CreditBar>, LoadError> {
        self.credit.bar(region, number).await
    }

    /// Whether an application would be received: for windows that must not register anybody for one that is refused.
    ///
    /// # Errors
    /// What [`Self::submit`] would refuse, as far as it does not depend on the moment.
    pub async fn check(&self, region: Region, input: &SubmissionInput) -> Result<(), Failure> {
        self.require_files(&input.materials).await?;
        let terms = self.terms_of(input)?;
        check_submission(&terms, &input.applicant.name, &input.materials)?;
        let answers = serde_json::Value::Object(input.answers.clone());
        check_known(&input.known, Some(&answers))?;
        self.check_credit(region, input).await
    }

    /// What an application is refused for because a bad-credit record stands.
    async fn check_credit(&self, region: Region, input: &SubmissionInput) -> Result<(), Failure> {
        let Err(refusal) = check_word(&input.materials, input.undertaking.is_some()) else {
            return Ok(());
        };
        match self.bar(region, &input.applicant.number).await? {
            Some(_) => Err(refusal.into()),
            None => Ok(()),
        }
    }

    /// The command with what stands against the applicant with a number, where it rests on their word.
    pub(super) async fn knowing_credit(
        &self,
        region: Region,
        number: &str,
        command: CaseCommand,
    ) -> Result<CaseCommand, Failure> {
        if !command.rests_on_word() {
            return Ok(command);
        }
        Ok(match self.bar(region, number).await? {
            Some(bar) => CaseCommand::KnowingCredit {
                command: Box::new(command),
                bar,
            },
            None => command,
        })
    }

    /// The same for a running case.
    pub(super) async fn knowing_credit_of(
        &self,
        region: Region,
        case: CaseId,
        command: CaseCommand,
    ) -> Result<CaseCommand, Failure> {
        if !command.rests_on_word() {
            return Ok(command);
        }
        let Some(found) = self.find(region, case).await? else {
            return Ok(command);
        };
        self.knowing_credit(region, found.applicant.number.text(), command)
            .await
    }
}

#[async_trait]
impl SourceCases for Cases {
    async fn source_case(
        &self,
        region: Region,
        number: &str,
    ) -> Result<Option<SourceCase>, Failure> {
        let number = number.replace([' ', '-'], "").to_uppercase();
        let row = self.row_by_number(region, &number).await?;
        let Some(id) = row.and_then(|row| row.case_id()) else {
            return Ok(None);
        };
        let case = self.get(region, id).await?;
        Ok(Some(case.source(id)))
    }
}

impl crate::model::Case {
    /// The case as a bad-credit record names it.
    pub fn source(&self, id: CaseId) -> SourceCase {
        SourceCase {
            case: id,
            number: self.number.clone(),
            item_name: self.terms.name.clone(),
            organisation: self.organisation,
            person: self.applicant.person,
            is_organisation: self.applicant.kind == ApplicantKind::Organisation,
            name: self.applicant.name.text().to_owned(),
            subject_number: self.applicant.number.text().to_owned(),
        }
    }
}
