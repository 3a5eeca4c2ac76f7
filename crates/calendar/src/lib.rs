//! Working days with make-up days (调休), and the legal clock of a case as a pure value.
//!
//! Ground floor: no I/O, no clock of its own, nothing asynchronous. Two halves:
//!
//! - [`Calendar`] knows for every civil day whether offices work and why, from the yearly notices of the State
//!   Council ([`YearNotice`]); years 2004–2026 are built in. Counting and adding working days takes constant time.
//! - [`Clock`] is the running time limit of an accepted case, [`ReceiptClock`] the five days before acceptance.
//!   Both are stored as data and moved only by events; what people see ([`ClockView`], [`DayEvidence`],
//!   [`DueChange`]) is computed from a clock, a calendar and the present instant.
//!
//! All civil dates are dates in China (UTC+08:00 all year round, [`china_date`]).

mod calendar;
mod clock;
mod day;
mod embedded;
mod notice;
mod office_hours;
mod rank;

pub use calendar::Calendar;
pub use clock::{
    Acceptance, Clock, ClockError, ClockEvent, ClockRule, ClockState, ClockView, Conclusion,
    CorrectionNotice, CorrectionRound, DUE_SOON_PERCENT, DayCounting, DayEvidence, Due, DueChange,
    DueDates, Extension, ExtensionRule, Limit, LimitView, MovedDay, Phase, ReceiptClock,
    ReceiptError, ReceiptEvent, ReceiptPhase, ReceiptState, ReceiptView, StepRun, StepView, Stop,
    StopKind, StopOrder, StopView, Supplement, SupplementView, Unit,
};
pub use day::{Day, DayKind, china_date, china_instant, weekday_name};
pub use notice::{Festival, LineProblem, NoticeError, NoticeProblem, YearNotice};
pub use office_hours::{OfficeHours, OfficeHoursError, Period};
