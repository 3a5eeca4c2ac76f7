//! The document of the JSON API (OpenAPI 3.1), joined from all slices, and a page that lists it for
//! people. The page is rendered here, so that it works without JavaScript and asks no other host.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{Html, IntoResponse},
};
use utoipa::openapi::{
    InfoBuilder, OpenApi, OpenApiBuilder,
    path::{Operation, PathItem},
};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

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
    use utoipa::openapi::RefOr;
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
