//! Oversight for programs: `findings` (lists, one, figures), `acts` (what is done with one), `entering` (by hand, about
//! oneself, rounds and registers), `entries` (items and departments in the hall).

mod acts;
mod entering;
mod entries;
mod findings;

use wuchuang_webkit::Routes;

use crate::service::Oversight;

pub(crate) fn routes() -> Routes<Oversight> {
    findings::routes()
        .and(acts::routes())
        .and(entering::routes())
        .and(entries::routes())
}
