//! Setting up and serving.

use std::path::Path;

use anyhow::{Context, Result, bail};
use wuchuang_access::{DIVISIONS_BYTES_MAX, read_divisions};
use wuchuang_ledger::migrate as apply;

use super::{database, open, open_beside, system};
use crate::{configuration::Configuration, data_folder::DataFolder, server, slices};

/// `wuchuang init`.
pub(super) async fn init(configuration: Configuration) -> Result<()> {
    let folder = DataFolder::at(&configuration.data);
    folder.refuse_foreign_user()?;
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
    let site = configuration.site.clone();
    let house = open_beside(configuration).await?;
    let access = house.slices().access();
    let first = access
        .found(&site.county_name, &site.operator)
        .await
        .context("管理员账号没有全部建立；再次运行 wuchuang init 会接着做")?;
    if first.is_empty() {
        println!("管理员账号已经在，没有改动。密码丢了：wuchuang reset-password 账号名");
    } else {
        println!(
            "已建立{}（根机构）和管理员账号。一次性密码只显示这一次，请分别交给三个人，首次登录时必须改掉：",
            site.operator
        );
        for account in &first {
            println!(
                "  账号 {:<10}一次性密码 {}  {}",
                account.account,
                account.password,
                account.role.name()
            );
        }
    }
    println!("下一步：");
    println!("  1. 导入乡镇和村：wuchuang import-regions 文件.csv");
    println!("  2. 启动：systemctl enable --now wuchuang（或 wuchuang serve）");
    println!(
        "  3. 在 {}/staff/login 登录，登记机构和人员。步骤见 /usr/share/doc/wuchuang/install.zh-CN.md",
        house.configuration().public_url
    );
    Ok(())
}

/// `wuchuang import-regions`.
pub(super) async fn import_regions(configuration: Configuration, file: &Path) -> Result<()> {
    let unreadable = || {
        format!(
            "读不了 {}。文件要用 UTF-8 编码（在 Excel 里另存为“CSV UTF-8”）。",
            file.display()
        )
    };
    let bytes = std::fs::metadata(file).with_context(unreadable)?.len();
    if bytes > DIVISIONS_BYTES_MAX as u64 {
        bail!(
            "{} 超过 1 MB，不像一个县的乡镇和村。请核对文件。",
            file.display()
        );
    }
    let text = std::fs::read_to_string(file).with_context(unreadable)?;
    let region = configuration.site.region;
    let divisions = read_divisions(&text, region.county()).map_err(|problems| {
        anyhow::anyhow!(
            "文件有 {} 处需要改正，一行也没有导入：\n  {}",
            problems.len(),
            problems.join("\n  ")
        )
    })?;
    let house = open_beside(configuration).await?;
    let directory = house.slices().access().directory();
    directory
        .write_divisions(region, &divisions)
        .await
        .context("没有导入，什么也没有改动")?;
    let count = |digits: usize| {
        divisions
            .iter()
            .filter(|division| division.code.len() == digits)
            .count()
    };
    println!(
        "已导入 {} 个乡镇（街道）、{} 个村（社区）。已启动的服务会在五分钟内用上。",
        count(9),
        count(12)
    );
    Ok(())
}

/// `wuchuang reset-password`.
pub(super) async fn reset_password(configuration: Configuration, account: &str) -> Result<()> {
    let house = open_beside(configuration).await?;
    let set = house.slices().access().reset_password(account.trim());
    match set.await.context("密码没有改动")? {
        Some(password) => {
            println!("账号 {account} 的新一次性密码：{password}（只显示这一次，登录时必须改掉）");
            Ok(())
        }
        None => bail!("没有账号“{account}”。请核对账号名。"),
    }
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
