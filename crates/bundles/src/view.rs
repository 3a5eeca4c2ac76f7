//! An application for a bundle as people read it: each part with where it lies, and one clock over all: the longest path
//! and who holds it now. It is read from the rows of the cases, so that the citizen's page, the progress page, the staff's
//! pages and programs say the same.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use wuchuang_calendar::Calendar;
use wuchuang_cases::store::CaseRow;
use wuchuang_catalogue::model::{LimitUnit, TimeLimit};
use wuchuang_kernel::{CaseId, JointId, Region, china_date, group_case_number};
use wuchuang_ledger::Ledger;
use wuchuang_webkit::{
    Failure,
    markup::{ClockView, Light},
    page::PageContext,
};

use crate::{
    model::{Joint, Part, PartKey, PartOutcome, inspection::moment},
    service::Bundles,
};

/// How a part ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It goes on.
    Open,
    /// 准予.
    Granted,
    /// 不予批准, 不予受理, 终止, or its case could not be opened.
    Refused,
    /// 撤回.
    Withdrawn,
}

/// One part.
pub struct PartView {
    /// The item's name.
    pub name: String,
    /// Who handles it now.
    pub organisation: String,
    /// Its case; `None` while it is opened, and when it could not be.
    pub case: Option<CaseId>,
    /// Its number in groups; empty without a case.
    pub number: String,
    /// The version of its case.
    pub version: Option<i64>,
    /// Where it stands, in Chinese.
    pub step: String,
    /// The stored stage of its case; empty without one.
    pub stage: String,
    /// Its light, while it goes on.
    pub clock: Option<ClockView>,
    /// How it ended.
    pub end: End,
    /// What that is called when nothing was granted: 没有批准, 不予受理, 已终止, 没有开办.
    pub refused: &'static str,
    /// What the applicant has to do; empty when nothing.
    pub asked: String,
    /// Why its case could not be opened; empty otherwise.
    pub reason: String,
    /// For which earlier items it waits before its case is opened; empty for all others.
    pub after: String,
    /// How it stands on the spot (联合踏勘、联合验收), in words; empty when nothing is arranged or found.
    pub on_the_spot: Vec<String>,
    /// Which part.
    pub key: PartKey,
    /// Until when it ends; for one that waits, as it follows from the earlier ones and its own promised limit.
    due: Option<Date>,
}

/// An application.
pub struct JointView {
    /// The application.
    pub id: JointId,
    /// The bundle's name.
    pub name: String,
    /// Its number in groups.
    pub number: String,
    /// When it was received, in words.
    pub received: String,
    /// The parts.
    pub parts: Vec<PartView>,
    /// The one clock; `None` when everything has ended.
    pub clock: Option<ClockView>,
    /// Which part takes longest, who holds it and until when; empty when everything has ended.
    pub longest: String,
    /// What it means that a part was refused; empty while none is.
    pub refusal: String,
    /// How many parts have ended.
    pub ended: usize,
    /// Whether its parts are stores (连锁门店) of one item.
    pub is_batch: bool,
}

/// `11月25日`.
pub fn day(page: &PageContext, date: Date) -> String {
    let (month, number) = (date.month(), date.day());
    page.tf("{month}月{day}日", &[("month", &month), ("day", &number)])
}

/// The worst of several lights, for lists: what is late is seen first.
pub fn worst(rows: &[CaseRow], today: Date) -> Light {
    let order = |light: &Light| match light {
        Light::Overdue => 0,
        Light::DueSoon => 1,
        Light::Normal => 2,
        Light::Paused => 3,
        Light::Finished => 4,
    };
    rows.iter()
        .map(|row| row.light(today))
        .min_by_key(order)
        .unwrap_or(Light::Normal)
}

/// The case that takes longest of those that go on.
pub fn longest(rows: &[CaseRow]) -> Option<&CaseRow> {
    rows.iter()
        .filter(|row| row.is_open)
        .max_by(|one, other| one.due_on.cmp(&other.due_on))
}

impl JointView {
    /// Reads an application with its cases.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn of(
        bundles: &Bundles,
        page: &PageContext,
        (region, now): (Region, Timestamp),
        (id, joint): (JointId, &Joint),
    ) -> Result<Self, Failure> {
        let ids: Vec<String> = joint
            .parts
            .iter()
            .filter_map(Part::case)
            .map(|case| case.to_string())
            .collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut rows = bundles.cases().rows(region, &ids).await?;
        let today = china_date(now);
        let ledger = bundles.cases().ledger();
        let mut parts: Vec<PartView> = joint
            .parts
            .iter()
            .map(|part| {
                let row = part.case().and_then(|case| rows.remove(&case.to_string()));
                let mut view = part_view(ledger, page, today, part, row);
                view.on_the_spot = on_the_spot(page, joint, view.key);
                if part.outcome == PartOutcome::Waiting {
                    let names = joint.awaited(&part.submitted);
                    let names: Vec<String> =
                        names.map(|one| one.submitted.item_name.clone()).collect();
                    view.after = names.join("、");
                    if !names.is_empty() {
                        "等前面的事项批准".clone_into(&mut view.step);
                    }
                }
                view
            })
            .collect();
        let promised = promised(bundles, joint).await?;
        expect(joint, &mut parts, (&promised, &ledger.calendar()), today);
        let has_refused = parts.iter().any(|part| part.end == End::Refused);
        let mut view = Self {
            id,
            name: joint.name.clone(),
            number: group_case_number(&joint.number),
            received: day(page, china_date(joint.received_at)),
            clock: None,
            longest: String::new(),
            refusal: if has_refused {
                joint.refusal.clone()
            } else {
                String::new()
            },
            ended: parts.iter().filter(|part| part.end != End::Open).count(),
            is_batch: joint.is_batch(),
            parts,
        };
        view.tell_longest(page);
        Ok(view)
    }

    fn tell_longest(&mut self, page: &PageContext) {
        let open = self.parts.iter().filter(|part| part.clock.is_some());
        if let Some(part) = open.max_by_key(|part| part.due) {
            self.clock.clone_from(&part.clock);
        }
        let open = self.parts.iter().filter(|part| part.end == End::Open);
        let open = open.filter(|part| part.clock.is_some() || part.due.is_some());
        let Some(part) = open.max_by_key(|part| part.due) else {
            return;
        };
        if let (false, Some(due)) = (part.after.is_empty(), part.due) {
            self.longest = page.tf(
                "用时最长的是“{item}”，要等“{earlier}”批准以后才开办，预计最迟{day}。",
                &[
                    ("item", &part.name),
                    ("earlier", &part.after),
                    ("day", &day(page, due)),
                ],
            );
            return;
        }
        let step = page.t(&part.step).into_owned();
        self.longest = page.tf(
            "用时最长的是“{item}”，现在在{organisation}，环节是{step}。",
            &[
                ("item", &part.name),
                ("organisation", &part.organisation),
                ("step", &step),
            ],
        );
    }

    /// Whether everything has ended.
    pub fn is_over(&self) -> bool {
        self.ended == self.parts.len()
    }

    /// How far it is, in words.
    pub fn progress(&self, page: &PageContext) -> String {
        let told = if self.is_batch {
            "{total} 家门店，已办完 {ended} 家"
        } else {
            "{total} 个事项，已办完 {ended} 个"
        };
        page.tf(
            told,
            &[("total", &self.parts.len()), ("ended", &self.ended)],
        )
    }
}

/// The promised limits of the parts that wait for others.
async fn promised(
    bundles: &Bundles,
    joint: &Joint,
) -> Result<BTreeMap<PartKey, TimeLimit>, Failure> {
    let mut promised = BTreeMap::new();
    for part in joint.waiting().filter(|part| !part.after.is_empty()) {
        let catalogue = bundles.catalogue();
        let version = catalogue.version(part.id.item, part.item_version).await?;
        if let Some(version) = version {
            promised.insert(part.id, version.content.promised_limit.clone());
        }
    }
    Ok(promised)
}

/// Until when the parts end that wait for others: the day of the last earlier one, and then their own promised limit.
fn expect(
    joint: &Joint,
    parts: &mut [PartView],
    (promised, calendar): (&BTreeMap<PartKey, TimeLimit>, &Calendar),
    today: Date,
) {
    // No part waits for itself, so that each turn settles at least one.
    for _ in 0..promised.len() {
        for index in 0..parts.len() {
            let key = parts[index].key;
            let (Some(limit), Some(part)) = (promised.get(&key), joint.part(key)) else {
                continue;
            };
            let earlier = joint.awaited(&part.submitted);
            let last = earlier
                .filter_map(|one| parts.iter().find(|view| view.key == one.submitted.id))
                .map(|view| view.due.filter(|_| view.end == End::Open).unwrap_or(today))
                .max();
            parts[index].due = last.map(|last| after(last.max(today), limit, calendar));
        }
    }
}

fn after(start: Date, limit: &TimeLimit, calendar: &Calendar) -> Date {
    let days = i32::from(limit.value);
    match limit.unit {
        LimitUnit::CalendarDays => start.saturating_add(jiff::Span::new().days(days)),
        _ => calendar.add_working_days(start, days),
    }
}

/// What is arranged for a part on the spot, or was found there.
fn on_the_spot(page: &PageContext, joint: &Joint, part: PartKey) -> Vec<String> {
    let mut told = Vec::new();
    for inspection in &joint.inspections {
        let takes_part = inspection.parts.iter().any(|(known, _)| *known == part);
        if !takes_part || inspection.cancelled.is_some() {
            continue;
        }
        let kind = page.t(inspection.kind.name()).into_owned();
        told.push(match inspection.signature(part) {
            None => page.tf(
                "{kind}：约在{time}",
                &[
                    ("kind", &kind),
                    ("time", &moment(inspection.appointment.at)),
                ],
            ),
            Some(signature) => {
                let result = page.t(signature.finding.name()).into_owned();
                page.tf("{kind}：{result}", &[("kind", &kind), ("result", &result)])
            }
        });
    }
    told
}

fn part_view(
    ledger: &Ledger,
    page: &PageContext,
    today: Date,
    part: &Part,
    row: Option<CaseRow>,
) -> PartView {
    let submitted = &part.submitted;
    let mut view = PartView {
        name: part.title(),
        after: String::new(),
        on_the_spot: Vec::new(),
        key: submitted.id,
        organisation: submitted.department.clone(),
        case: part.case(),
        number: String::new(),
        version: None,
        step: String::new(),
        stage: String::new(),
        clock: None,
        end: End::Open,
        refused: "没有批准",
        asked: String::new(),
        reason: String::new(),
        due: None,
    };
    match &part.outcome {
        PartOutcome::Waiting => "正在转到办理部门".clone_into(&mut view.step),
        PartOutcome::Refused { reason } => {
            view.end = End::Refused;
            view.refused = "没有开办";
            "没有受理".clone_into(&mut view.step);
            view.reason.clone_from(reason);
        }
        PartOutcome::Opened { number, .. } => {
            view.number = group_case_number(number);
            if let Some(row) = row {
                of_row(&mut view, ledger, page, today, row);
            }
        }
    }
    view
}

fn of_row(view: &mut PartView, ledger: &Ledger, page: &PageContext, today: Date, row: CaseRow) {
    view.end = match row.outcome.as_str() {
        "refused" | "not_accepted" | "terminated" => End::Refused,
        "withdrawn" => End::Withdrawn,
        "granted" if !row.is_open => End::Granted,
        _ => End::Open,
    };
    view.refused = match row.outcome.as_str() {
        "not_accepted" => "不予受理",
        "terminated" => "已终止",
        _ => "没有批准",
    };
    view.asked = if row.stage == "correcting" {
        page.t("请补正材料").into_owned()
    } else if row.supplement_due_on.is_empty() {
        String::new()
    } else {
        page.t("请补交容缺材料").into_owned()
    };
    view.clock = row.is_open.then(|| clock(ledger, page, today, &row));
    view.due = row.due();
    view.version = Some(row.version);
    view.step = row.step_name;
    view.stage = row.stage;
    view.organisation = row.organisation_name;
}

/// The light of a case with what is left of its time.
fn clock(ledger: &Ledger, page: &PageContext, today: Date, row: &CaseRow) -> ClockView {
    let light = row.light(today);
    let Some(due) = row.due().filter(|_| !row.is_paused) else {
        return ClockView {
            light,
            text: String::new(),
            detail: String::new(),
        };
    };
    let calendar = ledger.calendar();
    let text = if today > due {
        let days = calendar.working_days_between(due, today);
        page.tf("已超期 {count} 个工作日", &[("count", &days)])
    } else {
        match calendar.working_days_between(today, due) {
            0 => page.t("今天到期").into_owned(),
            days => page.tf("还剩 {count} 个工作日", &[("count", &days)]),
        }
    };
    ClockView {
        light,
        text,
        detail: page.tf("{day}前", &[("day", &day(page, due))]),
    }
}
