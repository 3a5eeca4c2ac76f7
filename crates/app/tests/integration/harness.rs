//! A house in a temporary folder, with a clock that the test moves and randomness that repeats, and a
//! client that speaks HTTP to it without a socket.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use jiff::Timestamp;
use tempfile::TempDir;
use tower::ServiceExt;
use wuchuang_app::{Configuration, DataFolder, House, Parts};
use wuchuang_kernel::{
    OrganisationId, PersonId, PostId, Role, SeededRandomness, SessionId, TestClock,
};
use wuchuang_ledger::{Database, Job, JobContext, JobFailure, JobRunner, testing};
use wuchuang_webkit::{Citizen, Staff, Visitor};

/// A Monday morning in China, as fine as a machine's clock tells it: finer than records keep it.
const START: &str = "2026-11-23T01:00:00.123456789Z";
/// The largest answer a test reads.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A house and what keeps it alive.
pub(crate) struct TestHouse {
    pub(crate) house: House,
    pub(crate) clock: Arc<TestClock>,
    _folder: TempDir,
}

impl TestHouse {
    /// On SQLite.
    pub(crate) async fn sqlite() -> Self {
        Self::on(testing::sqlite().await).await
    }

    /// On PostgreSQL; fails with one sentence when no server is named.
    pub(crate) async fn postgres() -> Self {
        Self::on(testing::postgres().await).await
    }

    /// One on each engine.
    pub(crate) async fn both() -> [(&'static str, Self); 2] {
        [
            ("SQLite", Self::sqlite().await),
            ("PostgreSQL", Self::postgres().await),
        ]
    }

    async fn on(database: Database) -> Self {
        Self::configured(database, |_| {}).await
    }

    /// On a database, with a configuration of its own.
    pub(crate) async fn configured(
        database: Database,
        change: impl FnOnce(&mut Configuration),
    ) -> Self {
        let folder = TempDir::new().unwrap();
        let mut configuration = configuration(folder.path().join("data"));
        change(&mut configuration);
        let start: Timestamp = START.parse().unwrap();
        let clock = Arc::new(TestClock::at(start));
        let randomness = Arc::new(SeededRandomness::new(2026));
        let data = DataFolder::at(&configuration.data);
        data.initialise(&configuration.site, start, randomness.as_ref())
            .unwrap();
        let house = House::open(Parts {
            keys: data.keys().unwrap(),
            configuration,
            database,
            clock: clock.clone(),
            randomness,
            serves: true,
        })
        .await
        .unwrap();
        Self {
            house,
            clock,
            _folder: folder,
        }
    }

    /// Somebody who did not sign in.
    pub(crate) fn client(&self) -> Client {
        Client::of(self.house.router())
    }

    /// Somebody who is known without signing in.
    pub(crate) fn client_as(&self, visitor: Visitor) -> Client {
        Client::of(self.house.router_as(visitor))
    }

    /// Runs the jobs that are due.
    pub(crate) async fn run_jobs(&self) {
        self.house.job_runner().run_until_idle().await.unwrap();
    }

    /// Runs the jobs that are due, but draws no papers: setting type takes seconds in a test.
    pub(crate) async fn run_jobs_without_papers(&self) {
        let jobs = self.house.jobs().into_iter();
        let jobs = jobs
            .map(|job| match job.name() {
                "case_notice" | "licence_document" => {
                    Arc::new(Unprinted(job.name())) as Arc<dyn Job>
                }
                _ => job,
            })
            .collect();
        JobRunner::new(self.house.ledger().clone(), jobs)
            .run_until_idle()
            .await
            .unwrap();
    }

    /// That nothing on the ledger was touched and every table is what a replay gives.
    pub(crate) async fn check_ledger(&self, place: &str) {
        let (ledger, region) = (self.house.ledger(), self.house.configuration().site.region);
        let verified = ledger.verify(region).await.unwrap();
        assert!(
            verified.findings.is_empty(),
            "{place}: {:?}",
            verified.findings
        );
        let replayed = ledger.replay(region, false).await.unwrap();
        let told: Vec<String> = replayed
            .differences
            .iter()
            .map(|found| {
                let row: String = found.row.chars().take(400).collect();
                format!("{} live={} {row}", found.table, found.is_live)
            })
            .collect();
        assert!(told.is_empty(), "{place}:\n{}", told.join("\n"));
    }
}

/// Stands for a job that draws a paper.
struct Unprinted(&'static str);

#[async_trait]
impl Job for Unprinted {
    fn name(&self) -> &'static str {
        self.0
    }

    async fn run(
        &self,
        _input: serde_json::Value,
        _context: &JobContext,
    ) -> Result<(), JobFailure> {
        Ok(())
    }
}

/// The demonstration county in a folder.
pub(crate) fn configuration(data: PathBuf) -> Configuration {
    Configuration::demonstration(data, ([127, 0, 0, 1], 8080).into())
}

/// A member of staff with one role.
pub(crate) fn staff(role: Role) -> Visitor {
    Visitor::Staff(Staff {
        person: PersonId::from_u128(7),
        session: SessionId::from_u128(7),
        name: "测试员".to_owned(),
        post: PostId::from_u128(7),
        post_title: role.name().to_owned(),
        organisation: OrganisationId::from_u128(7),
        organisation_name: "测试局".to_owned(),
        reach: "610924".parse().unwrap(),
        roles: vec![role],
    })
}

/// A citizen.
pub(crate) fn citizen() -> Visitor {
    Visitor::Citizen(Citizen {
        person: PersonId::from_u128(8),
        session: SessionId::from_u128(8),
        name: String::new(),
        phone: "13800000000".to_owned(),
    })
}

/// Every kind of visitor with its word in `routes.txt`.
pub(crate) fn visitors() -> Vec<(&'static str, Visitor)> {
    let mut all = vec![("anonymous", Visitor::Anonymous), ("citizen", citizen())];
    all.extend(Role::ALL.map(|role| (role.code(), staff(role))));
    all
}

/// A browser without JavaScript: keeps cookies, follows what it is told to follow.
pub(crate) struct Client {
    router: Router,
    cookies: BTreeMap<String, String>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The answer as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

impl Client {
    fn of(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(request(Method::GET, path).body(Body::empty()).unwrap())
            .await
    }

    /// Sends a form.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        let request = request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")))
            .unwrap();
        self.send(request).await
    }

    /// Sends JSON.
    pub(crate) async fn post_json(&mut self, path: &str, body: &serde_json::Value) -> Answer {
        self.command(path, "", body).await
    }

    /// Sends JSON under an idempotency key; an empty one is not sent.
    pub(crate) async fn command(
        &mut self,
        path: &str,
        key: &str,
        body: &serde_json::Value,
    ) -> Answer {
        let mut builder =
            request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        if !key.is_empty() {
            builder = builder.header("idempotency-key", key);
        }
        self.send(builder.body(Body::from(body.to_string())).unwrap())
            .await
    }

    /// Sends one file as a browser does.
    pub(crate) async fn upload(&mut self, path: &str, name: &str, content: &[u8]) -> Answer {
        let request = request(Method::POST, path)
            .header(header::CONTENT_TYPE, MULTIPART)
            .body(Body::from(multipart(name, content)))
            .unwrap();
        self.send(request).await
    }

    /// Sends the fields of a form that may bring files, without any.
    pub(crate) async fn press(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let parts = fields.iter().map(|(name, value)| {
            format!("--wuchuang-test\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        });
        let body: String = parts.chain(["--wuchuang-test--\r\n".to_owned()]).collect();
        let request = request(Method::POST, path)
            .header(header::CONTENT_TYPE, MULTIPART)
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// Goes where an answer leads.
    pub(crate) async fn follow(&mut self, answer: &Answer) -> Answer {
        assert!(
            answer.status.is_redirection(),
            "{} {}",
            answer.status,
            answer.text()
        );
        let path = answer.header("location").to_owned();
        self.get(&path).await
    }

    /// Sends a request with the cookies of this browser.
    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Answer {
        if !self.cookies.is_empty() {
            let line: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request
                .headers_mut()
                .insert(header::COOKIE, line.join("; ").parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for value in parts.headers.get_all(header::SET_COOKIE) {
            let pair = value.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, ANSWER_BYTES_MAX).await.unwrap(),
        }
    }
}

/// The kind of a body that [`multipart`] makes.
pub(crate) const MULTIPART: &str = "multipart/form-data; boundary=wuchuang-test";

/// The body of a form with one file in the field `file`.
pub(crate) fn multipart(name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--wuchuang-test\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    );
    [head.as_bytes(), content, b"\r\n--wuchuang-test--\r\n"].concat()
}

/// A request as a browser of this house makes it.
pub(crate) fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1:8080")
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
