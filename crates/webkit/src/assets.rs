//! Styles, scripts, icons and QR codes, served from the binary.
//!
//! `web/build.mjs` writes `web/dist` with a content hash in every name and a manifest; the whole folder is embedded, so
//! an installation is one file and a page never asks another host. Because the name changes with the content, answers
//! may be kept for ever.

use std::{borrow::Cow, collections::HashMap, future::ready, sync::LazyLock};

use axum::{
    Router,
    extract::{Path, RawQuery},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use qrcode::{EcLevel, QrCode, render::svg};
use rust_embed::RustEmbed;

use crate::display::{is_own_path, query_value, set_display};

/// Where assets live.
pub const ASSETS_PATH: &str = "/assets";
/// Where the QR code of a page is drawn: `/qr.svg?path=/guides`.
pub const QR_PATH: &str = "/qr.svg";

/// The built folder. `build.rs` creates it when it is absent, so that the crate compiles before the first web build.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// Plain name → hashed name, from `manifest.json`.
static MANIFEST: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let manifest =
        Dist::get("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok());
    manifest.unwrap_or_else(|| {
        tracing::error!("web/dist is empty: pages will have no style. Run `npm ci && node build.mjs` in web/ (or `cargo xtask demo`) and build again.");
        HashMap::new()
    })
});

/// Whether the web assets were built into this binary; the start-up check reports it.
pub fn are_built() -> bool {
    !MANIFEST.is_empty()
}

/// The address of an asset by its plain name: `asset("public.css")` → `/assets/public-3f2a91c0.css`. A name that is not
/// in the manifest answers its plain address, which is then a plain 404.
pub fn asset(name: &str) -> String {
    let file = MANIFEST.get(name).map_or(name, String::as_str);
    format!("{ASSETS_PATH}/{file}")
}

/// The routes of this module and of [`crate::display`]. `origin` is the site's address for QR codes, for example
/// `https://zwfw.example.gov.cn`.
pub fn routes<S: Clone + Send + Sync + 'static>(origin: impl Into<String>) -> Router<S> {
    let origin = origin.into();
    Router::new()
        .route("/assets/{*path}", get(serve))
        .route("/favicon.ico", get(favicon))
        .route(crate::display::DISPLAY_PATH, get(set_display))
        .route(
            QR_PATH,
            get(move |RawQuery(query)| ready(draw_page_qr(&origin, query.as_deref()))),
        )
}

async fn favicon(headers: HeaderMap) -> Response {
    let name = MANIFEST.get("favicon.svg").cloned().unwrap_or_default();
    respond(&name, &headers)
}

async fn serve(Path(path): Path<String>, headers: HeaderMap) -> Response {
    respond(&path, &headers)
}

fn respond(path: &str, headers: &HeaderMap) -> Response {
    // The folder is flat and its names are plain; anything else cannot be ours.
    if !path
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Some(file) = Dist::get(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{path}\"");
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let accepts_gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .split(',')
                .any(|coding| coding.trim().split(';').next() == Some("gzip"))
        });
    let packed = if accepts_gzip {
        Dist::get(&format!("{path}.gz"))
    } else {
        None
    };
    let common = [
        (
            header::CACHE_CONTROL,
            Cow::Borrowed("public, max-age=31536000, immutable"),
        ),
        (header::ETAG, Cow::Owned(tag)),
        (header::VARY, Cow::Borrowed("accept-encoding")),
        (
            header::CONTENT_TYPE,
            Cow::Owned(content_type(path, file.metadata.mimetype())),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, Cow::Borrowed("nosniff")),
    ]
    .map(|(name, value)| (name, value.into_owned()));
    if known {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    match packed {
        Some(packed) => (
            common,
            [(header::CONTENT_ENCODING, "gzip")],
            packed.data.into_owned(),
        )
            .into_response(),
        None => (common, file.data.into_owned()).into_response(),
    }
}

fn content_type(path: &str, guessed: &str) -> String {
    let has = |extension: &str| {
        path.rsplit_once('.')
            .is_some_and(|(_, found)| found == extension)
    };
    if has("css") || has("js") || has("json") {
        format!("{guessed}; charset=utf-8")
    } else {
        guessed.to_owned()
    }
}

fn draw_page_qr(origin: &str, query: Option<&str>) -> Response {
    let path = query
        .and_then(|query| query_value(query, "path"))
        .filter(|path| is_own_path(path));
    let Some(drawing) = path.and_then(|path| qr_svg(&format!("{origin}{path}"))) else {
        return (StatusCode::BAD_REQUEST, "path 须为本站地址，例如 /guides").into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    (headers, drawing).into_response()
}

/// A QR code (GB/T 18284, ISO/IEC 18004) as an SVG of its own size, error correction M. The text must be ASCII, because
/// readers disagree on other character sets; `None` for other text and for more than 500 bytes.
pub fn qr_svg(text: &str) -> Option<String> {
    if !text.is_ascii() || text.len() > 500 {
        return None;
    }
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    Some(
        code.render::<svg::Color<'_>>()
            .min_dimensions(120, 120)
            .quiet_zone(true)
            .build(),
    )
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

    use super::{asset, qr_svg, respond};

    #[test]
    fn unknown_and_odd_names_are_not_found() {
        for path in ["nothing.css", "../Cargo.toml", "a/b.css", ""] {
            assert_eq!(
                respond(path, &HeaderMap::new()).status(),
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }

    #[test]
    fn a_built_asset_is_kept_for_ever() {
        // Before the first web build there is nothing to serve; `xtask test` builds first.
        if !super::are_built() {
            return;
        }
        let address = asset("public.css");
        let name = address.rsplit('/').next().unwrap().to_owned();
        assert_ne!(name, "public.css");
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("br, gzip;q=0.8"),
        );
        let response = respond(&name, &headers);
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "text/css; charset=utf-8"
        );
        headers.insert(
            header::IF_NONE_MATCH,
            response.headers()[header::ETAG].clone(),
        );
        assert_eq!(respond(&name, &headers).status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn qr_codes_are_ascii_only() {
        assert!(qr_svg("https://example.gov.cn/v/123").is_some_and(|svg| svg.contains("<svg")));
        assert!(qr_svg("https://example.gov.cn/办").is_none());
        assert!(qr_svg(&"a".repeat(501)).is_none());
    }
}
