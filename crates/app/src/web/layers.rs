//! The layers around every route, in one place and in one order. A request passes them from the last
//! line of [`wrap`] to the first.

use std::any::Any;

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use wuchuang_access::{Identifier, identify, refuse_useless_token};
use wuchuang_webkit::{
    Failure, Visitor, guard,
    language::traditional_layer,
    request::{Surroundings, surround},
};

use super::{
    bounds::{bound_body, bound_key, bound_time},
    watch::{Watch, name_request, record},
};

/// What the layers need.
pub(crate) struct Around {
    pub(crate) watch: Watch,
    pub(crate) identity: Identity,
    pub(crate) surroundings: Surroundings,
}

/// Who stands before the pages.
pub(crate) enum Identity {
    /// Whoever the session or the token says: the only kind that is ever served to others.
    Found(Box<Identifier>),
    /// One visitor for every request, for a router that stays inside of this process (tests).
    Fixed(Box<Visitor>),
}

/// Puts the layers around the routes.
pub(crate) fn wrap(routes: Router, around: Around) -> Router {
    let Around {
        watch,
        identity,
        surroundings,
    } = around;
    let inner = routes
        .fallback(async || Failure::not_found())
        // `bound_body` sets the limit, so that uploads and forms have one each.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(bound_body))
        .layer(from_fn(bound_key))
        .layer(from_fn(bound_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(refuse_useless_token))
        .layer(from_fn(guard::refuse_forgery))
        // From here outwards failures are pages; further in they are values.
        .layer(from_fn_with_state((), guard::present))
        .layer(from_fn_with_state(surroundings, surround));
    let identified = match identity {
        Identity::Found(identifier) => inner.layer(from_fn_with_state(*identifier, identify)),
        Identity::Fixed(visitor) => inner.layer(Extension(*visitor)),
    };
    identified
        .layer(from_fn(traditional_layer))
        .layer(from_fn(guard::add_security_headers))
        .layer(CompressionLayer::new())
        // A panic in one of the layers themselves still gets an answer, though a bare one.
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(watch.clone(), record))
        .layer(from_fn_with_state(watch, name_request))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the panic over by value"
)]
fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let reason = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words");
    tracing::error!(reason, "a handler panicked");
    Failure::internal("a handler panicked").into_response()
}
