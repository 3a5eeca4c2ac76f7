//! What those who run the program watch: one log line and one count for every request, the health of
//! the house, and its metrics. Nothing here holds a path with its values, a query or a body.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
};

use axum::{
    Json,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq;
use wuchuang_administration::Seal;
use wuchuang_kernel::{Clock, Randomness};
use wuchuang_ledger::storage::Connection;
use wuchuang_ledger::{Ledger, StorageError, storage::list};
use wuchuang_webkit::{Failure, assets, guard::MetRoute};

use crate::{configuration::Secret, data_folder::DataFolder};

const REQUEST_ID: &str = "x-request-id";
/// How long a request's name may be when a proxy gives it.
const REQUEST_ID_LENGTH_MAX: usize = 64;

/// Upper bounds of the request times that are counted apart, in seconds; the budget of a request is 50 ms.
const SECONDS: [f64; 11] = [
    0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0,
];

const REQUESTS: &str = "wuchuang_http_requests_total";
const REQUEST_SECONDS: &str = "wuchuang_http_request_seconds";
const JOBS_WAITING: &str = "wuchuang_jobs_waiting";
const JOBS_GAVE_UP: &str = "wuchuang_jobs_gave_up";
const LEDGER_RECORDS: &str = "wuchuang_ledger_records";
const SEAL_ENDS: &str = "wuchuang_seal_certificate_end_seconds";

/// What the watching layers need.
#[derive(Clone)]
pub(crate) struct Watch {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<dyn Randomness>,
}

/// Names the request, if its proxy did not, and says the name in the answer, so that a person can tell
/// it on the telephone and the log line is found.
pub(super) async fn name_request(
    State(watch): State<Watch>,
    mut request: Request,
    next: Next,
) -> Response {
    let given = request
        .headers()
        .get(REQUEST_ID)
        .filter(|name| is_plain(name))
        .cloned();
    let name = given.unwrap_or_else(|| {
        HeaderValue::from_str(&watch.randomness.token(8))
            .expect("hexadecimal digits are a header value")
    });
    request.headers_mut().insert(REQUEST_ID, name.clone());
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, name);
    response
}

fn is_plain(name: &HeaderValue) -> bool {
    let bytes = name.as_bytes();
    (1..=REQUEST_ID_LENGTH_MAX).contains(&bytes.len())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// Writes one log line for a request and counts it.
pub(super) async fn record(
    State(watch): State<Watch>,
    mut request: Request,
    next: Next,
) -> Response {
    let begun = watch.clock.now();
    let method = request.method().clone();
    let met = MetRoute::default();
    request.extensions_mut().insert(met.clone());
    let name = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|name| name.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let response = next.run(request).await;
    let took = watch.clock.now().duration_since(begun);
    let status = response.status().as_u16();
    let route = met.pattern();
    let labels = [
        ("method", method.to_string()),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    metrics::counter!(REQUESTS, &labels).increment(1);
    metrics::histogram!(REQUEST_SECONDS, "route" => route.to_owned()).record(took.as_secs_f64());
    tracing::info!(
        http.method = %method,
        http.route = %route,
        http.status = status,
        milliseconds = u64::try_from(took.as_millis()).unwrap_or(0),
        request.id = %name,
        "request"
    );
    response
}

/// The one recorder of the process.
fn recorder() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(REQUEST_SECONDS.to_owned()), &SECONDS)
            .expect("the list of bounds is not empty");
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        // A recorder that another part of the process installed before keeps counting for it.
        drop(metrics::set_global_recorder(recorder));
        metrics::describe_counter!(REQUESTS, "Requests by method, route and status.");
        metrics::describe_histogram!(REQUEST_SECONDS, "How long requests took, by route.");
        metrics::describe_gauge!(JOBS_WAITING, "Jobs that wait to be run.");
        metrics::describe_gauge!(
            JOBS_GAVE_UP,
            "Jobs that gave up and wait for an administrator."
        );
        metrics::describe_gauge!(LEDGER_RECORDS, "Records on the ledger, by region.");
        metrics::describe_gauge!(
            SEAL_ENDS,
            "When the certificate ends with which papers are sealed, in seconds since 1970 UTC."
        );
        handle
    })
}

/// What health and metrics look at.
#[derive(Clone)]
pub(crate) struct Checks {
    pub(crate) ledger: Ledger,
    pub(crate) folder: DataFolder,
    pub(crate) metrics_token: Option<Secret>,
    pub(crate) seal: Seal,
}

impl Checks {
    pub(crate) fn new(
        ledger: Ledger,
        folder: DataFolder,
        metrics_token: Option<Secret>,
        seal: Seal,
    ) -> Self {
        recorder();
        Self {
            ledger,
            folder,
            metrics_token,
            seal,
        }
    }
}

/// The process answers; nothing more is asked.
pub(crate) async fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "live" }))
}

/// Whether the house can serve: the database answers, the pages have their styles, the disk takes files.
pub(crate) async fn ready(State(checks): State<Checks>) -> Response {
    let database = checks
        .ledger
        .database()
        .read()
        .run_text("SELECT 1")
        .await
        .is_ok();
    let name = checks.ledger.randomness().token(4);
    let folder = checks.folder.clone();
    let disk = tokio::task::spawn_blocking(move || folder.is_writable(&name))
        .await
        .unwrap_or(false);
    let assets = assets::are_built();
    let is_ready = database && disk && assets;
    let status = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let words = |good: bool| if good { "ok" } else { "failed" };
    let body = json!({
        "status": if is_ready { "ready" } else { "not ready" },
        "checks": { "database": words(database), "disk": words(disk), "assets": words(assets) },
    });
    (status, Json(body)).into_response()
}

/// The metrics for Prometheus: for this machine itself, and for whoever has the token. A request that
/// a proxy passed on does not count as this machine's own.
pub(crate) async fn metrics_page(
    State(checks): State<Checks>,
    request: Request,
) -> Result<Response, Failure> {
    let address = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0);
    if !may_read(&checks, address, request.headers()) {
        return Err(Failure::new(
            StatusCode::FORBIDDEN,
            "metrics_closed",
            "运行指标只对本机开放。要从别的机器读取，请在配置里设置 metrics.token，并以 Authorization: Bearer 口令 访问。",
        ));
    }
    measure(&checks.ledger).await?;
    metrics::gauge!(SEAL_ENDS).set(figure(checks.seal.until().as_second()));
    let text = recorder().render();
    let kind = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    Ok((kind, text).into_response())
}

fn may_read(checks: &Checks, address: Option<SocketAddr>, headers: &HeaderMap) -> bool {
    let is_passed_on = ["x-forwarded-for", "forwarded", "x-real-ip"]
        .iter()
        .any(|name| headers.contains_key(*name));
    let is_own = address.is_some_and(|address| address.ip().is_loopback()) && !is_passed_on;
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let has_token = checks
        .metrics_token
        .as_ref()
        .is_some_and(|token| bool::from(token.reveal().as_bytes().ct_eq(given.as_bytes())));
    is_own || has_token
}

/// Reads the gauges when they are asked for.
async fn measure(ledger: &Ledger) -> Result<(), StorageError> {
    #[derive(Deserialize)]
    struct Head {
        region: String,
        seq: i64,
    }
    #[derive(Deserialize)]
    struct Count {
        count: i64,
    }
    let read = ledger.database().read();
    let heads: Vec<Head> = list(
        read,
        "SELECT region, seq FROM chain ORDER BY region LIMIT 4000",
        [],
    )
    .await?;
    for head in heads {
        metrics::gauge!(LEDGER_RECORDS, "region" => head.region).set(figure(head.seq));
    }
    let gave_up: Vec<Count> = list(
        read,
        "SELECT COUNT(*) AS count FROM job WHERE gave_up = TRUE",
        [],
    )
    .await?;
    metrics::gauge!(JOBS_GAVE_UP).set(gave_up.first().map_or(0.0, |row| figure(row.count)));
    metrics::gauge!(JOBS_WAITING).set(figure(ledger.jobs_waiting().await?));
    Ok(())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a gauge is a float; counts stay far below 2^52"
)]
const fn figure(count: i64) -> f64 {
    count as f64
}
