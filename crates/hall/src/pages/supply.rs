//! 补交 at the counter: what the one notice asked for, or what is owed after conditional acceptance, brought on paper to
//! any window. The clerk marks what lies there; one button hands it in under the applicant's case.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Multipart, Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use wuchuang_access::Villages;
use wuchuang_cases::{
    model::{Case, Stage},
    wanted::{Subject, Wanted, questions, wanted, with_signatures},
};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{CaseId, Channel, china_date, group_case_number, mask_name};
use wuchuang_ledger::Expected;
use wuchuang_licences::reuse::Stock;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Answers, FieldErrors, Form, Submission},
    page::PageContext,
};

use super::{
    receive::keep,
    show::{LineView, line_view},
};
use crate::{
    reception::{Sheet, Supply, asked_for},
    rooms::{Rooms, html, html_again, id},
};

/// The address of the page of one case.
pub(super) fn path_of(case: &str) -> String {
    format!("/staff/counter/supply/{case}")
}

/// A case that waits for papers.
struct Room {
    id: CaseId,
    case: Box<Case>,
    version: Arc<ItemVersion>,
    /// The questions that must be answered anew.
    form: Option<Form>,
    lists: Villages,
    wanted: Vec<Wanted>,
    stock: Stock,
    /// Whether a bad-credit record of the applicant stands: then nothing is promised.
    is_barred: bool,
}

impl Room {
    async fn open(
        rooms: &Rooms,
        caller: &Caller,
        id: CaseId,
        case: Box<Case>,
    ) -> Result<Self, Failure> {
        let (item, number) = (case.terms.item, case.terms.version);
        let version = rooms
            .catalogue
            .version(item, number)
            .await?
            .ok_or_else(Failure::not_found)?;
        let whole = rooms.form(&version)?;
        let fields = whole.fields().iter();
        let names: Vec<String> = fields.map(|field| field.name.clone()).collect();
        let wanted = with_signatures(wanted(&case, &names), &whole);
        let fields: Vec<&str> = wanted
            .iter()
            .filter_map(|wish| match &wish.subject {
                Subject::Field(field) => Some(field.as_str()),
                Subject::Material(_) => None,
            })
            .collect();
        let form = questions(&version.content.form, &fields)
            .map(|schema| Form::parse(&schema.to_string()))
            .transpose()
            .map_err(Failure::internal)?;
        let person = case.applicant.person;
        let today = china_date(caller.now);
        let (cases, licences) = (rooms.cases(), &rooms.licences);
        let number = case.applicant.number.text();
        Ok(Self {
            is_barred: cases.bar(caller.region, number).await?.is_some(),
            stock: Stock::of(cases, licences, caller.region, (person, today), &[]).await?,
            lists: rooms.directory().villages(caller.region).await?,
            id,
            case,
            version,
            form,
            wanted,
        })
    }

    fn is_correction(&self) -> bool {
        self.case.stage == Stage::Correcting
    }

    fn known(&self) -> Answers {
        let answers = self.case.answers.get().and_then(|known| known.as_object());
        answers.cloned().unwrap_or_default()
    }

    /// What lies on the counter, by what was sent; nothing before anything was sent.
    fn supply(&self, rooms: &Rooms, caller: &Caller, sheet: Option<&Sheet>) -> Supply {
        let known = self.known();
        let mut answers = Submission {
            values: known.clone(),
            ..Submission::default()
        };
        let mut checklist = asked_for(
            &self.version.content,
            (&self.stock, self.case.applicant.as_organisation()),
            &self.wanted,
            self.is_correction(),
        );
        if self.is_barred {
            checklist = checklist.without_word();
        }
        if let Some(sheet) = sheet {
            checklist.read(sheet);
            let ledger = rooms.cases().ledger();
            for line in &mut checklist.0 {
                line.files = sheet.kept(ledger, self.case.applicant.person, &line.id);
            }
            if let Some(form) = &self.form {
                answers = form.read(&sheet.pairs, &self.lists, &caller.page.translator);
                // What is signed is the whole application, not these questions alone.
                form.unmark(&mut answers.values);
                let signers = (&[][..], true);
                let translator = &caller.page.translator;
                let signed = form.check_signers(&answers.values, signers, translator);
                answers.errors.take_in(&signed);
            }
        }
        Supply {
            is_correction: self.is_correction(),
            wanted: self.wanted.clone(),
            checklist,
            known,
            answers,
        }
    }
}

#[derive(Template)]
#[template(path = "hall/supply.html")]
struct SupplyPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    path: String,
    case_path: String,
    number: String,
    item_name: &'a str,
    organisation: &'a str,
    applicant: String,
    is_correction: bool,
    wanted: &'a [Wanted],
    form_html: String,
    first_question: String,
    lines: Vec<LineView<'a>>,
    partly: bool,
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Response, Failure> {
    let id = id(&case)?;
    let case = rooms.desk.case_for(&caller, id, "case_supply").await?;
    let room = Room::open(&rooms, &caller, id, case).await?;
    if room.wanted.is_empty() {
        // Handed in already, or nothing was asked: the case's page says which.
        return Ok(Redirect::to(&format!("/staff/cases/{id}")).into_response());
    }
    let supply = room.supply(&rooms, &caller, None);
    show(&rooms, &caller, &room, &supply, &FieldErrors::new(), false)
}

pub(crate) async fn press(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
    multipart: Multipart,
) -> Result<Response, Failure> {
    let id = id(&case)?;
    let mut sheet = Sheet::read(multipart).await?;
    let key = sheet.text("command_id").to_owned();
    let order = caller.order_through(Channel::Counter, Some(&key), Expected::Existing);
    let case = rooms
        .desk
        .case_for_deed(&caller, id, "case_supply", &order)
        .await?;
    let room = Room::open(&rooms, &caller, id, case).await?;
    let done = format!("/staff/counter/done/{id}");
    if room.wanted.is_empty() {
        // Pressed twice: the first press arrived.
        return Ok(Redirect::to(&done).into_response());
    }
    let scans = std::mem::take(&mut sheet.scans);
    let mut supply = room.supply(&rooms, &caller, Some(&sheet));
    let mut refused = FieldErrors::new();
    let person = room.case.applicant.person;
    let checklist = &mut supply.checklist;
    keep(&rooms, &caller, person, scans, checklist, &mut refused).await?;
    let partly = sheet.is_ticked("partly");
    if supply.answers.is_rows_changed {
        let told = &supply.answers.errors;
        let told = if refused.is_empty() { told } else { &refused };
        return show(&rooms, &caller, &room, &supply, told, partly);
    }
    let mut errors = supply.against(partly);
    for error in &refused {
        errors.add(error.field.clone(), error.message.clone());
    }
    if sheet.text("deed") != "supply" || !errors.is_empty() {
        return show(&rooms, &caller, &room, &supply, &errors, partly);
    }
    let command = supply.command(person, |index| {
        rooms.cases().material_of(order.command_id, index)
    });
    match rooms.cases().act(id, command, order).await {
        Ok(_) => Ok(Redirect::to(&done).into_response()),
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            errors.add("supply", failure.public);
            show(&rooms, &caller, &room, &supply, &errors, partly)
        }
        Err(failure) => Err(failure),
    }
}

fn show(
    rooms: &Rooms,
    caller: &Caller,
    room: &Room,
    supply: &Supply,
    errors: &FieldErrors,
    partly: bool,
) -> Result<Response, Failure> {
    let title = if supply.is_correction {
        "收补正材料"
    } else {
        "收容缺补交材料"
    };
    let page = caller
        .page
        .clone()
        .titled(&format!("{title} · {}", room.case.terms.name))
        .under("窗口收件", "/staff/counter")
        .with_errors(!errors.is_empty());
    let form_html = match &room.form {
        Some(form) => form
            .render_all(&page, &supply.answers.values, errors, &room.lists)
            .map_err(Failure::internal)?,
        None => String::new(),
    };
    let (ledger, person) = (rooms.cases().ledger(), room.case.applicant.person);
    let template = SupplyPage {
        errors,
        path: path_of(&room.id.to_string()),
        case_path: format!("/staff/cases/{}", room.id),
        number: group_case_number(&room.case.number),
        item_name: &room.case.terms.name,
        organisation: &room.case.organisation_name,
        applicant: mask_name(room.case.applicant.name.text()),
        is_correction: supply.is_correction,
        wanted: &supply.wanted,
        first_question: room
            .form
            .as_ref()
            .and_then(|form| form.fields().first())
            .map(|field| field.name.clone())
            .unwrap_or_default(),
        form_html,
        lines: supply
            .checklist
            .0
            .iter()
            .map(|line| line_view(ledger, person, line))
            .collect(),
        partly,
        page: &page,
    };
    if errors.is_empty() {
        html(&template)
    } else {
        html_again(&template)
    }
}
