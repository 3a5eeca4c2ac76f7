//! QR codes.

use expect_test::{Expect, expect};
use wuchuang_documents::qr_svg;

fn check(text: &str, expected: Expect) {
    let answer = match qr_svg(text) {
        Ok(svg) => svg.chars().take(96).collect(),
        Err(error) => error.to_string(),
    };
    expected.assert_eq(&answer);
}

#[test]
fn a_payload_is_bounded_ascii() {
    check(
        "https://zwfw.example.gov.cn/verify/7K3M92QF",
        expect![[
            r#"<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="41" height="41" viewBox="0 0 41 41""#
        ]],
    );
    check("", expect!["二维码内容是空的"]);
    check(
        "https://example.cn/证照",
        expect!["二维码内容只能用可打印的 ASCII 字符，第 20 个字符“证”不行：请先做网址编码"],
    );
    check(
        "a\nb",
        expect![[r"
        二维码内容只能用可打印的 ASCII 字符，第 2 个字符“
        ”不行：请先做网址编码"]],
    );
    check(
        &"x".repeat(201),
        expect!["二维码内容有 201 个字符，超过 200 个，印出来扫不清：请缩短网址"],
    );
}
