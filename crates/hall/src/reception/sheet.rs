//! What a reception form sends: its fields, and the scans that came with it.

use axum::extract::Multipart;
use wuchuang_cases::{files::FILE_BYTES_MAX, model::FileReference};
use wuchuang_kernel::{PersonId, Personal};
use wuchuang_ledger::Ledger;
use wuchuang_webkit::Failure;

/// How many fields one form may send: 200 questions and what stands around them.
const FIELDS_MAX: usize = 2_000;
/// How large one text may be, in bytes.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// How many scans one form may bring.
const SCANS_MAX: usize = 50;
/// The field of a material's new scans begins so.
const SCAN: &str = "scan-";
/// The field of a scan that was sent before begins so.
const KEPT: &str = "kept-";

/// A scan that has just come.
pub(crate) struct Scan {
    /// Of which material.
    pub(crate) material: String,
    /// Its file name.
    pub(crate) name: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

/// What was sent.
#[derive(Default)]
pub(crate) struct Sheet {
    /// The texts by field, in the order of the page.
    pub(crate) pairs: Vec<(String, String)>,
    /// The scans.
    pub(crate) scans: Vec<Scan>,
}

impl Sheet {
    /// Reads a multipart form within its limits.
    ///
    /// # Errors
    /// When it does not read or exceeds a limit.
    pub(crate) async fn read(mut multipart: Multipart) -> Result<Self, Failure> {
        let unreadable = |_| Failure::invalid("表单没有传完整，请检查网络后再按一次。");
        let mut sheet = Self::default();
        while let Some(field) = multipart.next_field().await.map_err(unreadable)? {
            let name = field.name().unwrap_or_default().to_owned();
            if sheet.pairs.len() + sheet.scans.len() >= FIELDS_MAX {
                return Err(Failure::invalid("表单的内容太多，无法读取。"));
            }
            let file_name = field.file_name().map(str::to_owned);
            let bytes = field.bytes().await.map_err(unreadable)?;
            match (file_name, name.strip_prefix(SCAN)) {
                // A file field that was left empty sends a file without a name.
                (Some(_), _) if bytes.is_empty() => {}
                (Some(file_name), Some(material)) => {
                    if bytes.len() > FILE_BYTES_MAX || sheet.scans.len() >= SCANS_MAX {
                        return Err(Failure::invalid(
                            "扫描件每个不超过 20 MB，一次最多 50 个，请减少后再传。",
                        ));
                    }
                    sheet.scans.push(Scan {
                        material: material.to_owned(),
                        name: file_name,
                        bytes: bytes.to_vec(),
                    });
                }
                (Some(_), None) => {}
                (None, _) => {
                    if bytes.len() > TEXT_BYTES_MAX {
                        return Err(Failure::invalid("有一栏文字太长，请删减后再提交。"));
                    }
                    sheet
                        .pairs
                        .push((name, String::from_utf8_lossy(&bytes).into_owned()));
                }
            }
        }
        Ok(sheet)
    }

    /// The first text of a field; empty when it was not sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.pairs
            .iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, text)| text.as_str())
    }

    /// Whether a box was ticked.
    pub(crate) fn is_ticked(&self, name: &str) -> bool {
        self.text(name) == "true"
    }

    /// The scans of a material that were sent with an earlier attempt.
    pub(crate) fn kept(
        &self,
        ledger: &Ledger,
        person: PersonId,
        material: &str,
    ) -> Vec<FileReference> {
        let field = format!("{KEPT}{material}");
        self.pairs
            .iter()
            .filter(|(name, _)| *name == field)
            .take(SCANS_MAX)
            .filter_map(|(_, ticket)| read_ticket(ledger, person, ticket))
            .collect()
    }

    #[cfg(test)]
    pub(crate) fn of(pairs: &[(&str, &str)]) -> Self {
        Self {
            pairs: pairs
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
            scans: Vec::new(),
        }
    }
}

/// A stored scan as the page carries it to the next attempt. The seal keeps a browser from naming a
/// file that it was not given.
pub(crate) fn ticket(ledger: &Ledger, person: PersonId, file: &FileReference) -> String {
    let told = told(
        file.sha256.as_str(),
        file.bytes,
        &file.media_type,
        file.name.text(),
    );
    format!("{}|{told}", seal(ledger, person, &told))
}

fn told(sha256: &str, bytes: u64, media_type: &str, name: &str) -> String {
    format!("{sha256}|{bytes}|{media_type}|{name}")
}

fn seal(ledger: &Ledger, person: PersonId, told: &str) -> String {
    ledger.keyed_hash(format!("counter-scan/{person}/{told}").as_bytes())
}

fn read_ticket(ledger: &Ledger, person: PersonId, ticket: &str) -> Option<FileReference> {
    let (given, told) = ticket.split_once('|')?;
    if given != seal(ledger, person, told) {
        return None;
    }
    split_told(told, person)
}

fn split_told(told: &str, person: PersonId) -> Option<FileReference> {
    let mut parts = told.splitn(4, '|');
    let (sha256, bytes, media_type, name) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    Some(FileReference {
        sha256: sha256.to_owned(),
        name: Personal::new(person, name.to_owned()),
        bytes: bytes.parse().ok()?,
        media_type: media_type.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_reads_back_whatever_the_name() {
        let person = PersonId::from_u128(1);
        for name in ["a.pdf", "身份证|正面.jpg", ""] {
            let file = FileReference {
                sha256: "ab".repeat(32),
                name: Personal::new(person, name.to_owned()),
                bytes: 12,
                media_type: "application/pdf".to_owned(),
            };
            let told = told(&file.sha256, file.bytes, &file.media_type, name);
            assert_eq!(split_told(&told, person), Some(file), "{name}");
        }
        assert_eq!(split_told("ab|x|y|z", person), None);
        assert_eq!(split_told("ab|1", person), None);
    }

    #[test]
    fn the_first_text_of_a_field_counts() {
        let sheet = Sheet::of(&[("a", "1"), ("a", "2"), ("b", "true")]);
        assert_eq!(sheet.text("a"), "1");
        assert_eq!(sheet.text("c"), "");
        assert!(sheet.is_ticked("b") && !sheet.is_ticked("a"));
    }
}
