//! Lines of the page and Excel sheets give the same stores; what is wrong with a sheet is told.

use expect_test::{Expect, expect};
use serde_json::json;
use wuchuang_webkit::forms::NoLists;

use super::*;

fn form() -> Form {
    let schema = json!({
        "type": "object",
        "title": "食品经营许可",
        "properties": {
            "organisation_name": {"type": "string", "title": "单位名称", "x-element": "organisation.name"},
            "premises": {"type": "string", "title": "经营场所"},
            "projects": {"type": "array", "title": "经营项目", "x-widget": "checkbox",
                "items": {"type": "string", "enum": ["热食类制售", "糕点类制售"]}},
            "staff_count": {"type": "integer", "title": "从业人员数"},
        },
        "required": ["organisation_name", "premises"],
        "additionalProperties": false,
    });
    Form::parse(&schema.to_string()).unwrap()
}

fn check_rows(text: &str, expected: Expect) {
    let form = form();
    let columns = columns(&form);
    let told: Vec<String> = rows(text)
        .iter()
        .map(|row| {
            let cells = columns.iter().zip(&row.cells);
            let pairs: Vec<String> = cells
                .flat_map(|(field, cell)| pairs(field, cell, &NoLists))
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            format!("{}: {}", row.name, pairs.join(" "))
        })
        .collect();
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn a_line_is_a_store() {
    check_rows(
        "门店名称 | 经营场所 | 经营项目 | 从业人员数\n城关店 | 环城路1号 | 热食类制售、糕点类制售 | 4\n\n汉王店｜新街2号\n红椿店\t老街3号\t\t2",
        expect![[r#"
            城关店: premises=环城路1号 projects=热食类制售 projects=糕点类制售 staff_count=4
            汉王店: premises=新街2号
            红椿店: premises=老街3号 staff_count=2"#]],
    );
    assert_eq!(
        rows(&"店\n".repeat(500)).len(),
        STORES_MAX + 1,
        "one more than may be"
    );
}

#[test]
fn a_line_is_counted_as_it_stands_on_the_page() {
    let text = "门店名称 | 经营场所\n\n城关店 | 环城路1号\n   \n汉王店 | 新街2号\n";
    let counted = counted(text);
    expect![[r#"
        城关店 | 环城路1号
        汉王店 | 新街2号"#]]
    .assert_eq(&counted);
    assert_eq!(rows(&counted), rows(text));
}

fn headings() -> Vec<String> {
    ["门店名称", "经营场所", "经营项目", "从业人员数"]
        .map(str::to_owned)
        .to_vec()
}

fn book(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(*cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn check_book(bytes: &[u8], expected: Expect) {
    let told = lines(bytes, &headings()).unwrap_or_else(|error| format!("refused: {error}"));
    expected.assert_eq(&told);
}

#[test]
fn a_sheet_is_shown_as_lines() {
    let head: &[&str] = &["门店名称", "经营场所", "经营项目", "从业人员数"];
    check_book(
        &book(&[
            head,
            &["城关店", "环城路|1号", "热食类制售", "4"],
            &["汉王店", "新街\n2号"],
        ]),
        expect![[r#"
            城关店 | 环城路 1号 | 热食类制售 | 4
            汉王店 | 新街 2号 |  | "#]],
    );
    check_book(
        &book(&[&["门店名称", "地址"], &["城关店", "环城路1号"]]),
        expect!["refused: 表头第2列应为“经营场所”。请下载模板，按模板的列填写。"],
    );
    check_book(
        &template(&headings()).unwrap(),
        expect!["refused: 表里没有门店。请从第2行开始填写。"],
    );
    check_book(
        b"name,place",
        expect![
            "refused: 这不是能读的 Excel 文件（.xlsx）。请下载模板，填好后保存为 .xlsx 再上传。"
        ],
    );
    let mut dated = Workbook::new();
    let sheet = dated.add_worksheet();
    for (column, heading) in (0u16..).zip(head) {
        sheet.write_string(0, column, *heading).unwrap();
    }
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 11, 24).unwrap();
    let format = Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_string(1, 0, "城关店").unwrap();
    sheet
        .write_datetime_with_format(1, 1, day, &format)
        .unwrap();
    check_book(
        &dated.save_to_buffer().unwrap(),
        expect!["城关店 | 2026-11-24 |  | "],
    );
    let row: &[&str] = &["店", "街"];
    let many: Vec<&[&str]> = std::iter::once(head)
        .chain(std::iter::repeat_n(row, 201))
        .collect();
    check_book(
        &book(&many),
        expect!["refused: 最多200家门店，请分批提交。"],
    );
}
