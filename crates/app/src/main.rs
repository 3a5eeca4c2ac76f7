//! The `wuchuang` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    wuchuang_app::commands::run()
}
