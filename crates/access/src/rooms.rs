//! What the handlers of this slice share, and the small tools that all of them use.

use std::sync::{Arc, OnceLock};

use askama::Template;
use axum::{extract::OptionalFromRequestParts, http::request::Parts, response::Html};
use jiff::SignedDuration;
use wuchuang_webkit::{
    Caller, Failure, Resource, Staff,
    display::is_own_path,
    page::{Flash, FlashKind, PageContext},
    throttle::{Address, BehindProxy, Throttle},
};

use crate::{
    gate::CedarGate,
    secrets::Secrets,
    session::{Current, Sessions},
    sign_in::codes::{CodeSender, Codes},
    store::Directory,
    tokens::Tokens,
};

/// Wrong answers one account (or phone) may give before it must wait.
const WRONG_MAX: u32 = 5;
/// The same for one address. A hall's clerks share one address, so it must be more than one
/// person's; it is still far too little to try passwords in bulk.
const WRONG_AN_ADDRESS_MAX: u32 = 40;
/// How long one must wait.
const WAIT: SignedDuration = SignedDuration::from_mins(15);

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct Rooms {
    pub(crate) directory: Directory,
    pub(crate) sessions: Sessions,
    pub(crate) tokens: Tokens,
    pub(crate) secrets: Secrets,
    pub(crate) codes: Codes,
    pub(crate) sender: Arc<dyn CodeSender>,
    pub(crate) gate: Arc<OnceLock<Arc<CedarGate>>>,
    pub(crate) wrong: Arc<Wrong>,
    pub(crate) behind_proxy: bool,
}

/// The counters of wrong answers.
pub(crate) struct Wrong {
    people: Throttle,
    addresses: Throttle,
}

impl Wrong {
    pub(crate) fn new() -> Self {
        Self {
            people: Throttle::new(WRONG_MAX, WAIT),
            addresses: Throttle::new(WRONG_AN_ADDRESS_MAX, WAIT),
        }
    }

    /// How many minutes this person from this address must wait; an empty text asks for the
    /// address alone.
    pub(crate) fn wait_minutes(
        &self,
        person: &str,
        address: &Address,
        now: jiff::Timestamp,
    ) -> Option<i64> {
        let by_person = Some(person)
            .filter(|person| !person.is_empty())
            .and_then(|person| self.people.wait_minutes(person, now));
        let by_address = self.addresses.wait_minutes(&address.0, now);
        by_person.max(by_address)
    }

    pub(crate) fn note(&self, person: &str, address: &Address, now: jiff::Timestamp) {
        self.people.note(person, now);
        self.addresses.note(&address.0, now);
    }

    pub(crate) fn note_address(&self, address: &Address, now: jiff::Timestamp) {
        self.addresses.note(&address.0, now);
    }

    pub(crate) fn clear(&self, person: &str) {
        self.people.clear(person);
    }
}

impl BehindProxy for Rooms {
    fn is_behind_proxy(&self) -> bool {
        self.behind_proxy
    }
}

/// The session of this request, also one that is not yet signed in.
pub(crate) struct InSession(pub(crate) Arc<Current>);

impl<S: Send + Sync> OptionalFromRequestParts<S> for InSession {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _state: &S,
    ) -> Result<Option<Self>, Self::Rejection> {
        Ok(parts.extensions.get::<Arc<Current>>().cloned().map(Self))
    }
}

/// A rendered page.
pub(crate) fn html(template: &impl Template) -> Result<Html<String>, Failure> {
    template.render().map(Html).map_err(Failure::internal)
}

/// The way back after a sign-in: a path of this site, or `otherwise`.
pub(crate) fn way_back<'a>(back: &'a str, otherwise: &'a str) -> &'a str {
    if is_own_path(back) && back != "/" {
        back
    } else {
        otherwise
    }
}

/// The member of staff who asks. Routes that only staff may use still say so here, because the
/// compiler cannot know it.
pub(crate) fn staff(caller: &Caller) -> Result<&Staff, Failure> {
    caller.visitor.staff().ok_or_else(Failure::sign_in)
}

/// The resource "something that belongs to this person".
pub(crate) fn owned_by(kind: &'static str, person: wuchuang_kernel::PersonId) -> Resource {
    Resource {
        kind,
        owner: Some(person),
        ..Resource::default()
    }
}

/// Shows a sentence after a deed, by the word that the address carries.
pub(crate) fn with_done(mut page: PageContext, done: Option<&str>) -> PageContext {
    let text = match done {
        Some("saved") => "已保存。",
        Some("password") => "密码已修改。",
        Some("factor_off") => "已关闭动态验证码。",
        Some("closed") => "已停用。",
        Some("opened") => "已恢复使用。",
        Some("revoked") => "令牌已停用，使用它的程序将不能再访问。",
        Some("forget") => "已删除这个人的个人信息。",
        Some("hold") => "已保留，保留期间不能删除。",
        Some("lift") => "已解除保留。",
        Some("profile") => "个人信息已保存。",
        _ => return page,
    };
    page.flash = Some(Flash {
        kind: FlashKind::Success,
        text: page.t(text).into_owned(),
    });
    page
}
