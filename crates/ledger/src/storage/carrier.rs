//! Carries the write-ahead log of SQLite over into the database file, on a thread and a connection of its own, so that
//! nobody who writes waits for it.
//!
//! First everything that is there is carried while others write (`PASSIVE`); what came in meanwhile is little, and for
//! that little the writer is held up, so that it may begin the log anew (`RESTART`). Without the second step a log that is
//! written to without a pause would grow without end.

use std::{
    path::Path,
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

/// After how many changed rows the log is carried over. A page that changed many times meanwhile is carried once.
const ROWS: u64 = 10_000;
/// How long the second step may hold up the writer while it waits for readers.
const PATIENCE: Duration = Duration::from_millis(20);

/// The thread, and the way to wake it.
#[derive(Debug)]
pub(super) struct Carrier {
    wake: SyncSender<()>,
    thread: JoinHandle<()>,
    /// How many rows the writer had changed when it was woken last.
    woken_at: AtomicU64,
}

impl Carrier {
    /// Starts the thread; it ends with [`Carrier::end`] or when its owner is gone.
    pub(super) fn start(path: &Path, flags: OpenFlags) -> std::io::Result<Self> {
        let (wake, woken) = sync_channel(1);
        let path = path.to_owned();
        let thread = std::thread::Builder::new()
            .name("carrier".to_owned())
            .spawn(move || carry(&path, flags, &woken))?;
        Ok(Self {
            wake,
            thread,
            woken_at: AtomicU64::new(0),
        })
    }

    /// Told after each commit how many rows the writing connection has changed in its life.
    pub(super) fn tell(&self, rows: u64) {
        let before = self.woken_at.load(Ordering::Relaxed);
        // A new connection counts from nought.
        if rows < before || rows - before >= ROWS {
            self.woken_at.store(rows, Ordering::Relaxed);
            // If it is awake already it will see these rows as well, or those after them.
            let _awake = self.wake.try_send(());
        }
    }

    /// Ends the thread and waits for it.
    pub(super) fn end(self) {
        drop(self.wake);
        if self.thread.join().is_err() {
            tracing::warn!("the thread that carries the log over ended with a fault");
        }
    }
}

fn carry(path: &Path, flags: OpenFlags, woken: &Receiver<()>) {
    let mut connection = None;
    while woken.recv().is_ok() {
        let carried = match connection.take() {
            Some(open) => Ok(open),
            None => open(path, flags),
        }
        .and_then(|open| {
            checkpoint(&open, "PASSIVE")?;
            checkpoint(&open, "RESTART")?;
            Ok(open)
        });
        match carried {
            Ok(open) => connection = Some(open),
            // The writer carries the log itself when it grows too long.
            Err(error) => tracing::warn!(%error, "the log could not be carried over"),
        }
    }
}

fn open(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// One step. That somebody was in the way is no fault: the next time comes.
fn checkpoint(connection: &Connection, mode: &str) -> rusqlite::Result<()> {
    connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |_row| Ok(()))
}
