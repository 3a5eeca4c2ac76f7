//! The fonts documents are set in: the embedded Noto families, then whatever the county adds.
//!
//! The second source exists for rare characters in names (𠮷, 䶮): the embedded fonts cover about 31,000 characters,
//! a county adds a file with more and every template falls back to it by itself.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock};

use rust_embed::RustEmbed;
use typst::foundations::Bytes;
use typst::text::{Font, FontInfo};
use typst_kit::fonts::{FontPath, FontStore};

use crate::render::DocumentError;

/// A font file beyond this is refused: the largest CJK collections are about 60 MB.
const FONT_FILE_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// More font files than this in the county's folder are a mistake (a whole system's font folder).
const FONT_FILES_MAX: usize = 64;

#[derive(RustEmbed)]
#[folder = "../../assets/fonts"]
#[allow_missing = true]
struct EmbeddedFonts;

/// Where fonts come from.
#[derive(Debug, Clone, Default)]
pub enum FontSource {
    /// Only the fonts inside the program (`assets/fonts`).
    #[default]
    Embedded,
    /// The embedded fonts first, then every `.ttf`, `.otf` and `.ttc` directly in this folder, as fallback for rare
    /// characters and as the field's own faces (仿宋, 小标宋) where a template asks for them by name.
    EmbeddedAndFolder(PathBuf),
}

/// One embedded face: its data is parsed on first use and shared by every [`crate::Documents`] of the process.
#[derive(Clone)]
struct EmbeddedFace {
    file: Cow<'static, str>,
    loaded: Arc<OnceLock<Option<Font>>>,
}

impl typst_kit::fonts::FontSource for EmbeddedFace {
    fn load(&self) -> Option<Font> {
        self.loaded
            .get_or_init(|| {
                EmbeddedFonts::get(&self.file)
                    .and_then(|found| Font::new(Bytes::new(found.data), 0))
            })
            .clone()
    }
}

/// Reading the coverage of four CJK fonts takes a noticeable part of the start, so it is done once per process.
static EMBEDDED: LazyLock<Vec<(EmbeddedFace, FontInfo)>> = LazyLock::new(|| {
    let mut files: Vec<_> = EmbeddedFonts::iter()
        .filter(|file| file.ends_with(".ttf"))
        .collect();
    // Serif before sans, regular before bold: a stable order makes fallback, and so the output, deterministic.
    files.sort_by_key(|file| (!file.contains("Serif"), file.clone()));
    files
        .into_iter()
        .filter_map(|file| {
            let data = EmbeddedFonts::get(&file)?.data;
            let info = FontInfo::new(&data, 0)?;
            Some((
                EmbeddedFace {
                    file,
                    loaded: Arc::default(),
                },
                info,
            ))
        })
        .collect()
});

/// Opens every font of `source`. Fails when none is embedded or the folder cannot be read.
pub(crate) fn open(source: &FontSource) -> Result<FontStore, DocumentError> {
    let mut store = FontStore::new();
    store.extend(EMBEDDED.iter().cloned());
    if EMBEDDED.is_empty() {
        return Err(DocumentError::NoFonts);
    }
    if let FontSource::EmbeddedAndFolder(folder) = source {
        for path in font_files(folder)? {
            let data = std::fs::read(&path).map_err(|source| DocumentError::FontFolder {
                path: path.clone(),
                source,
            })?;
            for (index, info) in (0u32..).zip(FontInfo::iter(&data)) {
                store.push((
                    FontPath {
                        path: path.clone(),
                        index,
                    },
                    info,
                ));
            }
        }
    }
    Ok(store)
}

/// The font files directly in `folder`, sorted by name so that fallback does not depend on the file system.
fn font_files(folder: &Path) -> Result<Vec<PathBuf>, DocumentError> {
    let failed = |source| DocumentError::FontFolder {
        path: folder.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let known = path
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| {
                ["ttf", "otf", "ttc"].contains(&extension.to_ascii_lowercase().as_str())
            });
        let size = std::fs::metadata(&path).map_err(failed)?.len();
        if known && size <= FONT_FILE_BYTES_MAX {
            files.push(path);
        }
    }
    files.sort();
    files.truncate(FONT_FILES_MAX);
    Ok(files)
}
