//! Claims the ticked cases of the list, and what the list says above itself afterwards.

use axum::{Form, extract::State, response::Redirect};
use serde::Deserialize;
use wuchuang_kernel::CaseId;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure,
    page::{Flash, FlashKind},
};

use super::query::LIST;
use crate::{model::CaseCommand, rooms::CaseRooms};

/// How many cases are claimed in one go.
const CLAIMS_MAX: usize = 50;

/// What the list says above itself.
#[derive(Debug, Default, Deserialize)]
pub(in super::super) struct Told {
    /// `1` after a deed that took the case out of the visitor's hands.
    #[serde(default)]
    done: String,
    /// How many cases were claimed; absent when nothing was sent.
    claimed: Option<usize>,
    /// How many of the ticked ones were left.
    #[serde(default)]
    left: usize,
}

impl Told {
    pub(super) fn flash(&self, is_stale: bool) -> Option<Flash> {
        if let Some(claimed) = self.claimed {
            return Some(of_claims(claimed, self.left));
        }
        let (kind, text) = match (self.done.as_str(), is_stale) {
            ("1", _) => (
                FlashKind::Success,
                "已办好。这个办件已转到下一个岗位或单位，不再在您这里。",
            ),
            (_, true) => (
                FlashKind::Notice,
                "查找的内容只保留几个小时，现在已经没有了，请重新输入。",
            ),
            _ => return None,
        };
        Some(Flash {
            kind,
            text: text.to_owned(),
        })
    }
}

/// What became of the ticked cases.
fn of_claims(claimed: usize, left: usize) -> Flash {
    let (kind, text) = match (claimed, left) {
        (0, 0) => (
            FlashKind::Warning,
            "没有勾选办件。请先勾选要认领的办件，再按“认领所选”。".to_owned(),
        ),
        (_, 0) => (FlashKind::Success, format!("已认领 {claimed} 件。")),
        _ => (
            FlashKind::Warning,
            format!(
                "已认领 {claimed} 件；另有 {left} 件没有认领：同事刚刚处理过，或者不属于您的岗位。"
            ),
        ),
    };
    Flash { kind, text }
}

/// Claims the ticked cases. Those that a colleague took meanwhile, or that the visitor may not handle, are left and
/// counted; they do not keep the others from being claimed.
pub(in super::super) async fn claim(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Redirect, Failure> {
    let value = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let back = value("back").unwrap_or_default();
    let (mut claimed, mut left) = (0, 0);
    for (_, id) in fields
        .iter()
        .filter(|(name, _)| name == "case")
        .take(CLAIMS_MAX)
    {
        match claim_one(&rooms, &caller, id).await {
            Ok(()) => claimed += 1,
            Err(failure) if failure.status.is_client_error() => left += 1,
            Err(failure) => return Err(failure),
        }
    }
    let is_list = back.split('?').next() == Some(LIST);
    let back = if is_list {
        back
    } else {
        "/staff/cases?view=mine"
    };
    let joint = if back.contains('?') { '&' } else { '?' };
    Ok(Redirect::to(&format!(
        "{back}{joint}claimed={claimed}&left={left}"
    )))
}

async fn claim_one(rooms: &CaseRooms, caller: &Caller, id: &str) -> Result<(), Failure> {
    let id: CaseId = id.parse().map_err(|_| Failure::not_found())?;
    rooms.case_for(caller, id, "case_claim").await?;
    let order = caller.order(None, Expected::Existing);
    rooms.cases.act(id, CaseCommand::Claim, order).await?;
    Ok(())
}
