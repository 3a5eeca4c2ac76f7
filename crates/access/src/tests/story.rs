//! Stories on both engines: the demonstration's people, citizens, sessions, factors, codes, tokens.

use axum::http::{HeaderMap, HeaderValue, header};
use jiff::SignedDuration;
use wuchuang_codes::{CitizenNumber, PhoneNumber};
use wuchuang_kernel::{Actor, Channel, Clock, PersonId, Role};
use wuchuang_webkit::Visitor;

use super::{House, houses, region};
use crate::{
    CitizenDetails, StaffFilter, demo,
    secrets::{Proved, totp},
    session::{Holder, Stage},
    sign_in::codes::{Issued, Tried},
    tokens::NewToken,
};

const DIVISIONS: &str =
    "code,name\n610924,紫阳县\n610924100,城关镇\n610924100001,东城门社区居委会\n";

async fn seeded(house: &House) -> Vec<demo::DemoAccount> {
    let departments = [demo::DEPARTMENT.to_owned(), "民政局".to_owned()];
    demo::seed(&house.access, DIVISIONS, &departments)
        .await
        .unwrap()
}

async fn person(house: &House, account: &str) -> PersonId {
    let directory = house.access.directory();
    let entry = directory.staff_by_account(region(), account).await.unwrap();
    entry.unwrap().person
}

fn headers(cookie: &HeaderValue) -> HeaderMap {
    let text = cookie.to_str().unwrap();
    let pair = text.split(';').next().unwrap();
    HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(pair).unwrap())])
}

#[tokio::test]
async fn the_demonstration_is_made_once_and_its_tables_follow_from_the_ledger() {
    for house in houses().await {
        let first = seeded(&house).await;
        assert_eq!(first.len(), Role::ALL.len(), "{}", house.engine);
        assert_eq!(seeded(&house).await, first, "{}", house.engine);
        let directory = house.access.directory();
        let all = directory.organisations(region()).await.unwrap();
        let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(
            names,
            [
                demo::CENTRE,
                "民政局",
                demo::DEPARTMENT,
                "城关镇便民服务中心",
                "东城门社区居委会便民服务站",
            ],
            "{}",
            house.engine
        );
        let department = demo::organisation_id(region(), demo::DEPARTMENT);
        let approvers = directory
            .staff_of(region(), department, Some(Role::Approver))
            .await
            .unwrap();
        let accounts: Vec<&str> = approvers
            .iter()
            .map(|entry| entry.account.as_str())
            .collect();
        assert_eq!(accounts, ["approver", "rsju-approve"], "{}", house.engine);
        let villages = directory
            .regions_children(region(), "610924100")
            .await
            .unwrap();
        assert_eq!(villages.len(), 1, "{}", house.engine);
        let county = directory.regions_children(region(), "").await.unwrap();
        assert_eq!(county[0].name, "紫阳县", "{}", house.engine);
        let report = house.ledger.replay(region(), false).await.unwrap();
        assert!(
            report.differences.is_empty(),
            "{}: {:?}",
            house.engine,
            report.differences
        );
    }
}

#[tokio::test]
async fn a_search_takes_no_letter_for_a_wildcard() {
    for house in houses().await {
        seeded(&house).await;
        let directory = house.access.directory();
        for (text, expected) in [
            ("rsju-", 4),
            ("%", 0),
            ("_", 0),
            ("RSJU", 4),
            ("' OR 1=1", 0),
        ] {
            let filter = StaffFilter {
                text: text.into(),
                limit: 100,
                ..StaffFilter::default()
            };
            let found = directory.staff_list(region(), &filter).await.unwrap();
            assert_eq!(found.len(), expected, "{} {text}", house.engine);
        }
    }
}

#[tokio::test]
async fn a_citizen_is_one_person_by_number_and_can_be_forgotten() {
    for house in houses().await {
        let directory = house.access.directory();
        let number = CitizenNumber::parse("11010519491231002X").unwrap();
        let details = CitizenDetails {
            name: "王小明",
            number: &number,
            phone: "13800138000",
        };
        let register =
            || directory.citizen_register(region(), Actor::SYSTEM, Channel::Counter, &details);
        let (first, second) = tokio::join!(register(), register());
        let person = first.unwrap();
        assert_eq!(second.unwrap(), person, "{}", house.engine);
        let found = directory
            .citizen_find_by_number(region(), &number)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((found.person, found.name.as_str()), (person, "王小明"));
        house.ledger.forget(region(), person).await.unwrap();
        assert_eq!(
            directory
                .citizen_find_by_number(region(), &number)
                .await
                .unwrap(),
            None
        );
        let empty = directory.citizen(region(), person).await.unwrap().unwrap();
        assert_eq!(empty.name, "", "{}", house.engine);
        // Who comes back is a new person.
        let again = register().await.unwrap();
        assert_ne!(again, person, "{}", house.engine);
        let report = house.ledger.replay(region(), false).await.unwrap();
        assert!(
            report.differences.is_empty(),
            "{}: {:?}",
            house.engine,
            report.differences
        );
    }
}

#[tokio::test]
async fn sessions_end_by_idling_by_age_and_by_signing_out() {
    for house in houses().await {
        seeded(&house).await;
        let person = person(&house, "clerk").await;
        let sessions = house.access.sessions();
        let begin = || sessions.begin(region(), Holder::Staff(person, None), Stage::Full);
        let cookie = begin().await.unwrap();
        let is_known = async |cookie: &HeaderValue| {
            let found = sessions.find(region(), &headers(cookie)).await.unwrap();
            found.is_some_and(|found| matches!(found.visitor, Visitor::Staff(_)))
        };
        assert!(is_known(&cookie).await, "{}", house.engine);
        for _ in 0..3 {
            house.clock.advance(SignedDuration::from_mins(50));
            assert!(is_known(&cookie).await, "{}", house.engine);
        }
        house.clock.advance(SignedDuration::from_mins(61));
        assert!(!is_known(&cookie).await, "{}", house.engine);
        let aged = begin().await.unwrap();
        for _ in 0..28 {
            house.clock.advance(SignedDuration::from_mins(50));
            assert!(is_known(&aged).await, "{}", house.engine);
        }
        house.clock.advance(SignedDuration::from_mins(50));
        assert!(!is_known(&aged).await, "{}", house.engine);
        assert_eq!(
            sessions.sweep(region()).await.unwrap(),
            2,
            "{}",
            house.engine
        );
        let ended = begin().await.unwrap();
        assert!(is_known(&ended).await, "{}", house.engine);
        sessions.end_all(region(), person).await.unwrap();
        assert!(!is_known(&ended).await, "{}", house.engine);
        let half = sessions
            .begin(region(), Holder::Staff(person, None), Stage::Factor)
            .await;
        assert!(!is_known(&half.unwrap()).await, "{}", house.engine);
    }
}

#[tokio::test]
async fn passwords_and_second_factors_count_once() {
    for house in houses().await {
        seeded(&house).await;
        let person = person(&house, "system").await;
        let secrets = &house.access.rooms.secrets;
        let prove = |password| secrets.prove(region(), Some(person), password);
        assert_eq!(prove("wrong-password").await.unwrap(), None);
        let proved = prove(demo::PASSWORD).await.unwrap();
        assert_eq!(
            proved,
            Some(Proved {
                must_change: false,
                has_factor: false
            })
        );
        let secret = secrets
            .begin_factor(region(), person)
            .await
            .unwrap()
            .unwrap();
        let bytes = totp_rs::Secret::try_from_base32(&secret).unwrap();
        let code = || {
            let seconds = u64::try_from(house.clock.now().as_second()).unwrap();
            totp(bytes.as_ref().to_vec())
                .unwrap()
                .generate(seconds)
                .to_string()
        };
        assert_eq!(
            secrets
                .confirm_factor(region(), person, "000000")
                .await
                .unwrap(),
            None
        );
        let recovery = secrets
            .confirm_factor(region(), person, &code())
            .await
            .unwrap()
            .unwrap();
        // The code that turned it on is used up.
        assert!(!secrets.use_factor(region(), person, &code()).await.unwrap());
        house.clock.advance(SignedDuration::from_secs(31));
        assert!(
            secrets.use_factor(region(), person, &code()).await.unwrap(),
            "{}",
            house.engine
        );
        assert!(!secrets.use_factor(region(), person, &code()).await.unwrap());
        assert!(
            secrets
                .use_factor(region(), person, &recovery[0])
                .await
                .unwrap()
        );
        assert!(
            !secrets
                .use_factor(region(), person, &recovery[0])
                .await
                .unwrap()
        );
        let proved = prove(demo::PASSWORD).await.unwrap();
        assert_eq!(
            proved,
            Some(Proved {
                must_change: false,
                has_factor: true
            })
        );
        secrets.remove_factor(region(), person).await.unwrap();
        assert!(
            !secrets.has_factor(region(), person).await.unwrap(),
            "{}",
            house.engine
        );
    }
}

#[tokio::test]
async fn a_clock_set_back_makes_nobody_wait_longer_for_a_code() {
    for house in houses().await {
        let codes = &house.access.rooms.codes;
        let phone = PhoneNumber::parse("13800138000").unwrap();
        for _ in 0..10 {
            house.clock.advance(SignedDuration::from_secs(60));
            let issued = codes.issue(region(), &phone).await.unwrap();
            assert!(matches!(issued, Issued::Code(_)), "{}", house.engine);
        }
        house.clock.advance(SignedDuration::from_hours(-2));
        let issued = codes.issue(region(), &phone).await.unwrap();
        assert_eq!(issued, Issued::Pause(60), "{}", house.engine);
        house.clock.advance(SignedDuration::from_mins(61));
        let Issued::Code(code) = codes.issue(region(), &phone).await.unwrap() else {
            panic!("{}: an hour after the clock was set back", house.engine);
        };
        // No code lives longer either: five minutes from the moment at which somebody looks.
        house.clock.advance(SignedDuration::from_hours(-2));
        let tried = codes.try_code(region(), &phone, "x").await.unwrap();
        assert_eq!(tried, Tried::Wrong, "{}", house.engine);
        house.clock.advance(SignedDuration::from_mins(6));
        let tried = codes.try_code(region(), &phone, &code).await.unwrap();
        assert_eq!(tried, Tried::Spent, "{}", house.engine);
    }
}

#[tokio::test]
async fn a_clock_set_back_locks_no_second_factor_out() {
    for house in houses().await {
        seeded(&house).await;
        let person = person(&house, "system").await;
        let secrets = &house.access.rooms.secrets;
        let secret = secrets.begin_factor(region(), person).await.unwrap();
        let bytes = totp_rs::Secret::try_from_base32(secret.unwrap()).unwrap();
        let code = || {
            let seconds = u64::try_from(house.clock.now().as_second()).unwrap();
            totp(bytes.as_ref().to_vec())
                .unwrap()
                .generate(seconds)
                .to_string()
        };
        let confirmed = secrets.confirm_factor(region(), person, &code()).await;
        assert!(confirmed.unwrap().is_some(), "{}", house.engine);
        house.clock.advance(SignedDuration::from_hours(-2));
        let used = secrets.use_factor(region(), person, &code()).await;
        assert!(used.unwrap(), "{}", house.engine);
        let again = secrets.use_factor(region(), person, &code()).await;
        assert!(!again.unwrap(), "{}: a code counts once", house.engine);
    }
}

#[tokio::test]
async fn a_code_to_a_phone_has_its_limits() {
    for house in houses().await {
        let codes = &house.access.rooms.codes;
        let phone = PhoneNumber::parse("13800138000").unwrap();
        let Issued::Code(code) = codes.issue(region(), &phone).await.unwrap() else {
            panic!("the first code goes out");
        };
        assert_eq!(
            codes.issue(region(), &phone).await.unwrap(),
            Issued::Pause(60)
        );
        assert_eq!(
            codes.try_code(region(), &phone, "x").await.unwrap(),
            Tried::Wrong
        );
        assert_eq!(
            codes.try_code(region(), &phone, &code).await.unwrap(),
            Tried::Right
        );
        assert_eq!(
            codes.try_code(region(), &phone, &code).await.unwrap(),
            Tried::Spent
        );
        // Who signs out and in again at once needs another one: the first was used.
        assert!(matches!(
            codes.issue(region(), &phone).await.unwrap(),
            Issued::Code(_)
        ));
        for _ in 3..=10 {
            house.clock.advance(SignedDuration::from_secs(60));
            assert!(matches!(
                codes.issue(region(), &phone).await.unwrap(),
                Issued::Code(_)
            ));
        }
        house.clock.advance(SignedDuration::from_secs(60));
        assert_eq!(
            codes.issue(region(), &phone).await.unwrap(),
            Issued::TooMany
        );
        house.clock.advance(SignedDuration::from_mins(55));
        let Issued::Code(late) = codes.issue(region(), &phone).await.unwrap() else {
            panic!("after an hour codes go out again");
        };
        for _ in 1..5 {
            assert_eq!(
                codes.try_code(region(), &phone, "x").await.unwrap(),
                Tried::Wrong
            );
        }
        assert_eq!(
            codes.try_code(region(), &phone, "x").await.unwrap(),
            Tried::Spent
        );
        assert_eq!(
            codes.try_code(region(), &phone, &late).await.unwrap(),
            Tried::Spent
        );
        let first = house
            .access
            .directory()
            .citizen_sign_in(region(), &phone)
            .await
            .unwrap();
        let second = house
            .access
            .directory()
            .citizen_sign_in(region(), &phone)
            .await
            .unwrap();
        assert_eq!(first.person, second.person, "{}", house.engine);
        assert!(first.phone_is_proved, "{}", house.engine);
    }
}

#[tokio::test]
async fn a_token_works_until_it_is_revoked_or_expires() {
    for house in houses().await {
        seeded(&house).await;
        let person = person(&house, "system").await;
        let post = house
            .access
            .directory()
            .posts_of(region(), person)
            .await
            .unwrap()[0]
            .id;
        let tokens = &house.access.rooms.tokens;
        let new = |days| NewToken {
            person,
            post,
            made_by: person,
            name: "数据交换",
            scopes: &[],
            days,
        };
        let refused = tokens.create(region(), &new(1)).await.unwrap().unwrap_err();
        assert_eq!(refused.code, "token_scopes");
        let scopes = ["people_read".to_owned()];
        let new = NewToken {
            scopes: &scopes,
            ..new(1)
        };
        let token = tokens.create(region(), &new).await.unwrap().unwrap().text;
        let works = async |token: &str| {
            matches!(
                tokens.visitor(region(), token).await.unwrap(),
                Visitor::Program(_)
            )
        };
        assert!(works(&token).await, "{}", house.engine);
        assert!(!works("wch_0").await);
        house.clock.advance(SignedDuration::from_hours(25));
        assert!(!works(&token).await, "{}", house.engine);
        let token = tokens.create(region(), &new).await.unwrap().unwrap().text;
        let row = tokens.list_working(region()).await.unwrap().remove(0);
        assert!(works(&token).await);
        tokens
            .revoke(region(), row.id.parse().unwrap())
            .await
            .unwrap();
        assert!(!works(&token).await, "{}", house.engine);
    }
}
