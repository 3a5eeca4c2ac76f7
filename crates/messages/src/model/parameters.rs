//! What a message can name. No parameter holds a person's name, number or free text about them: a message may be read
//! over somebody's shoulder, and its row must survive the person's being forgotten unchanged.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use wuchuang_calendar::{Calendar, Clock, ClockRule, weekday_name};

/// A place in a text, written `{number}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parameter {
    /// 事项名称.
    Item,
    /// 办件编号.
    Number,
    /// 查询码.
    Code,
    /// 文书编号.
    Notice,
    /// How many.
    Count,
    /// How many working days.
    Days,
    /// 承诺时限 in words.
    Limit,
    /// 承诺办结日期.
    Due,
    /// 原定办结日期.
    Before,
    /// Why, in words without personal data.
    Reason,
    /// Until when the person is asked to answer, in words.
    Until,
    /// On which ground.
    Ground,
    /// Which special procedure.
    Procedure,
    /// By which article.
    Article,
    /// Which organisation.
    Organisation,
    /// Which licence or result.
    Result,
    /// How the result is handed over.
    Delivery,
    /// The address for looking up: of the house, not of the message.
    Link,
    /// The address on which the ended case is rated.
    Rate,
    /// 县名.
    County,
    /// 咨询电话.
    Telephone,
    /// When several departments come together on the spot, in words.
    Appointment,
    /// What the drawn process of the item says, word for word as it was drawn.
    Message,
    /// What a member of staff is to do, in a word.
    Deed,
    /// The page of the house on which they do it: a path.
    Page,
    /// What oversight found.
    Violation,
}

impl Parameter {
    /// All parameters.
    pub const ALL: [Self; 26] = [
        Self::Item,
        Self::Number,
        Self::Code,
        Self::Notice,
        Self::Count,
        Self::Days,
        Self::Limit,
        Self::Due,
        Self::Before,
        Self::Reason,
        Self::Until,
        Self::Ground,
        Self::Procedure,
        Self::Article,
        Self::Organisation,
        Self::Result,
        Self::Delivery,
        Self::Link,
        Self::Rate,
        Self::County,
        Self::Telephone,
        Self::Appointment,
        Self::Message,
        Self::Deed,
        Self::Page,
        Self::Violation,
    ];

    /// What every text may name.
    pub const COMMON: [Self; 3] = [Self::Link, Self::County, Self::Telephone];

    /// The word between the braces.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Number => "number",
            Self::Code => "code",
            Self::Notice => "notice",
            Self::Count => "count",
            Self::Days => "days",
            Self::Limit => "limit",
            Self::Due => "due",
            Self::Before => "before",
            Self::Reason => "reason",
            Self::Until => "until",
            Self::Ground => "ground",
            Self::Procedure => "procedure",
            Self::Article => "article",
            Self::Organisation => "organisation",
            Self::Result => "result",
            Self::Delivery => "delivery",
            Self::Link => "link",
            Self::Rate => "rate",
            Self::County => "county",
            Self::Telephone => "telephone",
            Self::Appointment => "appointment",
            Self::Message => "message",
            Self::Deed => "deed",
            Self::Page => "page",
            Self::Violation => "violation",
        }
    }

    /// What it stands for, for the administrator.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Item => "事项名称",
            Self::Number => "办件编号",
            Self::Code => "查询码",
            Self::Notice => "文书编号",
            Self::Count => "几处（项）",
            Self::Days => "几个工作日",
            Self::Limit => "承诺时限",
            Self::Due => "承诺办结日期",
            Self::Before => "原定办结日期",
            Self::Reason => "调整原因",
            Self::Until => "答复期限",
            Self::Ground => "不予受理的情形",
            Self::Procedure => "特别程序",
            Self::Article => "法律依据",
            Self::Organisation => "办理单位",
            Self::Result => "证照或结果名称",
            Self::Delivery => "送达方式",
            Self::Link => "查询网址",
            Self::Rate => "评价网址",
            Self::County => "县名",
            Self::Telephone => "咨询电话",
            Self::Appointment => "约定时间",
            Self::Message => "流程图里写的话",
            Self::Deed => "要办的事",
            Self::Page => "办理页面",
            Self::Violation => "监察发现的问题",
        }
    }

    /// An example for the preview.
    pub const fn sample(self) -> &'static str {
        match self {
            Self::Item => "失业登记",
            Self::Number => "610924RSJU20261122000012",
            Self::Code => "7K3M9Q",
            Self::Notice => "紫人社补〔2026〕12号",
            Self::Count => "2",
            Self::Days => "10",
            Self::Limit => "5 个工作日",
            Self::Due => "11月27日周五",
            Self::Before => "11月25日周三",
            Self::Reason => "工作日历更新（11月26日改为放假）",
            Self::Until => "在11月30日周一前",
            Self::Ground => "不属于本机关职权范围",
            Self::Procedure => "专家评审",
            Self::Article => "《行政许可法》第四十五条",
            Self::Organisation => "紫阳县人力资源和社会保障局",
            Self::Result => "就业创业证",
            Self::Delivery => "窗口领取",
            Self::Link => "https://zwfw.example.gov.cn/progress",
            Self::Rate => {
                "https://zwfw.example.gov.cn/rate/0123456789abcdef0123456789abcdef?via=sms"
            }
            Self::County => "紫阳县",
            Self::Telephone => "12345",
            Self::Appointment => "11月30日 09:30",
            Self::Message => "请于三日内到现场配合核查",
            Self::Deed => "签收",
            Self::Page => "https://zwfw.example.gov.cn/staff/supervision",
            Self::Violation => "超时未决",
        }
    }

    /// Reads the word between the braces.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|parameter| parameter.code() == code)
    }
}

/// What the promised end of a case is counted from. The date itself depends on the calendar in force, which an event
/// does not know, so it is counted when the message is read or sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueStart {
    /// Both limits.
    pub rule: ClockRule,
    /// When the case counts as accepted.
    pub at: Timestamp,
}

/// The values of one message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameters {
    /// Those that the event gave.
    #[serde(flatten)]
    values: BTreeMap<Parameter, String>,
    /// From when the promised end is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_start: Option<DueStart>,
}

impl Parameters {
    /// Adds a value.
    #[must_use]
    pub fn with(mut self, parameter: Parameter, value: impl ToString) -> Self {
        self.values.insert(parameter, value.to_string());
        self
    }

    /// Adds the promised end.
    #[must_use]
    pub fn due_from(mut self, rule: ClockRule, at: Timestamp) -> Self {
        self.due_start = Some(DueStart { rule, at });
        self
    }

    /// The value that the event gave; empty when it gave none.
    pub(crate) fn given(&self, parameter: Parameter) -> &str {
        self.values.get(&parameter).map_or("", String::as_str)
    }

    /// The value of a parameter; empty when the event gave none.
    pub fn value(&self, parameter: Parameter, calendar: &Calendar) -> String {
        if parameter == Parameter::Due
            && let Some(start) = &self.due_start
        {
            let due = Clock::start_at(start.rule.clone(), start.at).due_dates(calendar, start.at);
            return day_words(due.binding().date);
        }
        self.values.get(&parameter).cloned().unwrap_or_default()
    }
}

/// `11月27日周五`: short enough for an SMS, and with the weekday that people remember.
pub fn day_words(date: Date) -> String {
    format!("{}月{}日{}", date.month(), date.day(), weekday_name(date))
}

#[cfg(test)]
mod tests {
    use wuchuang_calendar::Limit;

    use super::*;

    #[test]
    fn the_promised_end_follows_the_calendar_in_force() {
        let rule = ClockRule::new(Limit::working_days(20), Limit::working_days(5), None).unwrap();
        let at = "2026-11-20T02:00:00Z".parse().unwrap();
        let parameters = Parameters::default().due_from(rule, at);
        let stored = serde_json::to_string(&parameters).unwrap();
        let read: Parameters = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, parameters);
        assert_eq!(
            read.value(Parameter::Due, &Calendar::embedded()),
            "11月27日周五"
        );
    }

    #[test]
    fn parameters_read_back() {
        for parameter in Parameter::ALL {
            assert_eq!(Parameter::from_code(parameter.code()), Some(parameter));
        }
        let parameters = Parameters::default().with(Parameter::Number, "1");
        let stored = serde_json::to_string(&parameters).unwrap();
        assert_eq!(stored, r#"{"number":"1"}"#);
        assert_eq!(
            serde_json::from_str::<Parameters>(&stored).unwrap(),
            parameters
        );
    }
}
