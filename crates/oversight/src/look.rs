//! Asks the rules over what the ledger holds, and opens what they find.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use jiff::civil::Date;
use wuchuang_access::model::organisation::OrganisationKind;
use wuchuang_cases::store::{HandledDeed, handled_deeds, task_words};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{Actor, Channel, CommandId, OrganisationId, Region, RoundId, china_date};
use wuchuang_ledger::{ExecuteError, Expected, Order, StorageError};
use wuchuang_webkit::Failure;

use crate::{
    model::{
        finding::{FindingCommand, FindingRule, FindingStream},
        round::{Comparison, Looked},
    },
    rules::{self, Grounds, Suspicion},
    service::Oversight,
    store,
};

/// How far apart the places are between which deeds are read at once.
const PLACES_AT_ONCE: i64 = 5_000;
/// How far the first round looks back.
const FIRST_LOOK: i64 = 100_000;

impl Oversight {
    /// Asks all rules over what happened since the last round, and opens what is new. `key` names each command, so that
    /// a round that was cut off goes on where it stopped.
    ///
    /// # Errors
    /// Whatever storage or the ledger report.
    pub(crate) async fn look(
        &self,
        region: Region,
        key: &(dyn Fn(&str) -> CommandId + Sync),
    ) -> Result<Looked, Failure> {
        let today = china_date(self.ledger().now());
        let items = self.catalogue.all();
        let published: Vec<&ItemVersion> = items
            .iter()
            .map(AsRef::as_ref)
            .filter(|item| item.is_in_force(today))
            .collect();
        let entries = self.entries(region).await?;
        let mut found = rules::items_outside(&published, &entries, today);
        let (through_seq, deeds) = self.deeds(region).await?;
        found.extend(self.suspicions(region, &deeds).await?);
        let opened = self.open_all(region, found, key).await?;
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Looked {
            through_seq,
            deeds: count(deeds.len()),
            items: count(published.len()),
            found: opened,
        })
    }

    /// The acceptances and decisions since the last round, and up to where they were read.
    async fn deeds(&self, region: Region) -> Result<(i64, Vec<HandledDeed>), StorageError> {
        let database = self.ledger().database();
        let end = store::rounds::chain_end(database, region).await?;
        let looked = store::rounds::looked_through(database, region).await?;
        let mut after = looked.unwrap_or_else(|| (end - FIRST_LOOK).max(0));
        let mut deeds = Vec::new();
        while after < end {
            let through = (after + PLACES_AT_ONCE).min(end);
            deeds.extend(handled_deeds(database, region, (after, through)).await?);
            after = through;
        }
        Ok((end, deeds))
    }

    async fn suspicions(
        &self,
        region: Region,
        deeds: &[HandledDeed],
    ) -> Result<Vec<Suspicion>, Failure> {
        let Some(first) = deeds.iter().map(|deed| deed.received_at).min() else {
            return Ok(Vec::new());
        };
        let organisations = self.directory.organisations(region).await?;
        let names: HashMap<OrganisationId, String> = organisations
            .iter()
            .map(|one| (one.id, one.name.clone()))
            .collect();
        let mut centres = organisations.iter();
        let centre = centres.find(|one| one.kind == OrganisationKind::Centre);
        let delegations = self.delegations.all(region, china_date(first)).await?;
        let mut halls = HashMap::new();
        for department in deeds.iter().map(|deed| deed.department) {
            if let Entry::Vacant(place) = halls.entry(department) {
                place.insert(self.hall(region, department).await?);
            }
        }
        let calendar = self.ledger().calendar();
        let grounds = Grounds {
            calendar: &calendar,
            centre: centre.map(|one| one.id),
            names: &names,
            delegations: &delegations,
            halls: &halls,
        };
        let mut found = rules::without_authority(deeds, &grounds);
        for deed in deeds {
            found.extend(rules::outside_hours(deed, &grounds));
            let nobody = HashSet::new();
            if rules::outsider(deed, &nobody, &grounds).is_some() {
                let database = self.ledger().database();
                let words = task_words(database, region, deed.case).await?;
                found.extend(rules::outsider(deed, &words, &grounds));
            }
        }
        Ok(found)
    }

    /// Opens what is not there yet; how many that were.
    ///
    /// # Errors
    /// Whatever the ledger reports.
    pub(crate) async fn open_all(
        &self,
        region: Region,
        found: Vec<Suspicion>,
        key: &(dyn Fn(&str) -> CommandId + Sync),
    ) -> Result<u32, Failure> {
        let mut opened = 0;
        let kinds = self.kinds(region).await?;
        for mut suspicion in found {
            // What the county does not use is not looked for.
            if !kinds.is_used(suspicion.opening.kind) {
                continue;
            }
            kinds
                .name(suspicion.opening.kind)
                .clone_into(&mut suspicion.opening.kind_name);
            let id = suspicion.id;
            let known = self.state::<FindingStream>(region, id).await?;
            let order = Order {
                region,
                actor: Actor::SYSTEM,
                channel: Channel::System,
                command_id: key(&id.to_string()),
                expected: Expected::Any,
            };
            if known.is_some() {
                continue;
            }
            let command = FindingCommand::Open(Box::new(suspicion.opening));
            let sent = self
                .ledger()
                .execute::<FindingStream>(id.into(), command, order)
                .await;
            match sent {
                Ok(_) => opened += 1,
                Err(ExecuteError::Rejected(refusal)) if refusal.code == "finding_exists" => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(opened)
    }

    /// The findings that follow from a register.
    pub(crate) fn missing_on_ledger(&self, comparison: &Comparison) -> Vec<Suspicion> {
        let whose = (comparison.department, comparison.department_name.as_str());
        let missing = comparison.missing.iter();
        missing
            .map(|line| {
                let item = self.catalogue.published(line.item);
                let name = item.map_or_else(String::new, |item| item.content.name.clone());
                rules::outside_ledger(whose, line, &name)
            })
            .collect()
    }

    /// The round of a day: the same on every server.
    pub(crate) fn round_of(region: Region, day: Date) -> RoundId {
        let id = rules::finding_of(FindingRule::Inspection, &format!("round/{region}/{day}"));
        RoundId::from_u128(id.uuid().as_u128())
    }
}
