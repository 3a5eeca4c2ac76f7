//! The rules by which cases are decided (秒批): compiled once from the version of the item that a case started with, and sent with
//! the command that decides by them. What the rules say in one case is asked here and in the command by the same function.

use std::sync::Arc;

use jiff::civil::Date;
use moka::sync::Cache;
use serde_json::Map;
use wuchuang_catalogue::model::{
    ItemVersion, ServiceItem,
    rules::{CompiledRules, RulesProblem, situation_materials, surroundings},
};
use wuchuang_kernel::{Actor, CaseId, Channel, CommandId, ItemId, Region, china_date};
use wuchuang_ledger::{Expected, Order, Receipt};
use wuchuang_webkit::Failure;

use super::{Cases, SubmissionInput};
use crate::model::{
    Case, CaseCommand, Conditional, ItemTerms, RulesAtHand,
    by_rules::{Known, ask, asked_to_approve},
};

/// Compiled rules by the version of the item.
pub(super) type RulesCache = Cache<(ItemId, u32), Arc<CompiledRules>>;

/// How many shares there are from which the share that a person looks at is drawn.
const SHARES: u64 = 1_000;
/// By which the key of the deciding command is told from that of the application.
const PURPOSE: u128 = 0x7275_6c65_735f_6465_6369_6465_5f62_7931;

impl Cases {
    /// What follows an application at once: where the item is decided by its rules, they decide. Whatever goes wrong is left to
    /// the job that follows every such application; the application itself is received in any case.
    pub(super) async fn decide_at_once(&self, order: &Order, receipt: &Receipt, case: CaseId) {
        let Ok(received) = self.after(receipt).await else {
            return;
        };
        if !received.waits_for_rules() {
            return;
        }
        let command = CaseCommand::DecideByRules(RulesAtHand::default());
        let key = CommandId::from_u128(order.command_id.uuid().as_u128() ^ PURPOSE);
        let own = Order {
            region: order.region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: key,
            expected: Expected::Existing,
        };
        if let Err(failure) = self.act_on((case, &received), command, own).await {
            tracing::warn!(code = %failure.code, "rules will decide by a job");
        }
    }

    /// The terms of an application: those of the item, and where its rules say which materials a situation needs (情形), the
    /// others are not asked for. Rules that give no answer change nothing.
    pub(super) fn terms_of(&self, input: &SubmissionInput) -> Result<ItemTerms, Failure> {
        let mut terms = ItemTerms::of(&input.item).map_err(Failure::internal)?;
        let content = &input.item.content;
        let decision = content.rules.situation.as_str();
        if decision.is_empty() {
            return Ok(terms);
        }
        let Some(rules) = self.rules_in_version(&input.item)? else {
            return Ok(terms);
        };
        let given = input.materials.iter().map(|it| it.name.as_str()).collect();
        let known = Known {
            kind: input.applicant.kind,
            number: &input.applicant.number,
            has_agent: input.agent.is_some(),
            channel: None,
            given,
            missing: Vec::new(),
        };
        let today = self.today();
        let inputs = rules.inputs(&|fact| known.fact(fact, today), &input.answers, &Map::new());
        let around = surroundings(today, &self.ledger.calendar());
        let wanted = rules.answer(decision, inputs, &around).ok();
        if let Some(wanted) = wanted.and_then(|answer| situation_materials(content, &answer)) {
            for material in &mut terms.materials {
                material.required &= wanted.contains(&material.id);
            }
        }
        Ok(terms)
    }

    fn rules_in_version(
        &self,
        version: &ItemVersion,
    ) -> Result<Option<Arc<CompiledRules>>, Failure> {
        let key = (version.id, version.version);
        if let Some(rules) = self.rules.get(&key) {
            return Ok(Some(rules));
        }
        let rules = compiled(version)?.map(Arc::new);
        if let Some(rules) = &rules {
            self.rules.insert(key, Arc::clone(rules));
        }
        Ok(rules)
    }

    /// The rules of the item's version that a case started with; `None` for an item without any.
    ///
    /// # Errors
    /// When the item cannot be read, or what was published does not read any more.
    pub async fn rules_of(
        &self,
        region: Region,
        case: &Case,
    ) -> Result<Option<Arc<CompiledRules>>, Failure> {
        if case.terms.rules.is_none() {
            return Ok(None);
        }
        let key = (case.terms.item, case.terms.version);
        if let Some(rules) = self.rules.get(&key) {
            return Ok(Some(rules));
        }
        let item = case.terms.item.into();
        let loaded = self.ledger.load::<ServiceItem>(region, item).await?;
        let version = loaded
            .and_then(|(_, state)| state.version(case.terms.version).cloned())
            .ok_or_else(Failure::not_found)?;
        self.rules_in_version(&version)
    }

    /// Rules that are at hand without an item of them.
    #[cfg(test)]
    pub(crate) fn know_rules(&self, version: &ItemVersion) {
        let rules = compiled(version).ok().flatten();
        let key = (version.id, version.version);
        self.rules
            .insert(key, Arc::new(rules.expect("the test's rules read")));
    }

    /// The command that decides by rules, with the rules and what is drawn for it.
    pub(super) async fn with_rules(
        &self,
        region: Region,
        case: &Case,
    ) -> Result<CaseCommand, Failure> {
        let rules = self.rules_of(region, case).await?;
        let expects_grant = match (&rules, case.approval()) {
            (Some(rules), Some(decision)) if case.waits_for_rules() => {
                let calendar = self.ledger.calendar();
                asked_to_approve(case, rules, decision, (self.today(), &calendar)).is_yes
            }
            _ => false,
        };
        Ok(CaseCommand::DecideByRules(RulesAtHand {
            draw: self.draw(&case.number),
            expects_grant,
            rules,
        }))
    }

    fn today(&self) -> Date {
        china_date(self.ledger.now())
    }

    /// From 0 to 999, the same each time for one case, and not to be foreseen by its applicant.
    fn draw(&self, number: &str) -> u16 {
        let hash = self
            .ledger
            .keyed_hash(format!("sample/{number}").as_bytes());
        let drawn = u64::from_str_radix(&hash[..15], 16).unwrap_or_default();
        u16::try_from(drawn % SHARES).unwrap_or_default()
    }

    /// Whether the item's rules let materials follow in this case (容缺); an item without such a rule leaves it to whoever
    /// accepts.
    ///
    /// # Errors
    /// When the rules say no, with their reason; or when they cannot be read.
    pub async fn require_tolerance(
        &self,
        region: Region,
        case: &Case,
        conditional: &Conditional,
    ) -> Result<(), Failure> {
        let decision = case.terms.rules.as_ref();
        let decision = decision.map(|rules| rules.tolerance.as_str());
        let Some(decision) = decision.filter(|decision| !decision.is_empty()) else {
            return Ok(());
        };
        let Some(rules) = self.rules_of(region, case).await? else {
            return Ok(());
        };
        let owed = conditional.materials.iter().map(|id| {
            let wanted = case.terms.material(id);
            wanted.map_or(id.as_str(), |wanted| wanted.name.as_str())
        });
        let mut more = Map::new();
        more.insert("待补材料".to_owned(), owed.collect());
        let calendar = self.ledger.calendar();
        let (asked, _) = ask(case, &rules, decision, &more, (self.today(), &calendar));
        if asked.is_yes {
            return Ok(());
        }
        let record = asked.evaluation.record.get();
        let reason = record.map_or("", |record| record.reason.as_str());
        Err(Failure::invalid(format!(
            "按规则“{decision}”，这个办件不能容缺受理：{reason} 请一次性告知补正。"
        ))
        .at("owed"))
    }
}

/// The rules of a published version.
fn compiled(version: &ItemVersion) -> Result<Option<CompiledRules>, Failure> {
    CompiledRules::of(&version.content).map_err(|problems| {
        let first = problems.first().map(RulesProblem::public);
        Failure::internal(std::io::Error::other(first.unwrap_or_default()))
    })
}
