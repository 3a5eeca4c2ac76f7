//! What is handed in as files: content-addressed by SHA-256, known by their content and not by their
//! name, bounded in size, freed from the position that a camera writes into pictures.

mod layout;
mod picture;
pub mod preview;
mod sniff;

use std::{path::Path, sync::Arc};

use axum::http::StatusCode;
use futures::TryStreamExt;
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem, path::Path as Key,
};
use sha2::{Digest, Sha256};
use wuchuang_kernel::{PersonId, Personal};
use wuchuang_webkit::Failure;

use crate::model::FileReference;

use layout::key;

pub use sniff::{FileProblem, MediaType, sniff};

/// How large one file may be.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;
/// How long a file's name may be, in characters; the rest is cut.
const NAME_CHARACTERS_MAX: usize = 120;

/// Why a file cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file is not one that the house takes.
    #[error(transparent)]
    Refused(#[from] FileProblem),
    /// The store failed.
    #[error("the file store failed")]
    Store(#[from] object_store::Error),
    /// The store's folder cannot be made.
    #[error("the folder of the file store cannot be made")]
    Folder(#[from] std::io::Error),
    /// That it was uploaded could not be noted.
    #[error("an upload cannot be noted")]
    Note(#[from] wuchuang_ledger::StorageError),
    /// The name of the content is no SHA-256.
    #[error("a file is known by the SHA-256 of its content")]
    Name,
    /// Whose file it was has been forgotten.
    #[error("the file was erased by law")]
    Erased,
}

/// What people read where a file was that its owner's forgetting took along.
pub const ERASED: &str = "已依法删除（《个人信息保护法》第四十七条）";

/// The answer to somebody who asks for such a file.
pub fn erased() -> Failure {
    Failure::new(
        StatusCode::GONE,
        "erased",
        "这份文件已依法删除（《个人信息保护法》第四十七条）。办件记录仍然保留。",
    )
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Refused(problem) => Self::invalid(problem.explain()).at("file"),
            FileError::Store(object_store::Error::NotFound { .. }) | FileError::Name => {
                Self::not_found()
            }
            FileError::Store(error) => {
                let mut failure = Self::unavailable();
                failure.internal = Some(error.to_string());
                failure
            }
            FileError::Note(error) => error.into(),
            FileError::Folder(error) => Self::internal(error),
            FileError::Erased => erased(),
        }
    }
}

/// The store of files. Cloning shares it.
#[derive(Clone)]
pub struct FileStore(Arc<dyn ObjectStore>);

impl FileStore {
    /// The store in a local folder.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn in_folder(folder: &Path) -> Result<Self, FileError> {
        std::fs::create_dir_all(folder)?;
        layout::bring_to_one_level(folder)?;
        // A file that was named in a command must outlive a power cut.
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self(Arc::new(store)))
    }

    /// The store behind any object storage.
    pub fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self(store)
    }

    /// Stores a prepared file.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep(&self, prepared: Prepared) -> Result<FileReference, FileError> {
        self.put(prepared.bytes).await?;
        Ok(prepared.reference)
    }

    /// Removes a file that nothing names; one that is gone already is no error.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove(&self, sha256: &str) -> Result<(), FileError> {
        match self.0.delete(&key(sha256)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Stores bytes under the hash of their content and returns it. Storing twice is no error.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<String, FileError> {
        let sha256 = hex(&Sha256::digest(&bytes));
        let key = key(&sha256)?;
        if self.0.head(&key).await.is_err() {
            self.0.put(&key, PutPayload::from(bytes)).await?;
        }
        Ok(sha256)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is not there or the store fails.
    pub async fn get(&self, sha256: &str) -> Result<Vec<u8>, FileError> {
        Ok(self.0.get(&key(sha256)?).await?.bytes().await?.to_vec())
    }

    /// Reads a file that somebody handed in, unless whose it is was forgotten. Its name says so at once; the file itself
    /// goes a moment later, and the same content may come back from somebody else.
    ///
    /// # Errors
    /// When its owner was forgotten, it is not there or the store fails.
    pub async fn read(&self, file: &FileReference) -> Result<Vec<u8>, FileError> {
        if file.is_erased() {
            return Err(FileError::Erased);
        }
        self.get(&file.sha256).await
    }

    /// The names of all files whose SHA-256 begins with this byte.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn names(&self, first: u8) -> Result<Vec<String>, FileError> {
        let folder = Key::from(format!("{first:02x}"));
        let found: Vec<_> = self.0.list(Some(&folder)).try_collect().await?;
        let names = found.iter().filter_map(|meta| meta.location.filename());
        Ok(names
            .filter(|name| is_sha256(name))
            .map(str::to_owned)
            .collect())
    }

    /// Whether a file is there: a command that names a missing file is refused.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn has(&self, sha256: &str) -> Result<bool, FileError> {
        match self.0.head(&key(sha256)?).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// A file that was recognised and freed from position data, and is not stored yet.
#[derive(Debug)]
pub struct Prepared {
    reference: FileReference,
    bytes: Vec<u8>,
}

impl Prepared {
    /// How the file will be named.
    pub const fn reference(&self) -> &FileReference {
        &self.reference
    }

    /// Finds out what a person hands in and takes out what a camera wrote about the place.
    ///
    /// # Errors
    /// When the file is not one that the house takes.
    pub fn of(name: &str, bytes: Vec<u8>, person: PersonId) -> Result<Self, FileProblem> {
        let media_type = sniff(&bytes)?;
        let bytes = picture::without_position(bytes, media_type)?;
        let size = bytes.len() as u64;
        let name: String = name
            .chars()
            .filter(|character| !character.is_control() && !matches!(character, '/' | '\\'))
            .take(NAME_CHARACTERS_MAX)
            .collect();
        let name = if name.trim().is_empty() {
            format!("文件.{}", media_type.extension())
        } else {
            name
        };
        let reference = FileReference {
            sha256: hex(&Sha256::digest(&bytes)),
            name: Personal::new(person, name),
            bytes: size,
            media_type: media_type.text().to_owned(),
        };
        Ok(Self { reference, bytes })
    }
}

fn hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
