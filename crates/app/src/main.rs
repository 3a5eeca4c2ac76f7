//! The `wuchuang` program.

use std::process::ExitCode;

/// The house makes and drops many small things, for which the system's allocator takes more time and memory
/// (docs/performance.md says how much).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    wuchuang_app::commands::run()
}
