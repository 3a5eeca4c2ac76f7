//! The gate's decisions, as a table.

use std::fmt::Write as _;

use expect_test::expect;
use wuchuang_kernel::{ApiTokenId, OrganisationId, PersonId, PostId, Role, SessionId};
use wuchuang_webkit::{Citizen, Program, Resource, Staff, Visitor};

use super::region;
use crate::{CedarGate, POLICIES};

fn staff(role: Role) -> Staff {
    Staff {
        person: PersonId::from_u128(1),
        session: SessionId::from_u128(1),
        name: "张伟".into(),
        post: PostId::from_u128(1),
        post_title: "岗位".into(),
        organisation: OrganisationId::from_u128(1),
        organisation_name: "机构".into(),
        reach: region(),
        roles: vec![role],
    }
}

#[test]
fn who_may_do_what() {
    let gate = CedarGate::new(&[("access", POLICIES)]).unwrap();
    let citizen = Visitor::Citizen(Citizen {
        person: PersonId::from_u128(2),
        session: SessionId::from_u128(2),
        name: String::new(),
        phone: String::new(),
    });
    let mut visitors = vec![
        ("anonymous".to_owned(), Visitor::Anonymous),
        ("citizen".to_owned(), citizen),
    ];
    for role in Role::ALL {
        visitors.push((role.code().to_owned(), Visitor::Staff(staff(role))));
    }
    let mut table = String::new();
    for action in gate.actions() {
        let allowed: Vec<&str> = visitors
            .iter()
            .filter(|(_, visitor)| gate.allows_named(visitor, &action, &Resource::default()))
            .map(|(name, _)| name.as_str())
            .collect();
        writeln!(table, "{action}: {}", allowed.join(" ")).unwrap();
    }
    expect![[r#"
        citizen_area: citizen
        log_read: supervisor audit_administrator
        me_read: citizen counter_clerk reviewer approver supervisor catalogue_manager system_administrator security_administrator audit_administrator
        people_manage: system_administrator
        people_read: supervisor system_administrator security_administrator audit_administrator
        privacy_manage: security_administrator
        privacy_read: security_administrator audit_administrator
        roles_manage: security_administrator
        staff_home: counter_clerk reviewer approver supervisor catalogue_manager system_administrator security_administrator audit_administrator
        token_give: security_administrator
        token_manage: system_administrator security_administrator
    "#]].assert_eq(&table);
}

#[test]
fn a_program_may_do_what_its_scopes_and_its_owner_may() {
    let gate = CedarGate::new(&[("access", POLICIES)]).unwrap();
    let program = |role, scope: &str| {
        Visitor::Program(Program {
            token: ApiTokenId::from_u128(1),
            staff: Box::new(staff(role)),
            scopes: vec![scope.to_owned()],
        })
    };
    let all = Resource::default();
    let may = |visitor: &Visitor, action| gate.allows_named(visitor, action, &all);
    assert!(may(
        &program(Role::Supervisor, "people_read"),
        "people_read"
    ));
    assert!(!may(&program(Role::Supervisor, "me_read"), "people_read"));
    assert!(!may(&program(Role::Reviewer, "people_read"), "people_read"));
    assert!(!may(
        &program(Role::SystemAdministrator, "staff_home"),
        "staff_home"
    ));
    assert!(!may(
        &Visitor::Staff(staff(Role::Supervisor)),
        "no_such_action"
    ));
}

#[test]
fn only_the_security_administrator_touches_the_tokens_of_others() {
    let gate = CedarGate::new(&[("access", POLICIES)]).unwrap();
    let others = crate::rooms::owned_by("api_token", PersonId::from_u128(9));
    let own = crate::rooms::owned_by("api_token", PersonId::from_u128(1));
    let system = Visitor::Staff(staff(Role::SystemAdministrator));
    let security = Visitor::Staff(staff(Role::SecurityAdministrator));
    assert!(gate.allows_named(&system, "token_manage", &own));
    assert!(!gate.allows_named(&system, "token_manage", &others));
    assert!(gate.allows_named(&security, "token_manage", &others));
}

#[test]
fn wrong_policies_are_refused_at_start() {
    let check = |text: &str| CedarGate::new(&[("x", text)]).unwrap_err().to_string();
    let no_action = check("permit (principal, action, resource);");
    assert_eq!(no_action, "the policy x#1 names no action");
    let misspelt = check(
        r#"permit (principal, action == Action::"a", resource) when { principal.rolls.contains("x") };"#,
    );
    assert!(misspelt.contains("rolls"), "{misspelt}");
    let unreadable = check("permit principal;");
    assert!(
        unreadable.starts_with("the policies of x do not read"),
        "{unreadable}"
    );
}
