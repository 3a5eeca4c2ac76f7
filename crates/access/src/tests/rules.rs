//! The pure rules of people and organisations, as tables.

use std::{collections::BTreeSet, fmt::Write as _};

use expect_test::{Expect, expect};
use jiff::Timestamp;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{
    Actor, ActorKind, Channel, OrganisationId, PersonId, PostId, Role, StreamId,
};
use wuchuang_ledger::{Context, Stream};

use super::region;
use crate::model::{
    citizen::{CitizenCommand, CitizenCorrection, CitizenStream},
    organisation::{
        OrganisationCommand, OrganisationDetails, OrganisationKind, OrganisationStream,
    },
    staff::{PostDetails, StaffCommand, StaffStream},
};

/// Runs commands one after the other and writes down the events or the refusal of each.
fn run<S: Stream>(actor: &Actor, commands: &[S::Command], expected: Expect) {
    let now: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    let calendar = Calendar::weekdays_only();
    let context = Context {
        region: region(),
        stream: StreamId::from_u128(1),
        now,
        actor,
        channel: Channel::Office,
        calendar: &calendar,
        number: None,
    };
    let mut state = S::State::default();
    let mut lines = String::new();
    for command in commands {
        match S::decide(&state, command, &context) {
            Ok(events) => {
                for event in &events {
                    S::apply(&mut state, event, now);
                }
                let words: Vec<String> = events.iter().map(|event| format!("{event:?}")).collect();
                lines.push_str(format!("ok {}", words.join(", ")).trim_end());
                lines.push('\n');
            }
            Err(rejection) => {
                let field = rejection.field.unwrap_or_default();
                writeln!(lines, "{} [{field}] {}", rejection.code, rejection.public).unwrap();
            }
        }
    }
    expected.assert_eq(&lines);
}

fn details(short_code: &str, credit_code: &str) -> OrganisationDetails {
    OrganisationDetails {
        name: "民政局".into(),
        short_code: short_code.into(),
        kind: OrganisationKind::Department,
        credit_code: credit_code.into(),
        place: region(),
        parent: None,
        phone: String::new(),
        address: String::new(),
    }
}

#[test]
fn the_life_of_an_organisation() {
    let elsewhere = OrganisationDetails {
        place: "430682".parse().unwrap(),
        ..details("MZJU", "")
    };
    let own_parent = OrganisationDetails {
        parent: Some(OrganisationId::from_u128(1)),
        ..details("MZJU", "")
    };
    run::<OrganisationStream>(
        &Actor::SYSTEM,
        &[
            OrganisationCommand::Change(details("MZJU", "")),
            OrganisationCommand::Found(details("mz", "")),
            OrganisationCommand::Found(details("MZJU", "123")),
            OrganisationCommand::Found(elsewhere),
            OrganisationCommand::Found(own_parent),
            OrganisationCommand::Found(details("MZJU", "")),
            OrganisationCommand::Change(details("MZJU", "")),
            OrganisationCommand::Close { reason: " ".into() },
            OrganisationCommand::Close {
                reason: "机构改革".into(),
            },
            OrganisationCommand::Close {
                reason: "机构改革".into(),
            },
            OrganisationCommand::Reopen,
        ],
        expect![[r#"
            organisation_unknown [] 没有这个机构，请先登记。
            short_code_form [short_code] 机构简码要正好4位，只用大写字母和数字，它会写进办件编号。
            credit_code [credit_code] 统一社会信用代码应是18位，现在是3位。请对照营业执照或法人证书上的18位代码重新填写。
            place_outside [place] 服务区域要在本县范围内，请重新选择。
            parent_self [parent] 上级机构不能是它自己，请重新选择。
            ok Founded(OrganisationDetails { name: "民政局", short_code: "MZJU", kind: Department, credit_code: "", place: Region(610924), parent: None, phone: "", address: "" })
            ok
            text_missing [reason] 请填写停用原因。
            ok Closed { reason: "机构改革" }
            organisation_closed [] 这个机构已经停用。
            ok Reopened
        "#]],
    );
}

fn post(roles: &[Role]) -> PostDetails {
    PostDetails {
        organisation: OrganisationId::from_u128(1),
        title: "窗口".into(),
        roles: roles.iter().copied().collect::<BTreeSet<_>>(),
        reach: region(),
    }
}

fn give(id: u128, roles: &[Role]) -> StaffCommand {
    StaffCommand::GivePost {
        post: PostId::from_u128(id),
        details: post(roles),
    }
}

#[test]
fn the_life_of_an_account() {
    let register = |account: &str, phone: &str| StaffCommand::Register {
        account: account.into(),
        name: "张伟".into(),
        phone: phone.into(),
    };
    run::<StaffStream>(
        &Actor::SYSTEM,
        &[
            give(1, &[Role::Reviewer]),
            register("Zhang", ""),
            register("zhang", "12"),
            register("zhang", ""),
            register("zhang", ""),
            give(1, &[]),
            give(1, &[Role::SystemAdministrator]),
            give(2, &[Role::AuditAdministrator]),
            give(2, &[Role::SystemAdministrator, Role::SecurityAdministrator]),
            StaffCommand::EndPost {
                post: PostId::from_u128(1),
            },
            StaffCommand::EndPost {
                post: PostId::from_u128(1),
            },
            give(2, &[Role::AuditAdministrator]),
            StaffCommand::Deactivate {
                reason: "调离".into(),
            },
            StaffCommand::Reactivate,
        ],
        expect![[r#"
            staff_unknown [] 没有这个工作人员，请先登记。
            account_form [account] 账号名要3到32位，以小写字母开头，只用小写字母、数字和 . _ -。
            phone_form [phone] 这不是国内的手机号或座机号。请填11位手机号，或带区号的座机号，如“0915-4421234”。
            ok Registered { account: "zhang", name: Personal(…), phone: Personal(…) }
            account_taken [account] 这个账号名已经有人使用，请换一个。
            roles_missing [roles] 请至少选择一项权限。
            ok PostGiven { post: PostId(00000000000000000000000000000001), details: PostDetails { organisation: OrganisationId(00000000000000000000000000000001), title: "窗口", roles: {SystemAdministrator}, reach: Region(610924) }, from: 2026-11-23 }
            administrators_apart [roles] 系统管理、安全管理、审计管理要由三个人分别担任，同一个人只能有其中一项。
            administrators_apart [roles] 系统管理、安全管理、审计管理要由三个人分别担任，同一个人只能有其中一项。
            ok PostEnded { post: PostId(00000000000000000000000000000001), until: 2026-11-23 }
            post_unknown [] 这个岗位已经结束，请刷新页面。
            ok PostGiven { post: PostId(00000000000000000000000000000002), details: PostDetails { organisation: OrganisationId(00000000000000000000000000000001), title: "窗口", roles: {AuditAdministrator}, reach: Region(610924) }, from: 2026-11-23 }
            ok Deactivated { reason: "调离" }
            ok Reactivated
        "#]],
    );
}

#[test]
fn nobody_gives_posts_to_themself() {
    let own = Actor {
        person: Some(PersonId::from_u128(1)),
        program: None,
        kind: ActorKind::Staff {
            post: PostId::from_u128(1),
            organisation: OrganisationId::from_u128(1),
        },
    };
    run::<StaffStream>(
        &own,
        &[
            StaffCommand::Register {
                account: "zhang".into(),
                name: "张伟".into(),
                phone: String::new(),
            },
            give(1, &[Role::SecurityAdministrator]),
            StaffCommand::Deactivate {
                reason: "试试".into(),
            },
        ],
        expect![[r#"
            ok Registered { account: "zhang", name: Personal(…), phone: Personal(…) }
            own_account [] 不能更改自己的岗位和权限，请另一位管理员来操作。
            own_account [] 不能更改自己的岗位和权限，请另一位管理员来操作。
        "#]],
    );
}

#[test]
fn the_life_of_a_citizens_record() {
    let correct = |name: &str, phone: &str, reason: &str| {
        CitizenCommand::Correct(CitizenCorrection {
            name: name.into(),
            number: String::new(),
            phone: phone.into(),
            reason: reason.into(),
        })
    };
    let complete = |number: &str| CitizenCommand::Complete {
        name: "王小明".into(),
        number: number.into(),
    };
    run::<CitizenStream>(
        &Actor::citizen(None),
        &[
            complete("11010519491231002X"),
            CitizenCommand::ProvePhone {
                phone: "13800138000".into(),
            },
            CitizenCommand::ProvePhone {
                phone: "13800138000".into(),
            },
            complete("110105194912310021"),
            complete("11010519491231002x"),
            complete("440524188001010014"),
            CitizenCommand::Join {
                into: PersonId::from_u128(2),
            },
            correct("", "", "换了手机号"),
            correct("王小明", "13800138000", ""),
            correct("王小明", "13800138000", "换了手机号"),
            correct("王晓明", "13800138000", "姓名登记时写错一字"),
            correct("王晓明", "1380013", "换了手机号"),
            correct("王晓明", "13900139000", "换了手机号"),
        ],
        expect![[r#"
            citizen_unknown [] 请先登录，再填写个人信息。
            ok PhoneProved { phone: Personal(…) }
            ok
            citizen_number [number] 身份证号码里有抄错的地方：第18位校验码和前面的对不上。请对照身份证，从左到右逐位核对后重新填写。
            ok Completed { name: Personal(…), number: Personal(…) }
            number_fixed [number] 身份证号登记后不能自己更改。如果填错了，请带身份证到任一窗口更正。
            citizen_complete [] 这份资料已有身份证号，不能并入另一份。
            text_missing [name] 请填写姓名。
            text_missing [reason] 请填写更正的理由。
            nothing_corrected [name] 与现在的登记相同，没有要更正的内容。
            ok CorrectedV2 { name: Personal(…), number: Personal(…), phone: Personal(…), reason: Personal(…) }
            phone_form [phone] 电话号码应是11位，现在是7位。请填11位手机号，或带区号的座机号，如“0915-4421234”。
            ok CorrectedV2 { name: Personal(…), number: Personal(…), phone: Personal(…), reason: Personal(…) }
        "#]],
    );
}
