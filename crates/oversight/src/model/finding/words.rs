//! The closed lists of a finding: by which rule it was found, where it stands, what was decided, what excuses.

use serde::{Deserialize, Serialize};

macro_rules! closed_list {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal, $word:literal;)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// All of them, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that people read.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The stored form.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// Reads the stored form.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

closed_list! {
    /// By which rule, or how else, something was found.
    FindingRule {
        /// 应进未进.
        NotEntered = "not_entered", "应进未进";
        /// 不进驻到期.
        ExemptionEnded = "exemption_ended", "不进驻到期";
        /// Accepted or decided at the counter outside of office hours.
        OutsideHours = "outside_hours", "非工作时间办理";
        /// Accepted or decided by somebody of another organisation.
        Outsider = "outsider", "无权单位办理";
        /// Decided while nobody was authorised.
        NoAuthority = "no_authority", "没有授权首席代表";
        /// 体外审批: the department's own register holds a decision that the ledger does not.
        Register = "register", "台账比对";
        /// 现场检查.
        Inspection = "inspection", "现场检查";
        /// 投诉举报.
        Complaint = "complaint", "投诉举报";
        /// 主动报告, by whom it is about.
        SelfReport = "self_report", "主动报告";
    }
}

impl FindingRule {
    /// Those by which a supervisor enters a finding by hand.
    pub const BY_HAND: [Self; 2] = [Self::Inspection, Self::Complaint];

    /// The kind of the table of violations that the rule finds; hands choose theirs.
    pub const fn violation(self) -> Option<u8> {
        match self {
            Self::NotEntered | Self::ExemptionEnded => Some(2),
            Self::OutsideHours => Some(29),
            Self::Outsider => Some(19),
            Self::NoAuthority => Some(6),
            Self::Register => Some(1),
            Self::Inspection | Self::Complaint | Self::SelfReport => None,
        }
    }
}

closed_list! {
    /// Where a finding stands.
    FindingStage {
        /// 待交办, by the supervisor.
        Found = "found", "待交办";
        /// 待说明, by the organisation or the person.
        Notified = "notified", "待说明";
        /// 待认定, by the supervisor.
        Answered = "answered", "待认定";
        /// 整改中.
        Rectifying = "rectifying", "整改中";
        /// 整改待确认, by the supervisor.
        Reported = "reported", "整改待确认";
        /// 已办结.
        Closed = "closed", "已办结";
    }
}

closed_list! {
    /// What was decided.
    FindingVerdict {
        /// 不属实.
        Unfounded = "unfounded", "不属实";
        /// 属实.
        Founded = "founded", "属实";
        /// 容错免责.
        Exempted = "exempted", "容错免责";
        /// 容错减责.
        Mitigated = "mitigated", "容错减责";
    }
}

closed_list! {
    /// How it is handled.
    FindingMeasure {
        /// 提醒.
        Remind = "remind", "提醒";
        /// 约谈.
        Talk = "talk", "约谈";
        /// 通报.
        Circulate = "circulate", "通报";
        /// 移送.
        Refer = "refer", "移送";
    }
}

closed_list! {
    /// What must all be so before a mistake is excused (容错).
    LeniencyCondition {
        /// 三个区分开来.
        ThreeDistinctions = "three_distinctions", "符合“三个区分开来”：缺乏经验先行先试的失误、没有明确限制的探索、推动发展的无意过失";
        /// No private gain.
        NoPrivateGain = "no_private_gain", "没有为自己、他人或者单位谋取私利";
        /// No grave harm.
        NoGraveHarm = "no_grave_harm", "没有造成重大损失或者恶劣影响";
        /// Corrected in time.
        CorrectedInTime = "corrected_in_time", "主动纠正，及时挽回损失或者消除影响";
        /// The procedure was kept.
        ProcedureKept = "procedure_kept", "决策和办理符合规定程序，没有违反法律法规的禁止性规定";
    }
}
