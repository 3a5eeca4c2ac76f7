//! The papers of a batch as the counter's page says them: how each material of the item stands for all stores, or that every
//! store brings its own; what the line of a store says of its own; which scan is whose. What may follow or be promised is the
//! rule of the joined list (`joined`), and what is handed in is checked where every application is.
//!
//! A material is one for all unless it is marked 每家一份. Then every store says how it stands, in the last column of its line
//! (3齐全；5容缺) or by a scan whose file name begins with the store's (城关店-3.pdf), because nothing counts as seen that was not.

mod scans;

use wuchuang_cases::{api::applying::MaterialInput, model::CommitmentText, reuse::Offer};
use wuchuang_catalogue::model::ItemContent;
use wuchuang_webkit::markup::Choice;

use crate::joined::materials::as_asked;

pub(crate) use scans::Scan;
use scans::sent;

/// The heading of the last column.
pub(crate) const HEADING: &str = "材料";
/// How many scans a batch may bring.
pub(crate) const SCANS_MAX: usize = 400;

/// How a material stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// 缺. Where every material begins.
    Missing,
    /// 齐全: seen on paper.
    Complete,
    /// 容缺: follows after acceptance.
    Owed,
    /// 承诺: a promise was signed in its place (告知承诺).
    Promised,
    /// 每家一份: every store brings its own.
    Each,
    /// 免提交: the house has it.
    Exempt,
}

impl Mark {
    const ALL: [Self; 6] = [
        Self::Missing,
        Self::Complete,
        Self::Each,
        Self::Owed,
        Self::Promised,
        Self::Exempt,
    ];

    /// What the form sends.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Complete => "complete",
            Self::Owed => "owed",
            Self::Promised => "promised",
            Self::Each => "each",
            Self::Exempt => "exempt",
        }
    }

    /// What the clerk reads.
    const fn name(self) -> &'static str {
        match self {
            Self::Missing => "缺",
            Self::Complete => "齐全",
            Self::Owed => "容缺",
            Self::Promised => "承诺",
            Self::Each => "每家一份",
            Self::Exempt => "免提交",
        }
    }
}

/// One material of the item.
pub(crate) struct Line {
    /// Its key in the item.
    pub(crate) id: String,
    /// Its place in the list, from 1.
    pub(crate) number: usize,
    /// Its name.
    pub(crate) name: String,
    /// Whether the application is incomplete without it.
    pub(crate) is_required: bool,
    /// In which form and how often.
    pub(crate) asked: String,
    copies: u16,
    may_follow: bool,
    /// What is told and promised in its place, where the item allows it.
    pub(crate) commitment: Option<CommitmentText>,
    /// What the house has of whoever acts for the applicant that may stand for it: its key, and what it is in words.
    pub(crate) offer: Option<(String, String)>,
    /// How it stands for all stores.
    pub(crate) mark: Mark,
    /// Whether it was marked 免提交 and the house has nothing of whoever acts now.
    is_gone: bool,
    /// Scans for all stores.
    pub(crate) scans: Vec<Scan>,
}

impl Line {
    fn may(&self, mark: Mark) -> bool {
        match mark {
            Mark::Missing | Mark::Complete | Mark::Each => true,
            Mark::Owed => self.may_follow,
            Mark::Promised => self.commitment.is_some(),
            Mark::Exempt => self.offer.is_some(),
        }
    }

    /// The marks that it may have.
    pub(crate) fn choices(&self) -> Vec<Choice> {
        let marks = Mark::ALL.into_iter().filter(|mark| self.may(*mark));
        marks
            .map(|mark| Choice::new(mark.code(), mark.name()))
            .collect()
    }

    /// The field of its mark.
    pub(crate) fn field(&self) -> String {
        format!("mark-{}", self.id)
    }

    /// The field of its scans.
    pub(crate) fn scan_field(&self) -> String {
        format!("scan-{}", self.id)
    }

    /// What is handed in when it stands so; `None` when nothing is.
    fn material(&self, mark: Mark, scans: &[Scan]) -> Option<MaterialInput> {
        let id = || self.id.clone();
        if let (Mark::Exempt, Some((offer, _))) = (mark, &self.offer) {
            return Some(MaterialInput::reuse(id(), offer.clone(), sent(scans)));
        }
        match mark {
            Mark::Promised => Some(MaterialInput::promise(id(), sent(scans))),
            Mark::Complete if !scans.is_empty() => Some(MaterialInput::scans(id(), sent(scans))),
            Mark::Complete => Some(MaterialInput::paper(id(), self.copies)),
            Mark::Missing | Mark::Owed | Mark::Each | Mark::Exempt => None,
        }
    }
}

/// What is brought, and keys of what follows later.
#[derive(Default)]
pub(crate) struct Brought {
    pub(crate) materials: Vec<MaterialInput>,
    pub(crate) owed: Vec<String>,
}

impl Brought {
    fn take(&mut self, line: &Line, mark: Mark, scans: &[Scan]) {
        self.materials.extend(line.material(mark, scans));
        if mark == Mark::Owed {
            self.owed.push(line.id.clone());
        }
    }
}

/// All materials of the item, with the scans of single stores.
pub(crate) struct Papers {
    /// The materials.
    pub(crate) lines: Vec<Line>,
    /// Scans of single stores, which say by their names whose they are.
    pub(crate) own: Vec<Scan>,
}

impl Papers {
    /// The materials of an item; nothing is there yet.
    pub(crate) fn of(content: &ItemContent) -> Self {
        let materials = (1..).zip(&content.materials);
        let lines = materials.map(|(number, wanted)| {
            let asked = as_asked(content, wanted);
            let copies = wanted.copies.max(1);
            let mut words = format!("{} {copies} 份", wanted.form.name());
            if !wanted.note.is_empty() {
                words.push('；');
                words.push_str(&wanted.note);
            }
            Line {
                id: wanted.id.clone(),
                number,
                name: wanted.name.clone(),
                is_required: asked.is_required(),
                asked: words,
                copies,
                may_follow: asked.tolerable,
                commitment: asked
                    .by_commitment
                    .then(|| CommitmentText::of(&content.name, &wanted.name, content.copy_days())),
                offer: None,
                mark: Mark::Missing,
                is_gone: false,
                scans: Vec::new(),
            }
        });
        Self {
            lines: lines.collect(),
            own: Vec::new(),
        }
    }

    /// Says what the house has: for each material the best of the offers, in the order of the item's materials.
    pub(crate) fn offer(&mut self, offers: Vec<Vec<Offer>>) {
        for (line, offers) in self.lines.iter_mut().zip(offers) {
            let best = offers.into_iter().next();
            line.offer = best.map(|offer| (offer.key.clone(), offer.told()));
        }
    }

    /// Marks a material; one that it may not have is passed over. That what was offered is another paper now than the one that was
    /// seen, by its key, or none, is told.
    pub(crate) fn mark(&mut self, id: &str, code: &str, seen: &str) {
        let mark = Mark::ALL.into_iter().find(|mark| mark.code() == code);
        let line = self.lines.iter_mut().find(|line| line.id == id);
        if let (Some(mark), Some(line)) = (mark, line) {
            let offered = line.offer.as_ref().map(|(key, _)| key.as_str());
            let is_another = !seen.is_empty() && offered != Some(seen);
            line.is_gone = mark == Mark::Exempt && (offered.is_none() || is_another);
            if line.may(mark) && !line.is_gone {
                line.mark = mark;
            }
        }
    }

    /// Takes a scan in: of a material for all stores, or of a single store when no material is named.
    pub(crate) fn keep(&mut self, id: Option<&str>, scan: Scan) {
        let scans = match id {
            None => Some(&mut self.own),
            Some(id) => {
                let mut lines = self.lines.iter_mut();
                lines.find(|line| line.id == id).map(|line| &mut line.scans)
            }
        };
        if let Some(scans) = scans
            && !scans.contains(&scan)
        {
            scans.push(scan);
        }
    }

    /// A material of which a scan has just come counts as there, if nothing else was said.
    pub(crate) fn brought(&mut self, id: Option<&str>) {
        let mut lines = self.lines.iter_mut();
        let line = lines.find(|line| Some(line.id.as_str()) == id);
        if let Some(line) = line.filter(|line| line.mark == Mark::Missing) {
            line.mark = Mark::Complete;
        }
    }

    /// How many scans there are.
    pub(crate) fn scan_count(&self) -> usize {
        self.own.len()
            + self
                .lines
                .iter()
                .map(|line| line.scans.len())
                .sum::<usize>()
    }

    /// Whether any store brings papers of its own.
    pub(crate) fn has_own(&self) -> bool {
        self.lines.iter().any(|line| line.mark == Mark::Each)
    }

    /// Whether any material may follow later.
    pub(crate) fn may_follow(&self) -> bool {
        self.lines.iter().any(|line| line.may_follow)
    }

    /// What is brought for all stores, and what is wrong with it: field and sentence.
    pub(crate) fn common(&self, problems: &mut Vec<(String, String)>) -> Brought {
        let mut brought = Brought::default();
        for line in &self.lines {
            let is_said_away = matches!(line.mark, Mark::Missing | Mark::Owed | Mark::Each);
            if is_said_away && !line.scans.is_empty() {
                let text = format!(
                    "“{}”标了{}，又传了各家共用的扫描件：请改标齐全，或者勾选去掉扫描件。",
                    line.name,
                    line.mark.name()
                );
                problems.push((line.field(), text));
            }
            if line.is_gone {
                let text = format!(
                    "“{}”原来标了免提交，换了申请单位或经办人以后不是那一份了，请重新标。",
                    line.name
                );
                problems.push((line.field(), text));
            }
            brought.take(line, line.mark, &line.scans);
        }
        brought
    }

    /// What each store brings for itself, by name and the last cell of its line, and what is wrong: sentences about the lines,
    /// and about scans of which nobody knows whose they are.
    pub(crate) fn of_stores(&self, stores: &[(&str, &str)]) -> (Vec<Brought>, Problems) {
        let mut problems = Problems::default();
        let names: Vec<&str> = stores.iter().map(|(name, _)| *name).collect();
        let mut scans: Vec<(usize, usize, Scan)> = Vec::new();
        for scan in &self.own {
            match self.whose(&scan.name, &names) {
                Some((store, line)) => scans.push((store, line, scan.clone())),
                None => problems.scans.push(self.nobody(&scan.name)),
            }
        }
        let mut all = Vec::with_capacity(stores.len());
        for (index, (name, cell)) in stores.iter().enumerate() {
            let said = self.said(index + 1, cell, &mut problems.lines);
            let mut brought = Brought::default();
            for (place, line) in self.lines.iter().enumerate() {
                if line.mark != Mark::Each {
                    continue;
                }
                let own = scans.iter();
                let own = own.filter(|(store, line, _)| (*store, *line) == (index, place));
                let own: Vec<Scan> = own.map(|(.., scan)| scan.clone()).collect();
                let mark = said.iter().find(|(said, _)| *said == place);
                match mark {
                    None if own.is_empty() => {
                        problems.lines.push(line.unsaid(index + 1, name));
                    }
                    None => brought.take(line, Mark::Complete, &own),
                    Some((_, mark)) => {
                        if matches!(mark, Mark::Missing | Mark::Owed) && !own.is_empty() {
                            let (row, said, name) = (index + 1, mark.name(), &line.name);
                            let text = format!(
                                "第{row}行“{HEADING}”：“{name}”写了{said}，又传了它的扫描件，请改一样。"
                            );
                            problems.lines.push(text);
                        }
                        brought.take(line, *mark, &own);
                    }
                }
            }
            all.push(brought);
        }
        (all, problems)
    }

    /// What the cell of a store says.
    fn said(&self, row: usize, cell: &str, problems: &mut Vec<String>) -> Vec<(usize, Mark)> {
        let mut said = Vec::new();
        let parts = cell.split(['；', ';']).map(str::trim);
        for part in parts.filter(|part| !part.is_empty()) {
            match self.word(part) {
                Ok((place, _)) if said.iter().any(|(other, _)| *other == place) => {
                    let name = &self.lines[place].name;
                    let text = format!("第{row}行“{HEADING}”：“{name}”写了两次，请留下一次。");
                    problems.push(text);
                }
                Ok(word) => said.push(word),
                Err(reason) => problems.push(format!("第{row}行“{HEADING}”：{reason}")),
            }
        }
        said
    }

    fn word(&self, part: &str) -> Result<(usize, Mark), String> {
        let unread = || format!("看不懂“{part}”，请写序号和情况，用分号隔开，例如 3齐全；5容缺。");
        let is_said = |mark: &Mark| !matches!(mark, Mark::Each | Mark::Exempt);
        let marks = Mark::ALL.into_iter().filter(is_said);
        let ends = marks.filter_map(|mark| Some((part.strip_suffix(mark.name())?, mark)));
        // 容缺 ends with 缺 as well: the longer word is meant.
        let longest = ends.min_by_key(|(rest, _)| rest.len());
        let (which, mark) = longest.ok_or_else(unread)?;
        let which = which.trim_end_matches([':', '：', ' ', '.', '、']);
        let is_meant = |line: &&Line| line.name == which || line.number.to_string() == which;
        let place = self.lines.iter().position(|line| is_meant(&line));
        let place = place.ok_or_else(unread)?;
        let line = &self.lines[place];
        if line.mark != Mark::Each {
            return Err(format!(
                "“{}”现在是各家共用的；要分开的，请先在材料里把它标为每家一份。",
                line.name
            ));
        }
        if !line.may(mark) {
            return Err(format!("“{}”不能{}。", line.name, mark.name()));
        }
        Ok((place, mark))
    }
}

impl Line {
    fn unsaid(&self, row: usize, store: &str) -> String {
        let (number, name) = (self.number, &self.name);
        format!(
            "第{row}行“{store}”没有说“{name}”交了没有：请在“{HEADING}”一列写 {number}齐全 或者 {number}缺，也可以传它的扫描件，文件名写 {store}-{number}。"
        )
    }
}

/// What is wrong with the papers of single stores.
#[derive(Default)]
pub(crate) struct Problems {
    /// About lines of the table.
    pub(crate) lines: Vec<String>,
    /// About scans.
    pub(crate) scans: Vec<String>,
}

#[cfg(test)]
mod tests;
