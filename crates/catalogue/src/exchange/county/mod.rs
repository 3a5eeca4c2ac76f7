//! The demonstration county's own file of items (`assets/demo/catalogue.yaml`) with what it leaves
//! open: forms, legal basis, counters. Values that were made up are named in each item's
//! `demonstration`, and every value keeps the key of its source.

mod source;

use std::collections::BTreeMap;

use serde::Deserialize;
use wuchuang_access::demo::organisation_id;
use wuchuang_calendar::StopKind;
use wuchuang_codes::{
    ExerciseLevel, HandlingForm, HandlingKind, ItemType, NationalItemCode, ServiceObject,
};
use wuchuang_kernel::Region;

use self::source::{
    Catalogue, Source, SourceFee, SourceForm, SourceGuide, SourceLimit, SourceMaterial,
    SourceProcedure,
};
use super::{
    ExchangedItem, YamlError,
    form::{ApplicantForm, compose},
    limit_words,
};
use crate::{identity, model::*};

/// The files of the demonstration county as they are built in.
pub const DEMONSTRATION: CountyFiles<'static> = CountyFiles {
    catalogue: include_str!("../../../../../assets/demo/catalogue.yaml"),
    forms: include_str!("../../../../../assets/demo/forms.yaml"),
    guides: include_str!("../../../../../assets/demo/guides.yaml"),
    departments: include_str!("../../../../../assets/demo/departments.yaml"),
};

/// The texts of a county's files.
#[derive(Debug, Clone, Copy)]
pub struct CountyFiles<'a> {
    /// The items.
    pub catalogue: &'a str,
    /// Their questions.
    pub forms: &'a str,
    /// Their legal basis, conditions and everyday words.
    pub guides: &'a str,
    /// The departments.
    pub departments: &'a str,
}

/// A department with its counter, as the file has it.
#[derive(Debug, Clone, Deserialize)]
pub struct CountyDepartment {
    /// Its short code.
    pub code: String,
    /// Its counter in the hall.
    pub window: String,
    /// Its telephone.
    pub phone: String,
}

/// The departments of the files, for those who enter the county's organisations.
///
/// # Errors
/// When the text is not of this form.
pub fn departments(text: &str) -> Result<BTreeMap<String, CountyDepartment>, YamlError> {
    read(text)
}

fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, YamlError> {
    serde_norway::from_str(text).map_err(|error| YamlError::Shape(error.to_string()))
}

/// Reads a county's files. The departments' identifiers are those that the access slice gives the
/// organisations of the same names.
///
/// # Errors
/// When a file is not of its form, or an item names what is not there.
pub fn import_county(
    files: CountyFiles<'_>,
    region: Region,
) -> Result<Vec<ExchangedItem>, YamlError> {
    let catalogue: Catalogue = read(files.catalogue)?;
    let mut forms: BTreeMap<String, SourceForm> = read(files.forms)?;
    let mut guides: BTreeMap<String, SourceGuide> = read(files.guides)?;
    let departments = departments(files.departments)?;
    catalogue
        .items
        .into_iter()
        .map(|source| {
            let form = forms
                .remove(&source.id)
                .ok_or_else(|| wrong(&source.id, "没有表单"))?;
            let guide = guides.remove(&source.id).unwrap_or_default();
            let department = departments.get(&source.department).ok_or_else(|| {
                wrong(
                    &source.id,
                    &format!("部门“{}”不在部门表里", source.department),
                )
            })?;
            let id = identity::item_of_key(&source.id);
            Ok(ExchangedItem {
                id,
                content: content(source, form, guide, (region, department))?,
            })
        })
        .collect()
}

fn wrong(id: &str, reason: &str) -> YamlError {
    YamlError::Shape(format!("事项 {id}：{reason}"))
}

fn content(
    source: Source,
    form: SourceForm,
    guide: SourceGuide,
    (region, department): (Region, &CountyDepartment),
) -> Result<ItemContent, YamlError> {
    let key = source.id.clone();
    let missing = |what: &str, text: &str| wrong(&key, &format!("{what}“{text}”不认识"));
    let handling =
        handling(&source.handling).ok_or_else(|| missing("办件类型", &source.handling))?;
    let objects = service_objects(&source.service_object)
        .ok_or_else(|| missing("服务对象", &source.service_object))?;
    let statutory = time_limit(&source.statutory_limit)
        .ok_or_else(|| missing("单位", &source.statutory_limit.unit))?;
    let promised = time_limit(&source.promised_limit)
        .ok_or_else(|| missing("单位", &source.promised_limit.unit))?;
    let materials =
        materials(&source.materials).ok_or_else(|| wrong(&key, "材料的必要性或来源渠道不认识"))?;
    let handling_forms = source
        .handle_form
        .split(',')
        .map(|code| HandlingForm::from_code(code).map_err(|error| wrong(&key, &error.explain())))
        .collect::<Result<Vec<_>, _>>()?;
    let described = ItemContent {
        legal_basis: guide
            .basis
            .into_iter()
            .map(|(law, article)| LegalBasis {
                law,
                article,
                text: String::new(),
            })
            .collect(),
        special_procedures: source
            .special_procedures
            .iter()
            .map(|one| procedure(one, &guide.procedures))
            .collect(),
        conditions: guide.conditions,
        keywords: guide.keywords,
        form: compose(
            &format!("{}申请表", source.name),
            applicant(&form, &objects),
            &form.fields,
        ),
        item_type: ItemType::from_code(&source.type_code)
            .map_err(|error| wrong(&key, &error.explain()))?,
        department: Department {
            id: organisation_id(region, &source.department),
            name: source.department.clone(),
            code: department.code.clone(),
        },
        local_code: format!("{region}-{key}"),
        handling,
        service_objects: objects,
        statutory_limit: statutory,
        promised_limit: promised,
        handling_forms,
        materials,
        ..ItemContent::default()
    };
    Ok(followed(source, described, department))
}

/// The elements that follow from others: where, how and with which marks.
fn followed(source: Source, described: ItemContent, department: &CountyDepartment) -> ItemContent {
    let level = exercise_level(&source.exercise_level);
    let is_online = described.is_online();
    let depth = online_depth(&source.online_depth);
    let basis_is_given = source.legal_basis.is_some();
    let has_commitment = described
        .materials
        .iter()
        .any(|material| material.by_commitment);
    ItemContent {
        national_code: source
            .national_code
            .as_deref()
            .map(national_code)
            .unwrap_or_default(),
        exercise_level: level,
        extension: extension(&source),
        steps: steps(described.handling, &source.special_procedures),
        places: places(level, department),
        office_hours: "工作日 9:00—12:00，13:00—17:00".to_owned(),
        phone: department.phone.clone(),
        complaint_phone: "12345".to_owned(),
        fee: fee(&source.fee),
        result: ItemResult {
            licence_type: is_licence(&source.result).then(|| source.result.clone()),
            validity: without_source(&source.result_validity),
            name: source.result.clone(),
        },
        tags: tags(described.handling, is_online, level, source.max_visits),
        without_meeting: WithoutMeeting {
            apply: is_online,
            review: depth == OnlineDepth::Full,
            deliver: is_online,
        },
        max_visits: source.max_visits,
        online_depth: depth,
        cross_region_scope: without_source(&source.cross_region_scope),
        delivery_methods: if is_online {
            DeliveryMethod::ALL.to_vec()
        } else {
            vec![DeliveryMethod::Counter]
        },
        conditional_acceptance_allowed: described
            .materials
            .iter()
            .any(|material| material.tolerable),
        commitment_allowed: source.commitment_available || has_commitment,
        sources: sources(&source, basis_is_given),
        demonstration: demonstration(&source, basis_is_given),
        note: source.note,
        name: source.name,
        ..described
    }
}

/// Notes in brackets at the end of a value name its source: `4年 (WS)`.
fn without_source(text: &str) -> String {
    text.split(" (")
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// The first text of digits that is a code; what the file says around it is a remark. Codes of main
/// items (…Y) are left out, because nobody can apply under them.
fn national_code(text: &str) -> String {
    text.split(|sign: char| !sign.is_ascii_alphanumeric())
        .filter_map(|word| NationalItemCode::parse(word).ok())
        .find(|code| matches!(code, NationalItemCode::ShortHandling(_)))
        .map(|code| code.to_string())
        .unwrap_or_default()
}

fn handling(text: &str) -> Option<HandlingKind> {
    HandlingKind::ALL
        .iter()
        .copied()
        .find(|kind| kind.name() == text)
}

fn service_objects(text: &str) -> Option<Vec<ServiceObject>> {
    let find = |word: &str| {
        ServiceObject::ALL
            .iter()
            .copied()
            .find(|object| object.name() == word)
    };
    text.split(',').map(|word| find(word.trim())).collect()
}

fn exercise_level(text: &str) -> ExerciseLevel {
    match text {
        "乡镇级" => ExerciseLevel::Town,
        "村级" => ExerciseLevel::Village,
        // 县级(乡镇受理) decides at the county.
        _ => ExerciseLevel::County,
    }
}

fn online_depth(text: &str) -> OnlineDepth {
    match text {
        "全程网办" => OnlineDepth::Full,
        text if text.contains("预约") => OnlineDepth::Appointment,
        text if text.contains("预审") || text.contains("核验") => OnlineDepth::PreCheck,
        _ => OnlineDepth::Information,
    }
}

fn time_limit(source: &SourceLimit) -> Option<TimeLimit> {
    let unit = LimitUnit::from_text(&source.unit)?;
    Some(TimeLimit {
        value: source.value,
        unit,
        note: source.note.clone(),
    })
}

/// The file names the days of an extension; its article follows from the law on permits unless the
/// legal basis of the item itself says more.
fn extension(source: &Source) -> Option<ExtensionTerms> {
    let (days_max, note) = limit_words::extension(source.statutory_limit.extension.as_deref()?)?;
    Some(ExtensionTerms {
        days_max,
        article: "《行政许可法》第四十二条第一款".to_owned(),
        note,
    })
}

fn procedure(
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
fn steps(handling: HandlingKind, procedures: &[SourceProcedure]) -> Vec<ItemStep> {
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

fn applicant(form: &SourceForm, objects: &[ServiceObject]) -> ApplicantForm {
    let first_is_person = objects.first() == Some(&ServiceObject::NaturalPerson);
    if form.applicant == "person" || first_is_person {
        ApplicantForm::Person
    } else {
        ApplicantForm::Organisation
    }
}

fn places(level: ExerciseLevel, department: &CountyDepartment) -> Vec<Place> {
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

fn fee(source: &SourceFee) -> Fee {
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
fn is_licence(result: &str) -> bool {
    ["证", "执照"].iter().any(|word| result.contains(word))
        && !["通知书", "凭证", "回执"]
            .iter()
            .any(|word| result.contains(word))
}

fn tags(
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

fn materials(sources: &[SourceMaterial]) -> Option<Vec<ItemMaterial>> {
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

fn sources(source: &Source, basis_is_given: bool) -> BTreeMap<String, String> {
    let mut sources = BTreeMap::from([
        ("name".to_owned(), source.name_source.clone()),
        (
            "statutory_limit".to_owned(),
            source.statutory_limit.source.clone(),
        ),
        (
            "promised_limit".to_owned(),
            source.promised_limit.source.clone(),
        ),
        ("fee".to_owned(), source.fee.source.clone()),
        (
            "legal_basis".to_owned(),
            if basis_is_given { "SCDJ" } else { "MEM" }.to_owned(),
        ),
        ("source_key".to_owned(), source.id.clone()),
    ]);
    for procedure in &source.special_procedures {
        sources.insert(
            format!("special_procedures.{}", procedure.name),
            procedure.source.clone(),
        );
    }
    sources
}

/// The elements whose values nobody verified: made up (DES), from memory (MEM), or added here.
fn demonstration(source: &Source, basis_is_given: bool) -> Vec<String> {
    let unverified = |key: &str| matches!(key, "DES" | "MEM");
    let mut elements = vec![
        "local_code",
        "form",
        "conditions",
        "places",
        "office_hours",
        "phone",
        "tags",
        "steps",
        "without_meeting",
        "delivery_methods",
        "materials",
        "keywords",
    ];
    for (element, key) in [
        ("statutory_limit", &source.statutory_limit.source),
        ("promised_limit", &source.promised_limit.source),
        ("fee", &source.fee.source),
    ] {
        if unverified(key) {
            elements.push(element);
        }
    }
    if !basis_is_given {
        elements.push("legal_basis");
    }
    if source
        .special_procedures
        .iter()
        .any(|procedure| unverified(&procedure.source))
    {
        elements.push("special_procedures");
    }
    elements.into_iter().map(str::to_owned).collect()
}
