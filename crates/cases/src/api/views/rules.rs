//! What the item's rules said of an application before it was a case, for programs.

use serde::Serialize;
use utoipa::ToSchema;

use super::Sight;
use crate::model::by_rules::FeeTerms;

/// What a case costs by its item's rules, reductions included.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct CaseFeeView {
    /// How much, in fen; absent where a person sets it.
    #[schema(example = 2000)]
    fen: Option<u64>,
    /// The same in words.
    #[schema(example = "20 元")]
    text: String,
    /// The decision that said so.
    decision: String,
    /// SHA-256 of the rules' file, in hexadecimal.
    sha256: String,
    /// The rows that decided.
    #[schema(example = "“费用”第 2 条")]
    rows: String,
    /// Why; absent while personal values are masked.
    reason: Option<String>,
}

pub(super) fn fee_view(fee: &FeeTerms, sight: Sight) -> CaseFeeView {
    let evaluation = &fee.evaluation;
    CaseFeeView {
        fen: fee.fen,
        text: fee.text(),
        decision: evaluation.decision.clone(),
        sha256: evaluation.sha256.clone(),
        rows: evaluation.rows_text(),
        reason: (sight == Sight::Full).then(|| evaluation.reason().to_owned()),
    }
}
