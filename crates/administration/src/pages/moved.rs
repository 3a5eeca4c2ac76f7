//! Which deadlines a notice would move, before it is imported: the same computation that the job does afterwards, on
//! the cases that are under way, without writing anything.

use wuchuang_calendar::Calendar;
use wuchuang_cases::{
    Cases,
    store::{DueColumns, PAGE_ROWS_MAX, WorklistFilter, WorklistScope},
};
use wuchuang_kernel::{china_date, group_case_number};
use wuchuang_webkit::{Caller, Failure};

/// How many cases are looked at: a county has a few thousand under way, and the page must come soon.
const CASES_MAX: usize = 3_000;
/// How many are listed.
const LISTED_MAX: usize = 50;

/// A case whose last day would be another.
pub(super) struct MovedCase {
    pub(super) number: String,
    pub(super) item: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// What the notice would move.
#[derive(Default)]
pub(super) struct Moved {
    /// The most urgent first.
    pub(super) cases: Vec<MovedCase>,
    /// How many would move, listed or not.
    pub(super) count: usize,
    /// Whether more cases are under way than were looked at.
    pub(super) is_cut: bool,
}

/// Compares the deadlines under two calendars.
///
/// # Errors
/// When the cases cannot be read.
pub(super) async fn moved(
    cases: &Cases,
    caller: &Caller,
    present: &Calendar,
    renewed: &Calendar,
) -> Result<Moved, Failure> {
    let filter = WorklistFilter::default();
    let today = china_date(caller.now);
    let mut moved = Moved::default();
    let mut seen = 0;
    let mut after = None;
    loop {
        let page = cases
            .worklist(
                caller.region,
                WorklistScope::Region,
                &filter,
                after.as_ref(),
                PAGE_ROWS_MAX,
                today,
            )
            .await?;
        for row in &page.rows {
            let Some(id) = row.case_id() else { continue };
            let Some(case) = cases.find(caller.region, id).await? else {
                continue;
            };
            let (before, after) = (
                DueColumns::of(&case, present).due_on,
                DueColumns::of(&case, renewed).due_on,
            );
            if before == after {
                continue;
            }
            moved.count += 1;
            if moved.cases.len() < LISTED_MAX {
                moved.cases.push(MovedCase {
                    number: group_case_number(&row.number),
                    item: row.item_name.clone(),
                    before,
                    after,
                });
            }
        }
        seen += page.rows.len();
        match page.next {
            Some(_) if seen >= CASES_MAX => {
                moved.is_cut = true;
                return Ok(moved);
            }
            Some(next) => after = Some(next),
            None => return Ok(moved),
        }
    }
}
