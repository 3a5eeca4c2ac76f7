//! The limits of every request: how long it may take and how much it may bring. They stand inside the
//! layer that presents failures, so that whoever meets one reads what to do.

use std::time::Duration;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::Limited;
use wuchuang_webkit::Failure;

/// How long an answer may take before the visitor is told to come back.
const TIME_MAX: Duration = Duration::from_secs(30);
/// How large a form or a JSON body may be.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// How large an upload may be: one file of 20 MB, with the form around it.
const UPLOAD_BYTES_MAX: usize = 25 * 1024 * 1024;

/// Ends a request that takes too long. What it has committed by then stays committed, so the sentence
/// asks to look before trying again.
pub(super) async fn bound_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(TIME_MAX, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too_slow",
            "系统太忙，没有及时答复。请先查看事情是否已经办成，再决定要不要重试。",
        )
        .into_response(),
    }
}

/// Bounds the body: uploads (which say so by their kind) may be larger than forms.
pub(super) async fn bound_body(request: Request, next: Next) -> Response {
    let bytes_max = bytes_max(request.headers());
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > bytes_max) {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    // A body without a length is counted while it is read.
    let request = request.map(|body| Body::new(Limited::new(body, bytes_max)));
    next.run(request).await
}

/// How long a command's key may be; `Caller::order` keeps no longer one.
const KEY_LENGTH_MAX: usize = 255;

/// Refuses a key that cannot be kept. Left out silently, it would make the second sending of a command a
/// second deed, which is what its sender wants to be safe from.
pub(super) async fn bound_key(request: Request, next: Next) -> Response {
    let fits = |key: &HeaderValue| {
        key.to_str()
            .is_ok_and(|key| !key.trim().is_empty() && key.len() <= KEY_LENGTH_MAX)
    };
    if !request
        .headers()
        .get_all("idempotency-key")
        .iter()
        .all(fits)
    {
        return Failure::invalid(
            "Idempotency-Key 要有1到255个英文字母、数字或符号，命令没有执行。请换一个再发送。",
        )
        .at("Idempotency-Key")
        .into_response();
    }
    next.run(request).await
}

fn bytes_max(headers: &HeaderMap) -> usize {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .map(HeaderValue::as_bytes)
        .unwrap_or_default();
    if kind.starts_with(b"multipart/form-data") || kind.starts_with(b"application/octet-stream") {
        UPLOAD_BYTES_MAX
    } else {
        BODY_BYTES_MAX
    }
}
