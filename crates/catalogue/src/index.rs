//! A published version as the search sees it.

use wuchuang_codes::ExerciseLevel;
use wuchuang_search::GuideDocument;

use crate::model::ItemVersion;

/// The level as people filter by it.
pub(crate) const fn level_name(level: ExerciseLevel) -> &'static str {
    match level {
        ExerciseLevel::Town => "乡镇级",
        ExerciseLevel::Village => "村级",
        other => other.name(),
    }
}

/// The guide of a version; it is found by the names of the items that went into it as well.
pub(crate) fn document(version: &ItemVersion, former: &[String]) -> GuideDocument {
    let content = &version.content;
    let materials = content
        .materials
        .iter()
        .map(|material| material.name.as_str());
    let body: Vec<&str> = content
        .conditions
        .iter()
        .map(String::as_str)
        .chain(materials)
        .chain([content.result.name.as_str(), content.process.as_str()])
        .chain(
            content
                .faq
                .iter()
                .flat_map(|entry| [entry.question.as_str(), entry.answer.as_str()]),
        )
        .collect();
    GuideDocument {
        id: version.id.to_string(),
        name: content.name.clone(),
        department: content.department.name.clone(),
        subjects: content
            .service_objects
            .iter()
            .map(|object| object.name().to_owned())
            .collect(),
        kind: content.item_type.name().to_owned(),
        level: level_name(content.exercise_level).to_owned(),
        tags: content
            .tags
            .iter()
            .map(|tag| tag.name().to_owned())
            .collect(),
        keywords: [content.keywords.as_slice(), former].concat(),
        body: body.join("\n"),
    }
}
