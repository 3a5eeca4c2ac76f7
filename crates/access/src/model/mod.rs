//! The pure rules of people and organisations: what may be asked, what happened, what it adds up to.

pub mod citizen;
pub mod organisation;
pub mod privacy;
pub mod staff;
mod staff_rules;

pub use staff_rules::check_account;

use wuchuang_kernel::Rejection;

/// Refuses a text that is empty or longer than `length_max` characters, by the field's Chinese name.
fn require_text(
    text: &str,
    name: &str,
    field: &'static str,
    length_max: usize,
) -> Result<(), Rejection> {
    if text.trim().is_empty() {
        return Err(Rejection::new("text_missing", format!("请填写{name}。")).at(field));
    }
    limit_text(text, name, field, length_max)
}

/// Refuses a text longer than `length_max` characters.
fn limit_text(
    text: &str,
    name: &str,
    field: &'static str,
    length_max: usize,
) -> Result<(), Rejection> {
    if text.chars().count() > length_max {
        return Err(Rejection::new(
            "text_too_long",
            format!("{name}最多{length_max}个字，请删减后再保存。"),
        )
        .at(field));
    }
    Ok(())
}
