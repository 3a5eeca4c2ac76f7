//! The case from receipt to archive: commands, legal clock, materials, notices, worklist.
