//! The `wuchuang` program.
fn main() {}
