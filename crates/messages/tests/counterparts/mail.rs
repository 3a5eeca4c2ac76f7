//! E-mail against a real mail server.

use std::{path::Path, process::Stdio};

use serde_json::json;
use tokio::process::Command;
use wuchuang_ledger::testing;
use wuchuang_messages::{Settings, model::DeliveryState};

use crate::{house::House, peers::Peer};

fn settings(port: u16, more: &str) -> Settings {
    toml::from_str(&format!(
        r#"
        [[email]]
        kind = "smtp"
        name = "邮局"
        host = "127.0.0.1"
        port = {port}
        from = "紫阳县政务服务中心 <noreply@zwfw.example.gov.cn>"
        {more}
        "#
    ))
    .unwrap()
}

#[tokio::test]
async fn a_letter_arrives_in_chinese_and_a_refused_address_is_shown() {
    let mut server = Peer::mail_server(None);
    let port = server.port().await;
    let house = House::on(testing::sqlite().await).await;
    let slice = house.slice(&settings(port, "security = \"none\""));
    let runner = house.runner(&slice);

    house.tell(1, "", "wang@example.com").await;
    runner.run_until_idle().await.unwrap();
    let told = server.told().await;
    assert_eq!(told["to"], json!(["wang@example.com"]));
    assert_eq!(told["subject"], "已收到您的申请：失业登记");
    assert_eq!(told["type"], "text/plain");
    assert_eq!(
        told["text"],
        "您的“失业登记”申请已收到，办件编号 2026-1，查询码 482913。我们会在 5 个工作日内告诉您是否受理；材料有问题会一次说清。凭编号和查询码可随时查进度：https://zwfw.example.gov.cn/progress"
    );
    let row = &house.outbox().await[0];
    assert_eq!(
        told["message_id"],
        format!("<{}@zwfw.example.gov.cn>", row.id)
    );
    assert_eq!(row.delivery_state(), DeliveryState::Sent);
    assert_eq!(row.reference.as_deref(), Some("250 taken"));

    house.tell(2, "", "nobody@example.com").await;
    runner.run_until_idle().await.unwrap();
    let row = &house.outbox().await[0];
    assert_eq!(row.delivery_state(), DeliveryState::Failed);
    let error = row.last_error.clone().unwrap();
    assert_eq!(error, "邮局: the mail server refuses the letter (550)");
    assert!(
        house
            .ledger
            .jobs_gave_up(house.region, 10)
            .await
            .unwrap()
            .is_empty()
    );
    server.stop().await;
}

async fn certificate(folder: &Path) {
    let status = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args(["-nodes", "-days", "3650", "-subj", "/CN=127.0.0.1"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(folder)
        .stderr(Stdio::null())
        .status()
        .await
        .unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn starttls_is_used_and_a_stranger_is_not_trusted() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path()).await;
    let [trusted, key] = ["certificate.pem", "key.pem"].map(|name| folder.path().join(name));
    let mut server = Peer::mail_server(Some((&trusted, &key)));
    let port = server.port().await;

    let house = House::on(testing::sqlite().await).await;
    let stranger = house.slice(&settings(port, ""));
    house.tell(1, "", "wang@example.com").await;
    house.runner(&stranger).run_due().await.unwrap();
    let row = &house.outbox().await[0];
    assert_eq!(
        row.delivery_state(),
        DeliveryState::Waiting,
        "it goes once the administrator has mended it"
    );

    let known = house.slice(&settings(port, &format!("certificate_file = {trusted:?}")));
    house.pass(&house.runner(&known), 1).await;
    assert_eq!(server.told().await["is_encrypted"], true);
    assert_eq!(house.states().await, [DeliveryState::Sent]);
    server.stop().await;
}
