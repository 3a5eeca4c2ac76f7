//! An earlier year as an Excel sheet: read within bounds, with what is wrong named by row, column and way out. Nothing is
//! brought while a cell is wrong.

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::Cursor,
};

use calamine::{Reader, Xlsx};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{Channel, ItemId};
use wuchuang_webkit::request::workbook::{text_of, unpacks_beyond};

use crate::model::{
    month::Month,
    year::{EarlierItem, EarlierMonth, LINES_MAX, NUMBER_MAX},
};

/// The columns, in order, with their widths.
pub(crate) const COLUMNS: [(&str, f64); 6] = [
    ("事项编码或名称", 36.0),
    ("年月", 12.0),
    ("渠道", 12.0),
    ("申请件数", 12.0),
    ("受理件数", 12.0),
    ("不予受理和不予许可件数", 24.0),
];
/// The channels that people apply through.
pub(crate) const CHANNELS: [Channel; 6] = [
    Channel::Counter,
    Channel::Portal,
    Channel::Kiosk,
    Channel::Hotline,
    Channel::Station,
    Channel::Api,
];
/// How large a workbook may be, in bytes.
pub(crate) const FILE_BYTES_MAX: usize = 1024 * 1024;
/// How large it may be when unpacked.
const UNPACKED_BYTES_MAX: u64 = 50 * 1024 * 1024;
/// How long a cell may be, in characters.
const CELL_CHARACTERS_MAX: usize = 200;
/// How many wrong cells are told at once.
const PROBLEMS_MAX: usize = 50;

/// One line as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its row in the sheet, from 1.
    pub(crate) number: u32,
    pub(crate) cells: [String; COLUMNS.len()],
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Where: 第3行“年月”.
    pub(crate) place: String,
    pub(crate) sentence: String,
}

/// Why a workbook was not read at all.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum SheetError {
    #[error("这不是能读的 Excel 文件（.xlsx）。请下载模板，填好后保存为 .xlsx 再上传。")]
    Unreadable,
    #[error("文件太大（最大1 MB）。请删去图片和多余的工作表。")]
    TooLarge,
    #[error("表头第{0}列应为“{1}”。请下载模板，按模板的列填写。")]
    Heading(usize, &'static str),
    #[error("一年最多5000行，请合并同一事项同月同渠道的行。")]
    TooMany,
    #[error("表里没有内容。请从第2行开始填写。")]
    Empty,
}

/// The rows of the first sheet of a workbook, without those that are empty.
pub(crate) fn rows(bytes: &[u8]) -> Result<Vec<Row>, SheetError> {
    if bytes.len() > FILE_BYTES_MAX || unpacks_beyond(bytes, UNPACKED_BYTES_MAX) {
        return Err(SheetError::TooLarge);
    }
    let unreadable = |_| SheetError::Unreadable;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let name = book.sheet_names().first().cloned();
    let name = name.ok_or(SheetError::Unreadable)?;
    let mut reader = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let mut heading: [String; COLUMNS.len()] = Default::default();
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let place = usize::try_from(column).unwrap_or(usize::MAX);
        let text = text_of(cell.get_value(), CELL_CHARACTERS_MAX);
        if place >= COLUMNS.len() || text.is_empty() {
            continue;
        }
        if row == 0 {
            heading[place] = text;
            continue;
        }
        let number = row.saturating_add(1);
        if rows.last().is_none_or(|last| last.number != number) {
            if rows.len() == LINES_MAX {
                return Err(SheetError::TooMany);
            }
            rows.push(Row {
                number,
                cells: Default::default(),
            });
        }
        if let Some(last) = rows.last_mut() {
            last.cells[place] = text;
        }
    }
    for (place, (wanted, _)) in COLUMNS.into_iter().enumerate() {
        if heading[place] != wanted {
            return Err(SheetError::Heading(place + 1, wanted));
        }
    }
    if rows.is_empty() {
        return Err(SheetError::Empty);
    }
    Ok(rows)
}

/// Items by what people write of them: code or name; `None` stands for a text that means several.
pub(crate) struct Names(HashMap<String, Option<ItemId>>);

impl Names {
    /// The names and codes of items.
    pub(crate) fn of<'a>(items: impl Iterator<Item = &'a ItemVersion>) -> Self {
        let mut names = HashMap::new();
        for version in items {
            let content = &version.content;
            let mut texts = HashSet::from([
                content.name.clone(),
                content.local_code.clone(),
                content.national_code.clone(),
            ]);
            texts.extend(content.printed_code());
            for text in texts.into_iter().filter(|text| !text.is_empty()) {
                let known = names.entry(text).or_insert(Some(version.id));
                if *known != Some(version.id) {
                    *known = None;
                }
            }
        }
        Self(names)
    }

    fn find(&self, text: &str) -> Result<ItemId, &'static str> {
        match self.0.get(text) {
            Some(Some(item)) => Ok(*item),
            Some(None) => Err("有几个事项用这个名称或编码，请改填本县的事项编码。"),
            None => Err("没有这个编码或者名称的已公布事项，请核对。"),
        }
    }
}

/// The year's items, or everything that is wrong with the lines.
pub(crate) fn items(
    rows: &[Row],
    names: &Names,
    (year, this_month): (i32, Month),
) -> Result<Vec<EarlierItem>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut seen = HashSet::new();
    let mut items: BTreeMap<ItemId, Vec<EarlierMonth>> = BTreeMap::new();
    for row in rows {
        let mut wrong = |column: usize, sentence: &str| {
            if problems.len() < PROBLEMS_MAX {
                problems.push(Problem {
                    place: format!("第{}行“{}”", row.number, COLUMNS[column].0),
                    sentence: sentence.to_owned(),
                });
            }
        };
        let item = names.find(&row.cells[0]);
        if let Err(told) = item {
            wrong(0, told);
        }
        let month = month_of(&row.cells[1]).filter(|month| month.year() == year);
        if month.is_none_or(|month| month > this_month) {
            let told = format!("请填写{year}年已经到了的月份，例如 {year}-03。");
            wrong(1, &told);
        }
        let channel = channel_of(&row.cells[2]);
        if channel.is_none() {
            wrong(
                2,
                "请填写窗口、网上、自助终端、热线、基层站点、接口中的一个。",
            );
        }
        let numbers = numbers_of(&row.cells, &mut wrong);
        let (Ok(item), Some(month), Some(channel), Some([applied, accepted, refused])) =
            (item, month, channel, numbers)
        else {
            continue;
        };
        if !seen.insert((item, month, channel)) {
            wrong(0, "同一事项同月同渠道已经有一行，请合并成一行。");
            continue;
        }
        let number = u8::try_from(month.number()).unwrap_or_default();
        let line = EarlierMonth(number, channel, applied, accepted, refused);
        items.entry(item).or_default().push(line);
    }
    if problems.is_empty() {
        let items = items.into_iter();
        Ok(items
            .map(|(item, months)| EarlierItem { item, months })
            .collect())
    } else {
        Err(problems)
    }
}

/// The three numbers of a line, that must fit each other.
fn numbers_of(
    cells: &[String; COLUMNS.len()],
    wrong: &mut impl FnMut(usize, &str),
) -> Option<[u32; 3]> {
    let mut numbers = [0; 3];
    let mut all_read = true;
    for (place, number) in numbers.iter_mut().enumerate() {
        let text = &cells[place + 3];
        let read = text.parse::<u32>().ok();
        if let Some(read) = read.filter(|read| *read <= NUMBER_MAX) {
            *number = read;
        } else {
            wrong(place + 3, "请填写0至99999的整数。");
            all_read = false;
        }
    }
    let [applied, accepted, refused] = numbers;
    for (place, part) in [(4, accepted), (5, refused)] {
        if all_read && part > applied {
            wrong(place, "不能大于申请件数，请核对。");
            all_read = false;
        }
    }
    all_read.then_some(numbers)
}

fn channel_of(text: &str) -> Option<Channel> {
    CHANNELS
        .into_iter()
        .find(|channel| channel.name() == text || channel.code() == text)
}

/// A month as people and Excel write it; a day means its month.
fn month_of(text: &str) -> Option<Month> {
    let digits = text
        .replace(['/', '.', '年'], "-")
        .replace(['月', '日'], "");
    let mut parts = digits.split('-');
    let (year, month) = (parts.next()?, parts.next()?);
    if parts
        .next()
        .is_some_and(|day| day.trim().parse::<u8>().is_err())
    {
        return None;
    }
    format!("{}-{}", year.trim(), month.trim()).parse().ok()
}
