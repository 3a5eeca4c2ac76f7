//! `cargo xtask setup`: what both `demo` and `test` need before anything can be compiled: the right tools, the bundled
//! web assets (embedded in the program at compile time) and the fonts of the documents.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::progress::{Progress, Step};
use crate::workspace::Workspace;
use crate::{process, stamp, web};

const RUST_MIN: (u32, u32) = (1, 95);
const NODE_MIN: (u32, u32) = (20, 0);
const FONT_PACKAGES: [&str; 2] = ["noto-serif-sc", "noto-sans-sc"];
const FONT_WEIGHTS: [&str; 2] = ["_400Regular.ttf", "_700Bold.ttf"];

/// The command by itself.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::new(STEPS);
    steps(workspace, &mut progress)
}

/// How many steps [`steps`] takes.
pub(crate) const STEPS: usize = 4;

/// The steps, for a command that goes on afterwards.
pub(crate) fn steps(workspace: &Workspace, progress: &mut Progress) -> Result<()> {
    progress.quiet_step("checking Rust, Node and the C compiler", || {
        tools_check().map(|()| Step::Done)
    })?;
    progress.quiet_step("fetching web packages", || web::packages_install(workspace))?;
    progress.quiet_step("bundling web assets", || web::bundle(workspace))?;
    progress.quiet_step("copying document fonts", || fonts_copy(workspace))
}

fn tools_check() -> Result<()> {
    version_check("rustc", RUST_MIN, "rustup update stable")?;
    version_check(
        "node",
        NODE_MIN,
        "apt-get install -y nodejs npm (or the installer of nodejs.org)",
    )?;
    if process::find("npm").is_none() {
        bail!("npm is missing; install it with: apt-get install -y npm");
    }
    if process::find("cc").is_none() {
        bail!("a C compiler is missing; install it with: apt-get install -y build-essential");
    }
    Ok(())
}

fn version_check(program: &str, least: (u32, u32), remedy: &str) -> Result<()> {
    let Ok(text) = process::output(Command::new(program).arg("--version")) else {
        bail!("{program} is missing; install it with: {remedy}");
    };
    let (major, minor) = version_parse(&text)
        .with_context(|| format!("`{program} --version` answered “{}”", text.trim()))?;
    if (major, minor) < least {
        bail!(
            "{program} {major}.{minor} is too old, at least {}.{} is needed; update it with: {remedy}",
            least.0,
            least.1,
        );
    }
    Ok(())
}

/// The first two numbers of a version line, as in `rustc 1.95.0 (…)` or `v20.20.2`.
fn version_parse(text: &str) -> Option<(u32, u32)> {
    let digits = text.find(|letter: char| letter.is_ascii_digit())?;
    let mut numbers = text[digits..].split(|letter: char| !letter.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn fonts_copy(workspace: &Workspace) -> Result<Step> {
    let target = workspace.path("assets/fonts");
    let mut copied = 0;
    for package in FONT_PACKAGES {
        let source = workspace.path(&format!("web/node_modules/@expo-google-fonts/{package}"));
        if !source.is_dir() {
            bail!(
                "web/package.json does not list @expo-google-fonts/{package}; documents cannot be set without it"
            );
        }
        for weight in FONT_WEIGHTS {
            copied += usize::from(font_copy(&source, weight, &target)?);
        }
    }
    Ok(if copied == 0 {
        Step::Skipped("the fonts are there".to_owned())
    } else {
        Step::Done
    })
}

/// Copies one weight unless a file of the same size is there. The packages moved their files between folders in the
/// past, so the file is looked up by the end of its name.
fn font_copy(package: &Path, weight: &str, target: &Path) -> Result<bool> {
    let source: PathBuf = stamp::files_below(package, &[])?
        .into_iter()
        .find(|file| file.to_string_lossy().ends_with(weight))
        .with_context(|| format!("{} holds no file *{weight}", package.display()))?;
    let name = source.file_name().context("a font file has a name")?;
    let copy = target.join(name);
    let size = |path: &Path| fs::metadata(path).map(|data| data.len());
    if size(&copy).ok() == size(&source).ok() {
        return Ok(false);
    }
    fs::create_dir_all(target).with_context(|| format!("making {}", target.display()))?;
    fs::copy(&source, &copy).with_context(|| format!("copying {}", source.display()))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::version_parse;

    #[test]
    fn versions_are_read_from_what_the_tools_print() {
        assert_eq!(
            version_parse("rustc 1.95.0 (59807616e 2026-04-14)"),
            Some((1, 95))
        );
        assert_eq!(version_parse("v20.20.2\n"), Some((20, 20)));
        assert_eq!(version_parse("no digits"), None);
    }
}
