//! Whose business is whose: `discretion` (what addresses do not tell, codes that cannot be tried, deeds pressed twice, who
//! may follow a case), `deletion` (data deleted and held by number), `forgetting` (a forgotten person's files), `looks` (the
//! audit of who saw masked data).

mod deletion;
mod discretion;
mod forgetting;
mod looks;
