//! The middleware that finds out who stands before a page. It stands outside of
//! `wuchuang_webkit::request::surround`, which reads the visitor that this one leaves.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use wuchuang_kernel::Region;
use wuchuang_ledger::StorageError;
use wuchuang_webkit::{Failure, Visitor};

use crate::{
    session::{Current, Sessions},
    tokens::Tokens,
};

/// What the middleware needs.
#[derive(Clone)]
pub struct Identifier {
    pub(crate) region: Region,
    pub(crate) sessions: Sessions,
    pub(crate) tokens: Tokens,
}

/// Sets the [`Visitor`] extension from `Authorization: Bearer` or from the session's cookie. A
/// program whose token does not work gets 401 at once, so that it learns why.
pub async fn identify(
    State(identifier): State<Arc<Identifier>>,
    mut request: Request,
    next: Next,
) -> Response {
    // The built files are the same for everyone.
    if request.uri().path().starts_with("/assets/") {
        return next.run(request).await;
    }
    match find(&identifier, request.headers()).await {
        Ok(Outcome::Visitor(visitor, current)) => {
            request.extensions_mut().insert(visitor);
            if let Some(current) = current {
                request.extensions_mut().insert(current);
            }
            next.run(request).await
        }
        Ok(Outcome::UselessToken) => {
            request.extensions_mut().insert(UselessToken);
            next.run(request).await
        }
        Err(error) => {
            // Without the database nobody can be known, but pages for everyone still answer.
            tracing::error!(%error, "the visitor cannot be found");
            next.run(request).await
        }
    }
}

/// A mark for requests whose token does not work; [`refuse_useless_token`] answers them.
#[derive(Debug, Clone, Copy)]
struct UselessToken;

/// Refuses requests that carry a token that does not work. It stands inside the layer that presents
/// failures, so that the answer is a problem document.
pub async fn refuse_useless_token(request: Request, next: Next) -> Response {
    if request.extensions().get::<UselessToken>().is_some() {
        return Failure::new(
            axum::http::StatusCode::UNAUTHORIZED,
            "token_useless",
            "访问令牌无效、已过期或已停用。请在“接口令牌”页面重新生成。",
        )
        .into_response();
    }
    next.run(request).await
}

enum Outcome {
    Visitor(Visitor, Option<Arc<Current>>),
    UselessToken,
}

async fn find(identifier: &Identifier, headers: &HeaderMap) -> Result<Outcome, StorageError> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    if let Some(token) = bearer {
        let visitor = identifier
            .tokens
            .visitor(identifier.region, token.trim())
            .await?;
        return Ok(match visitor {
            Visitor::Anonymous => Outcome::UselessToken,
            program => Outcome::Visitor(program, None),
        });
    }
    Ok(
        match identifier.sessions.find(identifier.region, headers).await? {
            Some(found) => {
                Outcome::Visitor(found.visitor.clone(), Some(Arc::new(found.current.clone())))
            }
            None => Outcome::Visitor(Visitor::Anonymous, None),
        },
    )
}
