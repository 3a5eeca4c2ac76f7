//! Findings of a ledger check in the words of the people who must act on them; the page, the job and
//! the command line say the same sentence.

use wuchuang_ledger::Finding;

/// One sentence: what is wrong and where.
pub fn finding_words(finding: &Finding) -> String {
    match finding {
        Finding::Changed { seq, stream } => {
            format!("第 {seq} 条记录（{stream}）的内容被改动过，与当时的摘要不符。")
        }
        Finding::Missing { seq } => format!("缺少第 {seq} 条记录，它之后的记录还在。"),
        Finding::Unchained { seq, stream } => {
            format!("第 {seq} 条记录（{stream}）接不上前一条：有记录被插入、替换或调换了顺序。")
        }
        Finding::CutOff { head_seq, last_seq } => {
            format!("账本末尾被截断：应有 {head_seq} 条，只剩 {last_seq} 条。")
        }
        Finding::CheckpointRoot {
            number,
            first_seq,
            last_seq,
        } => {
            format!("第 {number} 个检查点与它所覆盖的记录（第 {first_seq} 至 {last_seq} 条）不符。")
        }
        Finding::CheckpointSignature { number } => {
            format!("第 {number} 个检查点的签名无效。")
        }
    }
}

/// What to do when there are findings.
pub const WAY_OUT: &str =
    "请立即停止写入，保全数据库和备份，并通知审计管理员；用最近一次核对无误的备份对照上述记录。";
