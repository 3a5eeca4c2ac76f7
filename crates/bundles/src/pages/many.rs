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
    markup::Choice,
    page::{Flash, FlashKind},
};

use super::joint::{LIST, Typed, found, show};
use crate::{
    batch::many::{self, Chosen, ManyDeed},
    model::{Joint, stores::STORES_MAX},
    rooms::BundleRooms,
};

/// What was ticked and written.
#[derive(Debug, Default)]
pub(super) struct ManyTyped {
    ticked: Vec<String>,
    pub(super) opinion: String,
}

/// The cases that the visitor may act on, each with its box.
pub(super) struct ManySection {
    choices: Vec<Choice>,
    ticked: Vec<CaseId>,
    /// The buttons: what at least one of them waits for.
    pub(super) deeds: Vec<ManyDeed>,
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
            choices: Vec::new(),
            ticked: Vec::new(),
            deeds: Vec::new(),
        };
        let ids: Vec<String> = cases.iter().map(|(id, ..)| id.to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let rows = rooms.bundles.cases().rows(caller.region, &ids).await?;
        for (id, case, resource) in cases {
            let deed = ManyDeed::awaited(case);
            let deed = deed.filter(|deed| caller.may(deed.action(), resource));
            let (Some(deed), Some(row)) = (deed, rows.get(&id.to_string())) else {
                continue;
            };
            let title = joint.part_of(*id).map_or_else(String::new, |part| {
                let store = part.store.as_ref();
                store.map_or_else(String::new, |store| store.text().to_owned())
            });
            let mut choice = Choice::new(format!("{id}:{}", row.version), title);
            choice.hint = case.step_name();
            section.choices.push(choice);
            if typed
                .ticked
                .iter()
                .any(|ticked| ticked.starts_with(&id.to_string()))
            {
                section.ticked.push(*id);
            }
            if !section.deeds.contains(&deed) {
                section.deeds.push(deed);
            }
        }
        section.deeds.sort_by_key(|deed| deed.code());
        Ok((!section.choices.is_empty()).then_some(section))
    }

    pub(super) fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// A case keeps its box although it has gone on since.
    pub(super) fn is_ticked(&self, value: &str) -> bool {
        let mut ticked = self.ticked.iter();
        ticked.any(|case| value.starts_with(&case.to_string()))
    }

    /// Whether an opinion is asked.
    pub(super) fn asks_opinion(&self) -> bool {
        self.deeds.iter().any(|deed| *deed != ManyDeed::Accept)
    }
}

fn chosen(text: &str) -> Option<Chosen> {
    let (case, version) = text.split_once(':')?;
    Some(Chosen {
        case: case.parse().ok()?,
        version: version.parse().ok()?,
    })
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
    let ticked = pairs.iter().filter(|(name, _)| name == "cases");
    let ticked: Vec<String> = ticked
        .map(|(_, value)| value.clone())
        .take(STORES_MAX)
        .collect();
    let deed = ManyDeed::from_code(one("deed")).ok_or_else(Failure::not_found)?;
    let key = one("command_id").parse::<CommandId>();
    let key = key.unwrap_or_else(|_| caller.order(None, Expected::Existing).command_id);
    let opinion = one("opinion").to_owned();
    let cases: Vec<Chosen> = ticked.iter().filter_map(|text| chosen(text)).collect();
    let done = many::act(&rooms, &caller, &joint, (deed, &opinion), (&cases, key)).await;
    let mut errors = FieldErrors::new();
    let mut count = 0;
    match done {
        Ok(became) => {
            for one in became {
                match one.refusal {
                    None => count += 1,
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
        many: ManyTyped { ticked, opinion },
        flash: (count > 0).then(|| Flash {
            kind: FlashKind::Success,
            text: format!("已办理 {count} 家门店，其余的见下面的说明。"),
        }),
        ..Typed::default()
    };
    let page = show(&rooms, &caller, (id, &joint), &typed, &errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
