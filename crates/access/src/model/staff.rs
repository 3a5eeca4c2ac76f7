//! A member of staff with the posts that they hold. The posts live in the person's own stream,
//! because the rule that keeps the three administrators apart speaks of all posts of one person.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{OrganisationId, Personal, PostId, Region, Rejection, Role, china_date};
use wuchuang_ledger::{Context, Stream};

use super::{
    require_text,
    staff_rules::{change_post, correct, give_post, held, refuse_own, register},
};

/// The longest account name, in characters.
pub const ACCOUNT_LENGTH_MAX: usize = 32;
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
        if let StaffCommand::Register {
            account,
            name,
            phone,
        } = command
        {
            return register(state, account, name, phone, context);
        }
        if state.account.is_empty() {
            return Err(Rejection::new(
                "staff_unknown",
                "没有这个工作人员，请先登记。",
            ));
        }
        match command {
            StaffCommand::Register { .. } => Ok(Vec::new()),
            StaffCommand::Correct { name, phone } => correct(state, name, phone, context),
            StaffCommand::GivePost { post, details } => give_post(state, *post, details, context),
            StaffCommand::ChangePost { post, details } => {
                change_post(state, *post, details, context)
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
                    return Err(Rejection::new(
                        "staff_active",
                        "这个账号正在使用，不需要恢复。",
                    ));
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
