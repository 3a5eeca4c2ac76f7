//! 谁受理、谁审批、谁办结 (acceptance row 1.9): one line an item, from the catalogue and the delegations in force, as a page and
//! as a workbook. What is not written in an item is left empty, never guessed.

use std::collections::HashMap;

use jiff::civil::Date;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use wuchuang_access::{Directory, model::organisation::OrganisationKind};
use wuchuang_catalogue::{Catalogue, model::ItemVersion};
use wuchuang_kernel::{ItemId, OrganisationId, Region};
use wuchuang_webkit::Failure;

use crate::{
    model::{Delegation, Extent},
    service::Delegations,
};

/// Up to so many places are named in a cell of the page; more are counted by their kind.
const NAMED_MAX: usize = 3;

/// Who does one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixLine {
    /// The item.
    pub item: ItemId,
    /// Its name.
    pub name: String,
    /// The code that is printed; may be empty.
    pub code: String,
    /// 主管部门.
    pub department: String,
    /// 谁受理, beside those to which it was delegated.
    pub receives: Vec<String>,
    /// 谁审查: the steps before the decision.
    pub reviews: String,
    /// 谁决定, beside those to which it was delegated to the end.
    pub decides: String,
    /// 谁办结: who hands over, beside those that receive.
    pub closes: String,
    /// 谁监管: who watches over what was granted.
    pub supervises: String,
    /// Those that receive it, by kind: town, village, other.
    pub receivers: Vec<Place>,
    /// Those that decide it.
    pub deciders: Vec<Place>,
}

/// An organisation to which an item was delegated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// On which footing.
    pub way: &'static str,
}

/// Places as a cell of the page names them: each while they are few, else how many of each kind.
pub fn told(places: &[Place]) -> String {
    if places.len() <= NAMED_MAX {
        return listed(places);
    }
    let mut kinds: Vec<(OrganisationKind, usize)> = Vec::new();
    for place in places {
        match kinds.iter_mut().find(|(kind, _)| *kind == place.kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((place.kind, 1)),
        }
    }
    let kinds = kinds
        .iter()
        .map(|(kind, count)| format!("{count} 个{}", kind.name()));
    kinds.collect::<Vec<_>>().join("、")
}

/// All of them by name, with the footing.
pub fn listed(places: &[Place]) -> String {
    let names = places
        .iter()
        .map(|place| format!("{}（{}）", place.name, place.way));
    names.collect::<Vec<_>>().join("、")
}

/// The matrix of a day.
///
/// # Errors
/// Whatever storage reports.
pub async fn matrix(
    (catalogue, delegations, directory): (&Catalogue, &Delegations, &Directory),
    region: Region,
    day: Date,
) -> Result<Vec<MatrixLine>, Failure> {
    let organisations = directory.organisations(region).await?;
    let kinds: HashMap<OrganisationId, OrganisationKind> = organisations
        .iter()
        .map(|organisation| (organisation.id, organisation.kind))
        .collect();
    let mut centres = organisations.iter();
    let centre = centres.find(|organisation| organisation.kind == OrganisationKind::Centre);
    let centre = centre.map(|organisation| organisation.name.as_str());
    let mut given: HashMap<ItemId, Vec<Delegation>> = HashMap::new();
    for one in delegations.all(region, day).await? {
        if one.delegation.is_in_force(day) {
            given.entry(one.item).or_default().push(one.delegation);
        }
    }
    let mut versions = catalogue.all();
    versions.sort_by(|one, other| {
        let place = |version: &ItemVersion| {
            let content = &version.content;
            (content.department.name.clone(), content.name.clone())
        };
        place(one).cmp(&place(other))
    });
    let none = Vec::new();
    let lines = versions.iter().map(|version| {
        let given = given.get(&version.id).unwrap_or(&none);
        line(version, (given, &kinds), centre)
    });
    Ok(lines.collect())
}

fn line(
    version: &ItemVersion,
    (given, kinds): (&[Delegation], &HashMap<OrganisationId, OrganisationKind>),
    centre: Option<&str>,
) -> MatrixLine {
    let content = &version.content;
    let place = |given: &Delegation| Place {
        name: given.organisation_name.clone(),
        kind: kinds.get(&given.organisation).copied().unwrap_or_default(),
        way: given.way.name(),
    };
    let steps: Vec<&str> = content
        .steps
        .iter()
        .map(|step| step.name.as_str())
        .collect();
    let department = &content.department.name;
    let counter = |name: &str| format!("{name}窗口");
    let centre = centre.map(|name| format!("{name}综合窗口"));
    let receives: Vec<String> = centre.into_iter().chain([counter(department)]).collect();
    let watchers = content.supervision.iter().map(|measure| {
        if measure.by.is_empty() {
            department.clone()
        } else {
            measure.by.clone()
        }
    });
    let mut supervises: Vec<String> = watchers.collect();
    supervises.dedup();
    MatrixLine {
        item: version.id,
        name: content.name.clone(),
        code: content.printed_code().unwrap_or_default(),
        department: department.clone(),
        reviews: if content.is_instant() {
            format!("{department}（受理时当场审查）")
        } else {
            format!("{department}（{}）", steps.join("、"))
        },
        decides: department.clone(),
        closes: receives.join("、"),
        receives,
        supervises: supervises.join("、"),
        receivers: given.iter().map(place).collect(),
        deciders: given
            .iter()
            .filter(|given| given.extent == Extent::Whole)
            .map(place)
            .collect(),
    }
}

const COLUMNS: [(&str, f64); 10] = [
    ("事项名称", 36.0),
    ("事项编码", 20.0),
    ("主管部门", 24.0),
    ("谁受理", 32.0),
    ("下放受理的单位", 48.0),
    ("谁审查", 32.0),
    ("谁决定", 24.0),
    ("下放决定的单位", 48.0),
    ("谁办结（送达）", 32.0),
    ("谁监管", 24.0),
];

/// The longest text of a cell that Excel opens.
const CELL_CHARACTERS_MAX: usize = 32_767;

/// A sheet with a heading and text cells.
///
/// # Errors
/// When the workbook cannot be put together.
pub fn sheet(
    name: &str,
    columns: &[(&str, f64)],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00DD_E6F0))
        .set_border(FormatBorder::Thin)
        .set_text_wrap();
    // Text cells keep codes of 31 digits and leading zeros as they are.
    let text = Format::new()
        .set_num_format("@")
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let sheet = book.add_worksheet();
    sheet.set_name(name)?.set_freeze_panes(1, 1)?;
    for (column, (title, width)) in (0u16..).zip(columns) {
        sheet.write_string_with_format(0, column, *title, &head)?;
        sheet.set_column_width(column, *width)?;
    }
    for (row, cells) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            let cut: String = cell.chars().take(CELL_CHARACTERS_MAX).collect();
            sheet.write_string_with_format(row, column, cut, &text)?;
        }
    }
    book.save_to_buffer()
}

/// The matrix as a workbook, with every place by name.
///
/// # Errors
/// When the workbook cannot be put together.
pub fn workbook(lines: &[MatrixLine]) -> Result<Vec<u8>, XlsxError> {
    let rows = lines.iter().map(|line| {
        vec![
            line.name.clone(),
            line.code.clone(),
            line.department.clone(),
            line.receives.join("、"),
            listed(&line.receivers),
            line.reviews.clone(),
            line.decides.clone(),
            listed(&line.deciders),
            line.closes.clone(),
            line.supervises.clone(),
        ]
    });
    sheet("谁受理谁审批谁办结", &COLUMNS, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(kinds: &[OrganisationKind]) -> Vec<Place> {
        let places = (1..).zip(kinds).map(|(number, kind)| Place {
            name: format!("第{number}处"),
            kind: *kind,
            way: "委托",
        });
        places.collect()
    }

    #[test]
    fn few_places_are_named_and_many_counted() {
        use OrganisationKind::{Town, Village};
        let check = |kinds: &[OrganisationKind], expected: &str| {
            assert_eq!(told(&places(kinds)), expected);
        };
        check(&[], "");
        check(&[Town, Village], "第1处（委托）、第2处（委托）");
        check(
            &[Town, Village, Village, Village],
            "1 个镇（街道）、3 个村（社区）",
        );
    }
}
