//! Finds signatures in the raw bytes of a file, without parsing the PDF.
//!
//! A parser can be led to read another document than the one that was signed (wrapped or hidden objects), can be made
//! to loop or to inflate a bomb. A signature that covers every byte of the file except its own hexadecimal string needs
//! none of that: whatever a reader shows was signed. So the scan is linear, allocates little and cannot panic.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::CMS_BYTES_MAX;

/// A foreign signature may carry longer chains and time-stamps than ours.
const CMS_READ_BYTES_MAX: usize = 8 * CMS_BYTES_MAX;
/// How far around the contents the rest of the signature dictionary is looked for, in bytes.
const DICTIONARY_BYTES_MAX: usize = 4096;

/// One signature dictionary.
pub(super) struct Found<'a> {
    /// The signed bytes before the contents.
    pub(super) before: &'a [u8],
    /// The signed bytes after the contents.
    pub(super) after: &'a [u8],
    /// The DER structure, without the padding.
    pub(super) cms: Vec<u8>,
    /// The time in the dictionary's `M`, which is signed.
    pub(super) signed_at: Option<Timestamp>,
    /// Whether every byte of the file but the contents is signed.
    pub(super) covers_whole_document: bool,
}

/// Why a byte range is not a signature.
pub(super) type Flaw = &'static str;

/// Every place where a byte range stands, at most `limit`.
pub(super) fn byte_ranges(pdf: &[u8], limit: usize) -> Vec<usize> {
    const KEY: &[u8] = b"/ByteRange";
    pdf.windows(KEY.len())
        .enumerate()
        .filter(|(_, window)| *window == KEY)
        .map(|(offset, _)| offset + KEY.len())
        .take(limit)
        .collect()
}

/// Reads the signature whose byte range begins at `offset`.
pub(super) fn read(pdf: &[u8], offset: usize) -> Result<Found<'_>, Flaw> {
    let [first, before_end, after_start, after_length] =
        numbers(pdf.get(offset..).unwrap_or_default()).ok_or("字节范围读不懂")?;
    let after_end = after_start
        .checked_add(after_length)
        .ok_or("字节范围超出文件")?;
    if first != 0 || before_end >= after_start || after_end > pdf.len() {
        return Err("字节范围超出文件");
    }
    let is_inside = offset < before_end || (after_start <= offset && offset < after_end);
    if !is_inside {
        return Err("字节范围没有签住自己");
    }
    let (before, gap, after) = (
        &pdf[..before_end],
        &pdf[before_end..after_start],
        &pdf[after_start..after_end],
    );
    if !before.trim_ascii_end().ends_with(b"/Contents") {
        return Err("未签的部分不是签名值");
    }
    let cms = contents(gap)?;
    Ok(Found {
        before,
        after,
        cms,
        signed_at: signing_time(before, after),
        covers_whole_document: after_end == pdf.len(),
    })
}

/// `[0 1 2 3]` after the key.
fn numbers(text: &[u8]) -> Option<[usize; 4]> {
    let text = text
        .get(..text.len().min(128))?
        .trim_ascii_start()
        .strip_prefix(b"[")?;
    let end = text.iter().position(|byte| *byte == b']')?;
    let text = std::str::from_utf8(&text[..end]).ok()?;
    let parsed: Vec<usize> = text
        .split_ascii_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    parsed.try_into().ok()
}

/// The unsigned gap must hold one hexadecimal string and nothing else, and after the structure only zeros: anything
/// more could be changed unnoticed.
fn contents(gap: &[u8]) -> Result<Vec<u8>, Flaw> {
    if gap.len() > 2 * CMS_READ_BYTES_MAX + 2 {
        return Err("签名值过大");
    }
    let digits = gap
        .strip_prefix(b"<")
        .and_then(|rest| rest.strip_suffix(b">"))
        .ok_or("未签的部分不是签名值")?;
    let (pairs, odd) = digits.as_chunks::<2>();
    if !odd.is_empty() {
        return Err("签名值不是十六进制");
    }
    let mut bytes = Vec::with_capacity(pairs.len());
    for [high, low] in pairs {
        let value = nibble(*high)
            .zip(nibble(*low))
            .map(|(high, low)| high << 4 | low);
        bytes.push(value.ok_or("签名值不是十六进制")?);
    }
    let length = der_length(&bytes).ok_or("签名值读不懂")?;
    if bytes
        .get(length..)
        .is_none_or(|padding| padding.iter().any(|byte| *byte != 0))
    {
        return Err("签名值后面另有内容");
    }
    bytes.truncate(length);
    Ok(bytes)
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Length of the DER sequence at the front, with its header.
fn der_length(bytes: &[u8]) -> Option<usize> {
    match *bytes {
        [0x30, short @ 0..=0x7f, ..] => Some(2 + usize::from(short)),
        [0x30, 0x81, length, ..] => Some(3 + usize::from(length)),
        [0x30, 0x82, high, low, ..] => Some(4 + usize::from(u16::from_be_bytes([high, low]))),
        [0x30, 0x83, high, middle, low, ..] => {
            Some(5 + usize::try_from(u32::from_be_bytes([0, high, middle, low])).ok()?)
        }
        _ => None,
    }
}

/// `/M(D:…)` of the same dictionary, before or after the contents.
fn signing_time(before: &[u8], after: &[u8]) -> Option<Timestamp> {
    let tail = &before[before.len().saturating_sub(DICTIONARY_BYTES_MAX)..];
    let own_start = rfind(tail, b" obj").unwrap_or(0);
    let head = &after[..after.len().min(DICTIONARY_BYTES_MAX)];
    let own_end = find(head, b"endobj").unwrap_or(head.len());
    date_entry(&tail[own_start..]).or_else(|| date_entry(&head[..own_end]))
}

fn date_entry(dictionary: &[u8]) -> Option<Timestamp> {
    let start = find(dictionary, b"/M(")
        .map(|at| at + 3)
        .or_else(|| find(dictionary, b"/M (").map(|at| at + 4))?;
    let rest = &dictionary[start..];
    let end = rest.iter().position(|byte| *byte == b')')?;
    parse_date(std::str::from_utf8(&rest[..end]).ok()?)
}

/// `D:YYYYMMDDHHmmSS` with `Z` or `+HH'mm'`; other forms of the PDF standard are read as no date.
fn parse_date(text: &str) -> Option<Timestamp> {
    let digits = text.strip_prefix("D:")?;
    let (civil, zone) = digits.split_at_checked(14)?;
    let local = DateTime::strptime("%Y%m%d%H%M%S", civil).ok()?;
    let offset = match zone.chars().next() {
        None | Some('Z') => Offset::UTC,
        Some(sign @ ('+' | '-')) => {
            let mut parts = zone[1..].split('\'');
            let hours: i32 = parts.next()?.parse().ok()?;
            let minutes: i32 = parts
                .next()
                .filter(|part| !part.is_empty())
                .map_or(Ok(0), str::parse)
                .ok()?;
            if !(0..24).contains(&hours) || !(0..60).contains(&minutes) {
                return None;
            }
            let seconds = hours * 3600 + minutes * 60;
            Offset::from_seconds(if sign == '-' { -seconds } else { seconds }).ok()?
        }
        Some(_) => return None,
    };
    local
        .to_zoned(TimeZone::fixed(offset))
        .ok()
        .map(|zoned| zoned.timestamp())
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

fn rfind(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .rposition(|window| window == needle)
}
