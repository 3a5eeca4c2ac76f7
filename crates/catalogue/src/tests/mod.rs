//! The slice as a whole, on both engines.

mod foreign;
mod pages;
mod rules;

use std::sync::Arc;

use jiff::Timestamp;
use wuchuang_calendar::Calendar;
use wuchuang_documents::{Documents, FontSource};
use wuchuang_kernel::{Actor, Channel, CommandId, Region, SeededRandomness, TestClock, china_date};
use wuchuang_ledger::{
    Database, Expected, Job, JobRunner, Keyring, Ledger, LedgerBuilder, Order, Signer, migrate,
    migrations::LEDGER, testing,
};
use wuchuang_search::GuideQuery;

use crate::{
    Catalogue, MIGRATIONS, NoticeOptions, PublishedFilter, demo,
    identity::item_of_key,
    jobs::Refresh,
    model::{ItemCommand, ServiceItem, Tag},
    one_time_notice, register,
    store::{self, ItemFilter},
};

fn region() -> Region {
    "610924".parse().unwrap()
}

struct House {
    engine: &'static str,
    clock: Arc<TestClock>,
    ledger: Ledger,
    catalogue: Catalogue,
}

async fn house(engine: &'static str, database: Database) -> House {
    let migrations: Vec<_> = LEDGER
        .iter()
        .chain(wuchuang_access::MIGRATIONS)
        .chain(MIGRATIONS)
        .copied()
        .collect();
    migrate(&database, &migrations).await.unwrap();
    let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    let clock = Arc::new(TestClock::at(start));
    let randomness = Arc::new(SeededRandomness::new(7));
    let ledger = register(LedgerBuilder::new()).open(
        database,
        Keyring::new([5; 32], randomness.clone()),
        Signer::from_bytes(&[9; 32]).unwrap(),
        clock.clone(),
        randomness,
        Calendar::weekdays_only(),
    );
    let catalogue = Catalogue::open(ledger.clone(), region(), None)
        .await
        .unwrap();
    House {
        engine,
        clock,
        ledger,
        catalogue,
    }
}

impl House {
    fn order(&self, expected: Expected) -> Order {
        Order {
            region: region(),
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: CommandId::generate(self.ledger.now(), self.ledger.randomness().as_ref()),
            expected,
        }
    }

    async fn send(&self, key: &str, command: ItemCommand) {
        let order = self.order(Expected::Existing);
        self.ledger
            .execute::<ServiceItem>(item_of_key(key).into(), command, order)
            .await
            .unwrap();
    }

    async fn run_jobs(&self) {
        let jobs: Vec<Arc<dyn Job>> = vec![Arc::new(Refresh(self.catalogue.clone()))];
        JobRunner::new(self.ledger.clone(), jobs)
            .run_until_idle()
            .await
            .unwrap();
    }

    fn names(&self, words: &str) -> Vec<String> {
        let query = GuideQuery {
            text: words.to_owned(),
            ..GuideQuery::default()
        };
        let hits = self.catalogue.search(&query).unwrap();
        let names = hits.hits.iter().map(|hit| {
            hit.name_highlighted
                .iter()
                .map(|(text, _)| text.as_str())
                .collect()
        });
        names.collect()
    }
}

#[tokio::test]
async fn what_is_published_is_found_and_a_version_stays() {
    for (engine, database) in testing::databases().await {
        let house = house(engine, database).await;
        assert_eq!(demo::seed(&house.catalogue).await.unwrap(), 40, "{engine}");
        assert_eq!(
            demo::seed(&house.catalogue).await.unwrap(),
            40,
            "twice changes nothing, {engine}"
        );
        assert_eq!(house.catalogue.all().len(), 40, "{engine}");
        assert_eq!(
            house.names("sydj").first().map(String::as_str),
            Some("失业登记"),
            "{engine}"
        );

        let item = item_of_key("I34");
        let first = house.catalogue.published(item).unwrap();
        let mut content = first.content.clone();
        content.name = "失业人员登记".to_owned();
        house
            .send(
                "I34",
                ItemCommand::Draft {
                    content: Box::new(content),
                },
            )
            .await;
        house
            .send(
                "I34",
                ItemCommand::Publish {
                    effective_from: "2026-11-25".parse().unwrap(),
                },
            )
            .await;
        house.run_jobs().await;
        assert_eq!(
            house.catalogue.published(item).unwrap().version,
            1,
            "not yet in force, {engine}"
        );
        house.clock.set("2026-11-24T16:00:00Z".parse().unwrap());
        house.run_jobs().await;
        assert_eq!(
            house.catalogue.published(item).unwrap().version,
            2,
            "in force from midnight, {engine}"
        );
        assert_eq!(
            house.names("失业人员登记").first().map(String::as_str),
            Some("失业人员登记"),
            "{engine}"
        );
        let kept = house.catalogue.version(item, 1).await.unwrap().unwrap();
        assert_eq!(
            kept.content.name, "失业登记",
            "a running case keeps its version, {engine}"
        );

        let reason = "下放到各镇".to_owned();
        house
            .send(
                "I34",
                ItemCommand::Withdraw {
                    successor: None,
                    on: "2026-11-25".parse().unwrap(),
                    reason,
                },
            )
            .await;
        house.run_jobs().await;
        assert!(house.catalogue.published(item).is_none(), "{engine}");
        assert!(
            !house
                .names("失业人员登记")
                .iter()
                .any(|name| name == "失业人员登记"),
            "{engine}"
        );
        let report = house.ledger.replay(region(), false).await.unwrap();
        assert!(report.differences.is_empty(), "{engine}: {report:?}");
    }
}

#[tokio::test]
async fn lists_are_paged_and_filtered() {
    for (engine, database) in testing::databases().await {
        let house = house(engine, database).await;
        demo::seed(&house.catalogue).await.unwrap();
        let database = house.ledger.database();
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let rows = store::items(
                database,
                region(),
                &ItemFilter::default(),
                after.as_ref(),
                7,
            )
            .await
            .unwrap();
            let Some(last) = rows.last() else { break };
            after = Some(store::Cursor {
                name: last.name.clone(),
                item: last.item.clone(),
            });
            seen.extend(rows.into_iter().map(|row| row.item));
        }
        let total = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((total, seen.len()), (40, 40), "{}", house.engine);
        let count = async |filter: ItemFilter| {
            store::items(database, region(), &filter, None, 100)
                .await
                .unwrap()
                .len()
        };
        let text = str::to_owned;
        assert_eq!(
            count(ItemFilter {
                search: text("许可"),
                ..ItemFilter::default()
            })
            .await,
            11,
            "{engine}"
        );
        assert_eq!(
            count(ItemFilter {
                search: text("%"),
                ..ItemFilter::default()
            })
            .await,
            0,
            "{engine}"
        );
        assert_eq!(
            count(ItemFilter {
                tag: text("at_once"),
                ..ItemFilter::default()
            })
            .await,
            15,
            "{engine}"
        );
        assert_eq!(
            count(ItemFilter {
                handling: text("4"),
                ..ItemFilter::default()
            })
            .await,
            1,
            "{engine}"
        );
        assert_eq!(
            count(ItemFilter {
                state: text("changed"),
                ..ItemFilter::default()
            })
            .await,
            0,
            "{engine}"
        );

        let filter = PublishedFilter {
            tag: Some(Tag::AtOnce),
            ..PublishedFilter::default()
        };
        let first = house.catalogue.list(&filter, None, 10);
        let rest = house.catalogue.list(&filter, Some(first[9].id), 10);
        assert_eq!((first.len(), rest.len()), (10, 5), "{engine}");
        let department = first[0].content.department.id;
        assert!(
            house
                .catalogue
                .by_department(department)
                .iter()
                .all(|one| one.content.department.id == department)
        );
    }
}

#[tokio::test]
async fn every_item_prints_its_notice() {
    let house = house("SQLite", testing::sqlite().await).await;
    demo::seed(&house.catalogue).await.unwrap();
    let documents = Documents::new(FontSource::Embedded, None).unwrap();
    let options = NoticeOptions {
        operator: "紫阳县政务服务中心".to_owned(),
        test_authority: true,
        origin: "https://zwfw.example.gov.cn".to_owned(),
    };
    let today = china_date(house.ledger.now());
    for version in house.catalogue.all() {
        let notice = one_time_notice(&version, today, &options);
        let guide = format!("https://zwfw.example.gov.cn/guides/{}", version.id);
        assert_eq!(
            notice.guide_url,
            Some(guide),
            "the paper leads to its guide"
        );
        let pdf = documents.render_data(&notice);
        assert!(
            pdf.is_ok_and(|pdf| pdf.starts_with(b"%PDF")),
            "{}",
            version.content.name
        );
    }
}
