//! Whatever the rules refuse a citizen is told in English as well: every deed of theirs in every stage, and everything
//! that can be wrong with what they send.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::date;
use wuchuang_credit::model::CreditBar;
use wuchuang_kernel::{Actor, CaseId, LicenceId, Personal, Rejection};
use wuchuang_webkit::language::{Language, Texts, Translator};

use super::{
    bench::{APPLICANT, Bench, material, own, standard_terms, submission},
    life::stages,
};
use crate::model::{
    CaseCommand, Conditional, DeliveryChoice, KnownAnswer, KnownSource, Material, MaterialSource,
};

fn licence() -> KnownSource {
    KnownSource::Licence {
        licence: LicenceId::from_u128(9),
        name: "食品经营许可证".to_owned(),
        number: "JY1".to_owned(),
        issued_on: date(2026, 3, 2),
    }
}

fn earlier_case() -> KnownSource {
    KnownSource::EarlierCase {
        case: CaseId::from_u128(3),
        number: "610924SPJU20260506000412".to_owned(),
        item: "食品经营许可".to_owned(),
        received_on: date(2026, 5, 6),
    }
}

fn supply(materials: Vec<Material>) -> [CaseCommand; 2] {
    [
        CaseCommand::SupplyCorrection {
            answers: None,
            materials: materials.clone(),
            counted: None,
        },
        CaseCommand::SupplySupplement { materials },
    ]
}

/// What a citizen may send, right and wrong.
fn deeds() -> Vec<CaseCommand> {
    let unknown = Material {
        requirement: Some("m9".to_owned()),
        name: "户口簿".to_owned(),
        ..material("m1")
    };
    let promised = Material {
        source: MaterialSource::Commitment {
            text: String::new(),
        },
        ..material("m1")
    };
    let mut files = material("m2");
    files.files = vec![files.files[0].clone(); 51];
    let mut all = vec![
        submission(standard_terms(), &["m1"], DeliveryChoice::Counter),
        CaseCommand::Withdraw { reason: own("") },
        CaseCommand::Say { text: own(" ") },
        CaseCommand::Say {
            text: own(&"字".repeat(1_001)),
        },
        CaseCommand::Say {
            text: own("您好")
        },
    ];
    let bar = || CreditBar {
        records: 1,
        organisations: Vec::new(),
    };
    all.push(CaseCommand::KnowingCredit {
        command: Box::new(CaseCommand::SupplyCorrection {
            answers: None,
            materials: vec![promised.clone()],
            counted: None,
        }),
        bar: bar(),
    });
    let mut undertaking = submission(standard_terms(), &["m1"], DeliveryChoice::Counter);
    if let CaseCommand::Submit(submission) = &mut undertaking {
        submission.undertaking = Some(standard_terms().undertaking(&["m2".to_owned()]));
    }
    all.push(CaseCommand::KnowingCredit {
        command: Box::new(undertaking),
        bar: bar(),
    });
    for (known, reason) in [
        (KnownSource::Account, "搬".repeat(201)),
        (licence(), String::new()),
        (earlier_case(), String::new()),
    ] {
        let mut changed = submission(standard_terms(), &["m1"], DeliveryChoice::Counter);
        if let CaseCommand::Submit(submission) = &mut changed {
            submission.known = vec![KnownAnswer {
                field: "business_name".to_owned(),
                label: "店名".to_owned(),
                source: known,
                was: Personal::new(APPLICANT, "旧店名".into()),
                reason: own(&reason),
            }];
        }
        all.push(changed);
    }
    for materials in [
        Vec::new(),
        vec![material("m2")],
        vec![material("m3")],
        vec![unknown],
        vec![promised],
        vec![files],
        vec![material("m2"); 101],
    ] {
        all.extend(supply(materials));
    }
    all
}

fn applications() -> Vec<CaseCommand> {
    ["", &"名".repeat(101)]
        .into_iter()
        .map(|name| {
            let mut command = submission(standard_terms(), &["m1"], DeliveryChoice::Counter);
            if let CaseCommand::Submit(submission) = &mut command {
                submission.applicant.name = Personal::new(APPLICANT, name.to_owned());
            }
            command
        })
        .collect()
}

/// Every refusal that a citizen can meet, by its sentence.
fn refusals() -> BTreeMap<String, Rejection> {
    let mut benches: Vec<Bench> = stages().into_iter().map(|(_, bench)| bench).collect();
    let mut owing = Bench::with(standard_terms(), &["m1"], DeliveryChoice::Counter);
    owing.must(CaseCommand::Accept {
        conditional: Some(Conditional {
            materials: vec!["m2".to_owned()],
            days: 3,
            undertaking: Some(standard_terms().undertaking(&["m2".to_owned()])),
        }),
    });
    let mut talkative = Bench::received();
    for _ in 0..200 {
        talkative.must(CaseCommand::Say {
            text: own("您好")
        });
    }
    benches.extend([owing, talkative]);
    let mut found = BTreeMap::new();
    for bench in benches {
        let deeds = deeds().into_iter().chain(applications());
        for command in deeds {
            let mut bench = bench.clone();
            bench.actor = Actor::citizen(Some(APPLICANT));
            if let Err(refusal) = bench.send(command) {
                found.insert(refusal.public.to_string(), refusal);
            }
        }
    }
    found
}

/// The text without what stands in quotation marks, which may be data.
fn outside_quotes(text: &str) -> String {
    text.split('“')
        .enumerate()
        .map(|(index, part)| match (index, part.split_once('”')) {
            (0, _) | (_, None) => part,
            (_, Some((_, after))) => after,
        })
        .collect()
}

#[test]
fn every_refusal_that_a_citizen_can_meet_has_english() {
    let texts = Texts::new()
        .unwrap()
        .with_english("cases", include_str!("../../../locales/en.po"))
        .unwrap();
    let english = Translator::new(Language::English, Arc::new(texts));
    let refusals = refusals();
    let missing: Vec<&String> = refusals
        .keys()
        .filter(|text| {
            outside_quotes(&english.t(text))
                .chars()
                .any(|sign| matches!(sign, '\u{3400}'..='\u{9FFF}'))
        })
        .collect();
    assert!(
        missing.is_empty(),
        "add English to locales/en.po: {missing:#?}"
    );
    let codes: std::collections::BTreeSet<&str> =
        refusals.values().map(|refusal| &*refusal.code).collect();
    for code in [
        "applicant_name",
        "case_exists",
        "case_over",
        "case_unknown",
        "commitment_not_allowed",
        "correction_empty",
        "credit_bars_promise",
        "credit_bars_undertaking",
        "files_too_many",
        "line_empty",
        "line_too_long",
        "lines_too_many",
        "material_unknown",
        "materials_too_many",
        "nothing_owed",
        "supplement_other",
        "wrong_stage",
    ] {
        assert!(codes.contains(code), "{code} was never met: {codes:?}");
    }
}
