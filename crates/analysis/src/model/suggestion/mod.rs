//! A suggestion: what follows from the figures of an item (建议), and what people made of it. One stream a suggestion,
//! named after what it is about, so that the same one is made once.
//!
//! `decide`: what may happen; `words`: the Chinese sentence with the figures.

mod decide;
mod words;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_kernel::{Actor, ItemId, OrganisationId, StreamId};

use super::stream_of;

pub use decide::may_raise;
pub use words::{dimension, sentence};

/// How many decisions a state remembers; the ledger keeps all.
const DECISIONS_MAX: usize = 20;

/// The kind of stream.
#[derive(Debug, Clone, Copy)]
pub struct SuggestionStream;

/// What is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionKind {
    /// 建议下放: mostly asked by the people of one town.
    Delegate,
    /// 建议并入一件事: two items that the same applicants ask for.
    Join,
    /// 建议优化指南: often sent back.
    Guide,
    /// 建议上网: asked at the counter.
    Online,
    /// 建议取消或合并: nobody asked.
    Cancel,
    /// 建议增设窗口: months with peaks at the counter.
    Window,
}

impl SuggestionKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::Delegate,
        Self::Join,
        Self::Guide,
        Self::Online,
        Self::Cancel,
        Self::Window,
    ];

    /// The words that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delegate => "建议下放",
            Self::Join => "建议并入一件事",
            Self::Guide => "建议优化指南",
            Self::Online => "建议上网",
            Self::Cancel => "建议取消或合并",
            Self::Window => "建议增设窗口",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Delegate => "delegate",
            Self::Join => "join",
            Self::Guide => "guide",
            Self::Online => "online",
            Self::Cancel => "cancel",
            Self::Window => "window",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// The figures from which a suggestion follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grounds {
    /// What is suggested.
    pub kind: SuggestionKind,
    /// The item.
    pub item: ItemId,
    /// Its name.
    pub item_name: String,
    /// Its department.
    pub department: OrganisationId,
    /// The other item of a pair.
    pub other: Option<(ItemId, String)>,
    /// The town, or the month of the peak, where there is one.
    pub place: String,
    /// How much in all: applications, or for a peak what an usual month brings.
    pub whole: i64,
    /// How much of it is meant: those of the town, sent back, at the counter, in the peak; applicants of both items.
    pub part: i64,
    /// Whether the item can be applied for online already.
    pub is_online: bool,
}

impl Grounds {
    /// The stream of the suggestion.
    pub fn stream(&self) -> StreamId {
        let other = self.other.as_ref();
        let other = other.map_or_else(String::new, |(item, _)| item.to_string());
        stream_of(&format!(
            "suggestion/{}/{}/{other}",
            self.kind.code(),
            self.item
        ))
    }

    /// The part in percent of the whole, rounded down.
    pub const fn percent(&self) -> i64 {
        if self.whole > 0 {
            self.part * 100 / self.whole
        } else {
            0
        }
    }

    /// Whether other figures say something else than these: half as many again or half as few, ten points more or less,
    /// another place. What was dismissed comes back only then.
    pub fn differs(&self, other: &Self) -> bool {
        let (least, most) = if self.whole < other.whole {
            (self.whole, other.whole)
        } else {
            (other.whole, self.whole)
        };
        self.place != other.place
            || self.is_online != other.is_online
            || most * 2 > least * 3
            || (self.percent() - other.percent()).abs() >= 10
    }
}

/// Where a suggestion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionStanding {
    /// Nobody decided about it.
    Open,
    /// 采纳.
    TakenUp,
    /// 不采纳.
    Dismissed,
    /// The figures do not say it any more, and nobody had decided.
    Lapsed,
}

impl SuggestionStanding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::TakenUp, Self::Dismissed, Self::Lapsed];

    /// The words that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "待研究",
            Self::TakenUp => "已采纳",
            Self::Dismissed => "不采纳",
            Self::Lapsed => "数据不再支持",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::TakenUp => "taken_up",
            Self::Dismissed => "dismissed",
            Self::Lapsed => "lapsed",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What may be asked.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum SuggestionCommand {
    /// The figures say it; sent by the count.
    Raise(Box<Grounds>),
    /// The figures do not say it any more; sent by the count.
    Lapse,
    /// 采纳.
    TakeUp {
        /// What is done about it.
        reason: String,
    },
    /// 不采纳.
    Dismiss {
        /// Why.
        reason: String,
    },
}

/// What happened. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionEvent {
    /// The figures say it, for the first time or differently from before.
    Raised(Box<Grounds>),
    /// The figures do not say it any more.
    Lapsed {},
    /// 采纳.
    TakenUp {
        /// What is done about it.
        reason: String,
        /// By whom.
        by: Actor,
    },
    /// 不采纳.
    Dismissed {
        /// Why.
        reason: String,
        /// By whom.
        by: Actor,
    },
}

/// A decision about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestionDecision {
    /// Whether it was taken up.
    pub is_taken_up: bool,
    /// What is done about it, or why nothing is.
    pub reason: String,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// A suggestion.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// The figures as they are known.
    pub grounds: Grounds,
    /// Where it stands.
    pub standing: SuggestionStanding,
    /// When the figures said it last.
    pub raised_at: Timestamp,
    /// What people decided, the last at the end.
    pub decisions: Vec<SuggestionDecision>,
}

/// The state; nothing before it was raised.
#[derive(Debug, Clone, Default)]
pub struct SuggestionState(pub Option<Box<Suggestion>>);
