//! What the rules say of an application before it is a case: what it costs, and when it turns yellow. Both stand in its terms, so
//! that the case costs what its applicant was told, and a list can be made anew without asking any rule.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use wuchuang_calendar::Calendar;
use wuchuang_catalogue::model::rules::fee_text;

use super::RuleEvaluation;
use crate::model::Case;

/// 收费 by the item's rules, reductions included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeTerms {
    /// How much, in fen; `None` where the rules gave no amount, and a person sets it.
    pub fen: Option<u64>,
    /// What was asked, which rows decided, and why.
    pub evaluation: RuleEvaluation,
}

impl FeeTerms {
    /// 12.50 元, 不收费, or that a person sets it.
    pub fn text(&self) -> String {
        self.fen
            .map_or_else(|| "由工作人员核定".to_owned(), fee_text)
    }
}

/// 预警 by the item's rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarningTerms {
    /// From how many working days before the last day on it is yellow; 0: on the last day.
    pub days: u16,
    /// What was asked, which rows decided, and why.
    pub evaluation: RuleEvaluation,
}

/// What the item's rules say of an application whose answers were corrected. Which materials are asked for stays as it was told once
/// (一次性告知).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedAnew {
    /// What it costs; `None` where the rules do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Box<FeeTerms>>,
    /// When it turns yellow; `None`: as every case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<Box<WarningTerms>>,
}

impl Case {
    /// What it costs, where its item's rules say so.
    pub fn fee(&self) -> Option<&FeeTerms> {
        self.terms.rules.as_ref()?.fee.as_deref()
    }

    /// When it turns yellow, where its item's rules say so.
    pub fn warning(&self) -> Option<&WarningTerms> {
        self.terms.rules.as_ref()?.warning.as_deref()
    }

    /// From which day on it is yellow while it waits for its decision, by its item's rules; `None`: as every case.
    pub fn yellow_from(&self, calendar: &Calendar, due: Date) -> Option<Date> {
        let days = self.warning()?.days;
        Some(match days {
            0 => due,
            days => calendar.add_working_days(due, -i32::from(days)),
        })
    }
}
