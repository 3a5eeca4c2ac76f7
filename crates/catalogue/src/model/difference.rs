//! What changed between two versions of an item, element by element.

use serde_json::Value;

use super::{
    content::ItemContent,
    drawn,
    limits::LimitUnit,
    power::{DutyParty, DutyStage},
    rules::{ItemRules, digest, read},
    words::{MaterialForm, Necessity, SourceChannel},
};

/// One element that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The element's name in Chinese.
    pub element: &'static str,
    /// What it was; empty when it was not there.
    pub before: String,
    /// What it is; empty when it is gone.
    pub after: String,
}

/// The changes from one version to the next, in the order of the elements.
pub fn differences(before: &ItemContent, after: &ItemContent) -> Vec<Change> {
    let (before, after) = (object(before), object(after));
    let null = Value::Null;
    let mut changes: Vec<Change> = Vec::new();
    for (key, element) in ELEMENTS {
        let old = before.get(*key).unwrap_or(&null);
        let new = after.get(*key).unwrap_or(&null);
        if old == new {
            continue;
        }
        match (old, new) {
            (old, new) if *key == "form" => changes.push(Change {
                element,
                before: questions_without(old, new),
                after: questions_without(new, old),
            }),
            (old, new) if *key == "drawn_process" => changes.push(Change {
                element,
                before: drawing(old),
                after: drawing(new),
            }),
            (old, new) if *key == "rules" => changes.push(Change {
                element,
                before: rules(old),
                after: rules(new),
            }),
            (Value::Array(old), Value::Array(new)) => {
                // A long list is compared entry by entry, so that one new material is one line.
                let gone = old.iter().filter(|entry| !new.contains(entry)).map(words);
                let come = new.iter().filter(|entry| !old.contains(entry)).map(words);
                let (gone, come): (Vec<_>, Vec<_>) = (gone.collect(), come.collect());
                let moved = gone.is_empty() && come.is_empty();
                changes.push(Change {
                    element,
                    before: if moved {
                        "顺序".to_owned()
                    } else {
                        gone.join("\n")
                    },
                    after: if moved {
                        "改了顺序".to_owned()
                    } else {
                        come.join("\n")
                    },
                });
            }
            (old, new) => changes.push(Change {
                element,
                before: words(old),
                after: words(new),
            }),
        }
    }
    changes
}

fn object(content: &ItemContent) -> serde_json::Map<String, Value> {
    match serde_json::to_value(content) {
        Ok(Value::Object(object)) => object,
        _ => serde_json::Map::new(),
    }
}

/// The questions of a form that the other one does not ask in the same way, by what people read; the keys of the file say
/// nothing to them.
fn questions_without(form: &Value, other: &Value) -> String {
    let Some(questions) = form.get("properties").and_then(Value::as_object) else {
        return String::new();
    };
    let asked = |(name, question): (&String, &Value)| {
        let title = question.get("title").and_then(Value::as_str);
        format!("“{}”", title.unwrap_or(name))
    };
    let changed: Vec<String> = questions
        .iter()
        .filter(|(name, question)| other.pointer(&format!("/properties/{name}")) != Some(*question))
        .map(asked)
        .collect();
    if changed.is_empty() {
        "必填项、分组或顺序".to_owned()
    } else {
        changed.join("、")
    }
}

/// A drawing by the tasks in it; the text of the file says nothing to people.
fn drawing(file: &Value) -> String {
    let text = file.as_str().unwrap_or_default();
    if text.is_empty() {
        return String::new();
    }
    match drawn::read(text) {
        Ok(process) => {
            let tasks: Vec<String> = process.tasks().map(|task| task.name.to_string()).collect();
            format!("任务：{}", tasks.join("、"))
        }
        Err(problems) => format!("有 {} 处问题的流程图", problems.len()),
    }
}

/// The rules by their decisions, what they are used for and how many test cases they have; when none of these changed, by what
/// else did.
fn rules(value: &Value) -> String {
    let Ok(rules) = serde_json::from_value::<ItemRules>(value.clone()) else {
        return String::new();
    };
    if rules.model.is_empty() {
        return String::new();
    }
    let decisions = match read(&rules.model) {
        Ok(definition) => {
            let tables = definition.table_views().into_iter();
            let rows: Vec<String> = tables
                .map(|table| format!("{}（{}条规则）", table.decision, table.rows.len()))
                .collect();
            rows.join("、")
        }
        Err(problems) => format!("有 {} 处问题的规则文件", problems.len()),
    };
    let uses = rules.uses().into_iter();
    let uses = uses.filter(|(.., decision)| !decision.is_empty());
    let mut parts = vec![decisions];
    parts.extend(uses.map(|(_, what, decision)| format!("{what}：{decision}")));
    if !rules.approval.is_empty() {
        parts.push(format!("抽查千分之{}", rules.sample_per_mille));
    }
    parts.push(format!("用例{}个", rules.tests.len()));
    let digest = digest(&rules.model);
    parts.push(format!("文件{}", &digest[..8]));
    parts.join("；")
}

/// A value in words: the texts in it, without the keys of the file.
fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "是".to_owned(),
        Value::Bool(false) => "否".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(entries) => entries.iter().map(words).collect::<Vec<_>>().join("；"),
        Value::Object(entries) => {
            let parts = entries.iter().filter(|(_, value)| !is_nothing(value));
            let parts = parts.map(|(key, value)| {
                let text = match value {
                    Value::String(code) => {
                        word_of(key, code).map_or_else(|| code.clone(), str::to_owned)
                    }
                    other => words(other),
                };
                match PARTS.iter().find(|(known, _)| known == key) {
                    Some((_, word)) => format!("{word}：{text}"),
                    None => text,
                }
            });
            parts.collect::<Vec<_>>().join("，")
        }
    }
}

/// The word that people read for a code of a closed list; `None` for any other text.
fn word_of(key: &str, code: &str) -> Option<&'static str> {
    match key {
        "unit" => LimitUnit::from_text(code).map(LimitUnit::name),
        "party" => DutyParty::from_text(code).map(DutyParty::name),
        "stage" => DutyStage::from_text(code).map(DutyStage::name),
        "source_channel" => SourceChannel::from_text(code).map(SourceChannel::name),
        "necessity" => Necessity::from_text(code).map(Necessity::name),
        "form" => MaterialForm::from_text(code).map(MaterialForm::name),
        _ => None,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(entries) => entries.is_empty(),
        _ => false,
    }
}

/// What people call an element that is stored under a key; the key itself for one that nobody named.
pub fn element_name(key: &str) -> &str {
    ELEMENTS
        .iter()
        .find(|(known, _)| *known == key)
        .map_or(key, |(_, name)| name)
}

const ELEMENTS: &[(&str, &str)] = &[
    ("name", "事项名称"),
    ("local_code", "地方编码"),
    ("national_code", "国家编码"),
    ("item_type", "事项类型"),
    ("exercise_level", "行使层级"),
    ("service_objects", "服务对象"),
    ("department", "实施主体"),
    ("handling", "办件类型"),
    ("statutory_limit", "法定办结时限"),
    ("promised_limit", "承诺办结时限"),
    ("extension", "延长期限"),
    ("special_procedures", "特别程序"),
    ("steps", "步骤"),
    ("materials", "材料"),
    ("form", "申请表单"),
    ("conditions", "受理条件"),
    ("process", "办理流程"),
    ("drawn_process", "流程图"),
    ("rules", "规则"),
    ("places", "办理地点"),
    ("office_hours", "办理时间"),
    ("phone", "咨询电话"),
    ("complaint_phone", "监督投诉电话"),
    ("fee", "收费"),
    ("legal_basis", "设定依据"),
    ("result", "审批结果"),
    ("tags", "标签"),
    ("without_meeting", "不见面"),
    ("max_visits", "到现场次数"),
    ("online_depth", "网上办理深度"),
    ("cross_region_scope", "通办范围"),
    ("handling_forms", "办理形式"),
    ("delivery_methods", "送达方式"),
    ("conditional_acceptance_allowed", "允许容缺受理"),
    ("commitment_allowed", "实行告知承诺"),
    ("faq", "常见问题"),
    ("keywords", "搜索词"),
    ("review", "审核要素"),
    ("duties", "责任事项"),
    ("accountability", "追责情形"),
    ("supervision", "监管措施"),
    ("supervised", "审管分离"),
    ("sources", "数据来源"),
    ("demonstration", "演示数据"),
    ("note", "备注"),
];

const PARTS: &[(&str, &str)] = &[
    ("name", "名称"),
    ("value", "数值"),
    ("unit", "单位"),
    ("days", "天数"),
    ("copies", "份数"),
    ("tolerable", "可容缺"),
    ("by_commitment", "可承诺代替"),
    ("by_data_sharing", "免提交"),
    ("limit_days", "时限"),
    ("law", "法律"),
    ("article", "条款"),
    ("standard", "标准"),
    ("basis", "依据"),
    ("charged", "收费"),
    ("reducible", "可减免"),
    ("note", "说明"),
    ("sample", "样表"),
    ("question", "问"),
    ("answer", "答"),
    ("stage", "环节"),
    ("measure", "措施"),
    ("by", "监管主体"),
    ("frequency", "频次"),
    ("department", "监管部门"),
    ("acknowledge_days", "签收时限"),
    ("check", "核查内容"),
    ("check_days", "核查时限"),
    ("copy_days", "承诺副本有效期"),
];
