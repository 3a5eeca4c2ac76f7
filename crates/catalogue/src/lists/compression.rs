//! The report of compression of promised against statutory time (acceptance row 1.5), for the page and for programs.

use std::{collections::BTreeMap, sync::Arc};

use super::figures::{Figures, average, compression_tenths};
use crate::model::ItemVersion;

/// How far one department's promised limits are below those of the law.
pub(crate) struct DepartmentCompression {
    /// The department.
    pub(crate) name: String,
    /// How many items it has in force.
    pub(crate) items: usize,
    /// The mean compression, in tenths of a per cent.
    pub(crate) tenths: Option<u32>,
}

/// The report.
pub(crate) struct Compression {
    /// Over all items.
    pub(crate) figures: Figures,
    /// By department, by name.
    pub(crate) departments: Vec<DepartmentCompression>,
    /// The items with their compression in tenths of a per cent, the least compressed first: there is the work.
    pub(crate) items: Vec<(Arc<ItemVersion>, Option<u32>)>,
}

/// The report over some items.
pub(crate) fn compression(all: &[Arc<ItemVersion>]) -> Compression {
    let mut by_department: BTreeMap<&str, Vec<&ItemVersion>> = BTreeMap::new();
    for version in all {
        by_department
            .entry(&version.content.department.name)
            .or_default()
            .push(version);
    }
    let departments = by_department
        .into_iter()
        .map(|(name, versions)| DepartmentCompression {
            name: name.to_owned(),
            items: versions.len(),
            tenths: average(versions.into_iter()),
        })
        .collect();
    let mut items: Vec<_> = all
        .iter()
        .map(|version| (Arc::clone(version), compression_tenths(version)))
        .collect();
    items.sort_by_key(|(_, tenths)| tenths.unwrap_or(u32::MAX));
    Compression {
        figures: Figures::of(all.iter()),
        departments,
        items,
    }
}
