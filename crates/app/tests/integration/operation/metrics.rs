//! What Prometheus reads, read by a small reader of the text exposition format 0.0.4: every line parses, every sample
//! belongs to a family of a known kind, every histogram adds up, and no label holds an address with its values.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, StatusCode},
};
use wuchuang_kernel::Role;

use crate::harness::{TestHouse, request, staff};

/// One line that is no comment.
#[derive(Debug)]
struct Sample {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

/// A page of samples with the kind of each family.
#[derive(Debug, Default)]
struct Page {
    kinds: BTreeMap<String, String>,
    samples: Vec<Sample>,
}

fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || "_:".contains(first))
        && characters.all(|each| each.is_ascii_alphanumeric() || "_:".contains(each))
}

/// Reads `name{label="value",…} figure`.
fn sample(line: &str) -> Option<Sample> {
    let end = line.find(['{', ' '])?;
    let (name, mut rest) = line.split_at(end);
    let mut labels = BTreeMap::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = inner;
        while !rest.starts_with('}') {
            let (label, after) = rest.split_once("=\"")?;
            let mut value = String::new();
            let mut characters = after.char_indices();
            let close = loop {
                match characters.next()? {
                    (at, '"') => break at,
                    (_, '\\') => match characters.next()?.1 {
                        'n' => value.push('\n'),
                        escaped @ ('\\' | '"') => value.push(escaped),
                        _ => return None,
                    },
                    (_, each) => value.push(each),
                }
            };
            if !is_name(label) || labels.insert(label.to_owned(), value).is_some() {
                return None;
            }
            rest = after.get(close + 1..)?;
            rest = rest.strip_prefix(',').unwrap_or(rest);
        }
        rest = rest.strip_prefix('}')?;
    }
    let value = match rest.trim() {
        "+Inf" => f64::INFINITY,
        "-Inf" => f64::NEG_INFINITY,
        figure => figure.parse().ok()?,
    };
    is_name(name).then(|| Sample {
        name: name.to_owned(),
        labels,
        value,
    })
}

fn read(text: &str) -> Page {
    assert!(text.ends_with('\n'), "the last line ends too");
    let mut page = Page::default();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(comment) = line.strip_prefix("# TYPE ") {
            let (name, kind) = comment.split_once(' ').expect("a name and a kind");
            assert!(
                ["counter", "gauge", "histogram", "summary", "untyped"].contains(&kind),
                "{line}"
            );
            let before = page.kinds.insert(name.to_owned(), kind.to_owned());
            assert!(before.is_none(), "a family is told once: {line}");
        } else if !line.starts_with('#') {
            page.samples
                .push(sample(line).unwrap_or_else(|| panic!("does not read: {line}")));
        }
    }
    page
}

/// The family of a sample: a histogram's samples have endings.
fn family<'a>(page: &Page, name: &'a str) -> &'a str {
    ["_bucket", "_sum", "_count"]
        .into_iter()
        .filter_map(|ending| name.strip_suffix(ending))
        .find(|stem| {
            page.kinds
                .get(*stem)
                .is_some_and(|kind| kind == "histogram")
        })
        .unwrap_or(name)
}

fn check_histogram(page: &Page, name: &str) {
    let mut series: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for each in &page.samples {
        if each.name != format!("{name}_bucket") {
            continue;
        }
        let mut labels = each.labels.clone();
        let bound = match labels.remove("le").expect("a bucket has a bound").as_str() {
            "+Inf" => f64::INFINITY,
            bound => bound.parse().expect("a bound is a figure"),
        };
        let of = series.entry(format!("{labels:?}")).or_default();
        of.push((bound, each.value));
    }
    assert!(!series.is_empty(), "{name} has buckets");
    for (labels, buckets) in series {
        let mut sorted = buckets.clone();
        sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
        assert!(
            sorted.windows(2).all(|pair| pair[0].1 <= pair[1].1),
            "{name}{labels} does not add up: {sorted:?}"
        );
        let last = sorted.last().expect("it has one");
        assert!(last.0.is_infinite(), "{name}{labels} has a last bucket");
        let count = page
            .samples
            .iter()
            .find(|each| {
                each.name == format!("{name}_count") && format!("{:?}", each.labels) == labels
            })
            .expect("a histogram has a count");
        assert!(
            (count.value - last.1).abs() < 0.5,
            "{name}{labels}: {} is not {}",
            count.value,
            last.1
        );
    }
}

#[tokio::test]
async fn prometheus_can_read_it_and_learns_nothing_about_people() {
    for (engine, test) in TestHouse::both().await {
        let mut clerk = test.client_as(staff(Role::CounterClerk));
        clerk.get("/staff/counter").await;
        clerk
            .post("/staff/search", &[("q", "11010519491231002X")])
            .await;
        clerk.get("/no/such/11010519491231002X").await;
        let own: SocketAddr = ([127, 0, 0, 1], 4_000).into();
        let mut asked = request(Method::GET, "/metrics")
            .body(Body::empty())
            .unwrap();
        asked.extensions_mut().insert(ConnectInfo(own));
        let answer = test.client().send(asked).await;
        assert_eq!(answer.status, StatusCode::OK, "{engine}");
        assert_eq!(
            answer.header("content-type"),
            "text/plain; version=0.0.4; charset=utf-8"
        );
        let text = answer.text();
        assert!(!text.contains("11010519491231002X"), "{engine}: {text}");
        let page = read(&text);
        for (name, kind) in [
            ("wuchuang_http_requests_total", "counter"),
            ("wuchuang_http_request_seconds", "histogram"),
            ("wuchuang_jobs_waiting", "gauge"),
            ("wuchuang_jobs_gave_up", "gauge"),
        ] {
            assert_eq!(
                page.kinds.get(name).map(String::as_str),
                Some(kind),
                "{engine}: {name}"
            );
        }
        for each in &page.samples {
            let of = family(&page, &each.name);
            assert!(
                page.kinds.contains_key(of),
                "{engine}: {each:?} has no kind"
            );
            assert!(each.value >= 0.0, "{engine}: {each:?}");
        }
        let routes = |path: &str| {
            page.samples
                .iter()
                .any(|each| each.labels.get("route").is_some_and(|route| route == path))
        };
        assert!(routes("/staff/counter") && routes("none"), "{engine}");
        check_histogram(&page, "wuchuang_http_request_seconds");
    }
}

#[test]
fn the_reader_refuses_what_prometheus_refuses() {
    for wrong in [
        "9name 1",
        "name",
        "name{label=\"open} 1",
        "name{label=value} 1",
        "name{a=\"1\",a=\"2\"} 1",
        "name one",
    ] {
        assert!(sample(wrong).is_none(), "{wrong}");
    }
    let read = sample(r#"name{path="a\\b\"c",code="200"} 1.5"#).expect("this one reads");
    assert_eq!(read.labels["path"], r#"a\b"c"#);
    assert!((read.value - 1.5).abs() < f64::EPSILON);
}
