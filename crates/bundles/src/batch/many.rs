//! One deed on several cases of an application at once: each with the version that was seen and a key of its own, so that one
//! that is refused holds none of the others and a double click does each once. Which command a deed is for a case is pure;
//! whether it may be is decided by the case. Each case may have words of its own (a reason that is only this store's), in the
//! place of those that were written for all.

use wuchuang_cases::model::{
    Case, CaseCommand, Conditional, Defect, Material, MaterialSource, Position, Stage,
};
use wuchuang_kernel::{CaseId, CommandId, MaterialId, Personal};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{model::Joint, rooms::BundleRooms};

/// How long an opinion may be, in characters.
pub(crate) const OPINION_CHARACTERS_MAX: usize = 500;

/// What is done with several cases.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ManyDeed {
    /// 受理; with what the applicant undertook to hand in later still owed (容缺).
    Accept,
    /// 一次性告知补正: every required material that is missing, and what is written.
    Correct,
    /// 补交: what was accepted without and is owed (容缺) was brought on paper.
    Supply,
    /// 审查通过: the present step is done.
    Review,
    /// 不同意: the present step is done, and its level does not agree.
    Disagree,
    /// 准予.
    Grant,
    /// 退回: back to the step before the present one.
    Return,
    /// 不予.
    Refuse,
}

impl ManyDeed {
    pub(crate) const ALL: [Self; 8] = [
        Self::Accept,
        Self::Correct,
        Self::Supply,
        Self::Review,
        Self::Disagree,
        Self::Grant,
        Self::Return,
        Self::Refuse,
    ];

    /// What the button sends.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Correct => "correct",
            Self::Supply => "supply",
            Self::Review => "review",
            Self::Disagree => "disagree",
            Self::Grant => "grant",
            Self::Return => "return",
            Self::Refuse => "refuse",
        }
    }

    /// What the button says.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Accept => "受理选中的门店",
            Self::Correct => "选中的一次性告知补正",
            Self::Supply => "收下选中门店的补交材料",
            Self::Review => "选中的门店审查通过",
            Self::Disagree => "选中的门店不同意",
            Self::Grant => "准予选中的门店",
            Self::Return => "选中的退回上一环节",
            Self::Refuse => "选中的门店不予批准",
        }
    }

    /// How the button looks: what goes on is the obvious one.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Accept | Self::Review | Self::Grant => "primary",
            Self::Supply | Self::Correct | Self::Disagree | Self::Return => "plain",
            Self::Refuse => "danger",
        }
    }

    /// What the policies decide for each case.
    pub(crate) const fn action(self) -> &'static str {
        match self {
            Self::Accept => "case_accept",
            Self::Correct => "case_correct",
            Self::Supply => "case_supply",
            Self::Review | Self::Disagree | Self::Return => "case_review",
            Self::Grant | Self::Refuse => "case_decide",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.code() == code)
    }

    /// Whether each case keeps words with it.
    pub(crate) const fn needs_words(self) -> bool {
        !matches!(self, Self::Accept | Self::Correct | Self::Supply)
    }

    /// What is asked for when the words are missing.
    const fn asks(self) -> &'static str {
        match self {
            Self::Review | Self::Grant => "意见",
            Self::Disagree => "不同意的理由",
            Self::Return => "退回的理由",
            Self::Refuse => "不予的理由",
            Self::Accept | Self::Correct | Self::Supply => "要补正什么",
        }
    }

    /// The deeds that a case waits for; none when it is none of these. A drawn process is gone through on the page of its case.
    pub(crate) fn awaited(case: &Case) -> Vec<Self> {
        let mut deeds = match &case.stage {
            Stage::Examining => vec![Self::Accept, Self::Correct],
            Stage::Review(Position::Step { .. }) => vec![Self::Review, Self::Disagree],
            Stage::Review(position) if position.is_decision_due() => {
                let granting = case.levels_against().is_empty().then_some(Self::Grant);
                granting.into_iter().chain([Self::Refuse]).collect()
            }
            _ => Vec::new(),
        };
        if step_before(case).is_some() {
            deeds.push(Self::Return);
        }
        if matches!(case.stage, Stage::Review(_)) && !case.owed.is_empty() {
            deeds.push(Self::Supply);
        }
        deeds
    }

    fn command(self, case: &Case, said: &Said<'_>) -> Result<CaseCommand, Failure> {
        let own = |text: &str| Personal::new(case.applicant.person, text.to_owned());
        let elsewhere = || Failure::invalid("这家门店现在不在这个环节，请打开它的办件看办理情况。");
        Ok(match self {
            Self::Accept => CaseCommand::Accept {
                conditional: conditional(case, said.days)?,
            },
            Self::Correct => CaseCommand::NotifyCorrection {
                defects: defects(case, said.words)?,
                answer_by: None,
            },
            Self::Supply => CaseCommand::SupplySupplement {
                materials: supplied(case, said)?,
            },
            Self::Review | Self::Disagree => {
                let Stage::Review(Position::Step { step }) = &case.stage else {
                    return Err(elsewhere());
                };
                CaseCommand::CompleteStep {
                    step: step.clone(),
                    opinion: own(said.words),
                    agrees: self == Self::Review,
                }
            }
            Self::Grant => CaseCommand::Grant {
                opinion: own(said.words),
            },
            Self::Return => CaseCommand::ReturnToStep {
                step: step_before(case).ok_or_else(elsewhere)?,
                reason: own(said.words),
            },
            Self::Refuse => CaseCommand::Refuse {
                reason: own(said.words),
                basis: said.basis.to_owned(),
            },
        })
    }
}

/// The step before the present one; `None` at the first, before acceptance and in a drawn process.
fn step_before(case: &Case) -> Option<String> {
    let steps = &case.terms.steps;
    let here = match &case.stage {
        Stage::Review(Position::Step { step }) => steps.iter().position(|one| one.id == *step)?,
        Stage::Review(Position::Decision) => steps.len(),
        _ => return None,
    };
    let before = here.checked_sub(1)?;
    steps.get(before).map(|step| step.id.clone())
}

/// Keys of what is missing and was promised for later with the application (容缺受理承诺).
pub(crate) fn undertaken(case: &Case) -> Vec<String> {
    let Some(undertaking) = &case.undertaking else {
        return Vec::new();
    };
    let missing = case.missing().into_iter();
    missing
        .filter(|material| undertaking.materials.contains(&material.id))
        .map(|material| material.id.clone())
        .collect()
}

fn conditional(case: &Case, days: Option<u16>) -> Result<Option<Conditional>, Failure> {
    let materials = undertaken(case);
    if materials.is_empty() {
        return Ok(None);
    }
    let days = days.ok_or_else(asks_days)?;
    Ok(Some(Conditional {
        materials,
        days,
        // It came with the application.
        undertaking: None,
    }))
}

fn asks_days() -> Failure {
    Failure::invalid("有容缺的材料，请填写容缺补正期限：1以上的整数，按工作日计。")
        .at("supplement_days")
}

/// Everything at once (行政许可法 art. 32 (4)): what is missing, also what might follow, and what is written.
fn defects(case: &Case, words: &str) -> Result<Vec<Defect>, Failure> {
    let missing = case.missing().into_iter().map(|material| Defect {
        key: format!("material:{}", material.id),
        name: material.name.clone(),
        problem: format!("缺少“{}”，请补交。", material.name),
    });
    let other = (!words.is_empty()).then(|| Defect::other(words.to_owned()));
    let defects: Vec<Defect> = missing.chain(other).collect();
    if defects.is_empty() {
        return Err(Failure::invalid(
            "材料都交了，请写明还要补正什么、怎样补正。",
        ));
    }
    Ok(defects)
}

/// Of what was brought on paper for all of them, that which this case owes.
fn supplied(case: &Case, said: &Said<'_>) -> Result<Vec<Material>, Failure> {
    let owed = case.owed.iter().filter(|id| said.brought.contains(*id));
    let brought = owed.filter_map(|id| {
        let wanted = case.terms.material(id)?;
        Some(Material {
            // The case's own: told from those of all other cases when the command is sent.
            id: MaterialId::from_u128(0),
            requirement: Some(id.clone()),
            name: wanted.name.clone(),
            source: MaterialSource::Paper { copies: 1 },
            files: Vec::new(),
        })
    });
    let brought: Vec<Material> = brought.collect();
    if brought.is_empty() {
        return Err(Failure::invalid("这家门店不欠这次收到的材料，不用补交。"));
    }
    Ok(brought)
}

/// What is said with a deed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Said<'a> {
    /// The opinion or the reason.
    pub(crate) words: &'a str,
    /// The legal basis of 不予.
    pub(crate) basis: &'a str,
    /// In how many working days what follows later must be there (容缺).
    pub(crate) days: Option<u16>,
    /// Keys of the owed materials that were brought (补交).
    pub(crate) brought: &'a [String],
}

/// A case that was chosen, with the version that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) case: CaseId,
    pub(crate) version: i64,
    /// What is said of this one alone; empty: what is said of all.
    pub(crate) words: String,
}

/// What became of one.
pub(crate) struct Became {
    pub(crate) case: CaseId,
    /// What people call it.
    pub(crate) title: String,
    /// Why it was refused; `None` when it was done.
    pub(crate) refusal: Option<String>,
}

/// The field of the words of one case, on the page and in a refusal.
pub(crate) fn words_field(case: CaseId) -> String {
    format!("words-{case}")
}

/// What stands against all of it, before the first is done.
fn check(
    joint: &Joint,
    (deed, said): (ManyDeed, &Said<'_>),
    chosen: &[Chosen],
) -> Result<(), Failure> {
    if chosen.is_empty() {
        return Err(Failure::invalid("请至少勾选一家门店。").at("cases"));
    }
    let too_long = |text: &str| text.trim().chars().count() > OPINION_CHARACTERS_MAX;
    let text = format!("意见最多{OPINION_CHARACTERS_MAX}个字，请精简。");
    if too_long(said.words) {
        return Err(Failure::invalid(text).at("opinion"));
    }
    if deed == ManyDeed::Refuse && said.basis.trim().is_empty() {
        return Err(Failure::invalid("请写明不予的法律依据：法规名称和条款。").at("basis"));
    }
    if deed == ManyDeed::Supply && said.brought.is_empty() {
        return Err(Failure::invalid("请勾选这次收到的补交材料。").at("materials"));
    }
    for one in chosen {
        let Some(part) = joint.part_of(one.case) else {
            return Err(Failure::invalid("有一个办件不属于这次申请，请刷新页面再选。").at("cases"));
        };
        if too_long(&one.words) {
            return Err(Failure::invalid(text).at(words_field(one.case)));
        }
        let is_silent = one.words.trim().is_empty() && said.words.trim().is_empty();
        if deed.needs_words() && is_silent {
            let text = format!(
                "请写下“{}”{}：写在它后面，或者写在下面，记在选中的每一家的办件里。",
                part.title(),
                deed.asks()
            );
            return Err(Failure::invalid(text).at("opinion"));
        }
    }
    Ok(())
}

/// Does one deed on the chosen cases, one after the other.
///
/// # Errors
/// 422 when nothing was chosen or words are missing or too long; whatever keeps the house from working.
pub(crate) async fn act(
    rooms: &BundleRooms,
    caller: &Caller,
    joint: &Joint,
    (deed, said): (ManyDeed, &Said<'_>),
    (chosen, key): (&[Chosen], CommandId),
) -> Result<Vec<Became>, Failure> {
    check(joint, (deed, said), chosen)?;
    let days = said.days.filter(|days| *days > 0);
    if deed == ManyDeed::Accept && days.is_none() {
        for one in chosen {
            let case = rooms.cases.cases.get(caller.region, one.case).await?;
            if !undertaken(&case).is_empty() && case.stage == Stage::Examining {
                return Err(asks_days());
            }
        }
    }
    let mut became = Vec::with_capacity(chosen.len());
    for one in chosen {
        let words = [one.words.trim(), said.words.trim()];
        let own = Said {
            words: words
                .into_iter()
                .find(|text| !text.is_empty())
                .unwrap_or(""),
            basis: said.basis.trim(),
            days,
            brought: said.brought,
        };
        let done = act_on_one(rooms, caller, (deed, &own), one, key).await;
        let title = joint.part_of(one.case).map(crate::model::Part::title);
        became.push(Became {
            case: one.case,
            title: title.unwrap_or_default(),
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
    (deed, said): (ManyDeed, &Said<'_>),
    one: &Chosen,
    key: CommandId,
) -> Result<(), Failure> {
    // Each case has a key of its own that follows from the form's, so that a double click does it once.
    let own = CommandId::from_u128(key.uuid().as_u128() ^ one.case.uuid().as_u128());
    let order = caller.order(Some(&own.to_string()), Expected::Version(one.version));
    // What was done under this key is done: the case stands elsewhere by now, and another command would follow from it.
    if rooms.bundles.cases().ledger().was_done(&order).await? {
        return Ok(());
    }
    let case = rooms
        .cases
        .case_for_deed(caller, one.case, deed.action(), &order)
        .await?;
    let mut command = deed.command(&case, said)?;
    if let CaseCommand::SupplySupplement { materials } = &mut command {
        for (index, material) in materials.iter_mut().enumerate() {
            material.id = rooms.cases.cases.material_of(own, index);
        }
    }
    let cases = rooms.bundles.cases();
    cases.act_on((one.case, &case), command, order).await?;
    Ok(())
}
