//! The one way in for a rating: the page, the terminal and the programming interface send it here.

use jiff::Timestamp;
use wuchuang_codes::Satisfaction;
use wuchuang_kernel::{Actor, Channel, PersonId, Personal, Region, china_date};
use wuchuang_ledger::{ExecuteError, Expected, Ledger, Order, Receipt, StorageError};
use wuchuang_webkit::{Caller, Visitor};

use crate::{
    model::{Rate, RatedService, RatingChannel, RatingCommand, RatingStream},
    store::{self, Invitation},
};

/// The shortest and longest token that an address may carry.
const TOKEN_RANGE: std::ops::RangeInclusive<usize> = 24..=64;

/// What a form or a program says.
pub(crate) struct Said {
    pub(crate) grade: Satisfaction,
    pub(crate) channel: RatingChannel,
    pub(crate) labels: Vec<u16>,
    pub(crate) text: String,
}

/// The invitation behind a link; `None` for a link that nobody gave out.
pub(crate) async fn invitation(
    ledger: &Ledger,
    region: Region,
    token: &str,
) -> Result<Option<Invitation>, StorageError> {
    let is_token = TOKEN_RANGE.contains(&token.len())
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_token {
        return Ok(None);
    }
    store::invitation(ledger.database(), region, token).await
}

fn read<T: std::str::FromStr>(
    text: &str,
    column: &'static str,
    token: &str,
) -> Result<T, StorageError> {
    text.parse().map_err(|_| StorageError::Inconsistent {
        table: "rating_invitation",
        column,
        id: token.to_owned(),
        reason: "no identifier".into(),
    })
}

/// Rates the case of an invitation. Whoever is signed in on the machine as staff is not the rater: the
/// citizen before the screen is.
pub(crate) async fn rate(
    ledger: &Ledger,
    caller: &Caller,
    invitation: &Invitation,
    said: Said,
    form_key: Option<&str>,
) -> Result<Receipt, ExecuteError> {
    let token = &invitation.token;
    let applicant: PersonId = read(&invitation.person, "person", token)?;
    let rater = caller.visitor.citizen().map(|citizen| citizen.person);
    let text = said.text.trim();
    let case = read(&invitation.case_id, "case_id", token)?;
    let ended_at =
        Timestamp::from_microsecond(invitation.ended_at_us).unwrap_or(Timestamp::UNIX_EPOCH);
    let rate = Rate {
        grade: said.grade,
        channel: said.channel,
        labels: said.labels,
        text: (!text.is_empty())
            .then(|| Personal::new(rater.unwrap_or(applicant), text.to_owned())),
        rater,
        service: RatedService {
            case,
            item: read(&invitation.item, "item", token)?,
            item_name: invitation.item_name.clone(),
            organisation: read(&invitation.organisation, "organisation", token)?,
            organisation_name: invitation.organisation_name.clone(),
            ended_on: china_date(ended_at),
        },
    };
    let channel = match caller.visitor {
        Visitor::Program(_) => Channel::Api,
        _ => Channel::Portal,
    };
    let order = Order {
        actor: Actor::citizen(rater),
        ..caller.order_through(channel, form_key, Expected::Any)
    };
    ledger
        .execute::<RatingStream>(case.into(), RatingCommand::Rate(Box::new(rate)), order)
        .await
}
