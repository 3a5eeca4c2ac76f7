//! The county's towns and villages as the list `villages` of application forms, kept at hand.

use std::sync::Arc;

use moka::sync::Cache;
use wuchuang_access::Directory;
use wuchuang_kernel::Region;
use wuchuang_ledger::StorageError;
use wuchuang_webkit::{
    forms::{ChoiceGroup, Lists},
    markup::Choice,
};

use crate::reception::VILLAGES;

/// For how many seconds a county's villages are taken from hand: they change once in years.
const SECONDS_MAX: i64 = 300;
/// How many counties are kept at hand.
const COUNTIES_AT_HAND: u64 = 200;

/// Reads the divisions.
#[derive(Clone)]
pub(crate) struct Villages {
    directory: Directory,
    kept: Cache<Region, (i64, VillageLists)>,
}

impl Villages {
    pub(crate) fn new(directory: Directory) -> Self {
        Self {
            directory,
            kept: Cache::new(COUNTIES_AT_HAND),
        }
    }

    /// The lists for the forms of a county.
    pub(crate) async fn lists(&self, region: Region) -> Result<VillageLists, StorageError> {
        let now = self.directory.ledger().now().as_second();
        if let Some((second, lists)) = self.kept.get(&region)
            && (0..SECONDS_MAX).contains(&(now - second))
        {
            return Ok(lists);
        }
        let county = region.county();
        let mut groups = Vec::new();
        for town in self
            .directory
            .regions_children(region, county.as_str())
            .await?
        {
            let villages = self.directory.regions_children(region, &town.code).await?;
            groups.push(ChoiceGroup {
                label: town.name,
                choices: villages
                    .into_iter()
                    .map(|village| Choice::new(village.code, village.name))
                    .collect(),
            });
        }
        let lists = VillageLists(groups.into());
        self.kept.insert(region, (now, lists.clone()));
        Ok(lists)
    }
}

/// The lists that forms may name.
#[derive(Clone)]
pub(crate) struct VillageLists(Arc<[ChoiceGroup]>);

impl Lists for VillageLists {
    fn groups(&self, list: &str) -> Vec<ChoiceGroup> {
        if list == VILLAGES {
            self.0.to_vec()
        } else {
            Vec::new()
        }
    }
}
