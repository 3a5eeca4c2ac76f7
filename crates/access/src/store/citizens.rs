//! Citizens: found by keyed hashes, read from the ledger, where their values lie sealed.

use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_codes::{CitizenNumber, PhoneNumber};
use wuchuang_kernel::{Actor, Channel, CommandId, PersonId, Region, Rejection};
use wuchuang_ledger::{ExecuteError, Expected, LoadError, Order, StorageError, storage::find};

use super::{
    Directory,
    projection::{NUMBER, PHONE},
};
use crate::{
    model::citizen::{CitizenCommand, CitizenCorrection, CitizenState, CitizenStream},
    session::Sessions,
};

/// How often a person can be forgotten and come back; a bound, so that the search for a free
/// identifier ends.
const GENERATIONS_MAX: u32 = 100;

/// A citizen as pages show them. Forgotten values are empty.
#[derive(Clone, PartialEq, Eq)]
pub struct CitizenEntry {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// The citizen number.
    pub number: String,
    /// The phone number to reach them.
    pub phone: String,
    /// Whether a code proved that phone number.
    pub phone_is_proved: bool,
}

// Everything here is personal.
impl std::fmt::Debug for CitizenEntry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "CitizenEntry({})", self.person)
    }
}

/// What a counter knows of a citizen.
pub struct CitizenDetails<'a> {
    /// The name, as on the identity card.
    pub name: &'a str,
    /// The citizen number.
    pub number: &'a CitizenNumber,
    /// A phone number to reach them; may be empty.
    pub phone: &'a str,
}

#[derive(Deserialize)]
struct Row {
    person: String,
}

fn entry(person: PersonId, state: &CitizenState) -> CitizenEntry {
    CitizenEntry {
        person,
        name: state.name.clone(),
        number: state.number.clone(),
        phone: state.phone.clone(),
        phone_is_proved: !state.proved_phone.is_empty() && state.proved_phone == state.phone,
    }
}

impl Directory {
    /// One citizen; follows a record that was joined to another.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub async fn citizen(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<Option<CitizenEntry>, LoadError> {
        let Some((_, state)) = self
            .ledger
            .load::<CitizenStream>(region, person.into())
            .await?
        else {
            return Ok(None);
        };
        let Some(into) = state.joined else {
            return Ok(Some(entry(person, &state)));
        };
        let joined = self
            .ledger
            .load::<CitizenStream>(region, into.into())
            .await?;
        Ok(joined.map(|(_, state)| entry(into, &state)))
    }

    /// The citizen with a citizen number.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub async fn citizen_find_by_number(
        &self,
        region: Region,
        number: &CitizenNumber,
    ) -> Result<Option<CitizenEntry>, LoadError> {
        let hash = self.key.lookup(NUMBER, number.as_str());
        self.citizen_by_hash(region, "number_hash", &hash).await
    }

    /// The citizen who signs in with a phone number.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub async fn citizen_find_by_proved_phone(
        &self,
        region: Region,
        phone: &PhoneNumber,
    ) -> Result<Option<CitizenEntry>, LoadError> {
        let hash = self.key.lookup(PHONE, phone.as_str());
        self.citizen_by_hash(region, "phone_hash", &hash).await
    }

    async fn citizen_by_hash(
        &self,
        region: Region,
        column: &'static str,
        hash: &str,
    ) -> Result<Option<CitizenEntry>, LoadError> {
        let row: Option<Row> = find(
            self.ledger.database().read(),
            &format!("SELECT person FROM citizen WHERE region = $1 AND {column} = $2 ORDER BY person LIMIT 1"),
            [region.to_string().into(), hash.into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let person = row.person.parse().map_err(|_| StorageError::Inconsistent {
            table: "citizen",
            column: "person",
            id: row.person.clone(),
            reason: "no identifier".into(),
        })?;
        self.citizen(region, person).await
    }

    /// The person with a citizen number, registered now if they are new. Two counters at once get
    /// the same person, because the identifier follows from the number.
    ///
    /// # Errors
    /// When name or phone are refused or the ledger fails.
    pub async fn citizen_register(
        &self,
        region: Region,
        actor: Actor,
        channel: Channel,
        details: &CitizenDetails<'_>,
    ) -> Result<PersonId, ExecuteError> {
        for generation in 0..GENERATIONS_MAX {
            if let Some(known) = self.citizen_find_by_number(region, details.number).await? {
                return Ok(known.person);
            }
            let person = self.person_of("citizen-id", region, details.number.as_str(), generation);
            let command = CitizenCommand::Register {
                name: details.name.to_owned(),
                number: details.number.as_str().to_owned(),
                phone: details.phone.to_owned(),
            };
            match self
                .citizen_order(region, actor, channel, person, command)
                .await
            {
                Ok(()) => return Ok(person),
                // Somebody was faster, or the person was forgotten and comes back as a new one.
                Err(ExecuteError::StaleVersion { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(ExecuteError::Busy)
    }

    /// Mends a citizen's record at the counter. Whoever signed in with a phone number that is no longer theirs is signed
    /// out.
    ///
    /// # Errors
    /// When the rules refuse it, the number is another person's, or the ledger fails.
    pub async fn citizen_correct(
        &self,
        person: PersonId,
        correction: CitizenCorrection,
        order: Order,
    ) -> Result<(), ExecuteError> {
        let region = order.region;
        if let Ok(number) = CitizenNumber::parse(&correction.number)
            && let Some(known) = self.citizen_find_by_number(region, &number).await?
            && known.person != person
        {
            return Err(Rejection::new(
                "number_elsewhere",
                "这个身份证号已经登记在另一份资料上。请直接用这个身份证号办理。",
            )
            .at("number")
            .into());
        }
        self.ledger
            .execute::<CitizenStream>(person.into(), CitizenCommand::Correct(correction), order)
            .await?;
        let mended = self.citizen(region, person).await?;
        if !mended.is_some_and(|entry| entry.phone_is_proved) {
            Sessions::new(self.clone(), false)
                .end_all(region, person)
                .await?;
        }
        Ok(())
    }

    /// The person who signs in with a proved phone number, entered now if they are new.
    ///
    /// # Errors
    /// When the ledger fails.
    pub(crate) async fn citizen_sign_in(
        &self,
        region: Region,
        phone: &PhoneNumber,
    ) -> Result<CitizenEntry, ExecuteError> {
        for generation in 0..GENERATIONS_MAX {
            if let Some(known) = self.citizen_find_by_proved_phone(region, phone).await? {
                return Ok(known);
            }
            let person = self.person_of("citizen-phone-id", region, phone.as_str(), generation);
            let command = CitizenCommand::ProvePhone {
                phone: phone.as_str().to_owned(),
            };
            let actor = Actor::citizen(Some(person));
            match self
                .citizen_order(region, actor, Channel::Portal, person, command)
                .await
            {
                Ok(()) | Err(ExecuteError::StaleVersion { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(ExecuteError::Busy)
    }

    fn person_of(&self, purpose: &str, region: Region, text: &str, generation: u32) -> PersonId {
        PersonId::from_u128(
            self.key
                .number(purpose, &format!("{region}/{text}/{generation}")),
        )
    }

    async fn citizen_order(
        &self,
        region: Region,
        actor: Actor,
        channel: Channel,
        person: PersonId,
        command: CitizenCommand,
    ) -> Result<(), ExecuteError> {
        let now: Timestamp = self.ledger.now();
        let order = Order {
            region,
            actor,
            channel,
            command_id: CommandId::generate(now, self.ledger.randomness().as_ref()),
            expected: Expected::Version(0),
        };
        self.ledger
            .execute::<CitizenStream>(person.into(), command, order)
            .await?;
        Ok(())
    }
}
