//! A member of staff with the posts that they hold. The posts live in the person's own stream,
//! because the rule that keeps the three administrators apart speaks of all posts of one person.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};
use wuchuang_codes::PhoneNumber;
use wuchuang_kernel::{
    OrganisationId, Personal, PersonId, PostId, Region, Rejection, Role, StreamId, china_date,
};
use wuchuang_ledger::{Context, Stream};

use super::require_text;

/// How many posts one person may hold at once.
const POSTS_MAX: usize = 10;
/// The longest account name, in characters.
pub const ACCOUNT_LENGTH_MAX: usize = 32;
/// The administrators that must be three different people (GB/T 22239-2019, 三权分立 practice).
const SEPARATE: [Role; 3] = [
    Role::SystemAdministrator,
    Role::SecurityAdministrator,
    Role::AuditAdministrator,
];

/// What a post entitles to and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostDetails {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The post's title: 窗口受理员.
    pub title: String,
    /// What it entitles to.
    pub roles: BTreeSet<Role>,
    /// The region that it reaches.
    pub reach: Region,
}

/// A post as the events add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostState {
    /// What and where.
    pub details: PostDetails,
    /// Since when.
    pub from: civil::Date,
    /// The last day; `None` while it is held.
    pub until: Option<civil::Date>,
}

/// What may be asked of a member of staff.
#[derive(Debug, Clone, Serialize)]
pub enum StaffCommand {
    /// Enters a new one.
    Register {
        /// The account name, which never changes.
        account: String,
        /// The name.
        name: String,
        /// The telephone at work.
        phone: String,
    },
    /// Mends name and telephone.
    Correct {
        /// The name.
        name: String,
        /// The telephone at work.
        phone: String,
    },
    /// Gives a post.
    GivePost {
        /// The new post's identifier.
        post: PostId,
        /// What and where.
        details: PostDetails,
    },
    /// Changes what a post entitles to.
    ChangePost {
        /// Which one.
        post: PostId,
        /// What and where.
        details: PostDetails,
    },
    /// Ends a post today.
    EndPost {
        /// Which one.
        post: PostId,
    },
    /// Notes that somebody set a new one-time password.
    NotePasswordReset,
    /// Notes that the second factor was taken off.
    NoteFactorRemoved,
    /// Blocks the account.
    Deactivate {
        /// Why.
        reason: String,
    },
    /// Opens the account again.
    Reactivate,
}

/// What happened to a member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffEvent {
    /// They were entered.
    Registered {
        /// The account name: a working name given by the office, kept so that accounts stay unique.
        account: String,
        /// The name.
        name: Personal<String>,
        /// The telephone at work.
        phone: Personal<String>,
    },
    /// Name or telephone were mended.
    Corrected {
        /// The name.
        name: Personal<String>,
        /// The telephone at work.
        phone: Personal<String>,
    },
    /// A post was given.
    PostGiven {
        /// Which one.
        post: PostId,
        /// What and where.
        details: PostDetails,
        /// Since when.
        from: civil::Date,
    },
    /// A post was changed.
    PostChanged {
        /// Which one.
        post: PostId,
        /// What and where.
        details: PostDetails,
    },
    /// A post ended.
    PostEnded {
        /// Which one.
        post: PostId,
        /// The last day.
        until: civil::Date,
    },
    /// A new one-time password was set.
    PasswordReset {},
    /// The second factor was taken off.
    FactorRemoved {},
    /// The account was blocked.
    Deactivated {
        /// Why.
        reason: String,
    },
    /// The account was opened again.
    Reactivated {},
}

/// A member of staff as the events add up.
#[derive(Debug, Clone, Default)]
pub struct StaffState {
    /// The account name; empty before the first event.
    pub account: String,
    /// The name.
    pub name: String,
    /// The telephone at work.
    pub phone: String,
    /// All posts, also the ended ones.
    pub posts: BTreeMap<PostId, PostState>,
    /// Whether the account may sign in.
    pub is_active: bool,
}

/// The stream of a member of staff.
pub struct StaffStream;

impl Stream for StaffStream {
    const KIND: &'static str = "staff";
    type State = StaffState;
    type Command = StaffCommand;
    type Event = StaffEvent;

    fn decide(
        state: &StaffState,
        command: &StaffCommand,
        context: &Context<'_>,
    ) -> Result<Vec<StaffEvent>, Rejection> {
        if let StaffCommand::Register { account, name, phone } = command {
            return register(state, account, name, phone, context);
        }
        if state.account.is_empty() {
            return Err(Rejection::new("staff_unknown", "没有这个工作人员，请先登记。"));
        }
        match command {
            StaffCommand::Register { .. } => Ok(Vec::new()),
            StaffCommand::Correct { name, phone } => {
                check_person(name, phone)?;
                if *name == state.name && *phone == state.phone {
                    return Ok(Vec::new());
                }
                let person = PersonId::from(context.stream);
                Ok(vec![StaffEvent::Corrected {
                    name: Personal::new(person, name.trim().to_owned()),
                    phone: Personal::new(person, phone.clone()),
                }])
            }
            StaffCommand::GivePost { post, details } => {
                check_post(state, None, details, context)?;
                if state.posts.contains_key(post) {
                    return Err(Rejection::new("post_exists", "这个岗位已经登记。"));
                }
                Ok(vec![StaffEvent::PostGiven {
                    post: *post,
                    details: details.clone(),
                    from: china_date(context.now),
                }])
            }
            StaffCommand::ChangePost { post, details } => {
                let present = held(state, *post)?;
                check_post(state, Some(*post), details, context)?;
                if present.details == *details {
                    return Ok(Vec::new());
                }
                Ok(vec![StaffEvent::PostChanged {
                    post: *post,
                    details: details.clone(),
                }])
            }
            StaffCommand::EndPost { post } => {
                held(state, *post)?;
                refuse_own(context)?;
                Ok(vec![StaffEvent::PostEnded {
                    post: *post,
                    until: china_date(context.now),
                }])
            }
            StaffCommand::NotePasswordReset => Ok(vec![StaffEvent::PasswordReset {}]),
            StaffCommand::NoteFactorRemoved => Ok(vec![StaffEvent::FactorRemoved {}]),
            StaffCommand::Deactivate { reason } => {
                require_text(reason, "停用原因", "reason", 200)?;
                refuse_own(context)?;
                if !state.is_active {
                    return Err(Rejection::new("staff_inactive", "这个账号已经停用。"));
                }
                Ok(vec![StaffEvent::Deactivated {
                    reason: reason.clone(),
                }])
            }
            StaffCommand::Reactivate => {
                if state.is_active {
                    return Err(Rejection::new("staff_active", "这个账号正在使用，不需要恢复。"));
                }
                Ok(vec![StaffEvent::Reactivated {}])
            }
        }
    }

    fn apply(state: &mut StaffState, event: &StaffEvent, _recorded_at: Timestamp) {
        match event {
            StaffEvent::Registered {
                account,
                name,
                phone,
            } => {
                state.account.clone_from(account);
                name.text().clone_into(&mut state.name);
                phone.text().clone_into(&mut state.phone);
                state.is_active = true;
            }
            StaffEvent::Corrected { name, phone } => {
                name.text().clone_into(&mut state.name);
                phone.text().clone_into(&mut state.phone);
            }
            StaffEvent::PostGiven {
                post,
                details,
                from,
            } => {
                let held = PostState {
                    details: details.clone(),
                    from: *from,
                    until: None,
                };
                state.posts.insert(*post, held);
            }
            StaffEvent::PostChanged { post, details } => {
                if let Some(held) = state.posts.get_mut(post) {
                    held.details = details.clone();
                }
            }
            StaffEvent::PostEnded { post, until } => {
                if let Some(held) = state.posts.get_mut(post) {
                    held.until = Some(*until);
                }
            }
            StaffEvent::PasswordReset {} | StaffEvent::FactorRemoved {} => {}
            StaffEvent::Deactivated { .. } => state.is_active = false,
            StaffEvent::Reactivated {} => state.is_active = true,
        }
    }
}

fn register(
    state: &StaffState,
    account: &str,
    name: &str,
    phone: &str,
    context: &Context<'_>,
) -> Result<Vec<StaffEvent>, Rejection> {
    if !state.account.is_empty() {
        return Err(Rejection::new(
            "account_taken",
            "这个账号名已经有人使用，请换一个。",
        )
        .at("account"));
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

/// Checks the form of an account name.
///
/// # Errors
/// The rule that it breaks.
pub fn check_account(account: &str) -> Result<(), Rejection> {
    let is_right = (3..=ACCOUNT_LENGTH_MAX).contains(&account.len())
        && account
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte))
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

fn held(state: &StaffState, post: PostId) -> Result<&PostState, Rejection> {
    state
        .posts
        .get(&post)
        .filter(|held| held.until.is_none())
        .ok_or_else(|| Rejection::new("post_unknown", "这个岗位已经结束，请刷新页面。"))
}

/// Nobody decides over their own posts or account.
fn refuse_own(context: &Context<'_>) -> Result<(), Rejection> {
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
        return Err(Rejection::new("reach_outside", "管辖区域要在本县范围内，请重新选择。").at("reach"));
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
