//! Deadlines besides the case's own, and why one moved.
