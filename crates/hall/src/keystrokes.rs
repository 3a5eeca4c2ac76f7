//! The plan of keystrokes in the crate's document, held against the pages: every key that it names must
//! be on its page, and there may be at most 25 besides typed text.

/// How many keystrokes a reception may cost besides text.
const KEYSTROKES_MAX: usize = 25;

const DESK: &str = include_str!("../templates/hall/desk.html");
const RECEPTION: &str = include_str!("../templates/hall/reception.html");
const DONE: &str = include_str!("../templates/hall/done.html");
const DOCUMENT: &str = include_str!("lib.rs");

/// The plan's lines: how many keystrokes, which keys.
fn plan() -> Vec<(usize, String)> {
    DOCUMENT
        .lines()
        .filter_map(|line| line.strip_prefix("//! | "))
        .filter_map(|line| {
            let mut cells = line.split(" | ");
            let (count, keys) = (cells.next()?, cells.next()?);
            let count = match count.split_once('–') {
                Some((first, last)) => {
                    let (first, last) = (first.parse::<usize>().ok()?, last.parse::<usize>().ok()?);
                    last + 1 - first
                }
                None => count.parse::<usize>().map(|_| 1).ok()?,
            };
            Some((count, keys.to_owned()))
        })
        .collect()
}

#[test]
fn a_plain_reception_costs_few_keystrokes() {
    let plan = plan();
    let strokes: usize = plan.iter().map(|(count, _)| count).sum();
    assert_eq!(strokes, 20, "{plan:?}");
    assert!(strokes <= KEYSTROKES_MAX);
}

#[test]
fn every_key_of_the_plan_is_on_its_page() {
    assert!(
        DESK.contains("autofocus"),
        "the cursor stands in the one field"
    );
    for key in [
        r#"data-key="{{ view.line.key }}""#,
        r#"data-key="t""#,
        r#"key="s""#,
    ] {
        assert!(RECEPTION.contains(key), "{key}");
    }
    for key in [r#"data-key="{{ slip.key }}""#, r#"key="n""#] {
        assert!(DONE.contains(key), "{key}");
    }
}

#[test]
fn enter_in_a_field_never_files_a_case() {
    let first = RECEPTION
        .find(r#"type="submit""#)
        .and_then(|at| RECEPTION.get(at..))
        .and_then(|rest| rest.split('>').next());
    assert!(
        first.is_some_and(|button| button.contains(r#"value="check""#)),
        "a browser presses the first button of a form on Enter: {first:?}"
    );
    let deeds = RECEPTION.find("value=\"accept\"");
    assert!(deeds > RECEPTION.find(r#"value="check""#));
}
