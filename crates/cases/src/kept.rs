//! What is kept before a case exists: files that were uploaded, drafts, and for how long. Apart from `service`, which
//! speaks to cases.

use jiff::SignedDuration;
use wuchuang_kernel::{PersonId, Region};
use wuchuang_ledger::StorageError;
use wuchuang_webkit::Failure;

use crate::{
    files::FileError,
    jobs,
    model::{FileReference, Material},
    service::Cases,
    store::{Bringer, DraftStore, UploadStore},
};

/// How long drafts are kept unless the configuration says otherwise.
pub const DRAFTS_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

impl Cases {
    /// The same with another time that drafts, and files that nothing names, are kept.
    #[must_use]
    pub const fn keeping_drafts(mut self, kept: SignedDuration) -> Self {
        self.drafts_kept = kept;
        self
    }

    /// How long drafts, and files that nothing names, are kept after they were last touched.
    pub const fn drafts_kept(&self) -> SignedDuration {
        self.drafts_kept
    }

    /// The drafts.
    pub fn drafts(&self) -> DraftStore {
        DraftStore::new(self.ledger().clone())
    }

    /// The files that no case names yet.
    pub fn uploads(&self) -> UploadStore {
        UploadStore::new(self.ledger().clone(), self.files().clone())
    }

    /// Keeps a file that a person hands in.
    ///
    /// # Errors
    /// When the file is not one that the house takes, or a store fails.
    pub async fn take_file(
        &self,
        region: Region,
        name: &str,
        bytes: Vec<u8>,
        person: PersonId,
    ) -> Result<FileReference, FileError> {
        self.take_file_from(region, name, bytes, Bringer::Own(person))
            .await
    }

    /// The same by staff, for an applicant whom the command that names the file will tell.
    ///
    /// # Errors
    /// As [`Self::take_file`].
    pub async fn take_file_for_another(
        &self,
        region: Region,
        name: &str,
        bytes: Vec<u8>,
        staff: PersonId,
    ) -> Result<FileReference, FileError> {
        self.take_file_from(region, name, bytes, Bringer::ForAnother(staff))
            .await
    }

    /// The same from whoever brings it.
    ///
    /// # Errors
    /// As [`Self::take_file`].
    pub(crate) async fn take_file_from(
        &self,
        region: Region,
        name: &str,
        bytes: Vec<u8>,
        bringer: Bringer,
    ) -> Result<FileReference, FileError> {
        self.uploads()
            .take(region, name, bytes, bringer, self.drafts_kept())
            .await
    }

    /// Plans the removal of what nobody handed in, unless it is planned, and the search for what was never noted.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn plan_sweep(&self, region: Region) -> Result<(), StorageError> {
        jobs::plan_adoption(self.ledger(), region).await?;
        jobs::plan_sweep(self.ledger(), region).await
    }

    /// A command that names a missing file is refused.
    pub(crate) async fn require_files(&self, materials: &[Material]) -> Result<(), Failure> {
        for file in materials.iter().flat_map(|material| &material.files) {
            if !self.files().has(&file.sha256).await? {
                return Err(
                    Failure::invalid("有材料没有传完，请重新上传后再提交。").at("materials")
                );
            }
        }
        Ok(())
    }
}
