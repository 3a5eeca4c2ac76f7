//! What two files of rules say differently, told to whoever saves after somebody else. Tables are compared row by row as they
//! are written; of other decisions it is said that they differ.

use wuchuang_decision::{Definition, TableView};

use super::read;

/// How many differences are told.
const DIFFERENCES_MAX: usize = 40;

/// What the kept file says differently from another one, each as one sentence. A file that does not read differs as a whole.
pub fn differences(written: &str, kept: &str) -> Vec<String> {
    if kept.is_empty() {
        return vec!["现在保存的没有规则，可能有人移除了。".to_owned()];
    }
    let (Ok(written), Ok(kept)) = (read(written), read(kept)) else {
        return vec!["规则文件不同。".to_owned()];
    };
    let mut told = Vec::new();
    let (mine, theirs) = (written.table_views(), kept.table_views());
    for table in &theirs {
        match mine.iter().find(|other| other.decision == table.decision) {
            None => told.push(format!("有您没有的表“{}”。", table.decision)),
            Some(other) => of_tables(other, table, &mut told),
        }
    }
    for table in &mine {
        if !theirs.iter().any(|other| other.decision == table.decision) {
            told.push(format!("没有您的表“{}”。", table.decision));
        }
    }
    of_names(&written, &kept, &mut told);
    if told.is_empty() && written.export() != kept.export() {
        told.push("表里的规则一样；式子、输入、说明或图形的位置不同。".to_owned());
    }
    if told.len() > DIFFERENCES_MAX {
        let more = told.len() - DIFFERENCES_MAX;
        told.truncate(DIFFERENCES_MAX);
        told.push(format!("还有 {more} 处不同没有列出。"));
    }
    told
}

fn of_tables(mine: &TableView, theirs: &TableView, told: &mut Vec<String>) {
    let name = &theirs.decision;
    if mine.hit_policy != theirs.hit_policy {
        told.push(format!(
            "表“{name}”：{}（您写的是：{}）。",
            theirs.hit_policy_text(),
            mine.hit_policy_text()
        ));
    }
    let heads = |table: &TableView| -> Vec<String> {
        let columns = table.inputs.iter().chain(&table.outputs);
        columns.map(|column| column.label.clone()).collect()
    };
    if heads(mine) != heads(theirs) {
        told.push(format!("表“{name}”的列是：{}。", heads(theirs).join("、")));
    }
    let (mine, theirs) = (rows(mine), rows(theirs));
    for (number, row) in (1..).zip(&theirs) {
        if !mine.contains(row) {
            told.push(format!("表“{name}”第 {number} 条是：{row}。"));
        }
    }
    let gone = (1..).zip(&mine).filter(|(_, row)| !theirs.contains(row));
    told.extend(gone.map(|(number, row)| format!("表“{name}”没有您的第 {number} 条：{row}。")));
}

/// Each row as people read it.
fn rows(table: &TableView) -> Vec<String> {
    let rows = table.rows.iter();
    rows.map(|row| {
        let cells = row.tests.iter().chain(&row.outputs);
        let cells = cells.map(|cell| cell.words.clone());
        let notes = row.annotations.iter().filter(|note| !note.is_empty());
        let row = cells.chain(notes.cloned()).collect::<Vec<_>>().join("，");
        row.trim_end_matches('。').to_owned()
    })
    .collect()
}

/// Decisions that are no tables, by their names.
fn of_names(mine: &Definition, theirs: &Definition, told: &mut Vec<String>) {
    let tables = |of: &Definition| -> Vec<String> {
        of.table_views().into_iter().map(|it| it.decision).collect()
    };
    let others = |of: &Definition| -> Vec<String> {
        let tables = tables(of);
        let names = of.decisions().map(|it| it.name);
        names.filter(|name| !tables.contains(name)).collect()
    };
    let (mine, theirs) = (others(mine), others(theirs));
    let new = theirs.iter().filter(|name| !mine.contains(name));
    told.extend(new.map(|name| format!("有您没有的式子“{name}”。")));
    let gone = mine.iter().filter(|name| !theirs.contains(name));
    told.extend(gone.map(|name| format!("没有您的式子“{name}”。")));
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    const FILE: &str = include_str!("../../pages/rules/first.dmn");

    #[track_caller]
    fn check(kept: &str, expected: Expect) {
        expected.assert_eq(&differences(FILE, kept).join("\n"));
    }

    #[test]
    fn what_differs_is_told_with_its_row() {
        check(FILE, expect![[""]]);
        check("", expect!["现在保存的没有规则，可能有人移除了。"]);
        check(
            &FILE.replace("\"由工作人员决定\"", "\"准予\""),
            expect![[r#"
                表“新决策”第 1 条是：任意，准予。
                表“新决策”没有您的第 1 条：任意，由工作人员决定。"#]],
        );
        check(
            &FILE.replace("\"新决策\"", "\"审批\""),
            expect![[r#"
                有您没有的表“审批”。
                没有您的表“新决策”。"#]],
        );
        check(
            &FILE.replace(
                "<decisionTable id=\"table_1\">",
                "<decisionTable id=\"table_1\" hitPolicy=\"FIRST\">",
            ),
            expect!["表“新决策”：从上往下，取第一条符合的（您写的是：每种情况只有一条规则符合）。"],
        );
        check(
            &FILE.replace("label=\"申请人类型\"", "label=\"谁申请\""),
            expect!["表“新决策”的列是：谁申请、结果。"],
        );
        check(
            &FILE.replace("name=\"规则\"", "name=\"别的\""),
            expect!["表里的规则一样；式子、输入、说明或图形的位置不同。"],
        );
    }
}
