//! The same for programs: the `calendar`, the `ledger`'s proofs and refused commands, its `checks`, who looked at masked
//! data (`looks`), the state of the `system`.

mod calendar;
mod checks;
mod ledger;
mod looks;
mod system;

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::routes;
use wuchuang_webkit::{Failure, Routes, Rule};

use crate::{Rooms, pages::Cursor};

/// How many items one page of a list holds at most.
const LIMIT_MAX: u16 = 100;
/// How many when nothing is said.
const LIMIT_USUAL: u16 = 50;

pub(crate) fn routes() -> Routes<Rooms> {
    let read = Rule::Act("ledger_read");
    Routes::new()
        .api(Rule::Public, routes!(calendar::calendar_year))
        .api(
            Rule::Act("calendar_import"),
            routes!(calendar::notice_import),
        )
        .api(Rule::Public, routes!(ledger::public_key))
        .api(read, routes!(ledger::checkpoint_list))
        .api(read, routes!(ledger::proof_read))
        .api(read, routes!(ledger::refusal_list))
        .api(read, routes!(checks::check_ask))
        .api(read, routes!(checks::check_list))
        .api(read, routes!(checks::check_read))
        .api(Rule::Act("looks_read"), routes!(looks::look_list))
        .api(Rule::Act("system_read"), routes!(system::system_read))
}

/// Where a list goes on, and how long a page is.
#[derive(Debug, Deserialize, IntoParams)]
struct PageQuery {
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<u16>,
}

impl PageQuery {
    fn limit(&self) -> u16 {
        self.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX)
    }

    /// Where the page begins.
    fn place(&self) -> Result<Cursor, Failure> {
        let cursor = self.cursor.as_deref().map(str::parse).transpose()?;
        Ok(cursor.unwrap_or_default())
    }
}

/// An instant from stored microseconds (RFC 3339).
fn instant(at_us: i64) -> String {
    jiff::Timestamp::from_microsecond(at_us).map_or_else(|_| String::new(), |at| at.to_string())
}
