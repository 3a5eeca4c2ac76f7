//! What every request passes before its handler, and every answer after it: the check against
//! forged requests, the security headers, and the one place that presents failures.

use std::sync::{Arc, OnceLock};

use askama::Template;
use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde_json::json;

use crate::{failure::Failure, page::PageContext, request::Caller};

/// Pages may load nothing from elsewhere and run no script that is not the house's own.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// Refuses requests that another site makes in a visitor's name. Browsers tell where a request
/// comes from (`Sec-Fetch-Site`, else `Origin`); programs without cookies send neither.
pub async fn refuse_forgery(request: Request, next: Next) -> Response {
    let changes = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if changes && is_foreign(request.headers()) {
        return Failure::new(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            "这个请求来自别的网站，没有执行。请从本站页面重新操作。",
        )
        .into_response();
    }
    next.run(request).await
}

fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin"), text("host")) {
        (Some(site), _, _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin), Some(host)) => origin
            .split_once("://")
            .is_none_or(|(_, origin_host)| origin_host != host),
        (None, Some(_), None) => true,
        (None, None, _) => false,
    }
}

/// Adds the headers that keep a page to itself.
pub async fn add_security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    // What a signed-in person sees must not stay in a shared computer's cache.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-store"));
    response
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage<'a> {
    page: &'a PageContext,
    failure: &'a Failure,
    request_id: &'a str,
}

/// Which route a request met. The layers stand around the router as a whole, so that a request does not copy them once
/// for each of them; they learn the route from [`note_route`], also when its handler panics or takes too long.
#[derive(Clone, Debug, Default)]
pub struct MetRoute(Arc<OnceLock<MatchedPath>>);

impl MetRoute {
    /// The route's pattern; `none` for an address that no route has.
    pub fn pattern(&self) -> &str {
        self.0.get().map_or("none", MatchedPath::as_str)
    }
}

/// Tells the layers outside which route the request met. It stands inside of the router, around each route.
pub async fn note_route(request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    if let (Some(met), Some(path)) = (
        extensions.get::<MetRoute>(),
        extensions.get::<MatchedPath>(),
    ) {
        // A request meets one route.
        let _already = met.0.set(path.clone());
    }
    next.run(request).await
}

/// Presents failures: a page with a way out for people, a problem document for programs.
pub async fn present(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let caller = request.extensions().get::<Arc<Caller>>().cloned();
    let met = request
        .extensions()
        .get::<MetRoute>()
        .cloned()
        .unwrap_or_default();
    let query = request.uri().query().map(str::to_owned);
    let is_read = request.method() == Method::GET;
    let request_id = request
        .headers()
        .get("x-request-id")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let wants_json = path.starts_with("/api/")
        || request
            .headers()
            .get(header::ACCEPT)
            .is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    let mut response = next.run(request).await;
    let Some(failure) = response
        .extensions_mut()
        .remove::<Failure>()
        .or_else(|| bare(&response))
    else {
        return response;
    };
    if let Some(internal) = &failure.internal {
        tracing::warn!(http.route = %met.pattern(), http.status = failure.status.as_u16(), code = %failure.code, reason = %internal, request.id = %request_id, "a request failed");
    }
    if wants_json {
        let mut answer = problem(&failure, &path, &request_id);
        failure.tell_when(&mut answer);
        return answer;
    }
    if failure.status == StatusCode::UNAUTHORIZED {
        // Back to this page after signing in; a form that was sent starts again from its page.
        let back = if is_read {
            query.map_or_else(|| path.clone(), |query| format!("{path}?{query}"))
        } else {
            "/".to_owned()
        };
        let login = if path.starts_with("/staff") {
            "/staff/login"
        } else {
            "/login"
        };
        return Redirect::to(&format!("{login}?back={}", crate::display::encode(&back)))
            .into_response();
    }
    let Some(caller) = caller else {
        tracing::error!("a failure outside of the surroundings layer");
        return (failure.status, failure.public.clone().into_owned()).into_response();
    };
    let mut answer = page_of(caller.page.clone(), &failure, &request_id);
    failure.tell_when(&mut answer);
    answer
}

/// The page with a way out.
fn page_of(page: PageContext, failure: &Failure, request_id: &str) -> Response {
    let page = page.titled(title(failure.status)).with_errors(true);
    let html = FailurePage {
        page: &page,
        failure,
        request_id,
    }
    .render();
    match html {
        Ok(html) => (failure.status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the failure page does not render");
            (failure.status, failure.public.clone().into_owned()).into_response()
        }
    }
}

/// Failures that the framework itself made: unknown paths, wrong methods, bodies that are too large.
fn bare(response: &Response) -> Option<Failure> {
    match response.status() {
        StatusCode::NOT_FOUND if !has_body_of_its_own(response) => Some(Failure::not_found()),
        StatusCode::METHOD_NOT_ALLOWED => Some(Failure::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "这个地址不支持这种操作。请从页面上的按钮进入。",
        )),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Failure::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "提交的内容太大。单个文件不超过20MB，请压缩或分开上传。",
        )),
        StatusCode::BAD_REQUEST
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY
            if !has_body_of_its_own(response) =>
        {
            Some(Failure::new(
                response.status(),
                "unreadable",
                "提交的内容不完整或格式不对。请返回上一页检查后重新提交。",
            ))
        }
        _ => None,
    }
}

/// Pages and problem documents say what they are; the framework's own answers are plain text.
fn has_body_of_its_own(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"))
}

const fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "没有找到",
        StatusCode::FORBIDDEN => "没有权限",
        StatusCode::CONFLICT => "别人刚刚改动过",
        StatusCode::SERVICE_UNAVAILABLE => "暂时不能保存",
        StatusCode::INTERNAL_SERVER_ERROR => "系统出了问题",
        _ => "没有办成",
    }
}

fn problem(failure: &Failure, path: &str, request_id: &str) -> Response {
    let mut body = json!({
        "type": format!("urn:wuchuang:problem:{}", failure.code),
        "title": title(failure.status),
        "status": failure.status.as_u16(),
        "detail": failure.public,
        "instance": path,
        "code": failure.code,
        "request_id": request_id,
    });
    if let Some(field) = &failure.field {
        body["errors"] = json!([{ "field": field, "detail": failure.public }]);
    }
    (
        failure.status,
        [(header::CONTENT_TYPE, "application/problem+json")],
        body.to_string(),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn only_the_house_itself_and_programs_may_change_things() {
        assert!(!is_foreign(&headers(&[])));
        assert!(!is_foreign(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(is_foreign(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(is_foreign(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(!is_foreign(&headers(&[
            ("origin", "http://a:1"),
            ("host", "a:1")
        ])));
        assert!(is_foreign(&headers(&[
            ("origin", "http://b"),
            ("host", "a")
        ])));
        assert!(is_foreign(&headers(&[("origin", "null"), ("host", "a")])));
    }
}
