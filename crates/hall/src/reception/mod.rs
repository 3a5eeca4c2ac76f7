//! One reception, pure: what lies on the counter (`checklist`), what the form says (`sheet`,
//! `applicant`), and which commands follow from the button that was pressed (`deed`); and what is brought to a
//! running case later (`supply`).

mod applicant;
mod checklist;
mod deed;
mod sheet;
mod supply;

pub(crate) use applicant::{applicant, check_same_person, first_open};
pub(crate) use checklist::{Checklist, Line};
pub(crate) use deed::{About, Deed, PRIORITIES, Pressed, Table, delivery_methods};
pub(crate) use sheet::{Scan, Sheet, ticket};
pub(crate) use supply::{Supply, asked_for};
