//! Signing, verifying, and what two independent readers say.

use std::path::Path;
use std::sync::LazyLock;

use expect_test::{Expect, expect};
use jiff::Timestamp;
use proptest::prelude::*;
use rand_core::OsRng;
use wuchuang_documents::data::{Acceptance, TemplateData};
use wuchuang_documents::{
    Authority, AuthorityError, AuthoritySubject, SignInfo, SignatureOutcome, SignatureReport,
    TrustedRoots, VerifyError, sign, verify,
};

use crate::{DOCUMENTS, poppler};

static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| authority("紫阳县行政审批服务局"));
static PLAIN: LazyLock<Vec<u8>> = LazyLock::new(|| {
    DOCUMENTS
        .render_data(&Acceptance::sample())
        .expect("renders")
});
static SIGNED: LazyLock<Vec<u8>> =
    LazyLock::new(|| sign(PLAIN.clone(), &AUTHORITY, &info()).expect("signs"));

fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

fn authority(organisation: &str) -> Authority {
    let subject = AuthoritySubject {
        organisation: organisation.to_owned(),
        seal_name: format!("{organisation}专用章"),
    };
    Authority::generate(
        &subject,
        at("2026-01-01T00:00:00Z"),
        at("2056-01-01T00:00:00Z"),
        &mut OsRng,
    )
    .expect("generates")
}

fn info() -> SignInfo {
    SignInfo {
        reason: "受理通知书（紫审批受〔2026〕412号）".to_owned(),
        location: "陕西省安康市紫阳县".to_owned(),
        signed_at: at("2026-11-20T08:00:00Z"),
    }
}

fn reports(pdf: &[u8]) -> Vec<SignatureReport> {
    verify(pdf, &AUTHORITY.trusted_roots()).expect("a PDF")
}

fn pdfsig(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("signed.pdf");
    std::fs::write(&file, pdf).expect("written");
    poppler("pdfsig", &["-nocert"], Path::new(&file), &[])
}

fn position(pdf: &[u8], needle: &[u8]) -> usize {
    pdf.windows(needle.len())
        .position(|window| window == needle)
        .expect("the bytes are there")
}

#[test]
fn both_readers_find_a_signature_valid() {
    let foreign = pdfsig(&SIGNED);
    assert!(foreign.contains("Signature is Valid."), "{foreign}");
    assert!(foreign.contains("Total document signed"), "{foreign}");
    assert!(foreign.contains("ETSI.CAdES.detached"), "{foreign}");
    assert!(
        foreign.contains("测试 TEST 紫阳县行政审批服务局专用章"),
        "{foreign}"
    );
    expect![[r#"
        [
            SignatureReport {
                outcome: Valid,
                signer_name: Some(
                    "测试 TEST 紫阳县行政审批服务局专用章",
                ),
                signer_organisation: Some(
                    "紫阳县行政审批服务局",
                ),
                signed_at: Some(
                    2026-11-20T08:00:00Z,
                ),
                covers_whole_document: true,
                trusted: true,
                test_authority: true,
            },
        ]
    "#]]
    .assert_debug_eq(&reports(&SIGNED));
    assert!(
        SIGNED.starts_with(&PLAIN),
        "signing appends and changes nothing before"
    );
}

#[test]
fn both_readers_see_one_changed_byte() {
    let mut changed = SIGNED.clone();
    let place = position(&changed, b"Wuchuang");
    changed[place] = b'M';
    let foreign = pdfsig(&changed);
    assert!(foreign.contains("Digest Mismatch"), "{foreign}");
    let [report] = <[SignatureReport; 1]>::try_from(reports(&changed)).expect("one signature");
    assert_eq!(report.outcome, SignatureOutcome::ContentChanged);
    assert!(!report.vouches_for_file());
}

#[test]
fn bytes_added_later_are_not_vouched_for() {
    let mut longer = SIGNED.clone();
    longer.extend_from_slice(b"\n1 0 obj\n<<>>\nendobj\n");
    let [report] = <[SignatureReport; 1]>::try_from(reports(&longer)).expect("one signature");
    assert_eq!(report.outcome, SignatureOutcome::Valid);
    assert!(!report.covers_whole_document && !report.vouches_for_file());
}

#[test]
fn a_second_signature_leaves_the_first_whole() {
    let second = authority("紫阳县市场监督管理局");
    let twice = sign(SIGNED.clone(), &second, &info()).expect("signs again");
    let foreign = pdfsig(&twice);
    assert_eq!(
        foreign.matches("Signature is Valid.").count(),
        2,
        "{foreign}"
    );
    let roots = AUTHORITY.trusted_roots().and(second.trusted_roots());
    let reports = verify(&twice, &roots).expect("a PDF");
    let covers: Vec<_> = reports
        .iter()
        .map(|report| (report.trusted, report.covers_whole_document))
        .collect();
    assert_eq!(covers, [(true, false), (true, true)]);
    assert!(
        reports
            .iter()
            .all(|report| report.outcome == SignatureOutcome::Valid)
    );
}

#[test]
fn a_stranger_is_not_trusted() {
    let stranger = authority("紫阳县行政审批服务局");
    let report = &verify(&SIGNED, &stranger.trusted_roots()).expect("a PDF")[0];
    assert_eq!(
        (&report.outcome, report.trusted),
        (&SignatureOutcome::Valid, false)
    );
    assert!(!verify(&SIGNED, &TrustedRoots::default()).expect("a PDF")[0].trusted);
}

#[test]
fn what_was_decided_before_the_certificate_was_valid_is_claimed_from_its_first_moment() {
    let early = SignInfo {
        signed_at: at("2025-12-31T23:59:59Z"),
        ..info()
    };
    let signed = sign(PLAIN.clone(), &AUTHORITY, &early).expect("signs");
    let report = &reports(&signed)[0];
    assert!(report.trusted);
    assert!(report.signed_at > Some(early.signed_at));
}

#[test]
fn signing_is_deterministic_and_survives_pem() {
    let pem = AUTHORITY.to_pem().expect("writes");
    let read = Authority::from_pem(&pem.certificates, &pem.private_key).expect("reads");
    assert!(sign(PLAIN.clone(), &read, &info()).expect("signs") == *SIGNED);
    let roots = TrustedRoots::from_pem(&AUTHORITY.root_pem().expect("writes")).expect("reads");
    assert!(verify(&SIGNED, &roots).expect("a PDF")[0].vouches_for_file());
    assert!(!format!("{AUTHORITY:?} {pem:?}").contains("PRIVATE KEY"));
    let other = authority("别县").to_pem().expect("writes");
    assert!(matches!(
        Authority::from_pem(&pem.certificates, &other.private_key),
        Err(AuthorityError::Mismatch)
    ));
}

fn check_authority(organisation: &str, until: &str, expected: Expect) {
    let subject = AuthoritySubject {
        organisation: organisation.to_owned(),
        seal_name: "章".to_owned(),
    };
    let outcome = Authority::generate(&subject, at("2026-01-01T00:00:00Z"), at(until), &mut OsRng);
    expected.assert_eq(&outcome.map_or_else(|error| error.to_string(), |made| made.signer_name()));
}

#[test]
fn subject_names_are_checked() {
    check_authority(
        "A+B, \"C\" #1=<x>;\\",
        "2027-01-01T00:00:00Z",
        expect!["测试 TEST 章"],
    );
    check_authority(
        " ",
        "2027-01-01T00:00:00Z",
        expect!["证书名称“ ”不能用：不能为空，连同“测试 TEST”字样不超过 64 个字"],
    );
    check_authority(
        "县",
        "2025-01-01T00:00:00Z",
        expect!["证书有效期不正确：结束时间必须晚于开始时间"],
    );
}

#[test]
fn what_is_no_signed_pdf_is_told_apart() {
    let roots = TrustedRoots::default();
    assert_eq!(verify(b"", &roots), Err(VerifyError::NotPdf));
    assert_eq!(verify(b"GIF89a", &roots), Err(VerifyError::NotPdf));
    assert_eq!(
        verify(&vec![b' '; wuchuang_documents::PDF_BYTES_MAX + 1], &roots),
        Err(VerifyError::TooLarge)
    );
    assert_eq!(verify(&PLAIN, &roots), Ok(Vec::new()));
    assert!(sign(b"%PDF-1.7 broken".to_vec(), &AUTHORITY, &info()).is_err());
}

/// The contents are the one part that a signature cannot cover, and some of their bytes carry no meaning (the copy of the
/// root, which a verifier has itself). So a change there may pass, but then nothing a person is told may differ.
fn check_mutation(place: usize, bits: u8) -> Result<(), TestCaseError> {
    let mut mutated = SIGNED.clone();
    mutated[place] ^= bits;
    let start = position(&SIGNED, b"/Contents <") + b"/Contents <".len();
    let end = start + position(&SIGNED[start..], b">");
    let Ok(reports) = verify(&mutated, &AUTHORITY.trusted_roots()) else {
        return Ok(());
    };
    if reports.iter().any(SignatureReport::vouches_for_file) {
        prop_assert!((start..end).contains(&place), "byte {} is signed", place);
        prop_assert_eq!(reports, self::reports(&SIGNED));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// No change of any signed byte passes, and none makes the verifier panic.
    #[test]
    fn no_mutation_passes(place in any::<prop::sample::Index>(), bits in 1u8..) {
        check_mutation(place.index(SIGNED.len()), bits)?;
    }

    /// The same, aimed at the signature dictionary and the structure in it.
    #[test]
    fn no_mutation_of_the_signature_passes(offset in 0usize..6000, bits in 1u8..) {
        check_mutation((position(&SIGNED, b"/ByteRange") + offset).min(SIGNED.len() - 1), bits)?;
    }

    /// Garbage around the words the scan looks for.
    #[test]
    fn garbage_never_panics(parts in prop::collection::vec(prop_oneof![
        Just(b"/ByteRange [0 ".to_vec()),
        Just(b"/ByteRange[0 4 9 ".to_vec()),
        Just(b"]/Contents <30".to_vec()),
        Just(b"> /M(D:20261120160000+08'00')".to_vec()),
        Just(b"18446744073709551615 ".to_vec()),
        prop::collection::vec(any::<u8>(), 0..40),
    ], 0..20)) {
        let mut file = b"%PDF-1.7\n".to_vec();
        file.extend(parts.concat());
        let reports = verify(&file, &AUTHORITY.trusted_roots()).expect("the header is there");
        prop_assert!(!reports.iter().any(SignatureReport::vouches_for_file));
    }
}
