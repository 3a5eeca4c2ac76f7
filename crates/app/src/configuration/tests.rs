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
        expect![[r#"
            配置有 13 处需要改正：
              第 2 行：listen 不是监听地址。请写成“IP:端口”，例如 127.0.0.1:8080。
              第 3 行：public_url 不是网址。请写成 https:// 加域名，不带路径和中文，例如 https://zwfw.example.gov.cn。
              第 4 行：没有 dta 这个配置项。是不是想写 data？
              第 5 行：data 要写成从 / 开始的完整路径，例如 /var/lib/wuchuang。
              第 7 行：database.url 看不懂。内置数据库写 sqlite:///路径/wuchuang.db，PostgreSQL 写 postgres://用户:密码@主机/库名。
              第 9 行：site.county_name 是空的。请填写，或删除这一行。
              第 10 行：site.region 应当是一段文字，两边加引号，例如 "…"。
              第 13 行：mail.port 要在 1 到 65535 之间。
              第 15 行：mail.from 里要有邮箱地址，例如 政务服务中心 <zwfw@example.gov.cn>。
              第 16 行：没有 nonsense 这个配置项。请删除这一行，或对照安装包里的样例修改。
              环境变量 WUCHUANG_SITE_REGIN：没有对应的配置项。请检查变量名，或取消这个变量。
              site.operator 没有填写。请在配置文件里加上，例如：operator = "紫阳县政务服务中心"
              mail.user 和 mail.password 要么都填，要么都不填。"#]],
    );
    check(
        "listen = ",
        &[],
        expect![[r#"
        配置有 6 处需要改正：
          第 1 行：这一行不是正确的 TOML 写法。每行写成“键 = 值”，文字两边加英文引号；整节以 [节名] 开头。
          public_url 没有填写。请在配置文件里加上，例如：public_url = "https://zwfw.example.gov.cn"
          data 没有填写。请在配置文件里加上，例如：data = "/var/lib/wuchuang"
          site.county_name 没有填写。请在配置文件里加上，例如：county_name = "紫阳县"
          site.operator 没有填写。请在配置文件里加上，例如：operator = "紫阳县政务服务中心"
          site.region 没有填写。请在配置文件里加上，例如：region = "610924""#]],
    );
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

const GATEWAY: &str = r#"
[[sms]]
url = "http://127.0.0.1:13013/cgi-bin/sendsms"
user = "wuchuang"
password = "geheim"
from = "10690000"
report_token = "0123456789abcdef01234567"
"#;

#[test]
fn several_gateways_are_used_in_their_order() {
    let second = GATEWAY
        .replace("13013", "13014")
        .replace("01234567\"", "76543210\"")
        .replace("[[sms]]", "[[sms]]\nname = \"联通\"");
    let configuration = read(&format!("{GOOD}{GATEWAY}{second}"), &[]).unwrap();
    let gateways: Vec<String> = configuration
        .sms
        .iter()
        .map(|sms| format!("{} {}", sms.name, sms.url))
        .collect();
    assert_eq!(
        gateways,
        [
            "短信网关 http://127.0.0.1:13013/cgi-bin/sendsms",
            "联通 http://127.0.0.1:13014/cgi-bin/sendsms"
        ]
    );
    // One alone may be written as before, and in the environment.
    let alone = GATEWAY.replace("[[sms]]", "[sms]").replace("password", "#");
    let environment = [("WUCHUANG_SMS_PASSWORD", "geheim")];
    let configuration = read(&format!("{GOOD}{alone}"), &environment).unwrap();
    assert_eq!(configuration.sms.len(), 1);
}

#[test]
fn each_gateway_is_complained_of_by_its_number() {
    let second = GATEWAY
        .replace("http://", "")
        .replace("user = \"wuchuang\"", "usr = \"wuchuang\"");
    check(
        &format!("{GOOD}{GATEWAY}{second}{GATEWAY}"),
        &[],
        expect![[r#"
            配置有 4 处需要改正：
              第 18 行：sms[2].url 不是网址。请写短信网关 sendsms 的地址，以 http:// 或 https:// 开头。
              第 19 行：没有 sms.usr 这个配置项。是不是想写 sms.user？
              第 29 行：sms[3].report_token 与前面的网关相同，分不清是谁的回报。请各用一个口令。
              sms[2].user 没有填写。请在配置文件里加上，例如：user = "wuchuang""#]],
    );
}
