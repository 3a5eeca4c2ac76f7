//! The staff's list of bundles, one bundle with its working copy, and bundles in and out as files. A bundle is written in a
//! file, looked at here, and published.

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::{BundleId, CommandId};
use wuchuang_ledger::{ExecuteError, Expected};
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::FieldErrors,
    page::{Flash, FlashKind, PageContext},
};

use super::{YAML, edit::DoneQuery, file, html};
use crate::{
    exchange::{self, FILE_BYTES_MAX},
    identity::bundle_of_key,
    joined::is_offered,
    model::{BundleCommand, BundleContent, Tree, content::WhenRefused},
    rooms::BundleRooms,
};

struct Line {
    path: String,
    code: String,
    name: String,
    tree: &'static str,
    version: i64,
    is_published: bool,
    has_working_copy: bool,
}

#[derive(Template)]
#[template(path = "bundles/list.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    lines: Vec<Line>,
    may_edit: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct ListQuery {
    /// How many bundles an import changed.
    changed: Option<u32>,
}

fn may_edit(caller: &Caller) -> bool {
    caller.may("bundle_edit", &Resource::default())
}

pub(super) async fn list_page(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Html<String>, Failure> {
    let rows = rooms.rows(caller.region).await?;
    let mut page = caller.page.clone().titled("一件事");
    page.flash = query.changed.map(|changed| Flash {
        kind: FlashKind::Success,
        text: format!("已导入，{changed} 件有修改，核对后请发布。"),
    });
    html(&ListPage {
        page: &page,
        may_edit: may_edit(&caller),
        lines: rows
            .into_iter()
            .map(|row| Line {
                path: format!("/staff/bundles/{}", row.bundle),
                tree: Tree::from_text(&row.tree).map_or("", Tree::name),
                is_published: !row.content.is_empty(),
                code: row.code,
                name: row.name,
                version: row.version,
                has_working_copy: row.has_working_copy,
            })
            .collect(),
    })
}

/// All bundles: of each the working copy, or what was published last.
///
/// # Errors
/// When they cannot be read.
pub(crate) async fn all(
    rooms: &BundleRooms,
    caller: &Caller,
) -> Result<Vec<BundleContent>, Failure> {
    let mut contents = Vec::new();
    for id in rooms
        .rows(caller.region)
        .await?
        .iter()
        .filter_map(crate::store::BundleRow::id)
    {
        if let Some((_, state)) = rooms.state(caller.region, id).await?
            && let Some(content) = state.current()
        {
            contents.push(content.clone());
        }
    }
    Ok(contents)
}

pub(super) async fn export(
    State(rooms): State<BundleRooms>,
    caller: Caller,
) -> Result<Response, Failure> {
    let text = exchange::write(all(&rooms, &caller).await?);
    Ok(file(YAML, "bundles.yaml", text))
}

struct MemberLine {
    code: String,
    name: String,
    department: String,
    note: &'static str,
    path: String,
}

#[derive(Template)]
#[template(path = "bundles/bundle.html")]
struct BundlePage<'a> {
    page: &'a PageContext,
    content: &'a BundleContent,
    path: String,
    public_path: String,
    members: Vec<MemberLine>,
    version: u32,
    is_published: bool,
    has_working_copy: bool,
    may_edit: bool,
}

impl BundlePage<'_> {
    /// For which others a member waits, and what is looked at together, in sentences.
    fn order(&self) -> Vec<String> {
        let name = |code: &str| {
            let mut members = self.members.iter();
            let found = members.find(|line| line.code == code);
            found.map_or_else(|| code.to_owned(), |line| line.name.clone())
        };
        let mut told = Vec::new();
        for member in &self.content.members {
            let own = name(&member.code);
            if !member.after.is_empty() {
                let earlier: Vec<String> = member.after.iter().map(|code| name(code)).collect();
                let otherwise = match member.when_refused {
                    WhenRefused::End => "前面的没有批准，就不再开办",
                    WhenRefused::GoOn => "前面的没有批准，照样开办",
                };
                told.push(format!(
                    "“{own}”在“{}”批准以后开办；{otherwise}。",
                    earlier.join("、")
                ));
            }
            for kind in &member.inspections {
                told.push(format!("“{own}”要{}，合格以后才能准予。", kind.name()));
            }
        }
        if !self.content.lead.is_empty() {
            told.push(format!("由办理“{}”的单位牵头。", name(&self.content.lead)));
        }
        told
    }
}

pub(super) async fn page(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(bundle): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Html<String>, Failure> {
    let id: BundleId = bundle.parse().map_err(|_| Failure::not_found())?;
    let found = rooms.state(caller.region, id).await?;
    let (_, state) = found.ok_or_else(Failure::not_found)?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    let linked = rooms.linked(content.members.iter().collect());
    let mut page = caller
        .page
        .clone()
        .titled(&content.name)
        .under("一件事", "/staff/bundles");
    page.flash = query.flash();
    html(&BundlePage {
        members: linked
            .iter()
            .map(|one| MemberLine {
                code: one.member.code.clone(),
                name: one.name().to_owned(),
                department: one.department().to_owned(),
                note: match &one.item {
                    Some(item) if is_offered(&item.content) => "可一起网上办",
                    Some(_) => "要到窗口办",
                    None => "本系统没有这个事项，指南上写明到哪里办",
                },
                path: one
                    .item
                    .as_ref()
                    .map_or_else(String::new, |item| format!("/staff/items/{}", item.id)),
            })
            .collect(),
        path: format!("/staff/bundles/{id}"),
        public_path: format!("/bundles/{id}"),
        version: state.version,
        is_published: state.published.is_some(),
        has_working_copy: state.working_copy.is_some(),
        may_edit: may_edit(&caller),
        content,
        page: &page,
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct KeyForm {
    #[serde(default)]
    command_id: String,
}

async fn act(
    rooms: &BundleRooms,
    caller: &Caller,
    bundle: &str,
    command: BundleCommand,
    key: &str,
) -> Result<Redirect, Failure> {
    let id: BundleId = bundle.parse().map_err(|_| Failure::not_found())?;
    let order = caller.order(Some(key), Expected::Existing);
    rooms.command(id, command, order).await?;
    Ok(Redirect::to(&format!("/staff/bundles/{id}")))
}

pub(super) async fn publish(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(bundle): Path<String>,
    Form(form): Form<KeyForm>,
) -> Result<Redirect, Failure> {
    act(
        &rooms,
        &caller,
        &bundle,
        BundleCommand::Publish,
        &form.command_id,
    )
    .await
}

pub(super) async fn withdraw(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(bundle): Path<String>,
    Form(form): Form<KeyForm>,
) -> Result<Redirect, Failure> {
    act(
        &rooms,
        &caller,
        &bundle,
        BundleCommand::Withdraw,
        &form.command_id,
    )
    .await
}

#[derive(Template)]
#[template(path = "bundles/import.html")]
struct ImportPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    problems: Vec<String>,
}

fn import_form(
    caller: &Caller,
    errors: &FieldErrors,
    problems: Vec<String>,
) -> Result<Html<String>, Failure> {
    let page = caller
        .page
        .clone()
        .titled("导入一件事")
        .under("一件事", "/staff/bundles")
        .with_errors(!errors.is_empty());
    html(&ImportPage {
        page: &page,
        errors,
        problems,
    })
}

pub(super) async fn import_page(caller: Caller) -> Result<Html<String>, Failure> {
    import_form(&caller, &FieldErrors::new(), Vec::new())
}

/// The file of a form, and the form's key.
async fn received(form: &mut Multipart) -> Result<(String, String), Failure> {
    let broken = |_| Failure::invalid("文件没有传完整，请重新选择后再上传。").at("file");
    let (mut text, mut key) = (String::new(), String::new());
    for _ in 0..10 {
        let Some(field) = form.next_field().await.map_err(broken)? else {
            break;
        };
        match field.name() {
            Some("file") => {
                let bytes = field.bytes().await.map_err(broken)?;
                if bytes.len() > FILE_BYTES_MAX {
                    return Err(Failure::invalid("文件超过1 MB，请分开导入。").at("file"));
                }
                text = String::from_utf8(bytes.to_vec()).map_err(|_| {
                    Failure::invalid("文件不是 UTF-8 编码，请另存为 UTF-8 后再导入。").at("file")
                })?;
            }
            Some("command_id") => key = field.text().await.map_err(broken)?,
            _ => {}
        }
    }
    Ok((text, key))
}

pub(super) async fn import(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    mut form: Multipart,
) -> Result<Response, Failure> {
    let refused = |text: String, problems: Vec<String>| {
        let mut errors = FieldErrors::new();
        errors.add("file", text);
        let page = import_form(&caller, &errors, problems)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let (text, key) = match received(&mut form).await {
        Ok(received) => received,
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            return refused(failure.public.into_owned(), Vec::new());
        }
        Err(failure) => return Err(failure),
    };
    if text.trim().is_empty() {
        return refused("请先选择导出的 YAML 文件。".to_owned(), Vec::new());
    }
    let contents = match exchange::read(&text) {
        Ok(contents) => contents,
        Err(exchange::FileError::Wrong(problems)) => {
            let told = format!("文件有 {} 处问题，一件也没有导入。", problems.len());
            return refused(told, problems);
        }
        Err(error) => return refused(error.to_string(), Vec::new()),
    };
    let changed = take_over(&rooms, &caller, contents, &key).await?;
    Ok(Redirect::to(&format!("/staff/bundles?changed={changed}")).into_response())
}

/// Takes bundles over as working copies, and tells how many are new or changed.
///
/// # Errors
/// When one cannot be written.
pub(crate) async fn take_over(
    rooms: &BundleRooms,
    caller: &Caller,
    contents: Vec<BundleContent>,
    key: &str,
) -> Result<usize, Failure> {
    let mut changed = 0;
    for content in contents {
        let id = bundle_of_key(&content.code);
        // Each bundle of a file has a key of its own that follows from the form's.
        let own = key.parse::<CommandId>().ok().map(|key| {
            let number = key.uuid().as_u128() ^ id.uuid().as_u128();
            CommandId::from_u128(number).to_string()
        });
        let order = caller.order(own.as_deref(), Expected::Any);
        let command = BundleCommand::Draft {
            content: Box::new(content),
        };
        match rooms.command(id, command, order).await {
            Ok(_) => changed += 1,
            Err(ExecuteError::Rejected(rejection)) if rejection.code == "nothing_changed" => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(changed)
}
