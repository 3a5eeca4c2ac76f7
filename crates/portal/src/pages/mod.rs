//! The pages for everyone: home, guides, progress by number and code, help.

mod guide;
mod guides;
mod help;
mod home;
mod progress;

use wuchuang_webkit::{Routes, Rule};

use crate::rooms::Rooms;

/// The routes for everyone.
pub(crate) fn routes() -> Routes<Rooms> {
    Routes::new()
        .get("/", Rule::Public, home::page)
        .get("/guides", Rule::Public, guides::page)
        .get("/guides/suggest", Rule::Public, guides::suggest)
        .get("/guides/{item}", Rule::Public, guide::page)
        .get("/progress", Rule::Public, progress::page)
        .post("/progress", Rule::Public, progress::ask)
        .get("/p/{number}", Rule::Public, progress::from_code)
        .get("/help", Rule::Public, help::page)
        .get("/accessibility", Rule::Public, help::accessibility)
        .get("/sitemap.xml", Rule::Public, help::sitemap)
}
