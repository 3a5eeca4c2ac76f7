//! What may be asked of a case.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_bpmn::TimerId;
use wuchuang_credit::model::CreditBar;
use wuchuang_kernel::{OrganisationId, PersonId, Personal};

use super::{
    before_acceptance::known::KnownAnswer,
    by_rules::{CountedAnew, RulesAtHand},
    completeness::Undertaking,
    drawn::DrawnProcess,
    ending::{Delivered, TerminationGround},
    parts::{
        Agent, AnswerBy, Applicant, Conditional, Defect, DeliveryChoice, IssuedLicence, Material,
        NotAcceptedGround, SpecialProcedure,
    },
    terms::ItemTerms,
};

/// A command to a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum CaseCommand {
    /// 提交申请: draws the number and opens the five-day window.
    Submit(Box<Submission>),
    /// 认领: a member of staff takes the case.
    Claim,
    /// 退回组内: gives it back to the organisation. The system does it for an account that was closed.
    Release,
    /// 重新分派: who decides in the organisation takes the case or gives it to a colleague, also out of another's hand.
    Reassign {
        /// Who holds it from now on.
        to: PersonId,
        /// Why.
        reason: Personal<String>,
    },
    /// 一次性告知补正 (行政许可法 art. 32 (4)): all defects at once.
    NotifyCorrection {
        /// The defects.
        defects: Vec<Defect>,
        /// Until when the applicant is asked to answer.
        answer_by: AnswerBy,
    },
    /// The applicant corrects.
    SupplyCorrection {
        /// The answers of the form, when they changed.
        answers: Option<Personal<Value>>,
        /// New materials; they replace those of the same requirement.
        materials: Vec<Material>,
        /// What the item's rules say of the new answers; put in by the service and compared with nothing.
        #[serde(skip)]
        counted: Option<Box<CountedAnew>>,
    },
    /// 受理, possibly with materials still owed (容缺).
    Accept {
        /// What is owed.
        conditional: Option<Conditional>,
    },
    /// 受理并当场办结: for instant items.
    AcceptAndGrant {
        /// What was found.
        opinion: Personal<String>,
    },
    /// Accepted by law: no defect was told within five working days (行政许可法 art. 32 (4)).
    DeemAccepted,
    /// 不受理 or 不予受理.
    RefuseAcceptance {
        /// On which ground.
        ground: NotAcceptedGround,
        /// Why, for the applicant.
        reason: Personal<String>,
    },
    /// 转办: another organisation of the house handles it.
    Transfer {
        /// To whom.
        organisation: OrganisationId,
        /// Its name.
        organisation_name: String,
        /// Why.
        reason: String,
    },
    /// A review step is done.
    CompleteStep {
        /// Which step.
        step: String,
        /// What was found.
        opinion: Personal<String>,
        /// Whether this level agrees (逐级审批).
        agrees: bool,
    },
    /// 退回: back to an earlier step.
    ReturnToStep {
        /// Which step.
        step: String,
        /// Why.
        reason: Personal<String>,
    },
    /// A command together with the compiled process of its case: made by the service around those that move a case in a drawn
    /// process. It never goes anywhere; what is compared and kept of it is the command inside.
    #[serde(skip)]
    OnProcess {
        /// The command.
        command: Box<CaseCommand>,
        /// The process of the item's version that the case started with.
        process: Arc<DrawnProcess>,
    },
    /// A command that rests on the applicant's word, together with what their bad-credit records exclude them from: made by
    /// the service where such a record stands. It never goes anywhere; what is compared and kept of it is the command inside.
    #[serde(skip)]
    KnowingCredit {
        /// The command.
        command: Box<CaseCommand>,
        /// What stands against it.
        bar: CreditBar,
    },
    /// 转到现行流程图: a running case goes over to the drawing in force of its item; the drawing comes with the service.
    MoveProcess {
        /// The drawing; what is compared and kept of the command is the rest.
        #[serde(skip)]
        to: Option<Arc<DrawnProcess>>,
        /// The version of the item whose drawing it is.
        version: u32,
        /// Why.
        reason: Personal<String>,
    },
    /// A task of a drawn process is done.
    CompleteTask {
        /// Its key, or its element while only one task of it is open.
        task: String,
        /// What was found.
        opinion: Personal<String>,
        /// The answers to the questions that the drawing asks with it, by variable.
        answers: Personal<Value>,
        /// Whether this level agrees (逐级审批).
        agrees: bool,
    },
    /// 退回 in a drawn process.
    ReturnTask {
        /// Out of which task; `None`: from the decision.
        task: Option<String>,
        /// To which element.
        to: String,
        /// Why.
        reason: Personal<String>,
    },
    /// What a drawn process waits for from outside is there: a letter came in, or another system did its work.
    Answer {
        /// The key of what was waited for.
        awaited: String,
        /// What came in, in words.
        note: Personal<String>,
        /// What it brings for the process, by variable.
        answers: Personal<Value>,
        /// Whether the other system could not do it.
        failed: bool,
    },
    /// 认领 of one task of a drawn process.
    ClaimTask {
        /// Its key.
        task: String,
    },
    /// One task of a drawn process goes back to the organisation.
    ReleaseTask {
        /// Its key.
        task: String,
    },
    /// 重新分派 of one task of a drawn process.
    ReassignTask {
        /// Its key.
        task: String,
        /// Who holds it from now on.
        to: PersonId,
        /// Why.
        reason: Personal<String>,
    },
    /// A timer of a drawn process is due; sent by a job.
    FireTimer {
        /// Which.
        timer: TimerId,
    },
    /// A special procedure begins; the clock stops (行政许可法 art. 45).
    StopClock(SpecialProcedure),
    /// The special procedure has ended; the clock goes on.
    ResumeClock {
        /// With which result.
        result: Personal<String>,
    },
    /// 延长审批期限 (行政许可法 art. 42), once.
    Extend {
        /// By how many working days.
        days: u16,
        /// Why, for the applicant.
        reason: String,
    },
    /// 申请延期: whoever handles the case asks for it, whoever decides grants it by [`Self::Extend`] or declines it.
    RequestExtension {
        /// By how many working days.
        days: u16,
        /// Why.
        reason: Personal<String>,
    },
    /// The extension that was asked for is not granted.
    DeclineExtension {
        /// Why.
        reason: Personal<String>,
    },
    /// A calendar was imported and the last day is another one; sent by the job that computes the days anew.
    NoteDeadline {
        /// The day that the applicant was told.
        before: Date,
        /// Which days changed, in words.
        reason: String,
    },
    /// The day by which the applicant must answer is near; sent by a timer.
    Remind,
    /// The owed materials arrive.
    SupplySupplement {
        /// The materials.
        materials: Vec<Material>,
    },
    /// 准予.
    Grant {
        /// What was found.
        opinion: Personal<String>,
    },
    /// 不予.
    Refuse {
        /// Why, for the applicant.
        reason: Personal<String>,
        /// The legal basis.
        basis: String,
    },
    /// The licence is made; sent by the licence store.
    RecordLicence(IssuedLicence),
    /// 送达.
    Deliver(Delivered),
    /// The service was rated; who rated stays with the rating.
    RecordRating,
    /// 归档.
    Archive,
    /// 撤回: the applicant withdraws.
    Withdraw {
        /// Why; may be empty.
        reason: Personal<String>,
    },
    /// 终止: the authority ends the case without a decision.
    Terminate {
        /// On which ground.
        ground: TerminationGround,
        /// Why, for the applicant.
        reason: Personal<String>,
        /// The legal basis.
        basis: String,
    },
    /// A line between applicant and staff.
    Say {
        /// What is said.
        text: Personal<String>,
    },
    /// 秒批: the item's rules decide; sent by the service right after the application, or by a job.
    DecideByRules(RulesAtHand),
    /// 秒批复核: a person looked at what the rules decided.
    ReviewRules {
        /// Whether it was right.
        is_right: bool,
        /// Why; needed when it was wrong.
        reason: Personal<String>,
    },
    /// The applicant asks that a person looks at what the rules decided (个人信息保护法 art. 24 (3)).
    AskRulesReview,
}

/// An application as it is handed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    /// The item's terms.
    pub terms: ItemTerms,
    /// Who applies.
    pub applicant: Applicant,
    /// Who acts for them.
    pub agent: Option<Agent>,
    /// The answers of the form.
    pub answers: Personal<Value>,
    /// The materials.
    pub materials: Vec<Material>,
    /// Where the result goes.
    pub delivery: DeliveryChoice,
    /// The code with which anyone who holds the receipt can ask for the progress.
    pub check_code: String,
    /// 绿色通道: handled first.
    pub priority: bool,
    /// 容缺受理承诺, when materials are to follow.
    #[serde(default)]
    pub undertaking: Option<Undertaking>,
    /// Who handles it in the place of the item's department, because the item was delegated to them (下放、委托、赋权).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handled_by: Option<HandledBy>,
    /// What the house knew of the answers before the applicant gave them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<KnownAnswer>,
    /// The larger matter (一件事、连锁门店) with which it was handed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<PartOf>,
}

/// The larger matter of which a case is a part, as the applicant knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOf {
    /// What it is called.
    pub name: String,
    /// The number over all parts (总编号).
    pub number: String,
}

/// An organisation that handles a case in the place of the item's department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandledBy {
    /// Who.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its short code, which stands in the number of a case that it handles in its own name.
    pub code: String,
    /// Whether it acts in its own name (直接下放、赋权), or in that of the department (委托, 行政许可法 art. 24).
    pub in_own_name: bool,
    /// Whether whoever applied chose it (就近办); otherwise it took the application in itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_chosen: bool,
}

impl CaseCommand {
    /// Whether it moves a case in a drawn process, so that the service must send the process with it.
    pub const fn moves_process(&self) -> bool {
        matches!(
            self,
            Self::Accept { .. }
                | Self::AcceptAndGrant { .. }
                | Self::DeemAccepted
                | Self::CompleteTask { .. }
                | Self::ReturnTask { .. }
                | Self::Answer { .. }
                | Self::FireTimer { .. }
                | Self::MoveProcess { .. }
        )
    }

    /// What the applicant sent of an application: the item and not its terms, and the names of materials only where
    /// they are not the item's. The item may be published anew between an application and its repetition.
    pub(super) fn sent(&self) -> Option<Value> {
        if let Self::OnProcess { command, .. } | Self::KnowingCredit { command, .. } = self {
            return command
                .sent()
                .or_else(|| serde_json::to_value(command).ok());
        }
        // What the service adds to it is not sent by anybody, and may differ when a job sends it again.
        if let Self::DecideByRules(_) = self {
            return Some(Value::from("decide_by_rules"));
        }
        let Self::Submit(submission) = self else {
            return None;
        };
        let mut sent = serde_json::to_value(self).ok()?;
        sent["terms"] = submission.terms.item.to_string().into();
        // What the house adds to it may have changed when it is repeated; what the applicant chose has not.
        let chosen = submission.handled_by.as_ref().filter(|by| by.is_chosen);
        sent["handled_by"] = chosen.map_or(Value::Null, |by| by.organisation.to_string().into());
        if let Some(sent) = sent.as_object_mut() {
            sent.remove("known");
            sent.remove("part_of");
            let reasons = submission.known.iter().map(|known| known.reason.text());
            let reasons: Vec<&str> = reasons.filter(|reason| !reason.is_empty()).collect();
            if !reasons.is_empty() {
                sent.insert("reasons".to_owned(), reasons.into());
            }
        }
        for (index, material) in submission.materials.iter().enumerate() {
            let wanted = material.requirement.as_deref();
            let wanted = wanted.and_then(|id| submission.terms.material(id));
            if wanted.is_some_and(|wanted| wanted.name == material.name) {
                sent["materials"][index]["name"] = Value::Null;
            }
        }
        Some(sent)
    }
}

#[cfg(test)]
mod tests {
    use wuchuang_kernel::Personal;

    use super::*;
    use crate::model::tests::bench::{APPLICANT, standard_terms, submission};

    fn sent(change: impl FnOnce(&mut Submission)) -> Option<Value> {
        let mut command = submission(standard_terms(), &["m1"], DeliveryChoice::Counter);
        let CaseCommand::Submit(submission) = &mut command else {
            return None;
        };
        submission.materials[0].name = submission.terms.materials[0].name.clone();
        change(submission);
        command.sent()
    }

    #[test]
    fn an_application_sent_again_after_the_item_was_published_anew_is_the_same() {
        let first = sent(|_| {});
        assert!(first.is_some());
        let again = sent(|submission| {
            submission.terms.version += 1;
            submission.terms.name = "食品经营许可（新）".to_owned();
            submission.terms.materials[0].name = "申请书（新）".to_owned();
            submission.materials[0].name = "申请书（新）".to_owned();
        });
        assert_eq!(again, first);
    }

    #[test]
    fn the_place_that_was_chosen_is_part_of_the_application_and_what_is_known_of_it_is_not() {
        let at = |organisation: u128, name: &str, is_chosen: bool| {
            sent(|submission| {
                submission.handled_by = Some(HandledBy {
                    organisation: OrganisationId::from_u128(organisation),
                    name: name.to_owned(),
                    code: String::new(),
                    in_own_name: true,
                    is_chosen,
                });
            })
        };
        assert_eq!(at(7, "城关镇", true), at(7, "城关镇人民政府", true));
        assert_ne!(at(7, "城关镇", true), at(8, "汉王镇", true));
        assert_ne!(at(7, "城关镇", true), sent(|_| {}));
        assert_eq!(at(7, "城关镇", false), sent(|_| {}));
    }

    #[test]
    fn what_the_applicant_changed_is_another_application() {
        let first = sent(|_| {});
        let item = sent(|submission| submission.terms.item = wuchuang_kernel::ItemId::from_u128(9));
        let answers = sent(|submission| {
            submission.answers = Personal::new(APPLICANT, serde_json::json!({ "area": 80 }));
        });
        let name = sent(|submission| submission.materials[0].name = "身份证".to_owned());
        let files = sent(|submission| submission.materials[0].files.clear());
        for other in [item, answers, name, files] {
            assert_ne!(other, first);
        }
    }
}
