//! The pages of the public lists. Everything is in the address, so that a list of one organisation can be sent
//! on, and everything works without JavaScript.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::header,
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use wuchuang_kernel::{OrganisationId, china_date};
use wuchuang_webkit::{
    Caller, Failure,
    markup::{Choice, CursorLinks},
    page::PageContext,
};

use crate::{
    handbook,
    lists::{Entry, Figures, PublicList, items_of, list_excel, of_organisation, percent, share},
    model::ItemVersion,
    rooms::Rooms,
};

/// How many items one page lists.
const PAGE_ITEMS: usize = 50;
/// The furthest page that an address may name.
const PAGE_MAX: usize = 1_000;

/// The address.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    page: String,
}

impl Asked {
    /// The organisation asked for; one that does not read restricts nothing, like one that was not chosen.
    fn organisation(&self) -> Option<OrganisationId> {
        self.organisation.parse().ok()
    }

    fn page_number(&self) -> usize {
        self.page.parse().unwrap_or(1).clamp(1, PAGE_MAX)
    }
}

/// The filter as the end of an address.
fn address_end(organisation: Option<OrganisationId>) -> String {
    organisation.map_or_else(String::new, |id| format!("?organisation={id}"))
}

/// The filter behind another part of an address.
fn further(organisation: Option<OrganisationId>) -> String {
    organisation.map_or_else(String::new, |id| format!("&organisation={id}"))
}

/// The organisations that have items in force.
fn organisations(all: &[Arc<ItemVersion>]) -> Vec<Choice> {
    let by_name: BTreeMap<&str, OrganisationId> = all
        .iter()
        .map(|version| &version.content.department)
        .map(|department| (department.name.as_str(), department.id))
        .collect();
    by_name
        .into_iter()
        .map(|(name, id)| Choice::new(id.to_string(), name))
        .collect()
}

/// One figure.
struct Figure {
    name: &'static str,
    text: String,
}

/// One list on the overview.
struct ListLink {
    list: PublicList,
    count: usize,
}

#[derive(Template)]
#[template(path = "catalogue/lists/overview.html")]
struct Overview<'a> {
    page: &'a PageContext,
    organisation: String,
    organisations: Vec<Choice>,
    end: String,
    today: String,
    total: usize,
    figures: Vec<Figure>,
    lists: Vec<ListLink>,
    handbook: Vec<Choice>,
}

/// All lists, the figures, and the handbook.
pub(super) async fn overview(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Failure> {
    let all = rooms.catalogue.all();
    let organisation = asked.organisation();
    let figures = Figures::of(of_organisation(&all, organisation));
    let lists = PublicList::ALL
        .map(|list| ListLink {
            count: items_of(list, &all, organisation).len(),
            list,
        })
        .into();
    let mut page = caller.page.titled("清单公开").under("首页", "/");
    page.may_be_indexed = organisation.is_none();
    let body = Overview {
        organisation: organisation.map_or_else(String::new, |id| id.to_string()),
        organisations: organisations(&all),
        end: address_end(organisation),
        today: china_date(caller.now).to_string(),
        total: figures.total,
        handbook: handbook_links(&page, &all, organisation),
        figures: told(&page, &figures),
        lists,
        page: &page,
    };
    body.render().map(Html).map_err(Failure::internal)
}

/// The figures in words.
fn told(page: &PageContext, figures: &Figures) -> Vec<Figure> {
    let total = figures.total;
    let counted = |name, part: usize| Figure {
        name,
        text: page.tf(
            "{part} 项，占 {share}",
            &[("part", &part), ("share", &share(part, total))],
        ),
    };
    let mut told = vec![
        counted("网上可办", figures.online),
        counted("最多跑一次", figures.one_visit),
        counted("一次不跑", figures.no_visit),
    ];
    told.extend(
        figures
            .tags
            .iter()
            .map(|(tag, part)| counted(tag.name(), *part)),
    );
    let [apply, review, deliver] = figures.without_meeting;
    told.push(counted("不见面申请", apply));
    told.push(counted("不见面审批", review));
    told.push(counted("不见面送达", deliver));
    let (average, compared) = (percent(figures.compression_tenths), figures.compared);
    told.push(Figure {
        name: "承诺比法定缩短",
        text: page.tf(
            "平均 {average}（法定不是当场办结的 {compared} 项）",
            &[("average", &average), ("compared", &compared)],
        ),
    });
    told
}

/// The booklets of the handbook, with what each holds.
fn handbook_links(
    page: &PageContext,
    all: &[Arc<ItemVersion>],
    organisation: Option<OrganisationId>,
) -> Vec<Choice> {
    let items = items_of(PublicList::Items, all, organisation);
    let booklets = handbook::booklets(&items);
    let count = booklets.len();
    let booklets = (1..).zip(booklets).map(|(number, booklet)| {
        let path = format!("/lists/handbook.pdf?part={number}{}", further(organisation));
        let guides = booklet.len();
        let label = if count == 1 {
            page.tf("便民服务手册（PDF，{guides} 项）", &[("guides", &guides)])
        } else {
            page.tf(
                "便民服务手册第 {number} 册（PDF，{guides} 项）",
                &[("number", &number), ("guides", &guides)],
            )
        };
        Choice::new(path, label)
    });
    booklets.collect()
}

/// A heading and whether its column is shown: a column in which nothing stands is left out.
struct Column {
    title: &'static str,
    is_shown: bool,
}

#[derive(Template)]
#[template(path = "catalogue/lists/list.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    list: PublicList,
    organisation: String,
    organisations: Vec<Choice>,
    end: String,
    today: String,
    total: usize,
    leads: Vec<Column>,
    headings: Vec<Column>,
    entries: Vec<Entry>,
    links: CursorLinks,
}

/// One list.
pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(list): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Failure> {
    let list = PublicList::from_code(&list).ok_or_else(Failure::not_found)?;
    let all = rooms.catalogue.all();
    let organisation = asked.organisation();
    let items = items_of(list, &all, organisation);
    let number = asked.page_number();
    let entries: Vec<Entry> = items
        .iter()
        .skip((number - 1) * PAGE_ITEMS)
        .take(PAGE_ITEMS)
        .map(|version| list.entry(version))
        .collect();
    let mut page = caller
        .page
        .titled(list.name())
        .under("首页", "/")
        .under("清单公开", "/lists");
    page.may_be_indexed = organisation.is_none() && number == 1;
    let body = ListPage {
        organisation: organisation.map_or_else(String::new, |id| id.to_string()),
        organisations: organisations(&all),
        end: address_end(organisation),
        today: china_date(caller.now).to_string(),
        total: items.len(),
        leads: shown_leads(list, &entries),
        headings: shown_headings(list, &entries),
        links: links(&page, list, organisation, (number, items.len())),
        entries,
        list,
        page: &page,
    };
    body.render().map(Html).map_err(Failure::internal)
}

fn shown_leads(list: PublicList, entries: &[Entry]) -> Vec<Column> {
    let leads = list.leads().iter().enumerate();
    let leads = leads.map(|(index, lead)| Column {
        title: lead.title,
        is_shown: lead.is_on_page && entries.iter().any(|entry| !entry.leads[index].is_empty()),
    });
    leads.collect()
}

fn shown_headings(list: PublicList, entries: &[Entry]) -> Vec<Column> {
    let has_text = |index: usize| {
        let mut rows = entries.iter().flat_map(|entry| &entry.rows);
        rows.any(|row| !row[index].is_empty())
    };
    let headings = list.headings().iter().enumerate();
    let headings = headings.map(|(index, heading)| Column {
        title: heading.title,
        is_shown: has_text(index),
    });
    headings.collect()
}

fn links(
    page: &PageContext,
    list: PublicList,
    organisation: Option<OrganisationId>,
    (number, total): (usize, usize),
) -> CursorLinks {
    let to = |number: usize| format!("{}?page={number}{}", list.path(), further(organisation));
    CursorLinks {
        previous: (number > 1).then(|| to(number - 1)),
        next: (number * PAGE_ITEMS < total).then(|| to(number + 1)),
        summary: if total > PAGE_ITEMS {
            page.tf(
                "第 {page} 页，共 {total} 项",
                &[("page", &number), ("total", &total)],
            )
        } else {
            String::new()
        },
    }
}

/// The whole list as a workbook.
pub(super) async fn export(
    State(rooms): State<Rooms>,
    Path(list): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let list = PublicList::from_code(&list).ok_or_else(Failure::not_found)?;
    workbook(&rooms, list, asked.organisation()).await
}

/// A list, of one organisation or of all, as a workbook.
///
/// # Errors
/// When it cannot be written.
pub(crate) async fn workbook(
    rooms: &Rooms,
    list: PublicList,
    organisation: Option<OrganisationId>,
) -> Result<Response, Failure> {
    let items = items_of(list, &rooms.catalogue.all(), organisation);
    let workbook = tokio::task::spawn_blocking(move || {
        let entries: Vec<Entry> = items.iter().map(|version| list.entry(version)).collect();
        list_excel(list, &entries)
    });
    let workbook = workbook
        .await
        .map_err(Failure::internal)?
        .map_err(Failure::internal)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = format!("attachment; filename=\"{}.xlsx\"", list.code());
    let head = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((head, workbook).into_response())
}
