//! What an administrator does with the ledger from the command line.

use std::{
    fs::{self, OpenOptions},
    io::BufWriter,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use wuchuang_administration::{
    CALENDAR_STREAM, CalendarCommand, WAY_OUT, WorkingCalendar, finding_words,
};
use wuchuang_kernel::{Actor, Channel, Region};
use wuchuang_ledger::{ExecuteError, Expected, Order, export as write_out};

use crate::house::House;

/// `wuchuang verify`: fails when anything was found.
pub(super) async fn verify(house: &House, region: Option<&str>) -> Result<ExitCode> {
    let regions = match region {
        Some(text) => vec![
            text.parse::<Region>()
                .context("--region 要写 6 位区划代码，例如 610924")?,
        ],
        None => house.ledger().regions().await?,
    };
    let mut is_clean = true;
    for region in regions {
        println!("正在核对 {region} 的账本……");
        let report = house.ledger().verify(region).await?;
        if report.findings.is_empty() {
            println!(
                "{region}：{} 条记录、{} 个检查点，全部相符。",
                report.records, report.checkpoints
            );
            continue;
        }
        is_clean = false;
        println!(
            "{region}：{} 条记录、{} 个检查点，发现 {} 处不符：",
            report.records,
            report.checkpoints,
            report.findings.len()
        );
        for finding in &report.findings {
            println!("  {}", finding_words(finding));
        }
        println!("  {WAY_OUT}");
    }
    Ok(if is_clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// `wuchuang replay`: fails when the tables differ and were not replaced.
pub(super) async fn replay(house: &House, keep: bool) -> Result<ExitCode> {
    let mut is_clean = true;
    for region in house.ledger().regions().await? {
        println!("正在由账本重算 {region} 的数据表……");
        let report = house.ledger().replay(region, keep).await?;
        println!(
            "{region}：重放 {} 条记录，比较 {} 张表、{} 行。",
            report.records, report.tables, report.rows
        );
        if report.differences.is_empty() {
            println!("  完全一致。");
            continue;
        }
        is_clean = false;
        // A row may hold personal values, so only its table is told.
        for difference in &report.differences {
            let words = if difference.is_live {
                "现有的一行，重算后没有或不同"
            } else {
                "重算出的一行，现有的没有或不同"
            };
            println!("  表 {}：{words}。", difference.table);
        }
        println!(
            "{}",
            if keep {
                "  已用重算的结果替换。"
            } else {
                "  没有改动。要用重算的结果替换，请加 --keep。"
            }
        );
    }
    Ok(if is_clean || keep {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// `wuchuang export`.
pub(super) async fn export(house: &House, out: &Path) -> Result<()> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(out)
        .with_context(|| {
            format!(
                "写不了 {}：文件已存在或没有权限。请换一个文件名。",
                out.display()
            )
        })?;
    let mut file = BufWriter::new(file);
    let mut count = 0;
    for region in house.ledger().regions().await? {
        count += write_out(house.ledger(), region, &mut file).await?;
    }
    println!("已导出 {count} 条记录到 {}。", out.display());
    Ok(())
}

/// `wuchuang import-calendar`: the same command that the page sends.
pub(super) async fn import_calendar(house: &House, file: &Path, year: i16) -> Result<()> {
    let lines = fs::read_to_string(file)
        .with_context(|| format!("读不了 {}。文件要用 UTF-8 编码。", file.display()))?;
    let ledger = house.ledger();
    let order = Order {
        region: house.configuration().site.region,
        actor: Actor::SYSTEM,
        channel: Channel::System,
        command_id: ledger.command_id(),
        expected: Expected::Any,
    };
    let command = CalendarCommand::ImportNotice { year, lines };
    match ledger
        .execute::<WorkingCalendar>(CALENDAR_STREAM, command, order)
        .await
    {
        Ok(_) => {
            println!(
                "{year}年放假安排已导入。服务会在一分钟内启用它，并重新计算未办结办件的到期日。"
            );
            Ok(())
        }
        Err(ExecuteError::Rejected(rejection)) => bail!("{}", rejection.public.trim_end()),
        Err(error) => Err(error).context("没有导入，什么也没有改动"),
    }
}
