//! What a measurement looks like on the terminal, and the ratios between measurements of one run: on a machine that
//! others use as well, ratios hold better than figures.

use serde_json::{Value, json};

pub(super) const HEAD: &str = "\
what         database  cases    clients flush  cases/s  CPU ms/case (papers)  p50 ms  p99 ms  errors  flushes/case  MB   jobs left";

/// One line of the table.
pub(super) fn row(line: &Value) -> String {
    if let Some(what) = line["measured"].as_str() {
        return plain(what, line);
    }
    let number = |name: &str| line[name].as_f64().unwrap_or(0.0);
    let (cases, seconds) = (number("cases"), number("seconds"));
    let each = |value: f64| if cases > 0.0 { value / cases } else { 0.0 };
    format!(
        "{:<12} {:<9} {:<8} {:<7} {:<6} {:>7.1}  {:>11.2} {:>8}  {:>6.1}  {:>6.1}  {:>6}  {:>12.2}  {:>3.0}  {:>9}",
        line["workload"].as_str().unwrap_or_default(),
        line["engine"].as_str().unwrap_or_default(),
        number("cases_in_store"),
        number("clients"),
        if number("flush_delay_us") > 0.0 {
            "+2 ms"
        } else {
            "disk"
        },
        cases_a_second(line),
        each(processor_seconds(line)) * 1_000.0,
        format!("({:.2})", each(papers_seconds(line)) * 1_000.0),
        number("p50_ms"),
        number("p99_ms"),
        number("errors"),
        each(number("flushes")),
        line["resident_megabytes"]["server"].as_f64().unwrap_or(0.0),
        number("jobs_waiting"),
    ) + &note(line, seconds)
}

fn plain(what: &str, line: &Value) -> String {
    let values: Vec<String> = line
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != "measured")
        .map(|(name, value)| match value.as_f64() {
            Some(number) => format!("{name} {number:.2}"),
            None => format!("{name} {}", value.as_str().unwrap_or_default()),
        })
        .collect();
    format!("{what}: {}", values.join(", "))
}

fn note(line: &Value, seconds: f64) -> String {
    let complaints: Vec<&str> = line["complaints"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut text = String::new();
    for complaint in complaints {
        text.push_str("\n    ");
        text.push_str(complaint);
    }
    if line["workload"] == "fill" {
        let bytes = |name: &str| line[name].as_f64().unwrap_or(0.0) / 1024.0;
        text.push_str(
            &format_args!(
                "\n    filled in {seconds:.0} s; {:.1} KB of database and {:.1} KB of files a case",
                bytes("database_bytes_a_case"),
                bytes("file_bytes_a_case"),
            )
            .to_string(),
        );
    }
    text
}

fn cases_a_second(line: &Value) -> f64 {
    let number = |name: &str| line[name].as_f64().unwrap_or(0.0);
    if number("seconds") > 0.0 {
        number("cases") / number("seconds")
    } else {
        0.0
    }
}

/// Of server and database, without the papers that nobody waits for: the other systems make none.
fn processor_seconds(line: &Value) -> f64 {
    line["processor_seconds"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != "papers")
        .filter_map(|(_, value)| value.as_f64())
        .sum()
}

fn papers_seconds(line: &Value) -> f64 {
    line["processor_seconds"]["papers"].as_f64().unwrap_or(0.0)
}

/// The slow flush beside the fast one, and the house beside Request Tracker.
pub(super) fn ratios(lines: &[Value]) -> Vec<Value> {
    let mut ratios = beside_tracker(lines);
    for slow in lines
        .iter()
        .filter(|line| line["flush_delay_us"].as_u64() > Some(0) && line["workload"].is_string())
    {
        let same = |line: &&Value| {
            line["flush_delay_us"] == 0
                && ["workload", "engine", "clients", "cases_in_store"]
                    .iter()
                    .all(|name| line[*name] == slow[*name])
        };
        if let Some(fast) = lines.iter().find(same)
            && cases_a_second(fast) > 0.0
        {
            ratios.push(json!({
                "measured": "slow flush beside the disk's own", "workload": slow["workload"], "engine": slow["engine"],
                "clients": slow["clients"], "ratio": cases_a_second(slow) / cases_a_second(fast),
            }));
        }
    }
    ratios
}

/// Each turn of Request Tracker beside the house's turn just before it.
fn beside_tracker(lines: &[Value]) -> Vec<Value> {
    lines
        .windows(2)
        .filter(|pair| pair[1]["workload"] == "tracker" && cases_a_second(&pair[1]) > 0.0)
        .map(|pair| {
            let each = |line: &Value| processor_seconds(line) / line["cases"].as_f64().unwrap_or(1.0);
            json!({
                "measured": "core5 beside Request Tracker", "engine": pair[0]["engine"], "turn": pair[1]["turn"],
                "ratio": cases_a_second(&pair[0]) / cases_a_second(&pair[1]),
                "processor_ratio": each(&pair[1]) / each(&pair[0]).max(f64::EPSILON),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ratios, row};

    #[test]
    fn the_slow_flush_stands_beside_the_fast_one() {
        let line = |delay: u64, cases: u64| {
            json!({"workload": "life", "engine": "sqlite", "clients": 8, "cases_in_store": 10, "flush_delay_us": delay,
                "cases": cases, "seconds": 2.0, "processor_seconds": {"server": 1.0, "database": 1.0, "papers": 0.5}})
        };
        let lines = [line(0, 200), line(2_000, 150)];
        let found = ratios(&lines);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["ratio"], 0.75);
        assert!(row(&lines[0]).contains("100.0"), "{}", row(&lines[0]));
        assert!(
            row(&lines[0]).contains("10.00   (2.50)"),
            "{}",
            row(&lines[0])
        );
    }

    #[test]
    fn each_turn_of_the_other_stands_beside_the_house() {
        let line = |work: &str, cases: u64| {
            json!({"workload": work, "engine": "sqlite", "cases": cases, "seconds": 2.0, "turn": 0,
                "processor_seconds": {"server": 1.0}})
        };
        let found = ratios(&[line("life", 9), line("core5", 800), line("tracker", 10)]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["ratio"], 80.0);
        assert_eq!(found[0]["processor_ratio"], 80.0);
    }
}
