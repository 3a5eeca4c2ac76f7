//! The month of enrolment on one morning: thousands of families apply for one bundle of three items, each once. What counts is
//! that every one gets its number and its three cases, and how long it waits.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

use crate::{
    client::Client,
    generator::answers,
    http::Request,
    site::{CORE_FIELDS, Citizen, ENROLMENT_PARTS, Site},
};

/// Applications that are still to be handed in.
pub struct Families(AtomicU64);

impl Families {
    /// So many.
    pub const fn new(count: u64) -> Self {
        Self(AtomicU64::new(count))
    }

    /// Takes one; `false` when all were handed in.
    pub fn take(&self) -> bool {
        let take = |left: u64| left.checked_sub(1);
        let (order, seen) = (Ordering::Relaxed, Ordering::Relaxed);
        self.0.fetch_update(order, seen, take).is_ok()
    }
}

/// One family applies and looks at where it stands; `None` when something failed.
pub fn step(client: &mut Client, site: &Site, citizen: &Citizen) -> Option<()> {
    let person = &citizen.person;
    let application = json!({
        "bundle": site.enrolment,
        "applicant": {"kind": "person", "name": person.name, "number": person.number, "phone": person.phone},
        "answers": answers(&mut client.random, CORE_FIELDS),
        "delivery": {"way": "electronic"},
    });
    let received = client.command("apply", "/api/v1/joints", &citizen.cookie, &application)?;
    let (joint, cases) = (received["joint"].as_str()?, received["cases"].as_array()?);
    if cases.len() != ENROLMENT_PARTS {
        let complaint = format!("{joint} has {} cases", cases.len());
        client.figures.complaints.push(complaint);
        return None;
    }
    client.figures.cases += cases.len() as u64;
    let path = format!("/api/v1/my/joints/{joint}");
    client.ask(
        "look",
        &Request {
            method: "GET",
            path: &path,
            cookie: &citizen.cookie,
            compressed: true,
            ..Request::default()
        },
    )?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::Families;

    #[test]
    fn every_family_is_taken_once() {
        let families = Families::new(3);
        let taken = (0..5).filter(|_| families.take()).count();
        assert_eq!(taken, 3);
    }
}
