//! Staff see licences masked. The whole of one is shown for a reason about the work, which is kept as with cases
//! ([`wuchuang_cases::looks`] holds the rule); supervisors read it on the licence's page, the audit with all other looks.

use wuchuang_cases::looks::LookBook;

/// The looks at whole licences.
pub const LICENCE_LOOKS: LookBook = LookBook {
    kind: "licence",
    name: "证照",
    table: "licence_look",
    subject: "licence",
    named_by: ("licence", ["number", "name", "holder_kind", "holder_name"]),
    reason_wanted: "查看完整证照请写明工作上的理由（1至200字），系统会留存记录。",
};
