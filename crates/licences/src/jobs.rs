//! What follows a decision: the licence is issued, told to its case, and its document made.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use wuchuang_access::{AccessKey, Directory};
use wuchuang_cases::model::{
    Case, CaseCommand, CaseEvent, CaseStream, Decision, IssuedLicence, Stage, has_promise,
};
use wuchuang_catalogue::model::ServiceItem;
use wuchuang_codes::LicenceTypeCode;
use wuchuang_kernel::{Actor, CaseId, Channel, LicenceId, Personal, Region};
use wuchuang_ledger::{
    ExecuteError, Expected, Job, JobContext, JobFailure, Ledger, LoadError, NewJob, Order,
    Reaction, Recorded, Stream,
};
use wuchuang_webkit::{
    forms::{Disclosure, Form, Lists},
    language::{Language, Texts, Translator},
};

use crate::{
    issuer::credit_code_of,
    model::{
        Approval, ContentField, Holder, Issue, Licence, LicenceCommand, LicenceEvent,
        LicenceStream,
        kinds::{LicenceTypes, TypeCommand},
    },
    press::{PressError, Workshop},
    renewal::predecessor,
    tokens::{check_code, licence_token},
};

/// Issues the licence of a case.
const LICENCE_ISSUE: &str = "licence_issue";
/// Makes the document of a licence.
const LICENCE_DOCUMENT: &str = "licence_document";

#[derive(Debug, Serialize, Deserialize)]
struct IssueInput {
    case: CaseId,
}

#[derive(Debug, Serialize, Deserialize)]
struct DocumentInput {
    licence: LicenceId,
}

/// The licence that a case gets: the same each time it is asked for, so that a case gets one only.
pub fn licence_of_case(case: CaseId) -> LicenceId {
    let digest = Sha256::digest(format!("licence/{case}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    LicenceId::from_u128(u128::from_be_bytes(bytes))
}

/// Asks for a licence when a case is granted, and for its document when it is issued.
pub(crate) struct AfterDecision;

impl Reaction for AfterDecision {
    fn kinds(&self) -> &'static [&'static str] {
        &[CaseStream::KIND, LicenceStream::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        if let Some(LicenceEvent::Issued(_) | LicenceEvent::OriginalIssued {}) =
            recorded.event::<LicenceStream>()
        {
            let input = DocumentInput {
                licence: recorded.stream_id.into(),
            };
            return vec![NewJob::now(LICENCE_DOCUMENT, &input).paper()];
        }
        let is_granted = matches!(
            recorded.event::<CaseStream>(),
            Some(CaseEvent::Decided {
                decision: Decision::Granted,
                ..
            })
        );
        let issues = recorded
            .state::<CaseStream>()
            .and_then(|state| state.0.as_deref())
            .is_some_and(|case| case.terms.issues_licence);
        if is_granted && issues {
            let input = IssueInput {
                case: recorded.stream_id.into(),
            };
            vec![NewJob::now(LICENCE_ISSUE, &input)]
        } else {
            Vec::new()
        }
    }
}

fn order(context: &JobContext, purpose: &str) -> Order {
    Order {
        region: context.region,
        actor: Actor::SYSTEM,
        channel: Channel::System,
        command_id: context.command_id(purpose),
        expected: Expected::Any,
    }
}

/// A refusal by the rules does not pass by waiting; everything else may.
fn failure(error: ExecuteError) -> JobFailure {
    match error {
        ExecuteError::Rejected(rejection) => {
            JobFailure::Never(format!("{}: {}", rejection.code, rejection.public))
        }
        other => JobFailure::Later(other.to_string()),
    }
}

fn load_failure(error: LoadError) -> JobFailure {
    JobFailure::Later(error.to_string())
}

/// Issues the licence of a case.
pub(crate) struct IssueLicence {
    pub(crate) key: AccessKey,
    pub(crate) directory: Directory,
}

#[async_trait]
impl Job for IssueLicence {
    fn name(&self) -> &'static str {
        LICENCE_ISSUE
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: IssueInput =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        let ledger = &context.ledger;
        let case = ledger
            .load::<CaseStream>(context.region, input.case.into())
            .await
            .map_err(load_failure)?
            .and_then(|(_, state)| state.0.as_deref().cloned())
            .ok_or_else(|| JobFailure::Never("there is no such case".into()))?;
        if case.stage != Stage::Issuing {
            // The job ran before, or the case went another way meanwhile.
            return Ok(());
        }
        let licence = licence_of_case(input.case);
        if load(ledger, context.region, licence).await?.is_none() {
            let issue = self.issue(input.case, &case, licence, context).await?;
            ledger
                .execute::<LicenceStream>(
                    licence.into(),
                    LicenceCommand::Issue(Box::new(issue)),
                    order(context, "issue"),
                )
                .await
                .map_err(failure)?;
        }
        let issued = load(ledger, context.region, licence)
            .await?
            .ok_or_else(|| JobFailure::Later("the licence was not issued".into()))?
            .issued;
        self.replace(&case, licence, &issued.name, context).await?;
        let command = CaseCommand::RecordLicence(IssuedLicence {
            licence,
            number: issued.number,
            name: issued.name,
        });
        ledger
            .execute::<CaseStream>(input.case.into(), command, order(context, "record"))
            .await
            .map_err(failure)?;
        Ok(())
    }
}

async fn load(
    ledger: &Ledger,
    region: Region,
    licence: LicenceId,
) -> Result<Option<Licence>, JobFailure> {
    Ok(ledger
        .load::<LicenceStream>(region, licence.into())
        .await
        .map_err(load_failure)?
        .and_then(|(_, state)| state.0.as_deref().cloned()))
}

impl IssueLicence {
    /// Ends the licence whose place the new one takes, before the case knows the new one: a job that stops in between
    /// does it again.
    async fn replace(
        &self,
        case: &Case,
        licence: LicenceId,
        name: &str,
        context: &JobContext,
    ) -> Result<(), JobFailure> {
        let ledger = &context.ledger;
        let old = predecessor(
            ledger.database(),
            context.region,
            &self.key,
            case,
            (licence, name),
        )
        .await?;
        let Some(old) = old else {
            return Ok(());
        };
        let done = ledger
            .execute::<LicenceStream>(
                old.into(),
                LicenceCommand::Supersede { by: licence },
                order(context, "supersede"),
            )
            .await;
        match done {
            // Revoked or replaced meanwhile: it no longer says 有效, which is all that matters.
            Ok(_) | Err(ExecuteError::Rejected(_)) => Ok(()),
            Err(error) => Err(failure(error)),
        }
    }

    async fn issue(
        &self,
        id: CaseId,
        case: &Case,
        licence: LicenceId,
        context: &JobContext,
    ) -> Result<Issue, JobFailure> {
        let ledger = &context.ledger;
        // The licence bears the name of the authority that decides, also when another handled the case.
        let issuer = credit_code_of(&self.directory, context.region, case.terms.department).await?;
        let name = if case.terms.result_name.is_empty() {
            case.terms.name.clone()
        } else {
            case.terms.result_name.clone()
        };
        let item = ledger
            .load::<ServiceItem>(context.region, case.terms.item.into())
            .await
            .map_err(load_failure)?
            .and_then(|(_, state)| state.version(case.terms.version).cloned());
        let (form, validity) = item.as_ref().map_or((None, ""), |item| {
            (
                Some(&item.content.form),
                item.content.result.validity.as_str(),
            )
        });
        // A type that a ministry defined has its code in the item; other types are numbered here.
        let national = item
            .as_ref()
            .and_then(|item| item.content.result.licence_type.as_deref())
            .and_then(|code| LicenceTypeCode::parse(code).ok());
        let type_code = match national {
            Some(code) => code.as_str().to_owned(),
            None => format!("{issuer}{:03}", type_number(&name, case, context).await?),
        };
        let villages = self.directory.villages(context.region).await?;
        let person = case.applicant.person;
        let holder = Holder {
            person,
            kind: case.applicant.kind,
            name: case.applicant.name.clone(),
            number: case.applicant.number.clone(),
        };
        Ok(Issue {
            type_code,
            issuer,
            department_code: case.terms.department_code.clone(),
            name,
            holder,
            organisation: case.terms.department,
            organisation_name: case.terms.department_name.clone(),
            case: id,
            case_number: case.number.clone(),
            contents: Personal::new(person, contents(form, case.answers.get(), &villages)),
            valid_years: valid_years(validity),
            check_code: check_code(&self.key, licence),
            token: licence_token(&self.key, licence),
            approvals: Approval::all_of(case),
            copy_days: case
                .terms
                .copy_days()
                .filter(|_| has_promise(&case.materials)),
        })
    }
}

/// The number of the licence's type at its authority, given now if it is new.
async fn type_number(name: &str, case: &Case, context: &JobContext) -> Result<u16, JobFailure> {
    let stream = case.terms.department.into();
    // Only the first licence of a type gives it its number.
    let known = context
        .ledger
        .load::<LicenceTypes>(context.region, stream)
        .await
        .map_err(load_failure)?
        .and_then(|(_, types)| types.number(name));
    if let Some(number) = known {
        return Ok(number);
    }
    let command = TypeCommand::Number {
        name: name.to_owned(),
    };
    context
        .ledger
        .execute::<LicenceTypes>(stream, command, order(context, "type"))
        .await
        .map_err(failure)?;
    context
        .ledger
        .load::<LicenceTypes>(context.region, stream)
        .await
        .map_err(load_failure)?
        .and_then(|(_, types)| types.number(name))
        .ok_or_else(|| JobFailure::Later("the type has no number yet".into()))
}

/// The answers of the form with the words of its questions; numbers that identify a person are masked,
/// because a certificate hangs on walls.
fn contents(form: Option<&Value>, answers: Option<&Value>, lists: &dyn Lists) -> Vec<ContentField> {
    let (Some(form), Some(Value::Object(answers))) = (form, answers) else {
        return Vec::new();
    };
    let Ok(form) = Form::shared(form) else {
        return Vec::new();
    };
    let chinese = Translator::new(Language::SimplifiedChinese, Arc::new(Texts::default()));
    form.describe(answers, lists, Disclosure::Masked, &chinese)
        .into_iter()
        .filter(|line| line.is_answered)
        .map(|line| ContentField {
            label: line.label,
            value: line.text,
        })
        .collect()
}

/// The years in a validity such as 5年 or 三年; `None` for 长期 and for words that name no years.
fn valid_years(validity: &str) -> Option<u16> {
    let words: BTreeMap<&str, u16> = [
        ("一", 1),
        ("两", 2),
        ("二", 2),
        ("三", 3),
        ("四", 4),
        ("五", 5),
        ("六", 6),
        ("七", 7),
        ("八", 8),
        ("九", 9),
        ("十", 10),
        ("二十", 20),
    ]
    .into();
    let (before, _) = validity.trim().split_once('年')?;
    let before = before.trim().trim_start_matches("有效期").trim();
    before
        .parse()
        .ok()
        .or_else(|| words.get(before).copied())
        .filter(|years| (1..=100).contains(years))
}

/// Makes the document of a licence.
pub(crate) struct MakeDocument {
    pub(crate) workshop: Workshop,
}

#[async_trait]
impl Job for MakeDocument {
    fn name(&self) -> &'static str {
        LICENCE_DOCUMENT
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: DocumentInput =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        let made = self
            .workshop
            .document(context.region, input.licence, order(context, "document"))
            .await;
        match made {
            // A licence that was revoked, or whose holder was forgotten, before its document was made needs none.
            Ok(_)
            | Err(PressError::Execute(ExecuteError::Rejected(_)) | PressError::Forgotten(_)) => {
                Ok(())
            }
            Err(error) if error.may_pass() => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                Err(JobFailure::Later(format!(
                    "{error}: {}",
                    cause.unwrap_or_default()
                )))
            }
            Err(error) => Err(JobFailure::Never(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use wuchuang_webkit::forms::NoLists;

    use super::*;

    #[test]
    fn validity_reads_years_in_digits_and_words() {
        for (text, years) in [
            ("5年", Some(5)),
            ("三年", Some(3)),
            (" 有效期5年 ", Some(5)),
            ("10 年", Some(10)),
            ("长期", None),
            ("", None),
            ("0年", None),
            ("999年", None),
            ("按规定年限", None),
        ] {
            assert_eq!(valid_years(text), years, "{text}");
        }
    }

    #[test]
    fn contents_take_the_words_of_the_form() {
        let form = serde_json::json!({
            "type": "object", "title": "申请表",
            "properties": {
                "shop": {"type": "string", "title": "经营场所"},
                "note": {"type": "string", "title": "备注"},
            },
        });
        let answers = serde_json::json!({"shop": "环城路126号"});
        let fields = contents(Some(&form), Some(&answers), &NoLists);
        assert_eq!(
            fields,
            [ContentField {
                label: "经营场所".into(),
                value: "环城路126号".into()
            }]
        );
        assert!(contents(None, Some(&answers), &NoLists).is_empty());
        assert!(contents(Some(&form), None, &NoLists).is_empty());
    }

    #[test]
    fn a_case_has_one_licence() {
        let case = CaseId::from_u128(5);
        assert_eq!(licence_of_case(case), licence_of_case(case));
        assert_ne!(licence_of_case(case), licence_of_case(CaseId::from_u128(6)));
    }
}
