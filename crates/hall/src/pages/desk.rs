//! The one field. Enter decides what was typed: a citizen number remembers the person, an item opens
//! the reception, a case number opens the case. Numbers of people travel in the body of a form, never in
//! an address; the person is then known by identifier.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_access::{CitizenDetails, CitizenEntry};
use wuchuang_cases::{model::stage_name, rooms::elsewhere, store::CaseRow};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_codes::{CitizenNumber, mask_citizen_number};
use wuchuang_kernel::{Channel, ItemId, PersonId, china_date, group_case_number};
use wuchuang_ledger::ExecuteError;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext};

use super::supply;
use crate::{
    entry::{self, Entry},
    rooms::{Rooms, html, html_again},
};

/// How many of a person's matters are shown.
const MATTERS_MAX: usize = 10;

/// What the counter remembers between two entries, in the address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Remembered {
    #[serde(default)]
    person: String,
    #[serde(default)]
    item: String,
}

impl Remembered {
    fn person(&self) -> Option<PersonId> {
        self.person.parse().ok()
    }

    fn item(&self) -> Option<ItemId> {
        self.item.parse().ok()
    }
}

/// The one field, with what is remembered.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct EntryForm {
    #[serde(default)]
    q: String,
    #[serde(flatten)]
    remembered: Remembered,
}

/// Somebody who is not known yet.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct PersonForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    item: String,
}

/// One of a person's matters.
struct Matter {
    path: String,
    number: String,
    item: String,
    stage: String,
    received: String,
}

/// An item that was perhaps meant.
struct Candidate {
    key: usize,
    path: String,
    name: String,
    department: String,
    limit: String,
}

#[derive(Template)]
#[template(path = "hall/desk.html")]
struct DeskPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    typed: &'a str,
    /// The remembered person's identifier and name.
    person: String,
    citizen: Option<&'a CitizenEntry>,
    number_masked: String,
    matters: Vec<Matter>,
    /// The remembered item's identifier and name.
    item: String,
    item_name: String,
    candidates: Vec<Candidate>,
}

#[derive(Template)]
#[template(path = "hall/person.html")]
struct PersonPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    form: &'a PersonForm,
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(remembered): Query<Remembered>,
) -> Result<Response, Failure> {
    if let (Some(person), Some(item)) = (remembered.person(), remembered.item()) {
        return Ok(Redirect::to(&reception(item, person)).into_response());
    }
    let form = EntryForm {
        q: String::new(),
        remembered,
    };
    show(&rooms, &caller, &form, &FieldErrors::new(), &[]).await
}

pub(crate) async fn enter(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(form): Form<EntryForm>,
) -> Result<Response, Failure> {
    let mut errors = FieldErrors::new();
    match entry::read(&form.q) {
        Entry::Empty => errors.add(
            "q",
            "请刷身份证，或输入身份证号、办件编号、事项名称或首字母。",
        ),
        Entry::WrongNumber(error) => errors.add("q", error.explain()),
        Entry::Citizen(number) => return meet(&rooms, &caller, &form.remembered, &number).await,
        Entry::Case(number) => match rooms.cases().row_by_number(caller.region, &number).await? {
            Some(row) => return go_to(&rooms, &caller, &row).await,
            None => errors.add("q", "没有这个办件编号。请核对凭证上的编号，共 24 位。"),
        },
        Entry::CaseOfToday(serial) => match rooms.case_of_today(&caller, &serial).await? {
            Some(row) => return go_to(&rooms, &caller, &row).await,
            None => errors.add(
                "q",
                "今天没有尾号是这六位的办件。以前的办件请输入完整编号。",
            ),
        },
        Entry::Item(text) => {
            let (found, others) = taken_here(&rooms, &caller, &text).await?;
            match found.as_slice() {
                [] if !others.is_empty() => errors.add("q", elsewhere(&others[0])),
                [] => errors.add(
                    "q",
                    "没有找到这个事项。请换个说法，或输入事项首字母，例如 sydj。",
                ),
                [only] => {
                    let path = way_on(&form.remembered, only.id);
                    return Ok(Redirect::to(&path).into_response());
                }
                several => return show(&rooms, &caller, &form, &errors, several).await,
            }
        }
    }
    show(&rooms, &caller, &form, &errors, &[]).await
}

/// The items that were perhaps meant: those that this counter takes, and the others.
async fn taken_here(
    rooms: &Rooms,
    caller: &Caller,
    text: &str,
) -> Result<(Vec<Arc<ItemVersion>>, Vec<Arc<ItemVersion>>), Failure> {
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for item in rooms.candidates(text)? {
        if rooms.desk.may_receive(caller, &item).await? {
            found.push(item);
        } else {
            others.push(item);
        }
    }
    Ok((found, others))
}

/// A known person is remembered; an unknown one is asked for their name, with the number in the form.
async fn meet(
    rooms: &Rooms,
    caller: &Caller,
    remembered: &Remembered,
    number: &CitizenNumber,
) -> Result<Response, Failure> {
    let known = rooms
        .directory()
        .citizen_find_by_number(caller.region, number)
        .await?;
    if let Some(citizen) = known {
        return Ok(Redirect::to(&with_person(remembered.item(), citizen.person)).into_response());
    }
    let form = PersonForm {
        number: number.as_str().to_owned(),
        item: remembered.item.clone(),
        ..PersonForm::default()
    };
    let page = caller
        .page
        .clone()
        .titled("登记申请人")
        .under("窗口收件", "/staff/counter");
    html(&PersonPage {
        page: &page,
        errors: &FieldErrors::new(),
        form: &form,
    })
}

/// Registers whoever stands at the counter, before there is a case. They stay registered when none follows: the scans and
/// what is typed at the reception are sealed with the person's key from the first press of a button, the one-time notice
/// that they take along is found again under their number, and a number that was checked against the card today is not
/// asked twice. The page says so; whoever wants to be removed is forgotten by the system administrator like anybody else.
pub(crate) async fn register(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(form): Form<PersonForm>,
) -> Result<Response, Failure> {
    let mut errors = FieldErrors::new();
    match CitizenNumber::parse(&form.number) {
        Err(error) => errors.add("number", error.explain()),
        Ok(number) => {
            let details = CitizenDetails {
                name: form.name.trim(),
                number: &number,
                phone: form.phone.trim(),
            };
            let actor = caller.visitor.actor();
            match rooms
                .directory()
                .citizen_register(caller.region, actor, Channel::Counter, &details)
                .await
            {
                Ok(person) => {
                    let path = with_person(form.item.parse().ok(), person);
                    return Ok(Redirect::to(&path).into_response());
                }
                Err(ExecuteError::Rejected(rejection)) => {
                    let field = rejection.field.as_deref().unwrap_or("name").to_owned();
                    errors.add(field, rejection.public);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    let page = caller
        .page
        .clone()
        .titled("登记申请人")
        .under("窗口收件", "/staff/counter")
        .with_errors(true);
    html_again(&PersonPage {
        page: &page,
        errors: &errors,
        form: &form,
    })
}

async fn show(
    rooms: &Rooms,
    caller: &Caller,
    form: &EntryForm,
    errors: &FieldErrors,
    found: &[Arc<ItemVersion>],
) -> Result<Response, Failure> {
    let citizen = match form.remembered.person() {
        Some(person) => Some(rooms.citizen(caller, person).await?),
        None => None,
    };
    let matters = match &citizen {
        Some(citizen) => {
            rooms
                .cases()
                .of_person(caller.region, citizen.person)
                .await?
        }
        None => Vec::new(),
    };
    let mut views = Vec::new();
    for row in matters.iter().take(MATTERS_MAX) {
        views.push(matter(rooms, caller, row).await?);
    }
    let item = match form.remembered.item() {
        Some(item) => Some(rooms.item(caller, item).await?),
        None => None,
    };
    let page = caller
        .page
        .clone()
        .titled("窗口收件")
        .with_errors(!errors.is_empty());
    let template = DeskPage {
        page: &page,
        errors,
        typed: if found.is_empty() { &form.q } else { "" },
        person: citizen
            .as_ref()
            .map(|citizen| citizen.person.to_string())
            .unwrap_or_default(),
        number_masked: citizen
            .as_ref()
            .map(|citizen| mask_citizen_number(&citizen.number))
            .unwrap_or_default(),
        matters: views,
        citizen: citizen.as_ref(),
        item: item
            .as_ref()
            .map(|item| item.id.to_string())
            .unwrap_or_default(),
        item_name: item
            .map(|item| item.content.name.clone())
            .unwrap_or_default(),
        candidates: found
            .iter()
            .enumerate()
            .map(|(index, version)| candidate(index, version, &form.remembered))
            .collect(),
    };
    if errors.is_empty() {
        html(&template)
    } else {
        html_again(&template)
    }
}

fn candidate(index: usize, version: &ItemVersion, remembered: &Remembered) -> Candidate {
    Candidate {
        key: index + 1,
        path: way_on(remembered, version.id),
        name: version.content.name.clone(),
        department: version.content.department.name.clone(),
        limit: version.content.promised_limit.text(),
    }
}

async fn matter(rooms: &Rooms, caller: &Caller, row: &CaseRow) -> Result<Matter, Failure> {
    let awaits = awaits_papers(rooms, caller, row).await?;
    let stage = if row.step_name.is_empty() {
        stage_name(&row.stage)
    } else {
        row.step_name.as_str()
    };
    Ok(Matter {
        path: way_to(row, awaits),
        number: group_case_number(&row.number),
        item: row.item_name.clone(),
        stage: if awaits && row.stage != "correcting" {
            format!("{stage}，容缺待补")
        } else {
            stage.to_owned()
        },
        received: china_date(row.received_at()).to_string(),
    })
}

async fn go_to(rooms: &Rooms, caller: &Caller, row: &CaseRow) -> Result<Response, Failure> {
    let awaits = awaits_papers(rooms, caller, row).await?;
    Ok(Redirect::to(&way_to(row, awaits)).into_response())
}

/// Whether the case waits for papers that this visitor may take.
async fn awaits_papers(rooms: &Rooms, caller: &Caller, row: &CaseRow) -> Result<bool, Failure> {
    if !matches!(row.stage.as_str(), "correcting" | "review" | "decision") {
        return Ok(false);
    }
    let Some(id) = row.case_id() else {
        return Ok(false);
    };
    let Some(case) = rooms.cases().find(caller.region, id).await? else {
        return Ok(false);
    };
    if row.stage != "correcting" && case.owed.is_empty() {
        return Ok(false);
    }
    let resource = rooms
        .desk
        .resource_for(caller, &case, id, "case_supply")
        .await?;
    Ok(caller.may("case_supply", &resource))
}

/// Where a case is taken up again: at the delivery desk when its result waits, where papers are taken when it waits for
/// papers, else at its page.
fn way_to(row: &CaseRow, awaits_papers: bool) -> String {
    if row.stage == "delivering" {
        format!("/staff/counter/delivery/{}", row.id)
    } else if awaits_papers {
        supply::path_of(&row.id)
    } else {
        format!("/staff/cases/{}", row.id)
    }
}

fn reception(item: ItemId, person: PersonId) -> String {
    format!("/staff/counter/receive/{item}/{person}")
}

fn with_person(item: Option<ItemId>, person: PersonId) -> String {
    item.map_or_else(
        || format!("/staff/counter?person={person}"),
        |item| reception(item, person),
    )
}

/// After the item was chosen: to the reception, or back to the field to ask who applies.
fn way_on(remembered: &Remembered, item: ItemId) -> String {
    remembered.person().map_or_else(
        || format!("/staff/counter?item={item}"),
        |person| reception(item, person),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn person_and_item_meet_in_either_order() {
        let (item, person) = (ItemId::from_u128(1), PersonId::from_u128(2));
        let nobody = Remembered::default();
        let somebody = Remembered {
            person: person.to_string(),
            item: String::new(),
        };
        let reception = "/staff/counter/receive/00000000000000000000000000000001/00000000000000000000000000000002";
        assert_eq!(way_on(&somebody, item), reception);
        assert_eq!(with_person(Some(item), person), reception);
        assert_eq!(
            way_on(&nobody, item),
            "/staff/counter?item=00000000000000000000000000000001"
        );
        assert_eq!(
            with_person(None, person),
            "/staff/counter?person=00000000000000000000000000000002"
        );
    }
}
