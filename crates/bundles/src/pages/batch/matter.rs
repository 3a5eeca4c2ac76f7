//! The item of a batch with its form: what the page's lines say of each store, and what is handed in.

use std::sync::Arc;

use wuchuang_access::Villages;
use wuchuang_cases::{
    api::applying::{DeliveryInput, WhoApplies},
    model::HandledBy,
    reuse::{Applying, Offer},
};
use wuchuang_catalogue::{exchange::form::is_of_applicant, model::ItemVersion};
use wuchuang_codes::CitizenNumber;
use wuchuang_kernel::{CaseId, ItemId, china_date};
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Answers, Field, FieldErrors, FieldKind, Form},
};

use super::typed::Typed;
use crate::{
    batch::{
        Given, GivenStore,
        papers::{self, Papers},
        sheet::{self, Row},
    },
    model::Part,
    rooms::BundleRooms,
    service::Bundles,
};

/// How many problems of the table are told at once.
const PROBLEMS_MAX: usize = 30;

/// The item with its form.
pub(super) struct Matter {
    pub(super) item: Arc<ItemVersion>,
    pub(super) form: Arc<Form>,
    pub(super) lists: Villages,
    /// Who handles the cases, when it is not the item's department.
    pub(super) handled_by: Option<HandledBy>,
}

/// Whether an organisation applies for it, so that it can have stores, and a line of a table can answer what it must answer: it
/// holds neither a table of its own nor a signature.
pub(super) fn fits(item: &ItemVersion) -> Option<Arc<Form>> {
    let form = Form::shared(&item.content.form).ok()?;
    let is_beyond = |field: &Field| {
        let is_own = !field.element.as_deref().is_some_and(is_of_applicant);
        is_own && field.is_required && (field.kind == FieldKind::Rows || field.is_signature())
    };
    let fits = field_of(&form, "name").is_some() && !form.fields().iter().any(is_beyond);
    fits.then_some(form)
}

/// The field of the form that asks something of the organisation.
fn field_of<'a>(form: &'a Form, what: &str) -> Option<&'a Field> {
    let element = format!("organisation.{what}");
    let mut fields = form.fields().iter();
    fields.find(|field| field.element.as_ref() == Some(&element))
}

impl Matter {
    pub(super) async fn of(
        rooms: &BundleRooms,
        caller: &Caller,
        item: &str,
    ) -> Result<Self, Failure> {
        let item: ItemId = item.parse().map_err(|_| Failure::not_found())?;
        let item = rooms.cases.item_in_force(caller, item).await?;
        let item = item.ok_or_else(Failure::not_found)?;
        rooms.cases.require_receipt(caller, &item).await?;
        Ok(Self {
            form: fits(&item).ok_or_else(Failure::not_found)?,
            lists: rooms.cases.directory.villages(caller.region).await?,
            handled_by: rooms.cases.handled_by(caller, &item).await?,
            item,
        })
    }

    /// What the house has of whoever acts for the applicant (免提交), once their number was written: for each material the
    /// offers, the best first. `None` for somebody whom the house does not know.
    pub(super) async fn offers(
        &self,
        rooms: &BundleRooms,
        caller: &Caller,
        typed: &Typed,
    ) -> Result<Option<Vec<Vec<Offer>>>, Failure> {
        let Ok(number) = CitizenNumber::parse(&typed.handler_number) else {
            return Ok(None);
        };
        let directory = &rooms.cases.directory;
        let known = directory.citizen_find_by_number(caller.region, &number);
        let Some(known) = known.await? else {
            return Ok(None);
        };
        let of = |what: &str| {
            let field = field_of(&self.form, what);
            let mut pairs = typed.pairs.iter();
            let said = pairs.find(|(name, _)| field.is_some_and(|field| field.name == *name));
            said.map_or("", |(_, value)| value.as_str())
        };
        let made = made(rooms, caller, typed).await?;
        let applying = Applying {
            region: caller.region,
            person: known.person,
            organisation: Some((of("number"), of("name"))),
            except: &made,
        };
        let (cases, today) = (&rooms.cases.cases, china_date(caller.now));
        let wanted = &self.item.content.materials;
        let found = rooms.cases.on_hand.offers(cases, applying, wanted, today);
        Ok(Some(found.await?))
    }

    pub(super) fn headings(&self) -> Vec<String> {
        let columns = sheet::columns(&self.form);
        let labels = columns.iter().map(|field| field.label.clone());
        std::iter::once(sheet::NAME.to_owned())
            .chain(labels)
            .chain([papers::HEADING.to_owned()])
            .collect()
    }

    /// What is handed in, as far as it reads; what does not is told with its field.
    pub(super) fn given(
        &self,
        caller: &Caller,
        (typed, papers): (&Typed, &Papers),
        errors: &mut FieldErrors,
    ) -> Given {
        let rows = sheet::rows(&typed.stores);
        let (mut stores, common) = self.answers(caller, (typed, &rows), errors);
        let mut wrong = Vec::new();
        let brought = papers.common(&mut wrong);
        for (field, text) in wrong {
            errors.add(field, text);
        }
        let cell = |row: &Row| row.cells.get(self.own_columns()).cloned();
        let cells: Vec<(String, String)> = rows
            .iter()
            .map(|row| (row.name.clone(), cell(row).unwrap_or_default()))
            .collect();
        let cells: Vec<(&str, &str)> = cells
            .iter()
            .map(|(name, cell)| (name.as_str(), cell.as_str()))
            .collect();
        let (own, problems) = papers.of_stores(&cells);
        for text in problems.lines.into_iter().take(PROBLEMS_MAX) {
            errors.add("batch-stores", text);
        }
        for text in problems.scans.into_iter().take(PROBLEMS_MAX) {
            errors.add("scan-own", text);
        }
        let is_owed = !brought.owed.is_empty() || own.iter().any(|own| !own.owed.is_empty());
        if is_owed && !typed.undertaken {
            let text = "标了容缺的材料，要请申请人作出容缺承诺并签字，再勾选这一栏；不愿承诺的标“缺”，收件以后一次性告知。";
            errors.add("batch-undertaken", text);
        }
        for (store, own) in stores.iter_mut().zip(own) {
            store.materials = own.materials;
            store.undertaking = own.owed;
        }
        Given {
            item: Arc::clone(&self.item),
            applicant: self.applicant(typed, &common),
            answers: common,
            materials: brought.materials,
            undertaking: brought.owed,
            delivery: DeliveryInput::Counter {},
            stores,
            survey: typed.survey,
        }
    }

    fn own_columns(&self) -> usize {
        sheet::columns(&self.form).len()
    }

    /// The stores with their answers, and the answers that are the same for all.
    fn answers(
        &self,
        caller: &Caller,
        (typed, rows): (&Typed, &[Row]),
        errors: &mut FieldErrors,
    ) -> (Vec<GivenStore>, Answers) {
        let columns = sheet::columns(&self.form);
        let mut stores = Vec::with_capacity(rows.len());
        let mut common = Answers::new();
        let nothing = [Row {
            name: String::new(),
            cells: Vec::new(),
        }];
        let read = if rows.is_empty() { &nothing[..] } else { rows };
        for (number, row) in (1..).zip(read) {
            if row.cells.len() > columns.len() + 1 {
                let more = row.cells.len() - columns.len() - 1;
                let text = format!("第{number}行多了{more}列，请按列的顺序用 | 隔开。");
                errors.add("batch-stores", text);
            }
            let cells = columns.iter().zip(&row.cells);
            for (field, cell) in cells
                .clone()
                .filter(|(field, cell)| !sheet::reads(field, cell))
            {
                let text = format!(
                    "第{number}行“{}”：“{cell}”看不懂，请写是或者否。",
                    field.label
                );
                errors.add("batch-stores", text);
            }
            let own = cells.flat_map(|(field, cell)| sheet::pairs(field, cell, &self.lists));
            let pairs: Vec<(String, String)> = typed.pairs.iter().cloned().chain(own).collect();
            let translator = &caller.page.translator;
            let submission = self.form.read(&pairs, &self.lists, translator);
            for error in &submission.errors {
                let own = columns.iter().find(|field| field.name == error.field);
                match own {
                    None if number == 1 => errors.add(error.field.clone(), error.message.clone()),
                    Some(field) if !rows.is_empty() && errors.len() < PROBLEMS_MAX => errors.add(
                        "batch-stores",
                        format!("第{number}行“{}”：{}", field.label, error.message),
                    ),
                    _ => {}
                }
            }
            let is_own = |name: &String| columns.iter().any(|field| field.name == *name);
            let (own, all): (Answers, Answers) = submission
                .values
                .into_iter()
                .partition(|(name, _)| is_own(name));
            common = all;
            stores.push(GivenStore {
                name: row.name.clone(),
                answers: own,
                materials: Vec::new(),
                undertaking: Vec::new(),
            });
        }
        if rows.is_empty() {
            let text = "请写上各家门店，每行一家；也可以上传 Excel 门店表。";
            errors.add("batch-stores", text);
            stores.clear();
        }
        (stores, common)
    }

    fn applicant(&self, typed: &Typed, common: &Answers) -> WhoApplies {
        let of = |what: &str| {
            let field = field_of(&self.form, what);
            let value = field.and_then(|field| common.get(&field.name));
            value
                .and_then(|value| value.as_str())
                .unwrap_or_default()
                .to_owned()
        };
        WhoApplies::organisation(
            ["name", "number", "phone", "address", "email"].map(of),
            [typed.handler_name.clone(), typed.handler_number.clone()],
        )
    }

    /// The field of the page that a refusal is about.
    pub(super) fn place(&self, field: &str) -> String {
        let own = field.strip_prefix("applicant.");
        match own {
            Some(own) if own.starts_with("handler.number") => "batch-handler-number".to_owned(),
            Some(own) if own.starts_with("handler") => "batch-handler-name".to_owned(),
            Some(own) => {
                let found = field_of(&self.form, own);
                found.map_or_else(|| "batch-stores".to_owned(), |field| field.name.clone())
            }
            None if field.starts_with("materials") => "batch-materials".to_owned(),
            None if field == "undertaking" => "batch-undertaken".to_owned(),
            None => "batch-stores".to_owned(),
        }
    }
}

/// The cases that this very form made, when it is sent again.
async fn made(rooms: &BundleRooms, caller: &Caller, typed: &Typed) -> Result<Vec<CaseId>, Failure> {
    let Ok(key) = typed.key.parse() else {
        return Ok(Vec::new());
    };
    let joint = Bundles::joint_of(key);
    let joint = rooms.bundles.find_joint(caller.region, joint).await?;
    let parts = joint.iter().flat_map(|joint| &joint.parts);
    Ok(parts.filter_map(Part::case).collect())
}
