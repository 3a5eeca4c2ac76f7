//! Routes with their rule. A route cannot be added without saying who may use it, and the list of
//! all routes with their rules is what the authorisation test walks.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    http::Method,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use utoipa_axum::{router::OpenApiRouter, router::UtoipaMethodRouter};

use crate::{failure::Failure, gate::Resource, request::Caller};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Everyone, also without signing in.
    Public,
    /// Whoever the policies let do this action.
    Act(&'static str),
}

/// One route, as the authorisation test and the documents see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteSpec {
    /// The method.
    pub method: Method,
    /// The path pattern: `/staff/cases/{case}`.
    pub path: String,
    /// Who may use it.
    pub rule: Rule,
}

/// The routes of a slice.
pub struct Routes<S = ()> {
    router: Router<S>,
    api: OpenApiRouter<S>,
    specs: Vec<RouteSpec>,
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes yet.
    pub fn new() -> Self {
        Self {
            router: Router::new(),
            api: OpenApiRouter::new(),
            specs: Vec::new(),
        }
    }

    /// A page that is read.
    #[must_use]
    pub fn get<H, T>(self, path: &str, rule: Rule, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add(&Method::GET, path, rule, on(MethodFilter::GET, handler))
    }

    /// A form that is sent.
    #[must_use]
    pub fn post<H, T>(self, path: &str, rule: Rule, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add(&Method::POST, path, rule, on(MethodFilter::POST, handler))
    }

    fn add(mut self, method: &Method, path: &str, rule: Rule, route: MethodRouter<S>) -> Self {
        self.specs.push(RouteSpec {
            method: method.clone(),
            path: path.to_owned(),
            rule,
        });
        self.router = self.router.route(
            path,
            route.layer(middleware::from_fn_with_state(rule, enforce)),
        );
        self
    }

    /// Routes of the JSON API: `Routes::api(Rule::Act("case_list"), routes!(case_list))`.
    #[must_use]
    pub fn api(mut self, rule: Rule, (schemas, paths, route): UtoipaMethodRouter<S>) -> Self {
        for (path, item) in &paths.paths {
            let methods = [
                (Method::GET, item.get.is_some()),
                (Method::POST, item.post.is_some()),
                (Method::PUT, item.put.is_some()),
                (Method::PATCH, item.patch.is_some()),
                (Method::DELETE, item.delete.is_some()),
            ];
            for (method, _) in methods.into_iter().filter(|(_, is_there)| *is_there) {
                self.specs.push(RouteSpec {
                    method,
                    path: path.clone(),
                    rule,
                });
            }
        }
        let route = route.layer(middleware::from_fn_with_state(rule, enforce));
        self.api = self.api.routes((schemas, paths, route));
        self
    }

    /// Joins the routes of another room of the same slice.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.api = self.api.merge(other.api);
        self.specs.extend(other.specs);
        self
    }

    /// Gives the handlers their state.
    pub fn with_state(self, state: S) -> Routes<()> {
        Routes {
            router: self.router.with_state(state.clone()),
            api: self.api.with_state(state),
            specs: self.specs,
        }
    }
}

impl Routes<()> {
    /// The router, the API with its document, and the list of routes.
    pub fn into_parts(self) -> (Router, OpenApiRouter, Vec<RouteSpec>) {
        (self.router, self.api, self.specs)
    }
}

async fn enforce(State(rule): State<Rule>, request: Request, next: Next) -> Response {
    if let Rule::Act(action) = rule {
        let caller = request.extensions().get::<Arc<Caller>>();
        let allowed = caller.map_or_else(
            || {
                Err(Failure::internal(
                    "the route stands outside of the surroundings layer",
                ))
            },
            |caller| caller.require(action, &Resource::default()),
        );
        if let Err(failure) = allowed {
            return failure.into_response();
        }
    }
    next.run(request).await
}
