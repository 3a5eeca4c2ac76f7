//! Where each value of a county's files comes from, and which of them nobody has verified.

use std::collections::BTreeMap;

use super::source::Source;

/// A source in words. What nobody verified keeps its mark, which the pages explain.
fn in_words(key: &str) -> String {
    match key {
        "S0" => "紫阳县 2021 年公开材料",
        "S1" => "绛县 2018 年公开材料",
        "S2" => "安政办发〔2016〕116号",
        "S3" => "湖南省 2021 年公开材料",
        "S4" => "兴平市 2023 年公开材料",
        "GA" => "广安区公开的事项清单",
        "YS" => "企业登记注册实施规范",
        "LM" => "林木采伐许可实施规范",
        "SCDJ" => "市场主体登记管理条例",
        "WS" => "公共场所卫生许可公开指南",
        "XF" => "消防安全检查公开指南",
        "YC" => "烟草专卖许可公开规定",
        "SFZ" => "居民身份证公开规定",
        "SY" => "失业登记公开指南",
        "CJ" => "残疾人证公开指南",
        "DB" => "最低生活保障公开指南",
        "SG" => "建筑工程施工许可公开规定",
        "FS" => "抚松县镇级事项清单",
        other => other,
    }
    .to_owned()
}

pub(super) fn sources(source: &Source, basis_is_given: bool) -> BTreeMap<String, String> {
    let mut sources = BTreeMap::from([
        ("name".to_owned(), in_words(&source.name_source)),
        (
            "statutory_limit".to_owned(),
            in_words(&source.statutory_limit.source),
        ),
        (
            "promised_limit".to_owned(),
            in_words(&source.promised_limit.source),
        ),
        ("fee".to_owned(), in_words(&source.fee.source)),
        (
            "legal_basis".to_owned(),
            in_words(if basis_is_given { "SCDJ" } else { "MEM" }),
        ),
        ("source_key".to_owned(), source.id.clone()),
    ]);
    for procedure in &source.special_procedures {
        sources.insert(
            format!("special_procedures.{}", procedure.name),
            in_words(&procedure.source),
        );
    }
    sources
}

/// The elements whose values nobody verified: made up (DES), from memory (MEM), or added here.
pub(super) fn demonstration(source: &Source, basis_is_given: bool) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use crate::{
        exchange::{DEMONSTRATION, import_county},
        model::ItemContent,
    };

    /// What somebody wrote in free words, for the public and for the staff.
    fn remarks(content: &ItemContent) -> Vec<&str> {
        let limits = [&content.statutory_limit, &content.promised_limit];
        let mut remarks: Vec<&str> = limits.iter().map(|limit| limit.note.as_str()).collect();
        remarks.extend(
            content
                .extension
                .iter()
                .map(|extension| extension.note.as_str()),
        );
        remarks.extend(
            content
                .materials
                .iter()
                .map(|material| material.note.as_str()),
        );
        remarks.extend(content.conditions.iter().map(String::as_str));
        remarks.extend([
            content.note.as_str(),
            &content.fee.note,
            &content.process,
            &content.cross_region_scope,
        ]);
        remarks
    }

    #[test]
    fn nobody_reads_the_working_marks_of_the_file() {
        for item in import_county(DEMONSTRATION, "610924".parse().unwrap()).unwrap() {
            let content = &item.content;
            for remark in remarks(content) {
                let is_foreign = remark.chars().any(|sign| sign.is_ascii_alphabetic());
                assert!(!is_foreign, "{}: {remark}", content.name);
            }
            for (element, source) in &content.sources {
                let is_mark = matches!(source.as_str(), "DES" | "MEM") || element == "source_key";
                let is_foreign = source.chars().any(|sign| sign.is_ascii_alphabetic());
                assert!(
                    is_mark || !is_foreign,
                    "{}: {element}: {source}",
                    content.name
                );
            }
        }
    }
}
