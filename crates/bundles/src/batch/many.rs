//! One deed on several cases of an application at once: each with the version that was seen and a key of its own, so that one
//! that is refused holds none of the others and a double click does each once.

use wuchuang_cases::model::{Case, CaseCommand, Position, Stage};
use wuchuang_kernel::{CaseId, CommandId, Personal};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{model::Joint, rooms::BundleRooms};

/// How long an opinion may be, in characters.
pub(crate) const OPINION_CHARACTERS_MAX: usize = 500;

/// What is done with several cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ManyDeed {
    /// 受理.
    Accept,
    /// 审查通过: the present step is done.
    Review,
    /// 准予.
    Grant,
}

impl ManyDeed {
    pub(crate) const ALL: [Self; 3] = [Self::Accept, Self::Review, Self::Grant];

    /// What the button sends.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Review => "review",
            Self::Grant => "grant",
        }
    }

    /// What the button says.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Accept => "受理选中的门店",
            Self::Review => "选中的门店审查通过",
            Self::Grant => "准予选中的门店",
        }
    }

    /// What the policies decide for each case.
    pub(crate) const fn action(self) -> &'static str {
        match self {
            Self::Accept => "case_accept",
            Self::Review => "case_review",
            Self::Grant => "case_decide",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.code() == code)
    }

    /// The deed that a case waits for; `None` when it is none of these. A drawn process is gone through on the page of its case.
    pub(crate) fn awaited(case: &Case) -> Option<Self> {
        match &case.stage {
            Stage::Examining => Some(Self::Accept),
            Stage::Review(Position::Step { .. }) => Some(Self::Review),
            Stage::Review(position) if position.is_decision_due() => Some(Self::Grant),
            _ => None,
        }
    }

    fn command(self, case: &Case, opinion: &str) -> Result<CaseCommand, Failure> {
        let opinion = Personal::new(case.applicant.person, opinion.to_owned());
        Ok(match (self, &case.stage) {
            (Self::Accept, _) => CaseCommand::Accept { conditional: None },
            (Self::Review, Stage::Review(Position::Step { step })) => CaseCommand::CompleteStep {
                step: step.clone(),
                opinion,
                agrees: true,
            },
            (Self::Grant, _) => CaseCommand::Grant { opinion },
            (Self::Review, _) => {
                return Err(Failure::invalid(
                    "这家门店现在不在审查环节，请打开它的办件看办理情况。",
                ));
            }
        })
    }
}

/// A case that was chosen, with the version that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) case: CaseId,
    pub(crate) version: i64,
}

/// What became of one.
pub(crate) struct Became {
    pub(crate) case: CaseId,
    /// What people call it.
    pub(crate) title: String,
    /// Why it was refused; `None` when it was done.
    pub(crate) refusal: Option<String>,
}

/// Does one deed on the chosen cases, one after the other.
///
/// # Errors
/// 422 when nothing was chosen or the opinion is missing or too long; whatever keeps the house from working.
pub(crate) async fn act(
    rooms: &BundleRooms,
    caller: &Caller,
    joint: &Joint,
    (deed, opinion): (ManyDeed, &str),
    (chosen, key): (&[Chosen], CommandId),
) -> Result<Vec<Became>, Failure> {
    let opinion = opinion.trim();
    if chosen.is_empty() {
        return Err(Failure::invalid("请至少勾选一家门店。").at("cases"));
    }
    if deed != ManyDeed::Accept && opinion.is_empty() {
        return Err(Failure::invalid("请写下意见，它记在每一家的办件里。").at("opinion"));
    }
    if opinion.chars().count() > OPINION_CHARACTERS_MAX {
        let text = format!("意见最多{OPINION_CHARACTERS_MAX}个字，请精简。");
        return Err(Failure::invalid(text).at("opinion"));
    }
    let mut became = Vec::with_capacity(chosen.len());
    for one in chosen {
        let Some(part) = joint.part_of(one.case) else {
            return Err(Failure::invalid("有一个办件不属于这次申请，请刷新页面再选。").at("cases"));
        };
        let done = act_on_one(rooms, caller, (deed, opinion), *one, key).await;
        became.push(Became {
            case: one.case,
            title: part.title(),
            refusal: match done {
                Ok(()) => None,
                Err(failure) if failure.status.is_client_error() => {
                    Some(failure.public.into_owned())
                }
                Err(failure) => return Err(failure),
            },
        });
    }
    Ok(became)
}

async fn act_on_one(
    rooms: &BundleRooms,
    caller: &Caller,
    (deed, opinion): (ManyDeed, &str),
    one: Chosen,
    key: CommandId,
) -> Result<(), Failure> {
    // Each case has a key of its own that follows from the form's, so that a double click does it once.
    let own = CommandId::from_u128(key.uuid().as_u128() ^ one.case.uuid().as_u128());
    let order = caller.order(Some(&own.to_string()), Expected::Version(one.version));
    let case = rooms
        .cases
        .case_for_deed(caller, one.case, deed.action(), &order)
        .await?;
    let command = deed.command(&case, opinion)?;
    let cases = rooms.bundles.cases();
    cases.act_on((one.case, &case), command, order).await?;
    Ok(())
}
