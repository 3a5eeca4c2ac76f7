//! The count. It goes along the chain from where the last one ended and counts again only the months in which something
//! happened to a case: a case lives for weeks, so a night costs two or three months and not three years. Each month is
//! read in pieces and replaced in a transaction of its own, so that memory holds one month's groups, a crash leaves
//! whole months, and a second run gives the same. The first count reads every month once.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use wuchuang_kernel::{Actor, Channel, CommandId, ItemId, Region, StreamId, china_date};
use wuchuang_ledger::{ExecuteError, Expected, Order};
use wuchuang_webkit::Failure;

use crate::{
    figures::Series,
    model::{
        count::Counted,
        month::{Month, Period},
        stream_of,
        suggestion::{
            Grounds, SuggestionCommand, SuggestionStanding, SuggestionState, SuggestionStream,
            may_raise,
        },
    },
    pairs::Pair,
    rules::{self, ItemFacts},
    service::{Analysis, KnownItem, View},
    store::{
        self, months,
        reading::{Asked, Group, figures, first_month, towns},
        suggestions::{Place, suggestions},
    },
};

/// How many open suggestions are read at once.
const OPEN_AT_ONCE: i64 = 200;

/// Names the commands of one count, so that a run that was cut off sends the same.
pub(crate) type Keys<'a> = &'a (dyn Fn(&str) -> CommandId + Sync);

impl Analysis {
    /// The count of a day: the same on every server.
    pub(crate) fn count_of(region: Region, day: Date) -> StreamId {
        stream_of(&format!("count/{region}/{day}"))
    }

    /// Counts what changed since the last count, and makes the suggestions that follow.
    ///
    /// # Errors
    /// Whatever storage or the ledger report.
    pub(crate) async fn count(&self, region: Region, key: Keys<'_>) -> Result<Counted, Failure> {
        let database = self.database();
        let through_seq = months::chain_end(database, region).await?;
        let changed = match store::counts::counted_through(database, region).await? {
            Some(after) => months::changed(database, region, (after, through_seq)).await?,
            None => match months::first_month(database, region).await? {
                Some(first) => first.through(Month::at(self.ledger().now())).collect(),
                None => std::collections::BTreeSet::new(),
            },
        };
        let organisations = self.directory.organisations(region).await?;
        let places = months::places(organisations.iter().map(|one| (one.id, one.place)));
        let mut cases = 0;
        for month in &changed {
            let counted = months::count(database, region, *month, &places).await?;
            months::write(database, region, *month, &counted).await?;
            cases += counted.cases;
        }
        let today = china_date(self.ledger().now());
        let period = Period::three_years(today);
        let pairs = store::pairs::count(database, region, period.first).await?;
        store::pairs::write(database, region, &pairs).await?;
        let found = self.follows(region, today, &pairs).await?;
        let raised = self.raise(region, &found, key).await?;
        let lapsed = self.lapse(region, &found, key).await?;
        Ok(Counted {
            through_seq,
            months: u32::try_from(changed.len()).unwrap_or(u32::MAX),
            cases,
            raised,
            lapsed,
        })
    }

    /// What follows from the figures of the last three years.
    async fn follows(
        &self,
        region: Region,
        today: Date,
        pairs: &[(Pair, i64)],
    ) -> Result<Vec<Grounds>, Failure> {
        let period = Period::three_years(today);
        let facts = self.facts(region, today, period).await?;
        let first = first_month(self.database(), region).await?;
        let covers_all = first.is_some_and(|first| first <= period.first);
        let mut found: Vec<Grounds> = facts
            .values()
            .flat_map(|facts| rules::of_item(facts, covers_all))
            .collect();
        let joined = self.joined(region).await?;
        for ((one, other), applicants) in pairs {
            if let (Some(one), Some(other)) = (facts.get(one), facts.get(other)) {
                found.extend(rules::of_pair((one, other), *applicants, &joined));
            }
        }
        Ok(found)
    }

    /// What is known of the items in force.
    async fn facts(
        &self,
        region: Region,
        today: Date,
        period: Period,
    ) -> Result<HashMap<ItemId, ItemFacts>, Failure> {
        let view = View {
            period,
            department: None,
            channel: None,
        };
        let lines = self.lines(region, &view).await?;
        let counter = Asked {
            channel: Some(Channel::Counter.code().to_owned()),
            ..Asked::of(period)
        };
        let mut counters: HashMap<ItemId, Series> = HashMap::new();
        for group in figures(self.database(), region, Group::ItemMonth, &counter).await? {
            if let (Some(item), Some(month)) = (group.item(), group.month()) {
                let series = counters.entry(item);
                let series = series.or_insert_with(|| Series::empty(period));
                series.add(month, group.figures.applied);
            }
        }
        let mut towns = self.named_towns(region, period).await?;
        let mut delegated = self.delegated(region, today).await?;
        let mut facts = HashMap::new();
        for line in lines.into_iter().filter(|line| line.item.is_published) {
            let id = line.item.id;
            let is_old = line.figures.applied == 0 && self.is_old(&line.item, period).await?;
            facts.insert(
                id,
                ItemFacts {
                    item: id,
                    department: line.item.department,
                    is_online: line.item.is_online,
                    is_old,
                    figures: line.figures,
                    counter: counters
                        .remove(&id)
                        .unwrap_or_else(|| Series::empty(period)),
                    towns: towns.remove(&id).unwrap_or_default(),
                    delegated: delegated.remove(&id).unwrap_or_default(),
                    name: line.item.name,
                },
            );
        }
        Ok(facts)
    }

    /// Whether an item was in the catalogue before a period began.
    async fn is_old(&self, item: &KnownItem, period: Period) -> Result<bool, Failure> {
        let is_before = |day: Date| Month::of(day) <= period.first;
        if item.since.is_some_and(is_before) {
            return Ok(true);
        }
        let state = self.catalogue.state(item.id).await?;
        let first = state.and_then(|(_, state)| {
            let first = state.versions.first()?;
            Some(first.effective_from)
        });
        Ok(first.is_some_and(is_before))
    }

    async fn named_towns(
        &self,
        region: Region,
        period: Period,
    ) -> Result<HashMap<ItemId, Vec<(String, i64)>>, Failure> {
        let mut found = towns(self.database(), region, period, None).await?;
        for (town, _) in found.values_mut().flatten() {
            *town = self.town_name(region, town).await?;
        }
        Ok(found)
    }

    /// The names of the towns that each item was delegated to.
    async fn delegated(
        &self,
        region: Region,
        today: Date,
    ) -> Result<HashMap<ItemId, HashSet<String>>, Failure> {
        let organisations = self.directory.organisations(region).await?;
        let places = months::places(organisations.iter().map(|one| (one.id, one.place)));
        let mut found: HashMap<ItemId, HashSet<String>> = HashMap::new();
        for given in self.delegations.all(region, today).await? {
            let organisation = given.delegation.organisation.to_string();
            let Some(town) = places.get(&organisation) else {
                continue;
            };
            if given.delegation.is_in_force(today) {
                let name = self.town_name(region, town).await?;
                found.entry(given.item).or_default().insert(name);
            }
        }
        Ok(found)
    }

    /// Makes the suggestions that are new or say something else than what stands.
    async fn raise(
        &self,
        region: Region,
        found: &[Grounds],
        key: Keys<'_>,
    ) -> Result<u32, Failure> {
        let mut raised = 0;
        for grounds in found {
            let stream = grounds.stream();
            let state = self.state::<SuggestionStream>(region, stream).await?;
            let nothing = SuggestionState::default();
            let known = state.as_deref().unwrap_or(&nothing).0.as_deref();
            if may_raise(known, grounds).is_err() {
                continue;
            }
            let command = SuggestionCommand::Raise(Box::new(grounds.clone()));
            let order = order(region, key(&format!("raise/{stream}")));
            raised += self.tell(stream, command, order).await?;
        }
        Ok(raised)
    }

    /// Takes back what nobody decided about and the figures do not say any more.
    async fn lapse(
        &self,
        region: Region,
        found: &[Grounds],
        key: Keys<'_>,
    ) -> Result<u32, Failure> {
        let said: HashSet<StreamId> = found.iter().map(Grounds::stream).collect();
        let mut gone = Vec::new();
        let mut from: Option<Place> = None;
        loop {
            let which = (SuggestionStanding::Open, None);
            let rows = suggestions(self.database(), region, which, from.as_ref(), OPEN_AT_ONCE);
            let rows = rows.await?;
            let Some(last) = Place::behind(&rows) else {
                break;
            };
            from = Some(Place::read(&last)?);
            let open = rows.iter().filter_map(|row| row.id.parse().ok());
            gone.extend(open.filter(|stream: &StreamId| !said.contains(stream)));
        }
        let mut lapsed = 0;
        for stream in gone {
            let order = order(region, key(&format!("lapse/{stream}")));
            lapsed += self.tell(stream, SuggestionCommand::Lapse, order).await?;
        }
        Ok(lapsed)
    }

    /// Sends what follows from figures; 1 when it was taken, 0 when somebody decided meanwhile.
    async fn tell(
        &self,
        stream: StreamId,
        command: SuggestionCommand,
        order: Order,
    ) -> Result<u32, Failure> {
        let sent = self
            .ledger()
            .execute::<SuggestionStream>(stream, command, order)
            .await;
        match sent {
            Ok(_) => Ok(1),
            Err(ExecuteError::Rejected(_) | ExecuteError::KeyReused) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }
}

const fn order(region: Region, command_id: CommandId) -> Order {
    Order {
        region,
        actor: Actor::SYSTEM,
        channel: Channel::System,
        command_id,
        expected: Expected::Any,
    }
}
