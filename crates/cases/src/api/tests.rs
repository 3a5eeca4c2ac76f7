//! That every route of the API names an action that the policies know, and what is masked.

use std::collections::BTreeSet;

use wuchuang_access::CedarGate;
use wuchuang_kernel::{CaseId, OrganisationId, PersonId, PostId, Region, Role, SessionId};
use wuchuang_webkit::{Citizen, Gate, Resource, Rule, Staff, Visitor};

use super::{
    routes,
    views::{Sight, case_view},
};
use crate::{
    model::tests::bench::{APPLICANT, Bench, DEPARTMENT, OTHER_DEPARTMENT},
    testing::houses,
};

fn gate() -> CedarGate {
    // Two pages of this slice stand beside an item and are asked for by the actions of items.
    CedarGate::new(&[
        ("cases", include_str!("../policies.cedar")),
        ("catalogue", wuchuang_catalogue::POLICIES),
    ])
    .unwrap()
}

fn staff(organisation: OrganisationId, role: Role) -> Visitor {
    let region: Region = "610924".parse().unwrap();
    Visitor::Staff(Staff {
        person: PersonId::from_u128(1),
        session: SessionId::from_u128(1),
        name: "陈丽".to_owned(),
        post: PostId::from_u128(1),
        post_title: "综合窗口".to_owned(),
        organisation,
        organisation_name: "紫阳县行政审批服务局".to_owned(),
        reach: region,
        roles: vec![role],
    })
}

fn citizen(person: PersonId) -> Visitor {
    Visitor::Citizen(Citizen {
        person,
        session: SessionId::from_u128(1),
        name: String::new(),
        phone: String::new(),
    })
}

fn case_of(kind: &'static str, organisation: OrganisationId) -> Resource {
    Resource {
        kind,
        id: CaseId::from_u128(1).to_string(),
        organisation: Some(organisation),
        owner: Some(APPLICANT),
    }
}

#[tokio::test]
async fn every_route_names_an_action_of_the_policies() {
    let known = gate().actions();
    let houses = houses().await;
    let all = routes()
        .and(crate::notices::routes())
        .and(crate::pages::routes())
        .with_state(houses[0].rooms.clone());
    let (_, _, specs) = all.into_parts();
    let named: BTreeSet<String> = specs
        .into_iter()
        .filter_map(|spec| match spec.rule {
            Rule::Act(action) => Some(action.to_owned()),
            Rule::Public => None,
        })
        .collect();
    assert!(named.is_subset(&known), "{:?}", named.difference(&known));
}

#[test]
fn who_may_do_what_with_a_case() {
    let gate = gate();
    let clerk = staff(DEPARTMENT, Role::CounterClerk);
    let reviewer = staff(DEPARTMENT, Role::Reviewer);
    let approver = staff(DEPARTMENT, Role::Approver);
    let supervisor = staff(OTHER_DEPARTMENT, Role::Supervisor);
    let (owner, stranger) = (citizen(APPLICANT), citizen(PersonId::from_u128(9)));
    let (here, there) = (
        case_of("case", DEPARTMENT),
        case_of("case", OTHER_DEPARTMENT),
    );
    let at_counter = case_of("case_at_counter", OTHER_DEPARTMENT);
    let handled = case_of("case_handled_here", OTHER_DEPARTMENT);
    let task_here = case_of("case_task_here", OTHER_DEPARTMENT);
    for (visitor, action, resource, expected) in [
        (&clerk, "case_accept", &here, true),
        (&clerk, "case_accept", &there, false),
        (&clerk, "case_accept", &at_counter, true),
        (&clerk, "case_deliver", &at_counter, true),
        (&clerk, "case_decide", &here, false),
        (&clerk, "case_follow", &handled, true),
        (&clerk, "case_follow", &there, false),
        (&clerk, "case_open", &handled, false),
        (&clerk, "case_reveal", &handled, false),
        (&reviewer, "case_follow", &handled, false),
        (&clerk, "case_submit", &Resource::default(), true),
        (&reviewer, "case_review", &here, true),
        (&reviewer, "case_review", &there, false),
        (&reviewer, "case_review", &at_counter, false),
        (&reviewer, "case_decide", &here, false),
        (&reviewer, "case_open", &task_here, true),
        (&reviewer, "case_review", &task_here, true),
        (&approver, "case_decide", &task_here, false),
        (&approver, "case_reassign", &task_here, false),
        (&clerk, "case_open", &task_here, false),
        (&approver, "case_decide", &here, true),
        (&approver, "case_decide", &there, false),
        (&approver, "case_deliver", &here, false),
        (&supervisor, "case_read", &there, true),
        (&supervisor, "case_reveal", &here, true),
        (&supervisor, "case_accept", &here, false),
        (&supervisor, "case_decide", &there, false),
        (&owner, "case_read", &there, true),
        (&owner, "case_document_read", &here, true),
        (&owner, "case_withdraw", &here, true),
        (&owner, "case_accept", &here, false),
        (&owner, "case_reveal", &here, false),
        (&owner, "case_list", &Resource::default(), false),
        (&stranger, "case_read", &here, false),
        (&stranger, "case_withdraw", &here, false),
        (&stranger, "case_say", &here, false),
        (&stranger, "case_submit", &Resource::default(), true),
        (&Visitor::Anonymous, "case_read", &here, false),
        (
            &Visitor::Anonymous,
            "case_submit",
            &Resource::default(),
            false,
        ),
    ] {
        assert_eq!(
            gate.allows(visitor, action, resource),
            expected,
            "{visitor:?} {action} {}",
            resource.kind
        );
    }
}

#[test]
fn a_masked_case_tells_nothing_that_belongs_to_the_applicant() {
    let bench = Bench::received();
    let id = CaseId::from_u128(1);
    let masked = serde_json::to_string(&case_view(id, bench.case(), Sight::Masked, false)).unwrap();
    for secret in [
        "王小明",
        "61092419900101002X",
        "13891500000",
        "126号",
        "兴盛餐饮店",
        "扫描件",
        "7K3M9Q",
        "李四",
    ] {
        assert!(!masked.contains(secret), "{secret} shows in {masked}");
    }
    let full = serde_json::to_string(&case_view(id, bench.case(), Sight::Full, true)).unwrap();
    for shown in [
        "王小明",
        "61092419900101002X",
        "13891500000",
        "兴盛餐饮店",
        "7K3M9Q",
    ] {
        assert!(full.contains(shown), "{shown} is missing");
    }
}
