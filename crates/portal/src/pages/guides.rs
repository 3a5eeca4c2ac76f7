//! The search over guides. Question and filters are in the address, so that a result can be sent on.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_search::{FacetCount, GuideFilters, GuideHit, GuideQuery, Page, Suggestion};
use wuchuang_webkit::{Caller, Failure, display::encode, markup::CursorLinks, page::PageContext};

use crate::{
    apply::is_offered,
    rooms::{Rooms, html},
    words,
};

/// How many guides one page lists.
const PAGE_GUIDES: usize = 20;
/// How many values of one filter are offered.
const CHOICES_MAX: usize = 12;
/// How long one value in the address may be, in characters.
const VALUE_CHARACTERS_MAX: usize = 100;

/// The address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    tag: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    level: String,
    #[serde(default)]
    page: String,
}

impl Asked {
    fn bounded(mut self) -> Self {
        for value in [
            &mut self.q,
            &mut self.tag,
            &mut self.subject,
            &mut self.department,
            &mut self.level,
        ] {
            *value = value.trim().chars().take(VALUE_CHARACTERS_MAX).collect();
        }
        self
    }

    /// From 1.
    fn page_number(&self) -> usize {
        self.page.parse().unwrap_or(1).clamp(1, 1_000)
    }

    fn query(&self) -> GuideQuery {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        GuideQuery {
            text: self.q.clone(),
            filters: GuideFilters {
                tags: some(&self.tag).into_iter().collect(),
                level: some(&self.level),
                subject: some(&self.subject),
                department: some(&self.department),
            },
            page: Page::new((self.page_number() - 1) * PAGE_GUIDES, PAGE_GUIDES),
        }
    }

    /// The address of this question.
    fn path(&self) -> String {
        let pairs = [
            ("q", &self.q),
            ("tag", &self.tag),
            ("subject", &self.subject),
            ("department", &self.department),
            ("level", &self.level),
            ("page", &self.page),
        ];
        let pairs: Vec<String> = pairs
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        if pairs.is_empty() {
            "/guides".to_owned()
        } else {
            format!("/guides?{}", pairs.join("&"))
        }
    }

    /// The same question with one filter set, or taken away; on the first page.
    fn with(&self, set: impl FnOnce(&mut Self)) -> Self {
        let mut other = self.clone();
        other.page.clear();
        set(&mut other);
        other
    }

    fn has_filters(&self) -> bool {
        [&self.tag, &self.subject, &self.department, &self.level]
            .iter()
            .any(|value| !value.is_empty())
    }
}

/// A case number as it is typed into the search: county, department, day, serial.
fn case_number(text: &str) -> Option<String> {
    let number: String = text
        .chars()
        .filter(|character| !matches!(character, ' ' | '-' | '　'))
        .flat_map(char::to_uppercase)
        .collect();
    let is_number = (24..=40).contains(&number.len())
        && number.is_ascii()
        && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && number.bytes().take(6).all(|byte| byte.is_ascii_digit())
        && number
            .bytes()
            .rev()
            .take(14)
            .all(|byte| byte.is_ascii_digit());
    is_number.then_some(number)
}

/// One choice of a filter.
struct FilterLink {
    label: String,
    path: String,
    count: usize,
    is_on: bool,
}

/// One filter.
struct Filter {
    title: &'static str,
    links: Vec<FilterLink>,
}

/// One guide of the list.
struct Hit {
    path: String,
    name: Vec<(String, bool)>,
    department: String,
    promise: String,
    can_apply: bool,
    tags: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "portal/guides.html")]
struct GuidesPage<'a> {
    page: &'a PageContext,
    asked: &'a Asked,
    total: usize,
    hits: Vec<Hit>,
    filters: Vec<Filter>,
    did_you_mean: Option<(String, String)>,
    without_filters: Option<String>,
    pages: CursorLinks,
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let asked = asked.bounded();
    if let Some(number) = case_number(&asked.q) {
        return Ok(Redirect::to(&format!("/p/{number}")).into_response());
    }
    let found = rooms
        .catalogue
        .search(&asked.query())
        .map_err(Failure::internal)?;
    let mut page = caller.page.clone().titled("办事指南").under("首页", "/");
    page.may_be_indexed = !asked.has_filters() && asked.q.is_empty();
    let hits: Vec<Hit> = found
        .hits
        .into_iter()
        .filter_map(|hit| of_item(&rooms, &page, hit))
        .collect();
    let facets = &found.facets;
    let filters = vec![
        filter("服务对象", &facets.subjects, &asked.subject, |value| {
            asked.with(|other| value.clone_into(&mut other.subject))
        }),
        filter("部门", &facets.departments, &asked.department, |value| {
            asked.with(|other| value.clone_into(&mut other.department))
        }),
        filter("层级", &facets.levels, &asked.level, |value| {
            asked.with(|other| value.clone_into(&mut other.level))
        }),
        filter("标签", &facets.tags, &asked.tag, |value| {
            asked.with(|other| value.clone_into(&mut other.tag))
        }),
    ];
    html(&GuidesPage {
        pages: pages(&page, &asked, found.total),
        total: found.total,
        hits,
        filters,
        did_you_mean: found.did_you_mean.map(|text| {
            let path = asked.with(|other| other.q.clone_from(&text)).path();
            (text, path)
        }),
        without_filters: asked.has_filters().then(|| {
            let plain = Asked {
                q: asked.q.clone(),
                ..Asked::default()
            };
            plain.path()
        }),
        page: &page,
        asked: &asked,
    })
}

/// The hit with what a person decides by; nothing when the item went out of force this moment.
fn of_item(rooms: &Rooms, page: &PageContext, hit: GuideHit) -> Option<Hit> {
    let item: std::sync::Arc<ItemVersion> = rooms.catalogue.published(hit.id.parse().ok()?)?;
    let content = &item.content;
    Some(Hit {
        path: format!("/guides/{}", item.id),
        name: hit.name_highlighted,
        department: content.department.name.clone(),
        promise: words::limit(page, content.promised_limit.limit()),
        can_apply: is_offered(content),
        tags: content.tags.iter().map(|tag| tag.name()).collect(),
    })
}

fn filter(
    title: &'static str,
    counts: &[FacetCount],
    chosen: &str,
    with: impl Fn(&str) -> Asked,
) -> Filter {
    let links = counts
        .iter()
        .take(CHOICES_MAX)
        .map(|facet| {
            let is_on = facet.value == chosen;
            FilterLink {
                label: facet.value.clone(),
                // Choosing what is chosen takes it away.
                path: with(if is_on { "" } else { &facet.value }).path(),
                count: facet.count,
                is_on,
            }
        })
        .collect();
    Filter { title, links }
}

fn pages(page: &PageContext, asked: &Asked, total: usize) -> CursorLinks {
    let number = asked.page_number();
    let to = |number: usize| asked.with(|other| other.page = number.to_string()).path();
    CursorLinks {
        previous: (number > 1).then(|| to(number - 1)),
        next: (number * PAGE_GUIDES < total).then(|| to(number + 1)),
        summary: if total > PAGE_GUIDES {
            page.tf(
                "第 {page} 页，共 {total} 项",
                &[("page", &number), ("total", &total)],
            )
        } else {
            String::new()
        },
    }
}

#[derive(Template)]
#[template(path = "portal/suggestions.html")]
struct Suggestions {
    guides: Vec<Suggestion>,
}

/// Guides for completion while typing, as the options of a list.
pub(super) async fn suggest(
    State(rooms): State<Rooms>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let asked = asked.bounded();
    let guides = if asked.q.is_empty() {
        Vec::new()
    } else {
        rooms.catalogue.suggest(&asked.q)
    };
    html(&Suggestions { guides })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_stay_in_the_address() {
        let asked = Asked {
            q: "失业 登记".into(),
            tag: "网上办".into(),
            page: "3".into(),
            ..Asked::default()
        };
        assert_eq!(
            asked.path(),
            "/guides?q=%E5%A4%B1%E4%B8%9A%20%E7%99%BB%E8%AE%B0&tag=%E7%BD%91%E4%B8%8A%E5%8A%9E&page=3"
        );
        let other = asked.with(|other| other.tag.clear());
        assert_eq!(
            other.path(),
            "/guides?q=%E5%A4%B1%E4%B8%9A%20%E7%99%BB%E8%AE%B0"
        );
        assert_eq!(Asked::default().path(), "/guides");
    }

    #[test]
    fn a_wrong_page_number_is_the_first_page() {
        for (typed, number) in [
            ("", 1),
            ("0", 1),
            ("-1", 1),
            ("x", 1),
            ("7", 7),
            ("999999", 1_000),
        ] {
            let asked = Asked {
                page: typed.into(),
                ..Asked::default()
            };
            assert_eq!(asked.page_number(), number, "{typed}");
        }
    }

    #[test]
    fn a_case_number_in_the_search_is_known() {
        let table = [
            ("610924SCJG20261122000123", true),
            ("610924 scjg 20261122 000123", true),
            ("610924-SCJG-20261122-000123", true),
            ("失业登记", false),
            ("610924199001011234", false),
            ("610924SCJG2026112200012X", false),
            ("610924SCJG20261122000123610924SCJG20261122000123", false),
        ];
        for (typed, expected) in table {
            assert_eq!(case_number(typed).is_some(), expected, "{typed}");
        }
    }
}
