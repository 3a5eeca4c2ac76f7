//! Whether an item is done in the hall (凡批必进): 进驻, 不进驻 for a reason of a closed list, or nothing yet, which is
//! 应进未进. One stream an item, because items enter and leave one by one, each by its own document; the department's own
//! facts are in `hall`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{OrganisationId, Rejection, china_date};
use wuchuang_ledger::{Context, Stream};

use super::{TEXT_CHARACTERS_MAX, require_document, require_text};

/// The longest time for which an item may stay outside without being looked at again, in years.
const EXEMPTION_YEARS_MAX: i16 = 5;

/// The kind of stream; its identifier is the item's.
#[derive(Debug, Clone, Copy)]
pub struct EntryStream;

/// Why an item does not enter: the closed list (国办发〔2018〕45号 allows 场地限制、涉及国家秘密 and what is like it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExemptionGround {
    /// 涉密.
    Secret,
    /// 场地限制.
    Premises,
    /// 法律法规另有规定.
    Law,
    /// 现场性强.
    OnSite,
}

impl ExemptionGround {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Secret, Self::Premises, Self::Law, Self::OnSite];

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secret => "涉及国家秘密",
            Self::Premises => "场地限制",
            Self::Law => "法律法规另有规定",
            Self::OnSite => "现场性强",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Premises => "premises",
            Self::Law => "law",
            Self::OnSite => "on_site",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// 进驻.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// The hall: the centre, one of its branches, a town's centre.
    pub place: OrganisationId,
    /// Its name.
    pub place_name: String,
    /// Since when.
    pub from: Date,
    /// By which document.
    pub document: String,
}

/// 不进驻.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exempted {
    /// Why.
    pub ground: ExemptionGround,
    /// The document that approved it.
    pub document: String,
    /// The last day on which it holds.
    pub until: Date,
}

/// What may be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum EntryCommand {
    /// 登记进驻.
    Enter(Entered),
    /// 登记不进驻.
    Exempt(Exempted),
    /// 撤回登记: it is open again.
    TakeBack {
        /// Why.
        reason: String,
    },
}

/// What happened. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryEvent {
    /// 进驻.
    Entered(Entered),
    /// 不进驻.
    Exempted(Exempted),
    /// 撤回登记.
    TakenBack {
        /// Why.
        reason: String,
    },
}

/// How an item stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum EntryStanding {
    /// Nothing is recorded: 应进未进.
    #[default]
    Missing,
    /// 进驻.
    In(Entered),
    /// 不进驻.
    Exempt(Exempted),
}

impl EntryStanding {
    /// How it counts on a day.
    pub fn on(&self, day: Date) -> EntryMark {
        match self {
            Self::In(entered) if entered.from <= day => EntryMark::Entered,
            Self::Exempt(exempted) if day <= exempted.until => EntryMark::Exempt,
            Self::Exempt(_) => EntryMark::ExemptionEnded,
            Self::In(_) | Self::Missing => EntryMark::Missing,
        }
    }
}

/// How an item counts on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryMark {
    /// 已进驻.
    Entered,
    /// 不进驻.
    Exempt,
    /// 不进驻已到期.
    ExemptionEnded,
    /// 应进未进.
    Missing,
}

impl EntryMark {
    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entered => "已进驻",
            Self::Exempt => "不进驻",
            Self::ExemptionEnded => "不进驻已到期",
            Self::Missing => "应进未进",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Exempt => "exempt",
            Self::ExemptionEnded => "exemption_ended",
            Self::Missing => "missing",
        }
    }
}

/// An item as the events add up.
#[derive(Debug, Clone, Default)]
pub struct EntryState {
    /// How it stands.
    pub standing: EntryStanding,
    /// How often something was recorded: what was found missing once is not found again, unless it was taken back since.
    pub changes: u32,
    /// Why it was taken back last.
    pub taken_back: String,
}

impl Stream for EntryStream {
    const KIND: &'static str = "item_entry";
    type State = EntryState;
    type Command = EntryCommand;
    type Event = EntryEvent;

    fn decide(
        state: &EntryState,
        command: &EntryCommand,
        context: &Context<'_>,
    ) -> Result<Vec<EntryEvent>, Rejection> {
        let today = china_date(context.now);
        let event = match command {
            EntryCommand::Enter(entered) => {
                require_document(&entered.document)?;
                if entered.from.year() < 1990 || entered.from.year() > today.year() + 1 {
                    return Err(Rejection::new(
                        "from_out_of_range",
                        "进驻日期请填写1990年以后、明年年底以前的日期。",
                    )
                    .at("from"));
                }
                EntryEvent::Entered(entered.clone())
            }
            EntryCommand::Exempt(exempted) => {
                require_document(&exempted.document)?;
                if exempted.until < today {
                    return Err(Rejection::new(
                        "until_passed",
                        "不进驻的截止日期已经过去，请填写今天或以后的日期。",
                    )
                    .at("until"));
                }
                if exempted.until.year() - today.year() > EXEMPTION_YEARS_MAX {
                    return Err(Rejection::new(
                        "until_too_far",
                        "不进驻最长五年，到期前重新审批。",
                    )
                    .at("until"));
                }
                EntryEvent::Exempted(exempted.clone())
            }
            EntryCommand::TakeBack { reason } => {
                if state.standing == EntryStanding::Missing {
                    return Err(
                        Rejection::new("nothing_recorded", "这个事项没有登记，不用撤回。")
                            .at("reason"),
                    );
                }
                require_text(
                    reason,
                    TEXT_CHARACTERS_MAX,
                    "reason",
                    "请写明为什么撤回登记（1至1000字）。",
                )?;
                EntryEvent::TakenBack {
                    reason: reason.trim().to_owned(),
                }
            }
        };
        Ok(vec![event])
    }

    fn apply(state: &mut EntryState, event: &EntryEvent, _at: jiff::Timestamp) {
        state.changes += 1;
        match event {
            EntryEvent::Entered(entered) => state.standing = EntryStanding::In(entered.clone()),
            EntryEvent::Exempted(exempted) => {
                state.standing = EntryStanding::Exempt(exempted.clone());
            }
            EntryEvent::TakenBack { reason } => {
                state.standing = EntryStanding::Missing;
                state.taken_back.clone_from(reason);
            }
        }
    }
}
