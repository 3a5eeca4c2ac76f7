//! Messages at each change that concerns a person: inbox, e-mail, SMS, delivery reports.
