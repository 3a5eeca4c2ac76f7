//! The picture of a process: whole, well-formed, bounded, marked, and told as a list.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use wuchuang_bpmn::{
    Definition, Drawing, Effect, Event, Marks, PICTURE_PARTS_MAX, PictureWords, Variables, advance,
    start, with_diagram,
};

use crate::samples::{NAMES, sample};

const WORDS: PictureWords<'_> = PictureWords {
    id: "p",
    title: "流程图",
    open: "在办",
    done: "已办",
};

fn drawing(text: &str) -> Drawing {
    Drawing::of(&Definition::parse(text).unwrap())
}

fn svg(text: &str, marks: &Marks) -> String {
    drawing(text).svg(WORDS, marks).unwrap()
}

/// The list of a sample, as somebody would hear it.
fn check(name: &str, expected: Expect) {
    told(&drawing(&sample(name)), expected);
}

fn told(drawing: &Drawing, expected: Expect) {
    let mut told = String::new();
    for step in drawing.steps() {
        let limit = step
            .limit_days
            .map_or_else(String::new, |days| format!(" {days}d"));
        let several = if step.is_several { " *" } else { "" };
        let next: Vec<String> = step
            .next
            .iter()
            .map(|next| {
                let name = next.name.as_deref().unwrap_or("■");
                if next.when.is_empty() {
                    name.to_owned()
                } else {
                    format!("{name}（{}）", next.when)
                }
            })
            .collect();
        let indent = "  ".repeat(step.depth);
        let _ = writeln!(
            told,
            "{indent}{}{limit}{several} → {}",
            step.name,
            next.join("、")
        );
    }
    expected.assert_eq(&told);
}

#[test]
fn every_sample_has_a_picture_that_shows_every_element() {
    for name in NAMES {
        let text = sample(name);
        let definition = Definition::parse(&text).unwrap();
        let picture = svg(&text, &Marks::default());
        let document = roxmltree::Document::parse(&picture)
            .unwrap_or_else(|error| panic!("{name}: {error}\n{picture}"));
        let shown: Vec<&str> = document
            .descendants()
            .filter_map(|node| node.attribute("data-element"))
            .collect();
        for element in definition.main().elements() {
            assert!(
                shown.contains(&element.id.as_str()),
                "{name}: {} is not shown",
                element.id
            );
        }
        for word in [" style=", "<script", "onload"] {
            assert!(!picture.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn a_file_without_a_diagram_is_arranged() {
    for (name, is_arranged) in [("five_tasks", false), ("two_levels", true)] {
        assert_eq!(drawing(&sample(name)).is_arranged(), is_arranged, "{name}");
    }
    let text = sample("two_levels");
    let picture = svg(&text, &Marks::default());
    let document = roxmltree::Document::parse(&picture).unwrap();
    let across: Vec<i32> = document
        .descendants()
        .filter(|node| node.attribute("class") == Some("task human"))
        .filter_map(|node| node.first_element_child()?.attribute("x")?.parse().ok())
        .collect();
    assert!(across.len() > 1 && across.is_sorted(), "{across:?}");
}

#[test]
fn a_file_gets_the_diagram_that_it_lacks() {
    for name in NAMES {
        let before = Definition::parse(&sample(name)).unwrap();
        let after = Definition::parse(&with_diagram(&before).unwrap())
            .unwrap_or_else(|problems| panic!("{name}: {problems}"));
        let drawn = Drawing::of(&after);
        assert!(!drawn.is_arranged(), "{name}");
        assert_eq!(drawn.steps(), Drawing::of(&before).steps(), "{name}");
        assert_eq!(
            with_diagram(&after).as_deref(),
            Some(after.export()),
            "{name}: a diagram stays as it is"
        );
    }
}

#[test]
fn what_is_open_and_done_is_told_by_a_word() {
    let text = sample("two_levels");
    let definition = Definition::parse(&text).unwrap();
    let process = definition.main();
    let step = start(process, Variables::new(), "1").unwrap();
    let Some(Effect::TaskCreated(first)) = step.effects.last() else {
        panic!("a task waits");
    };
    let done = Event::TaskCompleted {
        task: first.task,
        variables: Variables::new(),
    };
    let step = advance(process, &step.instance, done).unwrap();
    let marks = Marks {
        open: step
            .instance
            .positions(process)
            .into_iter()
            .map(|position| position.element)
            .collect(),
        done: step.instance.done(process).into_iter().collect(),
    };
    assert_eq!(marks.done.iter().next(), Some(&first.element));
    let picture = svg(&text, &marks);
    assert_eq!(picture.matches(">在办</text>").count(), 1, "{picture}");
    assert_eq!(picture.matches(">已办</text>").count(), 1, "{picture}");
}

#[test]
fn what_is_called_twice_is_drawn_once_and_listed_in_the_place_of_each_call() {
    let file = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:wuchuang="urn:wuchuang:bpmn:1" targetNamespace="urn:t">
<process id="survey" isExecutable="true"><startEvent id="ss"/><sequenceFlow id="s1" sourceRef="ss" targetRef="B"/>
<userTask id="B" name="踏勘" wuchuang:limitDays="4"/><sequenceFlow id="s2" sourceRef="B" targetRef="C"/><userTask id="C" name="写笔录"/></process>
<process id="main" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="x"/>
<callActivity id="x" name="初勘" calledElement="survey"/><sequenceFlow id="f2" sourceRef="x" targetRef="A"/>
<userTask id="A" name="审查"/><sequenceFlow id="f3" sourceRef="A" targetRef="y"/>
<callActivity id="y" name="复勘" calledElement="survey"/><sequenceFlow id="f4" sourceRef="y" targetRef="Z"/><userTask id="Z" name="审批"/></process></definitions>"#;
    let drawing = drawing(file);
    told(
        &drawing,
        expect![[r#"
        初勘 → 审查
          踏勘 4d → 写笔录
          写笔录 → 
        审查 → 复勘
        复勘 → 审批
          踏勘 4d → 写笔录
          写笔录 → 
        审批 → 
    "#]],
    );
    let picture = |open: &str| {
        let open = [open.into()].into();
        let marks = Marks {
            open,
            ..Marks::default()
        };
        let picture = drawing.svg(WORDS, &marks).unwrap();
        let document = roxmltree::Document::parse(&picture).unwrap();
        let mut nodes = document.descendants();
        let open = nodes.find(|node| {
            node.attribute("class")
                .is_some_and(|class| class.contains("is-open"))
        });
        open.and_then(|node| node.attribute("data-element"))
            .map(str::to_owned)
    };
    for (open, drawn) in [
        ("A", Some("A")),
        ("C", Some("C")),
        ("y.C", Some("C")),
        ("y.nothing", None),
    ] {
        assert_eq!(picture(open).as_deref(), drawn, "{open}");
    }
    let elements: Vec<&str> = drawing
        .steps()
        .iter()
        .map(|step| step.element.as_str())
        .collect();
    assert_eq!(elements, ["x", "B", "C", "A", "y", "y.B", "y.C", "Z"]);
}

#[test]
fn names_cannot_break_out_of_the_picture() {
    let wicked = "&lt;script&gt;alert(&apos;&quot;&amp;)&lt;/script&gt;";
    let picture = svg(
        &sample("two_levels").replace("镇审查", wicked),
        &Marks::default(),
    );
    assert!(!picture.contains("<script"), "{picture}");
    roxmltree::Document::parse(&picture).unwrap();
}

#[test]
fn a_process_beyond_the_bound_has_only_its_list() {
    let mut inside = String::from("<startEvent id=\"n0\"/>");
    let count = PICTURE_PARTS_MAX / 2 + 1;
    for at in 1..=count {
        let before = at - 1;
        let _ = write!(
            inside,
            "<sequenceFlow id=\"f{at}\" sourceRef=\"n{before}\" targetRef=\"n{at}\"/><userTask id=\"n{at}\" name=\"环节{at}\"/>"
        );
    }
    let _ = write!(
        inside,
        "<sequenceFlow id=\"last\" sourceRef=\"n{count}\" targetRef=\"end\"/><endEvent id=\"end\"/>"
    );
    let text = format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" targetNamespace=\"urn:t\"><process id=\"p\" isExecutable=\"true\">{inside}</process></definitions>"
    );
    let drawing = drawing(&text);
    assert!(drawing.svg(WORDS, &Marks::default()).is_none());
    assert_eq!(drawing.steps().first().unwrap().name, "环节1");
}

#[test]
fn the_list_tells_what_follows_what() {
    check(
        "two_levels",
        expect![[r#"
        镇审查 2d → 县审批
        县审批 3d → ■
    "#]],
    );
    check(
        "village_town_county",
        expect![[r#"
        村初审 → 告知申请人、镇审批
        镇审批 3d → 村初审、■、告知申请人、县备案、县备案（镇超期 超期上提）
        县备案 → ■
        告知申请人 → ■
    "#]],
    );
    check(
        "food_licence",
        expect![[r#"
        窗口收件 1d → 受理（材料齐全？ 齐全）、窗口收件（材料齐全？ 需补正 补正材料）、■（材料齐全？ 需补正 补正期满）
        受理 2d → 资料审查（低风险）、现场核查（中高风险）
        现场核查 5d → 审批决定、■（核查超期）、资料审查（无法核查）
        资料审查 3d → 审批决定
        审批决定 2d → 送达不予许可决定（准予？ 不予）、送达（准予？ 准予）
        送达不予许可决定 → ■
        送达 → ■
    "#]],
    );
}
