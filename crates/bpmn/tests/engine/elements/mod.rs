//! Each element for itself: what it does with a token.

mod activities;
mod events;
mod gateways;

use expect_test::Expect;

use crate::sketch::process;
use crate::story::Story;

pub(super) fn check(sketch: &str, variables: &str, commands: &[&str], expected: Expect) {
    let process = process(sketch);
    expected.assert_eq(&Story::told(&process, variables, commands));
}
