//! The system packages the tests need, and how they get onto the machine: by ourselves when we are root on a system with
//! `apt-get`, else by telling the person the one command to type.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::progress::Step;

/// A package, and how to see that it is there.
struct SystemPackage {
    name: &'static str,
    present: fn() -> bool,
}

const PACKAGES: [SystemPackage; 5] = [
    SystemPackage {
        name: "postgresql",
        present: || postgres_programs().is_some(),
    },
    SystemPackage {
        name: "chromium",
        present: || process::find("chromium").is_some(),
    },
    // `pdfsig` and `pdftotext` check our documents with other people's code.
    SystemPackage {
        name: "poppler-utils",
        present: || process::find("pdfsig").is_some(),
    },
    // The SMS gateway; its daemon is called `bearerbox`.
    SystemPackage {
        name: "kannel",
        present: || process::find("bearerbox").is_some(),
    },
    SystemPackage {
        name: "python3-venv",
        present: || {
            process::run_quietly(Command::new("python3").args(["-c", "import ensurepip, venv"]))
                .is_ok()
        },
    },
];

/// Installs what is missing, or says what to type.
pub(crate) fn packages_install() -> Result<Step> {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|package| !(package.present)())
        .map(|package| package.name)
        .collect();
    if missing.is_empty() {
        return Ok(Step::Skipped("all system packages are there".to_owned()));
    }
    let names = missing.join(" ");
    if process::find("apt-get").is_none() {
        bail!(
            "these programs are missing; install them with your package manager (Debian's names): {names}"
        );
    }
    if !process::is_root() {
        bail!("system packages are missing; install them with: sudo apt-get install -y {names}");
    }
    println!("  installing {names}");
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .arg("-qq")
            .args(arguments);
        process::run_quietly(&mut command)
    };
    apt(&["update"])?;
    apt(&[
        &["install", "-y", "--no-install-recommends"],
        missing.as_slice(),
    ]
    .concat())
    .with_context(|| format!("installing {names}"))?;
    Ok(Step::Done)
}

/// The folder with `initdb` and `postgres`. Debian keeps them out of `PATH`, one folder a major version; the newest wins.
pub(crate) fn postgres_programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(_, folder): &(u32, PathBuf)| folder.join("initdb").is_file())
        .collect();
    versions.sort();
    versions
        .pop()
        .map(|(_, folder)| folder)
        .or_else(|| process::find("initdb")?.parent().map(PathBuf::from))
}
