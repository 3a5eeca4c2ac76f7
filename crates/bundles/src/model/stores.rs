//! 连锁门店批量办理 (三集中): one application for several stores of one applicant. What is the same for all of them is handed in
//! once; each store has its own answers, its own case and its own licence, so that one that is sent back or refused holds
//! none of the others.

use std::collections::HashSet;

use serde_json::Value;
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
    let refused = |text: String| Err(Rejection::new("batch_stores", text).at("stores"));
    if submission.parts.len() != 1 {
        return refused("一次批量只能办一个事项，请分开提交。".to_owned());
    }
    if !(STORES_MIN..=STORES_MAX).contains(&stores.len()) {
        return refused(format!(
            "批量办理要有{STORES_MIN}至{STORES_MAX}家门店，现在是{}家。只有一家的请用窗口收件，更多的请分批提交。",
            stores.len()
        ));
    }
    let mut names = HashSet::new();
    for (row, store) in (1..).zip(stores) {
        let name = store.name.text().trim();
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
            ..common.application.clone()
        },
        ..common.clone()
    }
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
