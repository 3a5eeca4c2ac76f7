//! The rules by which cases are decided (秒批): compiled once from the version of the item that a case started with, and sent with
//! the command that decides by them. What the rules say in one case is asked here and in the command by the same function.

use std::sync::Arc;

use jiff::civil::Date;
use moka::sync::Cache;
use serde_json::{Map, Value};
use wuchuang_catalogue::model::{
    ItemContent, ItemVersion, ServiceItem,
    rules::{
        CompiledRules, Evaluation, EvaluationError, RulesProblem, fee_fen, situation_materials,
        surroundings, warning_days,
    },
};
use wuchuang_kernel::{
    Actor, CaseId, Channel, CommandId, ItemId, PersonId, Personal, Region, china_date,
};
use wuchuang_ledger::{Expected, Order, Receipt};
use wuchuang_webkit::{Failure, forms::Form};

use super::{Cases, SubmissionInput};
use crate::model::{
    ApplicantKind, Case, CaseCommand, Conditional, ItemTerms, RulesAtHand,
    by_rules::{
        CountedAnew, FeeTerms, Known, RuleRecord, WarningTerms, ask, asked_to_approve, recorded,
    },
};

/// Compiled rules by the version of the item.
pub(super) type RulesCache = Cache<(ItemId, u32), Arc<CompiledRules>>;

/// How many shares there are from which the share that a person looks at is drawn.
const SHARES: u64 = 1_000;
/// By which the key of the deciding command is told from that of the application.
const PURPOSE: u128 = 0x7275_6c65_735f_6465_6369_6465_5f62_7931;

/// The rules, what they were asked with, and what they answered.
type Answered = (
    Arc<CompiledRules>,
    Map<String, Value>,
    Result<Evaluation, Box<EvaluationError>>,
);

/// What is known of an application before it is a case: what the item's rules about situations (情形) and fees are asked with.
pub struct Situation<'a> {
    /// Who applies.
    pub kind: ApplicantKind,
    /// Citizen number or credit code; may be empty.
    pub number: &'a str,
    /// Whether somebody acts for them.
    pub has_agent: bool,
    /// The answers so far.
    pub answers: &'a Map<String, Value>,
    /// The names of what was handed in so far.
    pub given: Vec<&'a str>,
}

impl<'a> Situation<'a> {
    /// The situation of an application as it is handed in.
    pub fn of(input: &'a SubmissionInput) -> Self {
        Self {
            kind: input.applicant.kind,
            number: &input.applicant.number,
            has_agent: input.agent.is_some(),
            answers: &input.answers,
            given: input.materials.iter().map(|it| it.name.as_str()).collect(),
        }
    }
}

/// A material that the form asks for in its place (附件) is wanted only where its question is asked.
fn where_asked(
    content: &ItemContent,
    answers: &Map<String, Value>,
    wanted: Option<Vec<String>>,
) -> Option<Vec<String>> {
    let form = Form::shared(&content.form).ok();
    let unasked = form.as_ref().map(|form| form.unasked_materials(answers));
    let unasked = unasked.unwrap_or_default();
    if unasked.is_empty() {
        return wanted;
    }
    let all = content.materials.iter();
    let mut wanted = wanted.unwrap_or_else(|| all.map(|one| one.id.clone()).collect());
    wanted.retain(|id| !unasked.contains(&id.as_str()));
    Some(wanted)
}

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
        if let Some(wanted) = self.wanted_in(&input.item, &Situation::of(input))? {
            for material in &mut terms.materials {
                material.required &= wanted.contains(&material.id);
            }
        }
        let person = input.applicant.person;
        let situation = Situation::of(input);
        let fee = self.fee_of(&input.item, &situation, person)?;
        let days = terms.limits.promised().amount;
        let warning = self.warning_of(&input.item, &situation, (person, days))?;
        if let Some(rules) = &mut terms.rules {
            rules.fee = fee.map(Box::new);
            rules.warning = warning.map(Box::new);
        }
        Ok(terms)
    }

    /// A correction with what the item's rules say of the answers as they become: fee and warning follow what the applicant says in
    /// the end.
    pub(super) async fn counted_anew(
        &self,
        region: Region,
        case: CaseId,
        command: CaseCommand,
    ) -> Result<CaseCommand, Failure> {
        let CaseCommand::SupplyCorrection {
            answers: Some(answers),
            materials,
            ..
        } = command
        else {
            return Ok(command);
        };
        let known = self.get(region, case).await?;
        let counted = match answers.get().and_then(Value::as_object) {
            Some(said) if known.fee().is_some() || known.warning().is_some() => {
                self.amounts(region, &known, said).await?
            }
            _ => None,
        };
        Ok(CaseCommand::SupplyCorrection {
            answers: Some(answers),
            materials,
            counted: counted.map(Box::new),
        })
    }

    async fn amounts(
        &self,
        region: Region,
        case: &Case,
        answers: &Map<String, Value>,
    ) -> Result<Option<CountedAnew>, Failure> {
        let item = case.terms.item.into();
        let loaded = self.ledger.load::<ServiceItem>(region, item).await?;
        let version = loaded.and_then(|(_, state)| state.version(case.terms.version).cloned());
        let Some(version) = version else {
            return Ok(None);
        };
        let situation = Situation {
            kind: case.applicant.kind,
            number: case.applicant.number.text(),
            has_agent: case.agent.is_some(),
            answers,
            given: case.materials.iter().map(|it| it.name.as_str()).collect(),
        };
        let person = case.applicant.person;
        let days = case.terms.limits.promised().amount;
        Ok(Some(CountedAnew {
            fee: self.fee_of(&version, &situation, person)?.map(Box::new),
            warning: self
                .warning_of(&version, &situation, (person, days))?
                .map(Box::new),
        }))
    }

    /// What an application costs by the item's rules, for whoever is to hand it in and for the case; `None` where they do not
    /// say what it costs.
    ///
    /// # Errors
    /// When the rules that were published do not read any more.
    pub fn fee_of(
        &self,
        item: &ItemVersion,
        situation: &Situation<'_>,
        person: PersonId,
    ) -> Result<Option<FeeTerms>, Failure> {
        let decision = item.content.rules.fee.as_str();
        let Some((rules, inputs, answered)) = self.answer_before(item, decision, situation)? else {
            return Ok(None);
        };
        let fen = answered.as_ref().ok().map(fee_fen);
        let (mut asked, _) = recorded(person, (&rules, decision), inputs, answered);
        // What is no amount is told as the reason for which a person sets it.
        if let (Some(Err(reason)), Some(record)) = (&fen, asked.evaluation.record.get().cloned()) {
            let reason = reason.clone();
            asked.evaluation.record = Personal::new(person, RuleRecord { reason, ..record });
        }
        Ok(Some(FeeTerms {
            fen: fen.and_then(Result::ok),
            evaluation: asked.evaluation,
        }))
    }

    /// When a case turns yellow by the item's rules; `None` where they do not say.
    fn warning_of(
        &self,
        item: &ItemVersion,
        situation: &Situation<'_>,
        (person, limit_days): (PersonId, u16),
    ) -> Result<Option<WarningTerms>, Failure> {
        let decision = item.content.rules.warning.as_str();
        let Some((rules, inputs, answered)) = self.answer_before(item, decision, situation)? else {
            return Ok(None);
        };
        let days = answered.as_ref().ok();
        let Some(days) = days.and_then(|answer| warning_days(answer, limit_days)) else {
            return Ok(None);
        };
        let (asked, _) = recorded(person, (&rules, decision), inputs, answered);
        Ok(Some(WarningTerms {
            days,
            evaluation: asked.evaluation,
        }))
    }

    /// The keys of the materials that a situation asks for (情形); `None` where the item's rules do not say.
    ///
    /// # Errors
    /// When the rules that were published do not read any more.
    pub fn wanted_in(
        &self,
        item: &ItemVersion,
        situation: &Situation<'_>,
    ) -> Result<Option<Vec<String>>, Failure> {
        let content = &item.content;
        let decision = content.rules.situation.as_str();
        let answered = self.answer_before(item, decision, situation)?;
        let answer = answered.and_then(|(.., answered)| answered.ok());
        let wanted = answer.and_then(|answer| situation_materials(content, &answer));
        Ok(where_asked(content, situation.answers, wanted))
    }

    /// What a decision says of an application before it is a case, with the rules and the inputs that it was asked with; `None`
    /// where no decision is named.
    fn answer_before(
        &self,
        item: &ItemVersion,
        decision: &str,
        situation: &Situation<'_>,
    ) -> Result<Option<Answered>, Failure> {
        if decision.is_empty() {
            return Ok(None);
        }
        let Some(rules) = self.rules_in_version(item)? else {
            return Ok(None);
        };
        let known = Known {
            kind: situation.kind,
            number: situation.number,
            has_agent: situation.has_agent,
            channel: None,
            given: situation.given.clone(),
            missing: Vec::new(),
        };
        let today = self.today();
        let inputs = rules.inputs(
            &|fact| known.fact(fact, today),
            situation.answers,
            &Map::new(),
        );
        let around = surroundings(today, &self.ledger.calendar());
        let answered = rules.answer(decision, inputs.clone(), &around);
        Ok(Some((rules, inputs, answered)))
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
