//! Masked data are shown in full to staff only for a reason about the work, which is kept with who asked, when and from
//! where (个人信息保护法 art. 51). The rule stands here once: cases keep their looks with it, and so do licences, which are
//! above. Supervisors read the looks at one thing on its page; the audit reads all of them together, asking about people and
//! days. There what was looked at is named as lists name it, so that the audit's page reveals nothing itself.

use std::fmt::Write;

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use serde::Deserialize;
use wuchuang_calendar::china_instant;
use wuchuang_kernel::{CommandId, PersonId, Region, mask_name};
use wuchuang_ledger::storage::Value;
use wuchuang_ledger::{
    Ledger, StorageError,
    storage::{execute, find, list},
};
use wuchuang_webkit::{Caller, Failure, throttle::Address};

/// How long a reason may be, in characters.
pub const REASON_CHARACTERS_MAX: usize = 200;
/// For how many minutes a page stays open to the person who gave the reason.
const OPEN_MINUTES: i64 = 15;
/// How many looks the page of one thing lists.
const LOOKS_MAX: i64 = 100;
/// How many people are offered as a filter.
const PEOPLE_MAX: i64 = 500;

/// Where the looks at one kind of thing are kept. Its table has the columns `region`, `id`, the thing's own, `person`,
/// `post`, `reason`, `at_us`, `channel` and `address`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookBook {
    /// The kind of thing: `case`, `licence`.
    pub kind: &'static str,
    /// The kind in words.
    pub name: &'static str,
    /// The table.
    pub table: &'static str,
    /// The column of the thing.
    pub subject: &'static str,
    /// The table that names the thing, with region and `id`, and its columns: number, name, kind and name of whose data it is.
    pub named_by: (&'static str, [&'static str; 4]),
    /// What is said to whoever gives no reason.
    pub reason_wanted: &'static str,
}

/// The looks at cases.
pub const CASE_LOOKS: LookBook = LookBook {
    kind: "case",
    name: "办件",
    table: "case_reveal",
    subject: "case_id",
    named_by: (
        "case_file",
        ["number", "item_name", "applicant_kind", "applicant_name"],
    ),
    reason_wanted: "查看完整信息请写明工作上的理由（1至200字），系统会留存记录。",
};

/// One look at one thing.
#[derive(Debug, Clone, Deserialize)]
pub struct Look {
    person: String,
    /// Why.
    pub reason: String,
    at_us: i64,
}

impl Look {
    /// Who looked.
    pub fn person(&self) -> Option<PersonId> {
        self.person.parse().ok()
    }

    /// When.
    pub fn at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.at_us).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// One look in the list of all.
#[derive(Debug, Clone, Deserialize)]
pub struct LookRow {
    /// Its key.
    pub id: String,
    /// The thing.
    pub subject: String,
    /// The thing's number.
    pub number: String,
    /// The item of a case, the name of a licence.
    pub title: String,
    owner_kind: String,
    owner_name: String,
    /// Who looked.
    pub person: String,
    /// In which post.
    pub post: String,
    /// Why.
    pub reason: String,
    /// Through a page or a program; empty for looks before this was kept.
    pub channel: String,
    /// From which address; empty when nobody knows.
    pub address: String,
    /// When, in microseconds since 1970 UTC.
    pub at_us: i64,
}

impl LookRow {
    /// Whose data it was, as lists show it: persons masked, organisations in full.
    pub fn owner_shown(&self) -> String {
        if self.owner_kind == "organisation" {
            self.owner_name.clone()
        } else {
            mask_name(&self.owner_name)
        }
    }
}

/// Which looks are listed.
#[derive(Debug, Clone, Default)]
pub struct LookFilter {
    /// Only those of this member of staff.
    pub person: Option<PersonId>,
    /// Only on this day or later.
    pub from: Option<Date>,
    /// Only on this day or earlier.
    pub until: Option<Date>,
}

#[derive(Deserialize)]
struct Somebody {
    person: String,
}

fn begins_us(day: Date) -> i64 {
    china_instant(day, Time::midnight()).as_microsecond()
}

impl LookBook {
    /// Keeps why the visitor looks. The same key is kept once.
    ///
    /// # Errors
    /// 422 at `reason` without a reason or with one that is too long, or whatever storage reports.
    pub async fn keep(
        &self,
        ledger: &Ledger,
        caller: &Caller,
        subject: String,
        key: CommandId,
        (reason, Address(from)): (&str, &Address),
    ) -> Result<(), Failure> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > REASON_CHARACTERS_MAX {
            return Err(Failure::invalid(self.reason_wanted).at("reason"));
        }
        let person = caller.visitor.person().map(|person| person.to_string());
        let person = person.unwrap_or_default();
        let post = caller.visitor.staff().map(|staff| staff.post.to_string());
        let Self {
            table,
            subject: column,
            ..
        } = self;
        execute(
            ledger.database().write(),
            &format!(
                "INSERT INTO {table} (region, id, {column}, person, post, reason, at_us, channel, address)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (region, id) DO NOTHING"
            ),
            [
                caller.region.to_string().into(),
                key.to_string().into(),
                subject.clone().into(),
                person.clone().into(),
                post.unwrap_or_default().into(),
                reason.into(),
                caller.now.as_microsecond().into(),
                caller.visitor.channel().code().into(),
                from.clone().into(),
            ],
        )
        .await?;
        tracing::info!(kind = self.kind, subject, person, "masked data were shown");
        Ok(())
    }

    /// Whether this visitor gave a reason under this key a short while ago: a page that is loaded again stays open, a link
    /// that is passed on does not open it for somebody else.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn is_open(
        &self,
        ledger: &Ledger,
        caller: &Caller,
        subject: String,
        key: &str,
    ) -> Result<bool, StorageError> {
        let (Some(person), Ok(key)) = (caller.visitor.person(), key.parse::<CommandId>()) else {
            return Ok(false);
        };
        let since = caller.now.as_microsecond() - OPEN_MINUTES * 60 * 1_000_000;
        let Self {
            table,
            subject: column,
            ..
        } = self;
        let found: Option<Look> = find(
            ledger.database().read(),
            &format!(
                "SELECT person, reason, at_us FROM {table}
                 WHERE region = $1 AND id = $2 AND {column} = $3 AND person = $4 AND at_us >= $5"
            ),
            [
                caller.region.to_string().into(),
                key.to_string().into(),
                subject.into(),
                person.to_string().into(),
                since.into(),
            ],
        )
        .await?;
        Ok(found.is_some())
    }

    /// Who looked at one thing, the last one first.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn of(
        &self,
        ledger: &Ledger,
        region: Region,
        subject: String,
    ) -> Result<Vec<Look>, StorageError> {
        let Self {
            table,
            subject: column,
            ..
        } = self;
        list(
            ledger.database().read(),
            &format!(
                "SELECT person, reason, at_us FROM {table} WHERE region = $1 AND {column} = $2 ORDER BY at_us DESC, id LIMIT $3"
            ),
            [region.to_string().into(), subject.into(), LOOKS_MAX.into()],
        )
        .await
    }

    /// All looks before a place (instant and key), the last one first.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn all(
        &self,
        ledger: &Ledger,
        region: Region,
        filter: &LookFilter,
        before: (i64, &str),
        limit: i64,
    ) -> Result<Vec<LookRow>, StorageError> {
        let mut values: Vec<Value> = vec![
            region.to_string().into(),
            before.0.into(),
            before.1.into(),
            limit.into(),
        ];
        let mut narrowed = String::new();
        let mut narrow = |condition: &str, value: Value| {
            values.push(value);
            let _ = write!(narrowed, " AND {condition} ${}", values.len());
        };
        if let Some(person) = filter.person {
            narrow("r.person =", person.to_string().into());
        }
        if let Some(day) = filter.from {
            narrow("r.at_us >=", begins_us(day).into());
        }
        if let Some(day) = filter.until {
            narrow("r.at_us <", begins_us(day.tomorrow().unwrap_or(day)).into());
        }
        let Self {
            table,
            subject,
            named_by,
            ..
        } = self;
        let (names, [number, title, owner_kind, owner_name]) = named_by;
        list(
            ledger.database().read(),
            &format!(
                "SELECT r.id, r.{subject} AS subject, n.{number} AS number, n.{title} AS title,
                    n.{owner_kind} AS owner_kind, n.{owner_name} AS owner_name,
                    r.person, r.post, r.reason, r.channel, r.address, r.at_us
                 FROM {table} r JOIN {names} n ON n.region = r.region AND n.id = r.{subject}
                 WHERE r.region = $1 AND (r.at_us < $2 OR (r.at_us = $2 AND r.id < $3)){narrowed}
                 ORDER BY r.at_us DESC, r.id DESC LIMIT $4"
            ),
            values,
        )
        .await
    }

    /// Everybody who looked some time, at most five hundred.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn lookers(
        &self,
        ledger: &Ledger,
        region: Region,
    ) -> Result<Vec<PersonId>, StorageError> {
        let rows: Vec<Somebody> = list(
            ledger.database().read(),
            &format!(
                "SELECT DISTINCT person FROM {} WHERE region = $1 ORDER BY person LIMIT $2",
                self.table
            ),
            [region.to_string().into(), PEOPLE_MAX.into()],
        )
        .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| row.person.parse().ok())
            .collect())
    }
}
