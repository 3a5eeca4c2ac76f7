//! A file that may be deployed: the text as it came, and the processes made from it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::check;
use crate::ids::ElementId;
use crate::model::{DraftProcess, Process, compile, whole};
use crate::problem::{Problem, Problems};
use crate::xml;

/// A BPMN file without errors.
#[derive(Clone, Debug)]
pub struct Definition {
    text: String,
    processes: Vec<Process>,
    whole: Process,
    called: Vec<ElementId>,
    problems: Problems,
}

impl Definition {
    /// Reads a file, checks it and makes its processes.
    ///
    /// # Errors
    /// All problems at once, if one of them forbids deployment.
    pub fn parse(xml: &str) -> Result<Self, Problems> {
        Self::from_bytes(xml.as_bytes())
    }

    /// Like [`Self::parse`], for the bytes of an upload. Only UTF-8 is read.
    ///
    /// # Errors
    /// All problems at once, if one of them forbids deployment.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problems> {
        let mut read = xml::read(bytes)?;
        let chosen = check::check(&read.draft, &mut read.problems);
        let problems = read.problems.in_order();
        if problems.forbid() {
            return Err(problems);
        }
        let drafts = chosen.into_iter().map(|index| &read.draft.processes[index]);
        let drafts: Vec<&DraftProcess> = drafts.collect();
        let processes: Vec<Process> = drafts
            .iter()
            .map(|draft| compile(draft, read.text))
            .collect();
        let (whole, called) = match whole(&drafts) {
            Some(joined) if joined.is_joined => {
                (compile(&joined.process, read.text), joined.called)
            }
            // In which nothing of the file stands is itself the whole.
            Some(alone) => {
                let same = processes.iter().find(|one| *one.id() == alone.process.id);
                (same.unwrap_or(&processes[0]).clone(), alone.called)
            }
            None => (processes[0].clone(), BTreeSet::new()),
        };
        Ok(Self {
            processes,
            whole,
            called: called.into_iter().collect(),
            text: read.text.to_owned(),
            problems,
        })
    }

    /// Warnings and notices; errors cannot be among them.
    pub fn problems(&self) -> &Problems {
        &self.problems
    }

    /// The file as it was imported, to the letter: diagram, comments and foreign extensions included. Nothing is
    /// written anew, so nothing can get lost.
    pub fn export(&self) -> &str {
        &self.text
    }

    /// A form that is equal for files that say the same, whatever their prefixes, order of attributes and layout.
    pub fn canonical(&self) -> String {
        xml::canonical(&self.text)
    }

    /// The processes that can be run, in the order of the file; at least one.
    pub fn processes(&self) -> &[Process] {
        &self.processes
    }

    /// A process by its id in the file.
    pub fn process(&self, id: &str) -> Option<&Process> {
        self.processes
            .iter()
            .find(|process| process.id().as_str() == id)
    }

    /// The process of the file with those that it calls within the file, each in the place of its call activity.
    pub const fn whole(&self) -> &Process {
        &self.whole
    }

    /// The processes that the whole calls, itself or through others, whether they stand in it or could not.
    pub fn called(&self) -> &[ElementId] {
        &self.called
    }

    /// The first process; most files have only one.
    pub fn main(&self) -> &Process {
        &self.processes[0]
    }
}

/// What a check of a file found, ready for one JSON line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Whether the file can be deployed.
    pub deployable: bool,
    /// The ids of the processes that would run.
    pub processes: Vec<String>,
    /// Everything found, in the order of lines.
    pub problems: Vec<Problem>,
}

/// Checks the bytes of a file. Never fails and never panics: what is wrong is in the report.
pub fn check_file(bytes: &[u8]) -> CheckReport {
    match Definition::from_bytes(bytes) {
        Ok(definition) => CheckReport {
            deployable: true,
            processes: definition
                .processes()
                .iter()
                .map(|process| process.id().to_string())
                .collect(),
            problems: definition.problems().list().to_vec(),
        },
        Err(problems) => CheckReport {
            deployable: false,
            processes: Vec::new(),
            problems: problems.list().to_vec(),
        },
    }
}
