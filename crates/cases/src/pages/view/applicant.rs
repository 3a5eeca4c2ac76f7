//! Who applies and what they answered, masked unless revealed.

use wuchuang_access::model::citizen::CitizenStream;
use wuchuang_codes::{mask_citizen_number, mask_phone};
use wuchuang_kernel::mask_address;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{AnswerLine, Disclosure, Form},
    markup::DefinitionRow,
};

use super::item_version;
use crate::{
    attached,
    model::{ApplicantKind, Case, DeliveryChoice},
    rooms::CaseRooms,
};

/// Who applies. `reached` is the number on which the applicant is reached now.
pub(super) fn about(case: &Case, reached: &str, disclosure: Disclosure) -> Vec<DefinitionRow> {
    let is_full = disclosure == Disclosure::Full;
    let applicant = &case.applicant;
    let kind = match applicant.kind {
        ApplicantKind::Person => "身份证号",
        ApplicantKind::Organisation => "统一社会信用代码",
    };
    let number = applicant.number.text();
    let shown = if is_full || applicant.kind == ApplicantKind::Organisation {
        number.to_owned()
    } else {
        mask_citizen_number(number)
    };
    let mut rows = vec![
        DefinitionRow::new("申请人", applicant.name.text()),
        DefinitionRow::new(kind, shown),
        DefinitionRow::new(
            "联系电话",
            contact(applicant.phone.text(), reached, is_full),
        ),
    ];
    if !applicant.address.text().is_empty() {
        let address = applicant.address.text();
        rows.push(DefinitionRow::new(
            "地址",
            if is_full {
                address.to_owned()
            } else {
                mask_address(address)
            },
        ));
    }
    if let Some(agent) = &case.agent {
        rows.push(DefinitionRow::new(
            "代理人",
            format!(
                "{} {}",
                agent.name.text(),
                phone(agent.phone.text(), is_full)
            ),
        ));
    }
    rows.push(DefinitionRow::new("送达方式", case.delivery.name()));
    if let DeliveryChoice::Post { address } = &case.delivery
        && is_full
    {
        rows.push(DefinitionRow::new("邮寄地址", address.text()));
    }
    rows
}

/// The number that the applicant gave, or the one that it was mended to in their record since.
pub(super) async fn reached(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &Case,
) -> Result<String, Failure> {
    let given = case.applicant.phone.text();
    let citizen = rooms
        .cases
        .ledger()
        .load::<CitizenStream>(caller.region, case.applicant.person.into())
        .await?;
    Ok(citizen.map_or_else(
        || given.to_owned(),
        |(_, state)| state.phone_for(given).to_owned(),
    ))
}

fn contact(given: &str, reached: &str, is_full: bool) -> String {
    let shown = phone(reached, is_full);
    if reached == given {
        shown
    } else {
        format!("{shown}（提交后已更正）")
    }
}

fn phone(number: &str, is_full: bool) -> String {
    if is_full {
        number.to_owned()
    } else {
        mask_phone(number)
    }
}

/// The answers of the form in words; a village is named, not numbered.
pub(crate) async fn answers(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &Case,
    disclosure: Disclosure,
) -> Result<Vec<AnswerLine>, Failure> {
    let Some(serde_json::Value::Object(values)) = case.answers.get() else {
        return Ok(Vec::new());
    };
    let Some(version) = item_version(rooms, caller, case).await? else {
        return Ok(Vec::new());
    };
    let Ok(form) = Form::shared(&version.content.form) else {
        return Ok(Vec::new());
    };
    let villages = rooms.directory.villages(caller.region).await?;
    let translator = &caller.page.translator;
    let told = |material: &str| Some(attached(&case.materials, material, translator));
    let values = form.with_attachments(values, told);
    Ok(form.describe(&values, &villages, disclosure, translator))
}

/// An answer as the case page shows it.
pub(in crate::pages) struct Answer {
    /// The question with its answer.
    pub(in crate::pages) line: AnswerLine,
    /// Which licence or earlier case answered it before, and why the applicant says something else; empty when none did.
    pub(in crate::pages) known: String,
    /// Whether the applicant says something else.
    pub(in crate::pages) is_changed: bool,
}

/// The answers with where they come from, except those that are told above them.
pub(super) async fn answered(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &Case,
    disclosure: Disclosure,
) -> Result<Vec<Answer>, Failure> {
    let lines = answers(rooms, caller, case, disclosure).await?;
    let form = if case.known.is_empty() {
        None
    } else {
        rooms.cases.form_of(caller.region, case).await?
    };
    let villages = rooms.directory.villages(caller.region).await?;
    let given = case.answers.get();
    let values = given.and_then(serde_json::Value::as_object);
    let answers = lines.into_iter().map(|line| {
        let known = case.known.iter().find(|one| one.field == line.field);
        let told = known
            .zip(form.as_ref())
            .zip(values)
            .map(|((known, form), values)| {
                known.told(form, values, &villages, disclosure, &caller.page.translator)
            });
        Answer {
            is_changed: known.is_some_and(|one| one.is_changed(given)),
            known: told.unwrap_or_default(),
            line,
        }
    });
    Ok(beside(case, answers.collect()))
}

/// The answers that say something which is not told above them already: the form asks for name, number and phone, and
/// these are the applicant's.
fn beside(case: &Case, answers: Vec<Answer>) -> Vec<Answer> {
    let Some(serde_json::Value::Object(values)) = case.answers.get() else {
        return answers;
    };
    let applicant = &case.applicant;
    let told = [&applicant.name, &applicant.number, &applicant.phone].map(|own| own.text().trim());
    let is_told = |field: &str| {
        values
            .get(field)
            .and_then(serde_json::Value::as_str)
            .is_some_and(|given| !given.trim().is_empty() && told.contains(&given.trim()))
    };
    answers
        .into_iter()
        .filter(|answer| {
            answer.is_changed || answer.line.warning.is_some() || !is_told(&answer.line.field)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_masked_unless_it_was_revealed() {
        assert_eq!(phone("13891500001", false), "138****0001");
        assert_eq!(phone("13891500001", true), "13891500001");
        assert_eq!(
            contact("13891500001", "13891500002", false),
            "138****0002（提交后已更正）"
        );
    }
}
