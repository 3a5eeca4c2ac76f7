//! `wuchuang verify --proof`: one receipt's proof, checked under the county's key, without database and without server.

use std::{fs::File, io::Read, path::Path, process::ExitCode};

use anyhow::{Context, Result};
use jiff::Timestamp;
use wuchuang_kernel::china_date;
use wuchuang_ledger::{InclusionProof, PROOF_BYTES_MAX};

use super::read;
use crate::data_folder::DataFolder;

/// Where the key comes from.
pub(super) enum KeyFrom<'a> {
    /// A public key in PEM, as `/api/v1/ledger/public-key` gives it.
    File(&'a Path),
    /// The data folder that a configuration names.
    Configuration(&'a Path),
    /// The data folder of a demonstration.
    Demonstration(&'a Path),
}

/// Says in one sentence whether a proof holds.
pub(super) fn verify(proof: &Path, key: &KeyFrom<'_>) -> Result<ExitCode> {
    let text = read_short(proof)?;
    let (public_pem, region) = match key {
        KeyFrom::File(path) => (read_short(path)?, None),
        KeyFrom::Configuration(path) => {
            let configuration = read(path)?;
            let pem = DataFolder::at(&configuration.data).ledger_public_pem()?;
            (pem, Some(configuration.site.region.to_string()))
        }
        KeyFrom::Demonstration(data) => (DataFolder::at(data).ledger_public_pem()?, None),
    };
    let proof = InclusionProof::read(&text, region.as_deref()).with_context(|| {
        format!(
            "{} 里没有完整的证明。请用回执页“下载证明”得到的文件，或接口给出的 JSON；刚提交的办件要等一两分钟才有证明。",
            proof.display()
        )
    })?;
    let holds = proof.holds(&public_pem);
    println!("{}", sentence(&proof, holds));
    Ok(if holds {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn sentence(proof: &InclusionProof, holds: bool) -> String {
    let checkpoint = &proof.checkpoint;
    if !holds {
        return format!(
            "证明不成立：{} 账本第 {} 条记录的摘要推不出第 {} 个检查点的根，或者检查点不是用这把密钥签署的；证明可能被改动过，或来自别的账本。",
            checkpoint.region, proof.seq, checkpoint.number
        );
    }
    let signed_at = Timestamp::from_microsecond(checkpoint.signed_at_us)
        .map_or_else(|_| String::new(), |at| china_date(at).to_string());
    format!(
        "证明成立：摘要为 {} 的记录是 {} 账本第 {} 条，在 {signed_at} 签署的第 {} 个检查点之下。",
        proof.hash, checkpoint.region, proof.seq, checkpoint.number
    )
}

fn read_short(path: &Path) -> Result<String> {
    let unreadable = || format!("读不了 {}。文件要用 UTF-8 编码。", path.display());
    let mut text = String::new();
    let bound = u64::try_from(PROOF_BYTES_MAX)? + 1;
    File::open(path)
        .with_context(unreadable)?
        .take(bound)
        .read_to_string(&mut text)
        .with_context(unreadable)?;
    Ok(text)
}
