//! Setting up and serving.

use anyhow::{Context, Result};
use wuchuang_ledger::migrate as apply;

use super::{database, open, system};
use crate::{configuration::Configuration, data_folder::DataFolder, server, slices};

/// `wuchuang init`.
pub(super) async fn init(configuration: Configuration) -> Result<()> {
    let folder = DataFolder::at(&configuration.data);
    let (clock, randomness) = system();
    let made = folder.initialise(&configuration.site, clock.now(), randomness.as_ref())?;
    if made.is_empty() {
        println!(
            "密钥已经在 {}，没有改动。",
            folder.root().join("keys").display()
        );
    } else {
        println!(
            "已建立密钥：{}（在 {}）。",
            made.join("、"),
            folder.root().join("keys").display()
        );
        println!("请马上备份 keys 目录，并与数据库备份分开存放：丢了它，个人信息读不出来。");
        println!(
            "电子签章用的是自制的测试证书（名称以“测试 TEST”开头），正式使用前请用 wuchuang key rotate 换成签发机构的证书。"
        );
    }
    migrate(&configuration).await?;
    println!("下一步：wuchuang serve");
    Ok(())
}

/// `wuchuang migrate`.
pub(super) async fn migrate(configuration: &Configuration) -> Result<()> {
    let database = database(configuration).await?;
    let applied = apply(&database, &slices::migrations())
        .await
        .context("数据库结构没有全部更新；已完成的部分有效，排除原因后可重新运行")?;
    match applied.len() {
        0 => println!("数据库结构已是最新。"),
        count => println!("数据库结构已更新：{count} 项。"),
    }
    database.close().await?;
    Ok(())
}

/// `wuchuang serve`.
pub(super) async fn serve(configuration: Configuration) -> Result<()> {
    let address = configuration.listen;
    let house = open(configuration).await?;
    let listener = server::listen(address).await?;
    println!("五窗已启动，监听 {address}。按 Ctrl-C 停止。");
    server::serve(house, listener, server::asked_to_stop()).await?;
    println!("五窗已停止。");
    Ok(())
}
