//! One deed on several cases of an application: the boxes on the page of the application, and what their button does.

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use wuchuang_cases::model::Case;
use wuchuang_kernel::{CaseId, CommandId};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::FieldErrors,
    page::{Flash, FlashKind},
};

use super::joint::{LIST, Typed, found, show};
use crate::{
    batch::many::{self, Chosen, ManyDeed, Said},
    model::{Joint, stores::STORES_MAX},
    rooms::BundleRooms,
};

/// What was ticked and written.
#[derive(Debug, Default, Clone)]
pub(super) struct ManyTyped {
    ticked: Vec<String>,
    pub(super) opinion: String,
    pub(super) basis: String,
    pub(super) days: String,
    /// Keys of the owed materials that were brought.
    pub(super) brought: Vec<String>,
    /// The words of single stores, by the field.
    words: Vec<(String, String)>,
}

/// A store with its box and its own words.
pub(super) struct ManyStore {
    /// What its box sends: the case with the version that is seen.
    pub(super) value: String,
    pub(super) name: String,
    /// Where it stands.
    pub(super) step: String,
    pub(super) is_ticked: bool,
    /// The field of its own words, and what was written there.
    pub(super) field: String,
    pub(super) words: String,
}

/// The cases that the visitor may act on, each with its box.
pub(super) struct ManySection {
    pub(super) stores: Vec<ManyStore>,
    /// The buttons: what at least one of them waits for.
    pub(super) deeds: Vec<ManyDeed>,
    /// Whether one of them is accepted with papers still owed (容缺).
    pub(super) asks_days: bool,
    /// What cases owe to which the visitor may bring it, each once: key and name.
    pub(super) owed: Vec<(String, String)>,
}

impl ManySection {
    /// The cases of a batch that the visitor may act on now; `None` when there are none, or for other applications.
    pub(super) async fn of(
        rooms: &BundleRooms,
        caller: &Caller,
        joint: &Joint,
        cases: &[(CaseId, Box<Case>, Resource)],
        typed: &ManyTyped,
    ) -> Result<Option<Self>, Failure> {
        if !joint.is_batch() {
            return Ok(None);
        }
        let mut section = Self {
            stores: Vec::new(),
            deeds: Vec::new(),
            asks_days: false,
            owed: Vec::new(),
        };
        let ids: Vec<String> = cases.iter().map(|(id, ..)| id.to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let rows = rooms.bundles.cases().rows(caller.region, &ids).await?;
        for (id, case, resource) in cases {
            let mut deeds = ManyDeed::awaited(case, caller.visitor.person());
            deeds.retain(|deed| caller.may(deed.action(), resource));
            if section.take_owed(rooms, caller, (*id, case)).await? {
                deeds.push(ManyDeed::Supply);
            }
            let Some(row) = rows.get(&id.to_string()).filter(|_| !deeds.is_empty()) else {
                continue;
            };
            section
                .stores
                .push(typed.store(joint, (*id, case), row.version));
            if deeds.contains(&ManyDeed::Accept) {
                section.asks_days |= !many::undertaken(case).is_empty();
            }
            section.deeds.extend(deeds);
        }
        section.deeds.sort_unstable();
        section.deeds.dedup();
        Ok((!section.stores.is_empty()).then_some(section))
    }

    /// What a case owes and the visitor may bring: to any counter of the centre. Whether there is something.
    async fn take_owed(
        &mut self,
        rooms: &BundleRooms,
        caller: &Caller,
        (id, case): (CaseId, &Case),
    ) -> Result<bool, Failure> {
        let action = ManyDeed::Supply.action();
        if !ManyDeed::is_owing(case) {
            return Ok(false);
        }
        let resource = rooms.cases.resource_for(caller, case, id, action).await?;
        if !caller.may(action, &resource) {
            return Ok(false);
        }
        for id in &case.owed {
            let name = case.terms.material(id).map(|material| &material.name);
            let owed = (id.clone(), name.unwrap_or(id).clone());
            if !self.owed.contains(&owed) {
                self.owed.push(owed);
            }
        }
        Ok(true)
    }

    /// Whether an opinion is asked.
    pub(super) fn asks_opinion(&self) -> bool {
        let mut deeds = self.deeds.iter();
        deeds.any(|deed| deed.needs_words() || *deed == ManyDeed::Correct)
    }

    /// The buttons with how each looks: the only one is the obvious one.
    pub(super) fn buttons(&self) -> Vec<(ManyDeed, &'static str)> {
        let is_only = self.deeds.len() == 1;
        let kind = |deed: ManyDeed| if is_only { "primary" } else { deed.kind() };
        self.deeds.iter().map(|deed| (*deed, kind(*deed))).collect()
    }

    /// Whether a legal basis is asked.
    pub(super) fn asks_basis(&self) -> bool {
        self.deeds.contains(&ManyDeed::Refuse)
    }
}

/// A level that does not agree, in words; empty when all agree.
pub(super) fn against(case: &Case) -> String {
    match case.levels_against().as_slice() {
        [] => String::new(),
        levels => format!("{}不同意", levels.join("、")),
    }
}

impl ManyTyped {
    fn store(&self, joint: &Joint, (id, case): (CaseId, &Case), version: i64) -> ManyStore {
        let store = joint.part_of(id).and_then(|part| part.store.as_ref());
        let mut step = case.step_name();
        let owed = many::undertaken(case);
        let owed = owed.iter().filter_map(|id| case.terms.material(id));
        let owed: Vec<&str> = owed.map(|material| material.name.as_str()).collect();
        if !owed.is_empty() {
            step = format!("{step}；容缺：{}", owed.join("、"));
        }
        let against = against(case);
        if !against.is_empty() {
            step = format!("{step}；{against}");
        }
        let field = many::words_field(id);
        let mut words = self.words.iter();
        let words = words.find(|(name, _)| *name == field);
        let id = id.to_string();
        ManyStore {
            name: store.map_or_else(String::new, |store| store.text().to_owned()),
            // A case keeps its box although it has gone on since.
            is_ticked: self.ticked.iter().any(|ticked| ticked.starts_with(&id)),
            value: format!("{id}:{version}"),
            words: words.map_or_else(String::new, |(_, text)| text.clone()),
            field,
            step,
        }
    }

    fn of(pairs: &[(String, String)]) -> Self {
        let one = |name: &str| {
            let found = pairs.iter().find(|(known, _)| known == name);
            found.map_or_else(String::new, |(_, value)| value.clone())
        };
        let ticked = pairs.iter().filter(|(name, _)| name == "cases");
        let words = pairs.iter().filter(|(name, _)| name.starts_with("words-"));
        Self {
            ticked: ticked
                .map(|(_, value)| value.clone())
                .take(STORES_MAX)
                .collect(),
            opinion: one("opinion"),
            basis: one("basis"),
            days: one("supplement_days"),
            brought: pairs
                .iter()
                .filter(|(name, _)| name == "materials")
                .map(|(_, value)| value.clone())
                .collect(),
            words: words.take(STORES_MAX).cloned().collect(),
        }
    }

    /// What was done for a case is not done again by the next press of the button.
    fn done(&mut self, case: CaseId) {
        let (id, field) = (case.to_string(), many::words_field(case));
        self.ticked.retain(|ticked| !ticked.starts_with(&id));
        self.words.retain(|(name, _)| *name != field);
    }

    fn chosen(&self) -> Vec<Chosen> {
        let chosen = self.ticked.iter().filter_map(|ticked| {
            let (case, version) = ticked.split_once(':')?;
            let case = case.parse().ok()?;
            let field = many::words_field(case);
            let words = self.words.iter().find(|(name, _)| *name == field);
            Some(Chosen {
                case,
                version: version.parse().ok()?,
                words: words.map_or_else(String::new, |(_, text)| text.clone()),
            })
        });
        chosen.collect()
    }
}

pub(super) async fn act(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(joint): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (id, joint) = found(&rooms, &caller, &joint).await?;
    let one = |name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let deed = ManyDeed::from_code(one("deed")).ok_or_else(Failure::not_found)?;
    let key = one("command_id").parse::<CommandId>();
    let key = key.unwrap_or_else(|_| caller.order(None, Expected::Existing).command_id);
    let mut typed = ManyTyped::of(&pairs);
    let sent = typed.clone();
    let said = Said {
        words: &sent.opinion,
        basis: &sent.basis,
        days: sent.days.trim().parse().ok(),
        brought: &sent.brought,
    };
    let chosen = typed.chosen();
    let done = many::act(&rooms, &caller, &joint, (deed, &said), (&chosen, key)).await;
    let mut errors = FieldErrors::new();
    let mut count = 0;
    match done {
        Ok(became) => {
            for one in became {
                match one.refusal {
                    None => {
                        count += 1;
                        typed.done(one.case);
                    }
                    Some(refusal) => errors.add("cases", format!("{}：{refusal}", one.title)),
                }
            }
        }
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let field = failure.field.clone().unwrap_or_else(|| "cases".into());
            errors.add(field.into_owned(), failure.public.into_owned());
        }
        Err(failure) => return Err(failure),
    }
    if errors.is_empty() {
        return Ok(Redirect::to(&format!("{LIST}/{id}?acted={count}")).into_response());
    }
    let typed = Typed {
        many: typed,
        flash: (count > 0).then(|| Flash {
            kind: FlashKind::Success,
            text: format!("已办理 {count} 家门店，其余的见下面的说明。"),
        }),
        ..Typed::default()
    };
    let page = show(&rooms, &caller, (id, &joint), &typed, &errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
