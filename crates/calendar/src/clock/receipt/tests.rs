//! Before acceptance: silence is acceptance, and everything is asked for at once.

use expect_test::{Expect, expect};
use jiff::civil::{Date, Time, date};

use super::*;
use crate::day::china_instant;

fn at(date: Date, hour: i8) -> Timestamp {
    china_instant(date, Time::constant(hour, 0, 0, 0))
}

fn october(day: i8) -> Date {
    date(2026, 10, day)
}

fn asked(defects: &[&str], told_at: Timestamp) -> ReceiptEvent {
    let defects = defects.iter().map(|defect| (*defect).to_owned()).collect();
    ReceiptEvent::CorrectionAsked {
        notice: CorrectionNotice {
            defects,
            told_at,
            answer_by: None,
        },
    }
}

fn refused(result: Result<ReceiptClock, ReceiptError>, expected: Expect) {
    expected.assert_eq(&result.expect_err("must be refused").explain());
}

#[test]
fn silence_for_five_working_days_is_acceptance_as_of_receipt() {
    let calendar = Calendar::embedded();
    let received = at(date(2026, 9, 30), 10);
    let clock = ReceiptClock::received(received);
    let states =
        [october(12), october(13), october(14)].map(|day| clock.view(&calendar, at(day, 23)).state);
    let accepted_on = date(2026, 9, 30);
    assert_eq!(
        states,
        [
            ReceiptState::Examining,
            ReceiptState::LastDay,
            ReceiptState::DeemedAccepted { accepted_on }
        ]
    );
    let too_late = at(october(14), 9);
    refused(
        clock.clone().then(asked(&["身份证"], too_late), &calendar),
        expect![
            "补正告知期限已于 2026-10-13 届满，未告知，依《行政许可法》第三十二条，自 2026-09-30 收到材料之日起即为受理。请按受理办理。"
        ],
    );
    let refusal = ReceiptEvent::Concluded {
        at: too_late,
        conclusion: Conclusion::NotAccepted,
    };
    assert!(clock.clone().then(refusal, &calendar).is_err());
    let backdating = Conclusion::Accepted {
        acceptance: Acceptance::decided(too_late),
    };
    assert!(
        clock
            .clone()
            .then(
                ReceiptEvent::Concluded {
                    at: too_late,
                    conclusion: backdating
                },
                &calendar
            )
            .is_err()
    );
    let acceptance = clock.acceptance(too_late, &calendar).expect("open");
    assert!(acceptance.is_deemed());
    assert_eq!(acceptance.at(), received);
    let conclusion = Conclusion::Accepted { acceptance };
    assert!(
        clock
            .then(
                ReceiptEvent::Concluded {
                    at: too_late,
                    conclusion
                },
                &calendar
            )
            .is_ok()
    );
}

#[test]
fn a_correction_opens_a_new_window_and_adds_nothing_new() {
    let calendar = Calendar::embedded();
    let clock = ReceiptClock::received(at(date(2026, 9, 30), 10));
    let clock = clock
        .then(
            asked(&["身份证", "场地证明"], at(october(13), 17)),
            &calendar,
        )
        .expect("last day");
    refused(
        clock
            .clone()
            .then(asked(&["身份证"], at(october(14), 9)), &calendar),
        expect!["已发出补正告知，申请人尚未补正，不能再次告知。补正内容须一次告知。"],
    );
    let waiting = clock.view(&calendar, at(date(2026, 12, 1), 9));
    assert_eq!(
        waiting.state,
        ReceiptState::WaitingForApplicant { late: false }
    );
    let supplied = ReceiptEvent::CorrectionSupplied {
        at: at(october(20), 9),
    };
    let clock = clock.then(supplied.clone(), &calendar).expect("asked for");
    assert_eq!(
        clock.window(&calendar).map(|due| due.date),
        Some(october(27))
    );
    refused(
        clock.clone().then(supplied, &calendar),
        expect!["没有待补正的告知。请刷新页面查看最新状态。"],
    );
    refused(
        clock
            .clone()
            .then(asked(&["照片"], at(october(21), 9)), &calendar),
        expect![
            "“照片”不在首次补正告知书中。补正须一次告知全部内容（《行政许可法》第三十二条），不能新增；请只保留仍未补正的内容，或予以受理。"
        ],
    );
    assert!(
        clock
            .clone()
            .then(asked(&["场地证明"], at(october(21), 9)), &calendar)
            .is_ok()
    );
    let deemed = clock
        .deemed_acceptance(at(october(28), 9), &calendar)
        .expect("the second window is over");
    assert_eq!(deemed.at(), at(october(20), 9));
    assert_eq!(
        clock.acceptance(at(october(21), 9), &calendar),
        Ok(Acceptance::decided(at(october(21), 9)))
    );
}
