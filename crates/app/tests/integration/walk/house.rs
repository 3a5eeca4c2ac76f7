//! What happens in the house around its cases: staff come and go, items change, licences are taken back,
//! messages are read, ratings come in by their links, a year's holidays are announced, a person is forgotten.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use wuchuang_access::model::staff::{StaffCommand, StaffStream};
use wuchuang_catalogue::model::{ItemCommand, ServiceItem};
use wuchuang_kernel::{PersonId, Role, china_date};
use wuchuang_ledger::{ForgetError, storage::list};
use wuchuang_messages::model::{TemplateCommand, TemplateName, TemplateStream, stream_of};

use super::deeds::Walk;
use crate::{
    county::{resident, system_order},
    harness::staff,
};

#[derive(Deserialize)]
struct Found {
    id: String,
}

impl Walk<'_> {
    /// A case waits for a laboratory, whose result comes.
    pub(super) async fn wait_for_others(&mut self) {
        let drawing = include_str!("../../../../../assets/demo/processes/drainage.bpmn");
        self.county.draw_as(self.test, drawing).await;
        let place = self.one_more().await;
        let case = self.cases[place].id.clone();
        let (approver, reviewer) = (self.county.approver(), self.county.reviewer());
        let words = |name: &str| json!({ name: "材料属实。" });
        let steps = format!("/api/v1/cases/{case}/steps");
        for (who, path, body) in [
            (approver, format!("/api/v1/cases/{case}/accept"), json!({})),
            (
                reviewer,
                format!("{steps}/papers/complete"),
                words("opinion"),
            ),
        ] {
            let answer = self.send((who, path, body)).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        }
        let mut reviewer = self.test.client_as(self.county.reviewer());
        let open = reviewer.get(&steps).await.json();
        let key = open["awaited"][0]["key"].as_str().unwrap();
        let path = format!("/api/v1/cases/{case}/awaited/{key}");
        let answer = self
            .send((self.county.reviewer(), path, words("note")))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }

    pub(super) async fn around_the_cases(&mut self) {
        match self.below(8) {
            0 => self.staff_come_and_go().await,
            7 => self.reword().await,
            1 => self.publish().await,
            2 => self.revoke().await,
            3 => self.read_messages().await,
            4 => self.rate().await,
            5 => self.announce().await,
            _ => self.forget().await,
        }
    }

    /// The identifiers that a query finds; the walk picks one of them.
    async fn one_of(&mut self, sql: &str) -> Option<String> {
        let database = self.test.house.ledger().database();
        let mut found: Vec<Found> = list(database.read(), sql, []).await.unwrap();
        if found.is_empty() {
            return None;
        }
        let place = self.below(found.len());
        Some(found.swap_remove(place).id)
    }

    async fn staff_come_and_go(&mut self) {
        let number = self.below(3);
        let person = PersonId::from_u128(0x57AF_0000 + number as u128);
        let register = || StaffCommand::Register {
            account: format!("walker{number}"),
            name: "张三".to_owned(),
            phone: String::new(),
        };
        let deactivate = || StaffCommand::Deactivate {
            reason: "调离".to_owned(),
        };
        // Whoever comes also goes, and mostly comes back.
        let mut commands = vec![register(), deactivate()];
        if self.below(4) > 0 {
            commands.push(StaffCommand::Reactivate);
        }
        for command in commands {
            self.note(format!("staff {number}: {command:?}"));
            let (ledger, order) = (self.test.house.ledger(), system_order(&self.test.house));
            // A refusal (deactivated twice, registered twice) is as good as a deed.
            let _maybe_refused = ledger
                .execute::<StaffStream>(person.into(), command, order)
                .await;
        }
    }

    /// An administrator changes what messages say, or takes the change back.
    async fn reword(&mut self) {
        let name = TemplateName::ALL[self.below(TemplateName::ALL.len())];
        let mut text = name.default_text();
        text.subject = format!("{}（{}）", text.subject, self.below(3));
        let edit = TemplateCommand::Edit { name, text };
        let mut commands = vec![edit];
        if self.below(2) == 0 {
            commands.push(TemplateCommand::Restore { name });
        }
        for command in commands {
            let (ledger, order) = (self.test.house.ledger(), system_order(&self.test.house));
            // The same words twice are refused.
            let done = ledger
                .execute::<TemplateStream>(stream_of(name), command, order)
                .await;
            self.note(format!("{} reworded: {}", name.code(), done.is_ok()));
        }
    }

    async fn publish(&mut self) {
        let house = &self.test.house;
        let (ledger, region) = (house.ledger(), house.configuration().site.region);
        let id = self.county.instant;
        let loaded = ledger.load::<ServiceItem>(region, id.into()).await.unwrap();
        let (version, state) = loaded.expect("the item is there");
        let today = china_date(ledger.now());
        let Some(current) = state.in_force(today) else {
            return;
        };
        let mut content = current.content.clone();
        content.keywords = vec![format!("第{version}版")];
        for command in [
            ItemCommand::Draft {
                content: Box::new(content),
            },
            ItemCommand::Publish {
                effective_from: today,
            },
        ] {
            let order = system_order(house);
            // Set back, the clock may stand before a version that is in force already.
            let _maybe_refused = ledger
                .execute::<ServiceItem>(id.into(), command, order)
                .await;
        }
        house.slices().catalogue().refresh().await.unwrap();
        self.note(format!("item published after {version}"));
    }

    async fn revoke(&mut self) {
        let Some(licence) = self
            .one_of("SELECT id FROM licence ORDER BY id LIMIT 50")
            .await
        else {
            return;
        };
        let path = format!("/staff/licences/{licence}/revoke");
        let mut approver = self.test.client_as(self.county.approver());
        let answer = approver.post(&path, &[("reason", "以欺骗手段取得")]).await;
        assert!(!answer.status.is_server_error(), "{}", answer.text());
        self.note(format!("{path} {}", answer.status));
    }

    async fn read_messages(&mut self) {
        let citizen = u32::try_from(self.below(4)).unwrap();
        let mut client = self.test.client_as(resident(citizen));
        let answer = client.post("/my/messages/read", &[]).await;
        assert!(!answer.status.is_server_error(), "{}", answer.text());
        self.note(format!("messages read {}", answer.status));
    }

    async fn rate(&mut self) {
        let sql = "SELECT token AS id FROM rating_invitation ORDER BY token LIMIT 50";
        let Some(token) = self.one_of(sql).await else {
            return;
        };
        let stars = (self.below(5) + 1).to_string();
        let fields = [("grade", stars.as_str()), ("text", "办得快")];
        let answer = self
            .test
            .client()
            .post(&format!("/rate/{token}"), &fields)
            .await;
        assert!(!answer.status.is_server_error(), "{}", answer.text());
        self.note(format!("rated {}", answer.status));
        self.test.run_jobs_without_papers().await;
    }

    async fn announce(&mut self) {
        let day = self.below(28) + 1;
        let lines = format!("2027-01-{day:02} 休 元旦");
        let fields = [
            ("year", "2027"),
            ("lines", lines.as_str()),
            ("step", "import"),
        ];
        let mut administrator = self.test.client_as(staff(Role::SystemAdministrator));
        let answer = administrator.post("/staff/admin/calendar", &fields).await;
        assert!(!answer.status.is_server_error(), "{}", answer.text());
        self.note(format!("2027 announced: {lines} {}", answer.status));
        // Deadlines follow through a job; until then the lists show the former days.
        self.test.run_jobs_without_papers().await;
    }

    async fn forget(&mut self) {
        let sql = "SELECT DISTINCT person AS id FROM case_file ORDER BY person LIMIT 50";
        let Some(person) = self.one_of(sql).await else {
            return;
        };
        // Once in a while is enough: nobody lives on after it.
        if self.below(3) > 0 {
            return;
        }
        let region = self.test.house.configuration().site.region;
        let person: PersonId = person.parse().unwrap();
        self.note(format!("{person} forgotten"));
        match self.test.house.ledger().forget(region, person).await {
            Ok(()) | Err(ForgetError::Unknown(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}
