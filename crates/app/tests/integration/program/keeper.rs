//! What the keeper of an installation types beside `verify` and `init`: the yearly notice, a legal hold, a deletion, the
//! export; and what the program writes down meanwhile, which must name nobody.

use serde_json::{Value, json};

use super::Program;

/// What a case tells about its applicant.
const NAME: &str = "王小明";
const ADDRESS: &str = "三组12号";

const NOTICE: &str =
    "2027-01-01~2027-01-03 休 元旦\n2027-02-05~2027-02-11 休 春节\n2027-01-30 班 春节\n";

/// Lets the program write one JSON line for each request.
fn talkative(program: &Program) {
    let file = program.folder.path().join("wuchuang.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text
        .replace("format = \"pretty\"", "format = \"json\"")
        .replace("filter = \"warn\"", "filter = \"info\"");
    assert!(text.contains("json") && text.contains("info"), "{text}");
    std::fs::write(file, text).unwrap();
}

/// Every line is JSON, the requests are among them, and none holds what belongs to a person.
fn check_log(program: &Program, personal: &[&str]) {
    let log = std::fs::read_to_string(program.log()).unwrap();
    let mut requests = 0;
    for line in log.lines() {
        let read: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        requests += usize::from(read.to_string().contains("/api/v1/applicants/search"));
        for word in personal {
            assert!(!line.contains(word), "{word} stands in the log: {line}");
        }
    }
    assert!(requests > 0, "no request is in the log:\n{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keeper_imports_holds_deletes_and_exports_and_the_log_names_nobody() {
    let mut program = Program::install(None).await;
    talkative(&program);
    program.start().await;
    let clerk = program.sign_in("clerk").await;
    let body = program.county.instant_application(1);
    let received = clerk.command("/api/v1/cases", "one", &body).await.unwrap();
    assert_eq!(received.status, 201, "{received:?}");
    let number = body["applicant"]["number"].as_str().unwrap();
    let phone = body["applicant"]["phone"].as_str().unwrap();
    // Somebody types a name where it goes into the address, and a program sends a body that does not read.
    clerk.get(&format!("/guides?q={NAME}")).await.unwrap();
    let wrong = json!({"applicant": {"name": NAME, "number": number}, "item": 7});
    let refused = clerk.command("/api/v1/cases", "two", &wrong).await.unwrap();
    assert_eq!(refused.status, 422, "{refused:?}");
    let search = json!({"number": number});
    let path = "/api/v1/applicants/search";
    let found = clerk.command(path, "three", &search).await.unwrap();
    let person = found.body["person"]
        .as_str()
        .expect("registered")
        .to_owned();
    program.stop().await;
    check_log(&program, &[NAME, number, phone, ADDRESS]);

    let folder = program.folder.path().to_owned();
    let (notice, out) = (folder.join("2027.txt"), folder.join("ledger.jsonl"));
    std::fs::write(&notice, NOTICE).unwrap();
    let (notice, out) = (notice.to_str().unwrap(), out.to_str().unwrap());
    let import = ["import-calendar", notice, "--year", "2027"];
    let told = program.succeed(&import).await;
    assert!(told.contains("2027年放假安排已导入"), "{told}");
    let (is_done, told) = program.run(&import).await;
    assert!(!is_done, "the same notice twice: {told}");

    let hold = [
        "hold",
        "--person",
        &person,
        "--reason",
        "(2026)陕0924行初12号案件证据",
    ];
    let forget = [
        "forget",
        "--person",
        &person,
        "--reason",
        "本人2026年11月20日书面申请",
    ];
    program.succeed(&hold).await;
    let (is_done, told) = program.run(&forget).await;
    assert!(!is_done && told.contains("依法保留中"), "{told}");
    program.succeed(&[&hold[..], &["--lift"]].concat()).await;
    let told = program.succeed(&forget).await;
    assert!(told.contains("已删除这个人的个人信息"), "{told}");
    let nobody = "0".repeat(32);
    let unknown = ["forget", "--person", &nobody, "--reason", forget[4]];
    let (is_done, told) = program.run(&unknown).await;
    assert!(!is_done && told.contains("没有这个编号的人"), "{told}");
    let unread = ["forget", "--person", "王小明", "--reason", forget[4]];
    let (is_done, told) = program.run(&unread).await;
    assert!(!is_done && told.contains("32 个十六进制数字"), "{told}");

    let told = program.succeed(&["export", "--out", out]).await;
    assert!(told.contains("已导出"), "{told}");
    let exported = std::fs::read_to_string(out).unwrap();
    let kinds: Vec<Value> = exported
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(kinds.iter().any(|line| line["stream_kind"] == "case"));
    for word in [NAME, number, phone, ADDRESS] {
        assert!(!exported.contains(word), "{word} is readable in the export");
    }
    let (is_done, told) = program.run(&["export", "--out", out]).await;
    assert!(!is_done && told.contains("文件已存在"), "{told}");
    // Every hash still verifies, and the tables without the person follow from the ledger.
    program.check_ledger().await;
}
