//! The closed lists of words of a task: what was found, how it was checked, where the task stands.

use serde::{Deserialize, Serialize};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckFinding {
    /// 属实.
    True,
    /// 限期整改: defects that can be mended; checked again.
    Rectify,
    /// 不属实.
    False,
}

impl CheckFinding {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::True, Self::Rectify, Self::False];

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::True => "属实",
            Self::Rectify => "限期整改",
            Self::False => "不属实",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::Rectify => "rectify",
            Self::False => "false",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// How it was checked (国办发〔2020〕42号: 在线核查、现场核查、协助核查).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckMethod {
    /// 在线核查.
    Online,
    /// 现场核查.
    OnSite,
    /// 协助核查: another authority was asked.
    Assisted,
}

impl CheckMethod {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::OnSite, Self::Online, Self::Assisted];

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Online => "在线核查",
            Self::OnSite => "现场核查",
            Self::Assisted => "协助核查",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::OnSite => "on_site",
            Self::Assisted => "assisted",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SupervisionStage {
    /// 待签收.
    Waiting,
    /// 待核查.
    Checking,
    /// 整改中, to be checked again.
    Rectifying,
    /// 核查不实, 待处理 by whoever decided.
    Handling,
    /// 已办结.
    Done,
}

impl SupervisionStage {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Waiting,
        Self::Checking,
        Self::Rectifying,
        Self::Handling,
        Self::Done,
    ];

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "待签收",
            Self::Checking => "待核查",
            Self::Rectifying => "整改中",
            Self::Handling => "待处理",
            Self::Done => "已办结",
        }
    }

    /// What whoever's turn it is has to do; empty when nothing is.
    pub const fn deed(self) -> &'static str {
        match self {
            Self::Waiting => "签收",
            Self::Checking => "核查",
            Self::Rectifying => "整改后再次核查",
            Self::Handling => "处理并写明结论",
            Self::Done => "",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Checking => "checking",
            Self::Rectifying => "rectifying",
            Self::Handling => "handling",
            Self::Done => "done",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}
