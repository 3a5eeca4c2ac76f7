//! The layers around every route, in one place and in one order: a request passes the outer ones, then who it is, then the
//! inner ones, each list from its first line to its last.

use std::{any::Any, sync::Arc};

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate, SizeAbove},
    },
};
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

/// Shorter answers are sent as they are: they fit into one packet anyway.
const COMPRESSED_BYTES_MIN: u64 = 1024;

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

/// Puts the layers around the routes. They stand around the router as a whole and not around each route: a layer copies
/// what is inside of it for each request, which for a router costs nothing and for a handler all that it holds.
pub(crate) fn wrap(routes: Router, around: Around) -> Router {
    let Around {
        watch,
        identity,
        surroundings,
    } = around;
    let routes = routes
        .fallback(async || Failure::not_found())
        .route_layer(from_fn(guard::note_route));
    let inner = ServiceBuilder::new()
        .layer(from_fn_with_state(Arc::new(surroundings), surround))
        // From here outwards failures are pages; further in they are values.
        .layer(from_fn(guard::present))
        .layer(from_fn(guard::refuse_forgery))
        .layer(from_fn(refuse_useless_token))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(bound_time))
        .layer(from_fn(bound_key))
        .layer(from_fn(bound_body))
        // `bound_body` sets the limit, so that uploads and forms have one each.
        .layer(DefaultBodyLimit::disable())
        .service(routes);
    let outer = ServiceBuilder::new()
        .layer(from_fn_with_state(watch.clone(), name_request))
        .layer(from_fn_with_state(watch, record))
        // A panic in one of the layers themselves still gets an answer, though a bare one.
        .layer(CatchPanicLayer::custom(panicked))
        .layer(compression())
        .layer(from_fn(guard::add_security_headers))
        .layer(from_fn(traditional_layer));
    let roof = Router::new();
    match identity {
        Identity::Found(identifier) => roof.fallback_service(
            outer
                .layer(from_fn_with_state(Arc::new(*identifier), identify))
                .service(inner),
        ),
        Identity::Fixed(visitor) => {
            roof.fallback_service(outer.layer(Extension(*visitor)).service(inner))
        }
    }
}

/// Shorter answers, as quickly as can be: the line is a county's own network, the processor is everybody's.
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(DefaultPredicate::new().and(SizeAbove::new(COMPRESSED_BYTES_MIN)))
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
