//! Documents that leave the house: notices, slips, decisions and certificates as PDF, QR codes, and signatures on PDFs.
//!
//! This is the one crate that knows typst, because typst is slow to build and its memoisation cache is global:
//! both stay behind this thin wall. Everything here is synchronous, knows neither clock nor randomness, and costs
//! processor time (5 to 100 ms a document): callers wrap it in `spawn_blocking`,
//! or in [`when_idle`] when nobody waits for it.
//!
//! - [`Documents`] renders a [`DocumentTemplate`] with data (a struct of [`data`], or any JSON of the same shape).
//!   Data reaches the template as the virtual file `/data.json`, never as typst source, so a name cannot run code.
//! - [`qr_svg`] draws a QR code for a page or a slip.
//! - [`Authority`] holds a county's test certificate chain, [`sign`] signs a PDF (PAdES B-B), [`verify`] checks any
//!   file a visitor drops on the public page.

pub mod data;
mod fonts;
mod glyphs;
mod idle;
mod qr;
mod render;
mod signature;
mod template;
mod world;

pub use fonts::FontSource;
pub use idle::when_idle;
pub use qr::{QR_PAYLOAD_BYTES_MAX, QrError, qr_svg};
pub use render::{DATA_BYTES_MAX, DocumentError, Documents, PAGES_MAX};
pub use signature::{
    Authority, AuthorityError, AuthorityPem, AuthoritySubject, PDF_BYTES_MAX, SignError, SignInfo,
    SignatureOutcome, SignatureReport, TrustedRoots, VerifyError, sign, verify,
};
pub use template::DocumentTemplate;
