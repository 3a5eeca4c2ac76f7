//! Who may use which route: every route of the house against every kind of visitor, compared with a
//! committed table, and asked once more over HTTP.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use expect_test::expect_file;
use wuchuang_kernel::ApiTokenId;
use wuchuang_webkit::{Gate, Program, Resource, RouteSpec, Rule, Visitor};

use crate::harness::{Answer, TestHouse, request, visitors};

/// Who the policies let use a rule, in the words of the table.
fn allowed(gate: &dyn Gate, rule: Rule) -> Vec<&'static str> {
    visitors()
        .iter()
        .filter(|(_, visitor)| may(gate, rule, visitor))
        .map(|(name, _)| *name)
        .collect()
}

fn may(gate: &dyn Gate, rule: Rule, visitor: &Visitor) -> bool {
    match rule {
        Rule::Public => true,
        Rule::Act(action) => gate.allows(visitor, action, &Resource::default()),
    }
}

#[tokio::test]
async fn every_route_has_its_visitors() {
    let test = TestHouse::sqlite().await;
    let gate = test.house.gate();
    let mut lines = BTreeSet::new();
    let mut faults = Vec::new();
    for spec in test.house.routes() {
        let RouteSpec { method, path, rule } = spec;
        let Rule::Act(action) = rule else {
            lines.insert(format!("{path} {method}: open to everyone"));
            continue;
        };
        let who = allowed(gate, *rule);
        if who.is_empty() {
            faults.push(format!(
                "{method} {path}: nobody may {action}; is it in a policy?"
            ));
        }
        if who.len() == visitors().len() {
            faults.push(format!(
                "{method} {path}: everybody may {action}; then it is Rule::Public"
            ));
        }
        lines.insert(format!("{path} {method}: {action}: {}", who.join(" ")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let table = lines.into_iter().collect::<Vec<_>>().join("\n") + "\n";
    expect_file!["routes.txt"].assert_eq(&table);
}

/// Whoever gives an action to a program reads what it is called, in Chinese and in English.
#[tokio::test]
async fn every_action_is_called_by_words() {
    let test = TestHouse::sqlite().await;
    let gate = test.house.gate();
    let english = include_str!("../../../access/locales/en.po");
    let (mut faults, mut seen) = (Vec::new(), BTreeSet::new());
    for action in gate.actions() {
        let words = gate.words(&action);
        if words == action || words.is_ascii() {
            faults.push(format!("{action} has no words"));
        }
        if !seen.insert(words.to_owned()) {
            faults.push(format!("{action}: another action is called {words} too"));
        }
        if !english.contains(&format!("msgid \"{words}\"")) {
            faults.push(format!("{action}: {words} is not said in English"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A program may do what its token names and its owner may do, and nothing else.
#[tokio::test]
async fn a_token_opens_what_it_names_and_no_more() {
    let test = TestHouse::sqlite().await;
    let gate = test.house.gate();
    for spec in test.house.routes() {
        let Rule::Act(action) = spec.rule else {
            continue;
        };
        for (name, visitor) in visitors() {
            let Visitor::Staff(owner) = visitor.clone() else {
                continue;
            };
            let program = |scopes: &[&str]| {
                Visitor::Program(Program {
                    token: ApiTokenId::from_u128(7),
                    staff: Box::new(owner.clone()),
                    scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                })
            };
            let of_owner = may(gate, spec.rule, &visitor);
            let named = may(gate, spec.rule, &program(&[action]));
            assert!(
                !named || of_owner || action == "rating_submit",
                "{name} {action}"
            );
            for scopes in [&[][..], &["something_else"]] {
                let unnamed = may(gate, spec.rule, &program(scopes));
                assert!(!unnamed, "{name} {action} with {scopes:?}");
            }
        }
    }
}

/// Whether an answer turns the visitor away.
fn is_refusal(answer: &Answer) -> bool {
    let to_login =
        answer.status == StatusCode::SEE_OTHER && answer.header("location").contains("login?back=");
    to_login
        || matches!(
            answer.status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
        )
}

/// A path with something in each of its places that is there for nobody.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| {
            if part.starts_with('{') {
                "00000000000000000000000000000001"
            } else {
                part
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test]
async fn whoever_the_policies_refuse_is_refused_over_http_and_nobody_breaks_a_page() {
    let test = TestHouse::sqlite().await;
    let mut faults = Vec::new();
    for (name, visitor) in visitors() {
        let mut client = test.client_as(visitor.clone());
        for spec in test.house.routes() {
            let may = may(test.house.gate(), spec.rule, &visitor);
            let kind = if spec.path.starts_with("/api/") {
                "application/json"
            } else {
                "application/x-www-form-urlencoded"
            };
            let builder = request(spec.method.clone(), &filled(&spec.path));
            let body = if spec.method == Method::GET { "" } else { "{}" };
            let sent = builder
                .header(header::CONTENT_TYPE, kind)
                .body(Body::from(body))
                .unwrap();
            let answer = client.send(sent).await;
            let is_broken = answer.status.is_server_error() && spec.path != "/health/ready";
            if is_broken || (!may && !is_refusal(&answer)) {
                faults.push(format!(
                    "{} {} as {name}: {}",
                    spec.method, spec.path, answer.status
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
