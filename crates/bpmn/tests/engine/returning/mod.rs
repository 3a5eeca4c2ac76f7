//! 退回 from inside every kind of region. After each return the process is finished, so that a lost or surplus token
//! would show as a stuck join.

mod branches;
mod ended;
mod regions;
mod waits;

use expect_test::Expect;

use crate::sketch::process;
use crate::story::Story;

pub(super) fn check(sketch: &str, variables: &str, commands: &[&str], expected: Expect) {
    let process = process(sketch);
    expected.assert_eq(&Story::told(&process, variables, commands));
}
