//! Decides commands to a licence.

use jiff::{Span, civil::Date};
use wuchuang_codes::{LicenceIdentifier, LicenceTypeCode};
use wuchuang_kernel::{Rejection, china_date};
use wuchuang_ledger::Context;

use super::{
    CopyTerms, DocumentReference, Issue, IssuedEvent, Licence, LicenceCommand, LicenceEvent,
    LicenceState, Standing,
};

/// How long a name may be, in characters.
const NAME_CHARACTERS_MAX: usize = 100;
/// How many lines the contents may have.
const CONTENTS_MAX: usize = 100;
/// How long one value of the contents may be, in characters.
const VALUE_CHARACTERS_MAX: usize = 2_000;
/// How long a reason or purpose may be, in characters.
const REASON_CHARACTERS_MAX: usize = 500;
/// How many copies for one purpose a licence may have.
const ANNOTATIONS_MAX: usize = 200;
/// How long a copy for one purpose may be used, in days.
const ANNOTATION_DAYS_MAX: i64 = 366;
/// The longest time that a copy stands in the place of its original, in days.
const COPY_DAYS_MAX: u16 = 800;
/// The longest validity, in years; beyond it the item means 长期.
const VALID_YEARS_MAX: u16 = 100;
/// Length of a SHA-256 in hexadecimal.
const SHA256_CHARACTERS: usize = 64;

type Decided = Result<Vec<LicenceEvent>, Rejection>;

pub(super) fn decide(
    state: &LicenceState,
    command: &LicenceCommand,
    context: &Context<'_>,
) -> Decided {
    match (&state.0, command) {
        (None, LicenceCommand::Issue(wanted)) => issue(wanted, context),
        (Some(_), LicenceCommand::Issue(_)) => Err(Rejection::new(
            "licence_exists",
            "这个办件的证照已经制好，不能再制一次。",
        )),
        (None, _) => Err(Rejection::new(
            "licence_unknown",
            "没有这份证照。请检查编号。",
        )),
        (Some(licence), command) => change(licence, command, context),
    }
}

fn change(licence: &Licence, command: &LicenceCommand, context: &Context<'_>) -> Decided {
    match command {
        LicenceCommand::RecordDocument(document) if licence.document.as_ref() == Some(document) => {
            return Ok(Vec::new());
        }
        _ => in_force(licence)?,
    }
    match command {
        LicenceCommand::Issue(_) => unreachable!("issuing was handled before"),
        LicenceCommand::IssueOriginal => issue_original(licence),
        LicenceCommand::RecordDocument(document) => record_document(licence, document),
        LicenceCommand::Annotate { purpose, expires } => {
            check_reason(purpose.text(), "请写明加注件用来办什么事。", "purpose")?;
            check_expiry(licence, *expires, china_date(context.now))?;
            Ok(vec![LicenceEvent::Annotated {
                purpose: purpose.clone(),
                expires: *expires,
            }])
        }
        LicenceCommand::Print => {
            if licence.document.is_none() {
                return Err(Rejection::new(
                    "document_missing",
                    "证照正在制作，请过一会儿再打印。",
                ));
            }
            Ok(vec![LicenceEvent::Printed {}])
        }
        LicenceCommand::Revoke { reason } => {
            check_reason(reason.text(), "请写明注销的理由和依据。", "reason")?;
            Ok(vec![LicenceEvent::Revoked {
                reason: reason.clone(),
            }])
        }
        LicenceCommand::Supersede { by } => {
            if context.stream == (*by).into() {
                return Err(Rejection::new(
                    "superseded_by_itself",
                    "新证照不能是这份证照自己。",
                ));
            }
            Ok(vec![LicenceEvent::Superseded { by: *by }])
        }
    }
}

/// 发正本, once, where there is a copy.
fn issue_original(licence: &Licence) -> Decided {
    if !licence.is_copy() {
        return Err(Rejection::new(
            "original_issued",
            "这份证照没有待换的副本，不用再发正本。",
        ));
    }
    Ok(vec![LicenceEvent::OriginalIssued {}])
}

fn record_document(licence: &Licence, document: &DocumentReference) -> Decided {
    let is_hash = document.sha256.len() == SHA256_CHARACTERS
        && document.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hash {
        return Err(Rejection::new(
            "document_hash",
            "证照文件的摘要不对，请重新生成文件。",
        ));
    }
    // The original was ordered while the copy was being made.
    if document.is_copy != licence.is_copy() {
        return Err(Rejection::new(
            "document_of_copy",
            "证照刚刚由副本换发正本，请过一会儿再下载。",
        ));
    }
    Ok(vec![LicenceEvent::DocumentMade(document.clone())])
}

fn issue(issue: &Issue, context: &Context<'_>) -> Decided {
    if issue.name.trim().is_empty() || issue.name.chars().count() > NAME_CHARACTERS_MAX {
        return Err(Rejection::new(
            "licence_name",
            "请在事项的办理结果中填写证照名称（1至100字）。",
        )
        .at("name"));
    }
    if issue.holder.name.text().trim().is_empty() {
        return Err(
            Rejection::new("holder_name", "缺少持证主体的姓名或名称，不能制证。").at("holder"),
        );
    }
    check_contents(issue)?;
    let today = china_date(context.now);
    let serial = context
        .number
        .ok_or_else(|| Rejection::new("number_missing", "系统没有取到证照编号，请重试。"))?;
    let year = today.year();
    let whole = last_day(today, issue.valid_years)?;
    let (valid_until, copy) = match issue.copy_days {
        None => (whole, None),
        Some(days) => {
            let copy = CopyTerms {
                original_until: whole,
            };
            (Some(earlier(copy_until(today, days)?, whole)), Some(copy))
        }
    };
    let identifier = LicenceTypeCode::parse(&issue.type_code)
        .and_then(|kind| {
            LicenceIdentifier::build(kind, &issue.issuer, &format!("{year}{serial:08}"), 1)
        })
        .map_err(|error| Rejection::new("licence_identifier", error.explain()))?;
    Ok(vec![LicenceEvent::Issued(Box::new(IssuedEvent {
        identifier,
        number: format!(
            "{}{}{year}{serial:06}",
            context.region.county(),
            issue.department_code
        ),
        name: issue.name.trim().to_owned(),
        holder: issue.holder.clone(),
        organisation: issue.organisation,
        organisation_name: issue.organisation_name.clone(),
        case: issue.case,
        case_number: issue.case_number.clone(),
        contents: issue.contents.clone(),
        valid_from: today,
        valid_until,
        copy,
        check_code: issue.check_code.clone(),
        token: issue.token.clone(),
        approvals: issue.approvals.clone(),
    }))])
}

fn check_contents(issue: &Issue) -> Result<(), Rejection> {
    let contents = issue.contents.get().map(Vec::as_slice).unwrap_or_default();
    let too_long = contents.iter().any(|field| {
        field.label.chars().count() > NAME_CHARACTERS_MAX
            || field.value.chars().count() > VALUE_CHARACTERS_MAX
    });
    if contents.len() > CONTENTS_MAX || too_long {
        return Err(Rejection::new(
            "contents_too_long",
            "证照内容太长（最多100项，每项2000字），请删减申请表中的内容。",
        ));
    }
    Ok(())
}

/// The last day of a copy.
fn copy_until(first: Date, days: u16) -> Result<Date, Rejection> {
    if !(1..=COPY_DAYS_MAX).contains(&days) {
        return Err(Rejection::new("copy_days", "副本的有效期应是1至800天。"));
    }
    first
        .checked_add(Span::new().days(i64::from(days)))
        .map_err(|_| Rejection::new("copy_days", "副本的有效期超出了日历范围。"))
}

/// A copy is never valid for longer than its original.
fn earlier(copy: Date, whole: Option<Date>) -> Date {
    whole.map_or(copy, |whole| whole.min(copy))
}

/// Five years from 20 November 2026 end on 19 November 2031.
fn last_day(first: Date, years: Option<u16>) -> Result<Option<Date>, Rejection> {
    let Some(years) = years else {
        return Ok(None);
    };
    if !(1..=VALID_YEARS_MAX).contains(&years) {
        return Err(Rejection::new(
            "valid_years",
            "证照有效期应是1至100年，或填“长期”。",
        ));
    }
    first
        .checked_add(Span::new().years(i64::from(years)))
        .and_then(|after| after.checked_sub(Span::new().days(1)))
        .map(Some)
        .map_err(|_| Rejection::new("valid_years", "证照有效期超出了日历范围。"))
}

fn in_force(licence: &Licence) -> Result<(), Rejection> {
    match licence.standing {
        Standing::InForce => Ok(()),
        Standing::Revoked { .. } => Err(Rejection::new(
            "licence_revoked",
            "这份证照已经注销，不能再改动。",
        )),
        Standing::Superseded { .. } => Err(Rejection::new(
            "licence_superseded",
            "这份证照已经换发新证，请对新证操作。",
        )),
    }
}

fn check_reason(text: &str, empty: &'static str, field: &'static str) -> Result<(), Rejection> {
    let length = text.trim().chars().count();
    if length == 0 {
        Err(Rejection::new("reason_missing", empty).at(field))
    } else if length > REASON_CHARACTERS_MAX {
        Err(Rejection::new("reason_too_long", "最多写500字。").at(field))
    } else {
        Ok(())
    }
}

fn check_expiry(licence: &Licence, expires: Date, today: Date) -> Result<(), Rejection> {
    if licence.annotations.len() >= ANNOTATIONS_MAX {
        return Err(Rejection::new(
            "annotations_too_many",
            "这份证照的加注件已达200份，请使用证照原件。",
        ));
    }
    let latest = today
        .checked_add(Span::new().days(ANNOTATION_DAYS_MAX))
        .unwrap_or(today);
    if expires < today || expires > latest {
        return Err(
            Rejection::new("expires_range", "加注件的截止日期应在今天之后、一年以内。")
                .at("expires"),
        );
    }
    if licence
        .issued
        .valid_until
        .is_some_and(|last| expires > last)
    {
        return Err(Rejection::new(
            "expires_after_licence",
            "加注件的截止日期不能晚于证照的有效期。",
        )
        .at("expires"));
    }
    Ok(())
}
