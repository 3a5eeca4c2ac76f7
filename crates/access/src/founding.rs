//! How an empty house comes to the people who run it: the county's name, the organisation at the root, and the three
//! administrators, who are three people from the first day on (GB/T 22239-2019, 三权分立 practice). Nobody is signed in
//! yet who could do it on a page, so the command line asks for it. Run twice it makes only what is missing.

use std::collections::BTreeSet;

use wuchuang_kernel::{Actor, Channel, OrganisationId, PostId, Role};
use wuchuang_ledger::{ExecuteError, Expected, LoadError, Order, StorageError};

use crate::{
    AccessSlice, Division,
    model::{
        organisation::{
            OrganisationCommand, OrganisationDetails, OrganisationKind, OrganisationStream,
        },
        staff::{PostDetails, StaffCommand, StaffStream},
    },
    password::PasswordError,
    secrets::SecretError,
};

/// The letters of the root organisation in case numbers: 政务中心.
const ROOT_SHORT_CODE: &str = "ZWZX";

/// The accounts of the first three people.
const FIRST: [(&str, &str, Role); 3] = [
    ("system", "系统管理员", Role::SystemAdministrator),
    ("security", "安全管理员", Role::SecurityAdministrator),
    ("audit", "审计管理员", Role::AuditAdministrator),
];

/// An account that was made, with the password that is told once and kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct FirstAccount {
    /// The account name.
    pub account: String,
    /// What it may do.
    pub role: Role,
    /// The one-time password; the first sign-in asks for another one.
    pub password: String,
}

/// Why the first people could not be entered. What was made before stays; the same command goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum FoundingError {
    /// The ledger refused or failed.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// A stream could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A password could not be computed.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

impl From<SecretError> for FoundingError {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Storage(error) => Self::Storage(error),
            SecretError::Password(error) => Self::Password(error),
        }
    }
}

impl AccessSlice {
    /// Enters the county, the organisation that runs its centre, and the three administrators, each with a one-time
    /// password; tells the accounts that were made now. A house that has them is left as it is.
    ///
    /// # Errors
    /// When something cannot be written.
    pub async fn found(
        &self,
        county_name: &str,
        operator: &str,
    ) -> Result<Vec<FirstAccount>, FoundingError> {
        let county = Division {
            code: self.region.to_string(),
            name: county_name.to_owned(),
        };
        let directory = &self.rooms.directory;
        if directory
            .division(self.region, &county.code)
            .await?
            .is_none()
        {
            directory.write_divisions(self.region, &[county]).await?;
        }
        let root = self.root(operator).await?;
        let mut made = Vec::new();
        for (account, title, role) in FIRST {
            if let Some(password) = self.first(account, title, role, root).await? {
                made.push(FirstAccount {
                    account: account.to_owned(),
                    role,
                    password,
                });
            }
        }
        Ok(made)
    }

    /// Gives a member of staff a new one-time password, for a house whose administrators lost theirs; `None` when there
    /// is no such account. It is noted on the ledger, and whoever is signed in with the account is signed out.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn reset_password(&self, account: &str) -> Result<Option<String>, FoundingError> {
        let rooms = &self.rooms;
        let found = rooms.directory.staff_by_account(self.region, account);
        let Some(entry) = found.await? else {
            return Ok(None);
        };
        let note = StaffCommand::NotePasswordReset;
        let ledger = rooms.directory.ledger();
        ledger
            .execute::<StaffStream>(
                entry.person.into(),
                note,
                self.own_order(Expected::Existing),
            )
            .await?;
        let password = rooms.secrets.passwords.one_time();
        rooms
            .secrets
            .set_password(self.region, entry.person, &password, true)
            .await?;
        rooms.sessions.end_all(self.region, entry.person).await?;
        Ok(Some(password))
    }

    /// The organisation at the root: the first there is, or a new one.
    async fn root(&self, operator: &str) -> Result<OrganisationId, FoundingError> {
        let directory = &self.rooms.directory;
        let present = directory.organisations(self.region).await?;
        if let Some(first) = present.first() {
            return Ok(first.id);
        }
        let ledger = directory.ledger();
        let root = OrganisationId::generate(ledger.now(), ledger.randomness().as_ref());
        let details = OrganisationDetails {
            name: operator.to_owned(),
            short_code: ROOT_SHORT_CODE.to_owned(),
            kind: OrganisationKind::Centre,
            credit_code: String::new(),
            place: self.region,
            parent: None,
            phone: String::new(),
            address: String::new(),
        };
        ledger
            .execute::<OrganisationStream>(
                root.into(),
                OrganisationCommand::Found(details),
                self.own_order(Expected::Version(0)),
            )
            .await?;
        Ok(root)
    }

    /// One of the three: entered, with a post, with a password. Gives the password when it was set now. An interrupted
    /// founding is taken up where it stopped; a post that was ended later is not given back.
    async fn first(
        &self,
        account: &str,
        title: &str,
        role: Role,
        root: OrganisationId,
    ) -> Result<Option<String>, FoundingError> {
        let rooms = &self.rooms;
        let ledger = rooms.directory.ledger();
        let person = rooms.directory.staff_id(self.region, account);
        let present = ledger
            .load::<StaffStream>(self.region, person.into())
            .await?;
        if present.is_none() {
            let register = StaffCommand::Register {
                account: account.to_owned(),
                name: title.to_owned(),
                phone: String::new(),
            };
            ledger
                .execute::<StaffStream>(
                    person.into(),
                    register,
                    self.own_order(Expected::Version(0)),
                )
                .await?;
        }
        if present.is_none_or(|(_, state)| state.posts.is_empty()) {
            let give = StaffCommand::GivePost {
                post: PostId::generate(ledger.now(), ledger.randomness().as_ref()),
                details: PostDetails {
                    organisation: root,
                    title: title.to_owned(),
                    roles: BTreeSet::from([role]),
                    reach: self.region,
                },
            };
            ledger
                .execute::<StaffStream>(person.into(), give, self.own_order(Expected::Existing))
                .await?;
        }
        if rooms.secrets.is_set(self.region, person).await? {
            return Ok(None);
        }
        let password = rooms.secrets.passwords.one_time();
        rooms
            .secrets
            .set_password(self.region, person, &password, true)
            .await?;
        Ok(Some(password))
    }

    fn own_order(&self, expected: Expected) -> Order {
        Order {
            region: self.region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: self.rooms.directory.ledger().command_id(),
            expected,
        }
    }
}
