//! What a running case wants from its applicant, in the portal's words. What it wants is the case slice's to say.

use serde_json::Value;
use wuchuang_cases::{
    model::{Case, Stage},
    wanted::questions,
};
use wuchuang_webkit::page::PageContext;

pub(super) use wuchuang_cases::wanted::{Subject, Wanted, wanted, with_signatures};

/// A form with one question of a form.
pub(super) fn one_question(schema: &Value, field: &str) -> Option<Value> {
    questions(schema, &[field])
}

/// What the page is called.
pub(super) fn title(case: &Case) -> &'static str {
    if case.stage == Stage::Correcting {
        "补正材料"
    } else {
        "补交容缺材料"
    }
}

/// What the page says first.
pub(super) fn opening(page: &PageContext, case: &Case, count: usize) -> String {
    if case.stage == Stage::Correcting {
        page.tf(
            "下面 {count} 项是一次性告知您的全部内容，每一项补好后，最后按“提交补正”。",
            &[("count", &count)],
        )
    } else {
        page.tf(
            "受理时约定后补的 {count} 份材料，可以一起交，也可以分几次交。",
            &[("count", &count)],
        )
    }
}
