//! The ledger's page: its end, its checkpoints, the check of the whole chain, and proofs of single
//! records. It only reads; the check leaves a report and changes nothing.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_ledger::{InclusionProof, PROOF_BYTES_MAX};
use wuchuang_webkit::{
    Caller, Failure, forms::FieldErrors, markup::CursorLinks, page::PageContext,
};

use super::{html, moment};
use crate::{
    Rooms, check,
    findings::WAY_OUT,
    store::{self, Head},
};

/// How many checkpoints stand on one page.
const PAGE_ROWS: i64 = 20;

#[derive(Deserialize)]
pub(crate) struct LedgerQuery {
    before: Option<i64>,
}

struct CheckpointLine {
    number: i64,
    first_seq: i64,
    last_seq: i64,
    root: String,
    signed_at: String,
    is_signed: bool,
}

struct CheckReport {
    asked_at: String,
    done_at: Option<String>,
    records: i64,
    checkpoints: i64,
    findings: Vec<String>,
}

#[derive(Template)]
#[template(path = "administration/ledger.html")]
struct LedgerPage<'a> {
    page: &'a PageContext,
    head: Option<Head>,
    check: Option<CheckReport>,
    /// A check was asked for and has no result yet: the page looks again by itself.
    is_checking: bool,
    way_out: &'static str,
    checkpoints: Vec<CheckpointLine>,
    links: CursorLinks,
    public_key: String,
}

pub(crate) async fn ledger_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<LedgerQuery>,
) -> Result<Html<String>, Failure> {
    let database = rooms.ledger.database();
    let public_key = rooms.ledger.public_key_pem()?;
    let before = query.before.unwrap_or(i64::MAX);
    let found = store::checkpoints(database, caller.region, before, PAGE_ROWS).await?;
    let check = store::checks(database, caller.region, (i64::MAX, ""), 1)
        .await?
        .pop();
    let page = caller.page.clone().titled("账本");
    let next = found
        .last()
        .filter(|last| last.number > 1)
        .map(|last| format!("/staff/admin/ledger?before={}", last.number));
    html(&LedgerPage {
        page: &page,
        is_checking: check.as_ref().is_some_and(|row| row.done_at_us.is_none()),
        head: store::head(database, caller.region).await?,
        check: check.map(|row| CheckReport {
            asked_at: moment(row.asked_at_us),
            done_at: row.done_at_us.map(moment),
            records: row.records,
            checkpoints: row.checkpoints,
            findings: row.findings.lines().map(str::to_owned).collect(),
        }),
        way_out: WAY_OUT,
        checkpoints: found
            .iter()
            .map(|checkpoint| CheckpointLine {
                number: checkpoint.number,
                first_seq: checkpoint.first_seq,
                last_seq: checkpoint.last_seq,
                root: checkpoint.root.clone(),
                signed_at: moment(checkpoint.signed_at_us),
                is_signed: checkpoint.is_signed_by(&public_key),
            })
            .collect(),
        links: CursorLinks {
            previous: query.before.map(|_| "/staff/admin/ledger".to_owned()),
            next,
            summary: String::new(),
        },
        public_key,
    })
}

#[derive(Deserialize)]
pub(crate) struct CheckForm {
    #[serde(default)]
    command_id: String,
}

pub(crate) async fn check_ask(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(form): Form<CheckForm>,
) -> Result<Redirect, Failure> {
    let key = Some(form.command_id.as_str());
    check::ask(&rooms.ledger, &caller, key).await?;
    Ok(Redirect::to("/staff/admin/ledger"))
}

#[derive(Deserialize)]
pub(crate) struct ProofQuery {
    seq: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct ProofForm {
    #[serde(default)]
    proof: String,
}

#[derive(Template)]
#[template(path = "administration/proof.html")]
struct ProofPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    seq: String,
    pasted: String,
    shown: Option<ShownProof>,
}

struct ShownProof {
    seq: i64,
    hash: String,
    checkpoint: i64,
    signed_at: String,
    holds: bool,
    json: String,
}

impl ShownProof {
    fn of(proof: &InclusionProof, public_key: &str) -> Self {
        Self {
            seq: proof.seq,
            hash: proof.hash.clone(),
            checkpoint: proof.checkpoint.number,
            signed_at: moment(proof.checkpoint.signed_at_us),
            holds: proof.holds(public_key),
            json: serde_json::to_string_pretty(proof).unwrap_or_default(),
        }
    }
}

pub(crate) async fn proof_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ProofQuery>,
) -> Result<Response, Failure> {
    let mut errors = FieldErrors::new();
    let text = query.seq.unwrap_or_default();
    let mut shown = None;
    if !text.is_empty() {
        match text.trim().parse::<i64>() {
            Ok(seq) if seq > 0 => match rooms.ledger.proof(caller.region, seq).await? {
                Some(proof) => {
                    shown = Some(ShownProof::of(&proof, &rooms.ledger.public_key_pem()?));
                }
                None => errors.add(
                    "seq",
                    "这条记录还没有检查点，或者账本上没有它。检查点每分钟签一次，请稍后再查。",
                ),
            },
            _ => errors.add("seq", "记录序号是从 1 开始的整数，例如 128。"),
        }
    }
    answer(&caller, &errors, text, String::new(), shown)
}

pub(crate) async fn proof_check(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(form): Form<ProofForm>,
) -> Result<Response, Failure> {
    let mut errors = FieldErrors::new();
    let mut shown = None;
    if form.proof.len() > PROOF_BYTES_MAX {
        errors.add("proof", "内容太长，不像是一份证明。请只粘贴回执上的证明。");
    } else {
        match InclusionProof::read(&form.proof, Some(caller.region.as_str())) {
            Some(proof) => shown = Some(ShownProof::of(&proof, &rooms.ledger.public_key_pem()?)),
            None => errors.add(
                "proof",
                "看不懂这份证明。请粘贴回执或接口给出的完整 JSON，从“{”到“}”。",
            ),
        }
    }
    answer(&caller, &errors, String::new(), form.proof, shown)
}

fn answer(
    caller: &Caller,
    errors: &FieldErrors,
    seq: String,
    pasted: String,
    shown: Option<ShownProof>,
) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled("核对记录证明")
        .under("账本", "/staff/admin/ledger")
        .with_errors(!errors.is_empty());
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = html(&ProofPage {
        page: &page,
        errors,
        seq,
        pasted,
        shown,
    })?;
    Ok((status, page).into_response())
}
