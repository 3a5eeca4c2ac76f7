//! The table of violations, four layers with eight kinds each. No published table of this shape was found, so the words are the
//! product's own proposal (示范用语) until the county puts its own in their place, kind by kind, and leaves out what it does
//! not use. A finding keeps the words under which it was found.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{Actor, Region, Rejection, StreamId};
use wuchuang_ledger::{Context, Stream};

use super::require_text;

/// How many kinds there are.
pub const KINDS: u8 = 32;
/// How long a name may be, in characters.
const NAME_CHARACTERS_MAX: usize = 20;
/// How long a reason may be, in characters.
const REASON_CHARACTERS_MAX: usize = 200;
/// How many changes are kept at hand; the ledger keeps all.
const CHANGES_SHOWN_MAX: usize = 50;

/// Who violates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// 审批部门.
    Department,
    /// 部门负责人.
    Head,
    /// 审批人员.
    Approver,
    /// 窗口人员.
    Counter,
}

impl Layer {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Department, Self::Head, Self::Approver, Self::Counter];

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Department => "审批部门",
            Self::Head => "部门负责人",
            Self::Approver => "审批人员",
            Self::Counter => "窗口人员",
        }
    }
}

/// A kind of violation, by its number from 1 to 32.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViolationKind {
    /// The number.
    pub number: u8,
    /// Who violates.
    pub layer: Layer,
    /// The word that people read.
    pub name: String,
    /// Whether it is used: a finding can be entered as one, and the rules look for it.
    pub is_used: bool,
}

const NAMES: [&str; 32] = [
    "体外审批",
    "应进未进",
    "擅自增设条件",
    "擅自增加材料",
    "违规收费",
    "授权不到位",
    "未公开或公开不实",
    "拒不协同联办",
    "不履行领导责任",
    "干预审批",
    "对超时不纠正",
    "抵触进驻",
    "违规批准延期",
    "对投诉不处理",
    "包庇",
    "不落实整改",
    "应批不批",
    "不应批而批",
    "超权限",
    "超时未决",
    "不说明理由",
    "未依法听证或勘验",
    "泄露申请人信息",
    "徇私或吃拿卡要",
    "应受理不受理",
    "不应受理而受理",
    "未一次性告知",
    "不出具凭证",
    "体外循环或不录入",
    "态度恶劣",
    "脱岗离岗",
    "代收现金",
];

/// The product's own word for a kind; empty for a number that is none.
pub fn proposed(number: u8) -> &'static str {
    let place = usize::from(number).checked_sub(1);
    place
        .and_then(|place| NAMES.get(place))
        .copied()
        .unwrap_or_default()
}

/// Who violates with a kind.
pub fn layer_of(number: u8) -> Layer {
    Layer::ALL[usize::from(number.clamp(1, KINDS) - 1) / 8]
}

/// The kind of stream: one table a region.
#[derive(Debug, Clone, Copy)]
pub struct KindStream;

/// The stream of a region's table.
pub const fn table_of(_region: Region) -> StreamId {
    StreamId::from_u128(0x6f76_6572_7369_6768_7400_6b69_6e64_7300)
}

/// What a county says of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindChange {
    /// Which kind, 1 to 32.
    pub number: u8,
    /// What it is called.
    pub name: String,
    /// Whether it is used.
    pub is_used: bool,
    /// Why, and by which document.
    pub reason: String,
}

/// What may be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum KindCommand {
    /// 修改问题种类.
    Change(KindChange),
}

/// What happened. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KindEvent {
    /// 修改问题种类.
    Changed {
        /// What is said of it.
        change: KindChange,
        /// By whom.
        by: Actor,
    },
}

/// A change with when and by whom.
#[derive(Debug, Clone)]
pub struct Changed {
    /// What is said.
    pub change: KindChange,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
}

/// The table as the county has it.
#[derive(Debug, Clone, Default)]
pub struct Kinds {
    own: BTreeMap<u8, KindChange>,
    /// The last changes, the newest last.
    pub changes: Vec<Changed>,
}

impl Kinds {
    /// What a kind is called.
    pub fn name(&self, number: u8) -> &str {
        let own = self.own.get(&number);
        own.map_or(proposed(number), |own| own.name.as_str())
    }

    /// Whether a kind is used.
    pub fn is_used(&self, number: u8) -> bool {
        let own = self.own.get(&number);
        (1..=KINDS).contains(&number) && own.is_none_or(|own| own.is_used)
    }

    /// All kinds, by number.
    pub fn all(&self) -> impl Iterator<Item = ViolationKind> + '_ {
        (1..=KINDS).map(|number| ViolationKind {
            number,
            layer: layer_of(number),
            name: self.name(number).to_owned(),
            is_used: self.is_used(number),
        })
    }
}

impl Stream for KindStream {
    const KIND: &'static str = "oversight_kinds";
    type State = Kinds;
    type Command = KindCommand;
    type Event = KindEvent;

    fn decide(
        state: &Kinds,
        command: &KindCommand,
        context: &Context<'_>,
    ) -> Result<Vec<KindEvent>, Rejection> {
        let KindCommand::Change(change) = command;
        check(state, change)?;
        Ok(vec![KindEvent::Changed {
            change: change.clone(),
            by: *context.actor,
        }])
    }

    fn apply(state: &mut Kinds, event: &KindEvent, at: Timestamp) {
        let KindEvent::Changed { change, by } = event;
        state.own.insert(change.number, change.clone());
        state.changes.push(Changed {
            change: change.clone(),
            at,
            by: *by,
        });
        if state.changes.len() > CHANGES_SHOWN_MAX {
            state.changes.remove(0);
        }
    }
}

fn check(state: &Kinds, change: &KindChange) -> Result<(), Rejection> {
    let number = change.number;
    if !(1..=KINDS).contains(&number) {
        return Err(Rejection::new("kind_unknown", "请选择要修改的问题种类。").at("number"));
    }
    require_text(
        &change.name,
        NAME_CHARACTERS_MAX,
        "name",
        "请写明这一种问题叫什么（1至20字）。",
    )?;
    require_text(
        &change.reason,
        REASON_CHARACTERS_MAX,
        "reason",
        "请写明修改的理由和依据（1至200字）。",
    )?;
    let mut others = state.all().filter(|one| one.number != number);
    if let Some(other) = others.find(|one| one.name == change.name) {
        let text = format!(
            "第{}种已经叫“{}”，请换一个名称，免得分不清。",
            other.number, other.name
        );
        return Err(Rejection::new("kind_name_taken", text).at("name"));
    }
    if state.name(number) == change.name && state.is_used(number) == change.is_used {
        return Err(Rejection::new("nothing_changed", "没有改动，不需要保存。").at("name"));
    }
    Ok(())
}
