//! Renders every template, signs and verifies, and holds the results against poppler (`pdfsig`, `pdftotext`), a reader
//! that shares no code with this crate.

mod qr;
mod rendering;
mod signatures;

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use wuchuang_documents::{Documents, FontSource};

/// Opening the fonts is the slow part, so all tests share one value, as the server does.
static DOCUMENTS: LazyLock<Documents> = LazyLock::new(|| {
    Documents::new(FontSource::Embedded, None).expect("fonts are in assets/fonts")
});

/// Runs a poppler tool on a file and returns what it printed on both channels.
fn poppler(tool: &str, before: &[&str], file: &Path, after: &[&str]) -> String {
    let output = Command::new(tool)
        .args(before)
        .arg(file)
        .args(after)
        .output()
        .unwrap_or_else(|error| panic!("{tool} (poppler-utils) is needed for this test: {error}"));
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text
}

/// The text of a PDF as another program reads it, without white space: lines break where the page does.
fn text_of(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("document.pdf");
    std::fs::write(&file, pdf).expect("the file is written");
    poppler("pdftotext", &["-layout"], &file, &["-"])
        .split_whitespace()
        .collect()
}
