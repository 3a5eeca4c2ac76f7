//! Messages against the programs that counties really run: a mail server (PyPI aiosmtpd), the SMS gateway Kannel with
//! an SMPP operator behind it (npm smpp), and providers that are down for a weekend.

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
