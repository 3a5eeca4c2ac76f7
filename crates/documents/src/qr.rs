//! QR codes, for pages and for documents. They live here because a document's code and a page's code must read alike.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// The longest payload that still prints legibly at 18 mm on an office printer (QR version 10), in bytes.
pub const QR_PAYLOAD_BYTES_MAX: usize = 200;

/// Why a text cannot become a QR code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QrError {
    /// Some readers decode UTF-8 payloads as mojibake, so only printable ASCII is accepted: percent-encode an address.
    #[error(
        "二维码内容只能用可打印的 ASCII 字符，第 {position} 个字符“{character}”不行：请先做网址编码"
    )]
    NotAscii {
        /// The offending character.
        character: char,
        /// Its place, counted in characters from one.
        position: usize,
    },
    /// An empty code means nothing.
    #[error("二维码内容是空的")]
    Empty,
    /// Longer than [`QR_PAYLOAD_BYTES_MAX`].
    #[error(
        "二维码内容有 {bytes} 个字符，超过 {QR_PAYLOAD_BYTES_MAX} 个，印出来扫不清：请缩短网址"
    )]
    TooLong {
        /// Length of the payload in bytes.
        bytes: usize,
    },
}

/// Draws `text` as an SVG (black on white, with the four-module quiet zone, error correction M).
/// The result has no XML prolog, so it can stand inline in HTML, and no size beyond its view box.
pub fn qr_svg(text: &str) -> Result<String, QrError> {
    if text.is_empty() {
        return Err(QrError::Empty);
    }
    if let Some((index, character)) = text
        .chars()
        .enumerate()
        .find(|(_, c)| !matches!(c, ' '..='~'))
    {
        return Err(QrError::NotAscii {
            character,
            position: index + 1,
        });
    }
    if text.len() > QR_PAYLOAD_BYTES_MAX {
        return Err(QrError::TooLong { bytes: text.len() });
    }
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M)
        .map_err(|_| QrError::TooLong { bytes: text.len() })?;
    let drawn = code
        .render::<svg::Color<'_>>()
        .quiet_zone(true)
        .module_dimensions(1, 1)
        .build();
    // The renderer opens with an XML prolog, which inside HTML would be a parse error.
    Ok(drawn
        .find("<svg")
        .map_or(drawn.clone(), |start| drawn[start..].to_owned()))
}
