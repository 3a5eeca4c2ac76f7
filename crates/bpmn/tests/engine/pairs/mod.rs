//! Every gateway with every boundary event: the activity stands in a branch behind the gateway, the event happens or
//! does not, and the join behind gets exactly what it should.

mod event_gateway;
mod exclusive;
mod inclusive;
mod parallel;

use expect_test::Expect;

use crate::sketch::process;
use crate::story::Story;

pub(super) fn check(gateway: &str, boundary: &str, commands: &[&str], expected: Expect) {
    let (split, join) = match gateway {
        "xor" => ("xor g -> A ? true | B *", "xor j"),
        "and" => ("and g -> A | B", "and j"),
        "or" => ("or g -> A ? true | B ? true", "or j"),
        "event" => ("event g -> M | N", "xor j"),
        other => panic!("{other}"),
    };
    let before = if gateway == "event" {
        "catch:message:m M -> A
         catch:message:n N -> B"
    } else {
        ""
    };
    let process = process(&format!(
        "start s -> g
         {split}
         {before}
         service A -> x
         {boundary} on A -> C
         user C -> x
         user B -> j
         xor x -> j
         {join} -> Z
         user Z -> e
         end e"
    ));
    let first: &[&str] = if gateway == "event" {
        &["message m"]
    } else {
        &[]
    };
    let commands: Vec<&str> = first.iter().chain(commands).copied().collect();
    expected.assert_eq(&Story::told(&process, "", &commands));
}
