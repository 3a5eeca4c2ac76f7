//! How long the certificate with which papers are sealed still holds. Whoever runs the house is warned in time: when it
//! has ended nothing can be sealed any more, and a new one from a licensed authority takes weeks.

use jiff::Timestamp;
use wuchuang_kernel::china_date;

/// From how many days before its end on the administrator is warned.
const WARNING_DAYS: i64 = 60;
const DAY_SECONDS: i64 = 24 * 3_600;

/// The certificate in use.
#[derive(Debug, Clone, Copy)]
pub struct Seal {
    until: Timestamp,
}

impl Seal {
    /// A certificate by its end.
    pub const fn new(until: Timestamp) -> Self {
        Self { until }
    }

    /// Until when it is valid.
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// Whether the administrator must do something about it.
    pub fn is_urgent(&self, now: Timestamp) -> bool {
        self.state(now).standing != Standing::Valid
    }

    pub(crate) fn state(&self, now: Timestamp) -> SealState {
        let seconds = self.until.as_second() - now.as_second();
        let standing = if now > self.until {
            Standing::Ended
        } else if seconds <= WARNING_DAYS * DAY_SECONDS {
            Standing::EndsSoon
        } else {
            Standing::Valid
        };
        SealState {
            until: self.until,
            days_left: (seconds / DAY_SECONDS).max(0),
            standing,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Valid,
    EndsSoon,
    Ended,
}

/// The certificate at an instant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SealState {
    pub(crate) until: Timestamp,
    /// Whole days; 0 once it has ended.
    pub(crate) days_left: i64,
    standing: Standing,
}

impl SealState {
    /// The state as programs read it.
    pub(crate) const fn code(&self) -> &'static str {
        match self.standing {
            Standing::Valid => "valid",
            Standing::EndsSoon => "ends_soon",
            Standing::Ended => "ended",
        }
    }

    /// The state as a line of the page.
    pub(crate) fn words(&self) -> String {
        let day = china_date(self.until);
        match self.standing {
            Standing::Ended => format!("已于 {day} 到期"),
            Standing::Valid | Standing::EndsSoon => {
                format!("有效至 {day}（还有 {} 天）", self.days_left)
            }
        }
    }

    /// What must be done; nothing while it holds for long.
    pub(crate) fn warning(&self) -> Option<String> {
        let day = china_date(self.until);
        let what = match self.standing {
            Standing::Valid => return None,
            Standing::EndsSoon => format!(
                "签名证书还有 {} 天到期（{day}），到期后文书和证照都不能用印。",
                self.days_left
            ),
            Standing::Ended => {
                format!("签名证书已于 {day} 到期，新的文书和证照不能用印，正在等待新证书。")
            }
        };
        Some(format!(
            "{what}请用 wuchuang key rotate 更换证书并重新启动程序；以前签发的文书仍然有效。"
        ))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(now: &str, expected: Expect) {
        let seal = Seal::new("2026-12-31T15:59:59Z".parse().unwrap());
        let now: Timestamp = now.parse().unwrap();
        let state = seal.state(now);
        assert_eq!(seal.is_urgent(now), state.warning().is_some());
        let warning = state.warning().unwrap_or_default();
        expected.assert_eq(&format!("{}: {}\n{warning}", state.code(), state.words()));
    }

    #[test]
    fn who_runs_the_house_is_warned_sixty_days_before_the_end() {
        check(
            "2026-11-01T15:59:58Z",
            expect![[r#"
                valid: 有效至 2026-12-31（还有 60 天）
            "#]],
        );
        check(
            "2026-11-01T15:59:59Z",
            expect![[r#"
                ends_soon: 有效至 2026-12-31（还有 60 天）
                签名证书还有 60 天到期（2026-12-31），到期后文书和证照都不能用印。请用 wuchuang key rotate 更换证书并重新启动程序；以前签发的文书仍然有效。"#]],
        );
        check(
            "2026-12-31T16:00:00Z",
            expect![[r#"
                ended: 已于 2026-12-31 到期
                签名证书已于 2026-12-31 到期，新的文书和证照不能用印，正在等待新证书。请用 wuchuang key rotate 更换证书并重新启动程序；以前签发的文书仍然有效。"#]],
        );
    }
}
