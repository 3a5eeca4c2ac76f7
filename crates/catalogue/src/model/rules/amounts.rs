//! What decisions say in numbers: what an application costs, in yuan, and when a case turns yellow, in working days before its
//! last day or as a share of its limit.

use serde_json::{Number, Value};
use wuchuang_decision::Evaluation;

use super::uses::RESULT;

/// The members of a result that may hold a fee.
const FEES: [&str; 3] = ["费用", "金额", RESULT];
/// What a decision says where nothing is to be paid.
const FREE: [&str; 4] = ["免费", "不收费", "免收", "免"];
/// The highest fee, in fen: one hundred million yuan. More is a mistake of the table.
const FEE_FEN_MAX: u64 = 10_000_000_000;
/// The member that holds a number of working days before the last day.
const DAYS: &str = "提前工作日";
/// The member that holds a share of the limit, from 0 to 1.
const SHARE: &str = "已用时限比例";
/// How many working days before the last day a case may turn yellow at most.
const WARNING_DAYS_MAX: u16 = 250;

/// What an application costs, in fen: a decision says it in yuan, alone or as 费用.
///
/// # Errors
/// What it says instead, in Chinese.
pub fn fee_fen(answer: &Evaluation) -> Result<u64, String> {
    let said = match &answer.result {
        Value::Object(members) => FEES.iter().find_map(|name| members.get(*name)),
        single => Some(single),
    };
    match said {
        None | Some(Value::Null) => Err("规则没有说收多少。".to_owned()),
        Some(Value::String(text)) if FREE.contains(&text.trim()) => Ok(0),
        Some(Value::Number(yuan)) => {
            fen(yuan).ok_or_else(|| format!("规则算出的费用“{yuan}”不是到分为止的正数。"))
        }
        Some(other) => Err(format!(
            "规则算出的费用“{}”不是数字。",
            super::value_text(other)
        )),
    }
}

/// Yuan as fen; `None` for less than nothing, for parts of a fen, and for more than anything costs.
fn fen(yuan: &Number) -> Option<u64> {
    let text = yuan.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = part.trim_end_matches('0');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let part: u64 = format!("{part:0<2}").parse().ok()?;
    let whole: u64 = whole.parse().ok()?;
    let fen = whole.checked_mul(100)?.checked_add(part)?;
    (fen <= FEE_FEN_MAX).then_some(fen)
}

/// A fee as people read it: 不收费, 20 元, 12.50 元.
pub fn fee_text(fen: u64) -> String {
    match (fen / 100, fen % 100) {
        (0, 0) => "不收费".to_owned(),
        (yuan, 0) => format!("{yuan} 元"),
        (yuan, fen) => format!("{yuan}.{fen:02} 元"),
    }
}

/// How many working days before its last day a case turns yellow, where the limit has so many; `None` when the decision says
/// nothing that can be read so. Zero is the last day itself.
pub fn warning_days(answer: &Evaluation, limit_days: u16) -> Option<u16> {
    let (days, share) = match &answer.result {
        Value::Object(members) => (
            members.get(DAYS).or_else(|| members.get(RESULT)),
            members.get(SHARE),
        ),
        single => (Some(single), None),
    };
    let whole = |value: &Value| {
        let days = value.as_f64().filter(|days| days.fract() == 0.0)?;
        (0.0..=f64::from(WARNING_DAYS_MAX))
            .contains(&days)
            .then(|| rounded(days))
    };
    if let Some(days) = days.and_then(whole) {
        return Some(days);
    }
    let share = share?
        .as_f64()
        .filter(|share| (0.0..=1.0).contains(share))?;
    // Rounded so that a share that is met exactly is met: 0.8 of 10 days are 8, not 9.
    let used = rounded((f64::from(limit_days) * share - 1e-9).ceil().max(0.0));
    Some(limit_days.saturating_sub(used).min(WARNING_DAYS_MAX))
}

/// A whole number that is known to be small.
fn rounded(days: f64) -> u16 {
    // Less than nothing by a rounding is nothing, not “-0”.
    format!("{:.0}", days.abs())
        .parse()
        .unwrap_or(WARNING_DAYS_MAX)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    fn said(result: Value) -> Evaluation {
        let table = r#"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">
<decision id="x" name="x"><variable id="v" name="x"/><literalExpression id="l"><text>1</text></literalExpression></decision></definitions>"#;
        let definition = wuchuang_decision::Definition::parse(table).unwrap();
        let mut answer = definition.evaluate("x", &json!({})).unwrap();
        answer.result = result;
        answer
    }

    #[test]
    fn a_fee_is_exact_to_the_fen() {
        let check = |result: Value, expected: Expect| {
            let told = match fee_fen(&said(result)) {
                Ok(fen) => format!("{fen} {}", fee_text(fen)),
                Err(reason) => reason,
            };
            expected.assert_eq(&told);
        };
        check(json!(20), expect!["2000 20 元"]);
        check(json!(12.5), expect!["1250 12.50 元"]);
        check(json!(0.07), expect!["7 0.07 元"]);
        check(json!(0), expect!["0 不收费"]);
        check(json!("免收"), expect!["0 不收费"]);
        check(json!({"费用": 80, "理由": "标准"}), expect!["8000 80 元"]);
        check(json!({"结果": 5}), expect!["500 5 元"]);
        check(json!(null), expect!["规则没有说收多少。"]);
        check(json!({"理由": "无"}), expect!["规则没有说收多少。"]);
        check(json!(-1), expect!["规则算出的费用“-1”不是到分为止的正数。"]);
        check(
            json!(1.005),
            expect!["规则算出的费用“1.005”不是到分为止的正数。"],
        );
        check(
            json!(1e18),
            expect!["规则算出的费用“1e+18”不是到分为止的正数。"],
        );
        check(json!("二十"), expect!["规则算出的费用“二十”不是数字。"]);
    }

    #[test]
    fn a_warning_is_days_before_the_end_or_a_share_of_the_limit() {
        for (result, limit, expected) in [
            (json!(3), 20, Some(3)),
            (json!(0), 20, Some(0)),
            (json!({"提前工作日": 5}), 20, Some(5)),
            (json!({"已用时限比例": 0.8}), 10, Some(2)),
            (json!({"已用时限比例": 0.5}), 15, Some(7)),
            (json!({"已用时限比例": 1}), 10, Some(0)),
            (json!({"已用时限比例": 0}), 10, Some(10)),
            (json!({"已用时限比例": 1.2}), 10, None),
            (json!(-1), 10, None),
            (json!(2.5), 10, None),
            (json!("三"), 10, None),
            (json!(null), 10, None),
            (json!(100_000), 10, None),
        ] {
            let found = warning_days(&said(result.clone()), limit);
            assert_eq!(found, expected, "{result} of {limit}");
        }
    }
}
