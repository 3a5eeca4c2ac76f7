//! The demonstration county's own file of items (`assets/demo/catalogue.yaml`) with what it leaves
//! open: forms, legal basis, counters. Values that were made up are named in each item's
//! `demonstration`, and every value keeps the key of its source.

mod duties;
mod elements;
mod marks;
mod source;
mod words;

use std::collections::BTreeMap;

use serde::Deserialize;
use wuchuang_access::demo::organisation_id;
use wuchuang_codes::{HandlingForm, ItemType};
use wuchuang_kernel::Region;

use self::{
    elements::{applicant, extension, fee, is_licence, materials, places, procedure, steps, tags},
    marks::{demonstration, sources},
    source::{Catalogue, Source, SourceForm, SourceGuide, SourceSupervised},
    words::{
        exercise_level, handling, national_code, online_depth, service_objects, time_limit,
        without_source,
    },
};
use super::{ExchangedItem, YamlError, form::compose};
use crate::{
    identity,
    model::{
        DeliveryMethod, Department, ItemContent, ItemResult, LegalBasis, OnlineDepth,
        SupervisedItem, WithoutMeeting,
    },
};

/// The files of the demonstration county as they are built in.
pub const DEMONSTRATION: CountyFiles<'static> = CountyFiles {
    catalogue: include_str!("../../../../../assets/demo/catalogue.yaml"),
    forms: include_str!("../../../../../assets/demo/forms.yaml"),
    guides: include_str!("../../../../../assets/demo/guides.yaml"),
    departments: include_str!("../../../../../assets/demo/departments.yaml"),
    processes: &[
        (
            "I09",
            include_str!("../../../../../assets/demo/processes/public-place.bpmn"),
        ),
        (
            "I16",
            include_str!("../../../../../assets/demo/processes/rural-house.bpmn"),
        ),
        (
            "I19",
            include_str!("../../../../../assets/demo/processes/drainage.bpmn"),
        ),
    ],
    rules: &[
        (
            "I21",
            include_str!("../../../../../assets/demo/rules/occupied-road.yaml"),
        ),
        (
            "I38",
            include_str!("../../../../../assets/demo/rules/senior-card.yaml"),
        ),
    ],
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
    /// The drawn processes (BPMN 2.0) by the items' keys; made up for the demonstration.
    pub processes: &'a [(&'a str, &'a str)],
    /// The rules (YAML with the DMN file in it) by the items' keys; made up for the demonstration.
    pub rules: &'a [(&'a str, &'a str)],
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
        .map(|mut source| {
            let supervised = source
                .supervised
                .take()
                .map(|supervised| (source.id.clone(), supervised));
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
            let source_key = source.id.clone();
            let id = identity::item_of_key(&source.id);
            let mut processes = files.processes.iter();
            let process = processes.find(|(key, _)| *key == source.id);
            let mut content = content(source, form, guide, (region, department))?;
            if let Some(supervised) = supervised {
                content.supervised = Some(supervising(supervised, &departments, region)?);
                content.demonstration.push("supervised".to_owned());
            }
            if let Some((_, process)) = process {
                (*process).clone_into(&mut content.drawn_process);
                content.demonstration.push("drawn_process".to_owned());
            }
            if let Some((_, rules)) = files.rules.iter().find(|(key, _)| *key == source_key) {
                content.rules = read(rules)?;
                content.demonstration.push("rules".to_owned());
            }
            Ok(ExchangedItem { id, content })
        })
        .collect()
}

/// To which department what is granted is pushed (审管分离).
fn supervising(
    (item, supervised): (String, SourceSupervised),
    departments: &BTreeMap<String, CountyDepartment>,
    region: Region,
) -> Result<SupervisedItem, YamlError> {
    let name = supervised.department;
    let known = departments
        .get(&name)
        .ok_or_else(|| wrong(&item, &format!("监管部门“{name}”不在部门表里")))?;
    Ok(SupervisedItem {
        department: Department {
            id: organisation_id(region, &name),
            code: known.code.clone(),
            name,
        },
        acknowledge_days: supervised.acknowledge_days,
        check: supervised.check,
        check_days: supervised.check_days,
        copy_days: supervised.copy_days,
    })
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
    let handling_forms = handling_forms(&source)?;
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

fn handling_forms(source: &Source) -> Result<Vec<HandlingForm>, YamlError> {
    let codes = source.handle_form.split(',');
    codes
        .map(|code| {
            HandlingForm::from_code(code).map_err(|error| wrong(&source.id, &error.explain()))
        })
        .collect()
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
    let mut item = ItemContent {
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
        note: source.note.clone(),
        name: source.name.clone(),
        ..described
    };
    item.duties = duties::duties(&item);
    item.supervision = duties::supervision(&item, &source);
    item
}
