//! Item codes that really exist, taken apart, and what a wrong one answers.

use std::fmt::Write as _;

use expect_test::expect;
use proptest::prelude::*;

use super::*;

#[test]
fn takes_real_basic_codes_apart() {
    let mut table = String::new();
    for text in [
        "00013112700Y",
        "000131127004",
        "00016421300y",
        "440118009000",
        "370117002011",
        "000531127004",
    ] {
        let code = BasicItemCode::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        writeln!(
            table,
            "{code} {} {} {} {} {} group={}",
            code.region_digits(),
            code.item_type().name(),
            code.department_digits(),
            code.main_item_digits(),
            code.sub_item_characters(),
            code.is_group(),
        )
        .expect("a String takes all text");
    }
    expect![[r"
        00013112700Y 00 行政许可 31 127 00Y group=true
        000131127004 00 行政许可 31 127 004 group=false
        00016421300Y 00 行政许可 64 213 00Y group=true
        440118009000 44 行政许可 18 009 000 group=false
        370117002011 37 行政许可 17 002 011 group=false
        000531127004 00 行政给付 31 127 004 group=false
    "]]
    .assert_eq(&table);
}

#[test]
fn takes_real_implementation_codes_apart() {
    let mut table = String::new();
    for text in [
        "11440100007482575H3440118009000",
        "11370800MB285591843370117002011",
    ] {
        let code =
            ImplementationItemCode::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(
            code.body().warning().is_none(),
            "both credit codes pass their check"
        );
        assert_eq!(
            ImplementationItemCode::from_parts(code.body(), code.level(), code.basic()),
            code
        );
        let (body, level, basic) = (code.body(), code.level().name(), code.basic());
        writeln!(table, "{body} {level} {basic}").expect("a String takes all text");
    }
    expect![[r"
        11440100007482575H 市级 440118009000
        11370800MB28559184 市级 370117002011
    "]]
    .assert_eq(&table);
}

#[test]
fn a_short_handling_code_grows_to_the_full_one() {
    for text in ["00013112700401", "00013112700402", "00013112700403"] {
        let short =
            ShortHandlingItemCode::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(short.basic().as_str(), "000131127004");
        let body = RecordedCreditCode::parse("11370800MB28559184").expect("real");
        let full = short.with_body(body, ExerciseLevel::County);
        assert_eq!(full.as_str(), format!("11370800MB285591844{text}"));
        assert_eq!(HandlingItemCode::parse(full.as_str()), Ok(full));
        assert_eq!(
            (full.short(), full.sequence_digits()),
            (short, short.sequence_digits())
        );
        assert_eq!(
            NationalItemCode::parse(full.as_str()).map(|code| code.basic()),
            Ok(short.basic())
        );
    }
}

#[test]
fn refuses_with_position_and_way_out() {
    let mut table = String::new();
    for text in [
        "",
        "0001311270",
        "0001311270OY",
        "0001311270YY",
        "11440100007482575H8440118009000",
        "11440100007482575H344011800900A",
        "11440100007482575H34401180090000X",
        "62052400MZ-XK-0001",
    ] {
        let error = NationalItemCode::parse(text).expect_err(text);
        writeln!(table, "{error}\n  {}", error.explain()).expect("a String takes all text");
    }
    expect![[r"
        national item code: nothing was given
          还没有填写国家事项编码，请填好后再提交。
        national item code: 12, 14, 31 or 33 characters expected, 10 found
          国家事项编码应是12、14、31或33位，现在是10位。请对照国家政务服务事项目录中的编码；本地自编的编码请填在“地方编码”一栏。
        basic item code, position 11: a digit expected, 'O' found
          事项基本编码第11位是字母“O”，这里应是数字0到9。是不是想填数字0？请改正后再提交。
        basic item code, position 11: a digit expected, 'Y' found
          事项基本编码第11位是“Y”，这里应是数字0到9。请对照国家政务服务事项目录中的编码；本地自编的编码请填在“地方编码”一栏。
        implementation item code, position 19: an exercise level from 1 to 7 expected, '8' found
          事项实施编码第19位是“8”，这里应是行使层级，数字1到7。请对照国家政务服务事项目录中的编码；本地自编的编码请填在“地方编码”一栏。
        implementation item code, position 31: a digit or Y expected, 'A' found
          事项实施编码第31位是“A”，这里应是数字0到9或字母Y。请对照国家政务服务事项目录中的编码；本地自编的编码请填在“地方编码”一栏。
        handling item code, position 33: a digit expected, 'X' found
          业务办理项编码第33位是“X”，这里应是数字0到9。请对照国家政务服务事项目录中的编码；本地自编的编码请填在“地方编码”一栏。
        national item code: 12, 14, 31 or 33 characters expected, 18 found
          国家事项编码应是12、14、31或33位，现在是18位。请对照国家政务服务事项目录中的编码；本地自编的编码请填在“地方编码”一栏。
    "]].assert_eq(&table);
}

#[test]
fn serde_tells_codes_apart_by_length() {
    let code: NationalItemCode = serde_json::from_str("\"00013112700Y\"").expect("real");
    assert!(matches!(code, NationalItemCode::Basic(_)));
    assert_eq!(
        serde_json::to_string(&code).expect("plain text"),
        "\"00013112700Y\""
    );
}

proptest! {
    #[test]
    fn every_national_code_round_trips(
        credit in "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}",
        level in "[1-7]", basic in "[0-9]{11}[0-9Y]", sequence in "[0-9]{2}",
    ) {
        for text in [
            basic.clone(),
            format!("{basic}{sequence}"),
            format!("{credit}{level}{basic}"),
            format!("{credit}{level}{basic}{sequence}"),
        ] {
            let code = NationalItemCode::parse(&text).expect("well formed");
            prop_assert_eq!(code.as_str(), &text);
            prop_assert_eq!(code.basic().to_string(), basic.as_str());
        }
    }
}
