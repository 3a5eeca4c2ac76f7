//! What each kind of element does with a token, one file for each.

mod activity;
mod boundary;
mod call;
mod catching;
mod compensation;
mod ending;
mod error;
mod event_gateway;
mod exclusive;
mod inclusive;
mod multi;
mod parallel;
mod sub_process;
mod task;
