//! SMS against Kannel with an operator behind it, and its delivery reports back to our own routes.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    middleware::from_fn_with_state,
};
use tokio::{net::TcpListener, time::timeout};
use tower::ServiceExt;
use wuchuang_kernel::SeededRandomness;
use wuchuang_ledger::testing;
use wuchuang_messages::{MessagesSlice, Settings, model::DeliveryState};
use wuchuang_webkit::{
    Gate, Resource, SharedGate, Slice, Surroundings, Visitor, language::Texts, request::surround,
};

use crate::{
    house::House,
    peers::{Kannel, Peer},
};

const TOKEN: &str = "e1c7a9d40b5f4f0d9a3b6c8e2f705142";
/// How long reports may take from operator to us.
const PATIENCE: Duration = Duration::from_secs(30);

struct Nobody;

impl Gate for Nobody {
    fn allows(&self, _visitor: &Visitor, _action: &'static str, _resource: &Resource) -> bool {
        false
    }
}

fn router(house: &House, slice: &MessagesSlice) -> Router {
    let surroundings = Surroundings {
        region: house.region,
        site: Arc::new(house.site.clone()),
        texts: Arc::new(Texts::new().unwrap()),
        gate: SharedGate(Arc::new(Nobody)),
        clock: house.clock(),
        randomness: Arc::new(SeededRandomness::new(1)),
        navigation: Arc::new(|_| Vec::new()),
    };
    let (router, _, _) = slice.routes().into_parts();
    router.layer(from_fn_with_state(Arc::new(surroundings), surround))
}

fn settings(url: &str, port: u16, more: &str) -> Settings {
    toml::from_str(&format!(
        r#"
        [[sms]]
        kind = "kannel"
        name = "移动"
        url = "{url}"
        username = "county"
        password = "sendsms-password"
        token = "{TOKEN}"
        callback_origin = "http://127.0.0.1:{port}"
        {more}
        "#
    ))
    .unwrap()
}

/// Waits until the outbox is as expected; reports come from other programs at their own pace.
async fn until(house: &House, expected: &[DeliveryState]) {
    let wait = async {
        while house.states().await != expected {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let came = timeout(PATIENCE, wait).await.is_ok();
    assert!(came, "{:?} instead of {expected:?}", house.states().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn chinese_text_reaches_the_phone_and_the_report_reaches_us() {
    let mut operator = Peer::operator();
    let kannel = Kannel::start(operator.port().await).await;
    let house = House::on(testing::sqlite().await).await;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let slice = house.slice(&settings(&kannel.url, port, "[[sms]]\nkind = \"outbox\""));
    let served = tokio::spawn(axum::serve(listener, router(&house, &slice)).into_future());
    let runner = house.runner(&slice);

    house.tell(1, "13800138000", "").await;
    runner.run_until_idle().await.unwrap();
    let mut text = String::new();
    while !text.contains("/progress") {
        let told = operator.told().await;
        assert_eq!(told["to"], "13800138000");
        assert_eq!(told["coding"], 8, "UCS-2");
        text.push_str(told["text"].as_str().unwrap());
    }
    assert_eq!(
        text,
        "【紫阳政务】已收到“失业登记”申请，编号2026-1，查询码482913。查进度：https://zwfw.example.gov.cn/progress"
    );
    until(&house, &[DeliveryState::Delivered]).await;

    // A number that the operator cannot reach: the next gateway gets the message.
    house.tell(2, "13800138009", "").await;
    let failed_over = async {
        while house.states().await != [DeliveryState::Kept, DeliveryState::Delivered] {
            runner.run_until_idle().await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let came = timeout(PATIENCE, failed_over).await.is_ok();
    assert!(came, "{:?}", house.outbox().await);
    assert_eq!(house.outbox().await[0].gateway.as_deref(), Some("outbox"));

    served.abort();
    kannel.stop().await;
    operator.stop().await;
}

async fn report(router: &Router, address: &str) -> StatusCode {
    let request = Request::get(address).body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test]
async fn reports_are_idempotent_and_strangers_change_nothing() {
    for (engine, database) in testing::databases().await {
        let house = House::on(database).await;
        // Nobody listens there: the message waits.
        let slice = house.slice(&settings("http://127.0.0.1:9/cgi-bin/sendsms", 9, ""));
        let router = router(&house, &slice);
        house.tell(1, "13800138000", "").await;
        house.runner(&slice).run_due().await.unwrap();
        let row = house.outbox().await.remove(0);
        assert_eq!(
            row.last_error.as_deref(),
            Some("移动: Kannel cannot be reached"),
            "{engine}"
        );

        let of = |token: &str, message: &str, kind: &str| {
            format!("/callbacks/kannel/{token}?message={message}&kind={kind}")
        };
        let unknown = "0".repeat(32);
        assert_eq!(
            report(&router, &of("wrong", &row.id, "1")).await,
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            report(&router, &of(TOKEN, &unknown, "1")).await,
            StatusCode::OK
        );
        assert_eq!(
            report(&router, &of(TOKEN, &row.id, "77")).await,
            StatusCode::OK
        );
        assert_eq!(
            report(&router, &of(TOKEN, &row.id, "8")).await,
            StatusCode::OK
        );
        assert_eq!(house.states().await, [DeliveryState::Waiting], "{engine}");

        assert_eq!(
            report(&router, &of(TOKEN, &row.id, "2")).await,
            StatusCode::OK
        );
        assert_eq!(house.states().await, [DeliveryState::Failed], "{engine}");
        for kind in ["1", "1", "2", "16"] {
            assert_eq!(
                report(&router, &of(TOKEN, &row.id, kind)).await,
                StatusCode::OK
            );
            assert_eq!(
                house.states().await,
                [DeliveryState::Delivered],
                "{engine}: delivered is final"
            );
        }
    }
}
