//! The closed lists of words by which an item is described. Each value has a stored form and the word that
//! people read; workbook, editor and file read both.

use serde::{Deserialize, Serialize};

/// Whether a material must be handed in (必要性).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Necessity {
    /// 必要.
    Required,
    /// 非必要: only in the case that the note names.
    NotRequired,
    /// 容缺后补.
    SupplementLater,
}

/// In which form a material is handed in (材料形式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialForm {
    /// 纸质.
    Paper,
    /// 电子.
    Electronic,
    /// 纸质或电子.
    Either,
}

/// Where a material comes from (来源渠道).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceChannel {
    /// 申请人自备.
    Applicant,
    /// 政府部门核发.
    Government,
    /// 中介或其他机构.
    Intermediary,
    /// 其他.
    Other,
}

/// How the result is handed over (送达方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryMethod {
    /// 窗口领取.
    Counter,
    /// 邮寄.
    Post,
    /// 电子送达.
    Electronic,
}

/// How far an item can be handled online (网上办理深度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnlineDepth {
    /// Information only.
    Information,
    /// 网上预约.
    Appointment,
    /// 网上预审, the materials are checked at the counter.
    PreCheck,
    /// 全程网办.
    Full,
}

/// The four tags of 马上办、网上办、就近办、一次办.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// 马上办.
    AtOnce,
    /// 网上办.
    Online,
    /// 就近办.
    Nearby,
    /// 一次办.
    OneVisit,
}

macro_rules! words {
    ($($type:ident { $($variant:ident = $code:literal, $name:literal;)+ })+) => {$(
        impl $type {
            /// All values, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stored form.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The word that people read.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// Reads the stored form or the word.
            pub fn from_text(text: &str) -> Option<Self> {
                let text = text.trim();
                Self::ALL.iter().copied().find(|value| value.code() == text || value.name() == text)
            }
        }
    )+};
}
pub(super) use words;

words! {
    Necessity { Required = "required", "必要"; NotRequired = "not_required", "非必要"; SupplementLater = "supplement_later", "容缺后补"; }
    MaterialForm { Paper = "paper", "纸质"; Electronic = "electronic", "电子"; Either = "either", "纸质或电子"; }
    SourceChannel { Applicant = "applicant", "申请人自备"; Government = "government", "政府部门核发"; Intermediary = "intermediary", "中介或其他机构"; Other = "other", "其他"; }
    DeliveryMethod { Counter = "counter", "窗口领取"; Post = "post", "邮寄"; Electronic = "electronic", "电子送达"; }
    OnlineDepth { Information = "information", "信息公开"; Appointment = "appointment", "网上预约"; PreCheck = "pre_check", "网上预审"; Full = "full", "全程网办"; }
    Tag { AtOnce = "at_once", "马上办"; Online = "online", "网上办"; Nearby = "nearby", "就近办"; OneVisit = "one_visit", "一次办"; }
}
