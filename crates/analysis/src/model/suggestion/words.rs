//! Why something is suggested, in a sentence with its figures.

use super::{Grounds, SuggestionKind};

/// The reason of a suggestion.
pub fn sentence(grounds: &Grounds) -> String {
    let Grounds {
        whole, part, place, ..
    } = grounds;
    let percent = grounds.percent();
    match grounds.kind {
        SuggestionKind::Delegate => format!(
            "三年里知道来自哪个镇的申请有{whole}件，其中{part}件（{percent}%）来自{place}，可以研究下放到那里办。"
        ),
        SuggestionKind::Join => {
            let other = grounds.other.as_ref().map_or("", |(_, name)| name);
            format!(
                "有{part}名申请人在90天内既办“{}”又办“{other}”，是申请较少的一项{whole}件的{percent}%，可以研究并入一件事或者合并。",
                grounds.item_name
            )
        }
        SuggestionKind::Guide => format!(
            "本系统三年里收件{whole}件，其中{part}件（{percent}%）被要求补正或者不予受理，办事指南可能没有说清楚。"
        ),
        SuggestionKind::Online if grounds.is_online => format!(
            "已经可以网上办，但三年里{whole}件申请中仍有{part}件（{percent}%）在窗口提出，要看网上办理难在哪里。"
        ),
        SuggestionKind::Online => format!(
            "三年里申请{whole}件，其中{part}件（{percent}%）在窗口提出，而这个事项还不能网上申请。"
        ),
        SuggestionKind::Cancel => {
            "三年里没有一件申请，可以研究取消，或者并入相近的事项。".to_owned()
        }
        SuggestionKind::Window => format!(
            "{place}窗口收件{part}件，平常一个月{whole}件左右，高峰期可以增设窗口或者调整人员。"
        ),
    }
}

/// What the whole of the figures counts.
pub const fn dimension(kind: SuggestionKind) -> &'static str {
    match kind {
        SuggestionKind::Window => "平常每月件数",
        SuggestionKind::Join => "较少一项的件数",
        _ => "申请件数",
    }
}
