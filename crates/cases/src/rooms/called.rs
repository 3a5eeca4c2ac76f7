//! Whom a drawing means with a task, in words. Towns and villages stand in a drawing by their codes.

use wuchuang_kernel::Region;
use wuchuang_webkit::Failure;

use super::CaseRooms;

/// Whom a drawing means, in words.
fn in_words(candidates: &[String], place: impl Fn(&str) -> Option<String>) -> String {
    let words = candidates.iter();
    let words: Vec<String> = words
        .map(|word| place(word).unwrap_or_else(|| word.clone()))
        .collect();
    words.join("、")
}

/// What a code of a place stands for, without saying which place: where an applicant lives is not told to strangers.
fn kind_of_place(code: &str) -> Option<&'static str> {
    let region: Region = code.parse().ok()?;
    match region.as_str().len() {
        12 => Some("当地的村（社区）"),
        9 => Some("当地的镇"),
        _ => None,
    }
}

/// Whom a drawing means, for those who may not see the case.
pub(super) fn called_roughly(candidates: &[String]) -> String {
    in_words(candidates, |code| kind_of_place(code).map(str::to_owned))
}

impl CaseRooms {
    /// Whom a drawing means with a task, in words: places by their names, everybody else as the drawing calls them.
    ///
    /// # Errors
    /// When the county's villages cannot be read.
    pub async fn called(&self, region: Region, candidates: &[String]) -> Result<String, Failure> {
        let villages = self.directory.villages(region).await?;
        Ok(in_words(candidates, |code| villages.place_name(code)))
    }
}
