//! From template and data to a PDF/A file.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_kit::fonts::FontStore;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::data::TemplateData;
use crate::fonts::{self, FontSource};
use crate::glyphs;
use crate::qr::{QrError, qr_svg};
use crate::template::DocumentTemplate;
use crate::world::{RenderWorld, Sources};

/// Data of one document beyond this many bytes of JSON is refused.
pub const DATA_BYTES_MAX: usize = 512 * 1024;
/// A document beyond this many pages is refused.
pub const PAGES_MAX: usize = 200;
/// Memoised results not used in this many renderings are dropped: enough for the usual templates to stay warm, and each
/// rendering leaves a megabyte behind.
const CACHE_AGE_RENDERINGS_MAX: usize = 8;
/// China keeps one time, UTC+8, in the whole country: a document's date is a day of that clock.
const CHINA_OFFSET_MINUTES: i32 = 8 * 60;

/// Why a document could not be made. Texts name the field, the rule and the way out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The program was built without `assets/fonts`.
    #[error("程序中没有内置字体：请先运行 cargo xtask fonts 再编译")]
    NoFonts,
    /// The county's font folder or a file in it cannot be read.
    #[error("字体文件夹 {path} 读不了：请检查路径和权限")]
    FontFolder {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A field every document needs is absent or of another kind.
    #[error("文书数据缺少字段 {field}：{rule}")]
    Field {
        /// Path of the field (`head.issued_on`).
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// Larger than [`DATA_BYTES_MAX`].
    #[error("文书数据有 {bytes} 字节，超过 {DATA_BYTES_MAX} 字节：请减少附表内容")]
    DataTooLarge {
        /// Size of the JSON in bytes.
        bytes: usize,
    },
    /// Nested deeper than any template reads.
    #[error("文书数据嵌套超过 {depth_max} 层")]
    TooDeep {
        /// The limit.
        depth_max: usize,
    },
    /// No font has this character; printing would leave a box.
    #[error(
        "字段 {field} 中的“{character}”(U+{code_point:04X})没有字体能印：请管理员把含此字的字体放进字体文件夹后重试"
    )]
    MissingGlyph {
        /// Path of the field.
        field: String,
        /// The character.
        character: char,
        /// Its Unicode code point.
        code_point: u32,
    },
    /// Control characters have no shape and break a PDF's text.
    #[error("字段 {field} 中有不能印的控制字符 U+{code_point:04X}：请删去后重试")]
    ControlCharacter {
        /// Path of the field.
        field: String,
        /// Its Unicode code point.
        code_point: u32,
    },
    /// The verification address cannot become a QR code.
    #[error("核验网址不能生成二维码：{0}")]
    Qr(#[from] QrError),
    /// The template (often a county's own) has an error, or reads a field the data does not have.
    #[error("文书模板 {file} 第 {line} 行有误：{message}")]
    Template {
        /// File name of the template or of a file it includes.
        file: String,
        /// Line, from one; zero when typst names no place.
        line: usize,
        /// What typst said.
        message: String,
    },
    /// Longer than [`PAGES_MAX`].
    #[error("文书有 {pages} 页，超过 {PAGES_MAX} 页：请减少附表内容")]
    TooManyPages {
        /// Pages set.
        pages: usize,
    },
}

/// Renders documents. Cheap to clone; one for the whole process is enough.
#[derive(Clone)]
pub struct Documents {
    shared: Arc<Shared>,
}

struct Shared {
    fonts: FontStore,
    library: LazyHash<Library>,
    sources: Sources,
    overrides: Option<PathBuf>,
}

impl Documents {
    /// Opens the fonts. `overrides` is the county's folder: a file there replaces the embedded template of the same
    /// name and may bring pictures with it; it need not exist yet.
    pub fn new(fonts: FontSource, overrides: Option<PathBuf>) -> Result<Self, DocumentError> {
        let shared = Shared {
            fonts: fonts::open(&fonts)?,
            library: LazyHash::new(Library::default()),
            sources: Sources::default(),
            overrides,
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// Renders one of the documented structs of [`crate::data`].
    pub fn render_data<T: TemplateData>(&self, data: &T) -> Result<Vec<u8>, DocumentError> {
        let value = serde_json::to_value(data).map_err(|_| DocumentError::Field {
            field: "data",
            rule: "必须能写成 JSON",
        })?;
        self.render(T::TEMPLATE, &value)
    }

    /// Renders `template` with `data` (the JSON shape of the template's struct) to a PDF/A-2a file, tagged for screen
    /// readers. The same data gives the same bytes. `head.issued_on` (a day) dates the file;
    /// `head.verification.url`, when present, becomes the QR code.
    pub fn render(
        &self,
        template: DocumentTemplate,
        data: &Value,
    ) -> Result<Vec<u8>, DocumentError> {
        let timestamp = document_timestamp(data)?;
        let json = data.to_string().into_bytes();
        if json.len() > DATA_BYTES_MAX {
            return Err(DocumentError::DataTooLarge { bytes: json.len() });
        }
        glyphs::check(data, self.shared.fonts.book())?;
        // A paper that nobody verifies may carry another address: where the service is rated, where the guide stands.
        let address = data
            .pointer("/head/verification/url")
            .or_else(|| data.get("rate_url"))
            .or_else(|| data.get("guide_url"));
        let qr = match address {
            None | Some(Value::Null) => None,
            Some(Value::String(url)) => Some(qr_svg(url)?),
            Some(_) => {
                return Err(DocumentError::Field {
                    field: "head.verification.url",
                    rule: "必须是文字",
                });
            }
        };
        let guide_codes = guide_codes(data)?;
        let world = RenderWorld::new(
            &self.shared.library,
            &self.shared.fonts,
            &self.shared.sources,
            self.shared.overrides.as_deref(),
            &self.file_of(template, data),
            json,
            qr,
        )
        .map(|world| world.with_guide_codes(guide_codes))
        .ok_or(DocumentError::Field {
            field: "template",
            rule: "模板文件名不正确",
        })?;
        let outcome = typeset(&world, timestamp);
        // Also after a failure: a failed compile fills the cache as much as a good one. This is typst's own comemo;
        // another version of the crate would have another, empty cache.
        typst::comemo::evict(CACHE_AGE_RENDERINGS_MAX);
        outcome
    }
}

/// What a file name may not hold.
const NO_FILE_NAME: [char; 4] = ['/', '\\', '\0', '.'];

impl Documents {
    /// The file of a template. A county may give a kind of licence a layout of its own (证照配打):
    /// `certificate-营业执照.typ` in its folder is used for every 营业执照, the others keep the general one. Only files that
    /// are there are ever named, so that the names stay as few as the files.
    fn file_of(&self, template: DocumentTemplate, data: &Value) -> String {
        let general = template.file_name();
        let (DocumentTemplate::Certificate, Some(folder), Some(kind)) =
            (template, &self.shared.overrides, data["name"].as_str())
        else {
            return general;
        };
        if kind.is_empty() || kind.contains(NO_FILE_NAME) {
            return general;
        }
        let own = format!("{}-{kind}.typ", template.name());
        if folder.join(&own).is_file() {
            own
        } else {
            general
        }
    }
}

/// The QR codes of a handbook's guides, in their order; none for other documents. Only as many as a
/// document may have pages, so that the names of the virtual files stay few.
fn guide_codes(data: &Value) -> Result<Vec<String>, DocumentError> {
    let guides = data.get("guides").and_then(Value::as_array);
    let addresses = guides
        .into_iter()
        .flatten()
        .filter_map(|guide| guide.get("address")?.as_str());
    addresses
        .take(PAGES_MAX)
        .map(|address| Ok(qr_svg(address)?))
        .collect()
}

/// Sets the pages and writes the PDF.
fn typeset(world: &RenderWorld<'_>, timestamp: Timestamp) -> Result<Vec<u8>, DocumentError> {
    let first_error = |errors: &[SourceDiagnostic]| match errors.first() {
        Some(error) => describe(world, error),
        None => DocumentError::Template {
            file: String::new(),
            line: 0,
            message: "typst 没有说明原因".to_owned(),
        },
    };
    // Warnings are dropped on purpose: templates ask for 仿宋 and 小标宋 first and most machines have neither.
    let document: PagedDocument = typst::compile(world)
        .output
        .map_err(|errors| first_error(&errors))?;
    let pages = document.pages().len();
    if pages > PAGES_MAX {
        return Err(DocumentError::TooManyPages { pages });
    }
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some("Wuchuang".to_owned())),
        timestamp: Some(timestamp),
        standards: PdfStandards::new(&[PdfStandard::A_2a])
            .expect("one standard alone conflicts with nothing"),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| first_error(&errors))
}

/// Names file, line and message of a typst error.
fn describe(world: &RenderWorld<'_>, error: &SourceDiagnostic) -> DocumentError {
    let id = error.span.id();
    let file = id
        .map(|id| id.get().vpath().get_without_slash().to_owned())
        .unwrap_or_default();
    let line = id
        .and_then(|id| world.source(id).ok())
        .zip(world.range(error.span))
        .and_then(|(source, range)| source.lines().byte_to_line(range.start))
        .map_or(0, |index| index + 1);
    let mut message = error.message.to_string();
    for hint in &error.hints {
        message.push('；');
        message.push_str(&hint.v);
    }
    DocumentError::Template {
        file,
        line,
        message,
    }
}

/// The file's creation date is the document's own date, so that printing again gives the same bytes.
fn document_timestamp(data: &Value) -> Result<Timestamp, DocumentError> {
    let wrong = DocumentError::Field {
        field: "head.issued_on",
        rule: "必须是日期，例如 2026-11-20",
    };
    let Some(issued_on) = data
        .pointer("/head/issued_on")
        .and_then(Value::as_str)
        .and_then(|text| text.parse::<jiff::civil::Date>().ok())
    else {
        return Err(wrong);
    };
    let month = u8::try_from(issued_on.month()).ok();
    let day = u8::try_from(issued_on.day()).ok();
    month
        .zip(day)
        .and_then(|(month, day)| {
            Datetime::from_ymd_hms(i32::from(issued_on.year()), month, day, 0, 0, 0)
        })
        .and_then(|datetime| Timestamp::new_local(datetime, CHINA_OFFSET_MINUTES))
        .ok_or(wrong)
}
