//! Which deeds the case page offers: what the rules allow now and the policies allow this visitor.

use wuchuang_kernel::Role;
use wuchuang_webkit::{Caller, Resource};

use crate::model::{Case, Position, Stage};

/// The deeds that are offered.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each deed is offered or not, independently of the others"
)]
pub(super) struct Offers {
    pub(super) claim: bool,
    pub(super) release: bool,
    pub(super) reassign: bool,
    pub(super) accept: bool,
    pub(super) accept_and_grant: bool,
    pub(super) correct: bool,
    pub(super) refuse_acceptance: bool,
    pub(super) transfer: bool,
    /// The step that can be completed: key and name.
    pub(super) step: Option<(String, String)>,
    pub(super) decide: bool,
    /// The levels that do not agree, in one text; while it is not empty nothing can be granted.
    pub(super) against: String,
    pub(super) stop: bool,
    pub(super) resume: bool,
    /// By how many working days at most the limit can be extended.
    pub(super) extend: Option<u16>,
    /// By how many working days at most more time can be asked for.
    pub(super) request_extension: Option<u16>,
    /// Whether an extension that was asked for waits for this visitor's answer.
    pub(super) answer_extension: bool,
    /// Whether papers that the case waits for may be taken at a counter.
    pub(super) supply: bool,
    pub(super) deliver: bool,
    pub(super) withdraw: bool,
    pub(super) terminate: bool,
    pub(super) say: bool,
    pub(super) reveal: bool,
}

impl Offers {
    pub(super) fn of(case: &Case, caller: &Caller, resource: &Resource) -> Self {
        let may = |action: &'static str| caller.may(action, resource);
        let me = caller.visitor.person();
        let is_mine = case.holder.is_some() && case.holder == me;
        let is_over = case.stage.is_over();
        let has_tasks = !case.open_tasks().is_empty();
        let mut offers = Self {
            claim: case.holder.is_none() && !is_over && !has_tasks && may("case_claim"),
            release: is_mine && !is_over,
            reassign: !is_over && !has_tasks && may("case_reassign"),
            supply: is_awaited(case)
                && may("case_supply")
                && caller.visitor.has_role(Role::CounterClerk),
            deliver: matches!(case.stage, Stage::Delivering { .. }) && may("case_deliver"),
            withdraw: matches!(
                case.stage,
                Stage::Examining | Stage::Correcting | Stage::Review(_)
            ) && may("case_withdraw"),
            say: !is_over && may("case_say"),
            reveal: may("case_reveal"),
            ..Self::default()
        };
        // A case that a colleague holds is looked at, not handled; the rules refuse it as well.
        if case.is_free_for(me) {
            offers.terminate = matches!(
                case.stage,
                Stage::Examining | Stage::Correcting | Stage::Review(_)
            ) && may("case_terminate");
            offers.before_acceptance(case, may);
            offers.under_review(case, may);
        }
        offers.about_time(case, case.is_free_for(me), may);
        offers
    }

    fn before_acceptance(&mut self, case: &Case, may: impl Fn(&'static str) -> bool) {
        let is_examining = case.stage == Stage::Examining;
        self.accept = is_examining && may("case_accept");
        self.accept_and_grant = self.accept && case.terms.is_instant();
        self.correct = is_examining && may("case_correct");
        self.transfer = is_examining && may("case_transfer");
        self.refuse_acceptance =
            matches!(case.stage, Stage::Examining | Stage::Correcting) && may("case_accept_refuse");
    }

    fn under_review(&mut self, case: &Case, may: impl Fn(&'static str) -> bool) {
        let Stage::Review(position) = &case.stage else {
            return;
        };
        if case.is_stopped() {
            return;
        }
        match position {
            Position::Step { step } if may("case_review") => {
                self.step = Some((step.clone(), case.step_name()));
            }
            position if position.is_decision_due() => {
                self.decide = may("case_decide");
                self.against = quoted(&case.levels_against());
            }
            // What is offered of the tasks of a drawn process is in `tasks`.
            Position::Step { .. } | Position::Decision | Position::Drawn(_) => {}
        }
    }

    /// What the head of the organisation orders about the time, whoever holds the case, and what whoever handles it asks for.
    fn about_time(&mut self, case: &Case, is_in_hand: bool, may: impl Fn(&'static str) -> bool) {
        let (Stage::Review(_), Some(clock)) = (&case.stage, &case.clock) else {
            return;
        };
        if case.is_stopped() {
            self.resume = may("case_resume");
        } else {
            self.stop = !case.terms.is_instant() && may("case_stop");
        }
        let cap = clock
            .rule()
            .extension()
            .filter(|_| clock.extension().is_none())
            .map(|rule| rule.cap);
        self.extend = cap.filter(|_| may("case_extend"));
        self.answer_extension = case.extension_request.is_some() && may("case_extend");
        // Whoever may grant it needs not ask.
        self.request_extension = cap.filter(|_| {
            is_in_hand
                && case.extension_request.is_none()
                && self.extend.is_none()
                && may("case_review")
        });
    }
}

/// Names in one text: “镇审核”“部门会审”; empty for none.
fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("“{name}”")).collect()
}

/// Whether the case waits for papers of its applicant: a correction, or what is owed after conditional acceptance.
pub(super) fn is_awaited(case: &Case) -> bool {
    match case.stage {
        Stage::Correcting => true,
        Stage::Review(_) => !case.owed.is_empty(),
        _ => false,
    }
}
