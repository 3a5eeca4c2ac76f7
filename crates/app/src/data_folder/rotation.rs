//! The signing authority in use and those before it. A county begins with a test certificate and gets a real one later;
//! what was signed in between must still verify, so the roots of earlier authorities are kept.

use std::fs;

use anyhow::{Context, Result};
use jiff::Timestamp;
use wuchuang_documents::{Authority, TrustedRoots};
use wuchuang_kernel::Randomness;

use super::{AUTHORITY_CERTIFICATES, AUTHORITY_KEY, DataFolder, authority_new};
use crate::configuration::SiteSettings;

/// The roots of the certificates that were in use before, as PEM, one after another.
const EARLIER: &str = "authority-earlier.pem";
/// What is to be put in place, certificates first.
const CERTIFICATES_NEXT: &str = "authority-next.pem";
const KEY_NEXT: &str = "authority-key-next.pem";

/// By which names two certificates sign.
#[derive(Debug)]
pub struct Rotated {
    /// The one that was in use.
    pub earlier: String,
    /// The one in use from the next start on.
    pub present: String,
}

impl DataFolder {
    /// The authority in use.
    pub(super) fn authority(&self) -> Result<Authority> {
        self.rotation_finish()?;
        Ok(Authority::from_pem(
            &self.read_key(AUTHORITY_CERTIFICATES)?,
            &self.read_key(AUTHORITY_KEY)?,
        )?)
    }

    /// The roots of the authorities before it.
    pub(super) fn earlier_roots(&self) -> Result<TrustedRoots> {
        if !self.key(EARLIER).exists() {
            return Ok(TrustedRoots::default());
        }
        TrustedRoots::from_pem(&self.read_key(EARLIER)?)
            .with_context(|| format!("{} 应当是以前的根证书（PEM）", self.key(EARLIER).display()))
    }

    /// Puts another signing authority in the place of the present one: the given certificates and key, or a new test
    /// authority. The present root goes among the earlier ones first, so that a crash at any point leaves every
    /// document that was ever signed verifiable.
    ///
    /// # Errors
    /// When what was given does not read or does not fit together (nothing is changed then), or a file cannot be
    /// written.
    pub fn authority_rotate(
        &self,
        site: &SiteSettings,
        given: Option<(String, String)>,
        now: Timestamp,
        randomness: &dyn Randomness,
    ) -> Result<Rotated> {
        let present = self.authority()?;
        let next = match given {
            Some((certificates, private_key)) => Authority::from_pem(&certificates, &private_key)?,
            None => authority_new(site, now, randomness)?,
        };
        self.earlier_add(&present.root_pem()?)?;
        let pem = next.to_pem()?;
        // What an interrupted rotation left goes key first, and comes key last: a key that lies alone is one whose
        // certificates are in place already.
        self.remove_key(KEY_NEXT)?;
        self.write_key_anew(CERTIFICATES_NEXT, &pem.certificates)?;
        self.write_key(KEY_NEXT, &pem.private_key)?;
        self.rename_key(CERTIFICATES_NEXT, AUTHORITY_CERTIFICATES)?;
        self.rotation_finish()?;
        Ok(Rotated {
            earlier: present.signer_name(),
            present: next.signer_name(),
        })
    }

    /// Once the certificates are in place their key follows, also after a crash between the two. A key whose
    /// certificates still wait was never put to use.
    fn rotation_finish(&self) -> Result<()> {
        if self.key(KEY_NEXT).exists() && !self.key(CERTIFICATES_NEXT).exists() {
            self.rename_key(KEY_NEXT, AUTHORITY_KEY)?;
        }
        Ok(())
    }

    fn earlier_add(&self, root: &str) -> Result<()> {
        let mut roots = if self.key(EARLIER).exists() {
            self.read_key(EARLIER)?
        } else {
            String::new()
        };
        if roots.contains(root) {
            return Ok(());
        }
        roots.push_str(root);
        TrustedRoots::from_pem(&roots)?;
        let next = format!("{EARLIER}.next");
        self.write_key_anew(&next, &roots)?;
        self.rename_key(&next, EARLIER)
    }

    /// Writes a key file, also in the place of one that an interrupted rotation left.
    fn write_key_anew(&self, name: &str, text: &str) -> Result<()> {
        self.remove_key(name)?;
        self.write_key(name, text)
    }

    fn remove_key(&self, name: &str) -> Result<()> {
        let path = self.key(name);
        if path.exists() {
            fs::remove_file(&path).with_context(|| format!("删不了 {}", path.display()))?;
        }
        Ok(())
    }

    fn rename_key(&self, from: &str, to: &str) -> Result<()> {
        let (from, to) = (self.key(from), self.key(to));
        fs::rename(&from, &to).with_context(|| format!("写不了密钥文件 {}", to.display()))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use wuchuang_documents::{
        Documents, FontSource, SignInfo,
        data::{Acceptance, TemplateData},
        sign, verify,
    };
    use wuchuang_kernel::SeededRandomness;

    use super::*;
    use crate::configuration::Configuration;

    fn now() -> Timestamp {
        "2026-11-22T00:00:00Z".parse().unwrap()
    }

    fn site() -> SiteSettings {
        Configuration::demonstration(PathBuf::from("/"), ([127, 0, 0, 1], 1).into()).site
    }

    fn signed(folder: &DataFolder) -> Vec<u8> {
        let documents = Documents::new(FontSource::Embedded, None).unwrap();
        let pdf = documents.render_data(&Acceptance::sample()).unwrap();
        let info = SignInfo {
            reason: "受理通知书".to_owned(),
            location: "紫阳县".to_owned(),
            signed_at: "2026-11-23T00:00:00Z".parse().unwrap(),
        };
        sign(pdf, &folder.keys().unwrap().authority, &info).unwrap()
    }

    fn holds(folder: &DataFolder, pdf: &[u8]) -> bool {
        let keys = folder.keys().unwrap();
        let roots = keys.authority.trusted_roots().and(keys.earlier_roots);
        let reports = verify(pdf, &roots).unwrap();
        !reports.is_empty()
            && reports
                .iter()
                .all(wuchuang_documents::SignatureReport::vouches_for_file)
    }

    #[test]
    fn what_was_signed_before_holds_after_every_rotation() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = DataFolder::at(temporary.path());
        let randomness = SeededRandomness::new(1);
        folder.initialise(&site(), now(), &randomness).unwrap();
        let mut papers = vec![signed(&folder)];
        for _ in 0..2 {
            folder
                .authority_rotate(&site(), None, now(), &randomness)
                .unwrap();
            papers.push(signed(&folder));
        }
        for paper in &papers {
            assert!(holds(&folder, paper));
        }
        // Without the earlier roots the first papers would be worth nothing.
        fs::remove_file(folder.key(EARLIER)).unwrap();
        assert_eq!(
            papers.iter().filter(|paper| holds(&folder, paper)).count(),
            1
        );
    }

    #[test]
    fn a_rotation_that_broke_off_is_finished_or_was_never_begun() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = DataFolder::at(temporary.path());
        let randomness = SeededRandomness::new(1);
        folder.initialise(&site(), now(), &randomness).unwrap();
        let paper = signed(&folder);
        let next = authority_new(&site(), now(), &randomness).unwrap();
        let pem = next.to_pem().unwrap();
        // Before the certificates are in place.
        folder
            .write_key(CERTIFICATES_NEXT, &pem.certificates)
            .unwrap();
        assert!(holds(&folder, &paper));
        folder.write_key(KEY_NEXT, &pem.private_key).unwrap();
        assert!(holds(&folder, &paper));
        // Between certificates and key.
        folder
            .rename_key(CERTIFICATES_NEXT, AUTHORITY_CERTIFICATES)
            .unwrap();
        let root = folder.keys().unwrap().authority.root_pem().unwrap();
        assert_eq!(root, next.root_pem().unwrap());
    }

    #[test]
    fn what_does_not_fit_together_changes_nothing() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = DataFolder::at(temporary.path());
        let randomness = SeededRandomness::new(1);
        folder.initialise(&site(), now(), &randomness).unwrap();
        let paper = signed(&folder);
        let pem = |authority: Authority| authority.to_pem().unwrap();
        let one = pem(authority_new(&site(), now(), &randomness).unwrap());
        let two = pem(authority_new(&site(), now(), &randomness).unwrap());
        let given = Some((one.certificates.clone(), two.private_key.to_string()));
        let refused = folder.authority_rotate(&site(), given, now(), &randomness);
        assert!(refused.is_err());
        assert!(holds(&folder, &paper));
        assert!(!folder.key(EARLIER).exists());
    }
}
