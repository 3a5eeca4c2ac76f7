//! 申请: one question group a page, saved at each step, checked at the end, handed in once.
//!
//! An application under way is a draft (`wuchuang_cases::store::DraftStore`). Its pages are
//! `/apply/{item}/{draft}/{step}`; the draft's identifier is random and belongs to one person, so that two
//! applications for one item never mix. What a page gets is an [`Application`]: draft, item, form, lists.

mod about;
mod applicant;
mod applied;
mod bundle;
mod check;
mod commitment;
mod group;
mod materials;
mod one_material;
mod reuse;
mod start;
mod steps;
mod submit;

use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use wuchuang_access::Villages;
use wuchuang_bundles::joined::Joined;
use wuchuang_calendar::china_date;
use wuchuang_cases::{
    ApplicantInput, Situation,
    model::{Material, by_rules::FeeTerms},
    store::Draft,
};
use wuchuang_catalogue::model::{ItemVersion, rules::in_situation};
use wuchuang_delegations::Nearby;
use wuchuang_kernel::{DraftId, PersonId};
use wuchuang_webkit::{Caller, Failure, Routes, Rule, forms::Form, page::PageContext};

use crate::{
    rooms::{Rooms, person},
    view::Fee,
    words,
};

use about::{agent, delivery, place};
use applied::Applied;
use group::attach;
pub(crate) use start::is_offered;
use steps::{Step, Walk};

const SUBMIT: Rule = Rule::Act("application_own");

/// The routes under `/apply`.
pub(crate) fn routes() -> Routes<Rooms> {
    Routes::new()
        .get("/apply/{item}", SUBMIT, start::page)
        .post("/apply/{item}", SUBMIT, start::begin)
        .get(
            "/apply/done/{case}",
            Rule::Act("case_own_read"),
            submit::done::page,
        )
        .get("/apply/{item}/{draft}", SUBMIT, start::resume)
        .get("/apply/{item}/{draft}/form/{group}", SUBMIT, group::page)
        .post("/apply/{item}/{draft}/form/{group}", SUBMIT, group::save)
        .post(
            "/apply/{item}/{draft}/form/{group}/keep",
            SUBMIT,
            group::keep,
        )
        .get("/apply/{item}/{draft}/materials", SUBMIT, materials::page)
        .post("/apply/{item}/{draft}/materials", SUBMIT, materials::go_on)
        .get(
            "/apply/{item}/{draft}/materials/{material}",
            SUBMIT,
            one_material::page,
        )
        .post(
            "/apply/{item}/{draft}/materials/{material}",
            SUBMIT,
            one_material::upload,
        )
        .post(
            "/apply/{item}/{draft}/materials/{material}/reuse",
            SUBMIT,
            one_material::reuse,
        )
        .post(
            "/apply/{item}/{draft}/materials/{material}/commit",
            SUBMIT,
            commitment::commit,
        )
        .post(
            "/apply/{item}/{draft}/materials/{material}/remove/{file}",
            SUBMIT,
            one_material::remove,
        )
        .get(
            "/apply/{item}/{draft}/files/{file}",
            SUBMIT,
            one_material::download,
        )
        .get("/apply/{item}/{draft}/place", SUBMIT, place::page)
        .post("/apply/{item}/{draft}/place", SUBMIT, place::save)
        .get("/apply/{item}/{draft}/delivery", SUBMIT, delivery::page)
        .post("/apply/{item}/{draft}/delivery", SUBMIT, delivery::save)
        .get("/apply/{item}/{draft}/agent", SUBMIT, agent::page)
        .post("/apply/{item}/{draft}/agent", SUBMIT, agent::save)
        .get("/apply/{item}/{draft}/check", SUBMIT, check::page)
        .post("/apply/{item}/{draft}/check", SUBMIT, submit::submit)
}

/// The address of an application: `(item, draft)`.
pub(crate) type Place = (String, String);

/// Where to go after saving: back to 核对 when the citizen came from there to mend a line.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Way {
    #[serde(default)]
    back: String,
}

impl Way {
    fn to_check(&self) -> bool {
        self.back == "check"
    }

    /// The part of an address that keeps the way.
    fn query(&self) -> &'static str {
        if self.to_check() { "?back=check" } else { "" }
    }
}

/// An application under way, with what its pages need.
pub(crate) struct Application {
    /// The item as it is offered: without promises and later papers to whom a bad-credit record stands against.
    item: Arc<ItemVersion>,
    /// The item as it is in force, by which the case will run.
    in_force: Arc<ItemVersion>,
    /// Whether a bad-credit record stands.
    is_barred: bool,
    /// What it costs by the items' rules.
    fees: Vec<Fee>,
    form: Arc<Form>,
    /// The items that it is for, when it is for a bundle.
    joined: Option<Joined>,
    guide_path: String,
    /// Where it may be handled besides the department; none for a bundle, whose parts stay with their departments.
    places: Vec<Nearby>,
    lists: Villages,
    draft: Draft,
    person: PersonId,
}

/// The item as it is offered: whoever a bad-credit record stands against is not taken at their word (诚信).
fn offered(item: &Arc<ItemVersion>, is_barred: bool) -> Arc<ItemVersion> {
    if !is_barred {
        return Arc::clone(item);
    }
    let mut offered = item.as_ref().clone();
    offered.content.conditional_acceptance_allowed = false;
    offered.content.commitment_allowed = false;
    Arc::new(offered)
}

/// What the item's rules say of an application under way: the item as its situation (情形) asks for it, and what it costs. What
/// is not asked of the applicant is not shown. The items of a bundle were chosen by their situation already.
fn by_rules(
    rooms: &Rooms,
    item: &Arc<ItemVersion>,
    who: &ApplicantInput,
    draft: &Draft,
) -> Result<(Arc<ItemVersion>, Option<FeeTerms>), Failure> {
    let content = &draft.content;
    let given = content.materials.iter();
    let situation = Situation {
        kind: who.kind,
        number: &who.number,
        has_agent: agent::acts(draft),
        answers: &content.answers,
        given: given.clone().map(|it| it.name.as_str()).collect(),
    };
    let fee = rooms.cases.fee_of(item, &situation, who.person)?;
    let Some(wanted) = rooms.cases.wanted_in(item, &situation)? else {
        return Ok((Arc::clone(item), fee));
    };
    let given: Vec<&str> = given.filter_map(|it| it.requirement.as_deref()).collect();
    let mut narrowed = item.as_ref().clone();
    narrowed.content = in_situation(narrowed.content, &wanted, &given);
    Ok((Arc::new(narrowed), fee))
}

impl Application {
    /// Opens it; `None` when the draft was handed in, thrown away, or is somebody else's.
    async fn open(
        rooms: &Rooms,
        caller: &Caller,
        (item, draft): &Place,
    ) -> Result<Option<Self>, Failure> {
        let person = person(caller)?;
        let Ok(id) = draft.parse::<DraftId>() else {
            return Err(Failure::not_found());
        };
        let found = rooms.cases.drafts().find(caller.region, person, id).await?;
        let Some(mut draft) = found.filter(|draft| draft.item.to_string() == *item) else {
            return Ok(None);
        };
        let situation = applied::situation_of(&draft.content.about);
        let applied = Applied::of(rooms, caller, item, &situation).await?;
        // The law in force when the application is handed in decides, not when it was begun.
        draft.item_version = applied.item.version;
        let lists = rooms.directory.villages(caller.region).await?;
        let profile = rooms.profile(caller).await?;
        let who = applicant::applicant(&applied.form, &draft.content.answers, &lists, &profile);
        let bar = rooms.cases.bar(caller.region, &who.number).await?;
        let (asked, fees) = match &applied.joined {
            None => {
                let (asked, fee) = by_rules(rooms, &applied.item, &who, &draft)?;
                (asked, fee.map(Fee::of_one).into_iter().collect())
            }
            Some(joined) => {
                let fees = bundle::fees(rooms, joined, &who, &draft)?;
                (joined.asked(&draft.content.answers), fees)
            }
        };
        let places = match &applied.joined {
            None => {
                let asked = (&*applied.form, &draft.content.answers);
                place::offered(rooms, caller, &applied.item, asked).await?
            }
            Some(_) => Vec::new(),
        };
        Ok(Some(Self {
            places,
            lists,
            guide_path: applied.guide_path(),
            item: offered(&asked, bar.is_some()),
            is_barred: bar.is_some(),
            fees,
            in_force: applied.item,
            form: applied.form,
            joined: applied.joined,
            draft,
            person,
        }))
    }

    async fn save(&self, rooms: &Rooms, caller: &Caller) -> Result<(), Failure> {
        Ok(rooms
            .cases
            .drafts()
            .save(caller.region, &self.draft)
            .await?)
    }

    /// What is handed in, without the files of questions that are not asked in the end.
    fn asked_materials(&self) -> Vec<Material> {
        let unasked = self.form.unasked_materials(&self.draft.content.answers);
        let is_asked = |material: &&Material| {
            let requirement = material.requirement.as_deref();
            requirement.is_none_or(|id| !unasked.contains(&id))
        };
        let given = self.draft.content.materials.iter();
        given.filter(is_asked).cloned().collect()
    }

    fn walk(&self) -> Walk {
        Walk::of(&self.item.content, &self.form, place::is_asked(self))
    }

    fn path(&self) -> String {
        format!("/apply/{}/{}", self.item.id, self.draft.id)
    }

    fn path_of(&self, step: Step) -> String {
        format!("{}/{}", self.path(), step.address())
    }

    /// The page after a step, or 核对 when the citizen came from there.
    fn next(&self, step: Step, way: &Way) -> Response {
        let next = if way.to_check() {
            Step::Check
        } else {
            self.walk().after(step)
        };
        Redirect::to(&self.path_of(next)).into_response()
    }

    /// The page context of a step, titled with the step's name.
    fn page(&self, caller: &Caller, title: &str) -> PageContext {
        caller
            .page
            .clone()
            .titled(title)
            .under(&self.item.content.name, self.guide_path.as_str())
    }

    /// When it was last saved, in words.
    fn saved(&self, caller: &Caller) -> String {
        let at = jiff::Timestamp::from_microsecond(self.draft.updated_at_us).unwrap_or(caller.now);
        let moment = words::moment(&caller.page, at, china_date(caller.now));
        caller.page.tf(
            "已保存（{moment}）。可以随时离开，以后从“我的”继续。",
            &[("moment", &moment)],
        )
    }

    /// An answer that is a text.
    fn about(&self, key: &str) -> &str {
        self.draft
            .content
            .about
            .get(key)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
    }

    fn set_about(&mut self, key: &str, value: &str) {
        self.draft
            .content
            .about
            .insert(key.to_owned(), value.into());
    }
}

/// The draft is not there any more.
fn gone() -> Response {
    Redirect::to("/my/drafts?gone=1").into_response()
}
