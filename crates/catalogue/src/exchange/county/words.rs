//! The words of a county's files as the catalogue's own.

use wuchuang_codes::{ExerciseLevel, HandlingKind, NationalItemCode, ServiceObject};

use super::source::SourceLimit;
use crate::model::{LimitUnit, OnlineDepth, TimeLimit};

/// Notes in brackets at the end of a value name its source: `4年 (WS)`.
pub(super) fn without_source(text: &str) -> String {
    text.split(" (")
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// The first text of digits that is a code; what the file says around it is a remark. Codes of main
/// items (…Y) are left out, because nobody can apply under them.
pub(super) fn national_code(text: &str) -> String {
    text.split(|sign: char| !sign.is_ascii_alphanumeric())
        .filter_map(|word| NationalItemCode::parse(word).ok())
        .find(|code| matches!(code, NationalItemCode::ShortHandling(_)))
        .map(|code| code.to_string())
        .unwrap_or_default()
}

pub(super) fn handling(text: &str) -> Option<HandlingKind> {
    HandlingKind::ALL
        .iter()
        .copied()
        .find(|kind| kind.name() == text)
}

pub(super) fn service_objects(text: &str) -> Option<Vec<ServiceObject>> {
    let find = |word: &str| {
        ServiceObject::ALL
            .iter()
            .copied()
            .find(|object| object.name() == word)
    };
    text.split(',').map(|word| find(word.trim())).collect()
}

pub(super) fn exercise_level(text: &str) -> ExerciseLevel {
    match text {
        "乡镇级" => ExerciseLevel::Town,
        "村级" => ExerciseLevel::Village,
        // 县级(乡镇受理) decides at the county.
        _ => ExerciseLevel::County,
    }
}

pub(super) fn online_depth(text: &str) -> OnlineDepth {
    match text {
        "全程网办" => OnlineDepth::Full,
        text if text.contains("预约") => OnlineDepth::Appointment,
        text if text.contains("预审") || text.contains("核验") => OnlineDepth::PreCheck,
        _ => OnlineDepth::Information,
    }
}

pub(super) fn time_limit(source: &SourceLimit) -> Option<TimeLimit> {
    let unit = LimitUnit::from_text(&source.unit)?;
    Some(TimeLimit {
        value: source.value,
        unit,
        note: source.note.clone(),
    })
}
