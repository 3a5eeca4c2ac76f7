//! The service item as a pure value: what may be asked of it, what happened to it, what it is.

pub mod content;
mod decide;
pub mod difference;
pub mod drawn;
pub mod grouping;
pub mod limits;
pub mod parts;
pub mod power;
pub mod problems;
pub mod rules;
#[cfg(test)]
mod tests;
pub mod words;

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{ItemId, PersonId, Rejection};
use wuchuang_ledger::{Context, Stream};

pub use content::{ItemContent, ItemDraft, ItemVersion};
pub use difference::{Change, differences, element_name};
pub use limits::{ExtensionTerms, LimitUnit, TimeLimit};
pub use parts::*;
pub use power::*;
pub use problems::{Problem, problems};
pub use rules::{ItemRules, RuleTest};
pub use words::{DeliveryMethod, MaterialForm, Necessity, OnlineDepth, SourceChannel, Tag};

/// The kind of stream.
#[derive(Debug, Clone, Copy)]
pub struct ServiceItem;

/// What may be asked of an item.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum ItemCommand {
    /// Creates or replaces the working copy.
    Draft {
        /// The elements.
        content: Box<ItemContent>,
    },
    /// Makes the working copy the next version.
    Publish {
        /// The first day on which it is in force; not before today.
        effective_from: Date,
    },
    /// Takes the item out of force.
    Withdraw {
        /// The first day on which it is no longer in force; not before today.
        on: Date,
        /// Why, for the public.
        reason: String,
        /// The item into which it goes (归类合并); whoever opens its guide is led there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        successor: Option<ItemId>,
    },
    /// Takes a withdrawal back before its day: the item goes on as it was.
    TakeBack {
        /// Why.
        reason: String,
    },
    /// Leads whoever opens the guide of a withdrawn item to another one than before.
    Lead {
        /// The item that is asked for in its place.
        successor: ItemId,
    },
}

/// What happened to an item.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemEvent {
    /// The working copy was written.
    Drafted {
        /// The item.
        item: ItemId,
        /// The elements.
        content: Box<ItemContent>,
        /// By whom.
        by: Option<PersonId>,
    },
    /// The working copy became a version.
    Published {
        /// Which version.
        version: u32,
        /// The first day on which it is in force.
        effective_from: Date,
        /// By whom.
        by: Option<PersonId>,
    },
    /// The item was taken out of force.
    Withdrawn {
        /// The first day on which it is no longer in force.
        on: Date,
        /// Why.
        reason: String,
        /// By whom.
        by: Option<PersonId>,
        /// The item into which it goes (归类合并).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        successor: Option<ItemId>,
    },
    /// The withdrawal was taken back before its day.
    WithdrawalTakenBack {
        /// Why.
        reason: String,
        /// By whom.
        by: Option<PersonId>,
    },
    /// Whoever opens the guide is led to another item than before.
    Led {
        /// The item that is asked for in its place.
        successor: ItemId,
        /// By whom.
        by: Option<PersonId>,
    },
}

/// The working copy.
#[derive(Debug, Clone)]
pub struct WorkingCopy {
    /// The elements.
    pub content: Arc<ItemContent>,
    /// When it was written.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<PersonId>,
}

/// How an item was taken out of force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The first day on which it is no longer in force.
    pub on: Date,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: Option<PersonId>,
    /// The item into which it went (归类合并); `None`: it ended.
    pub successor: Option<ItemId>,
}

/// An item with its working copy and all versions; nothing before the first draft.
#[derive(Debug, Clone, Default)]
pub struct ItemState {
    /// The item, once it exists.
    pub id: Option<ItemId>,
    /// The working copy, when it differs from the last version.
    pub working_copy: Option<WorkingCopy>,
    /// All published versions, the oldest first.
    pub versions: Vec<Arc<ItemVersion>>,
    /// The withdrawal, when nothing was published after it.
    pub withdrawal: Option<Withdrawal>,
}

impl ItemState {
    /// The version in force on a day.
    pub fn in_force(&self, day: Date) -> Option<&Arc<ItemVersion>> {
        self.versions
            .iter()
            .rev()
            .find(|version| version.is_in_force(day))
    }

    /// A version by its number.
    pub fn version(&self, number: u32) -> Option<&Arc<ItemVersion>> {
        self.versions
            .iter()
            .find(|version| version.version == number)
    }

    /// The newest version.
    pub fn latest(&self) -> Option<&Arc<ItemVersion>> {
        self.versions.last()
    }

    /// The elements that an editor begins with: the working copy, else the newest version.
    pub fn current(&self) -> Option<&ItemContent> {
        match (&self.working_copy, self.latest()) {
            (Some(copy), _) => Some(&copy.content),
            (None, Some(version)) => Some(&version.content),
            (None, None) => None,
        }
    }
}

impl Stream for ServiceItem {
    const KIND: &'static str = "service_item";
    type State = ItemState;
    type Command = ItemCommand;
    type Event = ItemEvent;

    fn decide(
        state: &ItemState,
        command: &ItemCommand,
        context: &Context<'_>,
    ) -> Result<Vec<ItemEvent>, Rejection> {
        decide::decide(state, command, context)
    }

    fn apply(state: &mut ItemState, event: &ItemEvent, recorded_at: Timestamp) {
        decide::apply(state, event, recorded_at);
    }
}
