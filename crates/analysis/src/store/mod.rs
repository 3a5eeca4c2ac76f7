//! Tables. `asked`: what each receipt tells (a projection); `months`: figures by month, counted again by the job and read
//! by pages; `pairs`; `counts`, `suggestions`, `years`: projections of the streams.

pub(crate) mod asked;
pub(crate) mod counts;
pub(crate) mod months;
pub(crate) mod pairs;
pub(crate) mod reading;
pub(crate) mod suggestions;
pub(crate) mod years;
