//! What an operator lives through: `full` (no room left), `times` (a clock that jumps), `metrics` (what is watched), `schema`
//! (an upgraded database equals a fresh one).

mod full;
mod metrics;
mod schema;
mod seal;
mod times;
