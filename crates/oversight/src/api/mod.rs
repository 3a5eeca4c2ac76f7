//! Oversight for programs: `findings` (lists, one, figures), `acts` (what is done with one), `many` (with several at once), `kinds` (the table of violations), `entering` (by hand, about
//! oneself, rounds and registers), `entries` (items and departments in the hall).

mod acts;
mod entering;
mod entries;
mod findings;
mod kinds;
mod many;

use wuchuang_webkit::Routes;

use crate::service::Oversight;

pub(crate) fn routes() -> Routes<Oversight> {
    findings::routes()
        .and(acts::routes())
        .and(many::routes())
        .and(kinds::routes())
        .and(entering::routes())
        .and(entries::routes())
}
