//! The rules of a case's life, as tables.
