//! The formats a text can be asked to have, and how such a text is masked.
//!
//! They are behind a trait so that a county can add its own (a water meter's number), while the numbers everybody knows
//! are read by the one crate that knows their rules.

use wuchuang_codes::{
    CitizenNumber, CodeError, PhoneNumber, RecordedCreditCode, RegionCode, mask_citizen_number,
    mask_contact, mask_phone,
};

use super::signature;
use crate::language::Translator;

/// Why a text is not in a format, with the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormatProblem {
    /// It is no number of the kind that it should be.
    Code(CodeError),
    /// A Chinese sentence, which the translator knows.
    Sentence(&'static str),
}

impl From<CodeError> for FormatProblem {
    fn from(error: CodeError) -> Self {
        Self::Code(error)
    }
}

impl FormatProblem {
    /// The sentence in the visitor's language.
    pub fn explain(&self, translator: &Translator) -> String {
        match self {
            Self::Code(error) => translator.explain(error),
            Self::Sentence(sentence) => translator.t(sentence).into_owned(),
        }
    }
}

/// The formats that a form may name.
pub trait Formats: Send + Sync {
    /// Their names.
    fn names(&self) -> Vec<&'static str>;

    /// The canonical form of a text, or what is wrong and the way out.
    fn read(&self, format: &str, text: &str) -> Result<String, FormatProblem>;

    /// What may be wrong with a text that [`Self::read`] takes: it is shown and stops nobody.
    fn warn(&self, _format: &str, _text: &str) -> Option<FormatProblem> {
        None
    }

    /// The text as it is shown to others; `None` when this format is not masked.
    fn mask(&self, format: &str, text: &str) -> Option<String>;
}

/// date, phone, mobile-phone, citizen-number, credit-code, region-code, money, email, signature.
#[derive(Clone, Copy, Debug, Default)]
pub struct StandardFormats;

impl Formats for StandardFormats {
    fn names(&self) -> Vec<&'static str> {
        vec![
            "date",
            "phone",
            "mobile-phone",
            "citizen-number",
            "credit-code",
            "region-code",
            "money",
            "email",
            signature::FORMAT,
        ]
    }

    fn read(&self, format: &str, text: &str) -> Result<String, FormatProblem> {
        Ok(match format {
            "citizen-number" => CitizenNumber::parse(text)?.as_str().to_owned(),
            // Some codes issued early fail the check although they stand on a valid licence: see `warn`.
            "credit-code" => RecordedCreditCode::parse(text)?.as_str().to_owned(),
            "phone" => PhoneNumber::parse(text)?.as_str().to_owned(),
            "mobile-phone" => match PhoneNumber::parse(text)? {
                phone if phone.is_mobile() => phone.as_str().to_owned(),
                _ => {
                    return Err(FormatProblem::Sentence(
                        "这是固定电话，收不到短信。请填 11 位手机号码。",
                    ));
                }
            },
            "region-code" => RegionCode::parse(text)?.to_string(),
            "date" => read_date(text).map_err(FormatProblem::Sentence)?,
            "money" => read_money(text).map_err(FormatProblem::Sentence)?,
            "email" => read_email(text).map_err(FormatProblem::Sentence)?,
            signature::FORMAT => signature::canonical(text)?,
            // `Form::parse` refuses formats that `names` does not list.
            _ => text.to_owned(),
        })
    }

    fn warn(&self, format: &str, text: &str) -> Option<FormatProblem> {
        match format {
            "credit-code" => {
                RecordedCreditCode::parse(text).ok()?.warning()?;
                Some(FormatProblem::Sentence(
                    "校验码（末位）和前面的对不上，请对照证照再核对一遍；证照上就是这样的，不用改。",
                ))
            }
            _ => None,
        }
    }

    fn mask(&self, format: &str, text: &str) -> Option<String> {
        match format {
            "citizen-number" => Some(mask_citizen_number(text)),
            "phone" | "mobile-phone" => Some(mask_phone(text)),
            "email" => Some(mask_contact(text)),
            signature::FORMAT => Some(signature::MASKED.to_owned()),
            _ => None,
        }
    }
}

fn read_date(text: &str) -> Result<String, &'static str> {
    // People write 2026年11月22日, 2026.11.22, 2026/11/22 and 20261122.
    let digits: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let parts = match digits.as_slice() {
        [year, month, day] => Some((*year, *month, *day)),
        [all] if all.len() == 8 => Some((&all[..4], &all[4..6], &all[6..])),
        _ => None,
    };
    let number = |text: &str| text.parse::<i16>().ok();
    parts
        .filter(|(year, ..)| year.len() == 4)
        .and_then(|(year, month, day)| {
            let month = i8::try_from(number(month)?).ok()?;
            let day = i8::try_from(number(day)?).ok()?;
            jiff::civil::Date::new(number(year)?, month, day).ok()
        })
        .map(|date| date.to_string())
        .ok_or("没有这一天。请按“年-月-日”填写，例如 2026-03-05。")
}

fn read_money(text: &str) -> Result<String, &'static str> {
    let plain: String = text
        .trim_end_matches('元')
        .chars()
        .filter(|c| !matches!(c, ',' | '¥' | '￥' | ' '))
        .collect();
    let (whole, cents) = plain.split_once('.').unwrap_or((&plain, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 12
        || cents.len() > 2
        || !is_number(whole)
        || !is_number(cents)
    {
        return Err("请填写数字，最多两位小数，例如 1200.50，不用写“元”。");
    }
    let whole = whole.trim_start_matches('0');
    Ok(format!(
        "{}.{cents:0<2}",
        if whole.is_empty() { "0" } else { whole }
    ))
}

fn read_email(text: &str) -> Result<String, &'static str> {
    let is_right = text.len() <= 254
        && text.is_ascii()
        && !text.contains(char::is_whitespace)
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && !host.contains('@')
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
        });
    if is_right {
        Ok(text.to_owned())
    } else {
        Err("不是完整的电子邮箱，例如 zhang@example.com。请检查有没有少了 @ 或点。")
    }
}

#[cfg(test)]
mod tests {
    use super::{Formats, StandardFormats};

    #[test]
    fn canonical_forms() {
        for (format, text, expected) in [
            ("date", "2026年3月5日", Some("2026-03-05")),
            ("date", "20260305", Some("2026-03-05")),
            ("date", "2026-02-30", None),
            ("date", "26-02-03", None),
            ("money", "1,200.5元", Some("1200.50")),
            ("money", "0008", Some("8.00")),
            ("money", "1.234", None),
            ("money", "-5", None),
            ("money", "", None),
            ("email", "a@b.cn", Some("a@b.cn")),
            ("email", "a@b", None),
            ("email", "a@@b.cn", None),
        ] {
            assert_eq!(
                StandardFormats.read(format, text).ok().as_deref(),
                expected,
                "{format} {text}"
            );
        }
    }

    #[test]
    fn a_credit_code_issued_early_is_taken_with_a_warning() {
        for (text, is_taken, is_warned) in [
            ("914403001922038216", true, false),
            ("11440100007482575J", true, true),
            ("11440100007482575", false, false),
        ] {
            let read = StandardFormats.read("credit-code", text);
            assert_eq!(read.is_ok(), is_taken, "{text}");
            let warning = StandardFormats.warn("credit-code", text);
            assert_eq!(warning.is_some(), is_warned, "{text}");
        }
    }

    #[test]
    fn masks_hide_even_what_does_not_parse() {
        assert_eq!(
            StandardFormats.mask("citizen-number", "61242519"),
            Some("****".to_owned())
        );
        assert_eq!(
            StandardFormats.mask("email", "zhang@example.com"),
            Some("z***@example.com".to_owned())
        );
        assert_eq!(StandardFormats.mask("date", "2026-03-05"), None);
    }
}
