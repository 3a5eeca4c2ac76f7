//! What it costs, what it rests on, and what the department answers for.

use super::{ENTRIES_MAX, Findings, NAME_CHARACTERS_MAX, TEXT_CHARACTERS_MAX};
use crate::model::{content::ItemContent, power::SupervisedItem};

/// How long a citation may be, in characters.
const CITATION_CHARACTERS_MAX: usize = 300;
/// How long one duty, measure or ground of accountability may be, in characters.
const SENTENCE_CHARACTERS_MAX: usize = 500;

/// The longest limit within which a supervising department acknowledges, in working days.
const ACKNOWLEDGE_DAYS_MAX: u16 = 30;
/// The longest limit of a later check, in working days: about a year.
const CHECK_DAYS_MAX: u16 = 250;
/// The longest time that a copy is valid before the check, in days: room for the longest limit of a check.
const COPY_DAYS_MAX: u16 = 800;

pub(super) fn check(item: &ItemContent, findings: &mut Findings) {
    fees(item, findings);
    legal_basis(item, findings);
    duties(item, findings);
    supervision(item, findings);
    supervised(item, findings);
}

fn fees(item: &ItemContent, findings: &mut Findings) {
    findings.count("fee", "收费项目", item.fee.items.len(), ENTRIES_MAX);
    if item.fee.charged && item.fee.items.is_empty() {
        findings.add(
            "fee",
            "fee_missing",
            "勾选了收费，但没有收费项目。请写明项目和标准，或改为不收费。",
        );
    }
    if !item.fee.charged && !item.fee.items.is_empty() {
        findings.add(
            "fee",
            "fee_not_charged",
            "写了收费项目，但没有勾选收费。请统一。",
        );
    }
    for (index, fee) in item.fee.items.iter().enumerate() {
        findings.text(
            format!("fee.items[{index}].name"),
            "收费项目名称",
            &fee.name,
            NAME_CHARACTERS_MAX,
        );
        findings.text(
            format!("fee.items[{index}].standard"),
            "收费标准",
            &fee.standard,
            200,
        );
        findings.length(
            format!("fee.items[{index}].basis"),
            "收费依据",
            &fee.basis,
            300,
        );
    }
}

fn legal_basis(item: &ItemContent, findings: &mut Findings) {
    if item.legal_basis.is_empty() {
        findings.add(
            "legal_basis",
            "missing",
            "还没有设定依据。没有法律依据的事项不能发布，请写明法律名称和条款。",
        );
    }
    findings.count(
        "legal_basis",
        "设定依据",
        item.legal_basis.len(),
        ENTRIES_MAX,
    );
    for (index, basis) in item.legal_basis.iter().enumerate() {
        findings.text(
            format!("legal_basis[{index}].law"),
            "法律名称",
            &basis.law,
            200,
        );
        findings.length(
            format!("legal_basis[{index}].article"),
            "条款",
            &basis.article,
            100,
        );
        findings.length(
            format!("legal_basis[{index}].text"),
            "条款内容",
            &basis.text,
            TEXT_CHARACTERS_MAX,
        );
    }
}

/// Duties and accountability; both may be absent, but what is there must say something.
fn duties(item: &ItemContent, findings: &mut Findings) {
    findings.count("duties", "责任事项", item.duties.len(), ENTRIES_MAX);
    for (index, duty) in item.duties.iter().enumerate() {
        let field = format!("duties[{index}]");
        let (text, basis) = (format!("{field}.text"), format!("{field}.basis"));
        let by = format!("{field}.by");
        findings.length(by, "责任单位", &duty.by, NAME_CHARACTERS_MAX);
        findings.text(text, "责任事项", &duty.text, SENTENCE_CHARACTERS_MAX);
        findings.length(basis, "责任依据", &duty.basis, CITATION_CHARACTERS_MAX);
    }
    let grounds = &item.accountability;
    findings.count("accountability", "追责情形", grounds.len(), ENTRIES_MAX);
    for (index, ground) in grounds.iter().enumerate() {
        let field = format!("accountability[{index}]");
        findings.text(field, "追责情形", ground, SENTENCE_CHARACTERS_MAX);
    }
}

fn supervision(item: &ItemContent, findings: &mut Findings) {
    let measures = &item.supervision;
    findings.count("supervision", "监管措施", measures.len(), ENTRIES_MAX);
    for (index, one) in measures.iter().enumerate() {
        let field = |name: &str| format!("supervision[{index}].{name}");
        findings.text(
            field("measure"),
            "监管措施",
            &one.measure,
            SENTENCE_CHARACTERS_MAX,
        );
        findings.length(field("by"), "监管主体", &one.by, NAME_CHARACTERS_MAX);
        findings.length(field("frequency"), "时间和频次", &one.frequency, 200);
        findings.length(
            field("basis"),
            "监管依据",
            &one.basis,
            CITATION_CHARACTERS_MAX,
        );
    }
}

/// To whom what was granted is pushed: a department that is there, with limits that can be kept.
fn supervised(item: &ItemContent, findings: &mut Findings) {
    let Some(supervised) = &item.supervised else {
        return;
    };
    if !supervised.department.is_chosen() {
        findings.add(
            "supervised",
            "supervised_department_missing",
            "写了签收时限、核查内容或核查时限，但没有选监管部门。请选监管部门，或把这几栏留空。",
        );
    }
    if !(1..=ACKNOWLEDGE_DAYS_MAX).contains(&supervised.acknowledge_days) {
        let public = format!("签收时限应是 1 到 {ACKNOWLEDGE_DAYS_MAX} 个工作日。");
        findings.add("supervised.acknowledge_days", "acknowledge_days", public);
    }
    findings.length(
        "supervised.check",
        "核查内容",
        &supervised.check,
        SENTENCE_CHARACTERS_MAX,
    );
    if !(1..=CHECK_DAYS_MAX).contains(&supervised.check_days) {
        let public = format!("核查时限应是 1 到 {CHECK_DAYS_MAX} 个工作日。");
        findings.add("supervised.check_days", "check_days", public);
    }
    copy(item, supervised, findings);
}

/// 承诺制+副本制: there is something to check, a licence to copy, and time enough for the check before the copy runs out. So
/// many working days lie within twice as many days and a long holiday.
fn copy(item: &ItemContent, supervised: &SupervisedItem, findings: &mut Findings) {
    let Some(days) = supervised.copy_days else {
        return;
    };
    let makes_sense = item.commitment_allowed
        && item.result.licence_type.is_some()
        && !supervised.check.trim().is_empty();
    if !makes_sense {
        findings.add(
            "supervised.copy_days",
            "copy_without_check",
            "先发副本的，要实行告知承诺、发证照，并写明核查内容。请补全，或把承诺副本有效期留空。",
        );
    }
    let fewest = supervised.check_days.saturating_mul(2).saturating_add(10);
    if !(fewest..=COPY_DAYS_MAX).contains(&days) {
        let public = format!(
            "承诺副本有效期应是 {fewest} 到 {COPY_DAYS_MAX} 天：核查要在副本到期以前做完。"
        );
        findings.add("supervised.copy_days", "copy_days", public);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use wuchuang_kernel::OrganisationId;

    use crate::model::{Department, ItemContent, SupervisedItem, problems};

    #[track_caller]
    fn check(change: impl Fn(&mut SupervisedItem), expected: &Expect) {
        let mut supervised = SupervisedItem {
            department: Department {
                id: OrganisationId::from_u128(6),
                name: "公安局".to_owned(),
                code: "GAJU".to_owned(),
            },
            ..SupervisedItem::default()
        };
        change(&mut supervised);
        let item = ItemContent {
            supervised: Some(supervised),
            ..ItemContent::default()
        };
        let found: Vec<String> = problems(&item)
            .into_iter()
            .filter(|one| one.field.starts_with("supervised"))
            .map(|one| format!("{}: {}\n", one.field, one.code))
            .collect();
        expected.assert_eq(&found.concat());
    }

    #[test]
    fn a_copy_needs_a_promise_a_check_and_a_licence_and_time_for_the_check() {
        let codes = |copy_days: u16, has_check: bool, has_licence: bool| {
            let mut item = ItemContent {
                commitment_allowed: true,
                supervised: Some(SupervisedItem {
                    check: if has_check {
                        "现场核查。".to_owned()
                    } else {
                        String::new()
                    },
                    check_days: 20,
                    copy_days: Some(copy_days),
                    ..SupervisedItem::default()
                }),
                ..ItemContent::default()
            };
            item.result.licence_type = has_licence.then(|| "许可证".to_owned());
            let found = problems(&item).into_iter();
            let found = found.filter(|one| one.field == "supervised.copy_days");
            found
                .map(|one| one.code.to_string())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(codes(50, true, true), "");
        assert_eq!(codes(49, true, true), "copy_days");
        assert_eq!(codes(801, true, true), "copy_days");
        assert_eq!(codes(60, false, true), "copy_without_check");
        assert_eq!(codes(60, true, false), "copy_without_check");
    }

    #[test]
    fn who_supervises_is_there_and_the_limits_can_be_kept() {
        check(|_| {}, &expect![""]);
        check(
            |one| one.department = Department::none(),
            &expect![[r"
                supervised: supervised_department_missing
            "]],
        );
        check(
            |one| {
                one.acknowledge_days = 0;
                one.check_days = 251;
                one.check = "查".repeat(501);
            },
            &expect![[r"
                supervised.acknowledge_days: acknowledge_days
                supervised.check: too_long
                supervised.check_days: check_days
            "]],
        );
    }
}
