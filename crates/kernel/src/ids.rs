//! Every identifier of the house, each its own type: a case can never be passed where a person is
//! meant. Identifiers are UUIDs of version 7 (RFC 9562), so that they sort by time.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::randomness::Randomness;

/// A text that is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an identifier")]
pub struct InvalidId(String);

/// A time-ordered UUID from a given instant and randomness.
fn uuid_at(now: Timestamp, randomness: &dyn Randomness) -> Uuid {
    let mut random = [0; 10];
    randomness.fill(&mut random);
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new identifier at an instant.
            pub fn generate(now: Timestamp, randomness: &dyn Randomness) -> Self {
                Self(uuid_at(now, randomness))
            }

            /// The identifier that always belongs to a name: for things that are known by a name
            /// in files (service items, organisations of the demonstration county).
            pub const fn from_u128(value: u128) -> Self {
                Self(Uuid::from_u128(value))
            }

            /// The plain UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_simple().fmt(formatter)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({})"), self.0.as_simple())
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text)
                    .map(Self)
                    .map_err(|_| InvalidId(text.chars().take(40).collect()))
            }
        }
    )+};
}

ids! {
    /// Any stream of the ledger; the typed identifiers below convert into it.
    StreamId;
    /// A command, made by the client that sends it: the idempotency key.
    CommandId;
    /// A natural person, whether citizen or staff. Personal values are sealed with this person's key.
    PersonId;
    /// An organisation: a department, a town, a village, the centre itself.
    OrganisationId;
    /// A post (role in an organisation) held by a person.
    PostId;
    /// A service item 事项.
    ItemId;
    /// A life-event bundle 一件事.
    BundleId;
    /// An application for a bundle: one number over parallel cases (联办).
    JointId;
    /// A case 办件.
    CaseId;
    /// A material 材料 handed in with a case.
    MaterialId;
    /// A licence 证照.
    LicenceId;
    /// A message to a person.
    MessageId;
    /// A rating 评价.
    RatingId;
    /// Whose credit 诚信 is kept: a person or an organisation, by a keyed digest of their number.
    CreditSubjectId;
    /// A supervision task 监管任务.
    SupervisionId;
    /// A finding of oversight 监察线索.
    FindingId;
    /// A round of checks by oversight 监察核对.
    RoundId;
    /// A session of a signed-in person.
    SessionId;
    /// A draft application that is not yet submitted.
    DraftId;
    /// A job that runs after a commit.
    JobId;
    /// A token for programs that call the API.
    ApiTokenId;
}

macro_rules! streams {
    ($($name:ident)+) => {$(
        impl From<$name> for StreamId {
            fn from(id: $name) -> Self { Self(id.0) }
        }
        impl From<StreamId> for $name {
            fn from(id: StreamId) -> Self { Self(id.0) }
        }
    )+};
}

streams! { PersonId OrganisationId ItemId BundleId JointId CaseId LicenceId MessageId RatingId CreditSubjectId SupervisionId FindingId RoundId ApiTokenId }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::randomness::SeededRandomness;

    #[test]
    fn identifiers_sort_by_time_and_read_back() {
        let randomness = SeededRandomness::new(1);
        let first = CaseId::generate(Timestamp::from_millisecond(1_000).unwrap(), &randomness);
        let second = CaseId::generate(Timestamp::from_millisecond(2_000).unwrap(), &randomness);
        assert!(first < second);
        assert_eq!(first.to_string().parse::<CaseId>(), Ok(first));
        assert_eq!(first.to_string().len(), 32);
    }

    #[test]
    fn a_text_that_is_no_identifier_is_refused() {
        assert!("".parse::<CaseId>().is_err());
        assert!("x".repeat(10_000).parse::<CaseId>().is_err());
    }
}
