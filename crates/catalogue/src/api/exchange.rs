//! The catalogue as a file, out and in, as the pages 导出 and 导入 do it: what is imported becomes working copies,
//! which somebody looks at and publishes.

use axum::{
    Json,
    extract::{Multipart, Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    exchange::FILE_BYTES_MAX,
    pages::{
        ListQuery,
        exchange::{Line, Read, TOO_LARGE, excel_file, read, received, take_over, yaml_file},
    },
    rooms::Rooms,
};

/// How many problems a refusal lists.
const PROBLEMS_TOLD_MAX: usize = 20;

/// Which items, and as which kind of file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportQuery {
    /// `yaml` when absent.
    #[serde(default)]
    #[param(inline)]
    format: Format,
    /// Only the items of this department.
    #[serde(default)]
    department: String,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// YAML, with everything.
    #[default]
    Yaml,
    /// A workbook, for people.
    Xlsx,
}

/// All items as a file: of each the working copy, or what was published last.
#[utoipa::path(get, path = "/api/v1/catalogue/export", tag = "items", params(ExportQuery),
    responses((status = 200, description = "The file; it can be imported again.", content((String = "application/yaml"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 401), (status = 403)))]
pub(super) async fn catalogue_export(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Failure> {
    let listed = ListQuery::of_department(query.department);
    match query.format {
        Format::Yaml => yaml_file(&rooms, &caller, &listed).await,
        Format::Xlsx => excel_file(&rooms, &caller, &listed).await,
    }
}

/// A file as it is sent.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "only describes the multipart body in the API's document"
)]
pub(super) struct ImportForm {
    /// The file as it was exported (YAML), or a filled workbook (.xlsx); at most 10 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// What was imported.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportAnswer {
    /// How many items the file holds.
    #[schema(example = 40)]
    items: usize,
    /// How many of them became new working copies; the others are as the file has them already.
    #[schema(example = 3)]
    changed: usize,
}

/// Imports items as working copies. One problem, and nothing is imported; the same file sent again changes nothing.
#[utoipa::path(post, path = "/api/v1/catalogue/import", tag = "items",
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key imports once.")),
    responses((status = 200, body = ImportAnswer), (status = 401), (status = 403),
        (status = 409, description = "Somebody changed one of the items meanwhile; send the file again."),
        (status = 422, description = "No field `file`, larger than 10 MB, it does not read, or an item has problems; the detail names the first twenty.")))]
pub(super) async fn catalogue_import(
    State(rooms): State<Rooms>,
    caller: Caller,
    mut form: Multipart,
) -> Result<Json<ImportAnswer>, Failure> {
    let (file, _) = received(&mut form).await?;
    if file.len() > FILE_BYTES_MAX {
        return Err(Failure::invalid(TOO_LARGE).at("file"));
    }
    if file.is_empty() {
        return Err(
            Failure::invalid("文件是空的。请发送导出的 YAML 文件或填好的工作簿。").at("file"),
        );
    }
    let items = match read(&rooms, &caller, file).await? {
        Read::Items(found) => found,
        Read::Problems { lines, .. } => return Err(refused(&lines)),
    };
    let count = items.len();
    let key = caller.order(None, Expected::Any).command_id.to_string();
    let changed = take_over(&rooms, &caller, items, &key).await?;
    Ok(Json(ImportAnswer {
        items: count,
        changed,
    }))
}

/// The problems of a file in one sentence each.
fn refused(lines: &[Line]) -> Failure {
    let told: Vec<String> = lines
        .iter()
        .take(PROBLEMS_TOLD_MAX)
        .map(|line| format!("{}：{}", line.place, line.public))
        .collect();
    Failure::invalid(format!(
        "文件有 {} 处问题，没有导入任何事项。请改正后重新发送。{}",
        lines.len(),
        told.join(" ")
    ))
    .at("file")
}
