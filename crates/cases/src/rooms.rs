//! What the handlers of this slice share: the cases, their documents, and who is who; `called`: whom a drawing means, in words; `delegated`: what counters may take beyond
//! their own.

mod called;
mod delegated;

use std::{ops::Deref, sync::Arc};

use axum::http::StatusCode;
use wuchuang_access::{Directory, model::organisation::OrganisationKind};
use wuchuang_catalogue::model::{ItemVersion, ServiceItem};
use wuchuang_delegations::Delegations;
use wuchuang_kernel::{CaseId, ItemId, Region, Role, china_date};
use wuchuang_ledger::{LoadError, Order};
use wuchuang_webkit::{Caller, Failure, Resource, Staff, Visitor, throttle::BehindProxy};

use called::called_roughly;

use crate::{
    belonging::Belonging,
    model::{Case, Stage},
    notices::NoticeMaker,
    reuse::OnHand,
    service::{CASE, Cases, resource, watched::Watched},
    store::{CaseRow, HistoryRow, Taker, WorklistScope},
};

/// By which words drawn processes know a member of staff: the code and the name of a role, the title of the post, the
/// organisation, the name, the town or village of the post.
pub fn taker(staff: &Staff) -> Taker {
    let roles = staff.roles.iter();
    let roles = roles.flat_map(|role| [role.code(), role.name()]);
    let place = (staff.reach != staff.reach.county()).then(|| staff.reach.to_string());
    let own = [&staff.post_title, &staff.organisation_name, &staff.name];
    Taker {
        organisation: staff.organisation,
        organisation_name: staff.organisation_name.clone(),
        words: roles
            .chain(own.into_iter().chain(&place).map(String::as_str))
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        place,
    }
}

/// Whether a task of the case that is open now is for a member of another organisation than the one that handles it: in their
/// hand, or free and meant for their organisation.
fn has_task_of(case: &Case, visitor: &Visitor) -> bool {
    let Some(staff) = visitor
        .staff()
        .filter(|staff| staff.organisation != case.organisation)
    else {
        return false;
    };
    let taker = taker(staff);
    case.open_tasks()
        .iter()
        .any(|task| task.holder == Some(staff.person) || taker.fits(case.organisation, task))
}

/// Who takes applications for an item that this counter does not take.
pub fn elsewhere(item: &ItemVersion) -> String {
    format!(
        "“{}”由{}办理，您所在的单位不能收件。请申请人到政务服务中心综合窗口或{}的窗口办理，也可以网上申请。",
        item.content.name, item.content.department.name, item.content.department.name
    )
}

/// The kind of a case that lies at the integrated counters, for the policies.
const AT_COUNTER: &str = "case_at_counter";
/// The stages in which a case lies at the integrated counters, as they are stored.
const AT_COUNTER_STAGES: [&str; 4] = ["examining", "correcting", "issuing", "delivering"];

/// The kind of a case of another organisation in which a task is open for the visitor's, for the policies.
pub(crate) const TASK_HERE: &str = "case_task_here";

/// The kind of a case that the visitor's centre took in or handled at its counters, for the policies.
const HANDLED_HERE: &str = "case_handled_here";

/// The kind of a case that waits for papers which may be brought to any counter of the centre, for the policies.
const AWAITS_PAPERS: &str = "case_awaits_papers";

/// The state of the slice's routes. Each request copies it several times, so it is one pointer to what it holds.
#[derive(Clone)]
pub struct CaseRooms(Arc<CaseParts>);

/// What the handlers hold.
pub struct CaseParts {
    /// The cases.
    pub cases: Cases,
    /// People and organisations.
    pub directory: Directory,
    /// What was delegated to whom.
    pub delegations: Delegations,
    /// The documents that follow from events.
    pub notices: NoticeMaker,
    /// What the house has already of a person.
    pub on_hand: Arc<dyn OnHand>,
    /// Of which whole a case is a part (一件事).
    pub belonging: Arc<dyn Belonging>,
    /// How what a case granted is watched (审管分离).
    pub watched: Arc<dyn Watched>,
    /// Whether a proxy stands before the program, whose `X-Forwarded-For` is to be believed.
    pub behind_proxy: bool,
}

impl Deref for CaseRooms {
    type Target = CaseParts;

    fn deref(&self) -> &CaseParts {
        &self.0
    }
}

impl From<CaseParts> for CaseRooms {
    fn from(parts: CaseParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl BehindProxy for CaseRooms {
    fn is_behind_proxy(&self) -> bool {
        self.behind_proxy
    }
}

impl CaseRooms {
    /// The case as the policies see it. The centre's clerks take in and hand over for every
    /// department, and those of an organisation to which the item was delegated for this item, so before acceptance and at
    /// delivery a case is theirs as well.
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
        if is_at_counter
            && (self.is_of_centre(caller.region, &caller.visitor).await?
                || self.held(caller, case.terms.item).await?.is_some())
        {
            resource.kind = AT_COUNTER;
        }
        if has_task_of(case, &caller.visitor) {
            resource.kind = TASK_HERE;
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

    /// The open task of a drawn process that a key names, for whoever does something with it: who holds it, or whom the drawing
    /// means with it.
    ///
    /// # Errors
    /// 403 when it is another's; a task that is gone is left to the rules, which say so.
    pub fn require_task(&self, caller: &Caller, case: &Case, key: &str) -> Result<(), Failure> {
        let Some(task) = case.drawn().and_then(|position| position.task(key)) else {
            return Ok(());
        };
        let is_mine = task.holder.is_some() && task.holder == caller.visitor.person();
        let taker = caller.visitor.staff().map(taker);
        if is_mine || taker.is_some_and(|taker| taker.fits(case.organisation, task)) {
            return Ok(());
        }
        let mut refusal = Failure::forbidden("case_review");
        refusal.public = format!(
            "“{}”由{}办理。需要您办理的，请本单位审批人员把这个环节分派给您。",
            task.name,
            called_roughly(&task.candidates)
        )
        .into();
        Err(refusal)
    }

    /// Whether the visitor's counter takes applications for an item: the centre's comprehensive window (综合窗口) for any,
    /// every other one for the items that its own organisation handles or that were delegated to it. What it took in it can
    /// then also accept.
    ///
    /// # Errors
    /// When the visitor's organisation cannot be read.
    pub async fn may_receive(&self, caller: &Caller, item: &ItemVersion) -> Result<bool, Failure> {
        let is_taken = self.is_of_centre(caller.region, &caller.visitor).await?
            || self.held(caller, item.id).await?.is_some();
        let resource = Resource {
            kind: if is_taken { AT_COUNTER } else { CASE },
            id: item.id.to_string(),
            organisation: Some(item.content.department.id),
            owner: None,
        };
        Ok(caller.may("case_receive", &resource))
    }

    /// The same as a refusal that says who takes it; citizens hand in for themselves and are not asked.
    ///
    /// # Errors
    /// 403 when another counter takes it, or when the visitor's organisation cannot be read.
    pub async fn require_receipt(
        &self,
        caller: &Caller,
        item: &ItemVersion,
    ) -> Result<(), Failure> {
        if caller.visitor.citizen().is_some() || self.may_receive(caller, item).await? {
            return Ok(());
        }
        let mut refusal = Failure::forbidden("case_receive");
        refusal.public = elsewhere(item).into();
        Err(refusal)
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
            .filter_map(HistoryRow::counter_actor)
            .any(|actor| actor.organisation() == Some(staff.organisation))
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

    /// The version of the item that a case follows to its end.
    ///
    /// # Errors
    /// When the item cannot be read, or 404 when it is not there.
    pub async fn item_of(&self, region: Region, case: &Case) -> Result<Arc<ItemVersion>, Failure> {
        let loaded = self
            .cases
            .ledger()
            .load::<ServiceItem>(region, case.terms.item.into())
            .await?;
        loaded
            .and_then(|(_, state)| state.version(case.terms.version).cloned())
            .ok_or_else(Failure::not_found)
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
