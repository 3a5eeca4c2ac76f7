//! 前置: a part that waits for others is opened when they are granted. When one of them is not, the bundle's rule says whether
//! it ends there or goes on all the same.

use std::collections::BTreeMap;

use super::{Joint, Part, PartKey, PartOutcome, content::WhenRefused, handed_in::SubmittedPart};

/// How the case of a part stands, for those that wait for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseEnd {
    /// No decision yet.
    Open,
    /// 准予.
    Granted,
    /// 不予批准, 不予受理, 终止 or 撤回.
    Without,
}

impl CaseEnd {
    /// Reads the stored outcome of a case.
    pub fn of_outcome(outcome: &str) -> Self {
        match outcome {
            "granted" => Self::Granted,
            "refused" | "not_accepted" | "terminated" | "withdrawn" => Self::Without,
            _ => Self::Open,
        }
    }
}

/// What is to be done with a part that waits.
#[derive(Debug, Clone, PartialEq)]
pub enum Next<'a> {
    /// Its case is opened.
    Open(&'a SubmittedPart),
    /// It is not opened any more: why, for the applicant.
    End(PartKey, String),
}

impl Joint {
    /// The earlier parts for which a part waits.
    pub fn awaited<'a>(&'a self, part: &'a SubmittedPart) -> impl Iterator<Item = &'a Part> {
        part.after.iter().filter_map(|earlier| self.part(*earlier))
    }

    /// Whether others wait for a part.
    pub fn is_awaited(&self, id: PartKey) -> bool {
        let mut parts = self.parts.iter();
        parts.any(|part| part.submitted.after.contains(&id))
    }

    /// What is to be done next, when the cases stand so: the parts that are not named have no decision.
    pub fn next(&self, ends: &BTreeMap<PartKey, CaseEnd>) -> Vec<Next<'_>> {
        let waiting = self.parts.iter();
        waiting
            .filter(|part| part.outcome == PartOutcome::Waiting)
            .filter_map(|part| self.next_of(&part.submitted, ends))
            .collect()
    }

    fn next_of<'a>(
        &'a self,
        part: &'a SubmittedPart,
        ends: &BTreeMap<PartKey, CaseEnd>,
    ) -> Option<Next<'a>> {
        let end = |earlier: &Part| match earlier.outcome {
            PartOutcome::Refused { .. } => CaseEnd::Without,
            PartOutcome::Waiting => CaseEnd::Open,
            PartOutcome::Opened { .. } => {
                let known = ends.get(&earlier.submitted.id);
                known.copied().unwrap_or(CaseEnd::Open)
            }
        };
        let mut earlier = self.awaited(part);
        if part.when_refused == WhenRefused::End
            && let Some(without) = earlier.find(|one| end(one) == CaseEnd::Without)
        {
            let reason = format!(
                "“{}”要在“{}”批准以后才能办，“{}”没有批准，所以没有开办。改正以后可以重新申请这两项。",
                part.item_name, without.submitted.item_name, without.submitted.item_name
            );
            return Some(Next::End(part.id, reason));
        }
        let is_ready = self.awaited(part).all(|one| end(one) != CaseEnd::Open);
        is_ready.then_some(Next::Open(part))
    }
}
