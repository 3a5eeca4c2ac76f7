//! What staff do about appointments on the spot: each deed is one form and one command.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use jiff::civil::{Date, DateTime, Time};
use wuchuang_kernel::{JointId, Personal};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use super::{Typed, refused, resource};
use crate::{
    model::{
        Finding, Inspection, InspectionCommand, InspectionKind, Joint, PartKey,
        inspection::Appointment,
    },
    pages::joint::{LIST, found},
    rooms::BundleRooms,
};

type Pairs = Form<Vec<(String, String)>>;

/// Day, time and place as they were typed.
fn appointment(joint: &Joint, kind: InspectionKind, typed: &Typed) -> Result<Appointment, Failure> {
    let date: Date = typed
        .was(kind, "date")
        .parse()
        .map_err(|_| Failure::invalid("请选择日期，如2026-11-25。").at("date"))?;
    let time: Time = typed
        .was(kind, "time")
        .parse()
        .map_err(|_| Failure::invalid("请填写时间，如09:30。").at("time"))?;
    Ok(Appointment {
        at: DateTime::from_parts(date, time),
        place: Personal::new(joint.person, typed.was(kind, "place").to_owned()),
    })
}

/// Which inspection, by its place in the address; its kind says which fields are its own.
fn inspection(joint: &Joint, serial: u32) -> Result<&Inspection, Failure> {
    let mut all = joint.inspections.iter();
    all.find(|known| known.serial == serial)
        .ok_or_else(Failure::not_found)
}

async fn require_lead(rooms: &BundleRooms, caller: &Caller, joint: &Joint) -> Result<(), Failure> {
    let (lead, _) = resource(rooms, caller, joint.leading()).await?;
    caller.require("joint_arrange", &lead)
}

/// Sends what a form says, and shows the page again when it is refused.
async fn send(
    rooms: &BundleRooms,
    caller: &Caller,
    (id, joint): (JointId, &Joint),
    (kind, typed): (InspectionKind, &Typed),
    command: Result<InspectionCommand, Failure>,
) -> Result<Response, Failure> {
    let order = caller.order(Some(typed.key()), Expected::Existing);
    let sent = match command {
        Ok(command) => rooms.inspect(id, command, order).await.map(|_| ()),
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(()) => {
            let back = format!("{LIST}/{id}/inspections?done=1");
            Ok(Redirect::to(&back).into_response())
        }
        Err(failure) => refused(rooms, caller, (id, joint), (kind, typed), failure).await,
    }
}

pub(in crate::pages) async fn arrange(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(joint): Path<String>,
    Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (id, joint) = found(&rooms, &caller, &joint).await?;
    require_lead(&rooms, &caller, &joint).await?;
    let typed = Typed(pairs);
    let given = typed.0.iter().find(|(name, _)| name == "kind");
    let kind = given.and_then(|(_, kind)| InspectionKind::from_code(kind));
    let kind = kind.ok_or_else(|| Failure::invalid("请选择联合踏勘或联合验收。").at("kind"))?;
    let parts: Vec<PartKey> = typed
        .all(kind, "parts")
        .into_iter()
        .filter_map(|part| part.parse().ok())
        .collect();
    let command = appointment(&joint, kind, &typed).map(|appointment| InspectionCommand::Arrange {
        kind,
        appointment,
        parts,
    });
    send(&rooms, &caller, (id, &joint), (kind, &typed), command).await
}

pub(in crate::pages) async fn relocate(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path((joint, serial)): Path<(String, u32)>,
    Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (id, joint) = found(&rooms, &caller, &joint).await?;
    require_lead(&rooms, &caller, &joint).await?;
    let (kind, typed) = (inspection(&joint, serial)?.kind, Typed(pairs));
    let reason = Personal::new(joint.person, typed.was(kind, "reason").to_owned());
    let command = appointment(&joint, kind, &typed).map(|appointment| InspectionCommand::Move {
        inspection: serial,
        appointment,
        reason,
    });
    send(&rooms, &caller, (id, &joint), (kind, &typed), command).await
}

pub(in crate::pages) async fn call_off(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path((joint, serial)): Path<(String, u32)>,
    Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (id, joint) = found(&rooms, &caller, &joint).await?;
    require_lead(&rooms, &caller, &joint).await?;
    let (kind, typed) = (inspection(&joint, serial)?.kind, Typed(pairs));
    let reason = Personal::new(joint.person, typed.was(kind, "cancel").to_owned());
    let command = InspectionCommand::Cancel {
        inspection: serial,
        reason,
    };
    let at_cancel = |failure: Failure| match failure.field.as_deref() {
        Some("reason") => failure.at("cancel"),
        _ => failure,
    };
    let order = caller.order(Some(typed.key()), Expected::Existing);
    match rooms.inspect(id, command, order).await {
        Ok(_) => {
            let back = format!("{LIST}/{id}/inspections?done=1");
            Ok(Redirect::to(&back).into_response())
        }
        Err(failure) => {
            let failure = at_cancel(failure);
            refused(&rooms, &caller, (id, &joint), (kind, &typed), failure).await
        }
    }
}

pub(in crate::pages) async fn sign(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path((joint, serial)): Path<(String, u32)>,
    Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (id, joint) = found(&rooms, &caller, &joint).await?;
    let (kind, typed) = (inspection(&joint, serial)?.kind, Typed(pairs));
    let given = typed.was(kind, "part").parse();
    let part: PartKey = given.map_err(|()| Failure::not_found())?;
    let (own, organisation) = resource(&rooms, &caller, joint.part(part)).await?;
    caller.require("joint_sign", &own)?;
    let command = finding(&joint, kind, &typed).map(|finding| InspectionCommand::Sign {
        inspection: serial,
        part,
        finding,
        organisation,
    });
    send(&rooms, &caller, (id, &joint), (kind, &typed), command).await
}

fn finding(joint: &Joint, kind: InspectionKind, typed: &Typed) -> Result<Finding, Failure> {
    let words = Personal::new(joint.person, typed.was(kind, "words").to_owned());
    match typed.was(kind, "result") {
        "pass" => Ok(Finding::Pass { words }),
        "fail" => Ok(Finding::Fail { words }),
        "rectify" => {
            let by = typed.was(kind, "by").parse();
            let by = by.map_err(|_| Failure::invalid("请选择在哪天前整改。").at("by"))?;
            Ok(Finding::Rectify { words, by })
        }
        _ => Err(Failure::invalid("请选择意见：合格、需要整改或者不合格。").at("result")),
    }
}
