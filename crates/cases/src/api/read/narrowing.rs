//! What a list of cases is narrowed to, in one place for the list, the search, the file and the saved views: an address and a body cannot
//! share a struct (neither takes a flattened one that refuses what it does not know), so the fields are written once here
//! and the four are made from them.

use jiff::civil::Date;
use wuchuang_kernel::PersonId;
use wuchuang_webkit::Caller;

use crate::{
    pages::WorklistQuery,
    rooms::taker,
    store::{LightFilter, MarkFilter, WorklistFilter},
};

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
    pub(super) applicant: Option<PersonId>,
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
            taker: caller.visitor.staff().map(taker),
            stage: text(self.stage),
            light: self.light,
            item: text(self.item),
            applicant: self.applicant,
            priority: self.priority,
            mark: self.mark,
            received_from: self.received_from,
            received_until: self.received_until,
            search: search.map(|search| search.chars().take(SEARCH_CHARACTERS_MAX).collect()),
            include_closed: self.closed,
        }
    }

    /// The same, as the page of the list has it in its address.
    pub(super) fn page(self) -> WorklistQuery {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let flag = |is_set: bool| {
            if is_set {
                "1".to_owned()
            } else {
                String::new()
            }
        };
        let view = if self.mine {
            "mine"
        } else if self.unclaimed {
            "unclaimed"
        } else {
            ""
        };
        WorklistQuery {
            view: view.to_owned(),
            light: self.light.map(light).unwrap_or_default().to_owned(),
            stage: self.stage.unwrap_or_default(),
            applicant: self
                .applicant
                .map(|applicant| applicant.to_string())
                .unwrap_or_default(),
            mark: self.mark.map(mark).unwrap_or_default().to_owned(),
            item: self.item.unwrap_or_default(),
            priority: flag(self.priority),
            from: day(self.received_from),
            until: day(self.received_until),
            closed: flag(self.closed),
            ..WorklistQuery::default()
        }
    }
}

const fn light(light: LightFilter) -> &'static str {
    match light {
        LightFilter::Normal => "normal",
        LightFilter::DueSoon => "due_soon",
        LightFilter::Overdue => "overdue",
        LightFilter::Paused => "paused",
    }
}

const fn mark(mark: MarkFilter) -> &'static str {
    match mark {
        MarkFilter::WaitsForAnswer => "answer",
        MarkFilter::HasNewMaterial => "material",
        MarkFilter::SupplementOverdue => "supplement",
        MarkFilter::ExtensionAsked => "extension",
        MarkFilter::RulesReview => "sample",
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
            /// Only this applicant, by the house's own identifier.
            #[param(value_type = Option<String>)]
            #[schema(value_type = Option<String>)]
            applicant: Option<wuchuang_kernel::PersonId>,
            /// Only 绿色通道.
            #[serde(default)]
            priority: bool,
            /// Only this mark: `waits_for_answer`, `has_new_material`, `supplement_overdue`, `extension_asked`, `rules_review` (decided by rules and drawn for a look; also those that are over).
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
                    applicant: self.applicant,
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
