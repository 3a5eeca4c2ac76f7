//! Removes from pictures what a camera writes beside the picture: position, device, time. Only the
//! orientation stays, because without it a portrait would lie on its side.

use super::MediaType;

/// The picture without its metadata; other kinds of files are returned as they are.
pub(super) fn without_position(bytes: Vec<u8>, media_type: MediaType) -> Vec<u8> {
    match media_type {
        MediaType::Jpeg => jpeg(&bytes).unwrap_or(bytes),
        MediaType::Png => png(&bytes).unwrap_or(bytes),
        _ => bytes,
    }
}

/// Copies the segments of a JPEG up to the scan, without Exif, XMP and comments. `None` when the
/// segments do not read; then it is no picture that any program would show.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..2)?.to_vec();
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        if marker == 0xFF {
            at += 1;
            continue;
        }
        // Start of scan: what follows is the picture itself.
        if marker == 0xDA {
            out.extend_from_slice(bytes.get(at..)?);
            return Some(out);
        }
        let length = usize::from(u16::from_be_bytes([
            *bytes.get(at + 2)?,
            *bytes.get(at + 3)?,
        ]));
        let segment = bytes.get(at..at + 2 + length)?;
        match marker {
            0xE1 => {
                if let Some(orientation) = segment.get(4..).and_then(orientation) {
                    out.extend_from_slice(&exif_with(orientation));
                }
            }
            // Application data of makers (maker notes, thumbnails) and comments.
            0xED | 0xFE => {}
            _ => out.extend_from_slice(segment),
        }
        at += 2 + length;
    }
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

/// Copies the chunks of a PNG without Exif and texts.
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..8)?.to_vec();
    let mut at = 8;
    while at < bytes.len() {
        let length = bytes.get(at..at + 4)?.try_into().ok()?;
        let length = usize::try_from(u32::from_be_bytes(length)).ok()?;
        let end = at.checked_add(length)?.checked_add(12)?;
        let chunk = bytes.get(at..end)?;
        let kind = chunk.get(4..8)?;
        if !matches!(kind, b"eXIf" | b"tEXt" | b"zTXt" | b"iTXt" | b"tIME") {
            out.extend_from_slice(chunk);
        }
        at = end;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photograph(orientation: u8) -> Vec<u8> {
        let mut exif = exif_with(orientation);
        // A position is a further entry; here any text that must not survive stands for it.
        exif.extend_from_slice(b"GPS 32.52N 108.53E");
        let length = u16::try_from(exif.len() - 2).unwrap();
        exif[2..4].copy_from_slice(&length.to_be_bytes());
        let mut photograph = vec![0xFF, 0xD8];
        photograph.extend_from_slice(&exif);
        photograph.extend_from_slice(&[0xFF, 0xFE, 0, 6, b'n', b'o', b't', b'e']);
        photograph.extend_from_slice(&[0xFF, 0xDB, 0, 3, 9]);
        photograph.extend_from_slice(&[0xFF, 0xDA, 1, 2, 3, 0xFF, 0xD9]);
        photograph
    }

    fn holds(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn the_position_goes_and_the_orientation_stays() {
        let cleaned = without_position(photograph(6), MediaType::Jpeg);
        assert!(!holds(&cleaned, b"GPS"));
        assert!(!holds(&cleaned, b"note"));
        assert!(holds(&cleaned, &[0xFF, 0xDB, 0, 3, 9]));
        assert!(cleaned.ends_with(&[0xFF, 0xDA, 1, 2, 3, 0xFF, 0xD9]));
        assert_eq!(cleaned.get(6..).and_then(orientation), Some(6));
    }

    #[test]
    fn an_upright_picture_keeps_no_exif_at_all() {
        let cleaned = without_position(photograph(1), MediaType::Jpeg);
        assert!(!holds(&cleaned, b"Exif"));
    }

    #[test]
    fn damaged_pictures_come_back_as_they_are() {
        for length in 0..photograph(6).len() {
            let cut = photograph(6)[..length].to_vec();
            let _whatever_it_is = without_position(cut, MediaType::Jpeg);
        }
        assert_eq!(without_position(vec![1, 2], MediaType::Png), vec![1, 2]);
    }
}
