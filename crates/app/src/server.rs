//! Listening, the timers, and an orderly end: open requests are answered, jobs at work are finished, and
//! the last records get their checkpoint.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use wuchuang_administration::calendar_put_in_force;
use wuchuang_ledger::Ledger;

use crate::house::House;

/// How often checkpoints are signed and the calendar is looked up again.
const INTERVAL: Duration = Duration::from_secs(60);
/// How long open requests may still take at the end; longer than any request may take at all.
const CLOSING_MAX: Duration = Duration::from_secs(40);

/// Opens the address.
///
/// # Errors
/// When the address is taken or not ours; the sentence says so.
pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "监听不了 {address}：端口可能已被占用，或没有权限。请换一个端口，或先停掉占用它的程序。"
        )
    })
}

/// Serves until `stop` completes, then ends in order.
///
/// # Errors
/// When the listener fails or the last checkpoint cannot be written.
pub async fn serve(
    house: House,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let ledger = house.ledger().clone();
    let (stopping, stopped) = watch::channel(false);
    let jobs = tokio::spawn(house.job_runner().run(stopped.clone()));
    let timer = tokio::spawn(keep_time(house.clone(), stopped.clone()));
    let service = house
        .router()
        .into_make_service_with_connect_info::<SocketAddr>();
    let stopping_too = stopping.clone();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        // Jobs and timers learn it at the same moment.
        stopping_too.send_replace(true);
    });
    let mut ended = stopped.clone();
    let result = tokio::select! {
        result = serving => result.context("服务意外中断"),
        () = async {
            drop(ended.wait_for(|is_stopped| *is_stopped).await);
            tokio::time::sleep(CLOSING_MAX).await;
        } => {
            tracing::warn!("requests were still open at the end");
            Ok(())
        }
    };
    stopping.send_replace(true);
    finish(jobs).await;
    finish(timer).await;
    checkpoint_all(&ledger)
        .await
        .context("最后一个检查点没有写入")?;
    ledger.database().clone().close().await?;
    result
}

async fn finish(task: JoinHandle<()>) {
    if let Err(error) = task.await {
        tracing::error!(%error, "a task ended badly");
    }
}

/// The timers of the house. A failure is logged and tried again at the next turn.
async fn keep_time(house: House, mut stopped: watch::Receiver<bool>) {
    let mut turns = tokio::time::interval(INTERVAL);
    turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = turns.tick() => {}
            _ = stopped.wait_for(|is_stopped| *is_stopped) => return,
        }
        if let Err(error) = checkpoint_all(house.ledger()).await {
            tracing::warn!(%error, "a checkpoint could not be written");
        }
        house.tend().await;
    }
}

/// Signs checkpoints over every record that has none.
///
/// # Errors
/// When records cannot be read or a checkpoint cannot be written.
pub async fn checkpoint_all(ledger: &Ledger) -> Result<()> {
    for region in ledger.regions().await? {
        while ledger.checkpoint(region).await?.is_some() {}
    }
    Ok(())
}

/// Reads every region's calendar notices that another server may have imported.
pub(crate) async fn calendar_refresh(ledger: &Ledger) -> Result<()> {
    for region in ledger.regions().await? {
        calendar_put_in_force(ledger, region).await?;
    }
    Ok(())
}

/// Completes when the system asks the program to end (SIGTERM) or a person presses Ctrl-C.
pub async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::error!(%error, "SIGTERM cannot be heard");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = terminate => {}
        result = tokio::signal::ctrl_c() => {
            if let Err(error) = result {
                tracing::error!(%error, "Ctrl-C cannot be heard");
                std::future::pending::<()>().await;
            }
        }
    }
}
