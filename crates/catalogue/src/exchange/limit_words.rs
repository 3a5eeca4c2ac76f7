//! Words of the county's file that stand for amounts: `+10`, `复杂情形+3个工作日`.

/// The amount behind the plus sign of an extension, and the words before it.
pub(super) fn extension(text: &str) -> Option<(u16, String)> {
    let (note, rest) = text.split_once('+')?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((digits.parse().ok()?, note.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::extension;

    #[test]
    fn extensions_read() {
        assert_eq!(
            extension("复杂情形+3个工作日"),
            Some((3, "复杂情形".to_owned()))
        );
        assert_eq!(extension("+10"), Some((10, String::new())));
        assert_eq!(extension("特殊情况"), None);
    }
}
