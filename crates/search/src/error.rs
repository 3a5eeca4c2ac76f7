//! What can go wrong while indexing or searching. Apart from an empty name, none of it is the fault of the person who
//! searches: any text at all is a valid question.

use std::{io, path::PathBuf};

use tantivy::TantivyError;

/// An error of the search index.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The folder of the index cannot be made or emptied.
    #[error("search index folder {folder} cannot be prepared")]
    Folder {
        /// The folder in question.
        folder: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The search engine failed: disk full, folder in use by another process, or damaged files.
    #[error("the search engine failed: {0}")]
    Engine(#[source] Box<TantivyError>),
    /// A stored record does not decode; the index has to be made again.
    #[error("a stored search record does not decode")]
    Record(#[source] serde_json::Error),
    /// A guide without any letter or character in its name cannot be found by anybody.
    #[error("guide {id} has an empty name; give it a name with at least one character")]
    NameEmpty {
        /// Identifier of the guide.
        id: String,
    },
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> Self {
        Self::Engine(Box::new(error))
    }
}

impl SearchError {
    /// Whether making the index again from the catalogue cures the error: its files are of another version or damaged.
    pub(crate) fn is_cured_by_rebuild(&self) -> bool {
        match self {
            Self::Record(_) => true,
            Self::Engine(error) => matches!(
                **error,
                TantivyError::SchemaError(_)
                    | TantivyError::DataCorruption(_)
                    | TantivyError::IncompatibleIndex(_)
                    | TantivyError::FieldNotFound(_)
                    | TantivyError::OpenReadError(_)
            ),
            Self::Folder { .. } | Self::NameEmpty { .. } => false,
        }
    }
}
