//! A scan of a batch: whose it is, by its file name.

use super::{Line, Mark, Papers};
use crate::batch::sheet::Row;

/// What stands between the parts of a scan's file name.
const BETWEEN: [char; 9] = ['-', '_', '－', '—', ' ', '+', '(', '（', '.'];

/// A stored scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scan {
    /// The SHA-256 of its content.
    pub(crate) sha256: String,
    /// Its file name.
    pub(crate) name: String,
}

impl Scan {
    /// As the page carries it to the next attempt. Only files that the clerk uploaded are taken from there.
    pub(crate) fn ticket(&self) -> String {
        format!("{}|{}", self.sha256, self.name)
    }

    /// Reads what [`Self::ticket`] wrote.
    pub(crate) fn of_ticket(ticket: &str) -> Option<Self> {
        let (sha256, name) = ticket.split_once('|')?;
        Some(Self {
            sha256: sha256.to_owned(),
            name: name.to_owned(),
        })
    }
}

pub(super) fn sent(scans: &[Scan]) -> Vec<(String, String)> {
    let scans = scans.iter().cloned();
    scans.map(|scan| (scan.sha256, scan.name)).collect()
}

impl Papers {
    /// Whose scan it is, by its file name: the store, and which of the materials that every store brings.
    pub(super) fn whose(&self, file: &str, stores: &[&str]) -> Option<(usize, usize)> {
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let named = stores.iter().enumerate().filter(|(_, name)| {
            let name = name.trim();
            !name.is_empty() && stem.starts_with(name)
        });
        let (store, name) = named.max_by_key(|(_, name)| name.trim().len())?;
        let after = &stem[name.trim().len()..];
        let rest = after.trim_start_matches(BETWEEN);
        // What goes on otherwise may be the longer name of another store.
        let ends = |text: &str| text.is_empty() || text.starts_with(BETWEEN);
        let each: Vec<(usize, &Line)> = self
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.mark == Mark::Each)
            .collect();
        let by_name = each.iter().filter(|(_, line)| rest.starts_with(&line.name));
        let by_name = by_name.max_by_key(|(_, line)| line.name.len());
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let by_number = || {
            let mut each = each.iter();
            let numbered = each.find(|(_, line)| line.number.to_string() == digits);
            numbered.filter(|_| after.starts_with(BETWEEN) && ends(&rest[digits.len()..]))
        };
        let only = || {
            each.first()
                .filter(|_| each.len() == 1 && digits.is_empty() && ends(after))
        };
        let (place, _) = by_name.or_else(by_number).or_else(only)?;
        Some((store, *place))
    }

    /// The scans of single stores, each with the store and the material for which it is taken; empty where nobody knows.
    pub(crate) fn told_whose(&self, rows: &[Row]) -> Vec<(&Scan, String)> {
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        let told = |scan: &Scan| {
            let whose = self.whose(&scan.name, &names);
            whose.map_or_else(String::new, |(store, line)| {
                format!("{} {}", names[store], self.lines[line].name)
            })
        };
        self.own.iter().map(|scan| (scan, told(scan))).collect()
    }

    /// What is said of a scan of which nobody knows whose it is.
    pub(super) fn nobody(&self, file: &str) -> String {
        if self.has_own() {
            format!(
                "不知道“{file}”是哪家门店的哪份材料：请把文件名改成门店名称和材料序号，例如 城关店-3，再传一次。"
            )
        } else {
            format!("“{file}”是单独一家门店的：请先把这份材料标为每家一份。")
        }
    }
}
