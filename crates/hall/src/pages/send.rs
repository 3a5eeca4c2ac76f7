//! Files a reception: two commands one after the other. The second one's key is derived from the
//! first's, so that a double click, a reload or a crash between the two repeats safely and files one case.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use wuchuang_cases::{
    SubmissionInput, Submitted,
    model::{CaseCommand, Stage},
};
use wuchuang_kernel::{Channel, CommandId};
use wuchuang_ledger::{Expected, Ledger, Order};
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors};

use super::{
    done,
    receive::{Matter, Reception},
    show::show,
};
use crate::{
    reception::{Deed, Table, applicant},
    rooms::Rooms,
};

/// What was pressed, with the key of the page.
pub(super) struct Filing<'a> {
    /// The deed.
    pub(super) deed: Deed,
    /// The hidden field `command_id`.
    pub(super) key: &'a str,
}

pub(super) async fn file(
    rooms: &Rooms,
    caller: &Caller,
    matter: &Matter,
    reception: &Reception,
    filing: &Filing<'_>,
    mut errors: FieldErrors,
) -> Result<Response, Failure> {
    let deed = filing.deed;
    if deed.needs_answers() {
        for error in &reception.answers.errors {
            errors.add(error.field.clone(), error.message.clone());
        }
    }
    matter.against_changes(reception, &mut errors);
    let table = Table {
        person: matter.person(),
        content: matter.content(),
        form: &matter.form,
        wrong_answers: &reception.answers.errors,
        checklist: &reception.checklist,
    };
    let command = reception.about.command(deed, &table, &mut errors);
    let order = caller.order_through(Channel::Counter, Some(filing.key), Expected::Any);
    let mut input = input(rooms, matter, reception, &order, &mut errors);
    input.handled_by = rooms.desk.handled_by(caller, &matter.item).await?;
    if !errors.is_empty() {
        return show(rooms, caller, matter, reception, &errors);
    }
    let first = order.command_id;
    let submitted = match rooms.cases().submit(input, order).await {
        Ok(submitted) => submitted,
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let field = failure.field.as_deref().unwrap_or("applicant").to_owned();
            errors.add(field, failure.public.clone());
            return show(rooms, caller, matter, reception, &errors);
        }
        Err(failure) => return Err(failure),
    };
    let path = format!("/staff/counter/done/{}", submitted.case);
    let (Some(command), Some(action)) = (command, deed.action()) else {
        return Ok(Redirect::to(&path).into_response());
    };
    let key = second_key(rooms.cases().ledger(), first, deed);
    match follow(rooms, caller, &submitted, command, action, key).await {
        Ok(()) => Ok(Redirect::to(&path).into_response()),
        // The case is received and stays so; the person is told what is left to do, and why.
        Err(failure) if failure.status.is_client_error() => {
            done::half_done(rooms, caller, submitted.case, &failure).await
        }
        Err(failure) => Err(failure),
    }
}

fn input(
    rooms: &Rooms,
    matter: &Matter,
    reception: &Reception,
    order: &Order,
    errors: &mut FieldErrors,
) -> SubmissionInput {
    let person = matter.person();
    let about = &reception.about;
    let answers = &reception.answers.values;
    SubmissionInput {
        item: matter.item.clone(),
        applicant: applicant(&matter.form, answers, &matter.citizen, &matter.lists),
        agent: about.agent(person, errors),
        answers: answers.clone(),
        materials: reception
            .checklist
            .materials(|index| rooms.cases().material_of(order.command_id, index)),
        delivery: about.delivery(matter.content(), person, errors),
        priority: !about.priority.is_empty(),
        undertaking: about.undertaking(matter.content(), &reception.checklist),
        handled_by: None,
        part_of: None,
        known: matter.brought(answers),
    }
}

/// The second command; repeated, it gives its first answer.
async fn follow(
    rooms: &Rooms,
    caller: &Caller,
    submitted: &Submitted,
    command: CaseCommand,
    action: &'static str,
    key: CommandId,
) -> Result<(), Failure> {
    let case = rooms.cases().get(caller.region, submitted.case).await?;
    let resource = rooms.desk.resource(caller, &case, submitted.case).await?;
    // A repeated second command meets a case that has gone on: there the ledger gives its first answer,
    // and the case itself refuses anything else.
    if matches!(case.stage, Stage::Examining | Stage::Correcting) {
        caller.require(action, &resource)?;
    }
    let order = Order {
        command_id: key,
        ..caller.order_through(Channel::Counter, None, Expected::Existing)
    };
    rooms.cases().act(submitted.case, command, order).await?;
    Ok(())
}

/// `{first command}/{deed}`, as a key of its own.
fn second_key(ledger: &Ledger, first: CommandId, deed: Deed) -> CommandId {
    let hash = ledger.keyed_hash(format!("counter/{first}/{}", deed.name()).as_bytes());
    let number = hash
        .get(..32)
        .and_then(|digits| u128::from_str_radix(digits, 16).ok())
        .unwrap_or_default();
    CommandId::from_u128(number)
}
