//! The running cases of an item beside its present drawing: which could go over to it, why others could not, and the deed.

use std::{collections::BTreeSet, sync::Arc};

use jiff::civil::Date;
use wuchuang_catalogue::model::{ServiceItem, drawn::DrawingProblem};
use wuchuang_kernel::{CaseId, CommandId, ItemId, Personal, Region, china_date};
use wuchuang_ledger::{Expected, Order};
use wuchuang_webkit::{Caller, Failure};

use super::Cases;
use crate::{
    model::{Case, CaseCommand, DrawnProcess, drawn::obstacles},
    store::{WorklistFilter, WorklistScope},
};

/// How many running cases are looked at at once, the most urgent first.
pub(crate) const MOVING_CASES_MAX: u32 = 200;

/// The drawing of an item that cases are compared with.
pub(crate) struct Present {
    /// What the item is called.
    pub(crate) item_name: String,
    /// The drawing; `None` for an item without one.
    pub(crate) process: Option<Arc<DrawnProcess>>,
    /// What is wrong with it; then there is nothing to compare with.
    pub(crate) problems: Vec<String>,
    /// The version in force that has this drawing; `None` while it stands in a working copy or begins later, and no case can
    /// go over.
    pub(crate) version: Option<u32>,
}

/// A running case that follows another drawing.
pub(crate) struct OtherwiseDrawn {
    pub(crate) id: CaseId,
    pub(crate) case: Box<Case>,
    /// Why it could not go over; nothing when it could.
    pub(crate) reasons: Vec<String>,
}

/// The running cases of an item beside a drawing.
#[derive(Default)]
pub(crate) struct Compared {
    /// Those that follow another one.
    pub(crate) others: Vec<OtherwiseDrawn>,
    /// How many follow it already.
    pub(crate) present: usize,
    /// Whether there are more than were looked at.
    pub(crate) has_more: bool,
}

/// What became of the cases that were to go over.
#[derive(Default)]
pub(crate) struct WentOver {
    /// Those that follow the present drawing now.
    pub(crate) moved: Vec<CaseId>,
    /// Those that stayed, each with why.
    pub(crate) left: Vec<(CaseId, String)>,
}

impl Cases {
    /// The present drawing of an item on a day: that of the working copy while there is one, else the newest.
    ///
    /// # Errors
    /// When the item cannot be read, or 404 when it is not there.
    pub(crate) async fn present_drawing(
        &self,
        region: Region,
        item: ItemId,
        day: Date,
    ) -> Result<Present, Failure> {
        let loaded = self.ledger.load::<ServiceItem>(region, item.into()).await?;
        let (_, state) = loaded.ok_or_else(Failure::not_found)?;
        let content = state.current().ok_or_else(Failure::not_found)?;
        let in_force = state.in_force(day);
        let in_force = in_force.filter(|it| it.content.drawn_process == content.drawn_process);
        let mut present = Present {
            item_name: content.name.clone(),
            process: None,
            problems: Vec::new(),
            version: in_force.map(|version| version.version),
        };
        if content.drawn_process.is_empty() {
            return Ok(present);
        }
        match DrawnProcess::read(&content.drawn_process) {
            Ok(process) => present.process = Some(Arc::new(process)),
            Err(problems) => {
                present.problems = problems.iter().map(DrawingProblem::public).collect();
            }
        }
        Ok(present)
    }

    /// Compares the running cases of an item with a drawing.
    ///
    /// # Errors
    /// When the cases cannot be read.
    pub(crate) async fn compared(
        &self,
        caller: &Caller,
        item: ItemId,
        present: &DrawnProcess,
    ) -> Result<Compared, Failure> {
        let filter = WorklistFilter {
            item: Some(item.to_string()),
            ..WorklistFilter::default()
        };
        let (region, today) = (caller.region, china_date(caller.now));
        let scope = WorklistScope::Region;
        let list = self
            .worklist(region, scope, &filter, None, MOVING_CASES_MAX, today)
            .await?;
        let mut compared = Compared {
            has_more: list.next.is_some(),
            ..Compared::default()
        };
        // A case with two open tasks may have two rows.
        let mut seen = BTreeSet::new();
        for row in &list.rows {
            let Ok(id) = row.id.parse::<CaseId>() else {
                continue;
            };
            if !seen.insert(id) {
                continue;
            }
            let case = self.get(region, id).await?;
            let Some(terms) = &case.terms.drawn else {
                continue;
            };
            if terms.is_file_of(present.terms()) {
                compared.present += 1;
                continue;
            }
            let reasons = match self.process_of(region, &case).await? {
                Some(began_with) => obstacles(&case, &began_with, present),
                None => Vec::new(),
            };
            compared.others.push(OtherwiseDrawn { id, case, reasons });
        }
        Ok(compared)
    }

    /// 转到现行流程图, one case after the other. One that cannot go over stays as it is and does not keep the others.
    ///
    /// # Errors
    /// When the item has no drawing in force, or the house cannot do it now; what went over until then stays.
    pub(crate) async fn go_over(
        &self,
        caller: &Caller,
        item: ItemId,
        (cases, reason): (&[CaseId], &str),
        order: &Order,
    ) -> Result<WentOver, Failure> {
        let today = china_date(caller.now);
        let present = self.present_drawing(caller.region, item, today).await?;
        let (Some(process), Some(version)) = (&present.process, present.version) else {
            return Err(Failure::invalid(
                "这个事项没有已发布的流程图可转：图在草稿里的，请先发布；还没到生效日的，请到时再转。",
            ));
        };
        let mut done = WentOver::default();
        for id in cases {
            let case = self.get(caller.region, *id).await?;
            if case.terms.item != item {
                return Err(Failure::invalid("所选的办件不是这个事项的。请刷新页面。").at("cases"));
            }
            let command = CaseCommand::MoveProcess {
                to: Some(Arc::clone(process)),
                version,
                reason: Personal::new(case.applicant.person, reason.trim().to_owned()),
            };
            // One key for all of them; each case needs one of its own.
            let key = order.command_id.uuid().as_u128() ^ id.uuid().as_u128();
            let order = Order {
                command_id: CommandId::from_u128(key),
                expected: Expected::Existing,
                ..order.clone()
            };
            match self.act_on((*id, &case), command, order).await {
                Ok(_) => done.moved.push(*id),
                Err(failure) if failure.status.is_client_error() => {
                    done.left.push((*id, failure.public.into_owned()));
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(done)
    }
}
