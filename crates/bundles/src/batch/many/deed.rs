//! What may be done with several cases at once, whether a case waits for it, and which command it is for one. Pure; whether the
//! command may be is decided by the case.

use wuchuang_cases::model::{
    Case, CaseCommand, Conditional, Defect, Material, MaterialSource, Position, Stage,
};
use wuchuang_kernel::{MaterialId, PersonId, Personal};
use wuchuang_webkit::Failure;

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
    pub(super) const fn asks(self) -> &'static str {
        match self {
            Self::Review | Self::Grant => "意见",
            Self::Disagree => "不同意的理由",
            Self::Return => "退回的理由",
            Self::Refuse => "不予的理由",
            Self::Accept | Self::Correct | Self::Supply => "要补正什么",
        }
    }

    /// What a case waits for from somebody: nothing while it is in a colleague's hand or its time stands still. A drawn process
    /// is gone through on the page of its case.
    pub(crate) fn awaited(case: &Case, person: Option<PersonId>) -> Vec<Self> {
        if !case.is_free_for(person) || case.is_stopped() {
            return Vec::new();
        }
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
        deeds
    }

    /// Whether a case waits for what it owes: any counter takes it, whoever has the case in hand.
    pub(crate) fn is_owing(case: &Case) -> bool {
        matches!(case.stage, Stage::Review(_)) && !case.owed.is_empty()
    }

    pub(super) fn command(self, case: &Case, said: &Said<'_>) -> Result<CaseCommand, Failure> {
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

pub(super) fn asks_days() -> Failure {
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
