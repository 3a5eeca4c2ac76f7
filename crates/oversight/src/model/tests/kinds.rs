//! The table of violations in the words of a county.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{Actor, Channel};
use wuchuang_ledger::{Context, Stream};

use crate::model::kinds::{KindChange, KindCommand, KindStream, Kinds, table_of};

#[track_caller]
fn check(changes: &[(u8, &str, bool, &str)], expected: &Expect) {
    let calendar = Calendar::embedded();
    let region = "610924".parse().unwrap();
    let now = "2026-11-23T02:00:00Z".parse().unwrap();
    let context = Context {
        region,
        stream: table_of(region),
        now,
        actor: &Actor::SYSTEM,
        channel: Channel::Office,
        calendar: &calendar,
        number: None,
    };
    let mut state = Kinds::default();
    let mut told = String::new();
    for (number, name, is_used, reason) in changes {
        let command = KindCommand::Change(KindChange {
            number: *number,
            name: (*name).to_owned(),
            is_used: *is_used,
            reason: (*reason).to_owned(),
        });
        match KindStream::decide(&state, &command, &context) {
            Ok(events) => {
                for event in &events {
                    KindStream::apply(&mut state, event, now);
                }
                let used = if state.is_used(*number) {
                    "在用"
                } else {
                    "不用"
                };
                let _ = writeln!(told, "{number} {} {used}", state.name(*number));
            }
            Err(refusal) => {
                let field = refusal.field.as_deref().unwrap_or_default();
                let _ = writeln!(told, "✗ {} {field}", refusal.code);
            }
        }
    }
    let _ = write!(
        told,
        "{} 种，修改 {} 次",
        state.all().count(),
        state.changes.len()
    );
    expected.assert_eq(&told);
}

#[test]
fn a_county_names_its_kinds_and_leaves_some_out() {
    let why = "紫监办〔2026〕2号";
    check(
        &[
            (1, "系统外审批", true, why),
            (1, "系统外审批", true, why),
            (1, "系统外审批", false, why),
            (2, "系统外审批", true, why),
            (2, "应进未进", true, why),
            (3, "", true, why),
            (3, "长".repeat(21).as_str(), true, why),
            (3, "擅自设条件", true, " "),
            (0, "什么", true, why),
            (33, "什么", true, why),
            (32, "代收现金", false, why),
        ],
        &expect![[r#"
            1 系统外审批 在用
            ✗ nothing_changed name
            1 系统外审批 不用
            ✗ kind_name_taken name
            ✗ nothing_changed name
            ✗ text_missing name
            ✗ text_missing name
            ✗ text_missing reason
            ✗ kind_unknown number
            ✗ kind_unknown number
            32 代收现金 不用
            32 种，修改 3 次"#]],
    );
}
