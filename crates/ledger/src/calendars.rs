//! The working days that a house knows, and those that it knew before a yearly notice was imported: why a deadline moved
//! is explained by comparing them.

use std::sync::{Arc, PoisonError};

use jiff::Timestamp;
use wuchuang_calendar::Calendar;

use crate::ledger::Ledger;

/// The calendar in force and the earlier ones.
pub(crate) struct Calendars {
    pub(crate) in_force: Arc<Calendar>,
    /// Each with the instant until which it held, the oldest first.
    earlier: Vec<(Timestamp, Arc<Calendar>)>,
}

impl Calendars {
    pub(crate) fn new(in_force: Calendar) -> Self {
        Self {
            in_force: Arc::new(in_force),
            earlier: Vec::new(),
        }
    }
}

impl Ledger {
    /// The working days as known now.
    pub fn calendar(&self) -> Arc<Calendar> {
        self.shared.calendar()
    }

    /// The working days as they were known at an instant.
    pub fn calendar_known_at(&self, at: Timestamp) -> Arc<Calendar> {
        let calendars = self
            .shared
            .calendars
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let known = calendars.earlier.iter().find(|(until, _)| at < *until);
        Arc::clone(known.map_or(&calendars.in_force, |(_, calendar)| calendar))
    }

    /// Puts another calendar in force, after a yearly notice was imported. `earlier` are the calendars before it, each
    /// with the instant until which it held, the oldest first.
    pub fn set_calendar(&self, in_force: Calendar, earlier: Vec<(Timestamp, Calendar)>) {
        *self
            .shared
            .calendars
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Calendars {
            in_force: Arc::new(in_force),
            earlier: earlier
                .into_iter()
                .map(|(until, calendar)| (until, Arc::new(calendar)))
                .collect(),
        };
    }
}
