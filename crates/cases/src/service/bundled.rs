//! What applications for bundles (一件事) ask of the cases below them: the rows of several cases at once, and the check code
//! of a number that stands over several cases.

use std::collections::HashMap;

use wuchuang_kernel::{CommandId, Region};
use wuchuang_ledger::{
    StorageError,
    storage::{Value, list},
};

use super::Cases;
use crate::store::CaseRow;

impl Cases {
    /// The code with which anyone who holds the number of what a command made can ask for the progress.
    pub fn check_code_for(&self, command: CommandId) -> String {
        self.check_code(command)
    }

    /// The rows of some cases, by their identifiers.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn rows(
        &self,
        region: Region,
        cases: &[&str],
    ) -> Result<HashMap<String, CaseRow>, StorageError> {
        if cases.is_empty() {
            return Ok(HashMap::new());
        }
        let places: Vec<String> = (2..cases.len() + 2).map(|at| format!("${at}")).collect();
        let values: Vec<Value> = std::iter::once(region.to_string().into())
            .chain(cases.iter().map(|case| (*case).into()))
            .collect();
        let rows: Vec<CaseRow> = list(
            self.ledger().database().read(),
            &format!(
                "SELECT {} FROM case_file WHERE region = $1 AND id IN ({})",
                CaseRow::COLUMNS,
                places.join(", ")
            ),
            values,
        )
        .await?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
    }
}
