//! Service items with versions, publication, guides, import and export.
pub mod model;
