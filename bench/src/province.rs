//! An open loop: cases and ratings arrive at the rate of a whole province (Guangdong publishes 11.2 million cases and
//! 13.9 million ratings a month), whether or not the earlier ones were answered. What is measured begins when a request
//! should have been sent, so a stall shows in every request that it delays.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use crate::{
    client::{Client, Figures},
    life::{Extent, Lives, Rateable, rate},
    site::{Citizen, Site},
    time::Stopwatch,
};

/// Cases a second.
pub const CASES_A_SECOND: u64 = 19;
/// Ratings a second.
pub const RATINGS_A_SECOND: u64 = 23;
/// How many clients stand ready for cases, and as many for ratings.
const HANDS: usize = 24;
/// How long a worker whose next arrival is far off sleeps at most.
const NAP: Duration = Duration::from_millis(20);

/// The moments at which something arrives: `rate` a second, from the start of the run.
struct Arrivals {
    next: AtomicU64,
    a_second: u64,
    end: u64,
}

impl Arrivals {
    const fn new(a_second: u64, seconds: u64) -> Self {
        Self {
            next: AtomicU64::new(0),
            a_second,
            end: a_second * seconds,
        }
    }

    /// When the next one arrives, in microseconds from the start; `None` after the last.
    fn take(&self) -> Option<u64> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        (number < self.end).then(|| number * 1_000_000 / self.a_second)
    }
}

/// Sleeps until a moment of the run and gives a stopwatch that began at that moment.
fn wait_for(start: Stopwatch, at_us: u64) -> Stopwatch {
    let now = start.elapsed_us();
    if now < at_us {
        thread::sleep(Duration::from_micros(at_us - now));
    }
    start.later(at_us)
}

/// Runs both loops for some seconds, with a stock of cases that may be rated from the start.
pub fn run(
    site: &Site,
    citizens: &[Citizen],
    stock: VecDeque<Rateable>,
    seconds: u64,
    seed: u64,
) -> Figures {
    let (cases, ratings) = (
        Arrivals::new(CASES_A_SECOND, seconds),
        Arrivals::new(RATINGS_A_SECOND, seconds),
    );
    let rateable = Mutex::new(stock);
    let start = Stopwatch::start();
    let mut total = Figures::default();
    let share = citizens.len() / HANDS;
    thread::scope(|scope| {
        let mut hands = Vec::new();
        for hand in 0..HANDS {
            let (cases, ratings, rateable) = (&cases, &ratings, &rateable);
            let own = citizens[hand * share..(hand + 1) * share].to_vec();
            let number = hand as u64;
            hands.push(scope.spawn(move || {
                let mut client = Client::new(site.server, number, seed);
                handle_cases(&mut client, site, own, cases, rateable, start);
                client.figures
            }));
            hands.push(scope.spawn(move || {
                let mut client = Client::new(site.server, number + 100, seed);
                while let Some(at_us) = ratings.take() {
                    let due = wait_for(start, at_us);
                    let next = lock(rateable).pop_front();
                    match next {
                        Some(next) => {
                            rate(&mut client, &next, due);
                        }
                        None => client.figures.not_ready += 1,
                    }
                }
                client.figures
            }));
        }
        for hand in hands {
            match hand.join() {
                Ok(figures) => total.add(figures),
                Err(_) => total.complaints.push("a client was lost".to_owned()),
            }
        }
    });
    total
}

fn lock(rateable: &Mutex<VecDeque<Rateable>>) -> std::sync::MutexGuard<'_, VecDeque<Rateable>> {
    rateable.lock().unwrap_or_else(PoisonError::into_inner)
}

fn handle_cases(
    client: &mut Client,
    site: &Site,
    citizens: Vec<Citizen>,
    arrivals: &Arrivals,
    rateable: &Mutex<VecDeque<Rateable>>,
    start: Stopwatch,
) {
    let mut lives = Lives::new(site, citizens, Extent::Whole);
    while let Some(at_us) = arrivals.take() {
        // Results are handed over while the next citizen is on the way.
        while start.elapsed_us() + 200_000 < at_us {
            match lives.hand_over(client) {
                Some(next) => {
                    client.figures.cases += 1;
                    lock(rateable).push_back(next);
                }
                None => thread::sleep(NAP),
            }
        }
        let due = wait_for(start, at_us);
        lives.begin(client, due);
    }
}

/// Closed cases that nobody rated yet, for the ratings that come from the start on.
pub fn stock(
    client: &mut Client,
    site: &Site,
    citizens: &[Citizen],
    count: u64,
) -> VecDeque<Rateable> {
    let mut stock = VecDeque::new();
    let mut lives = Lives::new(site, citizens.to_vec(), Extent::CommandsOnly);
    while (stock.len() as u64) < count && client.figures.errors() == 0 {
        if lives.waiting() < 200 {
            lives.begin(client, Stopwatch::start());
        }
        match lives.hand_over(client) {
            Some(next) => stock.push_back(next),
            None if lives.waiting() >= 200 => thread::sleep(NAP),
            None => {}
        }
    }
    stock
}

#[cfg(test)]
mod tests {
    use super::Arrivals;

    #[test]
    fn arrivals_are_evenly_spread_and_end() {
        let arrivals = Arrivals::new(4, 1);
        let moments: Vec<u64> = std::iter::from_fn(|| arrivals.take()).collect();
        assert_eq!(moments, [0, 250_000, 500_000, 750_000]);
    }
}
