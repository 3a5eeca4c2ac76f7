//! The pages of bundles: the two trees and the guide for everyone, the application for its citizen, lists and deeds for
//! the staff.

mod batch;
mod delivering;
mod edit;
mod guide;
pub(crate) mod inspections;
pub(crate) mod joint;
pub(crate) mod manage;
mod many;
mod own;
mod speed;
mod tree;

use askama::Template;
use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
};
use wuchuang_webkit::{Failure, Routes, Rule};

use crate::rooms::BundleRooms;

pub use own::progress_page;
pub use tree::{TreeLeaf, leaves};

pub(crate) fn routes() -> Routes<BundleRooms> {
    let list = Rule::Act("bundle_list");
    let edit = Rule::Act("bundle_edit");
    let speed = Rule::Act("bundle_speed");
    let joints = Rule::Act("joint_list");
    let arrange = Rule::Act("joint_arrange");
    Routes::new()
        .get("/bundles", Rule::Public, tree::page)
        .get("/bundles/{bundle}", Rule::Public, guide::page)
        .get("/my/joints/{joint}", Rule::Act("joint_own_read"), own::page)
        .get("/staff/bundles", list, manage::list_page)
        .get("/staff/bundles/export.yaml", list, manage::export)
        .get("/staff/bundles/import", edit, manage::import_page)
        .post("/staff/bundles/import", edit, manage::import)
        .get("/staff/bundles/new", edit, edit::new_page)
        .post("/staff/bundles/new", edit, edit::send_new)
        .get("/staff/bundles/{bundle}/edit", edit, edit::page)
        .post("/staff/bundles/{bundle}/edit", edit, edit::send)
        .get("/staff/bundles/speed", speed, speed::page)
        .get("/staff/bundles/speed.xlsx", speed, speed::excel)
        .get("/staff/bundles/{bundle}", list, manage::page)
        .post("/staff/bundles/{bundle}/publish", edit, manage::publish)
        .post("/staff/bundles/{bundle}/withdraw", edit, manage::withdraw)
        .and(batches())
        .get("/staff/joints", joints, joint::list_page)
        .get("/staff/joints/{joint}", joints, joint::page)
        .post(
            "/staff/joints/{joint}/deliver",
            Rule::Act("joint_deliver"),
            delivering::deliver,
        )
        .get(
            "/staff/joints/{joint}/inspections",
            joints,
            inspections::page,
        )
        .post(
            "/staff/joints/{joint}/inspections",
            arrange,
            inspections::arrange,
        )
        .post(
            "/staff/joints/{joint}/inspections/{inspection}/move",
            arrange,
            inspections::relocate,
        )
        .post(
            "/staff/joints/{joint}/inspections/{inspection}/cancel",
            arrange,
            inspections::call_off,
        )
        .post(
            "/staff/joints/{joint}/inspections/{inspection}/sign",
            Rule::Act("joint_sign"),
            inspections::sign,
        )
        .get(
            "/joints/{joint}/inspections/{inspection}/record.pdf",
            Rule::Act("joint_record_read"),
            inspections::record,
        )
}

fn batches() -> Routes<BundleRooms> {
    let batch = Rule::Act("joint_batch");
    Routes::new()
        .get("/staff/batches/new", batch, batch::page)
        .post("/staff/batches/new", batch, batch::send)
        .get("/staff/batches/new.xlsx", batch, batch::template)
        .post(
            "/staff/joints/{joint}/deeds",
            Rule::Act("joint_act"),
            many::act,
        )
}

/// A rendered page, or the failure to render it.
fn html(page: &impl Template) -> Result<Html<String>, Failure> {
    page.render().map(Html).map_err(Failure::internal)
}

/// A file to keep.
pub(crate) fn file(kind: &'static str, name: &'static str, body: impl IntoResponse) -> Response {
    let head = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (head, body).into_response()
}

/// The kind of a workbook.
pub(crate) const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The kind of the exchanged file.
pub(crate) const YAML: &str = "application/yaml; charset=utf-8";
