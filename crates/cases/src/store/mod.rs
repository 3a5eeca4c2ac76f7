//! The slice's tables: `projection` writes what follows from events, `worklist` reads lists, `drafts`
//! keeps what is not on the ledger yet, `uploads` notes files until a case names them, `forgotten` removes the files
//! of a forgotten person, `demand` counts cases by their item, `tasks` keeps what is open in drawn processes.

mod demand;
mod drafts;
mod due;
mod forgotten;
mod history;
mod item_names;
mod projection;
mod row;
mod tasks;
#[cfg(test)]
mod tests;
mod uploads;
mod watching;
mod worklist;

pub use demand::received_by_item;
pub use drafts::{Draft, DraftContent, DraftError, DraftStore};
pub use due::DueColumns;
pub(crate) use forgotten::remove_files;
pub(crate) use history::history;
pub use history::{HistoryRow, sentence};
pub use item_names::{ItemName, ItemNames};
pub use projection::CaseProjection;
pub(crate) use projection::put_case;
pub use row::{CaseRow, LightFilter};
pub(crate) use tasks::{HELD_BY_TASKS, held_tasks, open_tasks};
pub use tasks::{ListedTask, Taker, TaskRow};
pub use uploads::{Bringer, UploadStore};
pub use watching::{HandledDeed, handled_deeds, known_numbers, task_words};
pub use worklist::{
    MarkFilter, PAGE_ROWS_MAX, WorklistCounts, WorklistCursor, WorklistFilter, WorklistPage,
    WorklistScope,
};
pub(crate) use worklist::{counts as worklist_counts, page as worklist_page};
