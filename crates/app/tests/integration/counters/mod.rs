//! What the counters do beyond receiving: `again` (an application sent again), `another` (papers of another
//! organisation), `counter` (later papers, who takes a result,
//! cases that end with a paper), `correction` (a record mended), `receipt` (which counter takes what, the last slip), `delegations` (what a town takes), `certificate` (a licence masked, looked at, printed), `known` (what a form need not ask).

mod again;
mod another;
mod certificate;
mod correction;
mod counter;
mod delegations;
mod known;
mod receipt;
