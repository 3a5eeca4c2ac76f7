//! An organisation: a department, a town or village centre, a hall, the county's centre itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wuchuang_codes::CreditCode;
use wuchuang_kernel::{OrganisationId, Region, Rejection, StreamId};
use wuchuang_ledger::{Context, Stream};

use super::{limit_text, require_text};

/// What an organisation is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// 部门: a department of the county.
    #[default]
    Department,
    /// 镇（街道）: a town with its convenience centre.
    Town,
    /// 村（社区）: a village with its station.
    Village,
    /// 政务服务中心: the county's centre, which runs the hall.
    Centre,
    /// 分中心（专业大厅）: a hall of its own, such as tax or vehicles.
    Hall,
}

impl OrganisationKind {
    /// All kinds, in the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::Department,
        Self::Centre,
        Self::Hall,
        Self::Town,
        Self::Village,
    ];

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Department => "部门",
            Self::Town => "镇（街道）",
            Self::Village => "村（社区）",
            Self::Centre => "政务服务中心",
            Self::Hall => "分中心",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Department => "department",
            Self::Town => "town",
            Self::Village => "village",
            Self::Centre => "centre",
            Self::Hall => "hall",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What is written down about an organisation. Nothing of it is personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationDetails {
    /// The name, as on its sign.
    pub name: String,
    /// Four capital letters or digits that stand in case numbers.
    pub short_code: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// 统一社会信用代码 (GB 32100); empty when it has none of its own.
    pub credit_code: String,
    /// The region that it serves.
    pub place: Region,
    /// The organisation above it.
    pub parent: Option<OrganisationId>,
    /// Its public telephone.
    pub phone: String,
    /// Its public address.
    pub address: String,
}

/// What may be asked of an organisation.
#[derive(Debug, Clone, Serialize)]
pub enum OrganisationCommand {
    /// Enters a new one.
    Found(OrganisationDetails),
    /// Writes down other details.
    Change(OrganisationDetails),
    /// Closes it: no new posts, no new matters.
    Close {
        /// Why, for the record.
        reason: String,
    },
    /// Opens it again.
    Reopen,
}

/// What happened to an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationEvent {
    /// It was entered.
    Founded(OrganisationDetails),
    /// Its details were changed to these.
    Changed(OrganisationDetails),
    /// It was closed.
    Closed {
        /// Why.
        reason: String,
    },
    /// It was opened again.
    Reopened {},
}

/// An organisation as its events add up.
#[derive(Debug, Clone, Default)]
pub struct OrganisationState {
    /// The details; `None` before the first event.
    pub details: Option<OrganisationDetails>,
    /// Whether it works.
    pub is_active: bool,
}

/// The stream of an organisation.
pub struct OrganisationStream;

impl Stream for OrganisationStream {
    const KIND: &'static str = "organisation";
    type State = OrganisationState;
    type Command = OrganisationCommand;
    type Event = OrganisationEvent;

    fn decide(
        state: &OrganisationState,
        command: &OrganisationCommand,
        context: &Context<'_>,
    ) -> Result<Vec<OrganisationEvent>, Rejection> {
        match (command, &state.details) {
            (OrganisationCommand::Found(_), Some(_)) => {
                Err(Rejection::new("organisation_exists", "这个机构已经登记。"))
            }
            (OrganisationCommand::Found(details), None) => {
                check(details, context)?;
                Ok(vec![OrganisationEvent::Founded(details.clone())])
            }
            (_, None) => Err(Rejection::new(
                "organisation_unknown",
                "没有这个机构，请先登记。",
            )),
            (OrganisationCommand::Change(details), Some(present)) => {
                check(details, context)?;
                if details == present {
                    return Ok(Vec::new());
                }
                Ok(vec![OrganisationEvent::Changed(details.clone())])
            }
            (OrganisationCommand::Close { reason }, Some(_)) => {
                require_text(reason, "停用原因", "reason", 200)?;
                if !state.is_active {
                    return Err(Rejection::new("organisation_closed", "这个机构已经停用。"));
                }
                Ok(vec![OrganisationEvent::Closed {
                    reason: reason.clone(),
                }])
            }
            (OrganisationCommand::Reopen, Some(_)) => {
                if state.is_active {
                    return Err(Rejection::new(
                        "organisation_open",
                        "这个机构正在使用，不需要恢复。",
                    ));
                }
                Ok(vec![OrganisationEvent::Reopened {}])
            }
        }
    }

    fn apply(state: &mut OrganisationState, event: &OrganisationEvent, _recorded_at: Timestamp) {
        match event {
            OrganisationEvent::Founded(details) => {
                state.details = Some(details.clone());
                state.is_active = true;
            }
            OrganisationEvent::Changed(details) => state.details = Some(details.clone()),
            OrganisationEvent::Closed { .. } => state.is_active = false,
            OrganisationEvent::Reopened {} => state.is_active = true,
        }
    }
}

fn check(details: &OrganisationDetails, context: &Context<'_>) -> Result<(), Rejection> {
    require_text(&details.name, "机构名称", "name", 60)?;
    let code = &details.short_code;
    if code.len() != 4
        || !code
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    {
        return Err(Rejection::new(
            "short_code_form",
            "机构简码要正好4位，只用大写字母和数字，它会写进办件编号。",
        )
        .at("short_code"));
    }
    if !details.credit_code.is_empty()
        && let Err(error) = CreditCode::parse_lenient(&details.credit_code)
    {
        return Err(Rejection::new("credit_code", error.explain()).at("credit_code"));
    }
    if !context.region.contains(&details.place) {
        return Err(
            Rejection::new("place_outside", "服务区域要在本县范围内，请重新选择。").at("place"),
        );
    }
    if details.parent.map(StreamId::from) == Some(context.stream) {
        return Err(
            Rejection::new("parent_self", "上级机构不能是它自己，请重新选择。").at("parent"),
        );
    }
    limit_text(&details.phone, "联系电话", "phone", 40)?;
    limit_text(&details.address, "地址", "address", 120)
}
