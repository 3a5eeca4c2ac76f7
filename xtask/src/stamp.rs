//! Remembers from which inputs a product was made, so that a warm start does not fetch or bundle again what is there.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A fingerprint of inputs, compared with the one kept beside the product.
pub(crate) struct Stamp {
    file: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// `file` is where the fingerprint is kept: inside the product, so that deleting the product forgets it as well.
    /// Inputs count by their path below `root`, so that another checkout of the same files finds the product current.
    pub(crate) fn of_files(file: PathBuf, root: &Path, inputs: &[PathBuf]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        for input in inputs {
            input.strip_prefix(root).unwrap_or(input).hash(&mut hasher);
            fs::read(input)
                .with_context(|| format!("reading {}", input.display()))?
                .hash(&mut hasher);
        }
        Ok(Self {
            file,
            fingerprint: format!("{:016x}", hasher.finish()),
        })
    }

    /// True when the product was made from exactly these inputs.
    pub(crate) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|kept| kept == self.fingerprint)
    }

    /// Call only after the product is whole.
    pub(crate) fn keep(&self) -> Result<()> {
        fs::write(&self.file, &self.fingerprint)
            .with_context(|| format!("writing {}", self.file.display()))
    }
}

/// Every file below a folder in a stable order, leaving out folders with the given names.
pub(crate) fn files_below(folder: &Path, without: &[&str]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(current) = folders.pop() {
        let entries =
            fs::read_dir(&current).with_context(|| format!("listing {}", current.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("listing {}", current.display()))?;
            let kind = entry.file_type().context("reading a folder entry")?;
            let path = entry.path();
            if kind.is_dir() {
                if !without.iter().any(|name| entry.file_name() == *name) {
                    folders.push(path);
                }
            } else if kind.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Stamp, files_below};

    #[test]
    fn a_changed_input_is_noticed_and_a_moved_checkout_is_not() {
        let base = std::env::temp_dir().join(format!("wuchuang-stamp-{}", std::process::id()));
        let stamp = |root: &str| {
            let root = base.join(root);
            let inputs = files_below(&root, &["left-out"]).unwrap();
            Stamp::of_files(base.join("stamp"), &root, &inputs).unwrap()
        };
        for root in ["one", "two"] {
            fs::create_dir_all(base.join(root).join("left-out")).unwrap();
            fs::write(base.join(root).join("input"), "a").unwrap();
        }
        assert!(!stamp("one").is_current());
        stamp("one").keep().unwrap();
        fs::write(base.join("one/left-out/product"), "p").unwrap();
        assert!(stamp("one").is_current());
        assert!(stamp("two").is_current());
        fs::write(base.join("one/input"), "b").unwrap();
        assert!(!stamp("one").is_current());
        fs::remove_dir_all(&base).unwrap();
    }
}
