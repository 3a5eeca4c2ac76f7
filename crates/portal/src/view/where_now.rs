//! Where a case lies now, and what happens next, in sentences.

use wuchuang_calendar::{StopView, china_date};
use wuchuang_cases::model::{
    Decision, Delivered, DeliveryChoice, NotAcceptedGround, RunningLimit, Stage,
};
use wuchuang_webkit::page::PageContext;

use super::{Sources, Viewer};
use crate::words;

/// The sentences; those that give reasons, which may speak of the applicant, are for the applicant.
pub(super) fn sentences(page: &PageContext, sources: &Sources<'_>) -> Vec<String> {
    let case = sources.case;
    let is_applicant = sources.viewer == Viewer::Applicant;
    match &case.stage {
        Stage::Examining => examining(page, sources),
        Stage::Correcting => correcting(page, sources),
        Stage::Review(_) => in_review(page, sources),
        Stage::Issuing => {
            let made = page.tf(
                "已准予，正在制作{result}。",
                &[("result", &case.terms.result_name)],
            );
            [Some(made), until_when(page, sources)]
                .into_iter()
                .flatten()
                .collect()
        }
        Stage::Delivering { decision, .. } => {
            let mut sentences = vec![decided(page, decision), on_its_way(page, &case.delivery)];
            sentences.extend(until_when(page, sources));
            sentences.extend(refusal(page, decision, is_applicant));
            sentences
        }
        Stage::Closed {
            decision,
            delivered,
            ..
        } => {
            let mut sentences = vec![
                decided(page, decision),
                handed_over(page, delivered, is_applicant),
            ];
            sentences.extend(refusal(page, decision, is_applicant));
            sentences
        }
        Stage::NotAccepted { ground, reason, .. } => {
            let mut sentences = not_accepted(page, ground);
            sentences.extend(reason_of(reason.text(), is_applicant));
            sentences.push(appeal(page));
            sentences
        }
        Stage::Withdrawn { .. } => vec![
            page.t("您已撤回这件事，不再办理。需要时可以重新申请。")
                .into_owned(),
        ],
        Stage::Terminated { reason, .. } => {
            let mut sentences = vec![page.t("这件事已终止办理。").into_owned()];
            sentences.extend(reason_of(reason.text(), is_applicant));
            sentences.push(appeal(page));
            sentences
        }
    }
}

fn examining(page: &PageContext, sources: &Sources<'_>) -> Vec<String> {
    let case = sources.case;
    let mut sentences = vec![page.tf(
        "{organisation}正在核对材料：齐全就受理；不齐全会一次告诉您全部要补的内容。",
        &[("organisation", &case.organisation_name)],
    )];
    if let Some(due) = case.receipt.window(sources.calendar) {
        let day = words::day(page, due.date, china_date(sources.now));
        sentences.push(page.tf(
            "最迟{day}答复；到期没有答复，自收到之日起就算受理（《行政许可法》第三十二条）。",
            &[("day", &day)],
        ));
    }
    sentences
}

fn correcting(page: &PageContext, sources: &Sources<'_>) -> Vec<String> {
    let case = sources.case;
    let mut sentences = vec![page.tf(
        "等您补正 {count} 项。补齐以前不计时。",
        &[("count", &case.defects.len())],
    )];
    let round = case.receipt.rounds().last();
    if let Some(until) = round.and_then(|round| round.notice.answer_by) {
        let day = words::day(page, until, china_date(sources.now));
        sentences.push(page.tf("请在{day}以前补齐。", &[("day", &day)]));
    }
    sentences
}

fn in_review(page: &PageContext, sources: &Sources<'_>) -> Vec<String> {
    let case = sources.case;
    let step = page.t(&case.step_name()).into_owned();
    let mut sentences = vec![page.tf(
        "现在在{organisation}，环节是{step}。",
        &[("organisation", &case.organisation_name), ("step", &step)],
    )];
    let view = case
        .clock
        .as_ref()
        .map(|clock| clock.view(sources.calendar, sources.now));
    let (stop, supplement) = view.map_or((None, None), |view| (view.stop, view.supplement));
    if let Some(stop) = stop {
        sentences.push(stopped(page, &stop, china_date(sources.now)));
    }
    if let Some(owed) = supplement.filter(|owed| !owed.supplied) {
        let day = words::day(page, owed.limit.due.date, china_date(sources.now));
        let told: [(&str, &dyn std::fmt::Display); 2] =
            [("count", &case.owed.len()), ("day", &day)];
        sentences.push(if owed.limit.over {
            page.tf(
                "还欠 {count} 份容缺材料，补交期限（{day}）已经过了。请尽快补交，补齐以前不能办结。",
                &told,
            )
        } else {
            page.tf(
                "还欠 {count} 份容缺材料，请在{day}以前补交，补齐以前不能办结。",
                &told,
            )
        });
    }
    sentences
}

fn on_its_way(page: &PageContext, delivery: &DeliveryChoice) -> String {
    page.t(match delivery {
        DeliveryChoice::Counter => "请带身份证到窗口领取；委托别人领取的，请写明委托。",
        DeliveryChoice::Post { .. } => "正在安排邮寄，寄出后这里会有运单号。",
        DeliveryChoice::Electronic => "正在电子送达，马上就好。",
    })
    .into_owned()
}

/// Within how many days after the decision its result is handed over, and on which article that stands.
fn until_when(page: &PageContext, sources: &Sources<'_>) -> Option<String> {
    let RunningLimit::Delivery(clock) = sources.case.running_limit() else {
        return None;
    };
    let limit = clock.view(sources.calendar, sources.now).promised;
    let day = words::day(page, limit.due.date, china_date(sources.now));
    Some(page.tf(
        "决定作出后{limit}内送达，最迟{day}（{basis}）。",
        &[
            ("limit", &words::limit(page, limit.limit)),
            ("day", &day),
            ("basis", &page.t(sources.case.delivery_basis())),
        ],
    ))
}

/// How it was handed over; what names the parcel is told to the applicant only.
fn handed_over(page: &PageContext, delivered: &Delivered, is_applicant: bool) -> String {
    match delivered {
        Delivered::Post { carrier, tracking } if is_applicant => page.tf(
            "已由{carrier}寄出，运单号 {tracking}。",
            &[("carrier", carrier), ("tracking", tracking)],
        ),
        other => page.tf(
            "已办结，送达方式：{method}。",
            &[("method", &page.t(other.name()))],
        ),
    }
}

fn not_accepted(page: &PageContext, ground: &NotAcceptedGround) -> Vec<String> {
    let mut sentences = vec![page.tf(
        "没有受理：{ground}。",
        &[("ground", &page.t(ground.name()))],
    )];
    if let NotAcceptedGround::NotCompetent { authority } = ground {
        sentences.push(page.tf("请向{authority}申请。", &[("authority", authority)]));
    }
    sentences
}

fn stopped(page: &PageContext, stop: &StopView, today: jiff::civil::Date) -> String {
    let day = words::day(page, stop.expected_until, today);
    page.tf(
        "正在{procedure}，时间不计入期限（{article}），预计到{day}。",
        &[
            ("procedure", &page.t(stop.kind.name())),
            ("article", &page.t(stop.kind.article())),
            ("day", &day),
        ],
    )
}

fn decided(page: &PageContext, decision: &Decision) -> String {
    page.t(match decision {
        Decision::Granted => "已作出准予决定。",
        Decision::Refused { .. } => "已作出不予决定。",
    })
    .into_owned()
}

/// Why it was refused and on which basis, for the applicant; and where to turn against it (行政许可法 art. 38).
fn refusal(page: &PageContext, decision: &Decision, is_applicant: bool) -> Vec<String> {
    let Decision::Refused { reason, basis } = decision else {
        return Vec::new();
    };
    let mut sentences = Vec::new();
    if is_applicant {
        sentences.extend([reason.text().to_owned(), basis.text().to_owned()]);
    }
    sentences.push(appeal(page));
    sentences
}

fn reason_of(reason: &str, is_applicant: bool) -> Option<String> {
    (is_applicant && !reason.is_empty()).then(|| reason.to_owned())
}

fn appeal(page: &PageContext) -> String {
    page.t("不服这个决定的，可以在六十日内申请行政复议，或在六个月内提起行政诉讼。")
        .into_owned()
}
