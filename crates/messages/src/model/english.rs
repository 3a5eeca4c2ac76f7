//! A message for a person who reads the house in English. The texts that come with the product have English in
//! `locales/en.po`, keyed by the Chinese text as everywhere; what a county wrote itself stays as it wrote it. Values keep
//! their own words where they are names (items, organisations, results), and are said in English where they are dates,
//! counts or words of the law.

use wuchuang_calendar::Calendar;
use wuchuang_webkit::language::{Language, Translator};

use super::{Parameter, Parameters, TemplateName, TemplateText};

/// What stands between the number of a case and the one over all that was handed in with it.
pub(crate) const WHOLE_NUMBER: &str = "，总编号 ";

/// The text and its values in the reader's language; as they are for everybody who reads Chinese, and for a text that the
/// county wrote.
pub(crate) fn said(
    translator: &Translator,
    name: TemplateName,
    text: TemplateText,
    parameters: Parameters,
    calendar: &Calendar,
) -> (TemplateText, Parameters) {
    if translator.language() != Language::English || text != name.default_text() {
        return (text, parameters);
    }
    let said = TemplateText {
        subject: translator.t(&text.subject).into_owned(),
        body: translator.t(&text.body).into_owned(),
        sms: text.sms,
    };
    let mut values = Parameters::default();
    for parameter in Parameter::ALL {
        let value = parameters.value(parameter, calendar);
        if !value.is_empty() {
            values = values.with(parameter, value_in_english(translator, parameter, &value));
        }
    }
    (said, values)
}

fn value_in_english(translator: &Translator, parameter: Parameter, value: &str) -> String {
    let told = match parameter {
        Parameter::Due | Parameter::Before => day(translator, value),
        Parameter::Until => value
            .strip_prefix('在')
            .and_then(|rest| rest.strip_suffix('前'))
            .and_then(|date| {
                let date = day(translator, date)?;
                Some(translator.tf("在{day}前", &[("day", &date)]))
            }),
        Parameter::Limit => amount(translator, value),
        Parameter::Reason => reason(translator, value),
        Parameter::Number => numbers(translator, value),
        _ => None,
    };
    told.unwrap_or_else(|| translator.t(value).into_owned())
}

/// `610924RSJU20261122000012，总编号 6109240YJS20261122000003`.
fn numbers(translator: &Translator, text: &str) -> Option<String> {
    let (own, whole) = text.split_once(WHOLE_NUMBER)?;
    Some(translator.tf("{own}，总编号 {whole}", &[("own", &own), ("whole", &whole)]))
}

/// `11月27日周五`.
fn day(translator: &Translator, text: &str) -> Option<String> {
    let (month, rest) = text.split_once('月')?;
    let (day, weekday) = rest.split_once('日')?;
    let (month, day): (u8, u8) = (month.parse().ok()?, day.parse().ok()?);
    let weekday = translator.t(weekday);
    Some(translator.tf(
        "{month}月{day}日 {weekday}",
        &[("month", &month), ("day", &day), ("weekday", &weekday)],
    ))
}

/// `5 个工作日`.
fn amount(translator: &Translator, text: &str) -> Option<String> {
    let (count, unit) = text.split_once(' ')?;
    let count: u32 = count.parse().ok()?;
    let key = match unit {
        "个工作日" => "{count} 个工作日",
        "个自然日" => "{count} 个自然日",
        "个工作小时" => "{count} 个工作小时",
        _ => return None,
    };
    Some(translator.tf(key, &[("count", &count)]))
}

/// Why a day moved, in the words of the house.
fn reason(translator: &Translator, text: &str) -> Option<String> {
    if let Some(count) = text
        .strip_prefix("经批准延长")
        .and_then(|rest| rest.strip_suffix("个工作日"))
    {
        return Some(translator.tf("经批准延长{count}个工作日", &[("count", &count)]));
    }
    if let Some(procedure) = text.strip_suffix("已结束") {
        let procedure = translator.t(procedure);
        return Some(translator.tf("{procedure}已结束", &[("procedure", &procedure)]));
    }
    text.starts_with("工作日历更新")
        .then(|| translator.t("工作日历更新").into_owned())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::Arc};

    use expect_test::{Expect, expect};
    use wuchuang_webkit::language::Texts;

    use super::*;
    use crate::model::{MessageChannel, RatePath, Surrounding};

    fn translator(language: Language) -> Translator {
        let texts = Texts::new()
            .unwrap()
            .with_english("messages", include_str!("../../locales/en.po"))
            .and_then(|texts| {
                texts.with_english("portal", include_str!("../../../portal/locales/en.po"))
            })
            .unwrap();
        Translator::new(language, Arc::new(texts))
    }

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}'))
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn every_delivered_text_has_english_that_names_the_same() {
        let english = translator(Language::English);
        for name in TemplateName::ALL {
            let text = name.default_text();
            for chinese in [&text.subject, &text.body] {
                let said = english.t(chinese);
                assert_ne!(said, *chinese, "{} has no English", name.code());
                assert_eq!(places(&said), places(chinese), "{}: {said}", name.code());
                let is_plain = said
                    .chars()
                    .all(|letter| !('\u{4e00}'..='\u{9fff}').contains(&letter));
                assert!(is_plain, "{}: {said}", name.code());
            }
        }
    }

    fn check(language: Language, name: TemplateName, change: &str, expected: Expect) {
        let mut text = name.default_text();
        text.body.push_str(change);
        let parameters = Parameters::default()
            .with(Parameter::Item, "失业登记")
            .with(Parameter::Number, "610924RSJU20261122000012")
            .with(Parameter::Before, "11月25日周三")
            .with(Parameter::Due, "11月27日周五")
            .with(Parameter::Until, "在11月30日周一前")
            .with(Parameter::Count, 2)
            .with(Parameter::Days, 5)
            .with(Parameter::Notice, "紫人社延〔2026〕12号")
            .with(Parameter::Reason, "工作日历更新（11月26日改为放假）");
        let calendar = Calendar::embedded();
        let (text, parameters) = said(&translator(language), name, text, parameters, &calendar);
        let filled = text.fill(
            (MessageChannel::Inbox, None),
            &parameters,
            &Surrounding {
                signature: String::new(),
                county: "紫阳县".into(),
                telephone: "12345".into(),
                origin: "https://zwfw.example.gov.cn".into(),
                rate: RatePath::default(),
            },
            &calendar,
        );
        expected.assert_eq(&format!("{}\n{}", filled.subject, filled.text));
    }

    #[test]
    fn the_number_over_all_parts_is_said_in_english() {
        let both = format!("610924RSJU20261122000012{WHOLE_NUMBER}6109240YJS20261122000003");
        let told = value_in_english(&translator(Language::English), Parameter::Number, &both);
        expect!["610924RSJU20261122000012, number of the whole 6109240YJS20261122000003"]
            .assert_eq(&told);
    }

    #[test]
    fn a_message_is_read_in_english_unless_the_county_wrote_it() {
        let english = Language::English;
        check(
            english,
            TemplateName::CaseDeadlineMoved,
            "",
            expect![[r#"
            The last day has changed: 失业登记
            The last day for “失业登记” (610924RSJU20261122000012) has changed: it was Wed 11-25 and is now Fri 11-27. Reason: the calendar of working days was changed. You need not do anything. Progress: https://zwfw.example.gov.cn/progress"#]],
        );
        check(
            english,
            TemplateName::CaseExtended,
            "",
            expect![[r#"
            More time approved: 失业登记
            “失业登记” (610924RSJU20261122000012) was given 5 more working days. It was to be decided by Wed 11-25 and is now to be decided by Fri 11-27. The reason is in the extension notice (紫人社延〔2026〕12号), which you can read and download under “My applications” or collect at the counter."#]],
        );
        check(
            english,
            TemplateName::CaseCorrectionReminder,
            "",
            expect![[r#"
                Reminder to correct: 失业登记
                “失业登记” (610924RSJU20261122000012) still needs 2 corrections; please send them by Mon 11-30. What is wanted is in the correction notice. You can read it and hand in under “My applications”, or at the counter."#]],
        );
        check(
            english,
            TemplateName::CaseReply,
            "有事请打电话。",
            expect![[r#"
                有新的留言：失业登记
                工作人员在您的“失业登记”（610924RSJU20261122000012）里给您留了言，请到“我的办件”中查看和回复。有事请打电话。"#]],
        );
        check(
            Language::TraditionalChinese,
            TemplateName::CaseReply,
            "",
            expect![[r#"
                有新的留言：失业登记
                工作人员在您的“失业登记”（610924RSJU20261122000012）里给您留了言，请到“我的办件”中查看和回复。"#]],
        );
    }
}
