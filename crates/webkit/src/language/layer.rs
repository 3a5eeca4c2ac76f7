//! The last step of an answer in 繁體中文: the finished HTML page is converted as a whole.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, Response, StatusCode, header},
    middleware::Next,
    response::IntoResponse,
};

use super::{Language, convert_html};
use crate::display::language_of;

/// A page larger than this many bytes is a mistake: lists are paged.
const PAGE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Middleware (`axum::middleware::from_fn`): converts `text/html` answers for visitors who read traditional Chinese and
/// names the language of every page in `Content-Language`. It must be inside the compression layer.
pub async fn traditional_layer(request: Request, next: Next) -> axum::response::Response {
    let language = language_of(request.uri(), request.headers());
    let mut response = next.run(request).await;
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("text/html"));
    if !is_page {
        return response;
    }
    response.headers_mut().insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(language.tag()),
    );
    if language != Language::TraditionalChinese {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, PAGE_BYTES_MAX).await else {
        return (
            StatusCode::INTERNAL_SERVER_ERROR,
            "頁面過大，無法轉換為繁體，請切換為簡體後重試。",
        )
            .into_response();
    };
    let converted = match std::str::from_utf8(&bytes) {
        Ok(html) => Body::from(convert_html(html)),
        Err(_) => Body::from(bytes),
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, converted)
}
