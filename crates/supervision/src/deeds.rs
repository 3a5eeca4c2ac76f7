//! What staff do with a task, for pages and programs alike. Each rule about who may stands here once.

use wuchuang_cases::{looks::CASE_LOOKS, model::Applicant};
use wuchuang_credit::{Entry, model::CreditGround};
use wuchuang_kernel::{CommandId, Personal, SupervisionId};
use wuchuang_ledger::{Expected, Order, Receipt};
use wuchuang_licences::{
    licence_of_case,
    model::{Licence, LicenceCommand, LicenceStream, Standing},
};
use wuchuang_webkit::{Caller, Failure, Resource, throttle::Address};

use crate::{
    Rooms,
    model::{
        CheckFinding, CheckMethod, CheckResult, SupervisionStage, Task, TaskCommand, TaskStream,
    },
};

/// The task in an address.
pub(crate) fn id_of(text: &str) -> Result<SupervisionId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// The task as the gate sees it for who supervises.
pub(crate) fn of_department(id: SupervisionId, task: &Task) -> Resource {
    Resource {
        kind: "supervision_task",
        id: id.to_string(),
        organisation: Some(task.opening.department),
        owner: None,
    }
}

/// The task as the gate sees it for who decided.
pub(crate) fn of_granting(id: SupervisionId, task: &Task) -> Resource {
    Resource {
        organisation: Some(task.opening.granted_by),
        ..of_department(id, task)
    }
}

/// Whether the caller may see a task: as who supervises, as who decided, or as supervision.
pub(crate) fn may_read(caller: &Caller, id: SupervisionId, task: &Task) -> bool {
    caller.may("supervision_read", &of_department(id, task))
        || caller.may("supervision_read", &of_granting(id, task))
}

/// A task that the caller may see.
///
/// # Errors
/// 404, 403, or whatever storage reports.
pub(crate) async fn readable(
    rooms: &Rooms,
    caller: &Caller,
    id: SupervisionId,
) -> Result<Task, Failure> {
    let task = rooms
        .ledger()
        .load::<TaskStream>(caller.region, id.into())
        .await?
        .and_then(|(_, state)| state.0.as_deref().cloned())
        .ok_or_else(Failure::not_found)?;
    if may_read(caller, id, &task) {
        Ok(task)
    } else {
        caller.require("supervision_read", &of_department(id, &task))?;
        Ok(task)
    }
}

async fn send(
    rooms: &Rooms,
    id: SupervisionId,
    command: TaskCommand,
    order: Order,
) -> Result<Receipt, Failure> {
    Ok(rooms
        .ledger()
        .execute::<TaskStream>(id.into(), command, order)
        .await?)
}

/// 签收.
///
/// # Errors
/// 404, 403, or as the rules say.
pub(crate) async fn acknowledge(
    rooms: &Rooms,
    caller: &Caller,
    id: SupervisionId,
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    let task = readable(rooms, caller, id).await?;
    caller.require("supervision_acknowledge", &of_department(id, &task))?;
    let order = caller.order(key, Expected::Existing);
    send(rooms, id, TaskCommand::Acknowledge, order).await
}

/// The result of a check, as it is typed.
pub(crate) struct TypedCheck<'a> {
    pub(crate) finding: &'a str,
    pub(crate) method: &'a str,
    pub(crate) facts: &'a str,
    pub(crate) rectify_days: &'a str,
}

/// 核查结果.
///
/// # Errors
/// 404, 403, 422 naming the field, or as the rules say.
pub(crate) async fn check(
    rooms: &Rooms,
    caller: &Caller,
    id: SupervisionId,
    typed: &TypedCheck<'_>,
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    let task = readable(rooms, caller, id).await?;
    caller.require("supervision_check", &of_department(id, &task))?;
    let finding = CheckFinding::from_code(typed.finding)
        .ok_or_else(|| Failure::invalid("请选择核查结论。").at("finding"))?;
    let method = CheckMethod::from_code(typed.method)
        .ok_or_else(|| Failure::invalid("请选择核查方式。").at("method"))?;
    let days = typed.rectify_days.trim();
    let rectify_days = match days {
        "" => None,
        days => Some(days.parse().map_err(|_| {
            Failure::invalid("整改期限请填写数字，单位是工作日。").at("rectify_days")
        })?),
    };
    let person = task.opening.name.person();
    let command = TaskCommand::RecordCheck(CheckResult {
        finding,
        method,
        facts: Personal::new(person, typed.facts.trim().to_owned()),
        rectify_days,
    });
    let order = caller.order(key, Expected::Existing);
    send(rooms, id, command, order).await
}

/// 处理结论.
///
/// # Errors
/// 404, 403, or as the rules say.
pub(crate) async fn conclude(
    rooms: &Rooms,
    caller: &Caller,
    id: SupervisionId,
    measure: &str,
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    let task = readable(rooms, caller, id).await?;
    caller.require("supervision_conclude", &of_granting(id, &task))?;
    let person = task.opening.name.person();
    let command = TaskCommand::Conclude {
        measure: Personal::new(person, measure.trim().to_owned()),
    };
    let order = caller.order(key, Expected::Existing);
    send(rooms, id, command, order).await
}

/// The licence of the task's case, while it stands.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn standing_licence(
    rooms: &Rooms,
    caller: &Caller,
    task: &Task,
) -> Result<Option<Licence>, Failure> {
    let licence = licence_of_case(task.opening.case);
    let loaded = rooms
        .ledger()
        .load::<LicenceStream>(caller.region, licence.into())
        .await?;
    let licence = loaded.and_then(|(_, state)| state.0.as_deref().cloned());
    Ok(licence.filter(|licence| licence.standing == Standing::InForce))
}

/// 撤销准予决定, 注销证照: the licence of the case is revoked, by whoever may revoke it.
///
/// # Errors
/// 404, 403, or as the rules of licences say.
pub(crate) async fn revoke(
    rooms: &Rooms,
    caller: &Caller,
    id: SupervisionId,
    reason: &str,
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    let task = readable(rooms, caller, id).await?;
    require_false(&task)?;
    let licence = standing_licence(rooms, caller, &task)
        .await?
        .ok_or_else(Failure::not_found)?;
    let issued_by = Resource {
        kind: "licence",
        id: licence_of_case(task.opening.case).to_string(),
        organisation: Some(licence.issued.organisation),
        owner: Some(licence.issued.holder.person),
    };
    caller.require("licence_revoke", &issued_by)?;
    let command = LicenceCommand::Revoke {
        reason: Personal::new(licence.issued.holder.person, reason.trim().to_owned()),
    };
    let order = caller.order(key, Expected::Existing);
    let licence = licence_of_case(task.opening.case);
    Ok(rooms
        .ledger()
        .execute::<LicenceStream>(licence.into(), command, order)
        .await?)
}

/// Measures against somebody rest on a finding that was false.
fn require_false(task: &Task) -> Result<(), Failure> {
    if task.finding == Some(CheckFinding::False) {
        return Ok(());
    }
    Err(Failure::invalid(
        "核查结论不是“不属实”，不能撤销决定或者记入失信名单。",
    ))
}

/// 记入失信名单: a bad-credit record that follows from the task, by whoever decided.
///
/// # Errors
/// 404, 403, 422 naming the field, or as the rules of credit say.
pub(crate) async fn record_credit(
    rooms: &Rooms,
    caller: &Caller,
    id: SupervisionId,
    (ground, reason): (&str, &str),
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    let task = readable(rooms, caller, id).await?;
    require_false(&task)?;
    let decided = Resource {
        kind: "credit",
        ..of_granting(id, &task)
    };
    caller.require("credit_record", &decided)?;
    let ground = CreditGround::from_code(ground)
        .ok_or_else(|| Failure::invalid("请选择失信情形。").at("ground"))?;
    let opening = &task.opening;
    let case = rooms.cases.get(caller.region, opening.case).await?;
    let entry = Entry {
        ground,
        reason,
        task: Some(id),
        organisation: (opening.granted_by, opening.granted_by_name.clone()),
    };
    let order = caller.order(key, Expected::Any);
    let source = case.source(opening.case);
    let (_, receipt) = rooms.cases.credit().record(&source, entry, order).await?;
    Ok(receipt)
}

/// Whom to visit: the applicant's particulars, for a reason that is kept.
///
/// # Errors
/// 404, 403, 422 without a reason, or whatever storage reports.
pub(crate) async fn reveal(
    rooms: &Rooms,
    caller: &Caller,
    id: SupervisionId,
    key: CommandId,
    reason: (&str, &Address),
) -> Result<Applicant, Failure> {
    let task = readable(rooms, caller, id).await?;
    caller.require("supervision_reveal", &of_department(id, &task))?;
    let case = task.opening.case;
    CASE_LOOKS
        .keep(rooms.ledger(), caller, case.to_string(), key, reason)
        .await?;
    Ok(rooms.cases.get(caller.region, case).await?.applicant)
}

/// What the caller may do with a task now: to show a deed or to leave it out.
pub(crate) struct Offers {
    pub(crate) acknowledge: bool,
    pub(crate) check: bool,
    pub(crate) reveal: bool,
    pub(crate) revoke: bool,
    pub(crate) credit: bool,
    pub(crate) conclude: bool,
}

impl Offers {
    /// The deeds of a task.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub(crate) async fn of(
        rooms: &Rooms,
        caller: &Caller,
        id: SupervisionId,
        task: &Task,
    ) -> Result<Self, Failure> {
        let department = of_department(id, task);
        let granting = of_granting(id, task);
        let is_false = task.finding == Some(CheckFinding::False);
        let licence = standing_licence(rooms, caller, task).await?;
        let revoke = licence.is_some_and(|licence| {
            let issued_by = Resource {
                organisation: Some(licence.issued.organisation),
                ..granting.clone()
            };
            is_false && caller.may("licence_revoke", &issued_by)
        });
        Ok(Self {
            acknowledge: task.stage == SupervisionStage::Waiting
                && caller.may("supervision_acknowledge", &department),
            check: matches!(
                task.stage,
                SupervisionStage::Checking | SupervisionStage::Rectifying
            ) && caller.may("supervision_check", &department),
            reveal: caller.may("supervision_reveal", &department),
            revoke,
            credit: is_false && task.credit.is_none() && caller.may("credit_record", &granting),
            conclude: task.stage == SupervisionStage::Handling
                && caller.may("supervision_conclude", &granting),
        })
    }
}
