//! 差评回访: supervision opens a bad rating to call back, for a reason that stays on the ledger. The page and the
//! programming interface do it here, so that neither opens more than the other.

use wuchuang_cases::model::CaseStream;
use wuchuang_kernel::{CaseId, Personal, RatingId};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    Rooms,
    model::{Rating, RatingCommand, RatingStream},
};

/// A bad rating that was opened.
pub(crate) struct Opened {
    /// What was said.
    pub(crate) rating: Rating,
    /// About which case.
    pub(crate) case: CaseId,
    /// The case's number.
    pub(crate) number: String,
}

/// The rating in an address.
pub(crate) fn id_of(text: &str) -> Result<RatingId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// A bad rating; every other one is as if it were not there, because who gave it is protected.
///
/// # Errors
/// 404, or whatever storage reports.
pub(crate) async fn bad_rating(
    rooms: &Rooms,
    caller: &Caller,
    id: RatingId,
) -> Result<Rating, Failure> {
    rooms
        .ledger
        .load::<RatingStream>(caller.region, id.into())
        .await?
        .and_then(|(_, state)| state.0.as_deref().cloned())
        .filter(|rating| rating.rate.grade.is_bad_review())
        .ok_or_else(Failure::not_found)
}

/// Opens a bad rating and keeps why. `form_key` is the form's hidden key.
///
/// # Errors
/// 404 for any other rating, 422 at `reason` without a reason or with one that is too long, or whatever storage reports.
pub(crate) async fn open(
    rooms: &Rooms,
    caller: &Caller,
    id: RatingId,
    reason: &str,
    form_key: Option<&str>,
) -> Result<Opened, Failure> {
    let rating = bad_rating(rooms, caller, id).await?;
    let case: CaseId = rating.rate.service.case;
    let loaded = rooms
        .ledger
        .load::<CaseStream>(caller.region, case.into())
        .await?;
    let matter = loaded
        .and_then(|(_, state)| state.0.as_deref().cloned())
        .ok_or_else(Failure::not_found)?;
    let command = RatingCommand::Open {
        reason: Personal::new(matter.applicant.person, reason.trim().to_owned()),
    };
    let order = caller.order(form_key, Expected::Existing);
    rooms
        .ledger
        .execute::<RatingStream>(id.into(), command, order)
        .await?;
    Ok(Opened {
        rating,
        case,
        number: matter.number,
    })
}
