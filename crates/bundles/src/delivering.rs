//! Results handed over together (一次送达): at the counter to one receiver, or in one parcel with one tracking number. What
//! stands against one of them stands against all before the first is written, because receiver and parcel are the same.

use wuchuang_cases::model::{AtCounter, Case, CaseCommand, Delivered, DeliveryChoice, Stage};
use wuchuang_kernel::{CaseId, CommandId, Rejection};
use wuchuang_ledger::{Expected, Order};
use wuchuang_webkit::{Caller, Failure, Resource};

use crate::{
    model::{Joint, Part},
    rooms::BundleRooms,
};

/// A result that the visitor may hand over now.
pub(crate) struct Ready {
    case_id: CaseId,
    case: Box<Case>,
    title: String,
}

impl Ready {
    /// What people call it.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// Where it is sent; `None` when the applicant did not ask for the post.
    pub(crate) fn address(&self) -> Option<&str> {
        match &self.case.delivery {
            DeliveryChoice::Post { address } => Some(address.text()),
            DeliveryChoice::Counter | DeliveryChoice::Electronic => None,
        }
    }
}

/// How results go out.
pub(crate) enum Way<'a> {
    /// To somebody at the counter: all that are ready.
    Counter(AtCounter<'a>),
    /// In one parcel: those for which the applicant asked for the post.
    Post {
        /// The carrier.
        carrier: &'a str,
        /// The tracking number.
        tracking: &'a str,
    },
}

/// The cases of an application, each with what the gate decides about it.
///
/// # Errors
/// When one cannot be read.
pub(crate) async fn cases(
    rooms: &BundleRooms,
    caller: &Caller,
    joint: &Joint,
) -> Result<Vec<(CaseId, Box<Case>, Resource)>, Failure> {
    let mut cases = Vec::new();
    for id in joint.parts.iter().filter_map(Part::case) {
        let case = rooms.bundles.cases().get(caller.region, id).await?;
        let resource = rooms.cases.resource(caller, &case, id).await?;
        cases.push((id, case, resource));
    }
    Ok(cases)
}

/// Those that wait to be handed over and that the visitor may hand over.
pub(crate) fn ready(
    caller: &Caller,
    joint: &Joint,
    cases: &[(CaseId, Box<Case>, Resource)],
) -> Vec<Ready> {
    let waits = |case: &Case| matches!(case.stage, Stage::Delivering { .. });
    let may = caller.may("joint_deliver", &Resource::default());
    let ready = cases
        .iter()
        .filter(|(_, case, resource)| may && waits(case) && caller.may("case_deliver", resource));
    ready
        .map(|(id, case, _)| Ready {
            case_id: *id,
            case: case.clone(),
            title: joint
                .part_of(*id)
                .map_or_else(|| case.terms.name.clone(), Part::title),
        })
        .collect()
}

/// What is written for each, or everything that stands against it, each field once.
///
/// # Errors
/// One rejection for each field that is missing or wrong; that nothing is to be sent.
pub(crate) fn deeds(
    ready: &[Ready],
    way: &Way<'_>,
) -> Result<Vec<(CaseId, Delivered)>, Vec<Rejection>> {
    let mut deeds = Vec::new();
    let mut refusals: Vec<Rejection> = Vec::new();
    let wanted = ready.iter().filter(|one| match way {
        Way::Counter(_) => true,
        Way::Post { .. } => one.address().is_some(),
    });
    for one in wanted {
        let delivered = match way {
            Way::Counter(given) => Delivered::at_counter(&one.case, given),
            Way::Post { carrier, tracking } => Delivered::by_post(carrier, tracking),
        };
        match delivered {
            Ok(delivered) => deeds.push((one.case_id, delivered)),
            Err(found) => {
                let is_new = |refusal: &Rejection| {
                    !refusals.iter().any(|known| known.field == refusal.field)
                };
                let found: Vec<Rejection> = found.into_iter().filter(is_new).collect();
                refusals.extend(found);
            }
        }
    }
    if deeds.is_empty() && refusals.is_empty() {
        refusals.push(match way {
            Way::Counter(_) => {
                Rejection::new("nothing_ready", "现在没有可以送达的结果，请刷新页面再看。")
                    .at("receiver")
            }
            Way::Post { .. } => Rejection::new(
                "nothing_ready",
                "现在没有可以寄出的结果：没有准备好，或者申请时没有选择邮寄。",
            )
            .at("carrier"),
        });
    }
    if refusals.is_empty() {
        Ok(deeds)
    } else {
        Err(refusals)
    }
}

/// The order for one case: its key follows from the given one, so that a double click hands over once.
fn order(caller: &Caller, key: CommandId, case: CaseId) -> Order {
    let own = CommandId::from_u128(key.uuid().as_u128() ^ case.uuid().as_u128());
    caller.order(Some(&own.to_string()), Expected::Existing)
}

/// What went out under a key before: whoever sends the same again sees what the first has done.
///
/// # Errors
/// When it cannot be read.
pub(crate) async fn went(
    rooms: &BundleRooms,
    caller: &Caller,
    joint: &Joint,
    key: CommandId,
) -> Result<Vec<CaseId>, Failure> {
    let ledger = rooms.bundles.cases().ledger();
    let mut went = Vec::new();
    for case in joint.parts.iter().filter_map(Part::case) {
        if ledger.was_answered(&order(caller, key, case)).await? {
            went.push(case);
        }
    }
    Ok(went)
}

/// Writes them, one case after the other.
///
/// # Errors
/// When a case has gone on since, or it cannot be written.
pub(crate) async fn hand_over(
    rooms: &BundleRooms,
    caller: &Caller,
    deeds: Vec<(CaseId, Delivered)>,
    key: CommandId,
) -> Result<(), Failure> {
    for (case, delivered) in deeds {
        let command = CaseCommand::Deliver(delivered);
        let order = order(caller, key, case);
        rooms.bundles.cases().act(case, command, order).await?;
    }
    Ok(())
}
