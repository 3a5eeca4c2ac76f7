//! The log of the program. What goes into it holds no personal data: requests are logged by the
//! pattern of their path, never by query or body (see `web::watch`).

use tracing_subscriber::{EnvFilter, fmt};

use crate::configuration::LogFormat;

/// Starts the log. A second start in one process changes nothing.
///
/// # Errors
/// When the filter does not read; the sentence says how to write one.
pub fn start(format: LogFormat, filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        anyhow::anyhow!(
            "log.filter 看不懂（{error}）。例如写 \"info\" 或 \"info,wuchuang_ledger=debug\"。"
        )
    })?;
    let builder = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A log whose disk is full would be complained of on that same log, and the complaint panics: requests
        // would be dropped because nobody can write down that they failed.
        .log_internal_errors(false);
    let started = match format {
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .try_init(),
        LogFormat::Pretty => builder.compact().try_init(),
    };
    // Another part of the process (a test) may have started it already.
    drop(started);
    Ok(())
}
