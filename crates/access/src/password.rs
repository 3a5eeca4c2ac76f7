//! Passwords of staff: Argon2id (RFC 9106) with a bound on how many are computed at once, because
//! each takes 19 MiB and a crowd at nine o'clock must not take the machine's memory.

use std::sync::Arc;

use argon2::{Argon2, Params, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use wuchuang_kernel::{Randomness, Rejection};

/// How many passwords are computed at once.
const CONCURRENT_MAX: usize = 4;
/// The shortest password, in characters.
pub(crate) const LENGTH_MIN: usize = 10;
/// The longest password, in bytes: a longer one is an attack on the machine.
pub(crate) const BYTES_MAX: usize = 256;

/// What can go wrong with a password, besides being wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a password could not be computed")]
pub struct PasswordError;

/// Computes and checks passwords.
#[derive(Clone)]
pub(crate) struct Passwords {
    places: Arc<Semaphore>,
    randomness: Arc<dyn Randomness>,
    // Checked in place of the password of an account that does not exist, so that the answer takes
    // as long.
    nobody: Arc<str>,
}

impl Passwords {
    /// The computer with its source of salts.
    ///
    /// # Errors
    /// When the first computation fails, which only lack of memory can do.
    pub(crate) fn new(randomness: Arc<dyn Randomness>) -> Result<Self, PasswordError> {
        let nobody = hash(&randomness.token(16), randomness.as_ref())?;
        Ok(Self {
            places: Arc::new(Semaphore::new(CONCURRENT_MAX)),
            randomness,
            nobody: nobody.into(),
        })
    }

    /// The text under which a password is stored.
    ///
    /// # Errors
    /// When it cannot be computed.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let _place = self.places.acquire().await.map_err(|_| PasswordError)?;
        let (password, randomness) = (password.to_owned(), Arc::clone(&self.randomness));
        tokio::task::spawn_blocking(move || hash(&password, randomness.as_ref()))
            .await
            .map_err(|_| PasswordError)?
    }

    /// The same for a one-time password that [`Passwords::one_time`] made, cheaply: its 80 random
    /// bits cannot be tried through, so thousands of accounts can be made at once. The password
    /// that takes its place is computed in full.
    pub(crate) fn hash_one_time(&self, password: &str) -> Result<String, PasswordError> {
        let params = Params::new(64, 1, 1, None).map_err(|_| PasswordError)?;
        hash_with(&Argon2::from(params), password, self.randomness.as_ref())
    }

    /// Whether a password is the stored one; for `None` (no such account) it takes as long and is
    /// `false`.
    ///
    /// # Errors
    /// When it cannot be computed.
    pub(crate) async fn is_right(
        &self,
        password: &str,
        stored: Option<&str>,
    ) -> Result<bool, PasswordError> {
        if password.len() > BYTES_MAX {
            return Ok(false);
        }
        let _place = self.places.acquire().await.map_err(|_| PasswordError)?;
        let is_known = stored.is_some();
        let stored = stored.unwrap_or(&self.nobody).to_owned();
        let password = password.to_owned();
        let is_right = tokio::task::spawn_blocking(move || {
            Argon2::default()
                .verify_password(password.as_bytes(), stored.as_str())
                .is_ok()
        })
        .await
        .map_err(|_| PasswordError)?;
        Ok(is_known && is_right)
    }

    /// A one-time password that is easily read out: four groups of four letters and digits without
    /// those that look alike.
    pub(crate) fn one_time(&self) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyzT23456789";
        let mut bytes = [0; 16];
        self.randomness.fill(&mut bytes);
        let mut text = String::new();
        for (place, byte) in bytes.iter().enumerate() {
            if place > 0 && place % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(LETTERS[usize::from(byte % 32)]));
        }
        text
    }
}

fn hash(password: &str, randomness: &dyn Randomness) -> Result<String, PasswordError> {
    hash_with(&Argon2::default(), password, randomness)
}

fn hash_with(
    argon: &Argon2<'_>,
    password: &str,
    randomness: &dyn Randomness,
) -> Result<String, PasswordError> {
    let mut salt = [0; 16];
    randomness.fill(&mut salt);
    argon
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|_| PasswordError)
}

/// Checks a new password: long enough, not the account name, not one character.
///
/// # Errors
/// The rule that it breaks.
pub(crate) fn check_new(password: &str, account: &str) -> Result<(), Rejection> {
    let lower = password.to_lowercase();
    let refusal = if password.chars().count() < LENGTH_MIN {
        "新密码至少要10个字符，可以用一句好记的话。"
    } else if password.len() > BYTES_MAX {
        "新密码太长，请不要超过80个字。"
    } else if !account.is_empty() && lower.contains(&account.to_lowercase()) {
        "新密码里不能有账号名，别人容易猜到，请换一个。"
    } else if lower
        .chars()
        .collect::<std::collections::HashSet<_>>()
        .len()
        < 4
    {
        "新密码重复的字符太多，别人容易猜到，请换一个。"
    } else {
        return Ok(());
    };
    Err(Rejection::new("password_weak", refusal).at("password"))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(password: &str, account: &str, expected: Expect) {
        let answer = check_new(password, account).map_err(|rejection| rejection.public);
        expected.assert_eq(&format!("{answer:?}"));
    }

    #[test]
    fn weak_passwords_are_refused_with_the_rule() {
        check(
            "short",
            "zhang",
            expect![[r#"Err("新密码至少要10个字符，可以用一句好记的话。")"#]],
        );
        check(
            "my-Zhang-2026",
            "zhang",
            expect![[r#"Err("新密码里不能有账号名，别人容易猜到，请换一个。")"#]],
        );
        check(
            "aaaaaaaaaaaa",
            "zhang",
            expect![[r#"Err("新密码重复的字符太多，别人容易猜到，请换一个。")"#]],
        );
        check("春江潮水连海平海上明月", "zhang", expect!["Ok(())"]);
        check(
            &"长".repeat(100),
            "zhang",
            expect![[r#"Err("新密码太长，请不要超过80个字。")"#]],
        );
    }

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let randomness = Arc::new(wuchuang_kernel::SeededRandomness::new(1));
        let passwords = Passwords::new(randomness).unwrap();
        let stored = passwords.hash("Ziyang-2026").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(
            passwords.is_right("Ziyang-2026", Some(&stored)).await,
            Ok(true)
        );
        assert_eq!(
            passwords.is_right("Ziyang-2027", Some(&stored)).await,
            Ok(false)
        );
        assert_eq!(passwords.is_right("Ziyang-2026", None).await, Ok(false));
        let one_time = passwords.one_time();
        assert_eq!(one_time.len(), 19);
        let stored = passwords.hash_one_time(&one_time).unwrap();
        assert_eq!(passwords.is_right(&one_time, Some(&stored)).await, Ok(true));
        assert_eq!(
            passwords.is_right("Ziyang-2026", Some(&stored)).await,
            Ok(false)
        );
    }
}
