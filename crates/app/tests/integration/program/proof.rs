//! `wuchuang verify --proof` and `wuchuang key rotate`, as an administrator types them.

use serde_json::Value;

use super::{Client, Program};

/// The proof of a new case, as soon as a checkpoint covers it.
async fn proof(program: &Program, client: &Client) -> Value {
    let body = program.county.instant_application(1);
    let received = client.command("/api/v1/cases", "one", &body).await.unwrap();
    assert_eq!(received.status, 201, "{received:?}");
    let case = received.body["case"].as_str().unwrap();
    client
        .get(&format!("/api/v1/cases/{case}/proof"))
        .await
        .unwrap()
        .body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_single_proof_is_checked_without_database_and_server() {
    let mut program = Program::install(None).await;
    program.start().await;
    let client = program.sign_in("clerk").await;
    let first = proof(&program, &client).await;
    // Stopping signs a checkpoint over everything.
    program.stop().await;
    program.start().await;
    let client = program.sign_in("clerk").await;
    let mut proof = proof(&program, &client).await;
    assert_eq!(proof["seq"], first["seq"], "the same key is the same case");
    assert!(proof["inclusion"].is_object(), "{proof}");
    program.kill().await;

    let folder = program.folder.path();
    let (good, bad, key) = (
        folder.join("good.json"),
        folder.join("bad.json"),
        folder.join("key.pem"),
    );
    std::fs::write(&good, proof.to_string()).unwrap();
    std::fs::write(&key, proof["public_key"].as_str().unwrap()).unwrap();
    proof["seq"] = (proof["seq"].as_i64().unwrap() + 1).into();
    std::fs::write(&bad, proof.to_string()).unwrap();
    let (good, bad, key) = (
        good.to_str().unwrap(),
        bad.to_str().unwrap(),
        key.to_str().unwrap(),
    );
    let (holds, text) = program.run(&["verify", "--proof", good]).await;
    assert!(holds && text.starts_with("证明成立"), "{text}");
    let (holds, text) = program
        .run(&["verify", "--proof", good, "--key", key])
        .await;
    assert!(holds && text.starts_with("证明成立"), "{text}");
    let (holds, text) = program.run(&["verify", "--proof", bad]).await;
    assert!(!holds && text.starts_with("证明不成立"), "{text}");
    let (holds, text) = program.run(&["verify", "--proof", key]).await;
    assert!(!holds && text.contains("没有完整的证明"), "{text}");

    let (is_rotated, text) = program.run(&["key", "rotate"]).await;
    assert!(is_rotated && text.contains("仍受信任"), "{text}");
    program.start().await;
    program.kill().await;
    // The ledger's own key is another one: proofs hold as before.
    let (holds, text) = program.run(&["verify", "--proof", good]).await;
    assert!(holds, "{text}");
}
