//! What was done, and the slips that follow from it: number and check code, one key for the slip, one
//! key for the next person.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use wuchuang_cases::{
    model::{Case, Stage},
    notices::form_pdf,
    store::HistoryRow,
};
use wuchuang_kernel::{CaseId, group_case_number};
use wuchuang_webkit::{
    Caller, Failure,
    forms::Disclosure,
    page::{Flash, FlashKind, PageContext},
};

use crate::rooms::{Rooms, html, id};

/// The name under which the pick-up slip is asked for.
const PICKUP: &str = "pickup.pdf";
/// The file of the application form, which the applicant signs.
const FORM: &str = "form.pdf";
/// The name under which the slip is asked for that carries the code that rates the service.
const CLOSING: &str = "closing.pdf";
/// The names under which slips for later papers are asked for begin so; the event's version follows.
const SUPPLIED: &str = "supplied-";

/// A document to print.
#[derive(Clone)]
struct Slip {
    name: String,
    number: String,
    path: String,
    /// The key that opens it.
    key: String,
}

#[derive(Template)]
#[template(path = "hall/done.html")]
struct DonePage<'a> {
    page: &'a PageContext,
    heading: &'static str,
    next: String,
    number: String,
    check_code: &'a str,
    item_name: &'a str,
    /// Empty when the case has gone on to a department whose cases the visitor does not open.
    case_path: String,
    slips: Vec<Slip>,
    /// The certificate that can be printed here; empty when there is none, or it was handed over.
    licence_path: String,
    /// The drawing of the code that rates the service; empty while there is nothing to rate.
    rate_code: String,
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Response, Failure> {
    let id = id(&case)?;
    let case = rooms.handled(&caller, id).await?;
    let may_open = rooms.may_open(&caller, &case, id).await?;
    let supplied = Brought::last(&rooms.cases().history(caller.region, id).await?);
    let rate_code = rooms.rate_code(&caller, id, &case);
    show(&caller.page, id, &case, may_open, supplied, rate_code)
}

/// Papers that came after the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Brought {
    /// The event's place in the case.
    version: i64,
    /// A correction, or else what was owed.
    is_correction: bool,
    /// Whether nothing has happened since.
    is_latest: bool,
}

impl Brought {
    /// The last time that papers were brought.
    fn last(history: &[HistoryRow]) -> Option<Self> {
        let row = history.iter().rev().find(|row| {
            matches!(
                row.event_type.as_str(),
                "correction_supplied" | "supplement_supplied"
            )
        })?;
        Some(Self {
            version: row.version,
            is_correction: row.event_type == "correction_supplied",
            is_latest: history.last().map(|row| row.version) == Some(row.version),
        })
    }

    const fn heading(self) -> &'static str {
        if self.is_correction {
            "已收到补正材料"
        } else {
            "已收到补交材料"
        }
    }

    const fn slip(self) -> &'static str {
        if self.is_correction {
            "补正材料收件凭证"
        } else {
            "补交材料收件凭证"
        }
    }
}

/// The case is received, and what was to follow was refused: says both.
pub(super) async fn half_done(
    rooms: &Rooms,
    caller: &Caller,
    id: CaseId,
    failure: &Failure,
) -> Result<Response, Failure> {
    let case = rooms.cases().get(caller.region, id).await?;
    let may_open = rooms.may_open(caller, &case, id).await?;
    let mut page = caller.page.clone();
    page.flash = Some(Flash {
        kind: FlashKind::Warning,
        text: format!(
            "申请已收件，编号不变；后一步没有办成：{}请从待办列表继续办理。",
            failure.public
        ),
    });
    show(&page, id, &case, may_open, None, None)
}

fn show(
    page: &PageContext,
    id: CaseId,
    case: &Case,
    may_open: bool,
    brought: Option<Brought>,
    rate_code: Option<String>,
) -> Result<Response, Failure> {
    let heading = brought
        .filter(|brought| brought.is_latest)
        .map_or_else(|| heading(&case.stage), Brought::heading);
    let page = page
        .clone()
        .titled(heading)
        .under("窗口收件", "/staff/counter");
    html(&DonePage {
        heading,
        next: next(case),
        number: group_case_number(&case.number),
        check_code: &case.check_code,
        item_name: &case.terms.name,
        case_path: if may_open {
            format!("/staff/cases/{id}")
        } else {
            String::new()
        },
        slips: slips(id, case, brought, rate_code.is_some()),
        licence_path: licence_path(case),
        rate_code: rate_code.unwrap_or_default(),
        page: &page,
    })
}

/// Where the certificate of a result that waits is printed; the licence store asks whether the visitor may, and keeps
/// that it was. Empty when nothing waits.
pub(super) fn licence_path(case: &Case) -> String {
    case.licence()
        .filter(|_| matches!(case.stage, Stage::Delivering { .. }))
        .map(|licence| format!("/staff/licences/{}", licence.licence))
        .unwrap_or_default()
}

const fn heading(stage: &Stage) -> &'static str {
    match stage {
        Stage::Examining => "已收件",
        Stage::Correcting => "已一次性告知补正",
        Stage::Review(_) => "已受理",
        Stage::Issuing | Stage::Delivering { .. } => "已当场办结，等待送达",
        Stage::Closed { .. } => "已办结",
        Stage::NotAccepted { .. } => "已出具不予受理决定书",
        Stage::Withdrawn { .. } => "已撤回",
        Stage::Terminated { .. } => "已终止",
    }
}

/// What happens next, and who has it.
fn next(case: &Case) -> String {
    match &case.stage {
        Stage::Examining => {
            "办件已进入待办列表，五个工作日内审查是否受理；逾期不告知的，自收件之日起视为受理。"
                .to_owned()
        }
        Stage::Correcting => {
            "请把告知书交给申请人。补齐后可到任一窗口或在网上提交，不用重新申请。".to_owned()
        }
        Stage::Review(_) if case.owed.is_empty() => {
            format!(
                "办件已转{}，现在的环节：{}。",
                case.organisation_name,
                case.step_name()
            )
        }
        Stage::Review(_) => format!(
            "办件已转{}。还有 {} 份容缺材料要按期补齐，请把通知书交给申请人。",
            case.organisation_name,
            case.owed.len()
        ),
        Stage::Issuing => "正在制作证照，做好后在“窗口出件”中领取。".to_owned(),
        Stage::Delivering { .. } => "结果已出，可以当场领取：到“窗口出件”登记领取人。".to_owned(),
        Stage::NotAccepted { .. } => "请把决定书交给申请人，并告知复议和诉讼的权利。".to_owned(),
        Stage::Closed { .. } => {
            "请申请人扫下面的二维码评价本次服务；工作人员看不到是谁评的。".to_owned()
        }
        Stage::Withdrawn { .. } | Stage::Terminated { .. } => String::new(),
    }
}

/// The newest document first, under the key p; then the others under digits.
fn slips(id: CaseId, case: &Case, brought: Option<Brought>, may_rate: bool) -> Vec<Slip> {
    let mut slips: Vec<Slip> = Vec::new();
    let supplied = brought.map(|brought| Slip {
        name: brought.slip().to_owned(),
        number: String::new(),
        path: format!("/staff/counter/done/{id}/{SUPPLIED}{}.pdf", brought.version),
        key: String::new(),
    });
    let is_latest = brought.is_some_and(|brought| brought.is_latest);
    slips.extend(supplied.iter().filter(|_| is_latest).cloned());
    if matches!(case.stage, Stage::Delivering { .. }) {
        slips.push(Slip {
            name: "取证单".to_owned(),
            number: String::new(),
            path: format!("/staff/counter/done/{id}/{PICKUP}"),
            key: String::new(),
        });
    }
    if may_rate && matches!(case.stage, Stage::Closed { .. }) {
        slips.push(Slip {
            name: "办结凭条（带评价二维码）".to_owned(),
            number: String::new(),
            path: format!("/staff/counter/done/{id}/{CLOSING}"),
            key: String::new(),
        });
    }
    slips.extend(case.notices.iter().rev().map(|notice| Slip {
        name: notice.kind.name().to_owned(),
        number: notice.number.clone(),
        path: format!("/staff/counter/done/{id}/{}.pdf", notice.version),
        key: String::new(),
    }));
    slips.extend(supplied.filter(|_| !is_latest));
    if case.answers.get().is_some() {
        slips.push(Slip {
            name: "申请表（请申请人核对、签名）".to_owned(),
            number: String::new(),
            path: format!("/staff/counter/done/{id}/{FORM}"),
            key: String::new(),
        });
    }
    for (index, slip) in slips.iter_mut().enumerate() {
        slip.key = match index {
            0 => "p".to_owned(),
            1..10 => index.to_string(),
            _ => String::new(),
        };
    }
    slips
}

/// One of the slips. The case's own address of documents is for its department and its applicant; this
/// one also serves the counter that has just handled the case.
pub(crate) async fn slip(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((case, file)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id = id(&case)?;
    let case = rooms.handled(&caller, id).await?;
    let pdf = if file == FORM {
        form(&rooms, &caller, id, &case).await?
    } else if file == PICKUP {
        rooms
            .desk
            .notices
            .pickup(caller.region, &case)
            .await?
            .ok_or_else(|| Failure::invalid("办件还没有到送达环节，或已经送达，没有取证单。"))?
    } else if file == CLOSING {
        let address = rooms
            .rate_address(&caller, id, &case)
            .ok_or_else(|| Failure::invalid("办件还没有办结，或已经评价过，没有办结凭条。"))?;
        rooms
            .desk
            .notices
            .closing(caller.region, &case, &address)
            .await?
            .ok_or_else(|| Failure::invalid("办件还没有送达，没有办结凭条。"))?
    } else if let Some(version) = file.strip_prefix(SUPPLIED) {
        let version: i64 = version
            .strip_suffix(".pdf")
            .and_then(|version| version.parse().ok())
            .ok_or_else(Failure::not_found)?;
        rooms
            .desk
            .notices
            .supplied(caller.region, id, version)
            .await?
            .ok_or_else(Failure::not_found)?
    } else {
        let version: i64 = file
            .strip_suffix(".pdf")
            .and_then(|version| version.parse().ok())
            .filter(|version| case.notices.iter().any(|notice| notice.version == *version))
            .ok_or_else(Failure::not_found)?;
        rooms.desk.notices.pdf(caller.region, id, version).await?
    };
    Ok((
        [
            (header::CONTENT_TYPE, "application/pdf"),
            // A name of figures, so that nothing personal is in a header or a log.
            (header::CONTENT_DISPOSITION, "inline; filename=\"slip.pdf\""),
            (header::CACHE_CONTROL, "private, no-store"),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            ),
        ],
        pdf,
    )
        .into_response())
}

/// The application form. Who took it in has read it all; others who may open the case get their copy masked.
async fn form(rooms: &Rooms, caller: &Caller, id: CaseId, case: &Case) -> Result<Vec<u8>, Failure> {
    let disclosure = if rooms.has_handled(caller, id).await? {
        Disclosure::Full
    } else {
        Disclosure::Masked
    };
    form_pdf(&rooms.desk, caller, case, disclosure).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(version: i64, event_type: &str) -> HistoryRow {
        HistoryRow {
            version,
            seq: version,
            event_type: event_type.to_owned(),
            text: String::new(),
            actor: String::new(),
            channel: String::new(),
            at_us: 0,
        }
    }

    #[test]
    fn papers_that_were_just_brought_are_told_and_older_ones_keep_their_slip() {
        let mut history = vec![row(1, "received"), row(2, "correction_notified")];
        assert_eq!(Brought::last(&history), None);
        history.push(row(3, "correction_supplied"));
        let brought = Brought::last(&history).unwrap();
        assert_eq!(
            (brought.version, brought.is_latest, brought.heading()),
            (3, true, "已收到补正材料")
        );
        history.push(row(4, "accepted"));
        let brought = Brought::last(&history).unwrap();
        assert!(!brought.is_latest);
        history.push(row(5, "supplement_supplied"));
        assert_eq!(
            Brought::last(&history).map(Brought::slip),
            Some("补交材料收件凭证")
        );
    }
}
