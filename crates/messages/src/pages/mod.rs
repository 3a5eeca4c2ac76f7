//! The pages of messages.

mod gave_up;
mod inbox;
mod outbox;
mod templates;

use askama::Template;
use axum::response::Html;
use jiff::Timestamp;
use wuchuang_kernel::china_time;
use wuchuang_webkit::{Failure, Routes, Rule};

use crate::{callbacks, rooms::Rooms};

pub(crate) use gave_up::{JOBS_SHOWN_MAX, try_again};
pub(crate) use inbox::{Inbox, owner};
pub(crate) use outbox::send_again;

pub(crate) fn routes() -> Routes<Rooms> {
    const INBOX: Rule = Rule::Act("message_inbox");
    const STAFF_INBOX: Rule = Rule::Act("staff_inbox");
    Routes::new()
        .get("/my/messages", INBOX, inbox::list)
        .post("/my/messages/read", INBOX, inbox::read_all)
        .post("/my/messages/{message}/read", INBOX, inbox::read)
        .get("/staff/messages", STAFF_INBOX, inbox::staff_list)
        .post("/staff/messages/read", STAFF_INBOX, inbox::staff_read_all)
        .post(
            "/staff/messages/{message}/read",
            STAFF_INBOX,
            inbox::staff_read,
        )
        .get(
            "/staff/admin/outbox",
            Rule::Act("outbox_read"),
            outbox::list,
        )
        .post(
            "/staff/admin/outbox/{message}/resend",
            Rule::Act("outbox_resend"),
            outbox::resend,
        )
        .get(
            "/staff/admin/templates",
            Rule::Act("template_read"),
            templates::list,
        )
        .get(
            "/staff/admin/templates/{name}",
            Rule::Act("template_read"),
            templates::show,
        )
        .post(
            "/staff/admin/templates/{name}",
            Rule::Act("template_edit"),
            templates::edit,
        )
        .post(
            "/staff/admin/templates/{name}/restore",
            Rule::Act("template_edit"),
            templates::restore,
        )
        .get("/staff/admin/jobs", Rule::Act("job_read"), gave_up::list)
        .post(
            "/staff/admin/jobs/{job}/retry",
            Rule::Act("job_manage"),
            gave_up::retry,
        )
        .get("/callbacks/kannel/{token}", Rule::Public, callbacks::kannel)
}

fn shown(template: &impl Template) -> Result<Html<String>, Failure> {
    template.render().map(Html).map_err(Failure::internal)
}

/// `2026年11月22日 09:30`, in China.
fn moment(at_us: i64) -> String {
    Timestamp::from_microsecond(at_us).map_or_else(
        |_| String::new(),
        |at| china_time(at).strftime("%Y年%-m月%-d日 %H:%M").to_string(),
    )
}
