//! Tables shown to people, and tables that people wrote.

use expect_test::expect;
use serde_json::json;
use wuchuang_decision::{
    Definition, InputKind, Severity, TableCell, cell_of_element, file_of_tables, replace_tables,
};

use crate::{answered, sound};

const ALLOWANCE: &str = include_str!("../samples/old_age_allowance.dmn");

#[test]
fn a_table_is_shown_in_chinese() {
    let definition = sound(ALLOWANCE);
    let tables = definition.table_views();
    assert_eq!(tables.len(), 1);
    let rows = tables[0].rows.iter().map(|row| {
        let cells = row.tests.iter().chain(&row.outputs);
        let words: Vec<&str> = cells.map(|cell| cell.words.as_str()).collect();
        words.join(" | ")
    });
    let rows: Vec<String> = rows.collect();
    expect![[r#"
        不小于 90 | 是“本县” | 任意 | 200
        从 80 （含）到 90 （不含） | 是“本县” | 任意 | 100
        从 70 （含）到 80 （不含） | 是“本县” | 是“是” | 50
        从 70 （含）到 80 （不含） | 是“本县” | 是“否” | 0
        小于 70 | 是“本县” | 任意 | 0
        任意 | 不是“本县” | 任意 | 0"#]]
    .assert_eq(&rows.join("\n"));
    assert_eq!(tables[0].hit_policy_text(), "每种情况只有一条规则符合");
    let inputs = definition.inputs();
    let kinds: Vec<InputKind> = inputs.iter().map(|input| input.kind).collect();
    assert_eq!(
        kinds,
        [InputKind::Number, InputKind::Text, InputKind::YesNo]
    );
    assert_eq!(inputs[1].choices, ["本县", "外县"]);
}

#[test]
fn a_table_that_is_written_back_says_the_same() {
    let definition = sound(ALLOWANCE);
    let tables = definition.table_views();
    let replaced = replace_tables(ALLOWANCE, &tables).unwrap();
    assert_ne!(replaced, ALLOWANCE);
    let again = sound(&replaced);
    let own = file_of_tables("高龄津贴", &tables);
    let own = sound(&own);
    for other in [&again, &own] {
        let mut shown = other.table_views();
        for (table, first) in shown.iter_mut().zip(&tables) {
            table.id.clone_from(&first.id);
            for (row, first) in table.rows.iter_mut().zip(&first.rows) {
                row.line = first.line;
            }
        }
        assert_eq!(shown, tables);
        for age in [93, 85, 75, 12] {
            let input = json!({ "年龄": age, "户籍": "本县", "低保户": true });
            assert_eq!(
                answered(other, "高龄津贴", input.clone()),
                answered(&definition, "高龄津贴", input)
            );
        }
    }
}

#[test]
fn what_is_wrong_is_told_at_the_cell() {
    let mut tables = sound(ALLOWANCE).table_views();
    tables[0].rows[2].tests[0].text = "[70..".to_owned();
    tables[0].rows[3].outputs[0].text = "谁也不知道".to_owned();
    let problems = Definition::parse(&file_of_tables("津贴", &tables)).unwrap_err();
    let cells: Vec<_> = problems
        .list()
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .filter_map(|problem| cell_of_element(problem.element_id.as_deref()?))
        .collect();
    assert_eq!(
        cells,
        [(0, TableCell::Test(2, 0)), (0, TableCell::Output(3, 0))],
        "{problems}"
    );
    assert_eq!(
        cell_of_element("w_t1_i3"),
        Some((1, TableCell::InputHead(3)))
    );
    assert_eq!(cell_of_element("w_t1"), Some((1, TableCell::Whole)));
    assert_eq!(cell_of_element("allowance"), None);
}

#[test]
fn a_table_without_its_decision_is_named() {
    let mut tables = sound(ALLOWANCE).table_views();
    tables[0].decision = "别的".to_owned();
    tables[0].id = String::new();
    let problems = replace_tables(ALLOWANCE, &tables).unwrap_err();
    assert_eq!(problems.list()[0].code, "table-unknown");
    // What XML would take for its own is only text.
    tables[0].decision = "a<b>&\"c".to_owned();
    assert!(
        sound(&file_of_tables("x", &tables))
            .decisions()
            .next()
            .is_some()
    );
}
