//! One deed on several cases of an application at once: each with the version that was seen and a key of its own, so that one
//! that is refused holds none of the others and a double click does each once. Which command a deed is for a case is in `deed`, pure;
//! whether it may be is decided by the case. Each case may have words of its own (a reason that is only this store's), in the
//! place of those that were written for all.

mod deed;

use wuchuang_cases::model::{CaseCommand, Stage};
use wuchuang_kernel::{CaseId, CommandId};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{model::Joint, rooms::BundleRooms};
use deed::asks_days;
pub(crate) use deed::{ManyDeed, Said, undertaken};

/// How long an opinion may be, in characters.
pub(crate) const OPINION_CHARACTERS_MAX: usize = 500;

/// A case that was chosen, with the version that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) case: CaseId,
    pub(crate) version: i64,
    /// What is said of this one alone; empty: what is said of all.
    pub(crate) words: String,
}

/// What became of one.
pub(crate) struct Became {
    pub(crate) case: CaseId,
    /// What people call it.
    pub(crate) title: String,
    /// Why it was refused; `None` when it was done.
    pub(crate) refusal: Option<String>,
}

/// The field of the words of one case, on the page and in a refusal.
pub(crate) fn words_field(case: CaseId) -> String {
    format!("words-{case}")
}

/// What stands against all of it, before the first is done.
fn check(
    joint: &Joint,
    (deed, said): (ManyDeed, &Said<'_>),
    chosen: &[Chosen],
) -> Result<(), Failure> {
    if chosen.is_empty() {
        return Err(Failure::invalid("请至少勾选一家门店。").at("cases"));
    }
    let too_long = |text: &str| text.trim().chars().count() > OPINION_CHARACTERS_MAX;
    let text = format!("意见最多{OPINION_CHARACTERS_MAX}个字，请精简。");
    if too_long(said.words) {
        return Err(Failure::invalid(text).at("opinion"));
    }
    if deed == ManyDeed::Refuse && said.basis.trim().is_empty() {
        return Err(Failure::invalid("请写明不予的法律依据：法规名称和条款。").at("basis"));
    }
    if deed == ManyDeed::Supply && said.brought.is_empty() {
        return Err(Failure::invalid("请勾选这次收到的补交材料。").at("materials"));
    }
    for one in chosen {
        let Some(part) = joint.part_of(one.case) else {
            return Err(Failure::invalid("有一个办件不属于这次申请，请刷新页面再选。").at("cases"));
        };
        if too_long(&one.words) {
            return Err(Failure::invalid(text).at(words_field(one.case)));
        }
        let is_silent = one.words.trim().is_empty() && said.words.trim().is_empty();
        if deed.needs_words() && is_silent {
            let text = format!(
                "请写下“{}”{}：写在它后面，或者写在下面，记在选中的每一家的办件里。",
                part.title(),
                deed.asks()
            );
            return Err(Failure::invalid(text).at("opinion"));
        }
    }
    Ok(())
}

/// Does one deed on the chosen cases, one after the other.
///
/// # Errors
/// 422 when nothing was chosen or words are missing or too long; whatever keeps the house from working.
pub(crate) async fn act(
    rooms: &BundleRooms,
    caller: &Caller,
    joint: &Joint,
    (deed, said): (ManyDeed, &Said<'_>),
    (chosen, key): (&[Chosen], CommandId),
) -> Result<Vec<Became>, Failure> {
    check(joint, (deed, said), chosen)?;
    let days = said.days.filter(|days| *days > 0);
    if deed == ManyDeed::Accept && days.is_none() {
        for one in chosen {
            let case = rooms.cases.cases.get(caller.region, one.case).await?;
            if !undertaken(&case).is_empty() && case.stage == Stage::Examining {
                return Err(asks_days());
            }
        }
    }
    let mut became = Vec::with_capacity(chosen.len());
    for one in chosen {
        let words = [one.words.trim(), said.words.trim()];
        let own = Said {
            words: words
                .into_iter()
                .find(|text| !text.is_empty())
                .unwrap_or(""),
            basis: said.basis.trim(),
            days,
            brought: said.brought,
        };
        let done = act_on_one(rooms, caller, (deed, &own), one, key).await;
        let title = joint.part_of(one.case).map(crate::model::Part::title);
        became.push(Became {
            case: one.case,
            title: title.unwrap_or_default(),
            refusal: match done {
                Ok(()) => None,
                Err(failure) if failure.status.is_client_error() => {
                    Some(failure.public.into_owned())
                }
                Err(failure) => return Err(failure),
            },
        });
    }
    Ok(became)
}

async fn act_on_one(
    rooms: &BundleRooms,
    caller: &Caller,
    (deed, said): (ManyDeed, &Said<'_>),
    one: &Chosen,
    key: CommandId,
) -> Result<(), Failure> {
    // Each case has a key of its own that follows from the form's, so that a double click does it once.
    let own = CommandId::from_u128(key.uuid().as_u128() ^ one.case.uuid().as_u128());
    let order = caller.order(Some(&own.to_string()), Expected::Version(one.version));
    // What was done under this key is done: the case stands elsewhere by now, and another command would follow from it.
    if rooms.bundles.cases().ledger().was_done(&order).await? {
        return Ok(());
    }
    let case = rooms
        .cases
        .case_for_deed(caller, one.case, deed.action(), &order)
        .await?;
    let mut command = deed.command(&case, said)?;
    if let CaseCommand::SupplySupplement { materials } = &mut command {
        for (index, material) in materials.iter_mut().enumerate() {
            material.id = rooms.cases.cases.material_of(own, index);
        }
    }
    let cases = rooms.bundles.cases();
    cases.act_on((one.case, &case), command, order).await?;
    Ok(())
}
