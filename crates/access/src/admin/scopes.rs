//! What a token may be given, in the words of the policies: the actions that a program in somebody's post may do.

use wuchuang_kernel::ApiTokenId;
use wuchuang_webkit::{Caller, Program, Resource, Staff, Visitor};

use super::answers::Answers;
use crate::rooms::Rooms;

/// The action that every token may do: to ask what it is.
pub(crate) const ALWAYS: &str = "me_read";

/// An action that may be ticked.
pub(super) struct ScopeChoice {
    pub(super) action: String,
    /// What it is called, in the reader's language.
    pub(super) words: String,
    pub(super) is_ticked: bool,
}

/// The actions that a program in a post may do at all, and so may be given to a token. What only people do (to make
/// tokens, to open the staff's home) is not among them, because the policies say so.
pub(crate) fn grantable(rooms: &Rooms, staff: &Staff) -> Vec<String> {
    let Some(gate) = rooms.gate.get() else {
        return Vec::new();
    };
    let general = Resource::default();
    let program = |action: &str| {
        Visitor::Program(Program {
            token: ApiTokenId::from_u128(0),
            staff: Box::new(staff.clone()),
            scopes: vec![action.to_owned()],
        })
    };
    gate.actions()
        .into_iter()
        .filter(|action| action != ALWAYS)
        .filter(|action| gate.allows_named(&program(action), action, &general))
        .collect()
}

/// What an action is called (简体中文).
pub(crate) fn words<'a>(rooms: &'a Rooms, action: &'a str) -> &'a str {
    rooms.gate.get().map_or(action, |gate| gate.words(action))
}

/// The actions that a form offers for a post.
pub(super) fn choices(
    rooms: &Rooms,
    caller: &Caller,
    staff: &Staff,
    answers: &Answers,
) -> Vec<ScopeChoice> {
    grantable(rooms, staff)
        .into_iter()
        .map(|action| ScopeChoice {
            words: caller.page.t(words(rooms, &action)).into_owned(),
            is_ticked: answers.all("scopes").any(|ticked| ticked == action),
            action,
        })
        .collect()
}

/// The actions of a token as its list tells them.
pub(super) fn told(rooms: &Rooms, caller: &Caller, scopes: &str) -> String {
    let told: Vec<_> = scopes
        .split_whitespace()
        .filter(|scope| *scope != ALWAYS)
        .map(|scope| caller.page.t(words(rooms, scope)))
        .collect();
    told.join("、")
}
