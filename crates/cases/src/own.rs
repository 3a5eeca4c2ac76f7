//! The cases of one applicant, the newest first: as many as a page shows, or page by page. It stands beside
//! `service`, because both its questions are about people and none about work.

use wuchuang_kernel::{PersonId, Region};
use wuchuang_ledger::{StorageError, storage::list};

use crate::{service::Cases, store::CaseRow};

/// How many cases of one person are listed at once.
const CASES_OF_PERSON_MAX: i64 = 100;

/// A place in the list of somebody's cases: instant of receipt, in microseconds, and case.
pub(crate) type OwnCursor = (i64, String);

impl Cases {
    /// The cases of an applicant, the newest first; at most 100.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn of_person(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<Vec<CaseRow>, StorageError> {
        self.of_person_after(region, person, None, CASES_OF_PERSON_MAX)
            .await
    }

    /// The cases of an applicant behind a place of the list, the newest first.
    pub(crate) async fn of_person_after(
        &self,
        region: Region,
        person: PersonId,
        place: Option<OwnCursor>,
        limit: i64,
    ) -> Result<Vec<CaseRow>, StorageError> {
        let (received_at_us, id) = place.unwrap_or((i64::MAX, String::new()));
        list(
            self.ledger().database().read(),
            &format!(
                "SELECT {} FROM case_file WHERE region = $1 AND person = $2
                 AND (received_at_us < $3 OR (received_at_us = $3 AND id > $4))
                 ORDER BY received_at_us DESC, id LIMIT $5",
                CaseRow::COLUMNS
            ),
            [
                region.to_string().into(),
                person.to_string().into(),
                received_at_us.into(),
                id.into(),
                limit.into(),
            ],
        )
        .await
    }
}
