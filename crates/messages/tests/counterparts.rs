//! Messages against the programs that counties really run: a mail server (PyPI aiosmtpd), the SMS gateway Kannel with
//! an SMPP operator behind it (npm smpp), and providers that are down for a weekend.

#![expect(
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there and says where"
)]

#[path = "counterparts/case_story.rs"]
mod case_story;
#[path = "counterparts/house.rs"]
mod house;
#[path = "counterparts/mail.rs"]
mod mail;
#[path = "counterparts/outage.rs"]
mod outage;
#[path = "counterparts/peers.rs"]
mod peers;
#[path = "counterparts/sms.rs"]
mod sms;
#[path = "counterparts/tables.rs"]
mod tables;
