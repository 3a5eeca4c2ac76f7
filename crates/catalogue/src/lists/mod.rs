//! The public lists: 事项清单, 流程清单, 权责清单, 责任清单, 监管清单 (acceptance row 1.3), and the figures over them.
//!
//! No list is kept anywhere: each is drawn from the versions in force at the moment it is asked for, so that
//! lists, guides, handbook and search can never differ, and a publication changes all of them at once.

mod columns;
mod compression;
mod excel;
mod figures;
mod optimisation;
mod sameness;
mod similar;

use std::sync::Arc;

use wuchuang_kernel::{ItemId, OrganisationId};

use crate::model::{ItemContent, ItemVersion};

pub(crate) use compression::compression;
pub(crate) use excel::list_excel;
pub(crate) use figures::{Figures, compression_tenths, percent, share};
pub(crate) use optimisation::{Cost, Optimisation, optimisation};
pub(crate) use sameness::{Matter, matters};
pub(crate) use similar::{Pair, Side, similar};

/// One of the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PublicList {
    /// 事项清单: what can be done at all.
    Items,
    /// 流程清单: the way of an application, step by step.
    Procedures,
    /// 权责清单: by which law, under which terms.
    Powers,
    /// 责任清单: what the department must do, and what it answers for.
    Duties,
    /// 监管清单: how what was granted is watched.
    Supervision,
}

/// The addresses of the public lists, for the site map: the overview first.
pub fn list_addresses() -> Vec<String> {
    let lists = PublicList::ALL.into_iter().map(PublicList::path);
    std::iter::once("/lists".to_owned()).chain(lists).collect()
}

impl PublicList {
    /// All lists, in the order in which they are offered.
    pub(crate) const ALL: [Self; 5] = [
        Self::Items,
        Self::Procedures,
        Self::Powers,
        Self::Duties,
        Self::Supervision,
    ];

    /// Its word in addresses and file names.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Items => "items",
            Self::Procedures => "procedures",
            Self::Powers => "powers",
            Self::Duties => "duties",
            Self::Supervision => "supervision",
        }
    }

    /// Its address.
    pub(crate) fn path(self) -> String {
        format!("/lists/{}", self.code())
    }

    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Items => "事项清单",
            Self::Procedures => "流程清单",
            Self::Powers => "权责清单",
            Self::Duties => "责任清单",
            Self::Supervision => "监管清单",
        }
    }

    /// What it tells, in one sentence.
    pub(crate) const fn purpose(self) -> &'static str {
        match self {
            Self::Items => "能办哪些事，谁来办，多久办结，要跑几次。",
            Self::Procedures => "每件事分几步，每一步由谁办，多长时间。",
            Self::Powers => "每项权力的依据、材料、程序、时限、收费和前置审批。",
            Self::Duties => "部门在每个环节必须做什么，做不到怎么追责。",
            Self::Supervision => "办成以后谁来监管，怎么监管。",
        }
    }

    /// What is said when it has no entry.
    pub(crate) const fn empty(self) -> &'static str {
        match self {
            Self::Items | Self::Procedures => "还没有发布事项。发布以后，这里自动列出。",
            Self::Powers => "发布的事项里没有行政权力事项（公共服务不列入权责清单）。",
            Self::Duties => "发布的事项还没有登记责任事项。登记并发布以后，这里自动列出。",
            Self::Supervision => "发布的事项还没有登记监管措施。登记并发布以后，这里自动列出。",
        }
    }

    /// Reads the word of an address.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.code() == code)
    }

    /// Whether an item stands in it.
    fn holds(self, item: &ItemContent) -> bool {
        match self {
            Self::Items | Self::Procedures => true,
            Self::Powers => item.is_power(),
            Self::Duties => !item.duties.is_empty() || !item.accountability.is_empty(),
            Self::Supervision => !item.measures().is_empty(),
        }
    }
}

/// The items of a list, those of one organisation or all.
pub(crate) fn items_of(
    list: PublicList,
    all: &[Arc<ItemVersion>],
    organisation: Option<OrganisationId>,
) -> Vec<Arc<ItemVersion>> {
    let mut items: Vec<Arc<ItemVersion>> = of_organisation(all, organisation)
        .filter(|version| list.holds(&version.content))
        .cloned()
        .collect();
    items.sort_by(|one, other| {
        let (one, other) = (&one.content, &other.content);
        (&one.department.name, &one.name).cmp(&(&other.department.name, &other.name))
    });
    items
}

/// The versions of one organisation, or all.
pub(crate) fn of_organisation(
    all: &[Arc<ItemVersion>],
    organisation: Option<OrganisationId>,
) -> impl Iterator<Item = &Arc<ItemVersion>> {
    all.iter()
        .filter(move |version| organisation.is_none_or(|id| version.content.department.id == id))
}

/// An item in a list: cells that stand once, and its rows.
pub(crate) struct Entry {
    /// The item.
    pub(crate) item: ItemId,
    /// Its name.
    pub(crate) name: String,
    /// The cells that stand once for the item, as [`PublicList::leads`].
    pub(crate) leads: Vec<String>,
    /// The rows, at least one, as [`PublicList::headings`]; empty rows when the list has no headings.
    pub(crate) rows: Vec<Vec<String>>,
}

impl PublicList {
    /// An item as the list has it.
    pub(crate) fn entry(self, version: &ItemVersion) -> Entry {
        let content = &version.content;
        let mut rows = self.rows(content);
        if rows.is_empty() {
            rows.push(vec![String::new(); self.headings().len()]);
        }
        Entry {
            item: version.id,
            name: content.name.clone(),
            leads: self
                .leads()
                .iter()
                .map(|lead| (lead.cell)(content))
                .collect(),
            rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;
    use crate::exchange::{DEMONSTRATION, import_county};

    fn versions() -> Vec<Arc<ItemVersion>> {
        let items = import_county(DEMONSTRATION, "610924".parse().unwrap()).unwrap();
        let version = |item: crate::exchange::ExchangedItem| {
            Arc::new(ItemVersion {
                id: item.id,
                version: 1,
                effective_from: date(2026, 11, 23),
                cancelled_on: None,
                published_at: Timestamp::UNIX_EPOCH,
                published_by: None,
                content: item.content,
            })
        };
        items.into_iter().map(version).collect()
    }

    #[test]
    fn every_list_has_its_items_and_as_many_cells_as_headings() {
        let all = versions();
        let counts = PublicList::ALL.map(|list| {
            let items = items_of(list, &all, None);
            for version in &items {
                let entry = list.entry(version);
                assert_eq!(entry.leads.len(), list.leads().len());
                for row in &entry.rows {
                    assert_eq!(row.len(), list.headings().len(), "{}", entry.name);
                }
            }
            (list.name(), items.len())
        });
        let licences = all
            .iter()
            .filter(|one| one.content.item_type == wuchuang_codes::ItemType::Licensing)
            .count();
        let powers = all.iter().filter(|one| one.content.is_power()).count();
        let watched = all
            .iter()
            .filter(|one| !one.content.measures().is_empty())
            .count();
        assert_eq!(
            counts,
            [
                ("事项清单", 40),
                ("流程清单", 40),
                ("权责清单", powers),
                ("责任清单", licences),
                ("监管清单", watched),
            ]
        );
        assert!(licences < powers && powers < 40 && watched > 0);
    }

    #[test]
    fn a_list_of_one_organisation_has_no_other() {
        let all = versions();
        let organisation = all[0].content.department.id;
        let items = items_of(PublicList::Items, &all, Some(organisation));
        assert!(!items.is_empty() && items.len() < all.len());
        assert!(
            items
                .iter()
                .all(|one| one.content.department.id == organisation)
        );
    }

    #[test]
    fn the_way_of_an_application_begins_with_the_applicant_and_ends_with_delivery() {
        for version in versions() {
            let rows = PublicList::Procedures.rows(&version.content);
            let names: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
            assert_eq!(names.first(), Some(&"申请"));
            assert_eq!(names.last(), Some(&"送达"));
        }
    }
}
