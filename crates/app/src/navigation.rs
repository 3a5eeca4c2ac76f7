//! The staff navigation from what the slices give: each link is seen by the roles that it names, and
//! groups stand in the order in which the slices first name them.

use std::sync::Arc;

use wuchuang_webkit::{
    NavigationItem, Visitor,
    page::{NavigationEntry, NavigationGroup},
    request::NavigationFor,
};

/// The navigation of any visitor.
pub(crate) fn navigation_of(items: Vec<NavigationItem>) -> NavigationFor {
    Arc::new(move |visitor: &Visitor| groups_for(&items, visitor))
}

fn groups_for(items: &[NavigationItem], visitor: &Visitor) -> Vec<NavigationGroup> {
    let mut groups: Vec<NavigationGroup> = Vec::new();
    let seen = items
        .iter()
        .filter(|item| item.roles.iter().any(|role| visitor.has_role(*role)));
    for item in seen {
        let entry = NavigationEntry {
            label: item.label.to_owned(),
            path: item.path.to_owned(),
            icon: item.icon,
            count: None,
        };
        match groups.iter_mut().find(|group| group.label == item.group) {
            Some(group) => group.entries.push(entry),
            None => groups.push(NavigationGroup {
                label: item.group.to_owned(),
                entries: vec![entry],
            }),
        }
    }
    groups
}
