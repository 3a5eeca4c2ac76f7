//! Where a file lies in the store: `ab/abcd…`, one of 256 folders. A folder that is new costs a flush of its own and one of its
//! parent, so with two levels of folders an upload waited for five flushes, with one level for two. A million
//! files are four thousand a folder, which file systems with indexed folders find as quickly as one.

use std::{fs, io, path::Path};

use object_store::path::Path as Key;

use super::{FileError, is_sha256};

/// Says that no file of this store lies in folders of two levels.
const MARK: &str = "one-level";

/// The place of a file.
pub(super) fn key(sha256: &str) -> Result<Key, FileError> {
    if !is_sha256(sha256) {
        return Err(FileError::Name);
    }
    Ok(Key::from(format!("{}/{sha256}", &sha256[..2])))
}

/// Brings a store whose files lie two levels deep (`ab/cd/abcd…`) to one level. Each move is one rename, so a stop in between
/// loses nothing: the next start goes on.
///
/// # Errors
/// When a folder cannot be read or a file cannot be moved.
pub(super) fn bring_to_one_level(folder: &Path) -> io::Result<()> {
    let mark = folder.join(MARK);
    if mark.exists() {
        return Ok(());
    }
    for first in folders_of_two(folder)? {
        for second in folders_of_two(&first)? {
            for file in fs::read_dir(&second)? {
                let file = file?;
                move_unless_gone(&file.path(), &first.join(file.file_name()))?;
            }
            // What another program put there stays where it is.
            let _ = fs::remove_dir(&second);
        }
    }
    fs::write(mark, b"")
}

/// The folders below one that are named by two hexadecimal digits.
fn folders_of_two(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_ours = name.len() == 2
            && name
                .to_string_lossy()
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit());
        if is_ours && entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Two servers that share a folder may start at the same moment: what the other has moved is moved.
fn move_unless_gone(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        moved => moved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::FileStore;

    #[tokio::test]
    async fn files_of_a_store_with_two_levels_are_found_and_swept_as_before() {
        let folder = tempfile::tempdir().unwrap();
        let sha256 = format!("ab12{}", "0".repeat(60));
        let old = folder.path().join("ab/12");
        fs::create_dir_all(&old).unwrap();
        fs::write(old.join(&sha256), b"paper").unwrap();

        let store = FileStore::in_folder(folder.path()).unwrap();

        assert_eq!(store.get(&sha256).await.unwrap(), b"paper");
        assert_eq!(
            store.names(0xab).await.unwrap(),
            std::slice::from_ref(&sha256)
        );
        assert!(!old.exists());
        store.remove(&sha256).await.unwrap();
        assert!(!store.has(&sha256).await.unwrap());
    }

    #[tokio::test]
    async fn a_new_store_needs_no_moving_and_keeps_one_folder_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileStore::in_folder(folder.path()).unwrap();
        let sha256 = store.put(b"paper".to_vec()).await.unwrap();
        let kept = folder.path().join(&sha256[..2]).join(&sha256);
        assert_eq!(fs::read(kept).unwrap(), b"paper");
        assert!(folder.path().join(MARK).exists());
    }
}
