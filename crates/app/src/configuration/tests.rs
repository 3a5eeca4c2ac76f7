//! What the configuration file says, and what is wrong with it, as tables.

use expect_test::{Expect, expect};

use super::*;

const GOOD: &str = r#"
listen = "127.0.0.1:8080"
public_url = "https://zwfw.example.gov.cn/"
data = "/var/lib/wuchuang"
[site]
county_name = "紫阳县"
operator = "紫阳县政务服务中心"
region = "610924"
"#;

fn read(text: &str, environment: &[(&str, &str)]) -> Result<Configuration, Problems> {
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Configuration::read(text, environment)
}

fn check(text: &str, environment: &[(&str, &str)], expected: Expect) {
    let answer = match read(text, environment) {
        Ok(configuration) => format!("{configuration:?}"),
        Err(problems) => problems.to_string(),
    };
    expected.assert_eq(&answer);
}

#[test]
fn the_packaged_file_is_good() {
    let text = include_str!("../../../../packaging/wuchuang.toml");
    let configuration = read(text, &[]).unwrap();
    assert_eq!(configuration.public_url, "https://zwfw.example.gov.cn");
    assert_eq!(configuration.data, PathBuf::from("/var/lib/wuchuang"));
    assert_eq!(
        configuration.database_url.reveal(),
        "sqlite:///var/lib/wuchuang/wuchuang.db?mode=rwc"
    );
    assert_eq!(configuration.log_format, LogFormat::Json);
}

#[test]
fn every_key_of_the_packaged_file_is_explained_there() {
    let text = include_str!("../../../../packaging/wuchuang.toml");
    for key in keys::KEYS {
        let is_there = text.lines().any(|line| {
            let line = line.trim_start_matches(['#', ' ']);
            line.strip_prefix(key.name)
                .is_some_and(|rest| rest.trim_start().starts_with('='))
        });
        assert!(
            is_there,
            "packaging/wuchuang.toml does not show {}",
            key.dotted()
        );
    }
}

#[test]
fn every_problem_is_told_at_once_with_its_line() {
    check(
        r#"
listen = "8080"
public_url = "zwfw"
dta = "/var/lib/wuchuang"
data = "wuchuang"
[database]
url = "mysql://root:geheim@localhost/x"
[site]
county_name = ""
region = 610924
[mail]
host = "smtp.example.gov.cn"
port = 70000
password = "geheim"
from = "x"
[nonsense]
a = 1
"#,
        &[("WUCHUANG_SITE_REGIN", "1"), ("WUCHUANG_PEERS", "/x")],
        expect![[""]],
    );
    check("listen = ", &[], expect![[""]]);
}

#[test]
fn the_environment_goes_before_the_file() {
    let configuration = read(
        GOOD,
        &[
            ("WUCHUANG_LISTEN", "0.0.0.0:80"),
            ("WUCHUANG_SITE_RECORDS", "陕ICP备1号 | 陕公网安备2号"),
            ("WUCHUANG_DATABASE_URL", "postgres://a:b@c/d"),
            ("WUCHUANG_METRICS_TOKEN", "0123456789abcdef"),
        ],
    )
    .unwrap();
    assert_eq!(configuration.listen.port(), 80);
    assert_eq!(configuration.site.records, ["陕ICP备1号", "陕公网安备2号"]);
    assert_eq!(configuration.database_url.reveal(), "postgres://a:b@c/d");
    assert!(!format!("{configuration:?}").contains("0123456789abcdef"));
    assert!(!format!("{configuration:?}").contains("a:b@c"));
}

#[test]
fn no_complaint_repeats_a_secret() {
    let text = format!(
        "{GOOD}[database]\nurl = \"mysql://root:geheim@x\"\n[metrics]\ntoken = \"geheim\"\n[sms]\npassword = \"geheim\"\nreport_token = \"geheim\""
    );
    let problems = read(&text, &[]).unwrap_err().to_string();
    assert!(!problems.contains("geheim"), "{problems}");
}
