//! From a granted case to a verified certificate, on both engines.
