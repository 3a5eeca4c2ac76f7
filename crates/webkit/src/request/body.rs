//! Reads a JSON body, and says which field is wrong without repeating what was sent: it may be about
//! a person, and answers are logged by those who call. It lives here so that every API refuses alike.

use axum::{
    Json,
    extract::{FromRequest, Request, rejection::JsonRejection},
    http::StatusCode,
};
use serde::de::DeserializeOwned;

use crate::Failure;

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(explain(&rejection)),
        }
    }
}

fn explain(rejection: &JsonRejection) -> Failure {
    match rejection {
        JsonRejection::JsonDataError(error) => {
            let text = error.body_text();
            match field_of(&text) {
                Some(field) => Failure::invalid(format!(
                    "请求内容的字段 {field} 缺少或格式不对，请按接口文档填写后重试。"
                ))
                .at(field),
                None => Failure::invalid("请求内容与接口文档不符，请检查字段后重试。"),
            }
        }
        JsonRejection::JsonSyntaxError(_) => {
            Failure::invalid("请求内容不是完整的 JSON，请检查后重试。")
        }
        JsonRejection::MissingJsonContentType(_) => {
            Failure::invalid("请求要带 Content-Type: application/json。").at("Content-Type")
        }
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Failure::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "请求内容太大，最多1 MB。文件请先用文件接口上传。",
        ),
        _ => Failure::invalid("请求内容没有读完，请重试。"),
    }
}

/// The path of the field in what the JSON reader says: `…: applicant.kind: unknown variant …`, or
/// the name between back-ticks of a field that is missing.
fn field_of(text: &str) -> Option<String> {
    let message = text
        .split_once("target type: ")
        .map_or(text, |(_, rest)| rest);
    let (path, rest) = message.split_once(": ").unwrap_or(("", message));
    let is_path = !path.is_empty()
        && path
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'[' | b']'));
    let (path, rest) = if is_path { (path, rest) } else { ("", message) };
    let missing = ["missing field `", "unknown field `"]
        .iter()
        .find_map(|sign| rest.strip_prefix(sign))
        .and_then(|rest| rest.split_once('`'))
        .map(|(name, _)| name)
        .filter(|name| name.len() <= 60 && name.bytes().all(|byte| byte.is_ascii_graphic()));
    match (path, missing) {
        ("", None) => None,
        ("", Some(name)) => Some(name.to_owned()),
        (path, None) => Some(path.to_owned()),
        // A field that nobody knows ends the path already; a missing one does not.
        (path, Some(name)) if path == name || path.ends_with(&format!(".{name}")) => {
            Some(path.to_owned())
        }
        (path, Some(name)) => Some(format!("{path}.{name}")),
    }
}

#[cfg(test)]
mod tests {
    use super::field_of;

    #[test]
    fn the_field_is_named_and_what_was_sent_is_not_repeated() {
        let lead = "Failed to deserialize the JSON body into the target type";
        for (said, field) in [
            (
                format!("{lead}: missing field `item` at line 1 column 2"),
                Some("item"),
            ),
            (
                format!("{lead}: applicant: missing field `name` at line 1"),
                Some("applicant.name"),
            ),
            (
                format!("{lead}: applicant.kind: unknown variant `x`, expected one of"),
                Some("applicant.kind"),
            ),
            (
                format!("{lead}: materials[0].files: invalid type"),
                Some("materials[0].files"),
            ),
            (
                format!("{lead}: applicant.admin: unknown field `admin`, expected"),
                Some("applicant.admin"),
            ),
            (
                format!("{lead}: invalid type: string \"王\", expected struct"),
                None,
            ),
        ] {
            assert_eq!(field_of(&said).as_deref(), field, "{said}");
        }
    }
}
