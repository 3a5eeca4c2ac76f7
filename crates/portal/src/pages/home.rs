//! The first page: the search first, then what is asked most, then by whom and by department, and for those
//! signed in their own matters.

use askama::Template;
use axum::{extract::State, response::Response};
use wuchuang_search::{GuideQuery, Page};
use wuchuang_webkit::{Caller, Failure, display::encode, page::PageContext};

use crate::{
    my::home::Matters,
    rooms::{Rooms, html},
};

/// How many items are offered before anybody searches.
const POPULAR_MAX: usize = 8;

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
    popular: Vec<Entry>,
    departments: Vec<Entry>,
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
    let popular = rooms
        .catalogue
        .popular(POPULAR_MAX)
        .iter()
        .map(|item| Entry {
            label: item.content.name.clone(),
            path: format!("/guides/{}", item.id),
        })
        .collect();
    let mut page = caller.page.clone();
    page.may_be_indexed = true;
    html(&HomePage {
        page: &page,
        popular,
        departments: departments(&rooms)?,
        mine,
    })
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
