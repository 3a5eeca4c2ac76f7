//! Which sheets of an earlier year read, and what is said of those that do not.

use expect_test::{Expect, expect};
use jiff::civil::date;
use rust_xlsxwriter::Workbook;
use wuchuang_catalogue::model::ItemContent;

use super::*;

fn item(number: u128, name: &str, code: &str) -> ItemVersion {
    ItemVersion {
        id: ItemId::from_u128(number),
        version: 1,
        effective_from: date(2026, 11, 2),
        cancelled_on: None,
        published_at: "2026-11-02T02:00:00Z".parse().unwrap(),
        published_by: None,
        content: ItemContent {
            name: name.to_owned(),
            local_code: code.to_owned(),
            ..ItemContent::default()
        },
    }
}

fn book(rows: &[[&str; 6]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn head() -> [&'static str; 6] {
    COLUMNS.map(|(heading, _)| heading)
}

#[track_caller]
fn check(rows: &[[&str; 6]], expected: &Expect) {
    let items_known = [
        item(5, "食品经营许可核发", "610924-I07"),
        item(6, "同名事项", "610924-I08"),
        item(7, "同名事项", "610924-I09"),
    ];
    let names = Names::of(items_known.iter());
    let told: Vec<String> = match super::rows(&book(rows)) {
        Err(error) => vec![error.to_string()],
        Ok(rows) => match items(&rows, &names, (2024, "2024-11".parse().unwrap())) {
            Ok(items) => items
                .iter()
                .map(|item| format!("{} {:?}", item.item.uuid().as_u128(), item.months))
                .collect(),
            Err(problems) => problems
                .iter()
                .map(|one| format!("{}：{}", one.place, one.sentence))
                .collect(),
        },
    };
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn lines_read_by_code_or_name_and_by_months_as_people_write_them() {
    check(
        &[
            head(),
            ["食品经营许可核发", "2024-03", "窗口", "12", "11", "1"],
            ["610924-I07", "2024年4月", "网上", "3", "3", "0"],
            ["610924-I08", "2024/5/1", "counter", "0", "0", "0"],
        ],
        &expect![[r#"
            5 [EarlierMonth(3, Counter, 12, 11, 1), EarlierMonth(4, Portal, 3, 3, 0)]
            6 [EarlierMonth(5, Counter, 0, 0, 0)]"#]],
    );
}

#[test]
fn every_wrong_cell_is_named_and_nothing_reads() {
    check(
        &[
            head(),
            ["没有的事项", "2023-03", "传真", "十", "-1", "100000"],
            ["同名事项", "2024-03", "窗口", "1", "2", "3"],
            ["610924-I07", "2024-03", "窗口", "1", "1", "0"],
            ["610924-I07", "2024.3", "窗口", "1", "1", "0"],
            ["610924-I07", "2024-12", "窗口", "1", "1", "0"],
        ],
        &expect![[r#"
            第2行“事项编码或名称”：没有这个编码或者名称的已公布事项，请核对。
            第2行“年月”：请填写2024年已经到了的月份，例如 2024-03。
            第2行“渠道”：请填写窗口、网上、自助终端、热线、基层站点、接口中的一个。
            第2行“申请件数”：请填写0至99999的整数。
            第2行“受理件数”：请填写0至99999的整数。
            第2行“不予受理和不予许可件数”：请填写0至99999的整数。
            第3行“事项编码或名称”：有几个事项用这个名称或编码，请改填本县的事项编码。
            第3行“受理件数”：不能大于申请件数，请核对。
            第5行“事项编码或名称”：同一事项同月同渠道已经有一行，请合并成一行。
            第6行“年月”：请填写2024年已经到了的月份，例如 2024-03。"#]],
    );
}

#[test]
fn a_sheet_that_is_none_is_refused() {
    check(&[head()], &expect!["表里没有内容。请从第2行开始填写。"]);
    let mut other = head();
    other[1] = "月份";
    check(
        &[other],
        &expect!["表头第2列应为“年月”。请下载模板，按模板的列填写。"],
    );
    assert_eq!(super::rows(b"PK\x03\x04"), Err(SheetError::Unreadable));
    let template = crate::book::template().unwrap();
    assert_eq!(super::rows(&template), Err(SheetError::Empty));
}
