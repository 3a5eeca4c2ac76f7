//! Members of staff and their posts, read from their tables.

use std::fmt::Write as _;

use jiff::civil;
use serde::Deserialize;
use wuchuang_kernel::{OrganisationId, PersonId, PostId, Region, Role};
use wuchuang_ledger::{
    StorageError,
    storage::{Value, find, list},
};

use super::{Directory, read};

/// A member of staff as lists show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffEntry {
    /// Who.
    pub person: PersonId,
    /// The account name.
    pub account: String,
    /// The name; empty when forgotten.
    pub name: String,
    /// The telephone at work.
    pub phone: String,
    /// Whether the account may sign in.
    pub is_active: bool,
}

/// A post that a person holds or held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Which one.
    pub id: PostId,
    /// Who holds it.
    pub person: PersonId,
    /// Where.
    pub organisation: OrganisationId,
    /// The title.
    pub title: String,
    /// What it entitles to.
    pub roles: Vec<Role>,
    /// The region that it reaches.
    pub reach: Region,
    /// Since when.
    pub from: civil::Date,
    /// The last day; `None` while it is held.
    pub until: Option<civil::Date>,
}

/// Which members of staff a list shows.
#[derive(Debug, Clone, Default)]
pub struct StaffFilter {
    /// A part of account or name.
    pub text: String,
    /// The organisation of one of their posts.
    pub organisation: Option<OrganisationId>,
    /// The role of one of their posts.
    pub role: Option<Role>,
    /// The account after which the page begins.
    pub after: String,
    /// How many at most.
    pub limit: i64,
}

#[derive(Deserialize)]
struct StaffRow {
    person: String,
    account: String,
    name: String,
    phone: String,
    is_active: bool,
}

impl TryFrom<StaffRow> for StaffEntry {
    type Error = StorageError;

    fn try_from(row: StaffRow) -> Result<Self, StorageError> {
        Ok(Self {
            person: read(&row.person, "staff_account", "person", &row.account)?,
            account: row.account,
            name: row.name,
            phone: row.phone,
            is_active: row.is_active,
        })
    }
}

#[derive(Deserialize)]
struct PostRow {
    id: String,
    person: String,
    organisation: String,
    title: String,
    roles: String,
    reach: String,
    from_day: String,
    until_day: Option<String>,
}

impl TryFrom<PostRow> for Post {
    type Error = StorageError;

    fn try_from(row: PostRow) -> Result<Self, StorageError> {
        let table = "post";
        let until = row
            .until_day
            .as_deref()
            .map(|day| read(day, table, "until_day", &row.id))
            .transpose()?;
        Ok(Self {
            id: read(&row.id, table, "id", &row.id)?,
            person: read(&row.person, table, "person", &row.id)?,
            organisation: read(&row.organisation, table, "organisation", &row.id)?,
            title: row.title,
            roles: row
                .roles
                .split_whitespace()
                .filter_map(Role::from_code)
                .collect(),
            reach: read(&row.reach, table, "reach", &row.id)?,
            from: read(&row.from_day, table, "from_day", &row.id)?,
            until,
        })
    }
}

const STAFF_COLUMNS: &str = "s.person, s.account, s.name, s.phone, s.is_active";

impl Directory {
    /// The identifier that always belongs to an account name, so that two administrators at once
    /// cannot make two people with one account.
    pub(crate) fn staff_id(&self, region: Region, account: &str) -> PersonId {
        PersonId::from_u128(self.key.number("staff-id", &format!("{region}/{account}")))
    }

    /// One member of staff.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn staff(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<Option<StaffEntry>, StorageError> {
        let row: Option<StaffRow> = find(
            self.ledger.database().read(),
            &format!(
                "SELECT {STAFF_COLUMNS} FROM staff_account s WHERE s.region = $1 AND s.person = $2"
            ),
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        row.map(StaffEntry::try_from).transpose()
    }

    /// The member of staff with an account name.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn staff_by_account(
        &self,
        region: Region,
        account: &str,
    ) -> Result<Option<StaffEntry>, StorageError> {
        let row: Option<StaffRow> = find(
            self.ledger.database().read(),
            &format!(
                "SELECT {STAFF_COLUMNS} FROM staff_account s WHERE s.region = $1 AND s.account = $2"
            ),
            [region.to_string().into(), account.into()],
        )
        .await?;
        row.map(StaffEntry::try_from).transpose()
    }

    /// The active staff of an organisation, of one role where one is given, by account name.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn staff_of(
        &self,
        region: Region,
        organisation: OrganisationId,
        role: Option<Role>,
    ) -> Result<Vec<StaffEntry>, StorageError> {
        let filter = StaffFilter {
            organisation: Some(organisation),
            role,
            limit: 500,
            ..StaffFilter::default()
        };
        let mut found = self.staff_list(region, &filter).await?;
        found.retain(|entry| entry.is_active);
        Ok(found)
    }

    /// A page of the staff list, by account name.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn staff_list(
        &self,
        region: Region,
        filter: &StaffFilter,
    ) -> Result<Vec<StaffEntry>, StorageError> {
        let mut sql = format!(
            "SELECT {STAFF_COLUMNS} FROM staff_account s WHERE s.region = $1 AND s.account > $2"
        );
        let mut values: Vec<Value> = vec![region.to_string().into(), filter.after.clone().into()];
        // Writing to a String cannot fail.
        if !filter.text.trim().is_empty() {
            values.push(pattern(&filter.text.trim().to_lowercase()).into());
            let _ = write!(sql, " AND s.search LIKE ${} ESCAPE '\\'", values.len());
        }
        if filter.organisation.is_some() || filter.role.is_some() {
            sql.push_str(
                " AND EXISTS (SELECT 1 FROM post p WHERE p.region = s.region AND p.person = s.person AND p.until_day IS NULL",
            );
            if let Some(organisation) = filter.organisation {
                values.push(organisation.to_string().into());
                let _ = write!(sql, " AND p.organisation = ${}", values.len());
            }
            if let Some(role) = filter.role {
                values.push(format!("% {} %", role.code()).into());
                let _ = write!(sql, " AND p.roles LIKE ${}", values.len());
            }
            sql.push(')');
        }
        values.push(filter.limit.into());
        let _ = write!(sql, " ORDER BY s.account LIMIT ${}", values.len());
        let rows: Vec<StaffRow> = list(self.ledger.database().read(), &sql, values).await?;
        rows.into_iter().map(StaffEntry::try_from).collect()
    }

    /// One post.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn post(&self, region: Region, post: PostId) -> Result<Option<Post>, StorageError> {
        let row: Option<PostRow> = find(
            self.ledger.database().read(),
            "SELECT * FROM post WHERE region = $1 AND id = $2",
            [region.to_string().into(), post.to_string().into()],
        )
        .await?;
        row.map(Post::try_from).transpose()
    }

    /// The posts that a person holds now, oldest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn posts_of(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<Vec<Post>, StorageError> {
        let rows: Vec<PostRow> = list(
            self.ledger.database().read(),
            "SELECT * FROM post WHERE region = $1 AND person = $2 AND until_day IS NULL ORDER BY from_day, id LIMIT 50",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        rows.into_iter().map(Post::try_from).collect()
    }
}

/// A text as a LIKE pattern that matches it anywhere, with nothing in it taken for a wildcard.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars().take(50) {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
