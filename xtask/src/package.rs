//! `cargo xtask package`: one Debian package with one program, one configuration file and one systemd unit. `dpkg-deb`
//! alone makes it, so no packaging tools need to be installed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::progress::{Progress, Step};
use crate::workspace::Workspace;
use crate::{process, setup};

const PROGRAM: u32 = 0o755;
const FILE: u32 = 0o644;
/// The configuration may hold passwords of the database and of gateways.
const CONFIGURATION: u32 = 0o640;

/// Builds the release program and packs it.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    if process::find("dpkg-deb").is_none() {
        bail!(
            "dpkg-deb is missing; packages can be made on Debian and its relatives only (apt-get install -y dpkg)"
        );
    }
    let mut progress = Progress::new(setup::STEPS + 2);
    setup::steps(workspace, &mut progress)?;
    progress.step(
        "building the release program (20 minutes when nothing is built yet)",
        || {
            process::run(&mut workspace.cargo(&["build", "--workspace", "--release"]))
                .map(|()| Step::Done)
        },
    )?;
    let mut package = PathBuf::new();
    progress.quiet_step("packing", || {
        package = pack(workspace)?;
        Ok(Step::Done)
    })?;
    println!("{}", package.display());
    Ok(())
}

/// What the package holds beside the program: from where, to where, with which permissions.
const FILES: [(&str, &str, u32); 9] = [
    (
        "packaging/wuchuang.toml",
        "etc/wuchuang/wuchuang.toml",
        CONFIGURATION,
    ),
    (
        "packaging/wuchuang.service",
        "usr/lib/systemd/system/wuchuang.service",
        FILE,
    ),
    (
        "packaging/debian/copyright",
        "usr/share/doc/wuchuang/copyright",
        FILE,
    ),
    (
        "docs/install.zh-CN.md",
        "usr/share/doc/wuchuang/install.zh-CN.md",
        FILE,
    ),
    (
        "assets/demo/regions-610924.csv",
        "usr/share/doc/wuchuang/examples/regions-610924.csv",
        FILE,
    ),
    ("packaging/debian/conffiles", "DEBIAN/conffiles", FILE),
    ("packaging/debian/postinst", "DEBIAN/postinst", PROGRAM),
    ("packaging/debian/prerm", "DEBIAN/prerm", PROGRAM),
    ("packaging/debian/postrm", "DEBIAN/postrm", PROGRAM),
];

fn pack(workspace: &Workspace) -> Result<PathBuf> {
    let version = version(workspace)?;
    let architecture = process::output(Command::new("dpkg").arg("--print-architecture"))?
        .trim()
        .to_owned();
    let out = workspace.target().join("package");
    let stage = out.join("stage");
    if stage.exists() {
        fs::remove_dir_all(&stage).context("clearing the old package folder")?;
    }
    let program = workspace.target().join("release/wuchuang");
    put(&program, &stage.join("usr/bin/wuchuang"), PROGRAM)?;
    for (from, to, mode) in FILES {
        put(&workspace.path(from), &stage.join(to), mode)?;
    }
    let template = fs::read_to_string(workspace.path("packaging/debian/control"))
        .context("reading packaging/debian/control")?;
    let control = template
        .replace("{version}", &version)
        .replace("{architecture}", &architecture)
        .replace("{libc_version}", &libc_version()?);
    fs::write(stage.join("DEBIAN/control"), control)
        .context("writing the package's control file")?;
    let package = out.join(format!("wuchuang_{version}_{architecture}.deb"));
    process::run_quietly(
        Command::new("dpkg-deb")
            .args(["--root-owner-group", "-Zxz", "--build"])
            .arg(&stage)
            .arg(&package),
    )?;
    Ok(package)
}

/// Copies one file into the stage with exactly these permissions, whatever the checkout's are.
fn put(from: &Path, to: &Path, mode: u32) -> Result<()> {
    let folder = to.parent().context("a packaged file is in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    fs::copy(from, to).with_context(|| format!("copying {} into the package", from.display()))?;
    fs::set_permissions(to, fs::Permissions::from_mode(mode))
        .with_context(|| format!("setting the permissions of {}", to.display()))
}

fn version(workspace: &Workspace) -> Result<String> {
    let text = fs::read_to_string(workspace.path("Cargo.toml")).context("reading Cargo.toml")?;
    let manifest: toml::Table = text.parse().context("reading Cargo.toml")?;
    manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("version")?.as_str())
        .map(str::to_owned)
        .context("Cargo.toml has no [workspace.package] version")
}

/// The program needs at least the C library it was linked with.
fn libc_version() -> Result<String> {
    let answer = process::output(Command::new("getconf").arg("GNU_LIBC_VERSION"))?;
    let version = answer.split_whitespace().nth(1);
    version
        .map(str::to_owned)
        .with_context(|| format!("`getconf GNU_LIBC_VERSION` answered “{}”", answer.trim()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::pack;
    use crate::process;
    use crate::workspace::Workspace;

    #[test]
    fn the_package_holds_one_program_one_configuration_and_one_unit() {
        let target = std::env::temp_dir().join(format!("wuchuang-package-{}", std::process::id()));
        fs::create_dir_all(target.join("release")).unwrap();
        fs::write(target.join("release/wuchuang"), "stands for the program").unwrap();
        let package = pack(&Workspace::with_target(target.clone())).unwrap();
        let listing =
            process::output(Command::new("dpkg-deb").arg("--contents").arg(&package)).unwrap();
        let files: Vec<String> = listing
            .lines()
            .filter(|line| line.starts_with('-'))
            .map(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                format!("{} {} {}", words[0], words[1], words[5])
            })
            .collect();
        assert_eq!(
            files,
            [
                "-rw-r----- root/root ./etc/wuchuang/wuchuang.toml",
                "-rwxr-xr-x root/root ./usr/bin/wuchuang",
                "-rw-r--r-- root/root ./usr/lib/systemd/system/wuchuang.service",
                "-rw-r--r-- root/root ./usr/share/doc/wuchuang/copyright",
                "-rw-r--r-- root/root ./usr/share/doc/wuchuang/examples/regions-610924.csv",
                "-rw-r--r-- root/root ./usr/share/doc/wuchuang/install.zh-CN.md",
            ]
        );
        fs::remove_dir_all(&target).unwrap();
    }
}
