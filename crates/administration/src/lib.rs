//! The administrators window.
