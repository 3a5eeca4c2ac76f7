//! Which registers read, and what is said of those that do not.

use expect_test::{Expect, expect};
use jiff::civil::date;
use rust_xlsxwriter::Workbook;
use wuchuang_catalogue::model::ItemContent;

use super::*;

fn item() -> ItemVersion {
    ItemVersion {
        id: ItemId::from_u128(5),
        version: 1,
        effective_from: date(2026, 11, 2),
        cancelled_on: None,
        published_at: "2026-11-02T02:00:00Z".parse().unwrap(),
        published_by: None,
        content: ItemContent {
            name: "食品经营许可核发".to_owned(),
            local_code: "610924-I07".to_owned(),
            ..ItemContent::default()
        },
    }
}

fn book(rows: &[[&str; 4]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

const HEAD: [&str; 4] = [
    "文书编号",
    "事项编码或名称",
    "决定日期",
    "申请人证件号码（可不填）",
];

#[track_caller]
fn check(rows: &[[&str; 4]], expected: &Expect) {
    let told = match super::rows(&book(rows)) {
        Err(error) => error.to_string(),
        Ok(rows) => match lines(&rows, &[&item()], date(2026, 11, 23)) {
            Ok(lines) => lines
                .iter()
                .map(|line| {
                    format!(
                        "{} {} {} {}",
                        line.row, line.document, line.on, line.applicant
                    )
                })
                .collect::<Vec<_>>()
                .join("\n"),
            Err(problems) => problems
                .iter()
                .map(|one| format!("{}：{}", one.place, one.sentence))
                .collect::<Vec<_>>()
                .join("\n"),
        },
    };
    expected.assert_eq(&told);
}

#[test]
fn lines_read_by_code_or_name_and_by_days_as_people_write_them() {
    check(
        &[
            HEAD,
            ["紫市监许〔2026〕1号", "食品经营许可核发", "2026-11-20", ""],
            [
                "紫市监许〔2026〕2号",
                "610924-I07",
                "2026年11月2日",
                "61092419900101001x",
            ],
            ["", "", "", ""],
            ["紫市监许〔2026〕3号", "食品经营许可核发", "2026/11/3", ""],
        ],
        &expect![[r#"
            2 紫市监许〔2026〕1号 2026-11-20 
            3 紫市监许〔2026〕2号 2026-11-02 61092419900101001X
            5 紫市监许〔2026〕3号 2026-11-03 "#]],
    );
}

#[test]
fn every_wrong_cell_is_named_and_nothing_is_read() {
    check(
        &[
            HEAD,
            ["", "食品经营许可核发", "2026-11-20", ""],
            ["紫市监许〔2026〕2号", "烟花爆竹", "2026-11-31", "张三"],
            ["紫市监许（2026）2号", "食品经营许可核发", "2026-12-01", ""],
        ],
        &expect![[r#"
            第2行“文书编号”：请填写文书编号，1至40字。
            第3行“事项编码或名称”：这个部门没有这个编码或者名称的已公布事项，请核对。
            第3行“决定日期”：请填写今天或以前的日期，例如 2026-11-20。
            第3行“申请人证件号码（可不填）”：请填写公民身份号码或者统一社会信用代码，或者留空。
            第4行“文书编号”：这个文书编号在表里有两行，请删去重复的。
            第4行“决定日期”：请填写今天或以前的日期，例如 2026-11-20。"#]],
    );
}

#[test]
fn a_sheet_of_another_shape_is_refused() {
    check(
        &[["编号", "", "", ""]],
        &expect!["表头第1列应为“文书编号”。请下载模板，按模板的列填写。"],
    );
    check(&[HEAD], &expect!["表里没有内容。请从第2行开始填写。"]);
    let unreadable = super::rows(b"nonsense").unwrap_err().to_string();
    expect!["这不是能读的 Excel 文件（.xlsx）。请下载模板，填好后保存为 .xlsx 再上传。"]
        .assert_eq(&unreadable);
    let many: Vec<[&str; 4]> = std::iter::once(HEAD)
        .chain(std::iter::repeat_n(["1", "1", "1", "1"], LINES_MAX + 1))
        .collect();
    check(&many, &expect!["最多500行，请分成几个文件上传。"]);
}
