//! To what a case belongs that stands above it: an application for a bundle (一件事). The bundles lie above the cases and
//! answer here, so that the page of a case can lead to the whole.

use async_trait::async_trait;
use wuchuang_kernel::{CaseId, Region};
use wuchuang_webkit::Failure;

/// The whole that a case is a part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// Its name: 企业经营.
    pub name: String,
    /// Its number in groups.
    pub number: String,
    /// Where the staff see it.
    pub staff_path: String,
}

/// Who knows of which whole a case is a part.
#[async_trait]
pub trait Belonging: Send + Sync + 'static {
    /// The whole; `None` for a case of its own.
    ///
    /// # Errors
    /// Whatever storage reports.
    async fn whole_of(&self, region: Region, case: CaseId) -> Result<Option<Whole>, Failure>;
}

/// A house without bundles: every case stands for itself.
#[derive(Debug, Clone, Copy)]
pub struct Alone;

#[async_trait]
impl Belonging for Alone {
    async fn whole_of(&self, _region: Region, _case: CaseId) -> Result<Option<Whole>, Failure> {
        Ok(None)
    }
}
