//! `wuchuang demo`: from nothing to a running demonstration county with one command.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result};

use super::{open, system};
use crate::{
    configuration::{Configuration, Secret},
    data_folder::DataFolder,
    server, slices,
};

/// Makes what is missing, fills an empty county, serves. Its database lies in the folder unless another
/// one is named.
pub(super) async fn run(data: PathBuf, listen: SocketAddr, database: Option<Secret>) -> Result<()> {
    println!("[1/3] 准备数据目录 {}", data.display());
    let folder = DataFolder::at(&data);
    let mut configuration = Configuration::demonstration(data, listen);
    if let Some(database) = database {
        configuration.database_url = database;
    }
    let (clock, randomness) = system();
    let made = folder.initialise(&configuration.site, clock.now(), randomness.as_ref())?;
    println!(
        "      {}",
        if made.is_empty() {
            "密钥已在"
        } else {
            "密钥已建立"
        }
    );
    println!("[2/3] 建立演示县（紫阳县）");
    let house = open(configuration).await?;
    // The address is taken before the county is filled: whoever runs it twice learns it at once.
    let listener = server::listen(listen).await?;
    let accounts = slices::demonstrate(&house, &mut |words| println!("      {words}"))
        .await
        .context("演示县没有建完。可以删除数据目录后重新运行。")?;
    println!("[3/3] 启动");
    println!();
    println!("  打开 http://{listen}/        群众办事");
    println!("  打开 http://{listen}/staff   工作人员");
    println!();
    for account in accounts {
        println!("  {account}");
    }
    println!();
    println!("  按 Ctrl-C 停止；再次运行会接着用这份数据。");
    server::serve(house, listener, server::asked_to_stop()).await?;
    println!("已停止。");
    Ok(())
}
