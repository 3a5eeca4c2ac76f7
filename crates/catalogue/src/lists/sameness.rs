//! 四级四同 (acceptance row 1.2): the same matter bears the same name, code and standard wherever it is done, from the
//! province to the village. Items that share a basic code are one matter, and what must be alike is laid side by side.
//! What each place decides for itself (promised limit, place, hours, telephone) is not compared.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{ItemContent, ItemVersion};

/// One matter that several organisations do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Matter {
    /// The basic code, with its two digits of sequence where there are any.
    pub(crate) code: String,
    /// Who does it, in the order of the names.
    pub(crate) doers: Vec<Doer>,
    /// What they write differently; empty when all is the same.
    pub(crate) differences: Vec<Unlike>,
}

/// One organisation's item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Doer {
    /// The item.
    pub(crate) item: String,
    /// Its name there.
    pub(crate) name: String,
    /// The organisation.
    pub(crate) organisation: String,
    /// 行使层级.
    pub(crate) level: &'static str,
}

/// One element that is not the same everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unlike {
    /// The element, as pages name it.
    pub(crate) element: &'static str,
    /// What stands there, in the order of the doers.
    pub(crate) values: Vec<String>,
}

/// An element, as text.
type Told = fn(&ItemContent) -> String;

/// What must be the same, each as pages name it.
const ELEMENTS: [(&str, Told); 8] = [
    ("事项名称", |item| item.name.clone()),
    ("事项类型", |item| item.item_type.name().to_owned()),
    ("服务对象", |item| {
        let mut names: Vec<&str> = item.service_objects.iter().map(|who| who.name()).collect();
        names.sort_unstable();
        names.join("、")
    }),
    ("法定办结时限", |item| item.statutory_limit.text()),
    ("设定依据", |item| {
        sorted(
            item.legal_basis
                .iter()
                .map(crate::model::LegalBasis::citation),
        )
    }),
    ("受理条件", |item| {
        sorted(item.conditions.iter().cloned())
    }),
    ("申请材料", |item| {
        sorted(item.materials.iter().map(|material| material.name.clone()))
    }),
    ("收费", |item| {
        if item.fee.charged {
            sorted(
                item.fee
                    .items
                    .iter()
                    .map(|fee| format!("{} {}", fee.name, fee.standard)),
            )
        } else {
            "不收费".to_owned()
        }
    }),
];

/// Texts whose order does not matter.
fn sorted(texts: impl Iterator<Item = String>) -> String {
    let mut texts: Vec<String> = texts.map(|text| text.trim().to_owned()).collect();
    texts.sort_unstable();
    texts.join("；")
}

/// The matters that several items are, those with differences first, then by code.
pub(crate) fn matters(versions: &[Arc<ItemVersion>]) -> Vec<Matter> {
    let mut by_code: BTreeMap<String, Vec<&ItemVersion>> = BTreeMap::new();
    for version in versions {
        if let Some(code) = code_of(&version.content) {
            by_code.entry(code).or_default().push(version);
        }
    }
    let mut matters: Vec<Matter> = by_code
        .into_iter()
        .filter(|(_, versions)| versions.len() > 1)
        .map(|(code, versions)| matter(code, versions))
        .collect();
    matters.sort_by_key(|matter| matter.differences.is_empty());
    matters
}

/// What makes items one matter: their code without the body that carries it out.
pub(super) fn code_of(content: &ItemContent) -> Option<String> {
    use wuchuang_codes::NationalItemCode as Code;
    let code = content.national_item_code()?;
    Some(match &code {
        Code::Handling(handling) => handling.short().as_str().to_owned(),
        Code::ShortHandling(short) => short.as_str().to_owned(),
        Code::Basic(_) | Code::Implementation(_) => code.basic().as_str().to_owned(),
    })
}

fn matter(code: String, mut versions: Vec<&ItemVersion>) -> Matter {
    versions.sort_by(|one, other| {
        let place = |version: &ItemVersion| version.content.department.name.clone();
        place(one).cmp(&place(other))
    });
    let differences = ELEMENTS
        .iter()
        .filter_map(|(element, told)| {
            let values: Vec<String> = versions.iter().map(|one| told(&one.content)).collect();
            let is_same = values.iter().all(|value| *value == values[0]);
            (!is_same).then_some(Unlike { element, values })
        })
        .collect();
    let doers = versions
        .into_iter()
        .map(|version| Doer {
            item: version.id.to_string(),
            name: version.content.name.clone(),
            organisation: version.content.department.name.clone(),
            level: version.content.exercise_level.name(),
        })
        .collect();
    Matter {
        code,
        doers,
        differences,
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};
    use wuchuang_codes::ExerciseLevel;
    use wuchuang_kernel::ItemId;

    use super::*;

    fn version(
        number: u128,
        code: &str,
        change: impl FnOnce(&mut ItemContent),
    ) -> Arc<ItemVersion> {
        let mut content = ItemContent {
            name: "失业登记".to_owned(),
            national_code: code.to_owned(),
            ..ItemContent::default()
        };
        content.department.name = format!("第{number}镇人民政府");
        content.exercise_level = ExerciseLevel::Town;
        change(&mut content);
        Arc::new(ItemVersion {
            id: ItemId::from_u128(number),
            version: 1,
            content,
            effective_from: date(2026, 1, 1),
            cancelled_on: None,
            published_at: Timestamp::UNIX_EPOCH,
            published_by: None,
        })
    }

    #[test]
    fn one_matter_in_two_places_is_laid_side_by_side() {
        let found = matters(&[
            version(1, "00201400100301", |_| {}),
            version(2, "00201400100301", |item| {
                item.name = "失业人员登记".to_owned();
                item.conditions = vec!["本县户籍".to_owned()];
                item.phone = "0915-1".to_owned();
            }),
            version(3, "00201400100302", |_| {}),
            version(4, "", |_| {}),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, "00201400100301");
        let unlike: Vec<&str> = found[0]
            .differences
            .iter()
            .map(|unlike| unlike.element)
            .collect();
        assert_eq!(unlike, ["事项名称", "受理条件"]);
        assert_eq!(found[0].differences[1].values, ["", "本县户籍"]);
    }

    #[test]
    fn the_order_of_materials_and_what_a_place_decides_for_itself_make_no_difference() {
        let material = |name: &str| crate::model::ItemMaterial {
            name: name.to_owned(),
            ..crate::model::ItemMaterial::default()
        };
        let found = matters(&[
            version(1, "00201400100301", |item| {
                item.materials = vec![material("身份证"), material("照片")];
            }),
            version(2, "00201400100301", |item| {
                item.materials = vec![material("照片"), material("身份证")];
                item.office_hours = "周一至周五".to_owned();
            }),
        ]);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].differences.is_empty(),
            "{:?}",
            found[0].differences
        );
    }
}
