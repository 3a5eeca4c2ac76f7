//! A department in the hall: who is its 首席代表, for what and by which written authorisation (审批授权到位), and the facts of
//! 三集中 that only the department knows: its functions in one office, that office with its people in the hall.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{PersonId, Rejection, china_date};
use wuchuang_ledger::{Context, Stream};

use super::{TEXT_CHARACTERS_MAX, require_document, require_text};

/// How many authorisations a department keeps in view; earlier ones stay on the ledger.
const AUTHORISATIONS_MAX: usize = 200;

/// The kind of stream; its identifier is the organisation's.
#[derive(Debug, Clone, Copy)]
pub struct HallStream;

/// What a chief representative may do without asking the department.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AuthorityScope {
    /// 受理.
    Accept,
    /// 审批.
    Decide,
    /// 用章.
    Seal,
}

impl AuthorityScope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Accept, Self::Decide, Self::Seal];

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "受理",
            Self::Decide => "审批",
            Self::Seal => "用章",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decide => "decide",
            Self::Seal => "seal",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What is concentrated (三集中): facts of the department that the house cannot compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Concentration {
    /// 职能集中: the department's approval functions are those of one office.
    Functions,
    /// 人员集中: that office moved into the hall with its people.
    People,
}

impl Concentration {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Functions, Self::People];

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Functions => "职能集中（审批职能归并到一个股室）",
            Self::People => "人员集中（这个股室整建制进驻大厅）",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Functions => "functions",
            Self::People => "people",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A written authorisation of a chief representative (首席代表授权书).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorisation {
    /// Who.
    pub person: PersonId,
    /// For what.
    pub scope: BTreeSet<AuthorityScope>,
    /// The date of the written authorisation.
    pub from: Date,
    /// The last day; `None`: until it is ended.
    pub until: Option<Date>,
    /// The document.
    pub document: String,
}

impl Authorisation {
    /// Whether it holds on a day.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// A fact with its document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcentrationFact {
    /// Which.
    pub what: Concentration,
    /// The document.
    pub document: String,
    /// Since when.
    pub from: Date,
}

/// What may be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum HallCommand {
    /// 登记授权.
    Authorise(Authorisation),
    /// 终止授权.
    EndAuthority {
        /// Whose.
        person: PersonId,
        /// The last day.
        last_day: Date,
        /// Why.
        reason: String,
    },
    /// 登记集中的事实.
    Record(ConcentrationFact),
    /// 撤回事实.
    Withdraw {
        /// Which.
        what: Concentration,
        /// Why.
        reason: String,
    },
}

/// What happened. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HallEvent {
    /// 授权.
    Authorised(Authorisation),
    /// 终止授权.
    AuthorityEnded {
        /// Whose.
        person: PersonId,
        /// The last day.
        last_day: Date,
        /// Why.
        reason: String,
    },
    /// A fact of 三集中.
    Recorded(ConcentrationFact),
    /// It does not hold any longer.
    Withdrawn {
        /// Which.
        what: Concentration,
        /// Why.
        reason: String,
    },
}

/// A department as the events add up.
#[derive(Debug, Clone, Default)]
pub struct HallState {
    /// The authorisations, the first first.
    pub authorisations: Vec<Authorisation>,
    /// The facts that hold.
    pub facts: Vec<ConcentrationFact>,
}

impl HallState {
    /// The authorisations in force on a day.
    pub fn in_force(&self, day: Date) -> impl Iterator<Item = &Authorisation> {
        let all = self.authorisations.iter();
        all.filter(move |one| one.is_in_force(day))
    }

    /// Whether somebody may do something on a day.
    pub fn may(&self, scope: AuthorityScope, day: Date) -> bool {
        self.in_force(day).any(|one| one.scope.contains(&scope))
    }

    /// A fact that holds.
    pub fn fact(&self, what: Concentration) -> Option<&ConcentrationFact> {
        self.facts.iter().find(|fact| fact.what == what)
    }
}

impl Stream for HallStream {
    const KIND: &'static str = "hall_department";
    type State = HallState;
    type Command = HallCommand;
    type Event = HallEvent;

    fn decide(
        state: &HallState,
        command: &HallCommand,
        context: &Context<'_>,
    ) -> Result<Vec<HallEvent>, Rejection> {
        let today = china_date(context.now);
        let event = match command {
            HallCommand::Authorise(given) => {
                check_authorisation(state, given, today)?;
                HallEvent::Authorised(given.clone())
            }
            HallCommand::EndAuthority {
                person,
                last_day,
                reason,
            } => {
                let known = state.in_force(today).find(|one| one.person == *person);
                let known = known.ok_or_else(|| {
                    Rejection::new(
                        "authority_unknown",
                        "这个人现在没有授权，不用终止。请刷新页面看最新情况。",
                    )
                    .at("person")
                })?;
                if *last_day < known.from || last_day.year() > today.year() + 1 {
                    return Err(Rejection::new(
                        "last_day_out_of_range",
                        "授权的最后一天请填写授权日期以后、明年年底以前的日期。",
                    )
                    .at("last_day"));
                }
                require_reason(reason, "请写明为什么终止授权（1至1000字）。")?;
                HallEvent::AuthorityEnded {
                    person: *person,
                    last_day: *last_day,
                    reason: reason.trim().to_owned(),
                }
            }
            HallCommand::Record(fact) => {
                require_document(&fact.document)?;
                require_past(fact.from, today)?;
                HallEvent::Recorded(fact.clone())
            }
            HallCommand::Withdraw { what, reason } => {
                if state.fact(*what).is_none() {
                    return Err(
                        Rejection::new("nothing_recorded", "没有登记这一项，不用撤回。").at("what"),
                    );
                }
                require_reason(reason, "请写明为什么撤回登记（1至1000字）。")?;
                HallEvent::Withdrawn {
                    what: *what,
                    reason: reason.trim().to_owned(),
                }
            }
        };
        Ok(vec![event])
    }

    fn apply(state: &mut HallState, event: &HallEvent, _at: jiff::Timestamp) {
        match event {
            HallEvent::Authorised(given) => {
                if state.authorisations.len() >= AUTHORISATIONS_MAX {
                    state.authorisations.remove(0);
                }
                state.authorisations.push(given.clone());
            }
            HallEvent::AuthorityEnded {
                person, last_day, ..
            } => {
                let own = state.authorisations.iter_mut();
                for one in own.filter(|one| one.person == *person) {
                    if one.until.is_none_or(|until| until > *last_day) {
                        one.until = Some(*last_day);
                    }
                }
            }
            HallEvent::Recorded(fact) => {
                state.facts.retain(|known| known.what != fact.what);
                state.facts.push(fact.clone());
            }
            HallEvent::Withdrawn { what, .. } => state.facts.retain(|known| known.what != *what),
        }
    }
}

fn check_authorisation(
    state: &HallState,
    given: &Authorisation,
    today: Date,
) -> Result<(), Rejection> {
    if given.scope.is_empty() {
        return Err(
            Rejection::new("scope_missing", "请至少选择一项授权：受理、审批、用章。").at("scope"),
        );
    }
    require_document(&given.document)?;
    require_past(given.from, today)?;
    if given.until.is_some_and(|until| until < today) {
        return Err(Rejection::new(
            "until_passed",
            "授权的截止日期已经过去，请填写今天或以后的日期，或者留空。",
        )
        .at("until"));
    }
    if state.in_force(today).any(|one| one.person == given.person) {
        return Err(Rejection::new(
            "authorised_before",
            "这个人现在已有授权。要改变范围，请先终止原来的授权。",
        )
        .at("person"));
    }
    Ok(())
}

fn require_reason(reason: &str, ask: &'static str) -> Result<(), Rejection> {
    require_text(reason, TEXT_CHARACTERS_MAX, "reason", ask)
}

fn require_past(day: Date, today: Date) -> Result<(), Rejection> {
    if day > today || day.year() < 1990 {
        return Err(Rejection::new(
            "from_out_of_range",
            "日期请填写今天或以前的日期（1990年以后）。",
        )
        .at("from"));
    }
    Ok(())
}
