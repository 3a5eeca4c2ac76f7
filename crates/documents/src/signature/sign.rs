//! Signing: one incremental update behind the untouched bytes of the file, so that earlier signatures stay whole.

use std::io::Write as _;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use lopdf::xref::XrefType;
use lopdf::{
    Dictionary, Document, LoadOptions, Object, ObjectId, StringFormat, Writer, dictionary,
};
use sha2::{Digest, Sha256};

use super::authority::Authority;
use super::{CMS_BYTES_MAX, PDF_BYTES_MAX, cades, trust};

/// One stream of a file to sign may not decompress beyond this, in bytes.
const STREAM_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Reason and location beyond this many characters are refused.
const TEXT_CHARACTERS_MAX: usize = 200;
/// Page trees nested deeper than this are refused; ours have one or two levels.
const PAGE_TREE_DEPTH_MAX: usize = 32;
/// Width of each number of the byte range: ten digits, as in a cross-reference table.
const RANGE_DIGITS: usize = 10;
/// Annotation flags Print and Locked: PDF/A demands the first, and nobody should move a signature.
const WIDGET_FLAGS: i64 = 4 | 128;
/// AcroForm flags SignaturesExist and AppendOnly.
const FORM_FLAGS: i64 = 1 | 2;

/// What the signature says beside the signer's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInfo {
    /// Why it is signed (受理通知书). At most 200 characters.
    pub reason: String,
    /// Where it is signed (陕西省安康市紫阳县). At most 200 characters.
    pub location: String,
    /// When it is signed, to the second. It is claimed, not proven by a time-stamp authority. A time before the signing
    /// certificate was valid is told as the beginning of its validity: what is made late, after a county changed its
    /// certificate, must still verify.
    pub signed_at: Timestamp,
}

/// Why a PDF cannot be signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// Larger than [`PDF_BYTES_MAX`].
    #[error("文件有 {bytes} 字节，超过 {PDF_BYTES_MAX} 字节，不能签名")]
    TooLarge {
        /// Size of the file.
        bytes: usize,
    },
    /// A text of [`SignInfo`] is too long.
    #[error("签名的{field}超过 {TEXT_CHARACTERS_MAX} 个字")]
    TextTooLong {
        /// 理由 or 地点.
        field: &'static str,
    },
    /// The file is no PDF, or an encrypted one, or damaged.
    #[error("文件不是可以签名的 PDF（{reason}）")]
    Structure {
        /// What is missing.
        reason: &'static str,
    },
    /// The PDF reader refused the file.
    #[error("文件不是可以签名的 PDF")]
    Pdf(#[from] lopdf::Error),
    /// The signature structure could not be made.
    #[error("签名不能生成：{0}")]
    Cms(#[from] der::Error),
    /// Writing to memory failed.
    #[error("签名不能写出")]
    Write(#[from] std::io::Error),
    /// The certificates do not fit the space kept for them.
    #[error("证书太大，放不进签名")]
    CertificatesTooLarge,
}

/// Signs `pdf` (PAdES B-B, `ETSI.CAdES.detached`, P-256 with SHA-256) with an invisible signature field on the first
/// page. Deterministic: the same file, authority and info give the same bytes.
pub fn sign(pdf: Vec<u8>, authority: &Authority, info: &SignInfo) -> Result<Vec<u8>, SignError> {
    if pdf.len() > PDF_BYTES_MAX {
        return Err(SignError::TooLarge { bytes: pdf.len() });
    }
    for (field, text) in [("理由", &info.reason), ("地点", &info.location)] {
        if text.chars().count() > TEXT_CHARACTERS_MAX {
            return Err(SignError::TextTooLong { field });
        }
    }
    let options = LoadOptions {
        strict: true,
        ..LoadOptions::with_max_decompressed_size(STREAM_BYTES_MAX)
    };
    let document = Document::load_mem_with_options(&pdf, options)?;
    if document.encryption_state.is_some() || document.trailer.has(b"Encrypt") {
        return Err(SignError::Structure {
            reason: "文件已加密",
        });
    }
    let mut update = Update::new(pdf, &document);
    let signature_id = update.new_id();
    let field_id = update.new_id();
    let page_id = add_to_page(&document, &mut update, field_id)?;
    add_to_form(&document, &mut update, field_id)?;
    let field_name = format!("Signature{}", field_id.0);
    update.write(
        field_id,
        &Object::Dictionary(dictionary! {
            "Type" => "Annot", "Subtype" => "Widget", "FT" => "Sig", "F" => WIDGET_FLAGS,
            "T" => Object::string_literal(field_name),
            "Rect" => vec![0.into(), 0.into(), 0.into(), 0.into()],
            "P" => page_id, "V" => signature_id,
        }),
    )?;
    let claimed = SignInfo {
        signed_at: info.signed_at.max(trust::valid_from(&authority.signer)),
        ..info.clone()
    };
    let placeholder = update.write_signature(signature_id, authority, &claimed)?;
    update.finish(&document)?;
    placeholder.fill(update.bytes, authority)
}

/// The incremental update in the making.
struct Update {
    bytes: Vec<u8>,
    next_number: u32,
    /// Number, generation and offset of each object written.
    written: Vec<(ObjectId, usize)>,
}

/// Where the byte range and the hexadecimal contents stand, to be filled when all other bytes are known.
struct Placeholder {
    range: std::ops::Range<usize>,
    /// The hexadecimal string with its angle brackets: the one part that is not signed.
    contents: std::ops::Range<usize>,
}

impl Update {
    fn new(mut bytes: Vec<u8>, document: &Document) -> Self {
        if bytes.last() != Some(&b'\n') {
            bytes.push(b'\n');
        }
        Self {
            bytes,
            next_number: document.max_id.saturating_add(1),
            written: Vec::new(),
        }
    }

    fn new_id(&mut self) -> ObjectId {
        let id = (self.next_number, 0);
        self.next_number = self.next_number.saturating_add(1);
        id
    }

    fn begin(&mut self, id: ObjectId) -> std::io::Result<()> {
        self.written.push((id, self.bytes.len()));
        writeln!(self.bytes, "{} {} obj", id.0, id.1)
    }

    fn write(&mut self, id: ObjectId, object: &Object) -> Result<(), SignError> {
        self.begin(id)?;
        Writer::write_object(&mut self.bytes, object)?;
        self.bytes.extend_from_slice(b"\nendobj\n");
        Ok(())
    }

    /// The signature dictionary is written by hand, because its byte range and contents are filled in afterwards.
    fn write_signature(
        &mut self,
        id: ObjectId,
        authority: &Authority,
        info: &SignInfo,
    ) -> Result<Placeholder, SignError> {
        self.begin(id)?;
        self.bytes.extend_from_slice(
            b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(",
        );
        self.bytes
            .extend_from_slice(pdf_date(info.signed_at).as_bytes());
        self.bytes.push(b')');
        for (key, text) in [
            ("Name", authority.signer_name()),
            ("Reason", info.reason.clone()),
            ("Location", info.location.clone()),
        ] {
            write!(self.bytes, "/{key}")?;
            Writer::write_object(&mut self.bytes, &text_string(&text))?;
        }
        self.bytes.extend_from_slice(b"/ByteRange ");
        let range_start = self.bytes.len();
        let range_width = "[0   ]".len() + 3 * RANGE_DIGITS;
        self.bytes.resize(range_start + range_width, b' ');
        let range = range_start..self.bytes.len();
        self.bytes.extend_from_slice(b"/Contents ");
        let contents_start = self.bytes.len();
        self.bytes.push(b'<');
        self.bytes
            .resize(contents_start + 1 + 2 * CMS_BYTES_MAX, b'0');
        self.bytes.push(b'>');
        let contents = contents_start..self.bytes.len();
        self.bytes.extend_from_slice(b">>\nendobj\n");
        Ok(Placeholder { range, contents })
    }

    /// Cross-references and trailer, of the same kind as the file has: mixing kinds is not allowed.
    fn finish(&mut self, document: &Document) -> Result<(), SignError> {
        let mut trailer = Dictionary::new();
        for key in [b"Root".as_slice(), b"Info", b"ID"] {
            if let Ok(value) = document.trailer.get(key) {
                trailer.set(key, value.clone());
            }
        }
        self.change_identifier(&mut trailer);
        trailer.set(
            "Prev",
            i64::try_from(document.xref_start).unwrap_or(i64::MAX),
        );
        match document.reference_table.cross_reference_type {
            XrefType::CrossReferenceTable => self.finish_table(trailer),
            XrefType::CrossReferenceStream => self.finish_stream(trailer),
        }
    }

    fn finish_table(&mut self, mut trailer: Dictionary) -> Result<(), SignError> {
        self.written.sort_unstable();
        let start = self.bytes.len();
        self.bytes.extend_from_slice(b"xref\n");
        for ((number, generation), offset) in std::mem::take(&mut self.written) {
            write!(self.bytes, "{number} 1\n{offset:010} {generation:05} n \n")?;
        }
        trailer.set("Size", i64::from(self.next_number));
        self.bytes.extend_from_slice(b"trailer\n");
        Writer::write_object(&mut self.bytes, &Object::Dictionary(trailer))?;
        write!(self.bytes, "\nstartxref\n{start}\n%%EOF\n")?;
        Ok(())
    }

    fn finish_stream(&mut self, mut trailer: Dictionary) -> Result<(), SignError> {
        let id = self.new_id();
        let start = self.bytes.len();
        self.written.push((id, start));
        self.written.sort_unstable();
        let mut index = Vec::new();
        let mut entries = Vec::new();
        for ((number, generation), offset) in std::mem::take(&mut self.written) {
            index.extend([Object::from(number), Object::from(1)]);
            entries.push(1u8);
            // Files are bounded far below four gigabytes, so four bytes hold any offset.
            entries.extend(u32::try_from(offset).unwrap_or(u32::MAX).to_be_bytes());
            entries.extend(generation.to_be_bytes());
        }
        trailer.set("Type", "XRef");
        trailer.set("W", vec![1.into(), 4.into(), 2.into()]);
        trailer.set("Index", index);
        trailer.set("Size", i64::from(self.next_number));
        let stream = lopdf::Stream::new(trailer, entries);
        writeln!(self.bytes, "{} {} obj", id.0, id.1)?;
        Writer::write_object(&mut self.bytes, &Object::Stream(stream))?;
        write!(self.bytes, "\nendobj\nstartxref\n{start}\n%%EOF\n")?;
        Ok(())
    }

    /// The second half of the file identifier must change with each update; a hash of the bytes keeps it reproducible.
    fn change_identifier(&self, trailer: &mut Dictionary) {
        if let Ok(Object::Array(identifier)) = trailer.get_mut(b"ID")
            && let [_, second] = identifier.as_mut_slice()
        {
            let digest = Sha256::digest(&self.bytes);
            *second = Object::String(digest[..16].to_vec(), StringFormat::Hexadecimal);
        }
    }
}

impl Placeholder {
    /// Writes the byte range, signs everything but the contents, and writes these.
    fn fill(self, mut bytes: Vec<u8>, authority: &Authority) -> Result<Vec<u8>, SignError> {
        let rest = bytes.len() - self.contents.end;
        let range = format!(
            "[0 {:<RANGE_DIGITS$} {:<RANGE_DIGITS$} {:<RANGE_DIGITS$}]",
            self.contents.start, self.contents.end, rest
        );
        bytes[self.range].copy_from_slice(range.as_bytes());
        let digest = Sha256::new()
            .chain_update(&bytes[..self.contents.start])
            .chain_update(&bytes[self.contents.end..])
            .finalize();
        let cms = cades::sign(
            &digest.into(),
            &authority.signer,
            &authority.root,
            &authority.key,
        )?;
        if cms.len() > CMS_BYTES_MAX {
            return Err(SignError::CertificatesTooLarge);
        }
        let mut place = &mut bytes[self.contents.start + 1..self.contents.end - 1];
        for byte in cms {
            write!(place, "{byte:02x}")?;
        }
        Ok(bytes)
    }
}

/// Adds the field to the first page's annotations.
fn add_to_page(
    document: &Document,
    update: &mut Update,
    field: ObjectId,
) -> Result<ObjectId, SignError> {
    let page_id = first_page(document)?;
    let mut page = document.get_dictionary(page_id)?.clone();
    let mut annotations = match page.get(b"Annots") {
        Ok(present) => document.dereference(present)?.1.as_array()?.clone(),
        Err(_) => Vec::new(),
    };
    annotations.push(field.into());
    page.set("Annots", annotations);
    update.write(page_id, &Object::Dictionary(page))?;
    Ok(page_id)
}

fn first_page(document: &Document) -> Result<ObjectId, SignError> {
    let mut id = document.catalog()?.get(b"Pages")?.as_reference()?;
    for _ in 0..PAGE_TREE_DEPTH_MAX {
        let node = document.get_dictionary(id)?;
        match node.get(b"Kids") {
            Ok(kids) => {
                let kids = document.dereference(kids)?.1.as_array()?;
                id = kids
                    .first()
                    .ok_or(SignError::Structure {
                        reason: "没有页面"
                    })?
                    .as_reference()?;
            }
            Err(_) => return Ok(id),
        }
    }
    Err(SignError::Structure {
        reason: "页面树过深",
    })
}

/// Adds the field to the interactive form, which is made when there is none.
fn add_to_form(document: &Document, update: &mut Update, field: ObjectId) -> Result<(), SignError> {
    let catalog_id = document.trailer.get(b"Root")?.as_reference()?;
    let mut catalog = document.catalog()?.clone();
    let mut form = match catalog.get(b"AcroForm") {
        Ok(present) => document.dereference(present)?.1.as_dict()?.clone(),
        Err(_) => Dictionary::new(),
    };
    let mut fields = match form.get(b"Fields") {
        Ok(present) => document.dereference(present)?.1.as_array()?.clone(),
        Err(_) => Vec::new(),
    };
    fields.push(field.into());
    form.set("Fields", fields);
    form.set("SigFlags", FORM_FLAGS);
    catalog.set("AcroForm", form);
    update.write(catalog_id, &Object::Dictionary(catalog))
}

/// A text string in UTF-16BE, which every reader takes; hexadecimal, so that no byte needs escaping.
fn text_string(text: &str) -> Object {
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// `D:20261120160000+08'00'`, in the one time of China.
fn pdf_date(timestamp: Timestamp) -> String {
    let local = timestamp.to_zoned(TimeZone::fixed(Offset::constant(8)));
    local.strftime("D:%Y%m%d%H%M%S+08'00'").to_string()
}
