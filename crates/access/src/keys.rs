//! The slice's own key: keyed hashes for looking people up without keeping their numbers in the
//! clear, identifiers that always belong to the same number, and sealing of second factors.

use std::sync::Arc;

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use wuchuang_kernel::Randomness;

/// The key of the access slice, made from the installation's master key.
#[derive(Clone)]
pub struct AccessKey(Arc<[u8; 32]>);

impl std::fmt::Debug for AccessKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AccessKey(…)")
    }
}

impl AccessKey {
    /// The key that belongs to a master key. It is another one than the ledger uses, so that
    /// neither use weakens the other.
    pub fn derived_from(master: &[u8; 32]) -> Self {
        Self(Arc::new(mac(master, "wuchuang/access", b"")))
    }

    /// A keyed hash (HMAC-SHA256) of a text for one purpose, in hexadecimal. Nobody without the key
    /// can find the text by trying.
    pub fn digest(&self, purpose: &str, text: &str) -> String {
        hex::encode(mac(&self.0, purpose, text.as_bytes()))
    }

    /// The keyed hash of a personal text, or an empty text for an empty one: what a table keeps to
    /// look a person up.
    pub fn lookup(&self, purpose: &str, text: &str) -> String {
        if text.is_empty() {
            String::new()
        } else {
            self.digest(purpose, text)
        }
    }

    /// A number that always belongs to the same text: an identifier that two clerks at once make
    /// alike.
    pub fn number(&self, purpose: &str, text: &str) -> u128 {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&mac(&self.0, purpose, text.as_bytes())[..16]);
        u128::from_be_bytes(bytes)
    }

    /// Seals a secret for storage; `context` (whose it is) must be the same to open it.
    pub(crate) fn seal(&self, plain: &[u8], context: &str, randomness: &dyn Randomness) -> String {
        let mut nonce = [0; 12];
        randomness.fill(&mut nonce);
        let payload = Payload {
            msg: plain,
            aad: context.as_bytes(),
        };
        let sealed = self
            .cipher()
            .encrypt(&nonce.into(), payload)
            .expect("a short text always seals");
        hex::encode([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what `seal` made; `None` when it was damaged or belongs to another context.
    pub(crate) fn open(&self, sealed: &str, context: &str) -> Option<Vec<u8>> {
        let bytes = hex::decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(12)?;
        let payload = Payload {
            msg: sealed,
            aad: context.as_bytes(),
        };
        self.cipher().decrypt(nonce.into(), payload).ok()
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&mac(&self.0, "seal", b"").into())
    }
}

fn mac(key: &[u8; 32], purpose: &str, bytes: &[u8]) -> [u8; 32] {
    let mut mac =
        <Hmac<Sha256> as Mac>::new_from_slice(key).expect("HMAC takes keys of any length");
    // The purpose is preceded by its length, so that no two pairs have the same bytes.
    mac.update(&(purpose.len() as u64).to_be_bytes());
    mac.update(purpose.as_bytes());
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// The plain hash under which a random token is stored: a token has enough randomness of its own.
pub(crate) fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use wuchuang_kernel::SeededRandomness;

    use super::*;

    #[test]
    fn digests_depend_on_key_purpose_and_text() {
        let key = AccessKey::derived_from(&[1; 32]);
        let other = AccessKey::derived_from(&[2; 32]);
        assert_eq!(key.digest("a", "b"), key.digest("a", "b"));
        assert_ne!(key.digest("a", "b"), other.digest("a", "b"));
        assert_ne!(key.digest("a", "bc"), key.digest("ab", "c"));
        assert_eq!(key.lookup("a", ""), "");
    }

    #[test]
    fn sealed_secrets_open_only_in_their_context() {
        let key = AccessKey::derived_from(&[1; 32]);
        let sealed = key.seal(b"secret", "person 1", &SeededRandomness::new(1));
        assert_eq!(
            key.open(&sealed, "person 1").as_deref(),
            Some(&b"secret"[..])
        );
        assert_eq!(key.open(&sealed, "person 2"), None);
        assert_eq!(key.open("00", "person 1"), None);
    }
}
