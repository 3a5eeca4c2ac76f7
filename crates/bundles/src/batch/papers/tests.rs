//! What counts for all stores, what a store says for itself, and whose a scan is.

use expect_test::{Expect, expect};
use wuchuang_catalogue::model::ItemMaterial;

use super::*;

fn content() -> ItemContent {
    let material = |id: &str, name: &str| ItemMaterial {
        id: id.to_owned(),
        name: name.to_owned(),
        ..ItemMaterial::default()
    };
    ItemContent {
        name: "食品经营许可".to_owned(),
        conditional_acceptance_allowed: true,
        commitment_allowed: true,
        materials: vec![
            material("m1", "申请书"),
            material("m2", "场地使用证明"),
            ItemMaterial {
                by_commitment: true,
                ..material("m3", "管理制度")
            },
            ItemMaterial {
                tolerable: true,
                ..material("m4", "健康证明")
            },
        ],
        ..ItemContent::default()
    }
}

fn papers(marks: &[(&str, &str)], own: &[&str]) -> Papers {
    let mut papers = Papers::of(&content());
    for (id, mark) in marks {
        papers.mark(id, mark, "");
    }
    for name in own {
        let scan = Scan {
            sha256: format!("sha-{name}"),
            name: (*name).to_owned(),
        };
        papers.keep(None, scan);
    }
    papers
}

fn told(brought: &Brought) -> String {
    let materials = brought.materials.iter().map(|one| format!("{one:?}"));
    let materials = materials.map(|one| {
        let of = |from: &str, to: &str| {
            let rest = one.split_once(from).map_or("", |(_, rest)| rest);
            rest.split(to).next().unwrap_or_default().to_owned()
        };
        let files = one.matches("sha256").count();
        let promised = if one.contains("promised: true") {
            " promised"
        } else {
            ""
        };
        let paper = if one.contains("paper_copies: Some") {
            " paper"
        } else {
            ""
        };
        format!(
            "{}{promised}{paper} {files}",
            of("requirement: Some(\"", "\"")
        )
    });
    let materials: Vec<String> = materials.collect();
    format!("{materials:?} owed {:?}", brought.owed)
}

fn check(papers: &Papers, stores: &[(&str, &str)], expected: Expect) {
    let mut problems = Vec::new();
    let common = papers.common(&mut problems);
    let (own, of_stores) = papers.of_stores(stores);
    let mut lines = vec![format!("all: {}", told(&common))];
    for ((name, _), own) in stores.iter().zip(&own) {
        lines.push(format!("{name}: {}", told(own)));
    }
    lines.extend(
        problems
            .into_iter()
            .map(|(field, text)| format!("! {field} {text}")),
    );
    let rest = of_stores.lines.into_iter().chain(of_stores.scans);
    lines.extend(rest.map(|text| format!("! {text}")));
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn what_is_not_marked_for_each_counts_for_all() {
    let marks = [("m1", "complete"), ("m3", "promised"), ("m4", "owed")];
    let mut papers = papers(&marks, &[]);
    papers.brought(Some("m2"));
    let scan = Scan::of_ticket("sha-0|平面图.pdf").unwrap();
    assert_eq!(scan.ticket(), "sha-0|平面图.pdf");
    papers.keep(Some("m2"), scan.clone());
    papers.keep(Some("m2"), scan);
    assert_eq!(papers.scan_count(), 1, "the same scan once");
    check(
        &papers,
        &[("城关店", ""), ("汉王店", "4容缺")],
        expect![[r#"
            all: ["m1 paper 0", "m2 1", "m3 promised 0"] owed ["m4"]
            城关店: [] owed []
            汉王店: [] owed []
            ! 第2行“材料”：“健康证明”现在是各家共用的；要分开的，请先在材料里把它标为每家一份。"#]],
    );
}

#[test]
fn each_store_says_how_its_own_papers_stand() {
    let marks = [
        ("m1", "complete"),
        ("m2", "each"),
        ("m3", "each"),
        ("m4", "each"),
    ];
    check(
        &papers(&marks, &["城关店-2.pdf", "城关店-场地使用证明-第2页.jpg"]),
        &[
            ("城关店", "3承诺；4：容缺；3缺"),
            ("城关店二部", "场地使用证明：齐全; 管理制度齐全；4缺"),
            ("汉王店", "2容缺；1齐全；9齐全；好"),
        ],
        expect![[r#"
            all: ["m1 paper 0"] owed []
            城关店: ["m2 2", "m3 promised 0"] owed ["m4"]
            城关店二部: ["m2 paper 0", "m3 paper 0"] owed []
            汉王店: [] owed []
            ! 第1行“材料”：“管理制度”写了两次，请留下一次。
            ! 第3行“材料”：“场地使用证明”不能容缺。
            ! 第3行“材料”：“申请书”现在是各家共用的；要分开的，请先在材料里把它标为每家一份。
            ! 第3行“材料”：看不懂“9齐全”，请写序号和情况，用分号隔开，例如 3齐全；5容缺。
            ! 第3行“材料”：看不懂“好”，请写序号和情况，用分号隔开，例如 3齐全；5容缺。
            ! 第3行“汉王店”没有说“场地使用证明”交了没有：请在“材料”一列写 2齐全 或者 2缺，也可以传它的扫描件，文件名写 汉王店-2。
            ! 第3行“汉王店”没有说“管理制度”交了没有：请在“材料”一列写 3齐全 或者 3缺，也可以传它的扫描件，文件名写 汉王店-3。
            ! 第3行“汉王店”没有说“健康证明”交了没有：请在“材料”一列写 4齐全 或者 4缺，也可以传它的扫描件，文件名写 汉王店-4。"#]],
    );
}

#[test]
fn a_scan_says_by_its_name_whose_it_is() {
    let names = ["城关店", "城关店二部"];
    let whose = |marks: &[(&str, &str)], file: &str| papers(marks, &[]).whose(file, &names);
    let both = [("m2", "each"), ("m4", "each")];
    assert_eq!(whose(&both, "城关店二部_4.png"), Some((1, 3)));
    assert_eq!(whose(&both, "城关店-健康证明-2.png"), Some((0, 3)));
    assert_eq!(whose(&both, "城关店.png"), None, "which of the two");
    assert_eq!(whose(&both[..1], "城关店.png"), Some((0, 1)));
    assert_eq!(whose(&both, "汉王店-2.png"), None);
    assert_eq!(whose(&both, "城关店-4（2）.png"), Some((0, 3)));
    assert_eq!(whose(&both, "城关店2-4.png"), None, "of another store");
    assert_eq!(whose(&both[..1], "城关店-4.png"), None, "another paper");
    assert_eq!(whose(&both, "城关店2号店-4.png"), None, "of another store");
    assert_eq!(
        whose(&both[..1], "城关店三部.png"),
        None,
        "of another store"
    );
    assert_eq!(whose(&[], "城关店-2.png"), None, "nothing is for each");
}

#[test]
fn scans_that_nobody_brings_are_told() {
    check(
        &papers(&[("m2", "each")], &["合同.pdf"]),
        &[("城关店", "2齐全")],
        expect![[r#"
            all: [] owed []
            城关店: ["m2 paper 0"] owed []
            ! 不知道“合同.pdf”是哪家门店的哪份材料：请把文件名改成门店名称和材料序号，例如 城关店-3，再传一次。"#]],
    );
    check(
        &papers(&[], &["城关店-2.pdf"]),
        &[("城关店", "")],
        expect![[r#"
            all: [] owed []
            城关店: [] owed []
            ! “城关店-2.pdf”是单独一家门店的：请先把这份材料标为每家一份。"#]],
    );
    let mut both = papers(&[("m2", "each")], &[]);
    both.keep(Some("m2"), Scan::of_ticket("a|b").unwrap());
    check(
        &both,
        &[("城关店", "2缺")],
        expect![[r#"
            all: [] owed []
            城关店: [] owed []
            ! mark-m2 “场地使用证明”标了每家一份，又传了各家共用的扫描件：请改标齐全，或者勾选去掉扫描件。"#]],
    );
}

#[test]
fn what_is_offered_no_more_is_told() {
    check(
        &papers(&[("m1", "exempt")], &[]),
        &[],
        expect![[r#"
            all: [] owed []
            ! mark-m1 “申请书”原来标了免提交，换了申请单位或经办人以后不是那一份了，请重新标。"#]],
    );
}

#[test]
fn a_mark_that_is_not_allowed_is_not_read() {
    let papers = papers(
        &[("m1", "owed"), ("m2", "promised"), ("m9", "complete")],
        &[],
    );
    let marks: Vec<&str> = papers.lines.iter().map(|line| line.mark.code()).collect();
    assert_eq!(marks, ["missing"; 4]);
    let choices = |index: usize| papers.lines[index].choices().len();
    assert_eq!([choices(0), choices(2), choices(3)], [3, 4, 4]);
    assert!(papers.may_follow() && !papers.has_own());
}
