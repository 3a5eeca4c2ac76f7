//! Damaged files: flipped bytes, cuts, repeated and swapped pieces. Whatever comes in, an answer comes out.

use proptest::prelude::*;
use wuchuang_bpmn::{Answers, Definition, Expression, check_file, run};

use crate::samples::{NAMES, sample};

fn damaged(mut bytes: Vec<u8>, damage: &[(u16, u16, u8)]) -> Vec<u8> {
    for (at, length, kind) in damage {
        if bytes.is_empty() {
            break;
        }
        let start = usize::from(*at) % bytes.len();
        let end = (start + usize::from(*length) % 40).min(bytes.len());
        match kind % 5 {
            0 => bytes[start] = length.to_le_bytes()[0],
            1 => bytes.truncate(start),
            2 => {
                bytes.drain(start..end);
            }
            3 => {
                let piece = bytes[start..end].to_vec();
                let to = usize::from(*length) % bytes.len();
                bytes.splice(to..to, piece);
            }
            _ => bytes[start] ^= 1 << (length % 8),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_get_an_answer(
        name in prop::sample::select(NAMES.as_slice()),
        damage in prop::collection::vec(any::<(u16, u16, u8)>(), 1..6),
    ) {
        let bytes = damaged(sample(name).into_bytes(), &damage);
        let report = check_file(&bytes);
        prop_assert_eq!(report.deployable, report.problems.iter().all(|problem| problem.severity != wuchuang_bpmn::Severity::Error));
        if let Ok(definition) = Definition::from_bytes(&bytes) {
            for process in definition.processes().iter().chain([definition.whole()]) {
                run(process, Answers { complete_all: true, ..Answers::default() });
            }
        }
    }

    #[test]
    fn any_text_is_an_expression_or_an_error(text in r#"[a-z0-9 .,()\[\]"'=<>!&|?:{}$#@+*/-]{0,60}"#) {
        if let Ok(expression) = Expression::parse(&text) {
            let _ = expression.value_for(&serde_json::Map::new());
        }
    }

    #[test]
    fn words_in_any_order_are_an_expression_or_an_error(
        words in prop::collection::vec(prop::sample::select(vec![
            "if", "then", "else", "some", "in", "satisfies", "every", "and", "or", "not", "(", ")", "[", "]", "..",
            "between", "=", "<", "1", "\"a\"", "x", ".", ",", "+", "-", "/", "null", "true", "count", "@\"2026-01-01\"",
            "list contains", "?", ":", "empty", "date",
        ]), 0..25)
    ) {
        if let Ok(expression) = Expression::parse(&words.join(" ")) {
            let _ = expression.value_for(&serde_json::Map::new());
        }
    }
}
