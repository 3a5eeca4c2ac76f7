//! Items in and out of the house as files.

use askama::Template;
use axum::{
    body::Bytes,
    extract::{Multipart, Path, Query, State},
    http::{HeaderName, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use futures::{StreamExt, TryStreamExt, stream};
use wuchuang_kernel::{CommandId, ItemId};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext};

use super::{html, list::ListQuery};
use crate::{
    exchange::{
        ExchangedItem, FILE_BYTES_MAX, Finding, ITEMS_MAX, excel, excel_template,
        excel_with_problems, import_yaml, read_excel, yaml,
    },
    model::{ItemCommand, ItemContent, problems},
    rooms::Rooms,
    store,
};

const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn file(kind: &'static str, name: &'static str, body: impl IntoResponse) -> Response {
    let head: [(HeaderName, String); 2] = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (head, body).into_response()
}

/// The items that the list shows, all pages of it.
async fn listed(
    rooms: &Rooms,
    caller: &Caller,
    query: &ListQuery,
) -> Result<Vec<ExchangedItem>, Failure> {
    let database = rooms.catalogue.ledger().database();
    let limit = u32::try_from(ITEMS_MAX).unwrap_or(u32::MAX);
    let rows = store::items(database, caller.region, &query.filter(), None, limit).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let Ok(id) = row.item.parse::<ItemId>() else {
            continue;
        };
        if let Some((_, state)) = rooms.catalogue.state(id).await?
            && let Some(content) = state.current()
        {
            items.push(ExchangedItem {
                id,
                content: content.clone(),
            });
        }
    }
    Ok(items)
}

pub(crate) async fn export_excel(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failure> {
    excel_file(&rooms, &caller, &query).await
}

/// The items of a list as a workbook: of each the working copy, or what was published last.
///
/// # Errors
/// When they cannot be read or written.
pub(crate) async fn excel_file(
    rooms: &Rooms,
    caller: &Caller,
    query: &ListQuery,
) -> Result<Response, Failure> {
    let items = listed(rooms, caller, query).await?;
    let workbook = tokio::task::spawn_blocking(move || excel(&items)).await;
    let workbook = workbook
        .map_err(Failure::internal)?
        .map_err(Failure::internal)?;
    Ok(file(EXCEL, "items.xlsx", workbook))
}

pub(crate) async fn export_yaml(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failure> {
    yaml_file(&rooms, &caller, &query).await
}

/// The items of a list as YAML.
///
/// # Errors
/// When they cannot be read or written.
pub(crate) async fn yaml_file(
    rooms: &Rooms,
    caller: &Caller,
    query: &ListQuery,
) -> Result<Response, Failure> {
    let items = listed(rooms, caller, query).await?;
    let text = yaml::export_yaml(&items).map_err(Failure::internal)?;
    Ok(file("application/yaml; charset=utf-8", "items.yaml", text))
}

pub(crate) async fn template() -> Result<Response, Failure> {
    Ok(file(
        EXCEL,
        "items-template.xlsx",
        excel_template().map_err(Failure::internal)?,
    ))
}

/// One problem as the page lists it.
pub(crate) struct Line {
    pub(crate) place: String,
    pub(crate) public: String,
}

#[derive(Template)]
#[template(path = "catalogue/import.html")]
struct ImportPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    lines: Vec<Line>,
    marked: String,
}

pub(crate) async fn import_page(caller: Caller) -> Result<Html<String>, Failure> {
    show(caller, &FieldErrors::new(), Vec::new(), String::new())
}

fn show(
    caller: Caller,
    errors: &FieldErrors,
    lines: Vec<Line>,
    marked: String,
) -> Result<Html<String>, Failure> {
    let has_errors = !errors.is_empty() || !lines.is_empty();
    let page = caller
        .page
        .titled("导入事项")
        .under("事项库", "/staff/items")
        .with_errors(has_errors);
    html(&ImportPage {
        page: &page,
        errors,
        lines,
        marked,
    })
}

/// The workbook of an earlier upload with its problems marked.
pub(crate) async fn marked(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let workbook =
        store::upload_find(rooms.catalogue.ledger(), caller.region, person, &token).await?;
    Ok(file(
        EXCEL,
        "items-problems.xlsx",
        workbook.ok_or_else(Failure::not_found)?,
    ))
}

/// What is said of a file that did not arrive whole.
pub(crate) const TOO_LARGE: &str = "文件没有收全：最大 10 MB。请分成几个文件，再分别导入。";

/// A file as it was read: what to import, or why not.
pub(crate) enum Read {
    Items(Vec<ExchangedItem>),
    Problems {
        lines: Vec<Line>,
        marked: Option<Vec<u8>>,
    },
}

pub(crate) async fn import_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    mut form: Multipart,
) -> Result<Response, Failure> {
    let (bytes, key) = received(&mut form).await?;
    let mut errors = FieldErrors::new();
    if bytes.is_empty() {
        errors.add(
            "file",
            "还没有选择文件。请选择填好的工作簿（.xlsx）或 YAML 文件。",
        );
    } else if bytes.len() > FILE_BYTES_MAX {
        errors.add("file", TOO_LARGE);
    }
    if !errors.is_empty() {
        return Ok((
            StatusCode::UNPROCESSABLE_ENTITY,
            show(caller, &errors, Vec::new(), String::new())?,
        )
            .into_response());
    }
    match read(&rooms, &caller, bytes).await? {
        Read::Items(items) => {
            let count = take_over(&rooms, &caller, items, &key).await?;
            Ok(Redirect::to(&format!(
                "/staff/items?state=changed&done=imported&count={count}"
            ))
            .into_response())
        }
        Read::Problems { lines, marked } => {
            let address = match marked {
                Some(workbook) => kept(&rooms, &caller, &workbook).await?,
                None => String::new(),
            };
            let body = show(caller, &errors, lines, address)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
        }
    }
}

/// The file and the form's key as they were sent.
pub(crate) async fn received(form: &mut Multipart) -> Result<(Bytes, String), Failure> {
    let cut_off = |_| Failure::invalid(TOO_LARGE).at("file");
    let (mut bytes, mut key) = (Bytes::new(), String::new());
    while let Some(part) = form.next_field().await.map_err(cut_off)? {
        let name = part.name().unwrap_or_default().to_owned();
        let value = part.bytes().await.map_err(cut_off)?;
        match name.as_str() {
            "file" => bytes = value,
            "command_id" => key = String::from_utf8_lossy(&value).into_owned(),
            _ => {}
        }
    }
    Ok((bytes, key))
}

/// Keeps a marked workbook for its sender and gives its address.
async fn kept(rooms: &Rooms, caller: &Caller, workbook: &[u8]) -> Result<String, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let ledger = rooms.catalogue.ledger();
    let token = store::upload_keep(ledger, caller.region, person, workbook).await?;
    Ok(format!("/staff/items/import/{token}"))
}

/// Reads and checks a workbook or a YAML file whole: one problem, and nothing of it is to be imported.
///
/// # Errors
/// When the house cannot read it now.
pub(crate) async fn read(rooms: &Rooms, caller: &Caller, bytes: Bytes) -> Result<Read, Failure> {
    let problem = |text: String| Read::Problems {
        lines: vec![Line {
            place: "文件".to_owned(),
            public: text,
        }],
        marked: None,
    };
    if !bytes.starts_with(b"PK") {
        let text = String::from_utf8_lossy(&bytes);
        return Ok(match import_yaml(&text) {
            Ok(items) => of_yaml(items),
            Err(error) => problem(error.to_string()),
        });
    }
    let departments = rooms.departments(caller.region).await?;
    let present = present(rooms, caller).await?;
    let read = tokio::task::spawn_blocking(move || {
        let import = read_excel(&bytes, &departments, &|item| present.get(&item).cloned())?;
        let marked = if import.findings.is_empty() {
            None
        } else {
            excel_with_problems(&import.sheets, &import.findings).ok()
        };
        Ok::<_, crate::exchange::ExcelError>((import, marked))
    })
    .await
    .map_err(Failure::internal)?;
    Ok(match read {
        Ok((import, _)) if import.findings.is_empty() => Read::Items(import.items),
        Ok((import, marked)) => Read::Problems {
            lines: import.findings.iter().map(line).collect(),
            marked,
        },
        Err(error) => problem(error.to_string()),
    })
}

/// The present elements of all items, which a workbook completes.
async fn present(
    rooms: &Rooms,
    caller: &Caller,
) -> Result<std::collections::HashMap<ItemId, ItemContent>, Failure> {
    let items = listed(rooms, caller, &ListQuery::default()).await?;
    Ok(items
        .into_iter()
        .map(|item| (item.id, item.content))
        .collect())
}

fn line(finding: &Finding) -> Line {
    Line {
        place: format!(
            "“{}”表第 {} 行，{}",
            finding.sheet,
            finding.row + 1,
            finding.title
        ),
        public: finding.public.clone(),
    }
}

/// A YAML file is checked like a workbook: one problem, and nothing is imported.
fn of_yaml(items: Vec<ExchangedItem>) -> Read {
    let lines: Vec<Line> = items
        .iter()
        .flat_map(|item| {
            let found = problems(&item.content).into_iter();
            found.map(|problem| Line {
                place: format!("{} {}", item.content.name, problem.field),
                public: problem.public,
            })
        })
        .collect();
    if lines.is_empty() {
        Read::Items(items)
    } else {
        Read::Problems {
            lines,
            marked: None,
        }
    }
}

/// How many commands of an import wait for the ledger at once, so that it commits them together.
const AT_ONCE: usize = 64;

/// Makes the items working copies and tells how many changed. All of them have been checked; should
/// storage fail on the way, the same file sent again goes on where it stopped, because what is there
/// already is not changed.
pub(crate) async fn take_over(
    rooms: &Rooms,
    caller: &Caller,
    items: Vec<ExchangedItem>,
    key: &str,
) -> Result<usize, Failure> {
    let key: Option<CommandId> = key.parse().ok();
    stream::iter(items)
        .map(|item| take_over_one(rooms, caller, item, key))
        .buffer_unordered(AT_ONCE)
        .try_fold(0, async |count, changed| Ok(count + usize::from(changed)))
        .await
}

async fn take_over_one(
    rooms: &Rooms,
    caller: &Caller,
    item: ExchangedItem,
    key: Option<CommandId>,
) -> Result<bool, Failure> {
    let state = rooms.catalogue.state(item.id).await?;
    if state
        .as_ref()
        .is_some_and(|(_, state)| state.current() == Some(&item.content))
    {
        return Ok(false);
    }
    let version = state.map_or(0, |(version, _)| version);
    let key = key.map(|key| {
        CommandId::from_u128(key.uuid().as_u128() ^ item.id.uuid().as_u128()).to_string()
    });
    let order = caller.order(key.as_deref(), Expected::Version(version));
    rooms
        .send(
            item.id,
            ItemCommand::Draft {
                content: Box::new(item.content),
            },
            order,
        )
        .await?;
    Ok(true)
}
