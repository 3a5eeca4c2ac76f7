//! What is refused about appointments on the spot, each with a sentence that names the way out, and what follows.

use jiff::Timestamp;
use wuchuang_kernel::{Personal, Rejection, china_date, china_time};
use wuchuang_ledger::Context;

use super::{
    super::{InspectionKind, Joint, JointEvent, PartKey},
    Appointment, Finding, Inspection, InspectionCommand, InspectionEvent, Signature, moment,
};

/// How many appointments an application may have.
const INSPECTIONS_MAX: usize = 30;
/// How far ahead an appointment may lie, in days.
const AHEAD_DAYS_MAX: i32 = 180;
/// How long a place may be, in characters.
const PLACE_CHARACTERS_MAX: usize = 100;
/// How long reasons and findings may be, in characters.
const WORDS_CHARACTERS_MAX: usize = 500;

impl Joint {
    fn inspection(&self, serial: u32) -> Result<&Inspection, Rejection> {
        self.inspections
            .iter()
            .find(|inspection| inspection.serial == serial)
            .ok_or_else(|| {
                Rejection::new(
                    "inspection_unknown",
                    "没有这一次踏勘或验收，请刷新页面再看。",
                )
            })
    }

    fn open_inspection(&self, serial: u32) -> Result<&Inspection, Rejection> {
        let inspection = self.inspection(serial)?;
        let name = inspection.kind.name();
        if inspection.cancelled.is_some() {
            let text = format!("这一次{name}已经取消，需要的话请重新安排。");
            return Err(Rejection::new("inspection_cancelled", text));
        }
        if inspection.concluded_at.is_some() {
            let text = format!(
                "这一次{name}各单位都已签署，笔录已经形成，不能再改。需要再看一次的，请另外安排。"
            );
            return Err(Rejection::new("inspection_concluded", text));
        }
        Ok(inspection)
    }
}

/// What follows from a command about appointments.
pub(in crate::model) fn decide(
    joint: &Joint,
    command: &InspectionCommand,
    context: &Context<'_>,
) -> Result<Vec<JointEvent>, Rejection> {
    let by = context.actor.person;
    let events = match command {
        InspectionCommand::Arrange {
            kind,
            appointment,
            parts,
        } => {
            check_arrangement(joint, *kind, parts)?;
            check_appointment(appointment, context)?;
            vec![InspectionEvent::Arranged {
                inspection: u32::try_from(joint.inspections.len() + 1).unwrap_or(u32::MAX),
                kind: *kind,
                appointment: appointment.clone(),
                parts: parts.clone(),
                by,
            }]
        }
        InspectionCommand::Move {
            inspection,
            appointment,
            reason,
        } => {
            let found = joint.open_inspection(*inspection)?;
            if found.parts.iter().any(|(_, signature)| signature.is_some()) {
                let text = format!(
                    "已经有单位签署，说明{}已经进行，不能改期。",
                    found.kind.name()
                );
                return Err(Rejection::new("inspection_begun", text));
            }
            if found.appointment == *appointment {
                let text = "时间和地点都没有变，不用改期。";
                return Err(Rejection::new("nothing_changed", text).at("at"));
            }
            check_words(reason, "reason", "请写明为什么改期（1至500字）。")?;
            check_appointment(appointment, context)?;
            vec![InspectionEvent::Moved {
                inspection: *inspection,
                appointment: appointment.clone(),
                reason: reason.clone(),
                by,
            }]
        }
        InspectionCommand::Cancel { inspection, reason } => {
            joint.open_inspection(*inspection)?;
            check_words(reason, "reason", "请写明为什么取消（1至500字）。")?;
            vec![InspectionEvent::Cancelled {
                inspection: *inspection,
                reason: reason.clone(),
                by,
            }]
        }
        InspectionCommand::Sign {
            inspection,
            part,
            finding,
            organisation,
        } => sign(joint, (*inspection, *part), finding, organisation, context)?,
    };
    Ok(events.into_iter().map(JointEvent::Inspection).collect())
}

fn check_arrangement(
    joint: &Joint,
    kind: InspectionKind,
    parts: &[PartKey],
) -> Result<(), Rejection> {
    let name = kind.name();
    let is_open = |inspection: &&Inspection| inspection.kind == kind && inspection.is_open();
    if let Some(open) = joint.inspections.iter().find(is_open) {
        let text = format!(
            "已经约了{}的{name}，请改期或者先取消它，再安排新的。",
            moment(open.appointment.at)
        );
        return Err(Rejection::new("inspection_open", text));
    }
    if joint.inspections.len() >= INSPECTIONS_MAX {
        let text = "这件事安排的踏勘和验收太多（最多30次），请核对。";
        return Err(Rejection::new("inspection_many", text));
    }
    if parts.is_empty() {
        let text = format!("请勾选参加{name}的事项，至少一个。");
        return Err(Rejection::new("inspection_parts", text).at("parts"));
    }
    let able = joint.to_inspect(kind);
    for (index, part) in parts.iter().enumerate() {
        if !able.contains(part) || parts[..index].contains(part) {
            let item = joint.part(*part);
            let item = item.map_or("有一个事项", |part| &part.submitted.item_name);
            let text = format!(
                "“{item}”不能参加{name}：它不需要、还没有开办，或者已经合格。请刷新页面再选。"
            );
            return Err(Rejection::new("inspection_parts", text).at("parts"));
        }
    }
    Ok(())
}

fn check_appointment(appointment: &Appointment, context: &Context<'_>) -> Result<(), Rejection> {
    let refused = |text: String| Err(Rejection::new("appointment_wrong", text).at("at"));
    let (today, day) = (china_date(context.now), appointment.at.date());
    if appointment.at <= china_time(context.now) {
        return refused(format!(
            "约定的时间{}已经过去，请选以后的时间。",
            moment(appointment.at)
        ));
    }
    if !context.calendar.is_working_day(day) {
        let next = context.calendar.working_day_at_or_after(day);
        return refused(format!(
            "{}月{}日不是工作日，请选工作日，最近的是{}月{}日。",
            day.month(),
            day.day(),
            next.month(),
            next.day()
        ));
    }
    if (day - today).get_days() > AHEAD_DAYS_MAX {
        return refused("约定的时间太远，请选半年以内的工作日。".to_owned());
    }
    let characters = appointment.place.text().trim().chars().count();
    if !(1..=PLACE_CHARACTERS_MAX).contains(&characters) {
        let text = "请填写在哪里集合（1至100字）。";
        return Err(Rejection::new("appointment_wrong", text).at("place"));
    }
    Ok(())
}

fn check_words(words: &Personal<String>, field: &str, text: &'static str) -> Result<(), Rejection> {
    let characters = words.text().trim().chars().count();
    if (1..=WORDS_CHARACTERS_MAX).contains(&characters) {
        Ok(())
    } else {
        Err(Rejection::new("words_needed", text).at(field.to_owned()))
    }
}

fn sign(
    joint: &Joint,
    (serial, part): (u32, PartKey),
    finding: &Finding,
    organisation: &str,
    context: &Context<'_>,
) -> Result<Vec<InspectionEvent>, Rejection> {
    // Whoever signs again after the last one signed should read that theirs is there, not that the record is closed.
    let signed = joint.inspection(serial)?.signature(part);
    if let Some(signature) = signed {
        let text = format!(
            "{}已经签署过（{}），一个事项只签一次。需要再看一次的，请另外安排。",
            signature.organisation,
            signature.finding.name()
        );
        return Err(Rejection::new("signed_already", text));
    }
    let inspection = joint.open_inspection(serial)?;
    let name = inspection.kind.name();
    if !inspection.parts.iter().any(|(known, _)| *known == part) {
        let text = format!("这个事项不参加这一次{name}，请刷新页面再看。");
        return Err(Rejection::new("part_unknown", text).at("part"));
    }
    let (today, day) = (china_date(context.now), inspection.appointment.at.date());
    if today < day {
        let text = format!(
            "{name}约在{}，到那天才能签署意见。提前进行的，请牵头单位先改期。",
            moment(inspection.appointment.at)
        );
        return Err(Rejection::new("inspection_ahead", text));
    }
    match finding {
        Finding::Pass { words } => {
            if words.text().chars().count() > WORDS_CHARACTERS_MAX {
                let text = "意见最多500字，请删减。";
                return Err(Rejection::new("words_needed", text).at("words"));
            }
        }
        Finding::Rectify { words, by } => {
            check_words(words, "words", "请写明要整改什么（1至500字）。")?;
            if *by <= today || (*by - today).get_days() > 2 * AHEAD_DAYS_MAX {
                let text = "整改期限要在今天以后、一年以内，请改正。";
                return Err(Rejection::new("rectify_by", text).at("by"));
            }
        }
        Finding::Fail { words } => {
            check_words(words, "words", "请写明为什么不合格（1至500字）。")?;
        }
    }
    let mut events = vec![InspectionEvent::Signed {
        inspection: serial,
        part,
        finding: finding.clone(),
        organisation: organisation.to_owned(),
        by: context.actor.person,
    }];
    let others = inspection.parts.iter().filter(|(known, _)| *known != part);
    if others.clone().all(|(_, signature)| signature.is_some()) {
        events.push(InspectionEvent::Concluded { inspection: serial });
    }
    Ok(events)
}

/// What an event makes of the appointments.
pub(in crate::model) fn apply(joint: &mut Joint, event: &InspectionEvent, now: Timestamp) {
    let serial = match event {
        InspectionEvent::Arranged {
            inspection,
            kind,
            appointment,
            parts,
            ..
        } => {
            joint.inspections.push(Inspection {
                serial: *inspection,
                kind: *kind,
                appointment: appointment.clone(),
                parts: parts.iter().map(|part| (*part, None)).collect(),
                moved: None,
                cancelled: None,
                concluded_at: None,
            });
            return;
        }
        InspectionEvent::Moved { inspection, .. }
        | InspectionEvent::Cancelled { inspection, .. }
        | InspectionEvent::Signed { inspection, .. }
        | InspectionEvent::Concluded { inspection } => *inspection,
    };
    let mut all = joint.inspections.iter_mut();
    if let Some(inspection) = all.find(|known| known.serial == serial) {
        change(inspection, event, now);
    }
}

fn change(inspection: &mut Inspection, event: &InspectionEvent, now: Timestamp) {
    match event {
        InspectionEvent::Arranged { .. } => {}
        InspectionEvent::Moved {
            appointment,
            reason,
            ..
        } => {
            inspection.appointment = appointment.clone();
            inspection.moved = Some(reason.clone());
        }
        InspectionEvent::Cancelled { reason, .. } => inspection.cancelled = Some(reason.clone()),
        InspectionEvent::Signed {
            part,
            finding,
            organisation,
            by,
            ..
        } => {
            let mut places = inspection.parts.iter_mut();
            if let Some((_, signature)) = places.find(|(known, _)| known == part) {
                *signature = Some(Signature {
                    finding: finding.clone(),
                    organisation: organisation.clone(),
                    by: *by,
                    at: now,
                });
            }
        }
        InspectionEvent::Concluded { .. } => inspection.concluded_at = Some(now),
    }
}
