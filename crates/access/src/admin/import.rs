//! Accounts in bulk: a table goes in, either all accounts are made or none, and the table comes
//! back with one-time passwords or with what is wrong. Nothing is kept on the server: the table that
//! comes back lies inside the page.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Multipart, State},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use futures::{StreamExt, TryStreamExt, stream};
use wuchuang_kernel::{CommandId, PostId};
use wuchuang_ledger::{ExecuteError, Expected, Order};
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext};

use super::{
    SHEET_BYTES_MAX, form_status,
    sheet::out,
    sheet::{self, Account, COLUMNS, Present, Problem, Row},
    sheet_headers,
};
use crate::{
    model::staff::{StaffCommand, StaffStream},
    rooms::{Rooms, html},
    store::StaffFilter,
};

/// How many accounts are made at once; the ledger commits them in groups.
const CONCURRENT_MAX: usize = 32;
/// How many problems a program is told in its refusal.
const PROBLEMS_TOLD_MAX: usize = 20;
/// How many problems the page lists; the table names all.
const PROBLEMS_SHOWN_MAX: usize = 100;

#[derive(Template)]
#[template(path = "access/people_import.html")]
struct ImportPage<'a> {
    page: &'a PageContext,
    made: usize,
    problems: &'a [Problem],
    problems_all: usize,
    sheet: &'a str,
    errors: &'a FieldErrors,
}

/// What came of a table.
#[derive(Default)]
struct Outcome {
    made: usize,
    problems: Vec<Problem>,
    sheet: Option<Vec<u8>>,
    errors: FieldErrors,
}

fn view(caller: &Caller, outcome: &Outcome) -> Result<Response, Failure> {
    let has_errors = !outcome.errors.is_empty() || !outcome.problems.is_empty();
    let page = caller
        .page
        .clone()
        .titled("批量登记账号")
        .under("人员与岗位", "/staff/people")
        .with_errors(has_errors);
    let sheet = outcome
        .sheet
        .as_ref()
        .map(|bytes| BASE64_STANDARD.encode(bytes));
    let shown = outcome.problems.len().min(PROBLEMS_SHOWN_MAX);
    let template = ImportPage {
        page: &page,
        made: outcome.made,
        problems: &outcome.problems[..shown],
        problems_all: outcome.problems.len(),
        sheet: sheet.as_deref().unwrap_or_default(),
        errors: &outcome.errors,
    };
    Ok((form_status(has_errors), html(&template)?).into_response())
}

pub(super) async fn page(caller: Caller) -> Result<Response, Failure> {
    view(&caller, &Outcome::default())
}

pub(super) async fn template() -> Result<Response, Failure> {
    let example: [&str; COLUMNS.len()] = [
        "zhang.wei",
        "张伟",
        "",
        "政务服务中心",
        "综合窗口",
        "窗口受理",
        "",
    ];
    let bytes = out::template(&example).map_err(Failure::internal)?;
    Ok((
        sheet_headers("attachment; filename=\"accounts.xlsx\""),
        bytes,
    )
        .into_response())
}

pub(super) async fn submit(
    State(rooms): State<Rooms>,
    caller: Caller,
    parts: Multipart,
) -> Result<Response, Failure> {
    view(&caller, &outcome(&rooms, &caller, parts).await?)
}

/// The table with the one-time passwords, for a table that was sent; or what is wrong with it.
///
/// # Errors
/// 422 with what is wrong, row by row; or when the accounts cannot be made now.
pub(crate) async fn import_table(
    rooms: &Rooms,
    caller: &Caller,
    parts: Multipart,
) -> Result<Response, Failure> {
    let outcome = outcome(rooms, caller, parts).await?;
    if let Some(error) = outcome.errors.iter().next() {
        return Err(Failure::invalid(error.message.clone()).at("file"));
    }
    if !outcome.problems.is_empty() {
        let shown = outcome.problems.iter().take(PROBLEMS_TOLD_MAX);
        let told: Vec<String> = shown
            .map(|problem| {
                let (row, heading) = (problem.row + 1, problem.heading());
                format!("第{row}行“{heading}”：{}", problem.sentence)
            })
            .collect();
        return Err(Failure::invalid(format!(
            "表里有{}处问题，没有登记任何账号。请改正后重新发送。{}",
            outcome.problems.len(),
            told.join(" ")
        ))
        .at("file"));
    }
    let sheet = outcome.sheet.unwrap_or_default();
    Ok((
        sheet_headers("attachment; filename=\"accounts.xlsx\""),
        sheet,
    )
        .into_response())
}

/// Reads the table in a form and makes its accounts, all or none.
async fn outcome(rooms: &Rooms, caller: &Caller, mut parts: Multipart) -> Result<Outcome, Failure> {
    let mut file = None;
    while let Some(part) = parts.next_field().await.map_err(|_| unreadable())? {
        if part.name() == Some("file") {
            file = Some(part.bytes().await.map_err(|_| unreadable())?);
        }
    }
    let file = file.unwrap_or_default();
    let mut outcome = Outcome::default();
    if file.is_empty() {
        outcome.errors.add("file", "请选择填好的Excel文件。");
    } else if file.len() > SHEET_BYTES_MAX {
        outcome
            .errors
            .add("file", "文件超过5MB。请删去图片和多余的工作表再上传。");
    } else {
        let read = tokio::task::spawn_blocking(move || sheet::read(&file))
            .await
            .map_err(Failure::internal)?;
        match read {
            Ok(rows) => import(rooms, caller, &rows, &mut outcome).await?,
            Err(error) => outcome.errors.add("file", error.to_string()),
        }
    }
    Ok(outcome)
}

fn unreadable() -> Failure {
    Failure::invalid("文件没有完整传上来。请检查网络后重新上传。")
}

async fn present(rooms: &Rooms, caller: &Caller) -> Result<Present, Failure> {
    let organisations = rooms.directory.organisations(caller.region).await?;
    let mut accounts = std::collections::HashSet::new();
    let mut after = String::new();
    loop {
        let filter = StaffFilter {
            after: after.clone(),
            limit: 1_000,
            ..StaffFilter::default()
        };
        let page = rooms.directory.staff_list(caller.region, &filter).await?;
        let Some(last) = page.last() else {
            break;
        };
        after.clone_from(&last.account);
        accounts.extend(page.into_iter().map(|entry| entry.account));
    }
    Ok(Present {
        region: caller.region,
        organisations: organisations
            .into_iter()
            .filter(|organisation| organisation.is_active)
            .map(|organisation| (organisation.name, (organisation.id, organisation.place)))
            .collect(),
        accounts,
    })
}

async fn import(
    rooms: &Rooms,
    caller: &Caller,
    rows: &[Row],
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let present = present(rooms, caller).await?;
    match sheet::check(rows, &present) {
        Err(problems) => {
            outcome.sheet = Some(out::with_problems(rows, &problems).map_err(Failure::internal)?);
            outcome.problems = problems;
        }
        Ok(accounts) => {
            outcome.made = accounts.len();
            let passwords: HashMap<u32, String> = stream::iter(accounts)
                .map(|account| make(rooms, caller, account))
                .buffer_unordered(CONCURRENT_MAX)
                .try_collect()
                .await?;
            outcome.sheet = Some(out::with_passwords(rows, &passwords).map_err(Failure::internal)?);
        }
    }
    Ok(())
}

/// Makes one account. Everything was checked before; only an outage can stop it half way, and then
/// the same table goes in again without the accounts that are there.
async fn make(rooms: &Rooms, caller: &Caller, account: Account) -> Result<(u32, String), Failure> {
    let person = rooms
        .directory
        .staff_id(caller.region, &account.sign_in_name);
    let ledger = rooms.directory.ledger();
    let order = |expected| Order {
        command_id: CommandId::generate(caller.now, ledger.randomness().as_ref()),
        ..caller.order(None, expected)
    };
    let register = StaffCommand::Register {
        account: account.sign_in_name,
        name: account.name,
        phone: account.phone,
    };
    let done = ledger
        .execute::<StaffStream>(person.into(), register, order(Expected::Version(0)))
        .await;
    match done {
        Ok(_) => {}
        Err(ExecuteError::StaleVersion { .. }) => {
            return Err(Failure::invalid(
                "另一位管理员刚刚登记了其中的账号。请重新上传，按提示修改。",
            ));
        }
        Err(error) => return Err(error.into()),
    }
    let passwords = &rooms.secrets.passwords;
    let password = passwords.one_time();
    let hash = passwords
        .hash_one_time(&password)
        .map_err(Failure::internal)?;
    rooms
        .secrets
        .set_hash(caller.region, person, &hash, true)
        .await?;
    if let Some(details) = account.post {
        let give = StaffCommand::GivePost {
            post: PostId::generate(caller.now, ledger.randomness().as_ref()),
            details,
        };
        ledger
            .execute::<StaffStream>(person.into(), give, order(Expected::Existing))
            .await?;
    }
    Ok((account.row, password))
}
