//! The pure part: which organisations may do what of one item in the place of its department, from which day to which, by
//! which public document. One stream an item, under the item's own identifier.

#[cfg(test)]
mod tests;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{OrganisationId, Rejection, china_date};
use wuchuang_ledger::{Context, Stream};

/// How many delegations of one item are kept: every town and village, several times over.
const DELEGATIONS_MAX: usize = 2_000;
/// The longest name of a document or reason, in characters.
const TEXT_CHARACTERS_MAX: usize = 200;

/// On which footing an organisation acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelegationWay {
    /// 直接下放: the power itself went down; the organisation acts in its own name.
    HandedDown,
    /// 委托 (行政许可法 art. 24): it acts in the name of the department that entrusts it, and may entrust nobody further.
    Entrusted,
    /// 赋权: the power was given to it by decision of the province; it acts in its own name.
    Empowered,
}

impl DelegationWay {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::HandedDown, Self::Entrusted, Self::Empowered];

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HandedDown => "直接下放",
            Self::Entrusted => "委托",
            Self::Empowered => "赋权",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::HandedDown => "handed_down",
            Self::Entrusted => "entrusted",
            Self::Empowered => "empowered",
        }
    }

    /// The way with a stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.code() == code)
    }
}

/// How far it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// 受理: its counter takes in, accepts and hands over; the department reviews and decides.
    Receipt,
    /// 受理、审查和决定: what its counter takes in is its own to the end.
    Whole,
}

impl Extent {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Receipt, Self::Whole];

    /// The words that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Receipt => "受理和送达",
            Self::Whole => "受理、审查、决定和送达",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Whole => "whole",
        }
    }

    /// The extent with a stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|extent| extent.code() == code)
    }
}

/// What an organisation may do of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Who.
    pub organisation: OrganisationId,
    /// Its name when it was delegated.
    pub organisation_name: String,
    /// On which footing.
    pub way: DelegationWay,
    /// How far.
    pub extent: Extent,
    /// The first day.
    pub from: Date,
    /// The last day; `None`: until it is ended.
    pub until: Option<Date>,
    /// The public document by which it was delegated (行政许可法 art. 24 (2): the entrusted body and what it does are made
    /// public).
    pub document: String,
}

impl Delegation {
    /// Whether it holds on a day.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether the organisation acts in its own name; when it was entrusted, it acts in that of the department.
    pub fn acts_in_own_name(&self) -> bool {
        self.extent == Extent::Whole && self.way != DelegationWay::Entrusted
    }

    /// Whether two of one organisation would hold on the same day.
    fn overlaps(&self, other: &Self) -> bool {
        let ends_before = |one: &Self, other: &Self| one.until.is_some_and(|end| end < other.from);
        self.organisation == other.organisation
            && !ends_before(self, other)
            && !ends_before(other, self)
    }
}

/// The delegations of an item, the oldest first; those that ended stay.
#[derive(Debug, Clone, Default)]
pub struct ItemDelegations {
    /// All of them.
    pub all: Vec<Delegation>,
}

/// The kind of stream.
#[derive(Debug, Clone, Copy)]
pub struct DelegationStream;

/// What may be asked of an item's delegations.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum DelegationCommand {
    /// 下放、委托或赋权, to one or several organisations at once: all or none.
    Delegate {
        /// One for each.
        delegations: Vec<Delegation>,
    },
    /// 收回: the delegation of an organisation ends.
    End {
        /// Whose.
        organisation: OrganisationId,
        /// The last day, today or later.
        last_day: Date,
        /// Why.
        reason: String,
    },
}

/// What happened to them. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelegationEvent {
    /// An organisation may do something of the item.
    Delegated(Delegation),
    /// It may no longer, after a day.
    Ended {
        /// The delegation's organisation.
        organisation: OrganisationId,
        /// The delegation's first day, which names it.
        from: Date,
        /// The last day.
        last_day: Date,
        /// Why.
        reason: String,
    },
}

impl Stream for DelegationStream {
    const KIND: &'static str = "delegation";
    type State = ItemDelegations;
    type Command = DelegationCommand;
    type Event = DelegationEvent;

    fn decide(
        state: &ItemDelegations,
        command: &DelegationCommand,
        context: &Context<'_>,
    ) -> Result<Vec<DelegationEvent>, Rejection> {
        let today = china_date(context.now);
        match command {
            DelegationCommand::Delegate { delegations } => delegate(state, delegations, today),
            DelegationCommand::End {
                organisation,
                last_day,
                reason,
            } => end(state, *organisation, (*last_day, reason), today),
        }
    }

    fn apply(state: &mut ItemDelegations, event: &DelegationEvent, _at: Timestamp) {
        match event {
            DelegationEvent::Delegated(delegation) => state.all.push(delegation.clone()),
            DelegationEvent::Ended {
                organisation,
                from,
                last_day,
                ..
            } => {
                let mut newest = state.all.iter_mut().rev();
                if let Some(found) =
                    newest.find(|known| known.organisation == *organisation && known.from == *from)
                {
                    found.until = Some(*last_day);
                }
            }
        }
    }
}

fn delegate(
    state: &ItemDelegations,
    delegations: &[Delegation],
    today: Date,
) -> Result<Vec<DelegationEvent>, Rejection> {
    if delegations.is_empty() {
        return Err(
            Rejection::new("organisations_missing", "请至少选择一个承接单位。").at("organisations"),
        );
    }
    if state.all.len() + delegations.len() > DELEGATIONS_MAX {
        return Err(Rejection::new(
            "delegations_too_many",
            "一个事项的下放记录最多2000条，请先核对是否重复。",
        ));
    }
    let mut seen: Vec<&Delegation> = state.all.iter().collect();
    for delegation in delegations {
        check(delegation, today)?;
        if let Some(other) = seen.iter().find(|other| other.overlaps(delegation)) {
            let text = format!(
                "{}在{}起已经承接这个事项（{}）。要改方式或范围，请先收回原来的。",
                other.organisation_name,
                other.from,
                other.way.name()
            );
            return Err(Rejection::new("delegation_overlaps", text).at("organisations"));
        }
        seen.push(delegation);
    }
    let events = delegations.iter().cloned();
    Ok(events.map(DelegationEvent::Delegated).collect())
}

fn check(delegation: &Delegation, today: Date) -> Result<(), Rejection> {
    if delegation.from < today {
        return Err(Rejection::new(
            "from_past",
            "起始日期不能早于今天：以前收的件不会改变。请填今天或以后的日期。",
        )
        .at("from"));
    }
    if delegation
        .until
        .is_some_and(|until| until < delegation.from)
    {
        return Err(Rejection::new("until_before_from", "截止日期不能早于起始日期。").at("until"));
    }
    require_text(&delegation.document).ok_or_else(|| {
        Rejection::new(
            "document_missing",
            "请填写下放、委托或赋权的文件名称和文号，最多200字。承接单位和内容要向社会公告。",
        )
        .at("document")
    })
}

fn require_text(text: &str) -> Option<()> {
    let length = text.trim().chars().count();
    (1..=TEXT_CHARACTERS_MAX).contains(&length).then_some(())
}

fn end(
    state: &ItemDelegations,
    organisation: OrganisationId,
    (last_day, reason): (Date, &str),
    today: Date,
) -> Result<Vec<DelegationEvent>, Rejection> {
    let mut newest = state.all.iter().rev();
    let found = newest.find(|known| {
        known.organisation == organisation && known.until.is_none_or(|until| until >= today)
    });
    let Some(found) = found else {
        return Err(Rejection::new(
            "delegation_unknown",
            "这个单位现在没有承接这个事项，不需要收回。请刷新页面。",
        ));
    };
    if last_day < today {
        return Err(Rejection::new("last_day_past", "最后一天不能早于今天。").at("last_day"));
    }
    if found.until.is_some_and(|until| until <= last_day) {
        return Err(
            Rejection::new("last_day_later", "原定截止日期不晚于这一天，不需要收回。")
                .at("last_day"),
        );
    }
    require_text(reason).ok_or_else(|| {
        Rejection::new("reason_missing", "请写明为什么收回，最多200字。").at("reason")
    })?;
    Ok(vec![DelegationEvent::Ended {
        organisation,
        from: found.from,
        last_day,
        reason: reason.trim().to_owned(),
    }])
}
