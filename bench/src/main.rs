//! The load driver of `cargo xtask bench`: a process of its own beside the measured server, so that what it costs is
//! not counted as the server's. It prints one JSON object with what it measured.

mod arguments;
mod client;
mod core5;
mod enrolment;
mod generator;
mod histogram;
mod http;
mod life;
mod process;
mod province;
mod site;
mod time;
mod tracker;

use std::{
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use anyhow::Result;
use serde_json::{Map, Value, json};

use arguments::{Arguments, Workload};
use client::{Client, Figures};
use enrolment::Families;
use life::{Extent, Lives};
use site::{Citizen, Site};
use time::Stopwatch;

/// How many citizens each client speaks for.
const CITIZENS_A_CLIENT: u64 = 24;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match Arguments::read(&words).and_then(|arguments| run(&arguments)) {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<Value> {
    if arguments.workload == Workload::Tracker {
        let hands = (0..arguments.clients)
            .map(|_| tracker::step as fn(&mut Client))
            .collect();
        return closed_loop(arguments, hands);
    }
    let mut site = Site::prepare(arguments.server)?;
    if arguments.workload == Workload::Enrolment {
        site.prepare_enrolment()?;
    }
    let site = site;
    let people = if arguments.workload == Workload::Province {
        24
    } else {
        arguments.clients
    };
    let citizens = site.citizens(people * CITIZENS_A_CLIENT, arguments.seed)?;
    match arguments.workload {
        Workload::Province => province_run(arguments, &site, &citizens),
        Workload::Enrolment => enrolment_run(arguments, &site, &citizens),
        Workload::Fill => fill(arguments, &site, &citizens),
        Workload::Core5 => {
            let hands = shares(&citizens, arguments.clients)
                .map(|own| {
                    let mut turns = own.into_iter().cycle();
                    let site = &site;
                    move |client: &mut Client| {
                        if let Some(citizen) = turns.next() {
                            core5::step(client, site, &citizen);
                        }
                    }
                })
                .collect();
            closed_loop(arguments, hands)
        }
        _ => {
            let hands = shares(&citizens, arguments.clients)
                .map(|own| {
                    let mut lives = Lives::new(&site, own, Extent::Whole);
                    move |client: &mut Client| lives.step(client)
                })
                .collect();
            closed_loop(arguments, hands)
        }
    }
}

/// Clients that send their next request when the last one is answered, each with its own hand that lives one case. What
/// happens while they warm up is thrown away.
fn closed_loop<Hand: FnMut(&mut Client) + Send>(
    arguments: &Arguments,
    hands: Vec<Hand>,
) -> Result<Value> {
    let (is_warm, is_over) = (AtomicBool::new(false), AtomicBool::new(false));
    let mut figures = Figures::default();
    let mut measured = Err(anyhow::anyhow!("nothing was measured"));
    thread::scope(|scope| {
        let hands: Vec<_> = hands
            .into_iter()
            .enumerate()
            .map(|(number, mut hand)| {
                let (is_warm, is_over) = (&is_warm, &is_over);
                scope.spawn(move || {
                    let mut client = Client::new(arguments.server, number as u64, arguments.seed);
                    let mut was_warm = false;
                    while !is_over.load(Ordering::Relaxed) {
                        if !was_warm && is_warm.load(Ordering::Relaxed) {
                            was_warm = true;
                            client.figures = Figures::default();
                        }
                        hand(&mut client);
                    }
                    client.figures
                })
            })
            .collect();
        thread::sleep(Duration::from_secs(arguments.warm_seconds));
        is_warm.store(true, Ordering::Relaxed);
        measured = measure(arguments, || {
            thread::sleep(Duration::from_secs(arguments.seconds));
            is_over.store(true, Ordering::Relaxed);
        });
        for hand in hands {
            if let Ok(own) = hand.join() {
                figures.add(own);
            }
        }
    });
    Ok(Value::Object(report(arguments, &figures, measured?)))
}

fn shares(citizens: &[Citizen], clients: u64) -> impl Iterator<Item = Vec<Citizen>> {
    let share = citizens.len() / usize::try_from(clients).unwrap_or(1);
    citizens.chunks(share.max(1)).map(<[Citizen]>::to_vec)
}

/// What a stretch of work took: seconds, and processor seconds of each watched process.
struct Stretch {
    seconds: f64,
    flushes: u64,
    jobs_waiting: Option<u64>,
    processor: Map<String, Value>,
}

fn measure(arguments: &Arguments, work: impl FnOnce()) -> Result<Stretch> {
    let before = arguments.watched.processor_seconds()?;
    let flushes = process::flushes(&arguments.flushes);
    let stopwatch = Stopwatch::start();
    work();
    let seconds = stopwatch.elapsed().as_secs_f64();
    let after = arguments.watched.processor_seconds()?;
    let processor = after
        .into_iter()
        .map(|(name, after)| {
            let used = after - before.get(&name).copied().unwrap_or(after);
            (name, json!(used))
        })
        .collect();
    Ok(Stretch {
        seconds,
        flushes: process::flushes(&arguments.flushes).saturating_sub(flushes),
        jobs_waiting: site::jobs_waiting(arguments.server),
        processor,
    })
}

fn province_run(arguments: &Arguments, site: &Site, citizens: &[Citizen]) -> Result<Value> {
    let mut preparing = Client::new(site.server, 200, arguments.seed);
    let more = (province::RATINGS_A_SECOND - province::CASES_A_SECOND) * arguments.seconds;
    // The first results are handed over a little after the first ratings are due.
    let stock = province::stock(
        &mut preparing,
        site,
        citizens,
        more + 4 * province::RATINGS_A_SECOND,
    );
    let mut figures = Figures::default();
    let measured = measure(arguments, || {
        figures = province::run(
            site,
            citizens,
            stock,
            arguments.seconds,
            arguments.seed ^ 0x5EED,
        );
    })?;
    figures.complaints.extend(preparing.figures.complaints);
    Ok(Value::Object(report(arguments, &figures, measured)))
}

/// Until the last family has applied.
fn enrolment_run(arguments: &Arguments, site: &Site, citizens: &[Citizen]) -> Result<Value> {
    let families = Families::new(arguments.families);
    let mut figures = Figures::default();
    let measured = measure(arguments, || {
        thread::scope(|scope| {
            let hands: Vec<_> = shares(citizens, arguments.clients)
                .enumerate()
                .map(|(number, own)| {
                    let families = &families;
                    scope.spawn(move || {
                        let mut client =
                            Client::new(site.server, number as u64, arguments.seed ^ 0xE4A0);
                        for citizen in own.iter().cycle() {
                            if !families.take() {
                                break;
                            }
                            enrolment::step(&mut client, site, citizen);
                        }
                        client.figures
                    })
                })
                .collect();
            for hand in hands {
                if let Ok(own) = hand.join() {
                    figures.add(own);
                }
            }
        });
    })?;
    Ok(Value::Object(report(arguments, &figures, measured)))
}

/// Of how many cases that fill a store one is a whole life with all its papers; the others are small ones.
const FILL_LIFE_EACH: u64 = 10;

/// Adds cases for a store that holds something.
fn fill(arguments: &Arguments, site: &Site, citizens: &[Citizen]) -> Result<Value> {
    let mut figures = Figures::default();
    let each = arguments.cases.div_ceil(arguments.clients);
    let measured = measure(arguments, || {
        thread::scope(|scope| {
            let hands: Vec<_> = shares(citizens, arguments.clients)
                .enumerate()
                .map(|(number, own)| {
                    scope.spawn(move || {
                        let mut client =
                            Client::new(site.server, number as u64, arguments.seed ^ 0xF111);
                        for citizen in own.iter().cycle().take(small(each)) {
                            core5::fill(&mut client, site, citizen);
                        }
                        let mut lives = Lives::new(site, own, Extent::CommandsOnly);
                        lives.fill(&mut client, each.div_ceil(FILL_LIFE_EACH));
                        client.figures
                    })
                })
                .collect();
            for hand in hands {
                if let Ok(own) = hand.join() {
                    figures.add(own);
                }
            }
        });
    })?;
    Ok(Value::Object(report(arguments, &figures, measured)))
}

/// How many of the cases that fill a store are small ones.
fn small(cases: u64) -> usize {
    usize::try_from(cases - cases.div_ceil(FILL_LIFE_EACH)).unwrap_or(usize::MAX)
}

fn report(arguments: &Arguments, figures: &Figures, stretch: Stretch) -> Map<String, Value> {
    let kinds: Map<String, Value> = figures
        .kinds
        .iter()
        .map(|(kind, measured)| {
            let value = json!({
                "count": measured.times.count(), "errors": measured.errors,
                "p50_ms": milliseconds(&measured.times, 500), "p99_ms": milliseconds(&measured.times, 990), "max_ms": milliseconds(&measured.times, 1_000),
            });
            ((*kind).to_owned(), value)
        })
        .collect();
    let mut all = histogram::Histogram::default();
    for measured in figures.kinds.values() {
        all.add(&measured.times);
    }
    let value = json!({
        "workload": arguments.workload.name(), "clients": arguments.clients, "seconds": stretch.seconds,
        "cases": figures.cases, "commands": figures.commands, "errors": figures.errors(),
        "not_ready": figures.not_ready, "complaints": figures.complaints,
        "p50_ms": milliseconds(&all, 500), "p99_ms": milliseconds(&all, 990),
        "flushes": stretch.flushes, "jobs_waiting": stretch.jobs_waiting, "requests": kinds, "processor_seconds": stretch.processor, "resident_megabytes": arguments.watched.resident(),
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn milliseconds(times: &histogram::Histogram, share_per_thousand: u64) -> f64 {
    f64::from(u32::try_from(times.quantile_us(share_per_thousand)).unwrap_or(u32::MAX)) / 1_000.0
}
