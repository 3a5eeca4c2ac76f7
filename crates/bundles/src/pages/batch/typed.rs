//! What the page of a batch sends: texts, the table as a workbook, and scans, which are kept from one press to the next.

use axum::extract::Multipart;
use wuchuang_cases::files::FileError;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors};

use crate::{
    batch::papers::{Papers, SCANS_MAX, Scan},
    rooms::BundleRooms,
};

/// How many fields the page may send.
const SENT_MAX: usize = 2_000;
/// The field of the scans of single stores.
const OWN: &str = "own";

/// Which button was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Pressed {
    /// 核对: keeps the scans and shows what is still open.
    #[default]
    Check,
    /// 一次收件.
    Receive,
}

/// A scan that has just come.
struct Upload {
    /// Of which material; `own` for those of single stores.
    of: String,
    name: String,
    bytes: Vec<u8>,
}

/// What was sent.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) item: String,
    pub(super) key: String,
    pub(super) handler_name: String,
    pub(super) handler_number: String,
    pub(super) stores: String,
    pub(super) survey: bool,
    /// Whether the applicant signed the undertaking to bring what follows later.
    pub(super) undertaken: bool,
    pub(super) pressed: Pressed,
    /// The questions of the form.
    pub(super) pairs: Vec<(String, String)>,
    pub(super) workbook: Option<Vec<u8>>,
    marks: Vec<(String, String)>,
    /// What was offered for a material when it was marked, by the key of the offer.
    seen: Vec<(String, String)>,
    kept: Vec<(String, Scan)>,
    /// Scans that the clerk takes out again.
    dropped: Vec<(String, Scan)>,
    uploads: Vec<Upload>,
}

impl Typed {
    /// A page for an item on which nothing was typed yet.
    pub(super) fn of_item(item: String) -> Self {
        Self {
            item,
            ..Self::default()
        }
    }

    pub(super) async fn read(mut form: Multipart) -> Result<Self, Failure> {
        let broken = |_| {
            Failure::invalid(
                "没有传完整，请返回再试一次。一次最多传25 MB：扫描件多的，分几次传，每次按“核对”。",
            )
        };
        let mut typed = Self::default();
        for _ in 0..SENT_MAX {
            let Some(field) = form.next_field().await.map_err(broken)? else {
                break;
            };
            let name = field.name().unwrap_or_default().to_owned();
            let file = field.file_name().map(str::to_owned);
            let bytes = field.bytes().await.map_err(broken)?;
            match file {
                Some(_) if bytes.is_empty() => {}
                Some(_) if name == "batch-sheet" => typed.workbook = Some(bytes.to_vec()),
                Some(file) => typed.take_scan(&name, file, bytes.to_vec())?,
                None => typed.take(name, String::from_utf8_lossy(&bytes).into_owned()),
            }
        }
        Ok(typed)
    }

    fn take_scan(&mut self, field: &str, name: String, bytes: Vec<u8>) -> Result<(), Failure> {
        let Some(of) = field.strip_prefix("scan-") else {
            return Ok(());
        };
        if self.uploads.len() >= SCANS_MAX {
            return Err(Failure::invalid("一次传的扫描件太多，请分几次传。"));
        }
        self.uploads.push(Upload {
            of: of.to_owned(),
            name,
            bytes,
        });
        Ok(())
    }

    fn take(&mut self, name: String, text: String) {
        match name.as_str() {
            "item" => self.item = text,
            "command_id" => self.key = text,
            "batch-handler-name" => self.handler_name = text,
            "batch-handler-number" => self.handler_number = text,
            "batch-stores" => self.stores = text,
            "batch-survey" => self.survey = text == "true",
            "batch-undertaken" => self.undertaken = text == "true",
            "deed" if text == "receive" => self.pressed = Pressed::Receive,
            "deed" => self.pressed = Pressed::Check,
            _ => match name.split_once('-') {
                Some(("mark", id)) => self.marks.push((id.to_owned(), text)),
                Some(("offer", id)) => self.seen.push((id.to_owned(), text)),
                Some((which @ ("kept" | "drop"), of)) => {
                    let scan = Scan::of_ticket(&text).map(|scan| (of.to_owned(), scan));
                    match which {
                        "kept" => self.kept.extend(scan),
                        _ => self.dropped.extend(scan),
                    }
                }
                _ => self.pairs.push((name, text)),
            },
        }
    }

    /// Marks the papers, and stores the scans that have just come; one that the house does not take is an error at its field.
    pub(super) async fn lay_out(
        &mut self,
        rooms: &BundleRooms,
        caller: &Caller,
        papers: &mut Papers,
        errors: &mut FieldErrors,
    ) -> Result<(), Failure> {
        for (id, mark) in &self.marks {
            let seen = self.seen.iter().find(|(of, _)| of == id);
            papers.mark(id, mark, seen.map_or("", |(_, key)| key.as_str()));
        }
        let place = |of: &str| (of != OWN).then(|| of.to_owned());
        for (of, scan) in self.kept.drain(..) {
            let mut dropped = self.dropped.iter();
            if !dropped.any(|(from, other)| *from == of && *other == scan) {
                papers.keep(place(&of).as_deref(), scan);
            }
        }
        let staff = caller.visitor.person().ok_or_else(Failure::sign_in)?;
        for upload in self.uploads.drain(..) {
            let field = format!("scan-{}", upload.of);
            if papers.scan_count() >= SCANS_MAX {
                let text = format!("一次批量最多{SCANS_MAX}个扫描件，请合并成多页的 PDF 再传。");
                errors.add(field, text);
                break;
            }
            let cases = &rooms.cases.cases;
            let name = upload.name;
            match cases
                .take_file_for_another(caller.region, &name, upload.bytes, staff)
                .await
            {
                Ok(file) => {
                    let of = place(&upload.of);
                    let sha256 = file.sha256;
                    papers.keep(of.as_deref(), Scan { sha256, name });
                    // What has just been scanned is there, unless something else was said of it.
                    papers.brought(of.as_deref());
                }
                Err(FileError::Refused(problem)) => {
                    errors.add(field, format!("“{name}”：{}", problem.explain()));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
