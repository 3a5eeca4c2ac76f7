//! What an application costs by the rules of its items.

use wuchuang_cases::model::by_rules::FeeTerms;
use wuchuang_catalogue::model::rules::fee_text;

/// What one item costs.
pub(crate) struct Fee {
    /// Its name; empty where there is only one.
    pub(crate) item: String,
    /// What its rules say.
    pub(crate) terms: FeeTerms,
}

impl Fee {
    /// The only one.
    pub(crate) const fn of_one(terms: FeeTerms) -> Self {
        Self {
            item: String::new(),
            terms,
        }
    }
}

/// All of it together; empty for one item, and where a person sets a part of it.
pub(crate) fn total(fees: &[Fee]) -> String {
    let all: Option<Vec<u64>> = fees.iter().map(|fee| fee.terms.fen).collect();
    match all {
        Some(all) if all.len() > 1 => fee_text(all.into_iter().fold(0, u64::saturating_add)),
        _ => String::new(),
    }
}
