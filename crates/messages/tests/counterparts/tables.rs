//! The tables: the same after a replay, cleared when a person is forgotten, and read as written then.

use wuchuang_kernel::{Actor, Channel, CommandId, PersonId};
use wuchuang_ledger::{Expected, Order, testing};
use wuchuang_messages::{
    Settings,
    model::{
        RatePath, Surrounding, TemplateCommand, TemplateName, TemplateStream, TemplateText,
        stream_of,
    },
    store::{InboxMessage, Place, inbox_page, mark_all_read, mark_read, unread_count},
};

use crate::house::House;

fn surrounding() -> Surrounding {
    Surrounding {
        signature: "紫阳政务".into(),
        county: "紫阳县".into(),
        telephone: "12345".into(),
        origin: "https://zwfw.example.gov.cn".into(),
        rate: RatePath::default(),
    }
}

async fn inbox(house: &House, person: PersonId) -> Vec<InboxMessage> {
    inbox_page(
        &house.ledger,
        house.region,
        person,
        (&surrounding(), &house.chinese()),
        (&Place::start(), 20),
    )
    .await
    .unwrap()
}

async fn edit(house: &House, key: u128, command: TemplateCommand) {
    let order = Order {
        region: house.region,
        actor: Actor::SYSTEM,
        channel: Channel::Office,
        command_id: CommandId::from_u128(key),
        expected: Expected::Any,
    };
    house
        .ledger
        .execute::<TemplateStream>(stream_of(TemplateName::CaseReceived), command, order)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_old_message_keeps_its_words_when_the_text_changes() {
    for (engine, database) in testing::databases().await {
        let house = House::on(database).await;
        let name = TemplateName::CaseReceived;
        let before = house.tell(1, "13800138000", "").await;
        let text = TemplateText {
            subject: "收到了：{item}".into(),
            body: "编号 {number}。".into(),
            sms: "编号{number}".into(),
        };
        edit(&house, 50, TemplateCommand::Edit { name, text }).await;
        let between = house.tell(2, "13800138001", "").await;
        edit(&house, 51, TemplateCommand::Restore { name }).await;
        let after = house.tell(3, "13800138002", "").await;
        let mut subjects = Vec::new();
        for person in [before, between, after] {
            subjects.push(inbox(&house, person).await.remove(0).filled.subject);
        }
        assert_eq!(
            subjects,
            [
                "已收到您的申请：失业登记",
                "收到了：失业登记",
                "已收到您的申请：失业登记"
            ],
            "{engine}"
        );
    }
}

#[tokio::test]
async fn reading_is_remembered_and_only_ones_own() {
    for (engine, database) in testing::databases().await {
        let house = House::on(database).await;
        let (one, other) = (house.tell(1, "", "").await, house.tell(2, "", "").await);
        let (ledger, region) = (&house.ledger, house.region);
        assert_eq!(
            unread_count(ledger, region, one).await.unwrap(),
            1,
            "{engine}"
        );
        let message = inbox(&house, one).await.remove(0);
        assert!(
            !mark_read(ledger, region, other, message.id).await.unwrap(),
            "{engine}: not theirs"
        );
        assert_eq!(
            unread_count(ledger, region, one).await.unwrap(),
            1,
            "{engine}"
        );
        assert!(mark_read(ledger, region, one, message.id).await.unwrap());
        assert!(
            mark_read(ledger, region, one, message.id).await.unwrap(),
            "{engine}: twice is no error"
        );
        assert!(inbox(&house, one).await[0].is_read);
        mark_all_read(ledger, region, other).await.unwrap();
        assert_eq!(
            unread_count(ledger, region, other).await.unwrap(),
            0,
            "{engine}"
        );
        assert!(
            house.outbox().await.is_empty(),
            "{engine}: no address, nothing to send"
        );
    }
}

#[tokio::test]
async fn a_forgotten_person_leaves_no_address_and_a_replay_agrees() {
    for (engine, database) in testing::databases().await {
        let house = House::on(database).await;
        let slice = house.slice(&Settings::default());
        let person = house.tell(1, "13800138000", "wang@example.com").await;
        let kept = house.tell(2, "13800138001", "").await;
        house.runner(&slice).run_until_idle().await.unwrap();
        assert_eq!(house.outbox().await.len(), 3, "{engine}");
        house.ledger.forget(house.region, person).await.unwrap();
        let left = house.outbox().await;
        assert_eq!(left.len(), 1, "{engine}");
        assert_eq!(left[0].address, "13800138001");
        assert_eq!(
            inbox(&house, person).await.len(),
            1,
            "{engine}: the inbox names nobody"
        );
        assert_eq!(inbox(&house, kept).await.len(), 1);
        let report = house.ledger.replay(house.region, false).await.unwrap();
        assert_eq!(report.differences, [], "{engine}");
    }
}
