//! The tables that follow from the events: one row each, rewritten from the state after an event.

use async_trait::async_trait;
use wuchuang_kernel::{PersonId, Region};
use wuchuang_ledger::{
    Existing, Projection, Recorded, Sheet, StorageError, Stream, Table,
    storage::{Transaction, execute},
};

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

const ORGANISATIONS: Table = Table {
    name: "organisation",
    columns: &[
        "region",
        "id",
        "name",
        "short_code",
        "kind",
        "credit_code",
        "place",
        "parent",
        "phone",
        "address",
        "is_active",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

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

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(state) = recorded.state::<OrganisationStream>() else {
            return Ok(());
        };
        let Some(details) = &state.details else {
            return Ok(());
        };
        sheet.put(
            &ORGANISATIONS,
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
        );
        Ok(())
    }
}

/// Writes accounts and posts.
pub(crate) struct StaffProjection;

/// The text that a search among staff looks at.
fn search_text(account: &str, name: &str) -> String {
    format!("{account} {name}").trim().to_lowercase()
}

const ACCOUNTS: Table = Table {
    name: "staff_account",
    columns: &[
        "region",
        "person",
        "account",
        "name",
        "phone",
        "is_active",
        "search",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

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

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(state) = recorded.state::<StaffStream>() else {
            return Ok(());
        };
        sheet.put(
            &ACCOUNTS,
            [
                recorded.region.to_string().into(),
                recorded.stream_id.to_string().into(),
                state.account.clone().into(),
                state.name.clone().into(),
                state.phone.clone().into(),
                state.is_active.into(),
                search_text(&state.account, &state.name).into(),
            ],
        );
        for (post, held) in &state.posts {
            put_post(recorded, &post.to_string(), held, sheet);
        }
        Ok(())
    }

    async fn forget(
        &self,
        region: Region,
        person: PersonId,
        transaction: &Transaction,
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

const POSTS: Table = Table {
    name: "post",
    columns: &[
        "region",
        "id",
        "person",
        "organisation",
        "title",
        "roles",
        "reach",
        "from_day",
        "until_day",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

fn put_post(recorded: &Recorded, id: &str, held: &PostState, sheet: &mut Sheet) {
    let roles: Vec<&str> = held.details.roles.iter().map(|role| role.code()).collect();
    sheet.put(
        &POSTS,
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
    );
}

/// Writes the keyed hashes by which citizens are found.
pub(crate) struct CitizenProjection {
    pub(crate) key: AccessKey,
}

const CITIZENS: Table = Table {
    name: "citizen",
    columns: &["region", "person", "number_hash", "phone_hash"],
    key_columns: 2,
    existing: Existing::Replaced,
};

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

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(state) = recorded.state::<CitizenStream>() else {
            return Ok(());
        };
        sheet.put(
            &CITIZENS,
            [
                recorded.region.to_string().into(),
                recorded.stream_id.to_string().into(),
                self.key.lookup(NUMBER, &state.number).into(),
                self.key.lookup(PHONE, &state.proved_phone).into(),
            ],
        );
        Ok(())
    }

    async fn forget(
        &self,
        region: Region,
        person: PersonId,
        transaction: &Transaction,
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
