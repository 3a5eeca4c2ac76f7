//! The tables that follow from the events: one row each, rewritten from the state after an event.

use async_trait::async_trait;
use sea_orm::DatabaseTransaction;
use wuchuang_kernel::{PersonId, Region};
use wuchuang_ledger::{Projection, Recorded, StorageError, Stream, storage::execute};

use crate::{
    keys::AccessKey,
    model::{
        citizen::CitizenStream,
        organisation::OrganisationStream,
        staff::{PostState, StaffStream},
    },
};

/// What a citizen's number is hashed for.
pub(crate) const NUMBER: &str = "citizen-number";
/// What a proved phone number is hashed for.
pub(crate) const PHONE: &str = "citizen-phone";

/// Writes the organisations.
pub(crate) struct OrganisationProjection;

#[async_trait]
impl Projection for OrganisationProjection {
    fn name(&self) -> &'static str {
        "organisation"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[OrganisationStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["organisation"]
    }

    async fn project(
        &self,
        recorded: &Recorded,
        transaction: &DatabaseTransaction,
    ) -> Result<(), StorageError> {
        let Some(state) = recorded.state::<OrganisationStream>() else {
            return Ok(());
        };
        let Some(details) = &state.details else {
            return Ok(());
        };
        execute(
            transaction,
            "INSERT INTO organisation (region, id, name, short_code, kind, credit_code, place, parent, phone, address, is_active)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (region, id) DO UPDATE SET name = excluded.name, short_code = excluded.short_code,
                kind = excluded.kind, credit_code = excluded.credit_code, place = excluded.place,
                parent = excluded.parent, phone = excluded.phone, address = excluded.address,
                is_active = excluded.is_active",
            [
                recorded.region.to_string().into(),
                recorded.stream_id.to_string().into(),
                details.name.clone().into(),
                details.short_code.clone().into(),
                details.kind.code().into(),
                details.credit_code.clone().into(),
                details.place.to_string().into(),
                details.parent.map(|parent| parent.to_string()).into(),
                details.phone.clone().into(),
                details.address.clone().into(),
                state.is_active.into(),
            ],
        )
        .await?;
        Ok(())
    }
}

/// Writes accounts and posts.
pub(crate) struct StaffProjection;

/// The text that a search among staff looks at.
fn search_text(account: &str, name: &str) -> String {
    format!("{account} {name}").trim().to_lowercase()
}

#[async_trait]
impl Projection for StaffProjection {
    fn name(&self) -> &'static str {
        "staff"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[StaffStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["staff_account", "post"]
    }

    async fn project(
        &self,
        recorded: &Recorded,
        transaction: &DatabaseTransaction,
    ) -> Result<(), StorageError> {
        let Some(state) = recorded.state::<StaffStream>() else {
            return Ok(());
        };
        execute(
            transaction,
            "INSERT INTO staff_account (region, person, account, name, phone, is_active, search)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (region, person) DO UPDATE SET name = excluded.name, phone = excluded.phone,
                is_active = excluded.is_active, search = excluded.search",
            [
                recorded.region.to_string().into(),
                recorded.stream_id.to_string().into(),
                state.account.clone().into(),
                state.name.clone().into(),
                state.phone.clone().into(),
                state.is_active.into(),
                search_text(&state.account, &state.name).into(),
            ],
        )
        .await?;
        for (post, held) in &state.posts {
            write_post(recorded, &post.to_string(), held, transaction).await?;
        }
        Ok(())
    }

    async fn forget(
        &self,
        region: Region,
        person: PersonId,
        transaction: &DatabaseTransaction,
    ) -> Result<(), StorageError> {
        execute(
            transaction,
            "UPDATE staff_account SET name = '', phone = '', search = account WHERE region = $1 AND person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        Ok(())
    }
}

async fn write_post(
    recorded: &Recorded,
    id: &str,
    held: &PostState,
    transaction: &DatabaseTransaction,
) -> Result<(), StorageError> {
    let roles: Vec<&str> = held.details.roles.iter().map(|role| role.code()).collect();
    execute(
        transaction,
        "INSERT INTO post (region, id, person, organisation, title, roles, reach, from_day, until_day)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (region, id) DO UPDATE SET organisation = excluded.organisation, title = excluded.title,
            roles = excluded.roles, reach = excluded.reach, until_day = excluded.until_day",
        [
            recorded.region.to_string().into(),
            id.into(),
            recorded.stream_id.to_string().into(),
            held.details.organisation.to_string().into(),
            held.details.title.clone().into(),
            // A blank on both sides of each code, so that LIKE finds whole codes.
            format!(" {} ", roles.join(" ")).into(),
            held.details.reach.to_string().into(),
            held.from.to_string().into(),
            held.until.map(|day| day.to_string()).into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes the keyed hashes by which citizens are found.
pub(crate) struct CitizenProjection {
    pub(crate) key: AccessKey,
}

#[async_trait]
impl Projection for CitizenProjection {
    fn name(&self) -> &'static str {
        "citizen"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[CitizenStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["citizen"]
    }

    async fn project(
        &self,
        recorded: &Recorded,
        transaction: &DatabaseTransaction,
    ) -> Result<(), StorageError> {
        let Some(state) = recorded.state::<CitizenStream>() else {
            return Ok(());
        };
        execute(
            transaction,
            "INSERT INTO citizen (region, person, number_hash, phone_hash) VALUES ($1, $2, $3, $4)
             ON CONFLICT (region, person) DO UPDATE SET number_hash = excluded.number_hash, phone_hash = excluded.phone_hash",
            [
                recorded.region.to_string().into(),
                recorded.stream_id.to_string().into(),
                self.key.lookup(NUMBER, &state.number).into(),
                self.key.lookup(PHONE, &state.proved_phone).into(),
            ],
        )
        .await?;
        Ok(())
    }

    async fn forget(
        &self,
        region: Region,
        person: PersonId,
        transaction: &DatabaseTransaction,
    ) -> Result<(), StorageError> {
        execute(
            transaction,
            "UPDATE citizen SET number_hash = '', phone_hash = '' WHERE region = $1 AND person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        Ok(())
    }
}
