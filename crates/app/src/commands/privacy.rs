//! Deleting and holding a person's data from the command line.

use std::io;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use wuchuang_access::{PrivacyError, model::privacy::PrivacyAct, order_of_keeper};
use wuchuang_codes::CitizenNumber;
use wuchuang_kernel::PersonId;
use wuchuang_ledger::{ExecuteError, ForgetError, HoldError};

use crate::house::House;

/// Whose data a command is about.
#[derive(Debug, Args)]
pub(super) struct Whose {
    /// 这个人的编号（32 位，在“个人信息”页面上看到）
    #[arg(long, required_unless_present = "by_number")]
    person: Option<String>,
    // What stands on a command line is seen by every user of the machine and kept in its history.
    /// 不写编号，改为从终端输入身份证号
    #[arg(long, conflicts_with = "person")]
    by_number: bool,
}

impl Whose {
    async fn find(self, house: &House) -> Result<PersonId> {
        if let Some(person) = &self.person {
            return person.parse().map_err(|_| {
                anyhow!("--person 要写人员编号：32 个十六进制数字，可在“个人信息”页面上看到")
            });
        }
        eprintln!("请输入身份证号：");
        let mut line = String::new();
        io::stdin()
            .read_line(&mut line)
            .context("没有读到身份证号")?;
        let number = CitizenNumber::parse(line.trim()).map_err(|error| anyhow!(error.explain()))?;
        let region = house.configuration().site.region;
        let directory = house.slices().access().directory();
        let found = directory.citizen_find_by_number(region, &number).await?;
        found
            .map(|citizen| citizen.person)
            .context("没有这个人的登记，或其个人信息已经删除。请核对号码。")
    }
}

/// `wuchuang forget` and `wuchuang hold`: the same acts as on the page, with the same trace.
pub(super) async fn act(house: &House, whose: Whose, act: PrivacyAct, reason: &str) -> Result<()> {
    let person = whose.find(house).await?;
    let directory = house.slices().access().directory();
    let order = order_of_keeper(
        house.configuration().site.region,
        house.ledger().command_id(),
    );
    match directory.privacy_act(person, act, reason, order).await {
        Ok(()) => {
            println!(
                "{}",
                match act {
                    PrivacyAct::Forget =>
                        "已删除这个人的个人信息。账本的记录和摘要不变，其中属于这个人的内容再也读不出来。",
                    PrivacyAct::Hold => "已保留，保留期间不能删除这个人的信息。",
                    PrivacyAct::Lift => "已解除保留。",
                }
            );
            if act == PrivacyAct::Forget {
                println!(
                    "这个人上传、扫描的材料和以其名义生成的文书、证照文件，由服务从文件库中删除（别人的办件也用到的同一文件除外）；服务没有运行的，下次启动时删除。备份里的副本请按备份保管规定处理。"
                );
            }
            Ok(())
        }
        Err(PrivacyError::Forget(ForgetError::Held(reason))) => {
            bail!(
                "依法保留中，不能删除。理由：{reason}。要删除，请先用 wuchuang hold --lift 解除保留。"
            )
        }
        Err(
            PrivacyError::Forget(ForgetError::Unknown(_))
            | PrivacyError::Hold(HoldError::Unknown(_)),
        ) => bail!("账本上没有这个编号的人，或其信息已经删除。"),
        Err(PrivacyError::Execute(ExecuteError::Rejected(rejection))) => {
            bail!("{}", rejection.public)
        }
        Err(error) => Err(error).context("没有做成；已经写入的决定留在记录里"),
    }
}
