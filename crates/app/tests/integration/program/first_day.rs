//! The first day of a county, with nothing but what the package holds: `init`, the divisions, the three administrators,
//! everyone else from a spreadsheet, the first item, the first case. What no page and no command makes is missing here.

use std::{collections::BTreeMap, io::Cursor};

use base64::{Engine, prelude::BASE64_STANDARD};
use calamine::{Reader, Xlsx};
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use wuchuang_app::Configuration;
use wuchuang_catalogue::exchange::{DEMONSTRATION, ExchangedItem, export_yaml, import_county};
use wuchuang_kernel::{Clock, OrganisationId, SystemClock, china_date};
use wuchuang_ledger::testing;

use super::Program;
use crate::{
    county::{County, DEPARTMENT, INSTANT},
    harness::{MULTIPART, multipart},
};

const DIVISIONS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../assets/demo/regions-610924.csv"
);
const NEW_PASSWORD: &str = "ChunJiang-2026";

/// A browser without JavaScript, which reads pages and keeps one cookie.
struct Browser {
    inner: reqwest::Client,
    origin: String,
    cookie: String,
}

impl Browser {
    async fn send(&mut self, request: reqwest::RequestBuilder) -> (u16, String, String) {
        let answer = request.header("cookie", &self.cookie).send().await.unwrap();
        if let Some(cookie) = answer.headers().get("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            pair.clone_into(&mut self.cookie);
        }
        let place = answer.headers().get("location");
        let place = place.map_or_else(String::new, |place| place.to_str().unwrap().to_owned());
        (
            answer.status().as_u16(),
            place,
            answer.text().await.unwrap(),
        )
    }

    async fn get(&mut self, path: &str) -> String {
        let request = self.inner.get(format!("{}{path}", self.origin));
        let (status, _, text) = self.send(request).await;
        assert_eq!(status, 200, "{path} {text}");
        text
    }

    /// Sends a form that leads on; gives where to.
    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let request = self.inner.post(format!("{}{path}", self.origin));
        let (status, place, text) = self.send(request.form(fields)).await;
        assert_eq!(status, 303, "{path} {text}");
        place
    }

    async fn upload(&mut self, path: &str, name: &str, content: &[u8]) -> (u16, String, String) {
        let request = self
            .inner
            .post(format!("{}{path}", self.origin))
            .header("content-type", MULTIPART)
            .body(multipart(name, content));
        self.send(request).await
    }
}

/// Signs in with a one-time password, which opens nothing but the page that replaces it.
async fn enter(program: &Program, account: &str, one_time: &str) -> Browser {
    let mut browser = Browser {
        inner: program.client("").inner,
        origin: format!("http://{}", program.listen),
        cookie: String::new(),
    };
    let door = browser
        .post(
            "/staff/login",
            &[("account", account), ("password", one_time)],
        )
        .await;
    assert_eq!(door, "/staff/login/password", "{account}");
    let request = browser
        .inner
        .get(format!("{}/staff/people", browser.origin));
    let (status, ..) = browser.send(request).await;
    assert_ne!(status, 200, "{account} is in with a one-time password");
    let fields = [("password", NEW_PASSWORD), ("again", NEW_PASSWORD)];
    let home = browser.post("/staff/login/password", &fields).await;
    assert_eq!(home, "/staff", "{account}");
    browser
}

/// Account and one-time password of each line that `init` prints.
fn told(printed: &str) -> BTreeMap<String, String> {
    let lines = printed.lines().filter_map(|line| {
        let (account, rest) = line
            .trim()
            .strip_prefix("账号 ")?
            .split_once("一次性密码 ")?;
        Some((
            account.trim().to_owned(),
            rest.split(' ').next().unwrap().to_owned(),
        ))
    });
    lines.collect()
}

/// The spreadsheet of the people that the system administrator enters.
fn people() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [
        [
            "账号",
            "姓名",
            "电话",
            "机构",
            "岗位",
            "权限",
            "管辖区域代码",
        ],
        [
            "li.na",
            "李娜",
            "",
            "紫阳县政务服务中心",
            "事项管理岗",
            "事项管理",
            "",
        ],
        [
            "wang.fang",
            "王芳",
            "",
            "紫阳县政务服务中心",
            "综合窗口",
            "窗口受理",
            "",
        ],
    ];
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// The one-time passwords of the spreadsheet that came back inside the page.
fn passwords(page: &str) -> BTreeMap<String, String> {
    let (_, rest) = page.split_once("sheet;base64,").expect(page);
    let bytes = BASE64_STANDARD
        .decode(rest.split('"').next().unwrap())
        .unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&sheet).unwrap();
    let rows = range.rows().skip(1);
    rows.map(|row| (row[0].to_string(), row[7].to_string()))
        .collect()
}

/// The number of an organisation in the page that lists them.
fn organisation(page: &str, name: &str) -> OrganisationId {
    let entry = page
        .split("/staff/organisations/")
        .skip(1)
        .find(|entry| entry.contains(name))
        .expect(page);
    entry[..32].parse().unwrap()
}

/// 食品小经营店备案 of a department of this county, as the file to import.
fn item(department: OrganisationId) -> (ExchangedItem, String) {
    let region = Configuration::demonstration("/".into(), ([127, 0, 0, 1], 1).into())
        .site
        .region;
    let mut item = import_county(DEMONSTRATION, region)
        .unwrap()
        .into_iter()
        .find(|item| item.content.local_code.as_str() == INSTANT)
        .unwrap();
    item.content.department.id = department;
    DEPARTMENT.clone_into(&mut item.content.department.name);
    "SCJG".clone_into(&mut item.content.department.code);
    let file = export_yaml(std::slice::from_ref(&item)).unwrap();
    (item, file)
}

/// From the empty folder to the first acknowledged case.
async fn first_day(database: Option<String>) {
    let mut program = Program::bare(database);
    let printed = program.succeed(&["init"]).await;
    let first = told(&printed);
    let names: Vec<&str> = first.keys().map(String::as_str).collect();
    assert_eq!(names, ["audit", "security", "system"], "{printed}");
    let again = program.succeed(&["init"]).await;
    assert!(told(&again).is_empty(), "{again}");
    let regions = program.succeed(&["import-regions", DIVISIONS]).await;
    assert!(regions.contains("17 个乡镇"), "{regions}");

    program.start().await;
    let mut system = enter(&program, "system", &first["system"]).await;
    let department = [
        ("name", DEPARTMENT),
        ("short_code", "SCJG"),
        ("kind", "department"),
        ("place", "610924"),
    ];
    system.post("/staff/organisations", &department).await;
    let department = organisation(&system.get("/staff/organisations").await, DEPARTMENT);
    let (status, _, page) = system
        .upload("/staff/people/import", "people.xlsx", &people())
        .await;
    assert_eq!(status, 200, "{page}");
    let passwords = passwords(&page);

    // The three are three: the security administrator gives posts, the auditor reads, neither enters people.
    let mut security = enter(&program, "security", &first["security"]).await;
    assert!(security.get("/staff/people").await.contains("王芳"));
    let mut audit = enter(&program, "audit", &first["audit"]).await;
    audit.get("/staff/admin/refusals").await;
    let request = audit
        .inner
        .get(format!("{}/staff/people/new", audit.origin));
    assert_eq!(audit.send(request).await.0, 403);

    let (first_item, file) = item(department);
    let mut manager = enter(&program, "li.na", &passwords["li.na"]).await;
    let (status, _, page) = manager
        .upload("/staff/items/import", "items.yaml", file.as_bytes())
        .await;
    assert_eq!(status, 303, "{page}");
    let today = china_date(SystemClock.now()).to_string();
    let number = first_item.id.to_string();
    let publish = [("item", number.as_str()), ("effective_from", &today)];
    manager.post("/staff/items/publish", &publish).await;

    let clerk = enter(&program, "wang.fang", &passwords["wang.fang"]).await;
    let county = County {
        department,
        instant: first_item.id,
        ..County::unsettled()
    };
    let case = program
        .client(&clerk.cookie)
        .command("/api/v1/cases", "first", &county.instant_application(1))
        .await
        .unwrap();
    assert_eq!(case.status, 201, "{case:?}");
    assert!(matches!(&case.body["number"], Value::String(number) if number.contains("SCJG")));
    program.kill().await;

    // A lost password has a way back that does not need another administrator.
    let reset = program.succeed(&["reset-password", "system"]).await;
    assert!(reset.contains("新一次性密码"), "{reset}");
    program.check_ledger().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_house_comes_to_its_first_case_on_sqlite() {
    first_day(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_house_comes_to_its_first_case_on_postgresql() {
    first_day(Some(testing::postgres_url().await)).await;
}
