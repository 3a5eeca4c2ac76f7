//! The towns and villages of a county as a list of forms. It stands beside the divisions it is read from, so that
//! whoever asks an address (portal, counter) and whoever shows it (case page, certificate) use the same names.

use std::sync::Arc;

use wuchuang_kernel::Region;
use wuchuang_ledger::StorageError;
use wuchuang_webkit::{
    forms::{ChoiceGroup, Lists},
    markup::Choice,
};

use super::Directory;

/// How many digits the code of a town has.
const TOWN_DIGITS: usize = 9;
/// For how many seconds a county's villages are taken from hand: they change once in years.
const SECONDS_MAX: i64 = 300;

/// The villages of one county under their towns. Cloning shares them.
#[derive(Debug, Clone)]
pub struct Villages(Arc<[ChoiceGroup]>);

impl Villages {
    /// The name by which forms ask for this list (`x-list`).
    pub const LIST: &str = "villages";
}

impl Villages {
    /// The name of a town or village by its code of 9 or 12 digits: 城关镇, 城关镇新桃村.
    pub fn place_name(&self, code: &str) -> Option<String> {
        if let Some(village) = self.label(Self::LIST, code) {
            return Some(village);
        }
        let is_town = code.len() == TOWN_DIGITS && code.bytes().all(|byte| byte.is_ascii_digit());
        let lies_there = |town: &&ChoiceGroup| {
            let mut villages = town.choices.iter();
            villages.any(|village| village.value.starts_with(code))
        };
        let mut towns = self.0.iter();
        towns
            .find(|town| is_town && lies_there(town))
            .map(|town| town.label.clone())
    }
}

impl Lists for Villages {
    fn groups(&self, list: &str) -> Vec<ChoiceGroup> {
        if list == Self::LIST {
            self.0.to_vec()
        } else {
            Vec::new()
        }
    }

    /// Looked up without copying the list, which has hundreds of names.
    fn label(&self, list: &str, value: &str) -> Option<String> {
        if list != Self::LIST {
            return None;
        }
        self.0.iter().find_map(|town| {
            let village = town.choices.iter().find(|choice| choice.value == value)?;
            Some(format!("{}{}", town.label, village.label))
        })
    }
}

impl Directory {
    /// The villages of a county, kept at hand for some minutes.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn villages(&self, region: Region) -> Result<Villages, StorageError> {
        let now = self.ledger.now().as_second();
        if let Some((second, villages)) = self.villages.get(&region)
            && (0..SECONDS_MAX).contains(&(now - second))
        {
            return Ok(villages);
        }
        let mut groups = Vec::new();
        for town in self
            .regions_children(region, region.county().as_str())
            .await?
        {
            let villages = self.regions_children(region, &town.code).await?;
            groups.push(ChoiceGroup {
                label: town.name,
                choices: villages
                    .into_iter()
                    .map(|village| Choice::new(village.code, village.name))
                    .collect(),
            });
        }
        let villages = Villages(groups.into());
        self.villages.insert(region, (now, villages.clone()));
        Ok(villages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_village_is_named_with_its_town() {
        let villages = Villages(Arc::new([ChoiceGroup {
            label: "城关镇".to_owned(),
            choices: vec![Choice::new("610924100001", "河堤社区")],
        }]));
        let label = |list: &str, value: &str| villages.label(list, value);
        assert_eq!(
            label(Villages::LIST, "610924100001").as_deref(),
            Some("城关镇河堤社区")
        );
        assert_eq!(label(Villages::LIST, "610924100002"), None);
        assert_eq!(label("other", "610924100001"), None);
        let place = |code: &str| villages.place_name(code);
        assert_eq!(place("610924100001"), label(Villages::LIST, "610924100001"));
        assert!(place("610924100").is_some());
        assert_eq!(place("610924101"), None);
        assert_eq!(place("61092410"), None);
        assert_eq!(villages.groups(Villages::LIST).len(), 1);
        assert!(villages.groups("other").is_empty());
    }
}
