//! The library that counts flushes and makes them slower. It is C, because only C can stand in front of the C library's
//! own functions without unsafe Rust; it is compiled where it is used.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::workspace::Workspace;

/// The compiled library.
pub(super) struct Shim {
    library: PathBuf,
}

impl Shim {
    pub(super) fn build(workspace: &Workspace, folder: &Path) -> Result<Self> {
        let library = folder.join("slow_flush.so");
        process::run_quietly(
            Command::new("cc")
                .args(["-O2", "-shared", "-fPIC", "-o"])
                .arg(&library)
                .arg(workspace.path("bench/slow_flush.c"))
                .arg("-ldl"),
        )
        .context("compiling the flush shim; a C compiler is in the package gcc")?;
        Ok(Self { library })
    }

    /// An empty counter that processes of any user may write: PostgreSQL runs as another one.
    pub(super) fn counter(name: &str) -> Result<PathBuf> {
        use std::os::unix::fs::PermissionsExt;
        let path =
            std::env::temp_dir().join(format!("wuchuang-flushes-{}-{name}", std::process::id()));
        fs::write(&path, 0_u64.to_le_bytes())
            .with_context(|| format!("writing {}", path.display()))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666))?;
        Ok(path)
    }

    /// What a process needs in its environment to be counted and slowed.
    pub(super) fn environment(&self, counter: &Path, delay_us: u64) -> Vec<(String, String)> {
        vec![
            ("LD_PRELOAD".to_owned(), self.library.display().to_string()),
            (
                "WUCHUANG_BENCH_FLUSH_COUNT".to_owned(),
                counter.display().to_string(),
            ),
            (
                "WUCHUANG_BENCH_FLUSH_DELAY_US".to_owned(),
                delay_us.to_string(),
            ),
        ]
    }
}
