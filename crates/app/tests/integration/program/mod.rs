//! The real program in a process of its own, with its own data folder and port: what can be killed, starved
//! of disk and asked to verify itself. Everything else of this binary runs the house in this process.

mod branches;
mod disk;
mod first_day;
mod keeper;
mod kill;
mod load;
mod parts;
mod proof;

use std::{fs::File, net::TcpListener, path::PathBuf, process::Stdio, sync::Arc};

use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};
use wuchuang_app::{Configuration, DataFolder, House, Parts};
use wuchuang_kernel::{Clock, SystemClock, SystemRandomness};
use wuchuang_ledger::Database;

use crate::{
    county::County,
    harness::{MULTIPART, configuration, multipart},
};

/// What the program prints once it listens.
const LISTENS: &str = "五窗已启动";

/// The program with its folder; it is killed when this is dropped.
pub(crate) struct Program {
    folder: TempDir,
    database: String,
    listen: std::net::SocketAddr,
    child: Option<(Child, Lines<BufReader<ChildStdout>>)>,
    pub(crate) county: County,
}

impl Program {
    /// A new installation with a small county in it. `database` is an address; without one it is the file
    /// in the data folder.
    pub(crate) async fn install(database: Option<String>) -> Self {
        let mut program = Self::bare(database);
        let text = std::fs::read_to_string(program.folder.path().join("wuchuang.toml")).unwrap();
        let configuration = Configuration::read(&text, []).unwrap();
        program.county = settle(
            program.folder.path().join("data"),
            configuration.database_url.reveal(),
        )
        .await;
        program
    }

    /// A configuration and nothing else: what the package leaves behind.
    pub(crate) fn bare(database: Option<String>) -> Self {
        let folder = TempDir::new().unwrap();
        // The port is free at this moment; whoever takes it meanwhile is met by a failing start.
        let listen = {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap()
        };
        let data = folder.path().join("data");
        let database = database
            .unwrap_or_else(|| format!("sqlite:{}?mode=rwc", data.join("wuchuang.db").display()));
        let text = format!(
            "listen = \"{listen}\"\npublic_url = \"http://{listen}\"\ndata = \"{}\"\n[database]\nurl = \"{database}\"\n[site]\ncounty_name = \"紫阳县\"\noperator = \"紫阳县政务服务中心\"\ntelephone = \"12345\"\nregion = \"610924\"\n[log]\nformat = \"pretty\"\nfilter = \"warn\"\n",
            data.display()
        );
        std::fs::write(folder.path().join("wuchuang.toml"), text).unwrap();
        Self {
            folder,
            database,
            listen,
            child: None,
            county: County::unsettled(),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let program = std::env::var("WUCHUANG_PROGRAM")
            .unwrap_or_else(|_| env!("CARGO_BIN_EXE_wuchuang").to_owned());
        // A full disk answers; a file limit, which stands for one here, would end the program by SIGXFSZ.
        let mut command = Command::new("sh");
        command
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", &program])
            .arg("--config")
            .arg(self.folder.path().join("wuchuang.toml"))
            .args(arguments)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// The end of what it logged.
    pub(crate) fn said(&self) -> String {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// Starts it and waits until it listens.
    pub(crate) async fn start(&mut self) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log())
            .unwrap();
        let mut child = self
            .command(&["serve"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        loop {
            match lines.next_line().await.unwrap() {
                Some(line) if line.contains(LISTENS) => break,
                Some(_) => {}
                None => panic!(
                    "the program ended: {}",
                    std::fs::read_to_string(self.log()).unwrap()
                ),
            }
        }
        self.child = Some((child, lines));
        let ready = self.client("").get("/health/ready").await.unwrap();
        assert_eq!(ready.body["checks"]["database"], "ok", "{}", ready.body);
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    pub(crate) async fn kill(&mut self) {
        let (mut child, _) = self.child.take().expect("it runs");
        child.start_kill().unwrap();
        child.wait().await.unwrap();
    }

    /// Its database, beside it.
    async fn database(&self) -> Database {
        Database::open(&self.database).await.unwrap()
    }

    /// How many PDFs its file store holds.
    fn stored_pdfs(&self) -> i64 {
        fn count(folder: &std::path::Path) -> i64 {
            let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
            entries
                .map(|entry| {
                    if entry.file_type().unwrap().is_dir() {
                        return count(&entry.path());
                    }
                    i64::from(std::fs::read(entry.path()).unwrap().starts_with(b"%PDF"))
                })
                .sum()
        }
        count(&self.folder.path().join("data").join("files"))
    }

    /// SIGTERM: it finishes what it does, signs a checkpoint and ends.
    pub(crate) async fn stop(&mut self) {
        let process = self.process().to_string();
        let asked = Command::new("kill").arg(&process).status().await.unwrap();
        assert!(asked.success());
        let (mut child, _lines) = self.child.take().expect("it runs");
        child.wait().await.unwrap();
    }

    /// The process.
    fn process(&self) -> u32 {
        let (child, _) = self.child.as_ref().expect("it runs");
        child.id().expect("it was not waited for")
    }

    /// Runs a command of the program to its end; it must succeed.
    pub(crate) async fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().await.unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{arguments:?}: {text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        text
    }

    /// Runs a command of the program to its end: whether it succeeded, and what it said.
    async fn run(&self, arguments: &[&str]) -> (bool, String) {
        let output = self.command(arguments).output().await.unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    }

    /// Verifies the ledger and replays it.
    pub(crate) async fn check_ledger(&self) {
        let verified = self.succeed(&["verify"]).await;
        assert!(verified.contains("全部相符"), "{verified}");
        let replayed = self.succeed(&["replay"]).await;
        assert!(replayed.contains("完全一致"), "{replayed}");
    }

    /// Speaks to the program with the session of a cookie.
    pub(crate) fn client(&self, cookie: &str) -> Client {
        Client {
            inner: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            origin: format!("http://{}", self.listen),
            cookie: cookie.to_owned(),
        }
    }

    /// Signs a member of staff in.
    pub(crate) async fn sign_in(&self, account: &str) -> Client {
        let mut client = self.client("");
        let form = format!(
            "account={account}&password={}",
            wuchuang_access::demo::PASSWORD
        );
        let answer = client
            .inner
            .post(format!("{}/staff/login", client.origin))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .unwrap();
        let cookie = answer.headers().get("set-cookie").expect("a session");
        let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
        cookie.clone_into(&mut client.cookie);
        client
    }
}

/// Makes keys, schema and county, and lets go of all of it.
async fn settle(data: PathBuf, database: &str) -> County {
    let configuration = configuration(data);
    let folder = DataFolder::at(&configuration.data);
    let randomness = Arc::new(SystemRandomness);
    let clock = Arc::new(SystemClock);
    folder
        .initialise(&configuration.site, clock.now(), randomness.as_ref())
        .unwrap();
    let database = Database::open(database).await.unwrap();
    let house = House::open(Parts {
        keys: folder.keys().unwrap(),
        configuration,
        database: database.clone(),
        clock,
        randomness,
        serves: false,
    })
    .await
    .unwrap();
    let county = County::settle(&house).await;
    drop(house);
    database.close().await.unwrap();
    county
}

/// Speaks HTTP to the program as one member of staff.
#[derive(Clone)]
pub(crate) struct Client {
    inner: reqwest::Client,
    origin: String,
    cookie: String,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Client {
    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
        let answer = request.header("cookie", &self.cookie).send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Answer { status, body })
    }

    /// Reads an address.
    pub(crate) async fn get(&self, path: &str) -> Result<Answer, reqwest::Error> {
        self.send(self.inner.get(format!("{}{path}", self.origin)))
            .await
    }

    /// Sends a command under a key.
    pub(crate) async fn command(
        &self,
        path: &str,
        key: &str,
        body: &Value,
    ) -> Result<Answer, reqwest::Error> {
        let request = self.inner.post(format!("{}{path}", self.origin)).json(body);
        self.send(request.header("idempotency-key", key)).await
    }

    /// Uploads a file.
    pub(crate) async fn upload(
        &self,
        name: &str,
        content: &[u8],
    ) -> Result<Answer, reqwest::Error> {
        let request = self
            .inner
            .post(format!("{}/api/v1/files", self.origin))
            .header("content-type", MULTIPART)
            .body(multipart(name, content));
        self.send(request).await
    }
}
