//! 变更记录: who changed what, when, from what to what, read from the ledger's records. Personal
//! values stay sealed; that they changed is all that is shown.

use std::collections::HashMap;

use serde_json::Value;
use wuchuang_kernel::{Actor, OrganisationId, Region, Role, StreamId};
use wuchuang_ledger::{LoadError, Record};
use wuchuang_webkit::Failure;

use super::moment_us;
use crate::{model::organisation::OrganisationKind, store::Directory};

/// One line of a history.
pub(super) struct HistoryLine {
    pub(super) when: String,
    pub(super) who: String,
    pub(super) what: &'static str,
    pub(super) changes: Vec<Change>,
}

/// A value that changed.
pub(super) struct Change {
    pub(super) name: &'static str,
    pub(super) before: String,
    pub(super) after: String,
}

/// The history of a stream, newest first.
pub(super) async fn history(
    directory: &Directory,
    kind: &str,
    region: Region,
    stream: StreamId,
) -> Result<Vec<HistoryLine>, Failure> {
    let records = directory.ledger().records(kind, region, stream).await?;
    let mut known = HashMap::new();
    let mut lines = Vec::with_capacity(records.len());
    for record in &records {
        lines.push(line(directory, region, record, &mut known).await?);
    }
    lines.reverse();
    Ok(lines)
}

async fn line(
    directory: &Directory,
    region: Region,
    record: &Record,
    known: &mut HashMap<String, String>,
) -> Result<HistoryLine, Failure> {
    let payload: Value = serde_json::from_str(&record.payload).map_err(|source| {
        Failure::from(LoadError::Payload {
            region: record.region.clone(),
            seq: record.seq,
            source,
        })
    })?;
    // Values of different posts of one person are told apart by the post.
    let scope = payload
        .get("post")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let mut changes = Vec::new();
    for (key, value) in flat(&payload) {
        let Some(name) = label(&key, &record.stream_kind) else {
            continue;
        };
        let after = shown(directory, region, &key, value).await?;
        // A sealed value differs each time, so the sealed text itself is what is compared.
        let compared = if is_personal(value) {
            value.to_string()
        } else {
            after.clone()
        };
        let before = known.insert(format!("{scope}/{key}"), compared.clone());
        if before.as_ref() == Some(&compared) || (before.is_none() && after.is_empty()) {
            continue;
        }
        let before = match before {
            Some(_) if is_personal(value) => "（个人信息）".to_owned(),
            Some(before) => before,
            None => String::new(),
        };
        changes.push(Change {
            name,
            before,
            after,
        });
    }
    Ok(HistoryLine {
        when: moment_us(record.recorded_at_us),
        who: who(directory, region, &record.actor).await?,
        what: what(&record.stream_kind, &record.event_type),
        changes,
    })
}

async fn who(directory: &Directory, region: Region, actor: &str) -> Result<String, Failure> {
    let actor: Option<Actor> = serde_json::from_str(actor).ok();
    Ok(match actor.filter(|actor| actor.person.is_some()) {
        Some(actor) => directory
            .actor_name(region, &actor)
            .await?
            .unwrap_or_default(),
        None => "系统".to_owned(),
    })
}

/// The fields of a payload, those of an inner object too.
fn flat(payload: &Value) -> Vec<(String, &Value)> {
    let mut fields = Vec::new();
    let Value::Object(outer) = payload else {
        return fields;
    };
    for (key, value) in outer {
        match value {
            Value::Object(inner) if !is_personal(value) => {
                fields.extend(inner.iter().map(|(key, value)| (key.clone(), value)));
            }
            _ => fields.push((key.clone(), value)),
        }
    }
    fields
}

fn is_personal(value: &Value) -> bool {
    value.get("$person").is_some()
}

async fn shown(
    directory: &Directory,
    region: Region,
    key: &str,
    value: &Value,
) -> Result<String, Failure> {
    if is_personal(value) {
        return Ok("（个人信息）".to_owned());
    }
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items
            .iter()
            .filter_map(Value::as_str)
            .map(|code| {
                Role::from_code(code).map_or_else(|| code.to_owned(), |role| role.name().to_owned())
            })
            .collect::<Vec<String>>()
            .join("、"),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    Ok(match key {
        "organisation" | "parent" => match text.parse::<OrganisationId>() {
            Ok(id) => directory.organisation_name(region, id).await?.to_string(),
            Err(_) => text,
        },
        "place" | "reach" => directory
            .division(region, &text)
            .await?
            .map_or(text, |division| division.name),
        "kind" => OrganisationKind::from_code(&text).map_or(text, |kind| kind.name().to_owned()),
        _ => text,
    })
}

fn label(key: &str, kind: &str) -> Option<&'static str> {
    Some(match key {
        "name" if kind == "organisation" => "名称",
        "name" => "姓名",
        "account" => "账号",
        "short_code" => "简码",
        "kind" => "类型",
        "credit_code" => "统一社会信用代码",
        "place" => "服务区域",
        "parent" => "上级机构",
        "phone" => "电话",
        "address" => "地址",
        "organisation" => "机构",
        "title" => "岗位",
        "roles" => "权限",
        "reach" => "管辖区域",
        "from" => "开始",
        "until" => "结束",
        "reason" => "原因",
        _ => return None,
    })
}

fn what(kind: &str, event: &str) -> &'static str {
    match (kind, event) {
        ("organisation", "founded") => "登记机构",
        ("organisation", "changed") => "修改机构",
        ("organisation", "closed") => "停用机构",
        ("organisation", "reopened") => "恢复机构",
        (_, "registered") => "登记人员",
        (_, "corrected") => "修改资料",
        (_, "post_given") => "安排岗位",
        (_, "post_changed") => "调整岗位",
        (_, "post_ended") => "结束岗位",
        (_, "password_reset") => "重置密码",
        (_, "factor_removed") => "解除动态验证码",
        (_, "deactivated") => "停用账号",
        (_, "reactivated") => "恢复账号",
        _ => "其他变更",
    }
}
