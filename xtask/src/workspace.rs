//! Where things are: the checkout, cargo's build folder (which CI keeps outside the checkout) and the folders derived
//! from them. Every command asks here, so that no path is spelled twice.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// The folders all commands work in.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Asks cargo, because `CARGO_TARGET_DIR` and cargo's configuration files can both move the build folder.
    pub(crate) fn locate() -> Result<Self> {
        let text = process::output(Command::new(cargo()).args([
            "metadata",
            "--format-version=1",
            "--no-deps",
        ]))
        .context("asking cargo for the workspace; run `cargo xtask` inside the checkout")?;
        let metadata: serde_json::Value =
            serde_json::from_str(&text).context("reading cargo's answer about the workspace")?;
        let folder = |key: &str| {
            metadata[key]
                .as_str()
                .map(PathBuf::from)
                .with_context(|| format!("cargo's answer has no `{key}`"))
        };
        Ok(Self {
            root: folder("workspace_root")?,
            target: folder("target_directory")?,
        })
    }

    /// This checkout with another build folder.
    #[cfg(test)]
    pub(crate) fn with_target(target: PathBuf) -> Self {
        let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self {
            root: xtask
                .parent()
                .expect("xtask/ is in the checkout")
                .to_path_buf(),
            target,
        }
    }

    /// A file or folder of the checkout.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The top of the checkout.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's build folder.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Where the foreign programs of the tests are installed. Beside the build products, so that CI keeps both.
    pub(crate) fn peers(&self) -> PathBuf {
        std::env::var_os("WUCHUANG_PEERS")
            .filter(|value| !value.is_empty())
            .map_or_else(|| self.target.join("peers"), PathBuf::from)
    }

    /// The server built by the development profile.
    pub(crate) fn debug_program(&self) -> PathBuf {
        self.target.join("debug").join("wuchuang")
    }

    /// A cargo command that runs at the top of the checkout.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(cargo());
        command.args(arguments).current_dir(&self.root);
        command
    }
}

/// The cargo that started us, so that a chosen toolchain stays chosen.
fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The platform the product runs on: crates that only other systems need are neither fetched nor judged.
pub(crate) fn platform() -> String {
    format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
}
