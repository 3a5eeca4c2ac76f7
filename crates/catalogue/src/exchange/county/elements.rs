//! The elements of an item that are put together from several values of a county's files.

use std::collections::BTreeMap;

use wuchuang_calendar::StopKind;
use wuchuang_codes::{ExerciseLevel, HandlingKind, ServiceObject};

use super::{
    CountyDepartment,
    source::{Source, SourceFee, SourceForm, SourceMaterial, SourceProcedure},
};
use crate::{
    exchange::{form::ApplicantForm, limit_words},
    model::{
        ExtensionTerms, Fee, FeeItem, ItemMaterial, ItemSpecialProcedure, ItemStep, Necessity,
        Place, SourceChannel, Tag,
    },
};

/// The file names the days of an extension; its article follows from the law on permits unless the
/// legal basis of the item itself says more.
pub(super) fn extension(source: &Source) -> Option<ExtensionTerms> {
    let (days_max, note) = limit_words::extension(source.statutory_limit.extension.as_deref()?)?;
    Some(ExtensionTerms {
        days_max,
        article: "《行政许可法》第四十二条第一款".to_owned(),
        note,
    })
}

pub(super) fn procedure(
    source: &SourceProcedure,
    articles: &BTreeMap<String, String>,
) -> ItemSpecialProcedure {
    let stop = StopKind::ARTICLE_45
        .into_iter()
        .find(|kind| source.name == kind.name())
        .or_else(|| {
            let article = articles.get(&source.name)?.clone();
            Some(StopKind::OtherLaw {
                name: source.name.clone(),
                article,
            })
        });
    ItemSpecialProcedure {
        name: source.name.clone(),
        basis: stop
            .as_ref()
            .map(|stop| stop.article().to_owned())
            .unwrap_or_default(),
        stop,
        days: source.days,
        calendar_days: source.unit == "自然日",
        charged: false,
    }
}

/// An instant item has no steps; the others are reviewed and checked, with the on-site visit between
/// where the file names one.
pub(super) fn steps(handling: HandlingKind, procedures: &[SourceProcedure]) -> Vec<ItemStep> {
    if handling == HandlingKind::Instant {
        return Vec::new();
    }
    let mut steps = vec![ItemStep::review()];
    let visit = ["现场", "踏勘", "核查", "入户"];
    if let Some(procedure) = procedures.iter().find(|procedure| {
        visit.iter().any(|word| procedure.name.contains(word)) && !procedure.name.contains("事后")
    }) {
        steps.push(ItemStep {
            id: "visit".to_owned(),
            name: procedure.name.replace('/', "、"),
            ..ItemStep::review()
        });
    }
    steps.push(ItemStep {
        id: "check".to_owned(),
        name: "审核".to_owned(),
        ..ItemStep::review()
    });
    steps
}

pub(super) fn applicant(form: &SourceForm, objects: &[ServiceObject]) -> ApplicantForm {
    let first_is_person = objects.first() == Some(&ServiceObject::NaturalPerson);
    if form.applicant == "person" || first_is_person {
        ApplicantForm::Person
    } else {
        ApplicantForm::Organisation
    }
}

pub(super) fn places(level: ExerciseLevel, department: &CountyDepartment) -> Vec<Place> {
    let mut places = vec![Place {
        name: format!("县政务服务中心{}", department.window),
        address: "演示地址".to_owned(),
    }];
    if matches!(level, ExerciseLevel::Town | ExerciseLevel::Village) {
        places.push(Place {
            name: "各镇便民服务中心".to_owned(),
            address: String::new(),
        });
    }
    if level == ExerciseLevel::Village {
        places.push(Place {
            name: "各村（社区）便民服务站".to_owned(),
            address: String::new(),
        });
    }
    places
}

pub(super) fn fee(source: &SourceFee) -> Fee {
    Fee {
        charged: source.charged,
        items: source
            .items
            .iter()
            .map(|item| FeeItem {
                name: item.name.clone(),
                standard: item.standard.clone(),
                basis: String::new(),
                reducible: source.reducible,
            })
            .collect(),
        note: source.note.clone(),
    }
}

/// Results that are kept in the licence store: certificates, not receipts or decisions.
pub(super) fn is_licence(result: &str) -> bool {
    ["证", "执照"].iter().any(|word| result.contains(word))
        && !["通知书", "凭证", "回执"]
            .iter()
            .any(|word| result.contains(word))
}

pub(super) fn tags(
    handling: HandlingKind,
    is_online: bool,
    level: ExerciseLevel,
    max_visits: u16,
) -> Vec<Tag> {
    let nearby = matches!(level, ExerciseLevel::Town | ExerciseLevel::Village);
    [
        (handling == HandlingKind::Instant, Tag::AtOnce),
        (is_online, Tag::Online),
        (nearby, Tag::Nearby),
        (max_visits <= 1, Tag::OneVisit),
    ]
    .into_iter()
    .filter_map(|(applies, tag)| applies.then_some(tag))
    .collect()
}

pub(super) fn materials(sources: &[SourceMaterial]) -> Option<Vec<ItemMaterial>> {
    sources
        .iter()
        .enumerate()
        .map(|(index, source)| {
            Some(ItemMaterial {
                id: format!("m{}", index + 1),
                source_channel: SourceChannel::from_text(&source.source_channel)?,
                necessity: Necessity::from_text(&source.required)?,
                tolerable: source.tolerable,
                by_commitment: source.by_commitment,
                by_data_sharing: source.by_data_sharing.then(|| source.name.clone()),
                name: source.name.clone(),
                ..ItemMaterial::default()
            })
        })
        .collect()
}
