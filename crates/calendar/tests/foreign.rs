//! Comparison with two calendars that other people maintain: PyPI `chinesecalendar` and npm `chinese-days`. Every day
//! of 2004 to 2026, and due dates from random starts with random stops, which the packages' side finds by walking day
//! by day. An error in our data file or in our arithmetic shows here.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::Span;
use jiff::civil::{Date, Time, date};
use wuchuang_calendar::{
    Calendar, Clock, ClockRule, DayKind, Limit, StopKind, StopOrder, china_instant,
};

const FIRST: Date = date(2004, 1, 1);
const LAST: Date = date(2026, 12, 31);

/// The weekend before New Year 2024. The notice lets the holiday "run together with the weekend", so `chinesecalendar`
/// names these two days a holiday and `chinese-days`, like our file, leaves them a weekend. Nobody works either way.
const WEEKEND_OF_TWO_OPINIONS: [Date; 2] = [date(2023, 12, 30), date(2023, 12, 31)];

struct Question {
    started_on: Date,
    limit_working_days: u16,
    stops: Vec<(Date, Date)>,
}

struct PeerDay {
    date: Date,
    works: bool,
    named: bool,
}

#[test]
fn chinesecalendar_agrees() {
    let script = scripts().join("chinesecalendar.py");
    compare(
        Command::new(peers().join("python/bin/python")).arg(script),
        &WEEKEND_OF_TWO_OPINIONS,
    );
}

#[test]
fn chinese_days_agrees() {
    let script = scripts().join("chinese-days.mjs");
    compare(
        Command::new("node").arg(script).arg(peers().join("node")),
        &[],
    );
}

/// `named_only_by_peer` are the days off that the peer gives a holiday's name and our file does not.
fn compare(command: &mut Command, named_only_by_peer: &[Date]) {
    let calendar = Calendar::embedded();
    let questions = questions();
    let (days, dues) = ask(command, &questions);

    let expected_days = FIRST
        .series(Span::new().days(1))
        .take_while(|day| *day <= LAST)
        .count();
    assert_eq!(
        (days.len(), dues.len()),
        (expected_days, questions.len()),
        "the package answered every question"
    );

    let works_otherwise: Vec<Date> = days
        .iter()
        .filter(|day| day.works != calendar.is_working_day(day.date))
        .map(|day| day.date)
        .collect();
    assert_eq!(
        works_otherwise,
        [],
        "days on which one side works and the other does not"
    );

    let is_named = |date| matches!(calendar.day(date).kind, DayKind::Holiday { .. });
    let named_otherwise: Vec<Date> = days
        .iter()
        .filter(|day| day.named != is_named(day.date))
        .map(|day| day.date)
        .collect();
    assert_eq!(
        named_otherwise, named_only_by_peer,
        "days off that only one side calls a holiday"
    );

    for (question, due) in questions.iter().zip(dues) {
        assert_eq!(
            our_due_date(question, &calendar),
            due,
            "{}",
            line_of(question)
        );
    }
}

fn our_due_date(question: &Question, calendar: &Calendar) -> Date {
    let at = |date, hour| china_instant(date, Time::constant(hour, 0, 0, 0));
    let rule = ClockRule::single(Limit::working_days(question.limit_working_days), None)
        .expect("a valid limit");
    let mut clock = Clock::start_at(rule, at(question.started_on, 9));
    for (from, to) in &question.stops {
        let order = StopOrder {
            kind: StopKind::Appraisal,
            reason: "需要鉴定".to_owned(),
            told_at: at(*from, 10),
            expected_working_days: 10,
            from: at(*from, 10),
        };
        clock = clock.stop(order, calendar).expect("the clock runs");
        clock = clock
            .resume(at(*to, 10), calendar)
            .expect("the clock is stopped");
    }
    clock.due_dates(calendar, at(LAST, 9)).promised.date
}

/// Two thousand questions, the same in every run.
fn questions() -> Vec<Question> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: i64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        i64::try_from(state >> 33).expect("31 bits fit") % below
    };
    let last_start = FIRST
        .until(date(2025, 12, 31))
        .expect("the span is short")
        .get_days();
    let mut question = || {
        let started_on = FIRST.saturating_add(Span::new().days(random(i64::from(last_start))));
        let mut day = started_on;
        let mut stops = Vec::new();
        for _ in 0..random(4) {
            let from = day.saturating_add(Span::new().days(random(25)));
            day = from.saturating_add(Span::new().days(random(30)));
            stops.push((from, day));
        }
        let limit_working_days = u16::try_from(random(60) + 1).expect("small");
        Question {
            started_on,
            limit_working_days,
            stops,
        }
    };
    (0..2_000).map(|_| question()).collect()
}

fn line_of(question: &Question) -> String {
    let mut line = format!("{} {}", question.started_on, question.limit_working_days);
    for (from, to) in &question.stops {
        let _ = write!(line, " {from} {to}");
    }
    line
}

fn ask(command: &mut Command, questions: &[Question]) -> (Vec<PeerDay>, Vec<Date>) {
    let installed = ["python/bin/python", "node/node_modules/chinese-days"];
    let is_installed = installed.iter().all(|path| peers().join(path).exists());
    assert!(
        is_installed,
        "The peer calendars are not installed. {INSTALL}"
    );
    let child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child
        .unwrap_or_else(|error| panic!("{}: {error}. {INSTALL}", command.get_program().display()));
    let input: String = questions
        .iter()
        .map(|question| line_of(question) + "\n")
        .collect();
    // A peer that fails may end before it reads; its own message is shown below.
    let written = child
        .stdin
        .take()
        .expect("piped")
        .write_all(input.as_bytes());
    let output = child
        .wait_with_output()
        .expect("the peer can be waited for");
    let message = String::from_utf8_lossy(&output.stderr);
    let message = message.trim_end();
    assert!(
        output.status.success() && written.is_ok(),
        "the peer calendar did not answer. {INSTALL} It said: {message}"
    );

    let text = String::from_utf8(output.stdout).expect("the peer prints UTF-8");
    let (days, dues) = text
        .split_once("due\n")
        .expect("the peer prints the days first");
    let day = |line: &str| {
        let mut fields = line.split_whitespace();
        let mut field = || fields.next().expect("three fields a day");
        PeerDay {
            date: field().parse().expect("a date"),
            works: field() == "1",
            named: field() == "1",
        }
    };
    (
        days.lines().map(day).collect(),
        dues.lines()
            .map(|line| line.parse().expect("a date"))
            .collect(),
    )
}

const INSTALL: &str = "Run `cargo xtask test`, which installs the peer calendars (or set WUCHUANG_PEERS to their folder).";

fn peers() -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers");
    std::env::var_os("WUCHUANG_PEERS").map_or_else(default, PathBuf::from)
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers")
}
