//! What staff do to a case: each deed is one form of the case page and one command.

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use wuchuang_calendar::StopKind;
use wuchuang_kernel::{CaseId, Channel, OrganisationId, PersonId, Personal, Role};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    model::{
        AtCounter, Case, CaseCommand, Conditional, Delivered, NotAcceptedGround, SpecialProcedure,
        TerminationGround,
    },
    rooms::CaseRooms,
};

use crate::colleagues::colleague;

use super::{case::refused, tasks, typed::Typed, worklist::AFTER_DEED};

/// A deed that reads: the action that the policies decide, and the command.
pub(super) type Deed = (&'static str, CaseCommand);

pub(super) async fn act(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, deed)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let id: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    let typed = Typed::new(&deed, pairs);
    let case = rooms.cases.get(caller.region, id).await?;
    match perform(&rooms, &caller, (id, &case), &deed, &typed).await {
        Ok(()) => back(&rooms, &caller, id).await,
        Err(failure)
            if matches!(
                failure.status,
                StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
            ) =>
        {
            refused(&rooms, &caller, id, &failure, &typed).await
        }
        Err(failure) => Err(failure),
    }
}

/// Back to the case; to the list when the deed took it out of the visitor's hands.
pub(super) async fn back(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
) -> Result<Response, Failure> {
    let case = rooms.cases.get(caller.region, id).await?;
    let resource = rooms.resource(caller, &case, id).await?;
    let is_readable =
        caller.may("case_open", &resource) || rooms.may_follow(caller, &case, id).await?;
    let path = if is_readable {
        format!("/staff/cases/{id}")
    } else {
        AFTER_DEED.to_owned()
    };
    Ok(Redirect::to(&path).into_response())
}

async fn perform(
    rooms: &CaseRooms,
    caller: &Caller,
    (id, case): (CaseId, &Case),
    deed: &str,
    typed: &Typed,
) -> Result<(), Failure> {
    let (action, command) = read(rooms, caller, deed, case, typed).await?;
    let expected = typed
        .plain("version")
        .and_then(|version| version.parse().ok())
        .map_or(Expected::Existing, Expected::Version);
    let order = caller.order_through(window(caller), typed.plain("command_id"), expected);
    // Pressed twice, the second press meets a case that may have gone on: it gets the first one's answer.
    rooms.case_for_deed(caller, id, action, &order).await?;
    rooms.cases.act_on((id, case), command, order).await?;
    Ok(())
}

/// Clerks act through the hall's counters, everyone else from the offices behind them.
fn window(caller: &Caller) -> Channel {
    if caller.visitor.has_role(Role::CounterClerk) {
        Channel::Counter
    } else {
        caller.visitor.channel()
    }
}

async fn read(
    rooms: &CaseRooms,
    caller: &Caller,
    deed: &str,
    case: &Case,
    typed: &Typed,
) -> Result<Deed, Failure> {
    let person = case.applicant.person;
    if let Some(read) = tasks::read(rooms, caller, deed, case, typed).await? {
        return Ok(read);
    }
    match deed {
        "return" if case.terms.drawn.is_some() => {
            let command = CaseCommand::ReturnTask {
                task: None,
                to: typed.text("step"),
                reason: Personal::new(person, typed.text("reason")),
            };
            return Ok(("case_review", command));
        }
        "transfer" => return Ok(("case_transfer", transfer(rooms, caller, typed).await?)),
        "accept" => {
            let conditional = conditional(case, typed)?;
            return Ok(("case_accept", CaseCommand::Accept { conditional }));
        }
        "deliver" => {
            let delivered = delivered(case, typed)?;
            return Ok(("case_deliver", CaseCommand::Deliver(delivered)));
        }
        "terminate" => return Ok(("case_terminate", terminate(person, typed)?)),
        _ => {}
    }
    if deed == "reassign" {
        let to = colleague(rooms, caller, case, &typed.text("person")).await?;
        let reason = Personal::new(person, typed.text("reason"));
        return Ok(("case_reassign", CaseCommand::Reassign { to, reason }));
    }
    let read = match before_acceptance(deed, person, typed)? {
        Some(read) => Some(read),
        None => under_review(deed, person, typed)?,
    };
    read.or_else(|| ending(deed, person, typed))
        .ok_or_else(Failure::not_found)
}

fn before_acceptance(deed: &str, person: PersonId, typed: &Typed) -> Result<Option<Deed>, Failure> {
    let own = |name: &str| Personal::new(person, typed.text(name));
    Ok(Some(match deed {
        "claim" => ("case_claim", CaseCommand::Claim),
        "release" => ("case_claim", CaseCommand::Release),
        "accept-and-grant" => (
            "case_accept",
            CaseCommand::AcceptAndGrant {
                opinion: own("opinion"),
            },
        ),
        "refuse-acceptance" => (
            "case_accept_refuse",
            CaseCommand::RefuseAcceptance {
                ground: ground(typed)?,
                reason: own("reason"),
            },
        ),
        _ => return Ok(None),
    }))
}

fn under_review(deed: &str, person: PersonId, typed: &Typed) -> Result<Option<Deed>, Failure> {
    let own = |name: &str| Personal::new(person, typed.text(name));
    Ok(Some(match deed {
        "complete" => (
            "case_review",
            CaseCommand::CompleteStep {
                step: typed.text("step"),
                opinion: own("opinion"),
                agrees: !typed.had("complete-disagrees", "true"),
            },
        ),
        "return" => (
            "case_review",
            CaseCommand::ReturnToStep {
                step: typed.text("step"),
                reason: own("reason"),
            },
        ),
        "stop" => ("case_stop", CaseCommand::StopClock(procedure(typed)?)),
        "resume" => (
            "case_resume",
            CaseCommand::ResumeClock {
                result: own("result"),
            },
        ),
        "extend" => (
            "case_extend",
            CaseCommand::Extend {
                days: number(typed)?,
                reason: typed.text("reason"),
            },
        ),
        // Whoever reviews asks; whoever extends answers (行政许可法 art. 42: the head of the office).
        "request-extension" => (
            "case_review",
            CaseCommand::RequestExtension {
                days: number(typed)?,
                reason: own("reason"),
            },
        ),
        "decline-extension" => (
            "case_extend",
            CaseCommand::DeclineExtension {
                reason: own("reason"),
            },
        ),
        _ => return Ok(None),
    }))
}

fn ending(deed: &str, person: PersonId, typed: &Typed) -> Option<Deed> {
    let own = |name: &str| Personal::new(person, typed.text(name));
    Some(match deed {
        "grant" => (
            "case_decide",
            CaseCommand::Grant {
                opinion: own("opinion"),
            },
        ),
        "refuse" => (
            "case_decide",
            CaseCommand::Refuse {
                reason: own("reason"),
                basis: typed.text("basis"),
            },
        ),
        "withdraw" => (
            "case_withdraw",
            CaseCommand::Withdraw {
                reason: own("reason"),
            },
        ),
        "say" => ("case_say", CaseCommand::Say { text: own("text") }),
        "review-rules" => (
            "case_decide",
            CaseCommand::ReviewRules {
                is_right: typed.text("verdict") == "right",
                reason: own("reason"),
            },
        ),
        _ => return None,
    })
}

fn conditional(case: &Case, typed: &Typed) -> Result<Option<Conditional>, Failure> {
    let materials = typed.all("owed");
    if materials.is_empty() {
        return Ok(None);
    }
    let is_undertaken = !typed.text("undertaking").is_empty();
    Ok(Some(Conditional {
        undertaking: is_undertaken.then(|| case.terms.undertaking(&materials)),
        materials,
        days: number(typed)?,
    }))
}

/// The working days of a form.
fn number(typed: &Typed) -> Result<u16, Failure> {
    typed
        .text("days")
        .parse()
        .ok()
        .filter(|days| *days > 0)
        .ok_or_else(|| Failure::invalid("请填写天数：1以上的整数，按工作日计。").at("days"))
}

fn ground(typed: &Typed) -> Result<NotAcceptedGround, Failure> {
    match typed.text("ground").as_str() {
        "not_required" => Ok(NotAcceptedGround::NotRequired),
        "not_competent" => Ok(NotAcceptedGround::NotCompetent {
            authority: typed.text("authority"),
        }),
        "other" => Ok(NotAcceptedGround::Other),
        _ => Err(Failure::invalid("请选择不予受理的情形。").at("ground")),
    }
}

async fn transfer(
    rooms: &CaseRooms,
    caller: &Caller,
    typed: &Typed,
) -> Result<CaseCommand, Failure> {
    let ask = || Failure::invalid("请选择转到哪个单位。").at("organisation");
    let organisation: OrganisationId = typed.text("organisation").parse().map_err(|_| ask())?;
    let found = rooms.taker(caller, organisation).await?;
    Ok(CaseCommand::Transfer {
        organisation,
        organisation_name: found.name,
        reason: typed.text("reason"),
    })
}

fn procedure(typed: &Typed) -> Result<SpecialProcedure, Failure> {
    let name = typed.text("procedure");
    let kind = StopKind::ARTICLE_45
        .iter()
        .find(|kind| kind.name() == name)
        .cloned()
        .ok_or_else(|| Failure::invalid("请选择是哪一种特别程序。").at("procedure"))?;
    Ok(SpecialProcedure {
        kind,
        reason: typed.text("reason"),
        expected_days: number(typed)?,
    })
}

fn delivered(case: &Case, typed: &Typed) -> Result<Delivered, Failure> {
    match typed.plain("method") {
        Some("post") => {
            Delivered::by_post(&typed.text("carrier"), &typed.text("tracking")).map_err(Into::into)
        }
        Some("electronic") => Ok(Delivered::Electronic),
        _ => {
            let given = AtCounter {
                name: &typed.text("receiver"),
                on_behalf: !typed.text("on_behalf").is_empty(),
                number: &typed.text("receiver_number"),
                authorisation: &typed.text("authorisation"),
            };
            Delivered::at_counter(case, &given).map_err(Into::into)
        }
    }
}

/// What cannot be taken back is confirmed.
fn terminate(person: PersonId, typed: &Typed) -> Result<CaseCommand, Failure> {
    let ground = TerminationGround::from_code(&typed.text("ground"))
        .ok_or_else(|| Failure::invalid("请选择终止的情形。").at("ground"))?;
    if typed.text("confirmed").is_empty() {
        return Err(
            Failure::invalid("请勾选确认：终止后不能恢复，决定书会送达申请人。").at("confirmed"),
        );
    }
    Ok(CaseCommand::Terminate {
        ground,
        reason: Personal::new(person, typed.text("reason")),
        basis: typed.text("basis"),
    })
}
