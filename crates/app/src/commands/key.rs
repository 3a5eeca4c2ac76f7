//! `wuchuang key rotate`: another signing certificate for documents. What was signed before keeps its worth, because the
//! root of every earlier certificate stays trusted.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::Subcommand;

use super::system;
use crate::{configuration::Configuration, data_folder::DataFolder};

/// What can be done with the keys of an installation.
#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// 更换电子签章证书；以前签的文书仍能验证。换好后重启服务
    Rotate {
        /// 签发机构给的证书（PEM：先签名证书、后根证书）；不写则自制新的测试证书
        #[arg(long, requires = "private_key")]
        certificates: Option<PathBuf>,
        /// 签名证书的私钥（PKCS#8 PEM）
        #[arg(long, requires = "certificates")]
        private_key: Option<PathBuf>,
    },
}

pub(super) fn run(command: KeyCommand, configuration: &Configuration) -> Result<()> {
    let KeyCommand::Rotate {
        certificates,
        private_key,
    } = command;
    let folder = DataFolder::at(&configuration.data);
    if !folder.is_initialised() {
        bail!("这里还没有密钥。新装的系统请先运行 wuchuang init。");
    }
    let given = match (certificates, private_key) {
        (Some(certificates), Some(private_key)) => Some((
            read(&certificates).context("证书没有更换")?,
            read(&private_key).context("证书没有更换")?,
        )),
        _ => None,
    };
    let (clock, randomness) = system();
    let names =
        folder.authority_rotate(&configuration.site, given, clock.now(), randomness.as_ref())?;
    println!(
        "签章证书已由“{}”换成“{}”。以前的根证书仍受信任，已签的文书照常验证。",
        names.earlier, names.present
    );
    println!("请备份 keys 目录，然后重启服务，新文书才用新证书签署。");
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("读不了 {}", path.display()))
}
