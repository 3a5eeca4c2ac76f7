//! 诚信: what rests on the applicant's word, and that it is refused while a bad-credit record of theirs stands
//! (国办发〔2020〕42号: 有较严重的不良信用记录或者曾作出虚假承诺的，在信用修复前不适用告知承诺制).

use wuchuang_credit::model::CreditBar;
use wuchuang_kernel::Rejection;

use crate::model::{
    command::CaseCommand,
    parts::{Material, MaterialSource},
};

/// What a command rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    /// 告知承诺: a promise in the place of a material.
    Promise,
    /// 容缺受理: an undertaking to hand in materials later.
    Undertaking,
}

/// Whether materials hold a promise in the place of one.
pub fn has_promise(materials: &[Material]) -> bool {
    materials
        .iter()
        .any(|material| matches!(material.source, MaterialSource::Commitment { .. }))
}

fn word(command: &CaseCommand) -> Option<Word> {
    match command {
        CaseCommand::OnProcess { command, .. } | CaseCommand::KnowingCredit { command, .. } => {
            word(command)
        }
        CaseCommand::Submit(submission) if has_promise(&submission.materials) => {
            Some(Word::Promise)
        }
        CaseCommand::Submit(submission) if submission.undertaking.is_some() => {
            Some(Word::Undertaking)
        }
        CaseCommand::SupplyCorrection { materials, .. } if has_promise(materials) => {
            Some(Word::Promise)
        }
        CaseCommand::Accept {
            conditional: Some(_),
        } => Some(Word::Undertaking),
        _ => None,
    }
}

impl CaseCommand {
    /// Whether it rests on the applicant's word, so that the service must ask whether a bad-credit record stands.
    pub fn rests_on_word(&self) -> bool {
        word(self).is_some()
    }
}

/// Refuses what rests on somebody's word while a bad-credit record of theirs stands. Everything else goes its way.
pub(in crate::model) fn check(command: &CaseCommand, _bar: &CreditBar) -> Result<(), Rejection> {
    word(command).map_or(Ok(()), |word| Err(refusal(word)))
}

/// What an application is refused for before it is handed in: the same as [`check`].
pub(crate) fn check_application(
    materials: &[Material],
    has_undertaking: bool,
) -> Result<(), Rejection> {
    if has_promise(materials) {
        return Err(refusal(Word::Promise));
    }
    if has_undertaking {
        return Err(refusal(Word::Undertaking));
    }
    Ok(())
}

fn refusal(word: Word) -> Rejection {
    match word {
        Word::Promise => Rejection::new(
            "credit_bars_promise",
            "申请人有还没有修复的失信记录，修复以前不能用承诺书代替材料。请提交材料本身；要修复的，请本人登录后在“我的信用”里申请，或到认定单位办理。",
        )
        .at("materials"),
        Word::Undertaking => Rejection::new(
            "credit_bars_undertaking",
            "申请人有还没有修复的失信记录，修复以前不能容缺受理。请把材料交齐；要修复的，请本人登录后在“我的信用”里申请，或到认定单位办理。",
        )
        .at("undertaking"),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::model::{
        Conditional, DeliveryChoice,
        tests::bench::{material, standard_terms, submission},
    };

    fn bar() -> CreditBar {
        CreditBar {
            records: 1,
            organisations: vec!["交通运输局".to_owned()],
        }
    }

    fn promised() -> Material {
        Material {
            source: MaterialSource::Commitment {
                text: String::new(),
            },
            ..material("m1")
        }
    }

    fn applied(change: impl FnOnce(&mut crate::model::Submission)) -> CaseCommand {
        let mut command = submission(standard_terms(), &["m1"], DeliveryChoice::Counter);
        if let CaseCommand::Submit(submission) = &mut command {
            change(submission);
        }
        command
    }

    #[test]
    fn what_rests_on_a_word_is_refused_and_nothing_else() {
        let conditional = Conditional {
            materials: vec!["m2".to_owned()],
            days: 3,
            undertaking: None,
        };
        let commands = [
            ("申请", applied(|_| {})),
            ("申请并承诺", applied(|one| one.materials.push(promised()))),
            (
                "申请并容缺",
                applied(|one| {
                    one.undertaking = Some(standard_terms().undertaking(&["m2".to_owned()]));
                }),
            ),
            ("受理", CaseCommand::Accept { conditional: None }),
            (
                "容缺受理",
                CaseCommand::Accept {
                    conditional: Some(conditional),
                },
            ),
            (
                "补正",
                CaseCommand::SupplyCorrection {
                    answers: None,
                    materials: vec![material("m1")],
                    counted: None,
                },
            ),
            (
                "补正并承诺",
                CaseCommand::SupplyCorrection {
                    answers: None,
                    materials: vec![promised()],
                    counted: None,
                },
            ),
        ];
        let told: Vec<String> = commands
            .iter()
            .map(|(name, command)| match check(command, &bar()) {
                Ok(()) => format!("{name}：可以"),
                Err(refusal) => format!("{name}：{}", refusal.code),
            })
            .collect();
        expect![[r"
            申请：可以
            申请并承诺：credit_bars_promise
            申请并容缺：credit_bars_undertaking
            受理：可以
            容缺受理：credit_bars_undertaking
            补正：可以
            补正并承诺：credit_bars_promise"]]
        .assert_eq(&told.join("\n"));
    }
}
