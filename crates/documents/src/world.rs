//! What a template can see while it is set: its own file, the shared layout, the data, the QR code and the files of
//! the county's folder. No network, no packages, no clock, no other file.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;

use rust_embed::RustEmbed;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, World};
use typst_kit::fonts::FontStore;

/// A template or picture of the county's folder beyond this is refused.
const OVERRIDE_BYTES_MAX: u64 = 4 * 1024 * 1024;

#[derive(RustEmbed)]
#[folder = "../../assets/documents"]
struct EmbeddedTemplates;

/// The parsed templates. A file of the county's folder is parsed again as soon as its text is another one.
#[derive(Default)]
pub(crate) struct Sources(Mutex<HashMap<FileId, Source>>);

impl Sources {
    fn parse(&self, id: FileId, text: &str) -> Source {
        let mut known = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        match known.get(&id) {
            Some(source) if source.text() == text => source.clone(),
            _ => {
                let source = Source::new(id, text.to_owned());
                known.insert(id, source.clone());
                source
            }
        }
    }
}

/// One rendering's view of the world.
pub(crate) struct RenderWorld<'a> {
    library: &'a LazyHash<Library>,
    fonts: &'a FontStore,
    sources: &'a Sources,
    overrides: Option<&'a Path>,
    main: FileId,
    data: Bytes,
    qr: Option<Bytes>,
    guide_codes: Vec<Bytes>,
}

impl<'a> RenderWorld<'a> {
    /// `main` is a plain file name of the embedded templates; `data` is JSON; `qr` an SVG.
    pub(crate) fn new(
        library: &'a LazyHash<Library>,
        fonts: &'a FontStore,
        sources: &'a Sources,
        overrides: Option<&'a Path>,
        main: &str,
        data: Vec<u8>,
        qr: Option<String>,
    ) -> Option<Self> {
        // The interner of file ids leaks each new path: only the fixed template names ever reach it from here.
        let main = RootedPath::new(VirtualRoot::Project, VirtualPath::new(main).ok()?).intern();
        Some(Self {
            library,
            fonts,
            sources,
            overrides,
            main,
            data: Bytes::new(data),
            qr: qr.map(|svg| Bytes::new(svg.into_bytes())),
            guide_codes: Vec::new(),
        })
    }

    /// The same with the QR codes of a handbook, as `/qr-0.svg`, `/qr-1.svg` …
    pub(crate) fn with_guide_codes(mut self, codes: Vec<String>) -> Self {
        let codes = codes.into_iter();
        self.guide_codes = codes.map(|svg| Bytes::new(svg.into_bytes())).collect();
        self
    }

    /// The QR code of a guide by the name of its virtual file.
    fn guide_code(&self, name: &str) -> Option<&Bytes> {
        let number = name.strip_prefix("qr-")?.strip_suffix(".svg")?;
        self.guide_codes.get(number.parse::<usize>().ok()?)
    }

    fn read(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get();
        let name = path.vpath().get_without_slash();
        let absent = || FileError::NotFound(name.into());
        if *path.root() != VirtualRoot::Project || name.contains(['/', '\\']) {
            return Err(absent());
        }
        match name {
            "data.json" => return Ok(self.data.clone()),
            "qr.svg" => return self.qr.clone().ok_or_else(absent),
            _ => {}
        }
        if let Some(code) = self.guide_code(name) {
            return Ok(code.clone());
        }
        if let Some(found) = self.read_override(name)? {
            return Ok(found);
        }
        EmbeddedTemplates::get(name)
            .map(|found| Bytes::new(found.data))
            .ok_or_else(absent)
    }

    /// A file of the county's folder; read at each rendering, so that an edit shows without a restart.
    fn read_override(&self, name: &str) -> FileResult<Option<Bytes>> {
        let Some(folder) = self.overrides else {
            return Ok(None);
        };
        let path = folder.join(name);
        let Ok(metadata) = std::fs::metadata(&path) else {
            return Ok(None);
        };
        if !metadata.is_file() {
            return Ok(None);
        }
        if metadata.len() > OVERRIDE_BYTES_MAX {
            return Err(FileError::Other(Some(
                format!("{name} 超过 {OVERRIDE_BYTES_MAX} 字节").into(),
            )));
        }
        let bytes = std::fs::read(&path).map_err(|error| FileError::from_io(error, &path))?;
        Ok(Some(Bytes::new(bytes)))
    }
}

impl World for RenderWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let bytes = self.read(id)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| FileError::InvalidUtf8)?;
        Ok(self.sources.parse(id, text))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.read(id)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    /// There is no today: a document's date is data, so the same data always prints the same file.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
