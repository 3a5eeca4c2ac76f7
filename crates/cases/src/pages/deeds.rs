//! What staff do to a case: each deed is one form of the case page and one command.

use std::collections::HashMap;

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
    model::{Case, CaseCommand, Conditional, Delivered, NotAcceptedGround, SpecialProcedure},
    rooms::CaseRooms,
};

use super::case::refused;

type Fields = HashMap<String, String>;

/// A deed that reads: the action that the policies decide, and the command.
struct Deed {
    action: &'static str,
    command: CaseCommand,
}

pub(super) async fn act(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, deed)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let id: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    let owed: Vec<String> = pairs
        .iter()
        .filter(|(name, _)| name == "owed")
        .map(|(_, value)| value.clone())
        .collect();
    let fields: Fields = pairs.into_iter().collect();
    let case = rooms.cases.get(caller.region, id).await?;
    let deed = match read(&rooms, &caller, &deed, &case, &fields, owed).await {
        Ok(deed) => deed,
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            return refused(&rooms, &caller, id, &failure, &fields).await;
        }
        Err(failure) => return Err(failure),
    };
    let resource = rooms.resource(&caller, &case, id).await?;
    caller.require(deed.action, &resource)?;
    let expected = fields
        .get("version")
        .and_then(|version| version.parse().ok())
        .map_or(Expected::Existing, Expected::Version);
    let key = fields.get("command_id").map(String::as_str);
    let order = caller.order_through(window(&caller), key, expected);
    match rooms.cases.act(id, deed.command, order).await {
        Ok(_) => Ok(Redirect::to(&format!("/staff/cases/{id}")).into_response()),
        Err(failure)
            if matches!(
                failure.status,
                StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
            ) =>
        {
            refused(&rooms, &caller, id, &failure, &fields).await
        }
        Err(failure) => Err(failure),
    }
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
    fields: &Fields,
    owed: Vec<String>,
) -> Result<Deed, Failure> {
    let person = case.applicant.person;
    let text = |name: &str| {
        fields
            .get(name)
            .map(|text| text.trim().to_owned())
            .unwrap_or_default()
    };
    let own = |name: &str| Personal::new(person, text(name));
    let (action, command) = match deed {
        "claim" => ("case_claim", CaseCommand::Claim),
        "release" => ("case_claim", CaseCommand::Release),
        "accept" => (
            "case_accept",
            CaseCommand::Accept {
                conditional: conditional(owed, fields)?,
            },
        ),
        "accept-and-grant" => (
            "case_accept",
            CaseCommand::AcceptAndGrant {
                opinion: own("opinion"),
            },
        ),
        "refuse-acceptance" => (
            "case_accept_refuse",
            CaseCommand::RefuseAcceptance {
                ground: ground(&text("ground"), text("authority"))?,
                reason: own("reason"),
            },
        ),
        "transfer" => (
            "case_transfer",
            transfer(rooms, caller, &text("organisation"), text("reason")).await?,
        ),
        "complete" => (
            "case_review",
            CaseCommand::CompleteStep {
                step: text("step"),
                opinion: own("opinion"),
            },
        ),
        "return" => (
            "case_review",
            CaseCommand::ReturnToStep {
                step: text("step"),
                reason: own("reason"),
            },
        ),
        "stop" => ("case_stop", CaseCommand::StopClock(procedure(fields)?)),
        "resume" => (
            "case_resume",
            CaseCommand::ResumeClock {
                result: own("result"),
            },
        ),
        "extend" => (
            "case_extend",
            CaseCommand::Extend {
                days: number(fields, "days")?,
                reason: text("reason"),
            },
        ),
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
                basis: text("basis"),
            },
        ),
        "deliver" => (
            "case_deliver",
            CaseCommand::Deliver(delivered(fields, person)),
        ),
        "withdraw" => (
            "case_withdraw",
            CaseCommand::Withdraw {
                reason: own("reason"),
            },
        ),
        "terminate" => (
            "case_terminate",
            CaseCommand::Terminate {
                reason: own("reason"),
            },
        ),
        "say" => ("case_say", CaseCommand::Say { text: own("text") }),
        _ => return Err(Failure::not_found()),
    };
    Ok(Deed { action, command })
}

fn conditional(owed: Vec<String>, fields: &Fields) -> Result<Option<Conditional>, Failure> {
    if owed.is_empty() {
        return Ok(None);
    }
    Ok(Some(Conditional {
        materials: owed,
        days: number(fields, "days")?,
    }))
}

fn number(fields: &Fields, name: &'static str) -> Result<u16, Failure> {
    fields
        .get(name)
        .and_then(|text| text.trim().parse().ok())
        .filter(|days| *days > 0)
        .ok_or_else(|| Failure::invalid("请填写天数：1以上的整数，按工作日计。").at(name))
}

fn ground(ground: &str, authority: String) -> Result<NotAcceptedGround, Failure> {
    match ground {
        "not_required" => Ok(NotAcceptedGround::NotRequired),
        "not_competent" => Ok(NotAcceptedGround::NotCompetent { authority }),
        "other" => Ok(NotAcceptedGround::Other),
        _ => Err(Failure::invalid("请选择不予受理的情形。").at("ground")),
    }
}

async fn transfer(
    rooms: &CaseRooms,
    caller: &Caller,
    organisation: &str,
    reason: String,
) -> Result<CaseCommand, Failure> {
    let ask = || Failure::invalid("请选择转到哪个单位。").at("organisation");
    let organisation: OrganisationId = organisation.parse().map_err(|_| ask())?;
    let found = rooms
        .directory
        .organisation(caller.region, organisation)
        .await?
        .ok_or_else(ask)?;
    Ok(CaseCommand::Transfer {
        organisation,
        organisation_name: found.name,
        reason,
    })
}

fn procedure(fields: &Fields) -> Result<SpecialProcedure, Failure> {
    let name = fields.get("procedure").map_or("", String::as_str);
    let kind = StopKind::ARTICLE_45
        .iter()
        .find(|kind| kind.name() == name)
        .cloned()
        .ok_or_else(|| Failure::invalid("请选择是哪一种特别程序。").at("procedure"))?;
    Ok(SpecialProcedure {
        kind,
        reason: fields
            .get("reason")
            .map(|text| text.trim().to_owned())
            .unwrap_or_default(),
        expected_days: number(fields, "days")?,
    })
}

fn delivered(fields: &Fields, person: PersonId) -> Delivered {
    let text = |name: &str| {
        fields
            .get(name)
            .map(|text| text.trim().to_owned())
            .unwrap_or_default()
    };
    match text("method").as_str() {
        "post" => Delivered::Post {
            carrier: text("carrier"),
            tracking: text("tracking"),
        },
        "electronic" => Delivered::Electronic,
        _ => Delivered::Counter {
            receiver: Personal::new(person, text("receiver")),
            on_behalf: fields.contains_key("on_behalf"),
        },
    }
}
