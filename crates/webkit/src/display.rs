//! How a visitor wants pages to look: language, 长者 (elder) mode, text size, contrast, theme.
//!
//! The choices are cookies, so that the server renders them at once and they work without JavaScript: each switch is a
//! link to `/display`, which sets the cookie and leads back. Elder mode follows 工信部《互联网网站适老化通用设计规范》(2021).

use axum::{
    extract::RawQuery,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use crate::language::Language;

/// Where the switches lead.
pub const DISPLAY_PATH: &str = "/display";

/// The longest address a switch leads back to, in bytes.
const BACK_BYTES_MAX: usize = 2000;

/// A year: people should not have to choose again at every visit.
const COOKIE_SECONDS: u32 = 31_536_000;

/// The choices of one visitor.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four switches that are independent of each other, as the visitor sees them"
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Display {
    /// 长者模式: large type, large targets, fewer things, read-aloud offered.
    pub elder: bool,
    /// 大字: text a step larger.
    pub large_text: bool,
    /// 高对比: contrast of at least 7 to 1.
    pub high_contrast: bool,
    /// Dark theme; offered to staff.
    pub dark: bool,
}

/// What a switch changes, with its cookie.
const SWITCHES: [&str; 4] = ["elder", "text", "contrast", "theme"];

impl Display {
    /// Reads the choices from the cookies of a request.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let on = |name: &str, value: &str| cookie(headers, name).as_deref() == Some(value);
        Self {
            elder: on("elder", "on"),
            large_text: on("text", "on"),
            high_contrast: on("contrast", "on"),
            dark: on("theme", "on"),
        }
    }
}

/// The language of a request: `?lang=`, the cookie `lang`, `Accept-Language`.
pub fn language_of(uri: &Uri, headers: &HeaderMap) -> Language {
    let query = uri.query().and_then(|query| query_value(query, "lang"));
    let accept = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    Language::choose(query.as_deref(), cookie(headers, "lang").as_deref(), accept)
}

/// The first cookie of that name.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(|line| {
            line.split(';').find_map(|pair| {
                let (key, value) = pair.trim().split_once('=')?;
                (key == name).then(|| value.to_owned())
            })
        })
}

/// `GET /display?elder=on&back=/guides`: sets one or more choices and leads back. `back` may only be a path of this
/// site, so the link cannot be used to send people elsewhere.
pub async fn set_display(RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let back = query_value(&query, "back")
        .filter(|path| is_own_path(path))
        .unwrap_or_else(|| "/".to_owned());
    let Ok(location) = HeaderValue::from_str(&back) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    let chosen = SWITCHES
        .iter()
        .filter_map(|name| {
            query_value(&query, name).map(|value| (*name, if value == "on" { "on" } else { "off" }))
        })
        .chain(
            query_value(&query, "lang")
                .and_then(|tag| Language::from_tag(&tag))
                .map(|language| ("lang", language.tag())),
        );
    for (name, value) in chosen {
        let cookie = format!("{name}={value}; Path=/; Max-Age={COOKIE_SECONDS}; SameSite=Lax");
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

/// Whether a text is a path on this site that may be put into `Location`: begins with one `/`, is printable ASCII.
pub fn is_own_path(path: &str) -> bool {
    path.len() <= BACK_BYTES_MAX
        && path.starts_with('/')
        && !path.starts_with("//")
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// The first value of `name` in a query string, decoded once; `None` if absent or not UTF-8.
pub(crate) fn query_value(query: &str, name: &str) -> Option<String> {
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then(|| decode(value)).flatten()
    })
}

fn decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'%' => {
                let digits = text.get(at + 1..at + 3)?;
                out.push(u8::from_str_radix(digits, 16).ok()?);
                at += 3;
            }
            b'+' => {
                out.push(b' ');
                at += 1;
            }
            byte => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).ok()
}

/// Percent-encodes a path with its query for use as one query value (RFC 3986 §2.3).
pub fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{Display, cookie, decode, encode, is_own_path, query_value};

    #[test]
    fn only_paths_of_this_site_are_led_back_to() {
        for (path, expected) in [
            ("/", true),
            ("/guides?q=%E5%8A%9E", true),
            ("//evil.example", false),
            ("/\\evil.example", false),
            ("https://evil.example", false),
            ("/a\r\nSet-Cookie: x", false),
            ("", false),
        ] {
            assert_eq!(is_own_path(path), expected, "{path}");
        }
    }

    #[test]
    fn cookies_and_choices() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("a=1; elder=on; theme=off;contrast=on"),
        );
        assert_eq!(cookie(&headers, "a").as_deref(), Some("1"));
        assert_eq!(
            Display::from_headers(&headers),
            Display {
                elder: true,
                large_text: false,
                high_contrast: true,
                dark: false
            }
        );
    }

    #[test]
    fn query_values_round_trip() {
        let path = "/guides?q=办 事&page=2";
        assert_eq!(decode(&encode(path)).as_deref(), Some(path));
        assert_eq!(
            query_value(&format!("x=1&back={}", encode(path)), "back").as_deref(),
            Some(path)
        );
        assert_eq!(query_value("a=%zz", "a"), None);
        assert_eq!(query_value("a=%F", "a"), None);
    }
}
