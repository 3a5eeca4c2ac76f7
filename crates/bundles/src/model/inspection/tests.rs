//! What is allowed and refused about appointments on the spot, and what follows for granting.

use expect_test::{Expect, expect};
use jiff::{Timestamp, civil::DateTime};
use wuchuang_cases::model::{Applicant, ApplicantKind, DeliveryChoice};
use wuchuang_kernel::{
    Actor, BundleId, CaseId, Channel, CommandId, ItemId, PersonId, Personal, Rejection, StreamId,
};
use wuchuang_ledger::{Context, Stream};

use super::{
    super::{
        InspectionKind, JointCommand, JointEvent, JointState, JointStream, JointSubmission, Part,
        PartApplication, PartKey, SubmittedPart, content::WhenRefused,
    },
    Appointment, Finding, InspectionCommand,
};

const PERSON: PersonId = PersonId::from_u128(9);
/// A Monday morning in the county.
const NOW: &str = "2026-11-23T01:00:00Z";

pub(in crate::model) fn part(serial: u128, inspections: &[InspectionKind]) -> SubmittedPart {
    let own = |text: &str| Personal::new(PERSON, text.to_owned());
    SubmittedPart {
        id: ItemId::from_u128(serial).into(),
        item_version: 1,
        item_name: format!("事项{serial}"),
        department: format!("部门{serial}"),
        key: CommandId::from_u128(serial),
        application: PartApplication {
            applicant: Applicant {
                person: PERSON,
                kind: ApplicantKind::Organisation,
                name: own("兴盛餐饮"),
                number: own(""),
                phone: own(""),
                address: own(""),
                email: own(""),
            },
            agent: None,
            answers: Personal::new(PERSON, serde_json::json!({})),
            materials: Vec::new(),
            delivery: DeliveryChoice::Counter,
            undertaking: None,
            known: Vec::new(),
            handled_by: None,
        },
        after: Vec::new(),
        when_refused: WhenRefused::End,
        inspections: inspections.to_vec(),
    }
}

pub(in crate::model) fn key(serial: u128) -> PartKey {
    ItemId::from_u128(serial).into()
}

/// An application on its way.
pub(in crate::model) struct Story {
    pub(in crate::model) state: JointState,
    now: Timestamp,
}

impl Story {
    pub(in crate::model) fn new(parts: Vec<SubmittedPart>) -> Self {
        let mut story = Self {
            state: JointState::default(),
            now: NOW.parse().unwrap(),
        };
        let submission = JointSubmission {
            bundle: BundleId::from_u128(1),
            bundle_version: 1,
            name: "我要开餐饮店".into(),
            refusal: String::new(),
            person: PERSON,
            check_code: "7K3M9Q".into(),
            parts,
            lead: None,
            stores: Vec::new(),
        };
        story
            .send(&JointCommand::Submit(Box::new(submission)))
            .unwrap();
        story
    }

    pub(in crate::model) fn send(
        &mut self,
        command: &JointCommand,
    ) -> Result<Vec<JointEvent>, Rejection> {
        let actor = Actor::citizen(Some(PERSON));
        let calendar = wuchuang_calendar::Calendar::embedded();
        let context = Context {
            region: "610924".parse().unwrap(),
            stream: StreamId::from_u128(5),
            now: self.now,
            actor: &actor,
            channel: Channel::Portal,
            calendar: &calendar,
            number: Some(1),
        };
        let events = JointStream::decide(&self.state, command, &context)?;
        for event in &events {
            // What is stored reads back as what it was.
            let stored = serde_json::to_string(event).unwrap();
            let read: JointEvent = serde_json::from_str(&stored).unwrap();
            JointStream::apply(&mut self.state, &read, self.now);
        }
        Ok(events)
    }

    pub(in crate::model) fn open(&mut self, serial: u128) {
        self.send(&JointCommand::RecordCase {
            part: key(serial),
            case: CaseId::from_u128(serial),
            number: format!("610924AAAA2026112300000{serial}"),
        })
        .unwrap();
    }

    fn inspect(&mut self, command: InspectionCommand) -> String {
        match self.send(&JointCommand::Inspection(command)) {
            Ok(events) => format!("{} events", events.len()),
            Err(refusal) => format!(
                "{}: {}",
                refusal.field.as_deref().unwrap_or("-"),
                refusal.public
            ),
        }
    }

    fn on_day(&mut self, now: &str) {
        self.now = now.parse().unwrap();
    }

    fn held(&self, serial: u128) -> String {
        let joint = self.state.0.as_deref().unwrap();
        joint.holds_back(key(serial)).unwrap_or_default()
    }
}

fn words(text: &str) -> Personal<String> {
    Personal::new(PERSON, text.to_owned())
}

fn appointment(at: &str) -> Appointment {
    Appointment {
        at: at.parse::<DateTime>().unwrap(),
        place: words("城关镇环城路126号"),
    }
}

fn arrange(at: &str, parts: &[u128]) -> InspectionCommand {
    InspectionCommand::Arrange {
        kind: InspectionKind::Survey,
        appointment: appointment(at),
        parts: parts.iter().map(|serial| key(*serial)).collect(),
    }
}

fn sign(inspection: u32, serial: u128, finding: Finding) -> InspectionCommand {
    InspectionCommand::Sign {
        inspection,
        part: key(serial),
        finding,
        organisation: format!("部门{serial}"),
    }
}

fn pass() -> Finding {
    Finding::Pass { words: words("") }
}

fn rectify(by: &str) -> Finding {
    Finding::Rectify {
        words: words("清理疏散通道"),
        by: by.parse().unwrap(),
    }
}

/// Two parts that are looked at together and one that is not; the cases of all are there.
fn story() -> Story {
    let survey = [InspectionKind::Survey];
    let mut story = Story::new(vec![part(1, &survey), part(2, &survey), part(3, &[])]);
    for serial in 1..=3 {
        story.open(serial);
    }
    story
}

fn check(story: &mut Story, command: InspectionCommand, expected: Expect) {
    expected.assert_eq(&story.inspect(command));
}

#[test]
fn what_cannot_be_arranged_is_said_with_the_way_out() {
    let mut story = story();
    check(
        &mut story,
        arrange("2026-11-23T08:30", &[1]),
        expect!["at: 约定的时间11月23日 08:30已经过去，请选以后的时间。"],
    );
    check(
        &mut story,
        arrange("2026-11-28T09:30", &[1]),
        expect!["at: 11月28日不是工作日，请选工作日，最近的是11月30日。"],
    );
    check(
        &mut story,
        arrange("2028-11-28T09:30", &[1]),
        expect!["at: 约定的时间太远，请选半年以内的工作日。"],
    );
    check(
        &mut story,
        arrange("2026-11-25T09:30", &[]),
        expect!["parts: 请勾选参加联合踏勘的事项，至少一个。"],
    );
    check(
        &mut story,
        arrange("2026-11-25T09:30", &[1, 3]),
        expect![
            "parts: “事项3”不能参加联合踏勘：它不需要、还没有开办，或者已经合格。请刷新页面再选。"
        ],
    );
    check(
        &mut story,
        arrange("2026-11-25T09:30", &[1, 2]),
        expect!["1 events"],
    );
    check(
        &mut story,
        arrange("2026-11-26T09:30", &[1, 2]),
        expect!["-: 已经约了11月25日 09:30的联合踏勘，请改期或者先取消它，再安排新的。"],
    );
}

#[test]
fn an_appointment_is_moved_and_called_off_with_a_reason() {
    let mut story = story();
    story.inspect(arrange("2026-11-25T09:30", &[1, 2]));
    let moved = |at: &str, reason: &str| InspectionCommand::Move {
        inspection: 1,
        appointment: appointment(at),
        reason: words(reason),
    };
    check(
        &mut story,
        moved("2026-11-25T09:30", "停电"),
        expect!["at: 时间和地点都没有变，不用改期。"],
    );
    check(
        &mut story,
        moved("2026-11-26T09:30", " "),
        expect!["reason: 请写明为什么改期（1至500字）。"],
    );
    check(
        &mut story,
        moved("2026-11-26T09:30", "停电"),
        expect!["1 events"],
    );
    let cancel = InspectionCommand::Cancel {
        inspection: 1,
        reason: words("申请人要求"),
    };
    check(&mut story, cancel.clone(), expect!["1 events"]);
    check(
        &mut story,
        cancel,
        expect!["-: 这一次联合踏勘已经取消，需要的话请重新安排。"],
    );
    check(
        &mut story,
        sign(1, 1, pass()),
        expect!["-: 这一次联合踏勘已经取消，需要的话请重新安排。"],
    );
    check(
        &mut story,
        sign(7, 1, pass()),
        expect!["-: 没有这一次踏勘或验收，请刷新页面再看。"],
    );
}

#[test]
fn each_department_signs_once_and_grants_only_what_passed() {
    let mut story = story();
    let unarranged = story.held(1);
    assert!(unarranged.contains("还没有约定时间"), "{unarranged}");
    assert_eq!(story.held(3), "", "nothing is looked at for it");
    story.inspect(arrange("2026-11-25T09:30", &[1, 2]));
    check(
        &mut story,
        sign(1, 1, pass()),
        expect![
            "-: 联合踏勘约在11月25日 09:30，到那天才能签署意见。提前进行的，请牵头单位先改期。"
        ],
    );
    story.on_day("2026-11-25T03:00:00Z");
    check(
        &mut story,
        sign(1, 3, pass()),
        expect!["part: 这个事项不参加这一次联合踏勘，请刷新页面再看。"],
    );
    check(&mut story, sign(1, 1, pass()), expect!["1 events"]);
    check(
        &mut story,
        sign(1, 1, pass()),
        expect!["-: 部门1已经签署过（合格），一个事项只签一次。需要再看一次的，请另外安排。"],
    );
    check(
        &mut story,
        sign(1, 2, rectify("2026-11-25")),
        expect!["by: 整改期限要在今天以后、一年以内，请改正。"],
    );
    let begun = InspectionCommand::Move {
        inspection: 1,
        appointment: appointment("2026-11-27T09:30"),
        reason: words("停电"),
    };
    check(
        &mut story,
        begun,
        expect!["-: 已经有单位签署，说明联合踏勘已经进行，不能改期。"],
    );
    // The last signature makes the record.
    check(
        &mut story,
        sign(1, 2, rectify("2026-12-04")),
        expect!["2 events"],
    );
    assert_eq!(story.held(1), "");
    let mending = story.held(2);
    assert!(mending.contains("需要整改"), "{mending}");
    check(
        &mut story,
        sign(1, 2, pass()),
        expect!["-: 部门2已经签署过（需要整改），一个事项只签一次。需要再看一次的，请另外安排。"],
    );
}

#[test]
fn what_was_mended_is_looked_at_again_by_those_who_did_not_pass() {
    let mut story = story();
    story.inspect(arrange("2026-11-25T09:30", &[1, 2]));
    story.on_day("2026-11-25T03:00:00Z");
    story.inspect(sign(1, 1, pass()));
    story.inspect(sign(1, 2, rectify("2026-12-04")));
    check(
        &mut story,
        arrange("2026-12-07T09:30", &[1, 2]),
        expect![
            "parts: “事项1”不能参加联合踏勘：它不需要、还没有开办，或者已经合格。请刷新页面再选。"
        ],
    );
    check(
        &mut story,
        arrange("2026-12-07T09:30", &[2]),
        expect!["1 events"],
    );
    let again = story.held(2);
    assert!(again.contains("还没有本事项的意见"), "{again}");
    story.on_day("2026-12-07T03:00:00Z");
    check(&mut story, sign(2, 2, pass()), expect!["2 events"]);
    assert_eq!(story.held(2), "");
    let joint = story.state.0.as_deref().unwrap();
    assert_eq!(joint.to_inspect(InspectionKind::Survey), Vec::new());
    let leading = joint.leading().map(|part: &Part| part.submitted.id);
    assert_eq!(leading, Some(key(1)));
}
