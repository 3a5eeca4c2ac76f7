//! The data folder of an installation: database, keys, files, index, the county's own templates. Keys
//! are made once and never overwritten, because whoever loses them loses what they sealed.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use jiff::{SignedDuration, Timestamp};
use p256::pkcs8::{EncodePrivateKey, LineEnding};
use rand_core::{CryptoRng, RngCore, impls};
use wuchuang_documents::{Authority, AuthoritySubject, TrustedRoots};
use wuchuang_kernel::Randomness;
use wuchuang_ledger::{Key, Signer};

use crate::configuration::SiteSettings;

mod rotation;

pub use rotation::Rotated;

/// Only the service's own user may read keys.
const KEY_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o750;
const KEY_FOLDER_MODE: u32 = 0o700;
/// How long the county's test certificate is valid: an installation lives longer than any trial.
const AUTHORITY_DAYS: i64 = 3_650;

const MASTER: &str = "master.key";
const LEDGER: &str = "ledger-signing.pem";
const AUTHORITY_CERTIFICATES: &str = "authority.pem";
const AUTHORITY_KEY: &str = "authority-key.pem";

/// The folder.
#[derive(Debug, Clone)]
pub struct DataFolder {
    root: PathBuf,
}

/// The keys of an installation, read into memory.
#[derive(Clone)]
pub struct Keys {
    /// Wraps the keys of persons.
    pub master: Key,
    /// Signs checkpoints.
    pub ledger: Signer,
    /// Signs documents.
    pub authority: Authority,
    /// Whose documents still hold, although they sign no more.
    pub earlier_roots: TrustedRoots,
}

impl DataFolder {
    /// The folder at a path; it need not exist yet.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where files handed in and made are kept.
    pub fn files(&self) -> PathBuf {
        self.root.join("files")
    }

    /// Where the search index is kept.
    pub fn search(&self) -> PathBuf {
        self.root.join("search")
    }

    /// Where the county's own document templates are; each replaces the built-in one of its name.
    pub fn templates(&self) -> PathBuf {
        self.root.join("templates")
    }

    fn key(&self, name: &str) -> PathBuf {
        self.root.join("keys").join(name)
    }

    /// Refuses the machine's root in a folder of the service's own user: keys and database files that root makes there
    /// cannot be read by the service afterwards.
    ///
    /// # Errors
    /// When the command runs as root and the folder belongs to somebody else.
    pub fn refuse_foreign_user(&self) -> Result<()> {
        // The folder need not exist yet, and a system without /proc cannot be asked.
        if let (Ok(folder), Ok(process)) = (fs::metadata(&self.root), fs::metadata("/proc/self")) {
            foreign_user(&self.root, folder.uid(), process.uid())?;
        }
        Ok(())
    }

    /// Whether keys were made here.
    pub fn is_initialised(&self) -> bool {
        self.key(MASTER).exists()
    }

    /// Makes the folders and whatever key is missing; nothing that is there is touched. Tells which
    /// files were made.
    ///
    /// # Errors
    /// When a folder or a file cannot be made.
    pub fn initialise(
        &self,
        site: &SiteSettings,
        now: Timestamp,
        randomness: &dyn Randomness,
    ) -> Result<Vec<&'static str>> {
        folder_make(&self.root, FOLDER_MODE)?;
        folder_make(&self.root.join("keys"), KEY_FOLDER_MODE)?;
        for folder in [self.files(), self.search(), self.templates()] {
            folder_make(&folder, FOLDER_MODE)?;
        }
        let mut made = Vec::new();
        if !self.key(MASTER).exists() {
            // A new master key beside an old database would seal what nobody can open together.
            if self.root.join("wuchuang.db").exists() {
                bail!(
                    "{} 不见了，但数据库还在。没有它，个人信息读不出来：请从备份恢复 keys 目录，不要重新初始化。",
                    self.key(MASTER).display()
                );
            }
            self.write_key(MASTER, &format!("{}\n", randomness.token(32)))?;
            made.push(MASTER);
        }
        if !self.key(LEDGER).exists() {
            self.write_key(LEDGER, &ledger_key(randomness)?)?;
            made.push(LEDGER);
        }
        if !self.key(AUTHORITY_CERTIFICATES).exists() {
            self.authority_make(site, now, randomness)?;
            made.push(AUTHORITY_CERTIFICATES);
        }
        Ok(made)
    }

    fn authority_make(
        &self,
        site: &SiteSettings,
        now: Timestamp,
        randomness: &dyn Randomness,
    ) -> Result<()> {
        let pem = authority_new(site, now, randomness)?.to_pem()?;
        self.write_key(AUTHORITY_KEY, &pem.private_key)?;
        self.write_key(AUTHORITY_CERTIFICATES, &pem.certificates)
    }

    /// Writes a new file that only its owner reads; a file that is there is an error.
    fn write_key(&self, name: &str, text: &str) -> Result<()> {
        let path = self.key(name);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(KEY_MODE)
            .open(&path)
            .with_context(|| format!("写不了密钥文件 {}", path.display()))?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .with_context(|| format!("写不了密钥文件 {}", path.display()))
    }

    /// Reads the keys.
    ///
    /// # Errors
    /// When a key is missing, unreadable, or readable by others.
    pub fn keys(&self) -> Result<Keys> {
        let bytes = hex::decode(self.read_key(MASTER)?.trim())
            .ok()
            .and_then(|bytes| Key::try_from(bytes).ok())
            .with_context(|| format!("{} 应当是 64 个十六进制数字", self.key(MASTER).display()))?;
        let ledger = Signer::from_pem(&self.read_key(LEDGER)?)
            .with_context(|| format!("{} 不是 PKCS#8 私钥", self.key(LEDGER).display()))?;
        let authority = self.authority()?;
        Ok(Keys {
            master: bytes,
            ledger,
            authority,
            earlier_roots: self.earlier_roots()?,
        })
    }

    /// The public key under which checkpoints are signed.
    ///
    /// # Errors
    /// When the key is missing, unreadable, or readable by others.
    pub fn ledger_public_pem(&self) -> Result<String> {
        let signer = Signer::from_pem(&self.read_key(LEDGER)?)
            .with_context(|| format!("{} 不是 PKCS#8 私钥", self.key(LEDGER).display()))?;
        Ok(signer.public_pem()?)
    }

    fn read_key(&self, name: &str) -> Result<String> {
        let path = self.key(name);
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => anyhow::anyhow!(
                "没有密钥文件 {}。新装的系统请先运行 wuchuang init；已有数据时请从备份恢复。",
                path.display()
            ),
            _ => anyhow::anyhow!("读不了密钥文件 {}：{error}", path.display()),
        })?;
        let mode = fs::metadata(&path)
            .with_context(|| format!("读不了密钥文件 {}", path.display()))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            bail!(
                "密钥文件 {} 别的用户也能读。请执行：chmod 600 {}",
                path.display(),
                path.display()
            );
        }
        Ok(text)
    }

    /// Whether the disk takes a file now.
    pub fn is_writable(&self, name: &str) -> bool {
        let path = self.root.join(format!(".writable-{name}"));
        let written = fs::write(&path, b"1").is_ok();
        // What was written for the question must not stay; when it cannot be removed the answer is no.
        written && fs::remove_file(&path).is_ok()
    }
}

/// A new test authority in the name of whoever runs the installation.
fn authority_new(
    site: &SiteSettings,
    now: Timestamp,
    randomness: &dyn Randomness,
) -> Result<Authority> {
    let subject = AuthoritySubject {
        organisation: site.operator.clone(),
        seal_name: format!("{}电子专用章", site.operator),
    };
    let end = now
        .checked_add(SignedDuration::from_hours(24 * AUTHORITY_DAYS))
        .context("证书有效期超出范围")?;
    Ok(Authority::generate(
        &subject,
        now,
        end,
        &mut KeyRandomness(randomness),
    )?)
}

fn foreign_user(root: &Path, owner: u32, process: u32) -> Result<()> {
    if process == 0 && owner != 0 {
        bail!(
            "数据目录 {} 属于服务自己的用户，不能用 root 操作，否则服务读不了新建的文件。请改用：runuser -u wuchuang -- wuchuang …",
            root.display()
        );
    }
    Ok(())
}

fn folder_make(path: &Path, mode: u32) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(path)
        .with_context(|| {
            format!(
                "建不了目录 {}。请检查上级目录是否存在、是否有写权限。",
                path.display()
            )
        })
}

/// The house's randomness, as the makers of keys want it.
struct KeyRandomness<'a>(&'a dyn Randomness);

impl RngCore for KeyRandomness<'_> {
    fn next_u32(&mut self) -> u32 {
        impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        self.0.number()
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

// The program gives the operating system's generator; only tests give another.
impl CryptoRng for KeyRandomness<'_> {}

/// A new key for checkpoints, as PKCS #8.
fn ledger_key(randomness: &dyn Randomness) -> Result<String> {
    // One text of 32 bytes in 2^32 is no key of the curve.
    for _ in 0..4 {
        let mut bytes = [0; 32];
        randomness.fill(&mut bytes);
        if let Ok(key) = p256::SecretKey::from_bytes(&bytes.into()) {
            return Ok(key.to_pkcs8_pem(LineEnding::LF)?.to_string());
        }
    }
    bail!("系统的随机数发生器不正常")
}

#[cfg(test)]
mod tests {
    use wuchuang_kernel::SeededRandomness;

    use super::*;
    use crate::configuration::Configuration;

    fn site() -> SiteSettings {
        Configuration::demonstration(PathBuf::from("/"), ([127, 0, 0, 1], 1).into()).site
    }

    #[test]
    fn keys_are_made_once_and_only_their_owner_reads_them() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = DataFolder::at(temporary.path().join("data"));
        let randomness = SeededRandomness::new(1);
        let now: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        assert!(!folder.is_initialised());
        assert_eq!(
            folder.initialise(&site(), now, &randomness).unwrap().len(),
            3
        );
        let before = folder.keys().unwrap();
        assert!(
            folder
                .initialise(&site(), now, &randomness)
                .unwrap()
                .is_empty()
        );
        assert_eq!(folder.keys().unwrap().master, before.master);
        assert!(folder.is_writable("test"));
        for name in [MASTER, LEDGER, AUTHORITY_CERTIFICATES, AUTHORITY_KEY] {
            let mode = fs::metadata(folder.key(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, KEY_MODE, "{name}");
        }
        fs::set_permissions(folder.key(MASTER), fs::Permissions::from_mode(0o644)).unwrap();
        assert!(folder.keys().is_err());
    }

    #[test]
    fn root_makes_nothing_in_the_services_folder() {
        let folder = Path::new("/var/lib/wuchuang");
        assert!(foreign_user(folder, 110, 110).is_ok());
        assert!(foreign_user(folder, 0, 0).is_ok());
        let refused = foreign_user(folder, 110, 0).unwrap_err().to_string();
        assert!(refused.contains("runuser -u wuchuang"), "{refused}");
    }

    #[test]
    fn a_lost_master_key_beside_a_database_is_no_new_installation() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = DataFolder::at(temporary.path());
        fs::write(temporary.path().join("wuchuang.db"), b"").unwrap();
        let made = folder.initialise(&site(), Timestamp::UNIX_EPOCH, &SeededRandomness::new(1));
        assert!(made.is_err());
    }
}
