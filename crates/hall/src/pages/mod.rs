//! The counter's pages: `desk` (the one field), `correct` (what is wrong in an applicant's record), `receive` (the reception
//! and its buttons), `done` (what was done, and its slips), `supply` (papers for a running case), `delivery` (results that
//! wait to be handed over).

mod correct;
mod delivery;
mod desk;
mod done;
mod receive;
mod send;
mod show;
mod supply;

use wuchuang_webkit::{Routes, Rule};

use crate::rooms::Rooms;

pub(crate) fn routes() -> Routes<Rooms> {
    let open = Rule::Act("counter_open");
    let receive = Rule::Act("case_receive");
    let deliver = Rule::Act("case_deliver");
    Routes::new()
        .get("/staff/counter", open, desk::page)
        .post("/staff/counter", open, desk::enter)
        .post("/staff/counter/people", receive, desk::register)
        .get(
            "/staff/counter/people/{person}/correct",
            receive,
            correct::page,
        )
        .post(
            "/staff/counter/people/{person}/correct",
            receive,
            correct::send,
        )
        .get(
            "/staff/counter/receive/{item}/{person}",
            receive,
            receive::page,
        )
        .post(
            "/staff/counter/receive/{item}/{person}",
            receive,
            receive::press,
        )
        .get("/staff/counter/supply/{case}", open, supply::page)
        .post("/staff/counter/supply/{case}", open, supply::press)
        .get("/staff/counter/done/{case}", open, done::page)
        .get("/staff/counter/done/{case}/{slip}", open, done::slip)
        .get("/staff/counter/delivery", deliver, delivery::list)
        .post("/staff/counter/delivery", deliver, delivery::find)
        .get("/staff/counter/delivery/{case}", deliver, delivery::page)
        .post(
            "/staff/counter/delivery/{case}",
            deliver,
            delivery::hand_over,
        )
}
