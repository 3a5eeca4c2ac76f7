//! On which number a person is reached. A case keeps the number that was handed in with it, and a message the number of its
//! case; what was mended in the person's record since is read here, when the message goes out, and copied nowhere.

use wuchuang_access::model::citizen::CitizenStream;
use wuchuang_kernel::{PersonId, Region};
use wuchuang_ledger::{Ledger, LoadError};

use crate::{model::MessageChannel, store::OutboxRow};

/// Where a message goes now.
pub(crate) async fn address_now(
    ledger: &Ledger,
    region: Region,
    row: &OutboxRow,
) -> Result<String, LoadError> {
    let person: Option<PersonId> = row.recipient.parse().ok();
    let (MessageChannel::Sms, Some(person)) = (row.message_channel(), person) else {
        return Ok(row.address.clone());
    };
    let citizen = ledger.load::<CitizenStream>(region, person.into()).await?;
    Ok(citizen.map_or_else(
        || row.address.clone(),
        |(_, state)| state.phone_for(&row.address).to_owned(),
    ))
}
