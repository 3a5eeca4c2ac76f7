//! The drawn processes that cases run on: read once from the version of the item that a case started with, kept compiled, and
//! sent with every command that moves a case.

use std::sync::Arc;

use wuchuang_catalogue::model::{ServiceItem, drawn::DrawingProblem};
use wuchuang_kernel::{CaseId, Region};
use wuchuang_ledger::{Order, Receipt};
use wuchuang_webkit::Failure;

use super::Cases;
use crate::model::{Case, CaseCommand, DrawnProcess};

impl Cases {
    /// Sends a command to a case that the caller has read. One that moves a case in a drawn process takes the process with it;
    /// for every other case this is [`Self::act`] and costs nothing more.
    ///
    /// # Errors
    /// As [`Self::act`], or when the process cannot be read.
    pub async fn act_on(
        &self,
        (id, case): (CaseId, &Case),
        command: CaseCommand,
        order: Order,
    ) -> Result<Receipt, Failure> {
        let command = self.on_process(order.region, case, command).await?;
        self.act(id, command, order).await
    }

    /// The command with what it needs besides the case: the process that its case runs on, or the rules that decide it.
    ///
    /// # Errors
    /// When the process cannot be read.
    pub async fn on_process(
        &self,
        region: Region,
        case: &Case,
        command: CaseCommand,
    ) -> Result<CaseCommand, Failure> {
        if let CaseCommand::DecideByRules(_) = &command {
            return self.with_rules(region, case).await;
        }
        if let CaseCommand::Accept {
            conditional: Some(conditional),
        } = &command
        {
            self.require_tolerance(region, case, conditional).await?;
        }
        if case.terms.drawn.is_none() || !command.moves_process() {
            return Ok(command);
        }
        let process = self.process_of(region, case).await?;
        Ok(match process {
            Some(process) => CaseCommand::OnProcess {
                command: Box::new(command),
                process,
            },
            None => command,
        })
    }

    /// The drawn process of the item's version that a case started with; `None` for an item without one.
    ///
    /// # Errors
    /// When the item cannot be read, or what was published does not read any more.
    pub async fn process_of(
        &self,
        region: Region,
        case: &Case,
    ) -> Result<Option<Arc<DrawnProcess>>, Failure> {
        let Some(terms) = &case.terms.drawn else {
            return Ok(None);
        };
        // Its business rule tasks ask the rules that were in force when the application was made.
        let of_rules = case.terms.rules.as_ref().map_or("", |rules| &rules.sha256);
        let key = format!("{}{of_rules}", terms.sha256);
        if let Some(process) = self.processes.get(&key) {
            return Ok(Some(process));
        }
        let item = case.terms.item.into();
        let loaded = self.ledger.load::<ServiceItem>(region, item).await?;
        let version = loaded
            .and_then(|(_, state)| state.version(case.drawing_version()).cloned())
            .ok_or_else(Failure::not_found)?;
        let process = DrawnProcess::read(&version.content.drawn_process).map_err(|problems| {
            let first = problems.first().map(DrawingProblem::public);
            Failure::internal(std::io::Error::other(first.unwrap_or_default()))
        })?;
        let rules = self.rules_of(region, case).await?;
        let process = Arc::new(process.with_rules(rules));
        self.processes.insert(key, Arc::clone(&process));
        Ok(Some(process))
    }

    /// A process that is at hand without an item of it.
    #[cfg(test)]
    pub(crate) fn know(&self, process: DrawnProcess) {
        let sha256 = process.terms().sha256.clone();
        self.processes.insert(sha256, Arc::new(process));
    }
}
