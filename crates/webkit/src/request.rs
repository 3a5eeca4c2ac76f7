//! What a handler knows of its request: the visitor, the page to fill, the gate, the order for a
//! command. One extractor, so that a handler cannot forget one of them; `body` is the other, for programs' JSON;
//! `workbook` reads what people upload as Excel.

mod body;
pub mod workbook;

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::request::Parts,
    middleware::Next,
    response::Response,
};
pub use body::Body;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use wuchuang_kernel::{Channel, Clock, CommandId, Randomness, Region};
use wuchuang_ledger::{Expected, Order};

use crate::{
    display::{self, Display},
    failure::Failure,
    gate::{Resource, SharedGate},
    language::{Texts, Translator},
    page::{NavigationGroup, PageContext, Site},
    visitor::Visitor,
};

/// The header with which programs name their command.
const KEY_HEADER: &str = "idempotency-key";
/// How long that name may be.
const KEY_LENGTH_MAX: usize = 255;

/// The navigation that a visitor sees, made by the roof from what the slices give.
pub type NavigationFor = Arc<dyn Fn(&Visitor) -> Vec<NavigationGroup> + Send + Sync>;

/// What is the same for every request of an installation.
#[derive(Clone)]
pub struct Surroundings {
    /// The county whose house this is.
    pub region: Region,
    /// Names and addresses.
    pub site: Arc<Site>,
    /// The texts of all slices.
    pub texts: Arc<Texts>,
    /// Decides actions.
    pub gate: SharedGate,
    /// The house's clock.
    pub clock: Arc<dyn Clock>,
    /// The house's randomness.
    pub randomness: Arc<dyn Randomness>,
    /// The staff navigation.
    pub navigation: NavigationFor,
}

/// One request, as handlers see it.
#[derive(Clone)]
pub struct Caller {
    /// The county.
    pub region: Region,
    /// Who asks.
    pub visitor: Visitor,
    /// The page to fill: layout, language, display.
    pub page: PageContext,
    /// Decides actions on single things.
    pub gate: SharedGate,
    /// When the request came.
    pub now: Timestamp,
    key: Option<String>,
    randomness: Arc<dyn Randomness>,
}

impl Caller {
    fn of(surroundings: &Surroundings, parts: &Parts) -> Self {
        let visitor = parts
            .extensions
            .get::<Visitor>()
            .cloned()
            .unwrap_or_default();
        let language = display::language_of(&parts.uri, &parts.headers);
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut page = PageContext::new(
            Arc::clone(&surroundings.site),
            Translator::new(language, Arc::clone(&surroundings.texts)),
            Display::from_headers(&parts.headers),
            path,
        );
        let now = surroundings.clock.now();
        page.visitor = visitor.view();
        // Programs read no page.
        if !path.starts_with("/api/v1/") {
            page.navigation = (surroundings.navigation)(&visitor);
        }
        page.command_id = CommandId::generate(now, surroundings.randomness.as_ref()).to_string();
        let key = parts
            .headers
            .get(KEY_HEADER)
            .and_then(|value| value.to_str().ok())
            .filter(|key| !key.is_empty() && key.len() <= KEY_LENGTH_MAX)
            .map(str::to_owned);
        Self {
            region: surroundings.region,
            visitor,
            page,
            gate: surroundings.gate.clone(),
            now,
            key,
            randomness: Arc::clone(&surroundings.randomness),
        }
    }

    /// Lets the visitor act on one thing, or tells how to get in.
    ///
    /// # Errors
    /// 401 for a visitor who did not sign in, 403 for one who may not.
    pub fn require(&self, action: &'static str, resource: &Resource) -> Result<(), Failure> {
        self.gate.require(&self.visitor, action, resource)
    }

    /// Whether the visitor may act on one thing: to show or to leave out a button.
    pub fn may(&self, action: &'static str, resource: &Resource) -> bool {
        self.gate.0.allows(&self.visitor, action, resource)
    }

    /// The order for a command that this request sends. `form_key` is the hidden field
    /// `command_id` of a form; a program sends the header `Idempotency-Key`; without either the
    /// command gets a key of its own.
    pub fn order(&self, form_key: Option<&str>, expected: Expected) -> Order {
        self.order_through(self.visitor.channel(), form_key, expected)
    }

    /// The same through a named window.
    pub fn order_through(
        &self,
        channel: Channel,
        form_key: Option<&str>,
        expected: Expected,
    ) -> Order {
        let command_id = form_key
            .and_then(|key| key.parse().ok())
            .or_else(|| self.key.as_deref().map(|key| self.named(key)))
            .unwrap_or_else(|| CommandId::generate(self.now, self.randomness.as_ref()));
        Order {
            region: self.region,
            actor: self.visitor.actor(),
            channel,
            command_id,
            expected,
        }
    }

    /// A program's own key, made unique to its sender: two programs may choose the same key.
    fn named(&self, key: &str) -> CommandId {
        let sender = self
            .visitor
            .person()
            .map(|person| person.to_string())
            .unwrap_or_default();
        let digest = Sha256::digest(format!("{sender}/{key}"));
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        CommandId::from_u128(u128::from_be_bytes(bytes))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        parts
            .extensions
            .get::<Arc<Self>>()
            .map(|caller| caller.as_ref().clone())
            .ok_or_else(|| Failure::internal("the route stands outside of the surroundings layer"))
    }
}

/// The middleware that makes the [`Caller`]; it stands inside the one that finds the [`Visitor`].
pub async fn surround(
    State(surroundings): State<Arc<Surroundings>>,
    request: Request,
    next: Next,
) -> Result<Response, Infallible> {
    let (mut parts, body) = request.into_parts();
    let caller = Arc::new(Caller::of(&surroundings, &parts));
    parts.extensions.insert(caller);
    Ok(next.run(Request::from_parts(parts, body)).await)
}
