//! The real program on a disk that takes nothing more: a limit on file sizes is put on the running process
//! and taken off again, which works for every user and on every file system.

use super::Program;

impl Program {
    /// Limits how large files may become, in bytes; none means without limit.
    async fn limit_files(&self, bytes: Option<u64>) {
        let limit = bytes.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
        // Only the soft limit, so that it can be taken off without being root.
        let status = tokio::process::Command::new("prlimit")
            .args(["--pid", &self.process().to_string()])
            .arg(format!("--fsize={limit}:"))
            .status()
            .await
            .expect("prlimit belongs to util-linux, which every Linux has");
        assert!(status.success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_on_a_full_disk_reads_on_and_recovers_by_itself() {
    let mut program = Program::install(None).await;
    program.start().await;
    let clerk = program.sign_in("clerk").await;
    let mut cases = Vec::new();
    let submit = async |key: &str, serial: u32| {
        let body = program.county.instant_application(serial);
        clerk.command("/api/v1/cases", key, &body).await.unwrap()
    };
    let first = submit("before", 1).await;
    assert_eq!(first.status, 201, "{first:?}");
    cases.push(first.body["case"].as_str().unwrap().to_owned());

    program.limit_files(Some(0)).await;
    // Several, because the first failure may leave the connection in another state than the second.
    for serial in 2..6 {
        let refused = submit(&format!("full-{serial}"), serial).await;
        assert_eq!(refused.status, 503, "{refused:?}");
        assert_eq!(refused.body["code"], "unavailable");
        let words = refused.body["detail"].as_str().unwrap();
        assert!(words.contains("没有写入"), "{words}");
    }
    for path in [
        "/",
        "/guides",
        "/staff/cases",
        "/api/v1/cases",
        &format!("/api/v1/cases/{}", cases[0]),
    ] {
        let read = clerk.get(path).await.unwrap();
        assert_eq!(read.status, 200, "{path} {read:?}");
    }
    let health = clerk.get("/health/ready").await.unwrap();
    assert_eq!(health.status, 503, "{health:?}");

    program.limit_files(None).await;
    for serial in 2..6 {
        let taken = submit(&format!("full-{serial}"), serial).await;
        assert_eq!(taken.status, 201, "{taken:?}");
        cases.push(taken.body["case"].as_str().unwrap().to_owned());
    }
    // What was acknowledged after the recovery is as safe as what was before.
    program.kill().await;
    program.start().await;
    for case in &cases {
        let path = format!("/api/v1/cases/{case}");
        let read = clerk.get(&path).await.unwrap();
        assert_eq!(read.status, 200, "{case} {read:?}");
    }
    program.kill().await;
    program.check_ledger().await;
}
