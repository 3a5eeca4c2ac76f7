//! A restaurant on both engines: a part that waits is opened when the earlier one is granted or ends when it is not, two
//! departments go together, and nobody grants what did not pass.

use wuchuang_cases::{
    belonging::Belonging,
    model::{CaseCommand, Material, MaterialSource, NotAcceptedGround},
};
use wuchuang_kernel::{Actor, CaseId, Channel, CommandId, JointId, Personal};
use wuchuang_ledger::{Order, testing};

use super::{House, PERSON, house, order, region};
use crate::{
    Bundles,
    belonging::record_path,
    model::{
        Finding, InspectionCommand, InspectionKind, Joint, Part, PartOutcome,
        inspection::Appointment,
    },
};

const RESTAURANT: [(&str, &str); 2] = [("register", "not_yet"), ("also", "gathering")];
const REGISTER: &str = "个体工商户设立登记";
const FOOD: &str = "食品经营许可核发";
const FIRE: &str = "公众聚集场所投入使用、营业前消防安全检查";

fn office(key: u128) -> Order {
    Order {
        actor: Actor::SYSTEM,
        channel: Channel::Office,
        ..order(key)
    }
}

fn part<'a>(joint: &'a Joint, name: &str) -> &'a Part {
    let mut parts = joint.parts.iter();
    let found = parts.find(|part| part.submitted.item_name == name);
    found.unwrap()
}

fn own(text: &str) -> Personal<String> {
    Personal::new(PERSON, text.to_owned())
}

fn sign(inspection: u32, part: &Part, finding: Finding) -> InspectionCommand {
    InspectionCommand::Sign {
        inspection,
        part: part.submitted.id,
        finding,
        organisation: part.submitted.department.clone(),
    }
}

impl House {
    /// Hands in for a restaurant whose owner is not registered yet.
    async fn restaurant(&self) -> JointId {
        let mut input = self.input_for("S02", &RESTAURANT).await;
        for part in &mut input.parts {
            let wanted = part.item.content.materials.iter();
            let given = wanted.enumerate().map(|(index, wanted)| Material {
                id: self.bundles.cases().material_of(order(1).command_id, index),
                requirement: Some(wanted.id.clone()),
                name: wanted.name.clone(),
                source: MaterialSource::Paper { copies: 1 },
                files: Vec::new(),
            });
            part.materials = given.collect();
        }
        self.bundles.submit(input, order(1)).await.unwrap()
    }

    async fn act(&self, case: CaseId, command: CaseCommand, key: u128) -> Result<(), String> {
        let done = self.bundles.cases().act(case, command, office(key)).await;
        done.map(|_| ())
            .map_err(|failure| failure.code.into_owned())
    }

    /// Why a case is not granted.
    async fn refused_grant(&self, case: CaseId, key: u128) -> String {
        let grant = CaseCommand::Grant {
            opinion: own("准予。"),
        };
        self.act(case, grant, key).await.unwrap_err()
    }

    async fn inspect(&self, id: JointId, command: InspectionCommand, key: u128) {
        let done = self.bundles.inspect(id, command, office(key)).await;
        done.unwrap();
    }
}

#[tokio::test]
async fn a_part_waits_for_the_earlier_one_and_two_departments_go_together() {
    for (engine, database) in testing::databases().await {
        let house = house(database).await;
        let id = house.restaurant().await;
        let joint = house.joint(1).await;
        assert_eq!(part(&joint, FOOD).outcome, PartOutcome::Waiting, "{engine}");
        let register = part(&joint, REGISTER).case().unwrap();
        house.run_jobs().await;
        let joint = house.joint(1).await;
        assert_eq!(part(&joint, FOOD).outcome, PartOutcome::Waiting, "{engine}");

        let granted = CaseCommand::AcceptAndGrant {
            opinion: own("准予登记。"),
        };
        house.act(register, granted, 11).await.unwrap();
        house.run_jobs().await;
        let joint = house.joint(1).await;
        let (food, fire) = (part(&joint, FOOD), part(&joint, FIRE));
        let (food_case, fire_case) = (food.case().unwrap(), fire.case().unwrap());

        let refused = house.refused_grant(food_case, 12).await;
        assert_eq!(refused, "inspection_not_passed", "{engine}");
        let arrange = InspectionCommand::Arrange {
            kind: InspectionKind::Survey,
            appointment: Appointment {
                at: "2026-11-23T15:00".parse().unwrap(),
                place: own("城关镇环城路126号"),
            },
            parts: vec![food.submitted.id, fire.submitted.id],
        };
        house.inspect(id, arrange, 13).await;
        let mending = Finding::Rectify {
            words: own("疏散通道堆放杂物"),
            by: "2026-12-04".parse().unwrap(),
        };
        house.inspect(id, sign(1, fire, mending), 14).await;
        let passed = Finding::Pass { words: own("") };
        house.inspect(id, sign(1, food, passed.clone()), 15).await;
        let again = sign(1, food, passed.clone());
        let twice = house.bundles.inspect(id, again, office(16)).await;
        assert_eq!(twice.unwrap_err().code, "signed_already", "{engine}");

        // The one that passed is no longer held back: what refuses now is the case itself.
        let refused = house.refused_grant(food_case, 17).await;
        assert_ne!(refused, "inspection_not_passed", "{engine}");
        let refused = house.refused_grant(fire_case, 18).await;
        assert_eq!(refused, "inspection_not_passed", "{engine}");
        let whole = house.bundles.whole_of(region(), fire_case).await.unwrap();
        let whole = whole.unwrap();
        assert!(whole.on_the_spot[0].contains("需要整改"), "{engine}");
        let records = vec![("联合踏勘笔录（11月23日）".to_owned(), record_path(id, 1))];
        assert_eq!(whole.records, records, "{engine}");
        house.ledger.forget(region(), PERSON).await.unwrap();
        house.check_replay(engine).await;
    }
}

#[tokio::test]
async fn a_part_ends_when_the_earlier_one_is_not_granted() {
    for (engine, database) in testing::databases().await {
        let house = house(database).await;
        let id = house.restaurant().await;
        assert_eq!(id, Bundles::joint_of(CommandId::from_u128(1)), "{engine}");
        let joint = house.joint(1).await;
        let refuse = CaseCommand::RefuseAcceptance {
            ground: NotAcceptedGround::Other,
            reason: own("不属于受理范围"),
        };
        let register = part(&joint, REGISTER).case().unwrap();
        house.act(register, refuse, 11).await.unwrap();
        house.run_jobs().await;
        house.run_jobs().await;
        let joint = house.joint(1).await;
        assert!(
            matches!(&part(&joint, FOOD).outcome, PartOutcome::Refused { reason } if reason.contains("没有批准")),
            "{engine}: {:?}",
            part(&joint, FOOD).outcome
        );
        assert!(part(&joint, FIRE).case().is_some(), "{engine}");
        house.check_replay(engine).await;
    }
}
