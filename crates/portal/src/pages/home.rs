//! The first page: the search first, then what is asked most, then by whom and by department, and for those
//! signed in their own matters.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Response};
use wuchuang_bundles::{TreeLeaf, leaves};
use wuchuang_catalogue::{PublishedFilter, model::ItemVersion};
use wuchuang_search::{GuideQuery, Page};
use wuchuang_webkit::{Caller, Failure, display::encode, page::PageContext};

use crate::{
    my::home::Matters,
    rooms::{Rooms, html},
};

/// How many items are offered before anybody searches.
const ITEMS_MAX: usize = 8;
/// How many items must have been used before 常办 is said; with fewer it would only tell who came first.
const MOST_USED_MIN: usize = 4;

/// One link.
struct Entry {
    label: String,
    path: String,
}

/// What a signed-in citizen has.
struct Mine {
    waiting: usize,
    running: usize,
}

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage<'a> {
    page: &'a PageContext,
    items: Vec<Entry>,
    /// Whether these are what people ask for most, and not only the first by name.
    are_most_used: bool,
    departments: Vec<Entry>,
    /// The life-event bundles by tree: what stands on the trunk, and the leaves.
    trees: Vec<(&'static str, Vec<TreeLeaf>)>,
    mine: Option<Mine>,
}

pub(super) async fn page(State(rooms): State<Rooms>, caller: Caller) -> Result<Response, Failure> {
    let mine = if caller.visitor.citizen().is_some() {
        let matters = Matters::of(&rooms, &caller).await?;
        Some(Mine {
            waiting: matters.waiting.len(),
            running: matters.running.len(),
        })
    } else {
        None
    };
    let (items, are_most_used) = items(&rooms);
    let mut page = caller.page.clone();
    page.may_be_indexed = true;
    html(&HomePage {
        page: &page,
        items,
        are_most_used,
        departments: departments(&rooms)?,
        trees: trees(&rooms, &caller).await?,
        mine,
    })
}

async fn trees(
    rooms: &Rooms,
    caller: &Caller,
) -> Result<Vec<(&'static str, Vec<TreeLeaf>)>, Failure> {
    let trees = leaves(&rooms.bundles, caller.region).await?;
    Ok(trees
        .into_iter()
        .map(|(tree, leaves)| (tree.trunk(), leaves))
        .collect())
}

/// What is offered before anybody searches: the items that most cases were received for, or, before there are
/// enough of them, the first by name. The second value tells which of the two it is.
fn items(rooms: &Rooms) -> (Vec<Entry>, bool) {
    let used = rooms.catalogue.most_used(ITEMS_MAX);
    let are_most_used = used.len() >= MOST_USED_MIN;
    let items = if are_most_used {
        used
    } else {
        let every = PublishedFilter::default();
        rooms.catalogue.list(&every, None, ITEMS_MAX)
    };
    let entry = |item: &Arc<ItemVersion>| Entry {
        label: item.content.name.clone(),
        path: format!("/guides/{}", item.id),
    };
    (items.iter().map(entry).collect(), are_most_used)
}

fn departments(rooms: &Rooms) -> Result<Vec<Entry>, Failure> {
    let every = GuideQuery {
        page: Page::new(0, 1),
        ..GuideQuery::default()
    };
    let hits = rooms.catalogue.search(&every).map_err(Failure::internal)?;
    Ok(hits
        .facets
        .departments
        .into_iter()
        .map(|facet| Entry {
            path: format!("/guides?department={}", encode(&facet.value)),
            label: facet.value,
        })
        .collect())
}
