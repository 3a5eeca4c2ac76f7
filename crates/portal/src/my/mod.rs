//! 我的: what a citizen has under way, what waits for them, what is done, and what they can do in each.

pub(crate) mod case;
mod deeds;
pub(crate) mod drafts;
pub(crate) mod files;
pub(crate) mod home;
pub(crate) mod promised;
pub(crate) mod proof;
mod staged;
mod supply;
mod wanted;

use wuchuang_cases::model::Case;
use wuchuang_kernel::CaseId;
use wuchuang_webkit::{Caller, Failure, Routes, Rule};

use crate::rooms::Rooms;

const READ: Rule = Rule::Act("case_own_read");
const ACT: Rule = Rule::Act("case_own_act");

/// The routes under `/my`.
pub(crate) fn routes() -> Routes<Rooms> {
    Routes::new()
        .get("/my", Rule::Act("citizen_area"), home::page)
        .get("/my/drafts", Rule::Act("application_own"), drafts::page)
        .post(
            "/my/drafts/{draft}/remove",
            Rule::Act("application_own"),
            drafts::remove,
        )
        .get("/my/cases/{case}", READ, case::page)
        .get("/my/cases/{case}/files/{file}", READ, files::download)
        .get("/my/cases/{case}/proof.json", READ, proof::download)
        .post("/my/cases/{case}/say", ACT, deeds::say)
        .post("/my/cases/{case}/review", ACT, deeds::ask_review)
        .get("/my/cases/{case}/withdraw", ACT, deeds::withdraw_page)
        .post("/my/cases/{case}/withdraw", ACT, deeds::withdraw)
        .get("/my/cases/{case}/supply", ACT, supply::page)
        .post("/my/cases/{case}/supply", ACT, supply::submit)
        .post("/my/cases/{case}/supply/{wanted}", ACT, staged::take)
        .post(
            "/my/cases/{case}/supply/{wanted}/commit",
            ACT,
            promised::commit,
        )
        .post(
            "/my/cases/{case}/supply/{wanted}/remove/{file}",
            ACT,
            staged::remove,
        )
}

/// The case in an address, if the citizen may do this with it. Somebody else's case is as good as
/// absent, so that nobody learns which cases there are.
async fn own_case(
    rooms: &Rooms,
    caller: &Caller,
    case: &str,
    action: &'static str,
) -> Result<(CaseId, Box<Case>), Failure> {
    let id: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    let found = rooms.cases.get(caller.region, id).await?;
    if !caller.may(action, &wuchuang_cases::resource(&found, id)) {
        return Err(Failure::not_found());
    }
    Ok((id, found))
}

/// The same for reading, also for the receipt page.
pub(crate) async fn readable_case(
    rooms: &Rooms,
    caller: &Caller,
    case: &str,
) -> Result<(CaseId, Box<Case>), Failure> {
    own_case(rooms, caller, case, "case_own_read").await
}
