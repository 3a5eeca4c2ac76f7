//! 提速: what a bundle saves against doing its items one by one (acceptance row 4.4). Everything is computed from the items in
//! force and from the applications that were handed in; nothing is stated.

use jiff::{Timestamp, civil::Date};
use rust_xlsxwriter::{Format, FormatBorder, Workbook, XlsxError};
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_cases::store::CaseRow;
use wuchuang_catalogue::model::{ItemContent, LimitUnit, TimeLimit};
use wuchuang_kernel::{Region, china_date};
use wuchuang_webkit::Failure;

use crate::{joined::Joined, model::Member, service::Bundles};

/// How many of the newest applications the time that was really taken is computed from.
const JOINTS_MAX: i64 = 1_000;
/// 提交、受理、决定、送达: what every item has besides its own steps.
const STEPS_OF_EVERY_ITEM: u32 = 4;

/// One figure, doing the items one by one and together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Compared {
    /// One by one.
    #[schema(example = 22)]
    pub before: u32,
    /// Together.
    #[schema(example = 9)]
    pub after: u32,
}

impl Compared {
    /// What is saved, in tenths of a per cent; `None` where there is nothing to save from.
    pub fn saved_tenths(self) -> Option<u32> {
        (self.before > 0)
            .then(|| self.before.saturating_sub(self.after).saturating_mul(1000) / self.before)
    }

    /// What is saved in words: `54.3%`, or `—` where there is nothing to save from.
    pub fn saved(self) -> String {
        self.saved_tenths().map_or_else(
            || "—".to_owned(),
            |tenths| format!("{}.{}%", tenths / 10, tenths % 10),
        )
    }

    fn add(&mut self, other: Self) {
        self.before += other.before;
        self.after += other.after;
    }
}

/// What one bundle saves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Speed {
    /// The bundle's key.
    #[schema(example = "B11")]
    pub code: String,
    /// Its name.
    #[schema(example = "企业经营")]
    pub name: String,
    /// How many items it has.
    #[schema(example = 8)]
    pub members: u32,
    /// How many of them can be applied for together here; the figures are about these.
    #[schema(example = 5)]
    pub together: u32,
    /// 环节: one after the other against the longest path.
    pub steps: Compared,
    /// 填写项: questions that the applicant answers.
    pub questions: Compared,
    /// 材料.
    pub materials: Compared,
    /// 跑动次数.
    pub visits: Compared,
    /// 时限 as promised, in working days.
    pub days: Compared,
    /// How many applications have ended.
    #[schema(example = 3)]
    pub ended: u32,
    /// The time that these took, in working days: each case's own added up, against from the first day to the last.
    pub taken: Compared,
}

/// A promised limit in working days; calendar days at five in seven.
fn working_days(limit: &TimeLimit) -> u32 {
    let value = u32::from(limit.value);
    match limit.unit {
        LimitUnit::WorkingDays => value,
        LimitUnit::CalendarDays => (value * 5).div_ceil(7),
        LimitUnit::OnTheSpot => 0,
    }
}

fn own_steps(content: &ItemContent) -> u32 {
    u32::try_from(content.steps.len()).unwrap_or(u32::MAX)
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Figures from the items as they are in force.
fn of_items(joined: &Joined) -> Speed {
    let contents = || joined.members.iter().map(|member| &member.item.content);
    let sum = |figure: fn(&ItemContent) -> u32| contents().map(figure).sum();
    let most = |figure: fn(&ItemContent) -> u32| contents().map(figure).max().unwrap_or(0);
    let asked = |figure: fn(&ItemContent) -> u32| Compared {
        before: sum(figure),
        after: figure(&joined.item.content),
    };
    Speed {
        together: count(joined.members.len()),
        steps: Compared {
            before: sum(|content| STEPS_OF_EVERY_ITEM + own_steps(content)),
            after: STEPS_OF_EVERY_ITEM + most(own_steps),
        },
        questions: Compared {
            before: joined
                .members
                .iter()
                .map(|member| count(member.form.fields().len()))
                .sum(),
            after: count(joined.form.fields().len()),
        },
        materials: asked(|content| count(content.materials.len())),
        visits: Compared {
            before: sum(|content| u32::from(content.max_visits)),
            after: most(|content| u32::from(content.max_visits)),
        },
        days: Compared {
            before: sum(|content| working_days(&content.promised_limit)),
            after: most(|content| working_days(&content.promised_limit)),
        },
        ..Speed::default()
    }
}

/// The report: every bundle in force in the order of the trees, with all its items that can be applied for together.
///
/// # Errors
/// Whatever storage reports, or a form that does not read.
pub async fn report(bundles: &Bundles, region: Region) -> Result<Vec<Speed>, Failure> {
    let mut lines = Vec::new();
    for version in bundles.published(region).await?.iter() {
        let content = &version.content;
        let linked = bundles.linked(content.members.iter().collect());
        let items: Vec<(&Member, _)> = linked
            .iter()
            .filter_map(|member| Some((member.member, member.offered()?.clone())))
            .collect();
        let mut speed = if items.is_empty() {
            Speed::default()
        } else {
            of_items(&Joined::of(version.clone(), &items).map_err(Failure::internal)?)
        };
        speed.code.clone_from(&content.code);
        speed.name.clone_from(&content.name);
        speed.members = count(content.members.len());
        lines.push((version.id.to_string(), speed));
    }
    let calendar = bundles.cases().ledger().calendar();
    for (joint, rows) in bundles.list(region, None, JOINTS_MAX).await? {
        if rows.is_empty() || rows.iter().any(|row| row.is_open) {
            continue;
        }
        let between = |from: Date, to: Date| {
            u32::try_from(calendar.working_days_between(from, to)).unwrap_or(0)
        };
        let known = lines.iter_mut().find(|(id, _)| *id == joint.bundle);
        if let Some((_, speed)) = known {
            speed.ended += 1;
            speed.taken.add(taken(&rows, between));
        }
    }
    Ok(lines.into_iter().map(|(_, speed)| speed).collect())
}

fn taken(rows: &[CaseRow], between: impl Fn(Date, Date) -> u32) -> Compared {
    let closed = |row: &CaseRow| {
        let at = Timestamp::from_microsecond(row.closed_at_us).unwrap_or(Timestamp::UNIX_EPOCH);
        china_date(at)
    };
    let received = |row: &CaseRow| china_date(row.received_at());
    let first = rows.iter().map(received).min();
    let last = rows.iter().map(closed).max();
    Compared {
        before: rows
            .iter()
            .map(|row| between(received(row), closed(row)))
            .sum(),
        after: first
            .zip(last)
            .map_or(0, |(first, last)| between(first, last)),
    }
}

/// All bundles together.
pub fn total(lines: &[Speed]) -> Speed {
    let mut total = Speed {
        name: "合计".to_owned(),
        ..Speed::default()
    };
    for line in lines {
        total.members += line.members;
        total.together += line.together;
        total.ended += line.ended;
        for (sum, figure) in [
            (&mut total.steps, line.steps),
            (&mut total.questions, line.questions),
            (&mut total.materials, line.materials),
            (&mut total.visits, line.visits),
            (&mut total.days, line.days),
            (&mut total.taken, line.taken),
        ] {
            sum.add(figure);
        }
    }
    total
}

impl Speed {
    /// The compared figures with their names, as page and workbook show them.
    pub fn figures(&self) -> [(&'static str, Compared); 6] {
        [
            ("环节", self.steps),
            ("填写项", self.questions),
            ("材料", self.materials),
            ("跑动", self.visits),
            ("承诺工作日", self.days),
            ("实际工作日", self.taken),
        ]
    }
}

/// The report as a workbook, with numbers as numbers.
///
/// # Errors
/// When the workbook cannot be put together.
pub fn workbook(lines: &[Speed]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_text_wrap();
    let percent = Format::new().set_num_format("0.0%");
    let sheet = book.add_worksheet();
    sheet.set_name("一件事提速")?.set_freeze_panes(1, 2)?;
    let mut titles: Vec<String> = ["编码", "一件事", "事项", "可一起办", "已办完"]
        .map(str::to_owned)
        .to_vec();
    for (name, _) in Speed::default().figures() {
        titles.extend([
            format!("{name}（逐个办）"),
            format!("{name}（一起办）"),
            format!("{name}减少"),
        ]);
    }
    for (column, title) in (0u16..).zip(&titles) {
        sheet.write_string_with_format(0, column, title, &head)?;
        sheet.set_column_width(column, 12)?;
    }
    let sum = total(lines);
    for (row, line) in (1u32..).zip(lines.iter().chain([&sum])) {
        sheet.write_string(row, 0, &line.code)?;
        sheet.write_string(row, 1, &line.name)?;
        for (column, number) in (2u16..).zip([line.members, line.together, line.ended]) {
            sheet.write_number(row, column, number)?;
        }
        for (place, (_, figure)) in (0u16..).zip(line.figures()) {
            let column = 5 + 3 * place;
            sheet.write_number(row, column, figure.before)?;
            sheet.write_number(row, column + 1, figure.after)?;
            if let Some(tenths) = figure.saved_tenths() {
                let share = f64::from(tenths) / 1000.0;
                sheet.write_number_with_format(row, column + 2, share, &percent)?;
            }
        }
    }
    book.save_to_buffer()
}
