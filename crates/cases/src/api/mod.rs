//! The same deeds and questions as the pages, for programs: JSON under `/api/v1`. Every deed goes
//! through one helper to the same commands as the counter's buttons; no rule stands here.

mod acceptance;
mod applicant;
mod body;
mod deed;
mod drawings;
mod ending;
mod holder;
mod materials;
mod people;
mod progress;
mod read;
mod reveal;
mod review;
mod rules;
mod submit;
mod substitutes;
#[cfg(test)]
mod tests;
mod upload;
mod views;

/// What an application is made of in a body: for those above that hand in for several items at once.
pub mod applying {
    pub use super::{
        applicant::{Registrant, WhoApplies, applicant_of, check_name},
        materials::{MaterialInput, Receiving, materials},
        submit::{
            DeliveryInput, check_answers, check_asked, delivery_of, known, may_reuse,
            undertaking_of,
        },
    };
}

use axum::extract::DefaultBodyLimit;
use utoipa_axum::routes;
use wuchuang_webkit::{Routes, Rule};

use crate::{files::FILE_BYTES_MAX, rooms::CaseRooms};

/// What a multipart body needs besides the file.
const MULTIPART_BYTES: usize = 64 * 1024;

/// The routes of the API.
pub fn routes() -> Routes<CaseRooms> {
    reading().and(applying()).and(handling())
}

fn reading() -> Routes<CaseRooms> {
    let read = Rule::Act("case_read");
    Routes::new()
        .api(Rule::Act("case_list"), routes!(read::list::case_list))
        .api(Rule::Act("case_list"), routes!(read::list::case_search))
        .api(
            Rule::Act("case_own_list"),
            routes!(read::own::own_case_list),
        )
        .api(Rule::Act("case_export"), routes!(read::export::case_export))
        .and(saved_views())
        .api(read, routes!(read::case_read))
        .api(Rule::Act("case_reveal"), routes!(reveal::case_reveal))
        .api(read, routes!(read::case_history))
        .api(read, routes!(rules::case_rules_read))
        .api(read, routes!(read::clock::case_clock))
        .api(read, routes!(read::proof::case_proof))
        .api(
            Rule::Act("case_open"),
            routes!(holder::steps::case_step_list),
        )
        .and(papers())
        .api(
            Rule::Act("item_list"),
            routes!(drawings::rehearsal::item_process_run),
        )
        .api(Rule::Public, routes!(progress::case_progress))
}

fn saved_views() -> Routes<CaseRooms> {
    let list = Rule::Act("case_list");
    Routes::new()
        .api(list, routes!(read::saved::case_view_list))
        .api(list, routes!(read::saved::case_view_save))
        .api(list, routes!(read::saved::case_view_remove))
}

fn papers() -> Routes<CaseRooms> {
    let read = Rule::Act("case_document_read");
    Routes::new()
        .api(read, routes!(read::papers::case_notice_list))
        .api(read, routes!(read::papers::case_notice_document))
        .api(read, routes!(read::papers::case_pickup))
        .api(read, routes!(read::papers::case_form))
        .api(
            Rule::Act("case_file_read"),
            routes!(read::files::case_file_read),
        )
}

fn applying() -> Routes<CaseRooms> {
    let (schemas, paths, upload) = routes!(upload::file_upload);
    let upload = upload.layer(DefaultBodyLimit::max(FILE_BYTES_MAX + MULTIPART_BYTES));
    let supply = Rule::Act("case_supply");
    Routes::new()
        .api(Rule::Act("case_submit"), routes!(submit::case_submit))
        .api(Rule::Act("case_submit"), (schemas, paths, upload))
        .and(asking())
        .api(supply, routes!(acceptance::case_supply_correction))
        .api(supply, routes!(review::case_supply_supplement))
        .api(Rule::Act("case_withdraw"), routes!(ending::case_withdraw))
        .api(Rule::Act("case_say"), routes!(ending::case_say))
}

/// What is asked before something is handed in: what may stand in the place of papers, and who is before the counter.
fn asking() -> Routes<CaseRooms> {
    let receive = Rule::Act("case_receive");
    Routes::new()
        .api(
            Rule::Act("case_submit"),
            routes!(substitutes::substitute_list),
        )
        .api(Rule::Act("case_submit"), routes!(submit::known::known_list))
        .api(
            Rule::Act("case_supply"),
            routes!(substitutes::case_substitute_list),
        )
        .api(receive, routes!(people::applicant_search))
        .api(receive, routes!(people::applicant_correct))
}

/// In whose hands the open steps of a drawn process are.
fn step_hands() -> Routes<CaseRooms> {
    let claim = Rule::Act("case_claim");
    Routes::new()
        .api(claim, routes!(holder::steps::case_claim_step))
        .api(claim, routes!(holder::steps::case_release_step))
        .api(
            Rule::Act("case_reassign"),
            routes!(holder::steps::case_reassign_step),
        )
}

fn handling() -> Routes<CaseRooms> {
    let claim = Rule::Act("case_claim");
    let accept = Rule::Act("case_accept");
    let review = Rule::Act("case_review");
    let decide = Rule::Act("case_decide");
    Routes::new()
        .api(Rule::Act("item_edit"), routes!(drawings::item_running_list))
        .api(
            Rule::Act("case_process_move"),
            routes!(drawings::item_running_move),
        )
        .api(claim, routes!(holder::claims::case_claim_several))
        .api(claim, routes!(acceptance::case_claim))
        .api(claim, routes!(acceptance::case_release))
        .api(
            Rule::Act("case_reassign"),
            routes!(holder::reassign::case_reassign),
        )
        .api(
            Rule::Act("case_correct"),
            routes!(acceptance::case_notify_correction),
        )
        .api(accept, routes!(acceptance::case_accept))
        .api(accept, routes!(acceptance::case_accept_and_grant))
        .api(
            Rule::Act("case_accept_refuse"),
            routes!(acceptance::case_refuse_acceptance),
        )
        .api(
            Rule::Act("case_transfer"),
            routes!(acceptance::case_transfer),
        )
        .and(step_hands())
        .api(review, routes!(review::case_complete_step))
        .api(review, routes!(review::case_return_to_step))
        .api(review, routes!(holder::awaited::case_awaited))
        .api(Rule::Act("case_stop"), routes!(review::case_stop))
        .api(Rule::Act("case_resume"), routes!(review::case_resume))
        .api(Rule::Act("case_extend"), routes!(review::case_extend))
        .api(review, routes!(review::case_request_extension))
        .api(
            Rule::Act("case_extend"),
            routes!(review::case_decline_extension),
        )
        .api(decide, routes!(ending::case_grant))
        .api(decide, routes!(ending::case_refuse))
        .api(decide, routes!(rules::case_review_rules))
        .api(Rule::Act("case_deliver"), routes!(ending::case_deliver))
        .api(Rule::Act("case_terminate"), routes!(ending::case_terminate))
}
