//! The wuchuang program: configuration, wiring, command line.
