//! Where the value of an input comes from. A rule names what it needs in the words of the county; the house finds it among what
//! it knows of every case, and among the questions of the application form, by their label or by their key.

use serde_json::{Map, Value};
use wuchuang_decision::Definition;
use wuchuang_webkit::forms::{Field, Form};

use crate::model::content::ItemContent;

/// What the house knows of a case without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fact {
    /// 年龄: whole years on the day, by the citizen number.
    Age,
    /// 性别, by the citizen number.
    Sex,
    /// 出生日期, by the citizen number.
    Birthday,
    /// 证件区划: the first six digits of the citizen number.
    NumberRegion,
    /// 申请人类型.
    ApplicantKind,
    /// 有代理人.
    HasAgent,
    /// 申请渠道.
    Channel,
    /// 已交材料: the names of what was handed in.
    Given,
    /// 未交材料: the names of what is required and missing.
    Missing,
    /// 材料齐全.
    IsComplete,
}

impl Fact {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Age,
        Self::Sex,
        Self::Birthday,
        Self::NumberRegion,
        Self::ApplicantKind,
        Self::HasAgent,
        Self::Channel,
        Self::Given,
        Self::Missing,
        Self::IsComplete,
    ];

    /// The name by which rules ask for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Age => "年龄",
            Self::Sex => "性别",
            Self::Birthday => "出生日期",
            Self::NumberRegion => "证件区划",
            Self::ApplicantKind => "申请人类型",
            Self::HasAgent => "有代理人",
            Self::Channel => "申请渠道",
            Self::Given => "已交材料",
            Self::Missing => "未交材料",
            Self::IsComplete => "材料齐全",
        }
    }

    /// What it is.
    pub const fn explain(self) -> &'static str {
        match self {
            Self::Age => "周岁，数字；按身份证号和办理当天计算，单位申请时为空",
            Self::Sex => "“男”或“女”；按身份证号，单位申请时为空",
            Self::Birthday => "日期；按身份证号，单位申请时为空",
            Self::NumberRegion => "身份证号前六位，文字",
            Self::ApplicantKind => "“个人”或“单位”",
            Self::HasAgent => "“是”或“否”",
            Self::Channel => "“网上”“窗口”“接口”等",
            Self::Given => "材料名称的列表",
            Self::Missing => "必要而未交的材料名称的列表",
            Self::IsComplete => "“是”或“否”：必要材料是否都交了",
        }
    }
}

/// Where the value of an input comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputSource {
    /// The house knows it.
    Fact(Fact),
    /// The form asks for it.
    Answer {
        /// The question's key.
        key: String,
        /// What people read for the values of a choice; empty when the rule names the question by its key and so means the
        /// values themselves.
        labels: Vec<(String, String)>,
    },
}

impl InputSource {
    /// The value in one case; null where nobody answered.
    pub fn value(&self, fact: &dyn Fn(Fact) -> Value, answers: &Map<String, Value>) -> Value {
        match self {
            Self::Fact(of) => fact(*of),
            Self::Answer { key, labels } => match answers.get(key) {
                None => Value::Null,
                Some(Value::Array(items)) => {
                    items.iter().map(|item| in_words(item, labels)).collect()
                }
                Some(answer) => in_words(answer, labels),
            },
        }
    }
}

/// A choice in the words of its label. An answer that was left empty is no answer.
fn in_words(answer: &Value, labels: &[(String, String)]) -> Value {
    let Value::String(text) = answer else {
        return answer.clone();
    };
    if text.is_empty() {
        return Value::Null;
    }
    let label = labels.iter().find(|(value, _)| value == text);
    label.map_or_else(|| answer.clone(), |(_, label)| label.as_str().into())
}

/// The sources of the inputs of a file that are known.
pub(super) fn of(content: &ItemContent, definition: &Definition) -> Vec<(String, InputSource)> {
    let form = Form::parse(&content.form_text()).ok();
    let fields = form.as_ref().map_or(&[][..], Form::fields);
    let inputs = definition.inputs().into_iter();
    inputs
        .filter_map(|input| {
            let source = find(&input.name, fields)?;
            Some((input.name, source))
        })
        .collect()
}

fn find(name: &str, fields: &[Field]) -> Option<InputSource> {
    if let Some(field) = fields.iter().find(|field| field.name == name) {
        return Some(InputSource::Answer {
            key: field.name.clone(),
            labels: Vec::new(),
        });
    }
    if let Some(field) = fields.iter().find(|field| plain(&field.label) == name) {
        let labels = field.choices.iter();
        let labels = labels.map(|choice| (choice.value.clone(), choice.label.clone()));
        return Some(InputSource::Answer {
            key: field.name.clone(),
            labels: labels.collect(),
        });
    }
    let fact = Fact::ALL.into_iter().find(|fact| fact.name() == name)?;
    Some(InputSource::Fact(fact))
}

/// A label as the decision language sees a name: runs of white space are one blank.
fn plain(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ")
}
