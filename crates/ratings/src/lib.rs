//! Ratings: one per service, five grades with the national labels, never forced.
