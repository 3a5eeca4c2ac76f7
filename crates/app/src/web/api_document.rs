//! The document of the JSON API (OpenAPI 3.1), joined from all slices, and a page that lists it for
//! people. The page is rendered here, so that it works without JavaScript and asks no other host.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{Html, IntoResponse},
};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Components, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr,
        ResponseBuilder,
        path::{Operation, PathItem},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

/// The kind of a problem document.
const PROBLEM: &str = "application/problem+json";

/// What the document says of itself before any slice added to it.
pub(crate) fn frame() -> OpenApi {
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Wuchuang 五窗")
                .version("1")
                .description(Some(
                    "Errors are problem documents (RFC 9457). Lists are paged by cursor: `?cursor=&limit=` gives `items` and `next_cursor`. A command may carry the header `Idempotency-Key`: the same key gives the first answer again. Programs send `Authorization: Bearer` with a token from the page 接口令牌.",
                ))
                .build(),
        )
        .build()
}

/// What every operation answers when it cannot do what was asked (RFC 9457).
#[derive(Serialize, ToSchema)]
struct Problem {
    /// The kind of problem, as a URN.
    #[serde(rename = "type")]
    #[schema(example = "urn:wuchuang:problem:stale_version")]
    kind: String,
    /// The kind in a few words for people.
    #[schema(example = "别人刚刚改动过")]
    title: String,
    /// The HTTP status.
    #[schema(example = 409)]
    status: u16,
    /// What went wrong and the way out, for people.
    #[schema(example = "别人刚刚改动了这件事，您的操作没有执行。请看过最新情况后再决定。")]
    detail: String,
    /// The address that was asked.
    #[schema(example = "/api/v1/cases/0192f0c2a4b17c3e9d5566778899aabb/accept")]
    instance: String,
    /// The same kind as a word for programs; it does not change.
    #[schema(example = "stale_version")]
    code: String,
    /// The request's name, by which the operator finds it in the log.
    #[schema(example = "9c1f04be5a77d023")]
    request_id: String,
    /// The fields at fault; absent when no single field is.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<ProblemField>>,
}

/// A field at fault.
#[derive(Serialize, ToSchema)]
struct ProblemField {
    /// Its path in the body, or the name of a header or parameter.
    #[schema(example = "applicant.number")]
    field: String,
    /// What is wrong with it.
    detail: String,
}

/// Tells once what every operation has in common: problems as answers, and how a program proves itself.
pub(crate) fn complete(api: &mut OpenApi) {
    let problem = || {
        ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("Problem")))
            .build()
    };
    let default = ResponseBuilder::new()
        .description(
            "Any other problem: not signed in, not allowed, too much at once, no room left.",
        )
        .content(PROBLEM, problem())
        .build();
    for item in api.paths.paths.values_mut() {
        for operation in operations_mut(item) {
            let responses = &mut operation.responses.responses;
            for (status, response) in responses.iter_mut() {
                let RefOr::T(response) = response else {
                    continue;
                };
                // The standard wants words for every answer.
                if response.description.is_empty() {
                    response.description = words_of(status).to_owned();
                }
                if status.starts_with(['4', '5']) && response.content.is_empty() {
                    response
                        .content
                        .insert(PROBLEM.to_owned(), problem().into());
                }
            }
            let told = || default.clone().into();
            responses.entry("default".to_owned()).or_insert_with(told);
        }
    }
    let components = api.components.get_or_insert_with(Components::new);
    components
        .schemas
        .insert("Problem".to_owned(), Problem::schema());
    components
        .schemas
        .insert("ProblemField".to_owned(), ProblemField::schema());
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token from the page 接口令牌."))
        .build();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    // The empty requirement stands for operations that are open and for people in a browser session.
    api.security = Some(vec![
        SecurityRequirement::new("token", [] as [&str; 0]),
        SecurityRequirement::default(),
    ]);
}

/// What a status means where an operation says no more of it.
fn words_of(status: &str) -> &'static str {
    match status {
        "401" => "Not signed in, or the token does not work.",
        "403" => "Not allowed.",
        "404" => "There is no such thing.",
        "409" => "Somebody else was faster.",
        "422" => "A rule refuses it, or a field is wrong; the problem names it.",
        status if status.starts_with('2') => "Done.",
        _ => "Not done.",
    }
}

fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        item.get.as_mut(),
        item.post.as_mut(),
        item.put.as_mut(),
        item.patch.as_mut(),
        item.delete.as_mut(),
    ]
    .into_iter()
    .flatten()
}

/// The document, ready to be sent.
#[derive(Clone)]
pub(crate) struct Document {
    json: Arc<str>,
    operations: Arc<[OperationLine]>,
}

/// One operation as the page lists it.
pub(crate) struct OperationLine {
    tag: String,
    method: &'static str,
    path: String,
    summary: String,
    description: String,
    parameters: Vec<(String, String)>,
    responses: Vec<(String, String)>,
}

impl Document {
    /// # Errors
    /// When the document does not serialise, which would be a fault in a slice's types.
    pub(crate) fn of(document: &OpenApi) -> Result<Self, serde_json::Error> {
        let mut operations: Vec<OperationLine> = document
            .paths
            .paths
            .iter()
            .flat_map(|(path, item)| lines(path, item))
            .collect();
        operations.sort_by(|one, other| (&one.tag, &one.path).cmp(&(&other.tag, &other.path)));
        Ok(Self {
            json: document.to_pretty_json()?.into(),
            operations: operations.into(),
        })
    }

    /// The document as it is sent.
    pub(crate) fn json(&self) -> &str {
        &self.json
    }
}

fn lines(path: &str, item: &PathItem) -> Vec<OperationLine> {
    let methods = [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ];
    methods
        .into_iter()
        .filter_map(|(method, operation)| Some(line(method, path, operation.as_ref()?)))
        .collect()
}

fn line(method: &'static str, path: &str, operation: &Operation) -> OperationLine {
    let parameters = operation.parameters.iter().flatten();
    let responses = operation.responses.responses.iter();
    OperationLine {
        tag: operation
            .tags
            .iter()
            .flatten()
            .next()
            .cloned()
            .unwrap_or_default(),
        method,
        path: path.to_owned(),
        summary: operation.summary.clone().unwrap_or_default(),
        description: operation.description.clone().unwrap_or_default(),
        parameters: parameters
            .filter_map(|parameter| match parameter {
                RefOr::T(found) => Some((
                    found.name.clone(),
                    found.description.clone().unwrap_or_default(),
                )),
                RefOr::Ref(_) => None,
            })
            .collect(),
        responses: responses
            .map(|(status, response)| {
                let words = match response {
                    RefOr::T(response) => response.description.clone(),
                    RefOr::Ref(_) => String::new(),
                };
                (status.clone(), words)
            })
            .collect(),
    }
}

/// The document for programs.
pub(crate) async fn document(State(document): State<Document>) -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, document.json().to_owned())
}

#[derive(Template)]
#[template(path = "app/api.html")]
struct ApiPage<'a> {
    page: &'a PageContext,
    operations: &'a [OperationLine],
}

/// The list for people.
pub(crate) async fn list_page(
    State(document): State<Document>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let page = caller.page.titled("接口说明").under("首页", "/");
    let page = ApiPage {
        page: &page,
        operations: &document.operations,
    };
    page.render().map(Html).map_err(Failure::internal)
}
