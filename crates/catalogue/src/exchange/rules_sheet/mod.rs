//! Decision tables as a workbook, one sheet a table, and back: so that whoever knows the rule needs no modelling tool. What is
//! wrong is told at its cell.
//!
//! A sheet: its first row names the decision and the hit policy; then come the rows 种类, 名称, 取自, 类型, 可选值 and 默认, which
//! describe the columns, and below them a row for each rule.

mod out;
mod read;

pub use out::rules_excel;
pub use read::{RulesImport, read_rules_excel};

/// What stands in the first cell of a sheet that is a table.
const DECISION: &str = "决策";
/// Before the name of the hit policy.
const POLICY: &str = "命中策略";
/// Rows that describe the columns, in their order, the first one in the second row of the sheet.
const HEADS: [&str; 6] = ["种类", "名称", "取自", "类型", "可选值", "默认"];
/// The first row with a rule.
const FIRST_RULE: u32 = 7;
/// What a column is.
const KINDS: [&str; 3] = ["条件", "结果", "说明"];
/// Types as people write them, and as DMN does.
const TYPES: [(&str, &str); 4] = [
    ("数字", "number"),
    ("文字", "string"),
    ("是否", "boolean"),
    ("日期", "date"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use expect_test::expect;
    use rust_xlsxwriter::Workbook;

    use super::*;
    use crate::{exchange::excel_with_problems, model::rules::read};

    /// A workbook with one sheet.
    fn book(rows: &[&[&str]]) -> Vec<u8> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(*cells) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
        book.save_to_buffer().unwrap()
    }

    const TABLE: &[&[&str]] = &[
        &["决策", "审批", "命中策略", "FIRST"],
        &["种类", "条件", "条件", "结果", "结果", "说明"],
        &["名称", "年龄", "户籍", "结果", "理由", "依据"],
        &["取自", "年龄", "户籍", "结果", "理由", ""],
        &["类型", "数字", "文字", "文字", "文字", ""],
        &["可选值", "", "本县、外县", "", "", ""],
        &["默认", "", "", "", "", ""],
        &["1", ">= 65", "本县", "准予", "年满六十五周岁", "办法第三条"],
        &["2", "-", "-", "转人工", "不在自动审批的范围", ""],
    ];

    #[test]
    fn a_workbook_becomes_a_file_and_comes_out_again() {
        let import = read_rules_excel("优待证", "", &book(TABLE)).unwrap();
        assert_eq!(import.findings, Vec::new());
        let definition = read(&import.model).unwrap();
        let first = &definition.table_views()[0];
        assert_eq!(first.rows[0].tests[1].text, "\"本县\"");
        let again = rules_excel(Some(&definition)).unwrap();
        let again = read_rules_excel("优待证", &import.model, &again).unwrap();
        assert_eq!(again.findings, Vec::new());
        assert_eq!(again.model, import.model);
    }

    #[test]
    fn what_is_wrong_stands_at_its_cell() {
        let mut rows = TABLE.to_vec();
        rows[7] = &["1", ">= [65", "本县", "准予", "", ""];
        rows[1] = &["种类", "条件", "条见", "结果", "结果", "说明"];
        let import = read_rules_excel("优待证", "", &book(&rows)).unwrap();
        let told: BTreeMap<(u32, u16), String> = import
            .findings
            .iter()
            .map(|finding| ((finding.row, finding.column), finding.public.clone()))
            .collect();
        expect![[r#"
            {
                (
                    1,
                    2,
                ): "不认识“条见”。请填：条件、结果、说明。",
            }
        "#]]
        .assert_debug_eq(&told);
        rows[1] = TABLE[1];
        let import = read_rules_excel("优待证", "", &book(&rows)).unwrap();
        let places: Vec<_> = import
            .findings
            .iter()
            .map(|it| (it.row, it.column))
            .collect();
        assert_eq!(places, [(7, 1)]);
        assert!(excel_with_problems(&import.sheets, &import.findings).is_ok());
    }

    #[test]
    fn a_sheet_for_a_decision_that_is_not_there_is_named() {
        let other = include_str!("../../../../decision/tests/samples/old_age_allowance.dmn");
        let import = read_rules_excel("津贴", other, &book(TABLE)).unwrap();
        assert!(import.findings[0].public.contains("审批"));
        assert!(read_rules_excel("x", "", b"PK").is_err());
        let none = read_rules_excel("x", "", &book(&[&["随便"]])).unwrap();
        assert!(none.findings[0].public.contains("没有决策表"));
        let empty = read_rules_excel("x", "", &rules_excel(None).unwrap()).unwrap();
        assert_eq!(empty.findings, Vec::new());
    }
}
