//! Sheets 收费, 依据 and 常见问题.

use super::Column;
use crate::model::{FeeItem, LegalBasis, Question};

/// Sheet 收费.
pub(super) fn fee_columns() -> Vec<Column<FeeItem>> {
    columns! { FeeItem {
        text(name) "收费项目", "name", 28.0, "必填";
        text(standard) "收费标准", "standard", 28.0, "必填，例如“20元/证”";
        text(basis) "收费依据", "basis", 32.0, "可留空";
        yes_no(reducible) "可减免", "reducible", 8.0, "是、否";
    } }
}

/// Sheet 依据.
pub(super) fn basis_columns() -> Vec<Column<LegalBasis>> {
    columns! { LegalBasis {
        text(law) "法律名称", "law", 32.0, "必填";
        text(article) "条款", "article", 16.0, "例如“第三十五条”";
        long(text) "条款内容", "text", 60.0, "可留空";
    } }
}

/// Sheet 常见问题.
pub(super) fn faq_columns() -> Vec<Column<Question>> {
    columns! { Question {
        text(question) "问题", "question", 32.0, "必填";
        long(answer) "答案", "answer", 60.0, "必填";
    } }
}
