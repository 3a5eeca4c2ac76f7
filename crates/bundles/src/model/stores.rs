//! 连锁门店批量办理 (三集中): one application for several stores of one applicant. What is the same for all of them is handed in
//! once; each store has its own answers, its own case and its own licence, so that one that is sent back or refused holds
//! none of the others.
//!
//! Papers follow the same rule as answers: what a store brings for itself (场地使用证明, its own plan) stands before what was
//! handed in for all. Nothing of the item says which papers are of which kind, because a chain's plan may be one for all shops
//! or one for each: whoever hands in says so. What was promised (告知承诺) or may follow (容缺) counts for each store as far
//! as that store does not bring it.

use std::collections::HashSet;

use serde_json::{Value, json};
use wuchuang_cases::model::{Material, Undertaking};
use wuchuang_kernel::{Personal, Rejection};

use super::{
    JointSubmission, Part, PartApplication, PartKey, PartOutcome, SubmittedPart, SubmittedStore,
};

/// How many stores a batch has at least: one is an ordinary case.
pub const STORES_MIN: usize = 2;
/// How many stores a batch may have.
pub const STORES_MAX: usize = 200;
/// How long the name of a store may be, in characters.
pub const NAME_CHARACTERS_MAX: usize = 60;
/// What happens to the others, as the applicant reads it.
pub const REFUSAL: &str = "有一家门店没有批准或者要补正的，不影响其他门店，各自办理、各自领证。";

/// Whether the stores of an application can be received; one without stores always.
///
/// # Errors
/// Too few, too many, one without a name, two of one name, or several items at once. Rows count from 1.
pub fn check(submission: &JointSubmission) -> Result<(), Rejection> {
    let stores = &submission.stores;
    if stores.is_empty() {
        return Ok(());
    }
    if submission.parts.len() != 1 {
        let text = "一次批量只能办一个事项，请分开提交。";
        return Err(Rejection::new("batch_stores", text).at("stores"));
    }
    let names: Vec<&str> = stores.iter().map(|store| store.name.text()).collect();
    check_names(&names).map_err(|(_, text)| Rejection::new("batch_stores", text).at("stores"))
}

/// Whether stores of these names can be received together.
///
/// # Errors
/// Too few, too many, one without a name, or two of one name: the row, from 0, if it is one's, and what to do.
pub fn check_names(stores: &[&str]) -> Result<(), (Option<usize>, String)> {
    if !(STORES_MIN..=STORES_MAX).contains(&stores.len()) {
        let count = if stores.len() > STORES_MAX {
            format!("超过{STORES_MAX}")
        } else {
            format!("是{}", stores.len())
        };
        let text = format!(
            "批量办理要有{STORES_MIN}至{STORES_MAX}家门店，现在{count}家。只有一家的请用窗口收件，更多的请分批提交。"
        );
        return Err((None, text));
    }
    let mut names = HashSet::new();
    for (at, name) in stores.iter().enumerate() {
        let (row, name) = (at + 1, name.trim());
        let refused = |text: String| Err((Some(at), text));
        match name.chars().count() {
            0 => return refused(format!("第{row}行没有门店名称，请填写。")),
            1..=NAME_CHARACTERS_MAX => {}
            _ => {
                return refused(format!(
                    "第{row}行的门店名称太长，最多{NAME_CHARACTERS_MAX}个字。"
                ));
            }
        }
        if !names.insert(name) {
            return refused(format!(
                "第{row}行的门店名称与前面的重复，请核对是不是同一家；不是的请写明区别。"
            ));
        }
    }
    Ok(())
}

/// The parts of an application: those that were handed in, or one for each store.
pub(super) fn parts(submission: &JointSubmission) -> Vec<Part> {
    let waiting = |submitted: SubmittedPart, store| Part {
        submitted,
        store,
        outcome: PartOutcome::Waiting,
    };
    let Some(common) = submission
        .parts
        .first()
        .filter(|_| !submission.stores.is_empty())
    else {
        let parts = submission.parts.iter();
        return parts.map(|part| waiting(part.clone(), None)).collect();
    };
    (1..)
        .zip(&submission.stores)
        .map(|(number, store)| waiting(part(common, number, store), Some(store.name.clone())))
        .collect()
}

fn part(common: &SubmittedPart, number: u16, store: &SubmittedStore) -> SubmittedPart {
    SubmittedPart {
        id: PartKey {
            store: number,
            ..common.id
        },
        key: store.key,
        application: PartApplication {
            answers: joined(&common.application.answers, &store.answers),
            materials: with_own(&common.application.materials, &store.materials),
            undertaking: undertaken(
                common.application.undertaking.as_ref(),
                store.undertaking.as_ref(),
            ),
            ..common.application.clone()
        },
        ..common.clone()
    }
}

/// The materials of a store: its own in the place of those that were handed in for all under the same key.
pub fn with_own(common: &[Material], own: &[Material]) -> Vec<Material> {
    let is_replaced = |material: &&Material| {
        let mut own = own.iter();
        let key = material.requirement.as_ref();
        key.is_some() && own.any(|one| one.requirement.as_ref() == key)
    };
    let common = common.iter().filter(|material| !is_replaced(material));
    common.chain(own).cloned().collect()
}

/// What a store undertakes: its own, which is none when it names nothing, or what was undertaken for all.
pub fn undertaken(common: Option<&Undertaking>, own: Option<&Undertaking>) -> Option<Undertaking> {
    let said = own.or(common)?;
    (!said.materials.is_empty()).then(|| said.clone())
}

/// What most stores undertake is said once for all of them; of the others each says its own, also that it owes nothing, so that
/// an application with many stores stays small.
pub fn undertaken_by_most(own: &mut [Option<Undertaking>]) -> Option<Undertaking> {
    let alike = |one: &Undertaking| own.iter().flatten().filter(|other| *other == one).count();
    let most = own.iter().flatten().max_by_key(|one| alike(one)).cloned()?;
    for said in own {
        *said = match said.take() {
            Some(same) if same == most => None,
            Some(other) => Some(other),
            None => Some(Undertaking {
                materials: Vec::new(),
                text: String::new(),
            }),
        };
    }
    Some(most)
}

/// Keys of the materials that a store owes: those that were said for all and its own, without what it brings.
pub fn owed(common: &[String], own: &[String], brought: &[Material]) -> Vec<String> {
    let is_brought = |id: &String| {
        let mut brought = brought.iter();
        brought.any(|material| material.requirement.as_ref() == Some(id))
    };
    let mut owed: Vec<String> = Vec::new();
    for id in common.iter().chain(own) {
        if !is_brought(id) && !owed.contains(id) {
            owed.push(id.clone());
        }
    }
    owed
}

/// What was sent of the stores. The item may be published anew between an application and its repetition, so that the names
/// of its materials and the words of an undertaking are left out.
pub(super) fn sent(stores: &[SubmittedStore]) -> Value {
    let stores = stores.iter().map(|store| {
        let mut sent = json!(store);
        if let Some(undertaking) = &store.undertaking {
            sent["undertaking"] = json!(undertaking.materials);
        }
        for (index, material) in store.materials.iter().enumerate() {
            if material.requirement.is_some() {
                sent["materials"][index]["name"] = Value::Null;
            }
        }
        sent
    });
    stores.collect()
}

/// The answers of a store: its own before those of all.
fn joined(common: &Personal<Value>, own: &Personal<Value>) -> Personal<Value> {
    let (Some(Value::Object(all)), Some(Value::Object(own))) = (common.get(), own.get()) else {
        // Of somebody who was forgotten nothing is left.
        return common.clone();
    };
    let mut answers = all.clone();
    answers.extend(own.clone());
    Personal::new(common.person(), Value::Object(answers))
}

#[cfg(test)]
mod tests;
