//! The rules that accounts and posts must keep, apart from the stream that they guard.

use std::collections::BTreeSet;

use wuchuang_codes::PhoneNumber;
use wuchuang_kernel::{PersonId, Personal, PostId, Rejection, Role, StreamId, china_date};
use wuchuang_ledger::Context;

use super::{
    require_text,
    staff::{ACCOUNT_LENGTH_MAX, PostDetails, PostState, StaffEvent, StaffState},
};

/// How many posts one person may hold at once.
const POSTS_MAX: usize = 10;
/// The administrators that must be three different people (GB/T 22239-2019, 三权分立 practice).
const SEPARATE: [Role; 3] = [
    Role::SystemAdministrator,
    Role::SecurityAdministrator,
    Role::AuditAdministrator,
];

pub(super) fn register(
    state: &StaffState,
    account: &str,
    name: &str,
    phone: &str,
    context: &Context<'_>,
) -> Result<Vec<StaffEvent>, Rejection> {
    if !state.account.is_empty() {
        return Err(
            Rejection::new("account_taken", "这个账号名已经有人使用，请换一个。").at("account"),
        );
    }
    check_account(account)?;
    check_person(name, phone)?;
    let person = PersonId::from(context.stream);
    Ok(vec![StaffEvent::Registered {
        account: account.to_owned(),
        name: Personal::new(person, name.trim().to_owned()),
        phone: Personal::new(person, phone.to_owned()),
    }])
}

pub(super) fn correct(
    state: &StaffState,
    name: &str,
    phone: &str,
    context: &Context<'_>,
) -> Result<Vec<StaffEvent>, Rejection> {
    check_person(name, phone)?;
    if *name == state.name && *phone == state.phone {
        return Ok(Vec::new());
    }
    let person = PersonId::from(context.stream);
    Ok(vec![StaffEvent::Corrected {
        name: Personal::new(person, name.trim().to_owned()),
        phone: Personal::new(person, phone.to_owned()),
    }])
}

pub(super) fn give_post(
    state: &StaffState,
    post: PostId,
    details: &PostDetails,
    context: &Context<'_>,
) -> Result<Vec<StaffEvent>, Rejection> {
    check_post(state, None, details, context)?;
    if state.posts.contains_key(&post) {
        return Err(Rejection::new("post_exists", "这个岗位已经登记。"));
    }
    Ok(vec![StaffEvent::PostGiven {
        post,
        details: details.clone(),
        from: china_date(context.now),
    }])
}

pub(super) fn change_post(
    state: &StaffState,
    post: PostId,
    details: &PostDetails,
    context: &Context<'_>,
) -> Result<Vec<StaffEvent>, Rejection> {
    let present = held(state, post)?;
    check_post(state, Some(post), details, context)?;
    if present.details == *details {
        return Ok(Vec::new());
    }
    Ok(vec![StaffEvent::PostChanged {
        post,
        details: details.clone(),
    }])
}

/// Checks the form of an account name.
///
/// # Errors
/// The rule that it breaks.
pub fn check_account(account: &str) -> Result<(), Rejection> {
    let is_right = (3..=ACCOUNT_LENGTH_MAX).contains(&account.len())
        && account.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte)
        })
        && account.starts_with(|first: char| first.is_ascii_lowercase());
    if is_right {
        Ok(())
    } else {
        Err(Rejection::new(
            "account_form",
            "账号名要3到32位，以小写字母开头，只用小写字母、数字和 . _ -。",
        )
        .at("account"))
    }
}

fn check_person(name: &str, phone: &str) -> Result<(), Rejection> {
    require_text(name, "姓名", "name", 40)?;
    if !phone.is_empty()
        && let Err(error) = PhoneNumber::parse(phone)
    {
        return Err(Rejection::new("phone_form", error.explain()).at("phone"));
    }
    Ok(())
}

pub(super) fn held(state: &StaffState, post: PostId) -> Result<&PostState, Rejection> {
    state
        .posts
        .get(&post)
        .filter(|held| held.until.is_none())
        .ok_or_else(|| Rejection::new("post_unknown", "这个岗位已经结束，请刷新页面。"))
}

/// Nobody decides over their own posts or account.
pub(super) fn refuse_own(context: &Context<'_>) -> Result<(), Rejection> {
    if context.actor.person.map(StreamId::from) == Some(context.stream) {
        return Err(Rejection::new(
            "own_account",
            "不能更改自己的岗位和权限，请另一位管理员来操作。",
        ));
    }
    Ok(())
}

fn check_post(
    state: &StaffState,
    changed: Option<PostId>,
    details: &PostDetails,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    refuse_own(context)?;
    require_text(&details.title, "岗位名称", "title", 40)?;
    if details.roles.is_empty() {
        return Err(Rejection::new("roles_missing", "请至少选择一项权限。").at("roles"));
    }
    if !context.region.contains(&details.reach) {
        return Err(
            Rejection::new("reach_outside", "管辖区域要在本县范围内，请重新选择。").at("reach"),
        );
    }
    let others: Vec<&PostState> = state
        .posts
        .iter()
        .filter(|(post, held)| held.until.is_none() && Some(**post) != changed)
        .map(|(_, held)| held)
        .collect();
    if others.len() >= POSTS_MAX {
        return Err(Rejection::new(
            "posts_too_many",
            "一个人最多同时有10个岗位，请先结束不用的岗位。",
        ));
    }
    let all: BTreeSet<Role> = others
        .iter()
        .flat_map(|held| held.details.roles.iter().copied())
        .chain(details.roles.iter().copied())
        .collect();
    if SEPARATE.iter().filter(|role| all.contains(role)).count() > 1 {
        return Err(Rejection::new(
            "administrators_apart",
            "系统管理、安全管理、审计管理要由三个人分别担任，同一个人只能有其中一项。",
        )
        .at("roles"));
    }
    Ok(())
}
