//! Numbers and addresses of people as screens, lists and messages show them: enough to recognise one's own, too little
//! to use another's.
//!
//! Callers hold texts that were typed long ago or imported, so a text that is not what it should be is hidden whole
//! instead of refused. Everything that masks a number calls this, so that no page shows more than another.

use crate::{CitizenNumber, PhoneNumber};

/// What stands for a text of which nothing may be shown; the length tells nothing.
const HIDDEN: &str = "****";

/// `610924********1234`; another text is hidden whole, an empty one stays empty.
pub fn mask_citizen_number(text: &str) -> String {
    CitizenNumber::parse(text).map_or_else(|_| hidden(text), |number| number.masked())
}

/// `138****8888`, `0915-***1234`; another text is hidden whole, an empty one stays empty.
pub fn mask_phone(text: &str) -> String {
    PhoneNumber::parse(text).map_or_else(|_| hidden(text), |phone| phone.masked())
}

/// A telephone number or an e-mail address (`w***@example.com`), whichever it is.
pub fn mask_contact(text: &str) -> String {
    match text.split_once('@') {
        Some((name, host)) => {
            let first: String = name.chars().take(1).collect();
            format!("{first}***@{host}")
        }
        None => mask_phone(text),
    }
}

fn hidden(text: &str) -> String {
    if text.is_empty() { "" } else { HIDDEN }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_is_shown_to_recognise_and_too_little_to_use() {
        for (text, citizen, contact) in [
            ("11010519491231002X", "110105********002X", "****"),
            ("13812348888", "****", "138****8888"),
            ("0915-4421234", "****", "0915-***1234"),
            ("wang@example.com", "****", "w***@example.com"),
            ("@example.com", "****", "***@example.com"),
            ("110", "****", "****"),
            ("张三", "****", "****"),
            ("", "", ""),
        ] {
            assert_eq!(mask_citizen_number(text), citizen, "{text}");
            assert_eq!(mask_contact(text), contact, "{text}");
        }
    }

    #[test]
    fn however_it_is_typed_it_is_masked_alike() {
        assert_eq!(mask_phone("138 1234 8888"), mask_phone("+86-13812348888"));
        assert_eq!(mask_phone(&"1".repeat(10_000)), "****");
    }
}
