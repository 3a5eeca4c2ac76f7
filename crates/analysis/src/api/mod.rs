//! The analysis for programs: `figures` (items, one item, departments, pairs, a count), `suggestions`, `years`.

mod figures;
mod suggestions;
mod years;

use wuchuang_webkit::Routes;

use crate::service::Analysis;

pub(crate) fn routes() -> Routes<Analysis> {
    figures::routes()
        .and(suggestions::routes())
        .and(years::routes())
}
