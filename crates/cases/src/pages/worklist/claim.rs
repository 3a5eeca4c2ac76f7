//! Claims the ticked cases of the list, and what the list says above itself afterwards.

use axum::{Form, extract::State, response::Redirect};
use serde::Deserialize;
use wuchuang_kernel::{CaseId, CommandId};
use wuchuang_ledger::{Expected, Order};
use wuchuang_webkit::{
    Caller, Failure,
    page::{Flash, FlashKind},
};

use super::query::LIST;
use crate::{model::CaseCommand, pages::require_claim, rooms::CaseRooms};

/// How many cases are claimed in one go.
pub(crate) const CLAIMS_MAX: usize = 50;

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
    let ticked = fields.iter().filter(|(name, _)| name == "case");
    let ticked: Vec<&str> = ticked.map(|(_, id)| id.as_str()).take(CLAIMS_MAX).collect();
    let Claims { claimed, left } = claim_several(&rooms, &caller, &ticked).await?;
    let (claimed, left) = (claimed.len(), left.len());
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

/// What became of several claims.
pub(crate) struct Claims {
    /// The cases that the visitor holds now.
    pub(crate) claimed: Vec<String>,
    /// Those that were left: somebody else holds them, or the visitor may not handle them.
    pub(crate) left: Vec<String>,
}

/// Claims cases one by one; one that is refused does not keep the others from being claimed.
///
/// # Errors
/// When the house cannot do it now; what was claimed until then stays claimed.
pub(crate) async fn claim_several(
    rooms: &CaseRooms,
    caller: &Caller,
    cases: &[&str],
) -> Result<Claims, Failure> {
    let mut claims = Claims {
        claimed: Vec::new(),
        left: Vec::new(),
    };
    for id in cases {
        match claim_one(rooms, caller, id).await {
            Ok(()) => claims.claimed.push((*id).to_owned()),
            Err(failure) if failure.status.is_client_error() => claims.left.push((*id).to_owned()),
            Err(failure) => return Err(failure),
        }
    }
    Ok(claims)
}

async fn claim_one(rooms: &CaseRooms, caller: &Caller, id: &str) -> Result<(), Failure> {
    let id: CaseId = id.parse().map_err(|_| Failure::not_found())?;
    let case = rooms.case_for(caller, id, "case_claim").await?;
    require_claim(caller, &case)?;
    let order = caller.order(None, Expected::Existing);
    // A program names all its claims with one key; each case needs one of its own.
    let key = order.command_id.uuid().as_u128() ^ id.uuid().as_u128();
    let order = Order {
        command_id: CommandId::from_u128(key),
        ..order
    };
    rooms.cases.act(id, CaseCommand::Claim, order).await?;
    Ok(())
}
