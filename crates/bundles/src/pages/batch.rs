//! 连锁门店批量收件 at the counter: the item, the headquarters, the papers that are handed in once, and the stores line by line
//! or from an Excel sheet. Nothing is written before every store is right.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Multipart, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_access::Villages;
use wuchuang_cases::api::applying::{DeliveryInput, MaterialInput, WhoApplies};
use wuchuang_catalogue::{exchange::form::is_of_applicant, model::ItemVersion};
use wuchuang_kernel::{Channel, ItemId};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Answers, Field, FieldErrors, Form},
    markup::Choice,
    page::PageContext,
};

use super::{EXCEL, file, html, joint::LIST};
use crate::{
    batch::{
        Given, hand_in,
        sheet::{self, Row},
    },
    rooms::BundleRooms,
    service::StoreInput,
};

const PATH: &str = "/staff/batches/new";
/// How many problems of the table are told at once.
const PROBLEMS_MAX: usize = 30;
/// How many fields the page may send.
const SENT_MAX: usize = 500;

#[derive(Template)]
#[template(path = "bundles/batch_items.html")]
struct ItemsPage<'a> {
    page: &'a PageContext,
    /// The items that this counter takes for organisations: address, name, department.
    items: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "bundles/batch.html")]
struct BatchPage<'a> {
    page: &'a PageContext,
    item: &'a ItemVersion,
    /// The questions about the headquarters.
    common: String,
    materials: Ticks,
    /// The columns in words.
    columns: String,
    typed: &'a Typed,
    errors: &'a FieldErrors,
}

/// Boxes with what was ticked.
struct Ticks {
    choices: Vec<Choice>,
    ticked: Vec<String>,
}

impl Ticks {
    fn choices(&self) -> &[Choice] {
        &self.choices
    }

    fn is_ticked(&self, value: &str) -> bool {
        self.ticked.iter().any(|ticked| ticked == value)
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ItemQuery {
    #[serde(default)]
    item: String,
}

/// What was sent.
#[derive(Default)]
struct Typed {
    item: String,
    key: String,
    handler_name: String,
    handler_number: String,
    stores: String,
    survey: bool,
    materials: Vec<String>,
    /// The questions of the form.
    pairs: Vec<(String, String)>,
    workbook: Option<Vec<u8>>,
}

impl Typed {
    async fn read(mut form: Multipart) -> Result<Self, Failure> {
        let broken = |_| Failure::invalid("没有传完整，请返回再试一次；Excel 文件最大1 MB。");
        let mut typed = Self::default();
        for _ in 0..SENT_MAX {
            let Some(field) = form.next_field().await.map_err(broken)? else {
                break;
            };
            let name = field.name().unwrap_or_default().to_owned();
            if name == "batch-sheet" {
                let bytes = field.bytes().await.map_err(broken)?;
                typed.workbook = (!bytes.is_empty()).then(|| bytes.to_vec());
                continue;
            }
            let text = field.text().await.map_err(broken)?;
            match name.as_str() {
                "item" => typed.item = text,
                "command_id" => typed.key = text,
                "batch-handler-name" => typed.handler_name = text,
                "batch-handler-number" => typed.handler_number = text,
                "batch-stores" => typed.stores = text,
                "batch-survey" => typed.survey = text == "true",
                "batch-materials" => typed.materials.push(text),
                _ => typed.pairs.push((name, text)),
            }
        }
        Ok(typed)
    }
}

/// The item with its form.
struct Matter {
    item: Arc<ItemVersion>,
    form: Arc<Form>,
    lists: Villages,
}

/// Whether an organisation applies for it, so that it can have stores.
fn fits(item: &ItemVersion) -> Option<Arc<Form>> {
    let form = Form::shared(&item.content.form).ok()?;
    field_of(&form, "name").is_some().then_some(form)
}

/// The field of the form that asks something of the organisation.
fn field_of<'a>(form: &'a Form, what: &str) -> Option<&'a Field> {
    let element = format!("organisation.{what}");
    let mut fields = form.fields().iter();
    fields.find(|field| field.element.as_ref() == Some(&element))
}

impl Matter {
    async fn of(rooms: &BundleRooms, caller: &Caller, item: &str) -> Result<Self, Failure> {
        let item: ItemId = item.parse().map_err(|_| Failure::not_found())?;
        let item = rooms.cases.item_in_force(caller, item).await?;
        let item = item.ok_or_else(Failure::not_found)?;
        rooms.cases.require_receipt(caller, &item).await?;
        Ok(Self {
            form: fits(&item).ok_or_else(Failure::not_found)?,
            lists: rooms.cases.directory.villages(caller.region).await?,
            item,
        })
    }

    fn headings(&self) -> Vec<String> {
        let columns = sheet::columns(&self.form);
        let labels = columns.iter().map(|field| field.label.clone());
        std::iter::once(sheet::NAME.to_owned())
            .chain(labels)
            .collect()
    }

    /// The stores with their answers, and the answers that are the same for all.
    fn read(
        &self,
        caller: &Caller,
        typed: &Typed,
        errors: &mut FieldErrors,
    ) -> (Vec<StoreInput>, Answers) {
        let columns = sheet::columns(&self.form);
        let rows = sheet::rows(&typed.stores);
        let mut stores = Vec::with_capacity(rows.len());
        let mut common = Answers::new();
        let nothing = [Row {
            name: String::new(),
            cells: Vec::new(),
        }];
        let read = if rows.is_empty() {
            &nothing[..]
        } else {
            &rows[..]
        };
        for (number, row) in (1..).zip(read) {
            if row.cells.len() > columns.len() {
                let text = format!(
                    "第{number}行多了{}列，请按列的顺序用 | 隔开。",
                    row.cells.len() - columns.len()
                );
                errors.add("batch-stores", text);
                continue;
            }
            let cells = columns.iter().zip(&row.cells);
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
            stores.push(StoreInput {
                name: row.name.clone(),
                answers: own,
            });
        }
        if rows.is_empty() {
            errors.add(
                "batch-stores",
                "请写上各家门店，每行一家；也可以上传 Excel 门店表。",
            );
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

    fn papers(&self, typed: &Typed) -> Vec<MaterialInput> {
        let materials = self.item.content.materials.iter();
        materials
            .filter(|material| typed.materials.contains(&material.id))
            .map(|material| MaterialInput::paper(material.id.clone(), material.copies.max(1)))
            .collect()
    }

    /// The field of the page that a refusal is about.
    fn place(&self, field: &str) -> String {
        let own = field.strip_prefix("applicant.");
        match own {
            Some(own) if own.starts_with("handler.number") => "batch-handler-number".to_owned(),
            Some(own) if own.starts_with("handler") => "batch-handler-name".to_owned(),
            Some(own) => {
                let found = field_of(&self.form, own);
                found.map_or_else(|| "batch-stores".to_owned(), |field| field.name.clone())
            }
            None if field.starts_with("materials") => "batch-materials".to_owned(),
            None => "batch-stores".to_owned(),
        }
    }

    fn show(
        &self,
        caller: &Caller,
        typed: &Typed,
        errors: &FieldErrors,
    ) -> Result<Html<String>, Failure> {
        let page = caller
            .page
            .clone()
            .titled("连锁门店批量收件")
            .with_errors(!errors.is_empty());
        let mut values = Answers::new();
        for (name, value) in &typed.pairs {
            values.insert(name.clone(), value.clone().into());
        }
        let mut common = String::new();
        for group in self.form.groups() {
            let mut fields = self.form.fields_of(group);
            if fields.all(|field| field.element.as_deref().is_some_and(is_of_applicant)) {
                let rendered = self
                    .form
                    .render_group(&page, group, &values, errors, &self.lists);
                common.push_str(&rendered.map_err(Failure::internal)?);
            }
        }
        let choices = self.item.content.materials.iter().map(|material| {
            let label = format!("{}（{}份）", material.name, material.copies.max(1));
            Choice::new(material.id.clone(), label)
        });
        html(&BatchPage {
            item: &self.item,
            common,
            materials: Ticks {
                choices: choices.collect(),
                ticked: typed.materials.clone(),
            },
            columns: self.headings().join(" | "),
            page: &page,
            typed,
            errors,
        })
    }
}

pub(super) async fn page(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Query(query): Query<ItemQuery>,
) -> Result<Html<String>, Failure> {
    if !query.item.is_empty() {
        let matter = Matter::of(&rooms, &caller, &query.item).await?;
        let typed = Typed {
            item: query.item,
            ..Typed::default()
        };
        return matter.show(&caller, &typed, &FieldErrors::new());
    }
    let mut items = Vec::new();
    for item in rooms.catalogue().all() {
        let is_taken = fits(&item).is_some() && rooms.cases.may_receive(&caller, &item).await?;
        if is_taken && rooms.cases.item_in_force(&caller, item.id).await?.is_some() {
            let path = format!("{PATH}?item={}", item.id);
            let (name, department) = (&item.content.name, &item.content.department.name);
            items.push((path, name.clone(), department.clone()));
        }
    }
    let page = caller.page.clone().titled("连锁门店批量收件");
    html(&ItemsPage { page: &page, items })
}

pub(super) async fn template(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Query(query): Query<ItemQuery>,
) -> Result<Response, Failure> {
    let matter = Matter::of(&rooms, &caller, &query.item).await?;
    let book = sheet::template(&matter.headings()).map_err(Failure::internal)?;
    Ok(file(EXCEL, "stores.xlsx", book))
}

pub(super) async fn send(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    form: Multipart,
) -> Result<Response, Failure> {
    let mut typed = Typed::read(form).await?;
    let matter = Matter::of(&rooms, &caller, &typed.item).await?;
    let mut errors = FieldErrors::new();
    if let Some(book) = typed.workbook.take() {
        match sheet::lines(&book, &matter.headings()) {
            Ok(lines) => typed.stores = lines,
            Err(error) => errors.add("batch-sheet", error.to_string()),
        }
    }
    if typed.stores.chars().count() > sheet::TEXT_CHARACTERS_MAX {
        errors.add("batch-stores", "门店表太长，请分批提交。");
    }
    let again = |errors: &FieldErrors| {
        let page = matter.show(&caller, &typed, errors)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    if !errors.is_empty() {
        return again(&errors);
    }
    let (stores, common) = matter.read(&caller, &typed, &mut errors);
    if !errors.is_empty() {
        return again(&errors);
    }
    let count = stores.len();
    let given = Given {
        item: Arc::clone(&matter.item),
        applicant: matter.applicant(&typed, &common),
        answers: common,
        materials: matter.papers(&typed),
        delivery: DeliveryInput::Counter {},
        stores,
        survey: typed.survey,
    };
    let order = caller.order_through(Channel::Counter, Some(&typed.key), Expected::Any);
    match hand_in(&rooms, &caller, order, given).await {
        Ok(joint) => Ok(Redirect::to(&format!("{LIST}/{joint}?received={count}")).into_response()),
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let field = matter.place(failure.field.as_deref().unwrap_or_default());
            errors.add(field, failure.public.into_owned());
            again(&errors)
        }
        Err(failure) => Err(failure),
    }
}
