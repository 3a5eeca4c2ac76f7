//! A check of the whole chain is asked for here, by the page and by programs.

use wuchuang_kernel::CommandId;
use wuchuang_ledger::{Expected, Ledger, NewJob};
use wuchuang_webkit::{Caller, Failure};

use crate::{
    jobs::{CheckInput, LEDGER_CHECK},
    store,
};

/// Notes that a check is wanted and plans it. The same key is one check: once it is done, it is not done again.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn ask(
    ledger: &Ledger,
    caller: &Caller,
    form_key: Option<&str>,
) -> Result<CommandId, Failure> {
    let check = caller.order(form_key, Expected::Any).command_id;
    let (database, id) = (ledger.database(), check.to_string());
    let known = store::check(database, caller.region, &id).await?;
    if known.as_ref().is_some_and(|row| row.done_at_us.is_some()) {
        return Ok(check);
    }
    let asked_at_us = known.map_or(caller.now.as_microsecond(), |row| row.asked_at_us);
    store::check_ask(database, caller.region, &id, caller.now).await?;
    // One that was noted and not done may have lost its job; a second one for it does no harm.
    let input = CheckInput {
        check: id,
        asked_at_us: Some(asked_at_us),
    };
    let job = NewJob::now(LEDGER_CHECK, &input);
    ledger.job_add(caller.region, job).await?;
    Ok(check)
}
