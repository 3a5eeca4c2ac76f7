//! The reception: reads the page, moves marks, keeps scans, and hands over to `send` when a button
//! files the case.

use std::sync::Arc;

use axum::{
    extract::{Multipart, Path, State},
    response::Response,
};
use wuchuang_access::{CitizenEntry, Villages};
use wuchuang_cases::{
    Cases, Situation,
    files::FileError,
    known::{Asked, brought, filled_in, read_reasons},
    model::{KnownAnswer, unexplained},
};
use wuchuang_catalogue::model::{ItemContent, ItemVersion};
use wuchuang_kernel::{CaseId, PersonId, china_date};
use wuchuang_licences::reuse::Stock;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Answers, FieldErrors, Form, Submission},
};

use super::{send, show::show};
use crate::{
    reception::{About, Checklist, Pressed, Scan, Sheet, applicant, check_same_person},
    rooms::{Rooms, id},
};

/// What a reception is about; the same for every press of a button.
pub(super) struct Matter {
    pub(super) item: Arc<ItemVersion>,
    pub(super) form: Arc<Form>,
    pub(super) lists: Villages,
    pub(super) citizen: CitizenEntry,
    stock: Stock,
    /// What licences and earlier cases answer, with why the applicant says something else.
    pub(super) known: Vec<KnownAnswer>,
    /// Where the bad-credit records of a citizen open who is not taken at their word; `None` for everybody else.
    pub(super) barred: Option<String>,
}

impl Matter {
    /// What is received; the case that this very form files says nothing and brings nothing, when the form is sent again.
    async fn of(
        rooms: &Rooms,
        caller: &Caller,
        (item, person): (&str, &str),
        except: &[CaseId],
    ) -> Result<Self, Failure> {
        let item = rooms.item(caller, id(item)?).await?;
        rooms.desk.require_receipt(caller, &item).await?;
        let citizen = rooms.citizen(caller, id(person)?).await?;
        let today = china_date(caller.now);
        let (cases, licences) = (rooms.cases(), &rooms.licences);
        let whose = (citizen.person, today);
        let stock = Stock::of(cases, licences, caller.region, whose, except).await?;
        let bar = cases.bar(caller.region, &citizen.number).await?;
        let subject = cases.credit().subject_of(&citizen.number);
        let mut matter = Self {
            barred: bar
                .and(subject)
                .map(|subject| format!("/staff/credit/{subject}")),
            form: rooms.form(&item)?,
            lists: rooms.directory().villages(caller.region).await?,
            stock,
            known: Vec::new(),
            item,
            citizen,
        };
        matter.look_up(rooms, caller, except).await?;
        Ok(matter)
    }

    /// Looks up what the house knows.
    async fn look_up(
        &mut self,
        rooms: &Rooms,
        caller: &Caller,
        except: &[CaseId],
    ) -> Result<(), Failure> {
        let cases = rooms.cases();
        let whose = (caller.region, self.person());
        let today = china_date(caller.now);
        let mut statements = cases.statements(whose, caller.now, except).await?;
        let printed = rooms.licences.statements(cases, whose, today, except);
        statements.extend(printed.await?);
        let asked = Asked {
            form: &self.form,
            lists: &self.lists,
            translator: &caller.page.translator,
            citizen: &self.citizen,
        };
        self.known = asked.answers(&statements);
        Ok(())
    }

    /// The materials; while a bad-credit record stands, none may follow and no promise takes the place of one.
    fn checklist(&self, organisation: Option<(&str, &str)>) -> Checklist {
        let checklist = Checklist::of(self.content(), &self.stock, organisation);
        if self.barred.is_some() {
            checklist.without_word()
        } else {
            checklist
        }
    }

    /// The materials as the applicant's situation (情形) asks for them.
    fn checklist_in(
        &self,
        rooms: &Rooms,
        answers: &Answers,
        has_agent: bool,
    ) -> Result<Checklist, Failure> {
        let who = applicant(&self.form, answers, &self.citizen, &self.lists);
        let situation = Situation {
            kind: who.kind,
            number: &who.number,
            has_agent,
            answers,
            given: Vec::new(),
        };
        let checklist = self.checklist(who.as_organisation());
        let wanted = rooms.cases().wanted_in(&self.item, &situation)?;
        Ok(match wanted {
            Some(wanted) => checklist.in_situation(&wanted),
            None => checklist,
        })
    }

    /// What the application says otherwise than the house knows, without a word why.
    pub(super) fn against_changes(&self, reception: &Reception, errors: &mut FieldErrors) {
        let values = &reception.answers.values;
        let answers = serde_json::Value::Object(values.clone());
        for refused in unexplained(&self.brought(values), Some(&answers)) {
            let field = refused.field.as_deref().unwrap_or_default().to_owned();
            errors.add(field, refused.public);
        }
    }

    /// What goes with the application of what the house knows.
    pub(super) fn brought(&self, values: &Answers) -> Vec<KnownAnswer> {
        brought(&self.known, &self.form, values)
    }

    pub(super) fn content(&self) -> &ItemContent {
        &self.item.content
    }

    pub(super) fn person(&self) -> PersonId {
        self.citizen.person
    }
}

/// What lies on the counter now.
pub(super) struct Reception {
    pub(super) answers: Submission,
    pub(super) checklist: Checklist,
    pub(super) about: About,
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((item, person)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let matter = Matter::of(&rooms, &caller, (&item, &person), &[]).await?;
    let answers = filled_in(&matter.known);
    let reception = Reception {
        checklist: matter.checklist_in(&rooms, &answers, false)?,
        answers: Submission {
            values: answers,
            ..Submission::default()
        },
        about: About::of(matter.content()),
    };
    show(&rooms, &caller, &matter, &reception, &FieldErrors::new())
}

pub(crate) async fn press(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((item, person)): Path<(String, String)>,
    multipart: Multipart,
) -> Result<Response, Failure> {
    let mut sheet = Sheet::read(multipart).await?;
    let filed = sheet.text("command_id").parse().ok().map(Cases::case_of);
    let mut matter = Matter::of(&rooms, &caller, (&item, &person), filed.as_slice()).await?;
    read_reasons(&mut matter.known, &sheet.pairs);
    let scans = std::mem::take(&mut sheet.scans);
    let mut errors = FieldErrors::new();
    let mut reception = read(&rooms, &caller, &matter, &sheet)?;
    keep(
        &rooms,
        &caller,
        matter.person(),
        scans,
        &mut reception.checklist,
        &mut errors,
    )
    .await?;
    if reception.answers.is_rows_changed {
        let told = &reception.answers.errors;
        let told = if errors.is_empty() { told } else { &errors };
        return show(&rooms, &caller, &matter, &reception, told);
    }
    match Pressed::of(&sheet) {
        Pressed::Check => {
            for error in &reception.answers.errors {
                errors.add(error.field.clone(), error.message.clone());
            }
            reception.checklist.against_acceptance(&mut errors);
            matter.against_changes(&reception, &mut errors);
            show(&rooms, &caller, &matter, &reception, &errors)
        }
        Pressed::File(deed) => {
            let filing = send::Filing {
                deed,
                key: sheet.text("command_id"),
            };
            send::file(&rooms, &caller, &matter, &reception, &filing, errors).await
        }
    }
}

/// What was typed, marked and sent before.
fn read(
    rooms: &Rooms,
    caller: &Caller,
    matter: &Matter,
    sheet: &Sheet,
) -> Result<Reception, Failure> {
    let translator = &caller.page.translator;
    let mut answers = matter.form.read(&sheet.pairs, &matter.lists, translator);
    // The counter offers no written name: nobody signs for somebody else.
    let signed = matter
        .form
        .check_signers(&answers.values, (&[], true), translator);
    answers.errors.take_in(&signed);
    check_same_person(
        &matter.form,
        &answers.values,
        &matter.citizen,
        &mut answers.errors,
    );
    let about = About::read(sheet);
    let mut checklist = matter.checklist_in(rooms, &answers.values, about.has_agent)?;
    checklist.read(sheet);
    for line in &mut checklist.0 {
        line.files = sheet.kept(rooms.cases().ledger(), matter.person(), &line.id);
    }
    Ok(Reception {
        answers,
        checklist,
        about,
    })
}

/// Stores the scans that have just come. One that the house does not take is an error at its material.
pub(super) async fn keep(
    rooms: &Rooms,
    caller: &Caller,
    person: PersonId,
    scans: Vec<Scan>,
    checklist: &mut Checklist,
    errors: &mut FieldErrors,
) -> Result<(), Failure> {
    for scan in scans {
        let Some(line) = checklist.0.iter_mut().find(|line| line.id == scan.material) else {
            continue;
        };
        match rooms
            .cases()
            .take_file(caller.region, &scan.name, scan.bytes, person)
            .await
        {
            Ok(file) => line.files.push(file),
            Err(FileError::Refused(problem)) => {
                errors.add(
                    format!("mark-{}", line.id),
                    format!("“{}”的扫描件：{}", line.name, problem.explain()),
                );
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
