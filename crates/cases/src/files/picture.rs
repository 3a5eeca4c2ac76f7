//! Removes from pictures what a camera writes beside the picture: position, device, time, and the second pictures that phones
//! hang behind the first, each with a position of its own. Only the orientation stays, because without it a portrait would
//! lie on its side. A picture that does not read to its end is refused: what cannot be read cannot be cleaned.

use super::{FileProblem, MediaType};

/// The picture without its metadata; other kinds of files are returned as they are.
///
/// # Errors
/// When the picture is damaged.
pub(super) fn without_position(
    bytes: Vec<u8>,
    media_type: MediaType,
) -> Result<Vec<u8>, FileProblem> {
    let cleaned = match media_type {
        MediaType::Jpeg => jpeg(&bytes),
        MediaType::Png => png(&bytes),
        _ => Some(bytes),
    };
    cleaned.ok_or(FileProblem::Damaged)
}

/// Copies a JPEG (ITU-T T.81) from its start to its first end, without Exif, XMP, comments and the data of makers. `None`
/// when it does not read.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes
        .strip_prefix(&[0xFF, 0xD8])
        .map(|_| vec![0xFF, 0xD8])?;
    let mut at = 2;
    let mut has_scan = false;
    loop {
        let marker = *bytes.get(at + 1)?;
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        match marker {
            // A marker may be preceded by fill bytes.
            0xFF => {
                at += 1;
                continue;
            }
            // The end. What follows is another picture or a film: of phones' "motion photos" and of MPF.
            0xD9 if has_scan => {
                out.extend_from_slice(&[0xFF, 0xD9]);
                return Some(out);
            }
            // Markers that stand alone have no place here, and neither has the end of a picture without a picture.
            0x00 | 0x01 | 0xD0..=0xD9 => return None,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes([
            *bytes.get(at + 2)?,
            *bytes.get(at + 3)?,
        ]));
        let segment = bytes.get(at..at + 2 + length).filter(|_| length >= 2)?;
        at += 2 + length;
        match marker {
            0xE1 => {
                if let Some(orientation) = segment.get(4..).and_then(orientation) {
                    out.extend_from_slice(&exif_with(orientation));
                }
            }
            0xE0..=0xEF | 0xFE if !is_needed(marker, segment) => {}
            0xDA => {
                has_scan = true;
                let end = scan_end(bytes, at)?;
                out.extend_from_slice(segment);
                out.extend_from_slice(&bytes[at..end]);
                at = end;
            }
            _ => out.extend_from_slice(segment),
        }
    }
}

/// Whether a program needs an application's segment to show the picture as it is: its density, its colours.
fn is_needed(marker: u8, segment: &[u8]) -> bool {
    let owner: &[u8] = match marker {
        0xE0 => b"JFIF\0",
        0xE2 => b"ICC_PROFILE\0",
        0xEE => b"Adobe",
        _ => return false,
    };
    segment.get(4..).is_some_and(|data| data.starts_with(owner))
}

/// Where the coded data of a scan ends: at the next marker that is no restart. `None` when there is none.
fn scan_end(bytes: &[u8], from: usize) -> Option<usize> {
    let data = bytes.get(from..)?;
    let end = data
        .windows(2)
        .position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF | 0xD0..=0xD7))?;
    Some(from + end)
}

/// The orientation in an Exif segment, when it is another than upright.
fn orientation(exif: &[u8]) -> Option<u8> {
    let tiff = exif.strip_prefix(b"Exif\0\0")?;
    let is_little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let number16 = |at: usize| -> Option<u16> {
        let bytes = [*tiff.get(at)?, *tiff.get(at + 1)?];
        Some(if is_little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    };
    let number32 = |at: usize| -> Option<usize> {
        let bytes = tiff.get(at..at + 4)?.try_into().ok()?;
        let number = if is_little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        };
        usize::try_from(number).ok()
    };
    let directory = number32(4)?;
    let entries = usize::from(number16(directory)?).min(200);
    (0..entries)
        .map(|entry| directory + 2 + entry * 12)
        .find(|at| number16(*at) == Some(0x0112))
        .and_then(|at| number16(at + 8))
        .and_then(|value| u8::try_from(value).ok())
        .filter(|value| (2..=8).contains(value))
}

/// An Exif segment that holds nothing but the orientation.
fn exif_with(orientation: u8) -> Vec<u8> {
    let mut segment = vec![0xFF, 0xE1, 0, 34];
    segment.extend_from_slice(b"Exif\0\0MM\0*\0\0\0\x08");
    segment.extend_from_slice(&[0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    segment.extend_from_slice(&[0; 4]);
    segment
}

/// Copies the chunks of a PNG (ISO/IEC 15948) up to its end, without Exif and texts. `None` when they do not read.
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..8)?.to_vec();
    let mut at = 8;
    loop {
        let length = bytes.get(at..at + 4)?.try_into().ok()?;
        let length = usize::try_from(u32::from_be_bytes(length)).ok()?;
        let end = at.checked_add(length)?.checked_add(12)?;
        let chunk = bytes.get(at..end)?;
        let kind = chunk.get(4..8)?;
        if !matches!(kind, b"eXIf" | b"tEXt" | b"zTXt" | b"iTXt" | b"tIME") {
            out.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            return Some(out);
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker], &length[..], data].concat()
    }

    /// A picture as a phone writes it: position, a comment, an index of further pictures, two scans with stuffed and restart
    /// bytes, and behind the end another picture with a position of its own.
    fn photograph(orientation: u8) -> Vec<u8> {
        let mut exif = exif_with(orientation)[4..].to_vec();
        // A position is a further entry; here any text that must not survive stands for it.
        exif.extend_from_slice(b"GPS 32.52N 108.53E");
        let second = [
            &[0xFF, 0xD8][..],
            &segment(0xE1, b"Exif\0\0GPS 32.53N"),
            &[0xFF, 0xD9],
        ]
        .concat();
        [
            &[0xFF, 0xD8][..],
            &segment(0xE0, b"JFIF\0\x01\x02"),
            &segment(0xE1, &exif),
            &segment(0xE2, b"ICC_PROFILE\0sRGB"),
            &segment(0xE2, b"MPF\0GPS"),
            &segment(0xEB, b"JUMBF GPS"),
            &segment(0xFE, b"note"),
            &segment(0xDB, &[9]),
            &segment(0xDA, &[7]),
            &[1, 0xFF, 0x00, 2, 0xFF, 0xD3, 3],
            &segment(0xC4, &[8]),
            &segment(0xDA, &[6]),
            &[4, 5, 0xFF, 0xD9],
            &second,
            b"MotionPhoto_Data ftypmp42 GPS",
        ]
        .concat()
    }

    fn cleaned(bytes: Vec<u8>) -> Vec<u8> {
        without_position(bytes, MediaType::Jpeg).unwrap()
    }

    fn holds(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn every_position_goes_and_picture_and_orientation_stay() {
        let cleaned = cleaned(photograph(6));
        for gone in [&b"GPS"[..], b"note", b"MPF", b"MotionPhoto"] {
            assert!(!holds(&cleaned, gone), "{gone:?}");
        }
        let picture = [
            &segment(0xDB, &[9])[..],
            &segment(0xDA, &[7]),
            &[1, 0xFF, 0x00, 2, 0xFF, 0xD3, 3],
            &segment(0xC4, &[8]),
            &segment(0xDA, &[6]),
            &[4, 5, 0xFF, 0xD9],
        ]
        .concat();
        assert!(cleaned.ends_with(&picture));
        assert!(holds(&cleaned, b"JFIF") && holds(&cleaned, b"ICC_PROFILE"));
        let exif = cleaned.windows(4).position(|window| window == b"Exif");
        assert_eq!(orientation(&cleaned[exif.unwrap()..]), Some(6));
    }

    #[test]
    fn an_upright_picture_keeps_no_exif_at_all() {
        assert!(!holds(&cleaned(photograph(1)), b"Exif"));
    }

    #[test]
    fn cleaning_twice_changes_nothing() {
        let once = cleaned(photograph(6));
        assert_eq!(cleaned(once.clone()), once);
    }

    #[test]
    fn damaged_pictures_are_refused_and_never_stored_as_they_are() {
        let whole = photograph(6);
        let end = whole
            .windows(4)
            .position(|window| window == [4, 5, 0xFF, 0xD9])
            .unwrap()
            + 4;
        for length in 0..end {
            let cut = whole[..length].to_vec();
            assert_eq!(
                without_position(cut, MediaType::Jpeg),
                Err(FileProblem::Damaged),
                "{length}"
            );
        }
        assert_eq!(
            without_position(vec![1, 2], MediaType::Png),
            Err(FileProblem::Damaged)
        );
        let pdf = b"%PDF-1.7".to_vec();
        assert_eq!(without_position(pdf.clone(), MediaType::Pdf), Ok(pdf));
    }

    #[test]
    fn a_png_ends_at_its_end() {
        let chunk = |kind: &[u8; 4], data: &[u8]| {
            let length = u32::try_from(data.len()).unwrap().to_be_bytes();
            [&length[..], kind, data, &[0; 4]].concat()
        };
        let head = b"\x89PNG\r\n\x1a\n".to_vec();
        let picture = [head, chunk(b"IDAT", &[1]), chunk(b"IEND", &[])].concat();
        let mut long = picture.clone();
        long.extend_from_slice(&chunk(b"tEXt", b"GPS"));
        long.extend_from_slice(b"GPS");
        assert_eq!(without_position(long, MediaType::Png), Ok(picture));
    }
}
