//! What the handlers of this slice share: the cases, their documents, and who is who.

use std::sync::Arc;

use axum::http::StatusCode;
use wuchuang_access::{Directory, model::organisation::OrganisationKind};
use wuchuang_catalogue::model::{ItemVersion, ServiceItem};
use wuchuang_kernel::{CaseId, ItemId, Region, Role, china_date};
use wuchuang_ledger::{LoadError, Order};
use wuchuang_webkit::{Caller, Failure, Resource, Visitor, throttle::BehindProxy};

use crate::{
    model::{Case, Stage},
    notices::NoticeMaker,
    service::{CASE, Cases, resource},
    store::{CaseRow, WorklistScope},
};

/// The kind of a case that lies at the integrated counters, for the policies.
const AT_COUNTER: &str = "case_at_counter";
/// The stages in which a case lies at the integrated counters, as they are stored.
const AT_COUNTER_STAGES: [&str; 4] = ["examining", "correcting", "issuing", "delivering"];

/// The kind of a case that the visitor's centre took in or handled at its counters, for the policies.
const HANDLED_HERE: &str = "case_handled_here";

/// The kind of a case that waits for papers which may be brought to any counter of the centre, for the policies.
const AWAITS_PAPERS: &str = "case_awaits_papers";

/// The state of the slice's routes.
#[derive(Clone)]
pub struct CaseRooms {
    /// The cases.
    pub cases: Cases,
    /// People and organisations.
    pub directory: Directory,
    /// The documents that follow from events.
    pub notices: NoticeMaker,
    /// Whether a proxy stands before the program, whose `X-Forwarded-For` is to be believed.
    pub behind_proxy: bool,
}

impl BehindProxy for CaseRooms {
    fn is_behind_proxy(&self) -> bool {
        self.behind_proxy
    }
}

impl CaseRooms {
    /// The case as the policies see it. The centre's clerks take in and hand over for every
    /// department, so before acceptance and at delivery a case is theirs as well.
    ///
    /// # Errors
    /// When the visitor's organisation cannot be read.
    pub async fn resource(
        &self,
        caller: &Caller,
        case: &Case,
        id: CaseId,
    ) -> Result<Resource, Failure> {
        let mut resource = resource(case, id);
        let is_at_counter = AT_COUNTER_STAGES.contains(&case.stage.code());
        if is_at_counter && self.is_of_centre(caller.region, &caller.visitor).await? {
            resource.kind = AT_COUNTER;
        }
        Ok(resource)
    }

    /// The case as the policies see it for one action. What is owed after conditional acceptance may be brought to any
    /// counter of the centre (一次性告知: 可到任一窗口); nothing else of a case that went on to its department is theirs.
    ///
    /// # Errors
    /// When the visitor's organisation cannot be read.
    pub async fn resource_for(
        &self,
        caller: &Caller,
        case: &Case,
        id: CaseId,
        action: &'static str,
    ) -> Result<Resource, Failure> {
        let mut resource = self.resource(caller, case, id).await?;
        let is_awaited = !case.owed.is_empty() && matches!(case.stage, Stage::Review(_));
        if action == "case_supply"
            && is_awaited
            && resource.kind != AT_COUNTER
            && self.is_of_centre(caller.region, &caller.visitor).await?
        {
            resource.kind = AWAITS_PAPERS;
        }
        Ok(resource)
    }

    /// A case that the visitor may do something with.
    ///
    /// # Errors
    /// 404 when it is not there, 401 or 403 when the visitor may not.
    pub async fn case_for(
        &self,
        caller: &Caller,
        id: CaseId,
        action: &'static str,
    ) -> Result<Box<Case>, Failure> {
        let case = self.cases.get(caller.region, id).await?;
        let resource = self.resource_for(caller, &case, id, action).await?;
        caller.require(action, &resource)?;
        Ok(case)
    }

    /// A case that the visitor may do something with, or did under the same key: accepting a case can take it out of the
    /// sender's hands, and a sender whose answer was lost on the way, or who pressed twice, must still get it.
    ///
    /// # Errors
    /// As [`Self::case_for`].
    pub async fn case_for_deed(
        &self,
        caller: &Caller,
        id: CaseId,
        action: &'static str,
        order: &Order,
    ) -> Result<Box<Case>, Failure> {
        match self.case_for(caller, id, action).await {
            Err(refusal) if refusal.status == StatusCode::FORBIDDEN => {
                if self.cases.ledger().was_answered(order).await? {
                    self.cases.get(caller.region, id).await
                } else {
                    Err(refusal)
                }
            }
            other => other,
        }
    }

    /// Whether the visitor may read where a case stands, and no more: the centre's clerks of one that the centre took
    /// in or handled at its counters, after it went on to its department.
    ///
    /// # Errors
    /// When the history or the visitor's organisation cannot be read.
    pub async fn may_follow(
        &self,
        caller: &Caller,
        case: &Case,
        id: CaseId,
    ) -> Result<bool, Failure> {
        let Some(staff) = caller.visitor.staff() else {
            return Ok(false);
        };
        if !self.is_of_centre(caller.region, &caller.visitor).await? {
            return Ok(false);
        }
        let history = self.cases.history(caller.region, id).await?;
        let mut resource = resource(case, id);
        if history
            .iter()
            .any(|row| row.is_counter_deed_of(staff.organisation))
        {
            resource.kind = HANDLED_HERE;
        }
        Ok(caller.may("case_follow", &resource))
    }

    async fn is_of_centre(&self, region: Region, visitor: &Visitor) -> Result<bool, Failure> {
        let Some(staff) = visitor
            .staff()
            .filter(|staff| staff.roles.contains(&Role::CounterClerk))
        else {
            return Ok(false);
        };
        let kind = self
            .directory
            .organisation_kind(region, staff.organisation)
            .await?;
        Ok(kind == Some(OrganisationKind::Centre))
    }

    /// Which cases a visitor's lists hold: supervisors and the centre's clerks, who take in and hand over for every
    /// department, see the whole county, everyone else their organisation.
    ///
    /// # Errors
    /// 401 for a visitor who is not of the staff, or when their organisation cannot be read.
    pub async fn scope(&self, caller: &Caller) -> Result<WorklistScope, Failure> {
        let staff = caller.visitor.staff().ok_or_else(Failure::sign_in)?;
        let is_of_all = caller.visitor.has_role(Role::Supervisor)
            || self.is_of_centre(caller.region, &caller.visitor).await?;
        Ok(if is_of_all {
            WorklistScope::Region
        } else {
            WorklistScope::Organisation(staff.organisation)
        })
    }

    /// A row of a list as the policies see its case, without reading the case.
    ///
    /// # Errors
    /// When the visitor's organisation cannot be read, or the row does not read.
    pub(crate) async fn row_resource(
        &self,
        caller: &Caller,
        row: &CaseRow,
    ) -> Result<Resource, Failure> {
        let organisation = row.organisation.parse().map_err(Failure::internal)?;
        let is_at_counter = AT_COUNTER_STAGES.contains(&row.stage.as_str())
            && self.is_of_centre(caller.region, &caller.visitor).await?;
        Ok(Resource {
            kind: if is_at_counter { AT_COUNTER } else { CASE },
            id: row.id.clone(),
            organisation: Some(organisation),
            owner: row.person_id(),
        })
    }

    /// The version that an application under a key follows: the one of the first time when it was answered before,
    /// because the item may have been published anew since, else the one in force.
    ///
    /// # Errors
    /// When the item or the case cannot be read.
    pub async fn item_for(
        &self,
        caller: &Caller,
        item: ItemId,
        order: &Order,
    ) -> Result<Option<Arc<ItemVersion>>, LoadError> {
        let case = Cases::case_of(order.command_id);
        match self.cases.find(caller.region, case).await? {
            Some(case) if case.terms.item == item => {
                let loaded = self
                    .cases
                    .ledger()
                    .load::<ServiceItem>(caller.region, item.into())
                    .await?;
                Ok(loaded.and_then(|(_, state)| state.version(case.terms.version).cloned()))
            }
            _ => self.item_in_force(caller, item).await,
        }
    }

    /// The version of an item that new applications follow today.
    ///
    /// # Errors
    /// When the item cannot be read.
    pub async fn item_in_force(
        &self,
        caller: &Caller,
        item: ItemId,
    ) -> Result<Option<Arc<ItemVersion>>, LoadError> {
        let today = china_date(caller.now);
        let loaded = self
            .cases
            .ledger()
            .load::<ServiceItem>(caller.region, item.into())
            .await?;
        Ok(loaded.and_then(|(_, state)| state.in_force(today).cloned()))
    }
}
