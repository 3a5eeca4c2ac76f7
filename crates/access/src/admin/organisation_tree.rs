//! The page that lists organisations as a tree.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use wuchuang_kernel::OrganisationId;
use wuchuang_webkit::{Caller, Failure, Resource, page::PageContext};

use super::organisations::Done;
use crate::{
    rooms::{Rooms, html, with_done},
    store::Organisation,
};

/// One line of the tree.
struct TreeLine {
    organisation: Organisation,
    depth: usize,
}

#[derive(Template)]
#[template(path = "access/organisations.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    lines: &'a [TreeLine],
    may_manage: bool,
}

pub(super) async fn list_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<Done>,
) -> Result<Response, Failure> {
    let lines = tree(rooms.directory.organisations(caller.region).await?);
    let page = with_done(caller.page.clone().titled("机构"), query.done.as_deref());
    let template = ListPage {
        page: &page,
        lines: &lines,
        may_manage: caller.may("people_manage", &Resource::default()),
    };
    Ok(html(&template)?.into_response())
}

/// The organisations in the order of the tree: each under the one above it.
fn tree(organisations: Vec<Organisation>) -> Vec<TreeLine> {
    let there: HashSet<OrganisationId> = organisations.iter().map(|one| one.id).collect();
    let mut below: HashMap<Option<OrganisationId>, Vec<Organisation>> = HashMap::new();
    for organisation in organisations.into_iter().rev() {
        let parent = organisation.parent.filter(|parent| there.contains(parent));
        below.entry(parent).or_default().push(organisation);
    }
    let mut lines = Vec::new();
    let mut waiting: Vec<(usize, Organisation)> = Vec::new();
    waiting.extend(
        below
            .remove(&None)
            .unwrap_or_default()
            .into_iter()
            .map(|one| (0, one)),
    );
    while let Some((depth, organisation)) = waiting.pop() {
        let children = below.remove(&Some(organisation.id)).unwrap_or_default();
        waiting.extend(children.into_iter().map(|one| (depth + 1, one)));
        lines.push(TreeLine {
            organisation,
            depth,
        });
    }
    lines
}
