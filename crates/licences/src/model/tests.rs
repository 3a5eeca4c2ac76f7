//! The rules of a licence's life, as tables.
