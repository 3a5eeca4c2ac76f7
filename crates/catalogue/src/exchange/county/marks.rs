//! Where each value of a county's files comes from, and which of them nobody has verified.

use std::collections::BTreeMap;

use super::source::Source;

pub(super) fn sources(source: &Source, basis_is_given: bool) -> BTreeMap<String, String> {
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
