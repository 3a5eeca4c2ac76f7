//! What a list of cases is narrowed to, in one place for the list, the search and the file: an address and a body cannot
//! share a struct (neither takes a flattened one that refuses what it does not know), so the fields are written once here
//! and the three are made from them.

use jiff::civil::Date;
use wuchuang_webkit::Caller;

use crate::store::{LightFilter, MarkFilter, WorklistFilter};

/// How long a search may be, in characters.
const SEARCH_CHARACTERS_MAX: usize = 60;

/// What a list is narrowed to.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a condition of its own"
)]
pub(super) struct Narrowing {
    pub(super) mine: bool,
    pub(super) unclaimed: bool,
    pub(super) stage: Option<String>,
    pub(super) light: Option<LightFilter>,
    pub(super) item: Option<String>,
    pub(super) priority: bool,
    pub(super) mark: Option<MarkFilter>,
    pub(super) received_from: Option<Date>,
    pub(super) received_until: Option<Date>,
    pub(super) closed: bool,
}

impl Narrowing {
    /// The worklist's own filter; with what is looked for, if anything is.
    pub(super) fn filter(self, caller: &Caller, search: Option<&str>) -> WorklistFilter {
        let text = |value: Option<String>| value.filter(|text| !text.is_empty());
        WorklistFilter {
            holder: caller.visitor.person().filter(|_| self.mine),
            unclaimed: self.unclaimed,
            stage: text(self.stage),
            light: self.light,
            item: text(self.item),
            applicant: None,
            priority: self.priority,
            mark: self.mark,
            received_from: self.received_from,
            received_until: self.received_until,
            search: search.map(|search| search.chars().take(SEARCH_CHARACTERS_MAX).collect()),
            include_closed: self.closed,
        }
    }
}

/// A struct with the fields of a [`Narrowing`] and its own, and how the two are taken apart.
macro_rules! narrowed {
    (
        $(#[$told:meta])*
        struct $name:ident { $($(#[$field_told:meta])* $field:ident: $kind:ty,)* }
    ) => {
        $(#[$told])*
        #[derive(serde::Deserialize, utoipa::IntoParams, utoipa::ToSchema)]
        #[into_params(parameter_in = Query)]
        #[serde(deny_unknown_fields)]
        pub(in crate::api) struct $name {
            $($(#[$field_told])* $field: $kind,)*
            /// Only cases that I hold.
            #[serde(default)]
            mine: bool,
            /// Only cases that nobody holds.
            #[serde(default)]
            unclaimed: bool,
            /// Only this stage.
            #[param(example = "review")]
            stage: Option<String>,
            /// Only this light: `normal`, `due_soon`, `overdue`, `paused`.
            #[param(value_type = Option<String>, example = "overdue")]
            #[schema(value_type = Option<String>)]
            light: Option<$crate::store::LightFilter>,
            /// Only this item.
            item: Option<String>,
            /// Only 绿色通道.
            #[serde(default)]
            priority: bool,
            /// Only this mark: `waits_for_answer`, `has_new_material`, `supplement_overdue`.
            #[param(value_type = Option<String>)]
            #[schema(value_type = Option<String>)]
            mark: Option<$crate::store::MarkFilter>,
            /// Only cases received on this day or later.
            #[param(value_type = Option<String>, format = Date, example = "2026-11-01")]
            #[schema(value_type = Option<String>, format = Date)]
            received_from: Option<jiff::civil::Date>,
            /// Only cases received on this day or earlier.
            #[param(value_type = Option<String>, format = Date, example = "2026-11-30")]
            #[schema(value_type = Option<String>, format = Date)]
            received_until: Option<jiff::civil::Date>,
            /// Also cases that are over.
            #[serde(default)]
            closed: bool,
        }

        impl $name {
            /// What the list is narrowed to, and the fields of its own.
            fn split(self) -> ($crate::api::read::narrowing::Narrowing, $($kind,)*) {
                let narrowing = $crate::api::read::narrowing::Narrowing {
                    mine: self.mine,
                    unclaimed: self.unclaimed,
                    stage: self.stage,
                    light: self.light,
                    item: self.item,
                    priority: self.priority,
                    mark: self.mark,
                    received_from: self.received_from,
                    received_until: self.received_until,
                    closed: self.closed,
                };
                (narrowing, $(self.$field,)*)
            }
        }
    };
}

pub(super) use narrowed;
