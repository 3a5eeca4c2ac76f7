//! The citizens' window on the web: search, guides, apply, progress, verify.
