//! Who looked at whose masked data, over everything that is shown masked: cases and licences keep their looks apart, the
//! audit reads them as one list. The page and programs ask here.

use wuchuang_cases::looks::{CASE_LOOKS, LookBook, LookFilter, LookRow};
use wuchuang_kernel::{PersonId, group_case_number};
use wuchuang_licences::LICENCE_LOOKS;
use wuchuang_webkit::{Caller, Failure};

use crate::{Rooms, pages::Cursor};

/// Everything at which looks are kept.
const BOOKS: [LookBook; 2] = [CASE_LOOKS, LICENCE_LOOKS];

/// One look with the names of who looked.
pub(crate) struct Look {
    /// At what kind of thing.
    pub(crate) book: &'static LookBook,
    pub(crate) row: LookRow,
    /// The name of who looked; empty for an account that was erased.
    pub(crate) who: String,
    /// The organisation of the post in which they looked.
    pub(crate) organisation: String,
}

impl Look {
    /// The number as people read it.
    pub(crate) fn number_shown(&self) -> String {
        if *self.book == CASE_LOOKS {
            group_case_number(&self.row.number)
        } else {
            self.row.number.clone()
        }
    }
}

/// The looks behind a place, the last one first, and where the next page begins.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn page_of(
    rooms: &Rooms,
    caller: &Caller,
    filter: &LookFilter,
    cursor: &Cursor,
    rows_max: usize,
) -> Result<(Vec<Look>, Option<String>), Failure> {
    let limit = i64::try_from(rows_max + 1).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    for book in &BOOKS {
        let rows = book.all(&rooms.ledger, caller.region, filter, cursor.place(), limit);
        found.extend(rows.await?.into_iter().map(|row| (book, row)));
    }
    found.sort_by(|(_, one), (_, other)| {
        let place = |row: &LookRow| (row.at_us, row.id.clone());
        place(other).cmp(&place(one))
    });
    let has_more = found.len() > rows_max;
    found.truncate(rows_max);
    let next = found
        .last()
        .filter(|_| has_more)
        .map(|(_, last)| format!("{}-{}", last.at_us, last.id));
    let mut looks = Vec::with_capacity(found.len());
    for (book, row) in found {
        looks.push(named(rooms, caller, book, row).await?);
    }
    Ok((looks, next))
}

/// Everybody who looked some time.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn lookers(rooms: &Rooms, caller: &Caller) -> Result<Vec<PersonId>, Failure> {
    let mut people = Vec::new();
    for book in &BOOKS {
        people.extend(book.lookers(&rooms.ledger, caller.region).await?);
    }
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

async fn named(
    rooms: &Rooms,
    caller: &Caller,
    book: &'static LookBook,
    row: LookRow,
) -> Result<Look, Failure> {
    let (directory, region) = (&rooms.directory, caller.region);
    let who = match row.person.parse() {
        Ok(person) => directory.staff_name(region, person).await?.to_string(),
        Err(_) => String::new(),
    };
    let post = match row.post.parse() {
        Ok(post) => directory.post(region, post).await?,
        Err(_) => None,
    };
    let organisation = match post {
        Some(post) => {
            let name = directory.organisation_name(region, post.organisation);
            name.await?.to_string()
        }
        None => String::new(),
    };
    Ok(Look {
        book,
        row,
        who,
        organisation,
    })
}
