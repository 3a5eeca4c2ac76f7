//! The table of violations, four layers with eight kinds each. No published table of this shape was found, so it is the
//! product's own proposal (示范用语, to be replaced by the county's table); pages say so.

/// Who violates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// 审批部门.
    Department,
    /// 部门负责人.
    Head,
    /// 审批人员.
    Approver,
    /// 窗口人员.
    Counter,
}

impl Layer {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Department, Self::Head, Self::Approver, Self::Counter];

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Department => "审批部门",
            Self::Head => "部门负责人",
            Self::Approver => "审批人员",
            Self::Counter => "窗口人员",
        }
    }
}

/// A kind of violation, by its number from 1 to 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViolationKind {
    /// The number.
    pub number: u8,
    /// Who violates.
    pub layer: Layer,
    /// The word that people read.
    pub name: &'static str,
}

const NAMES: [&str; 32] = [
    "体外审批",
    "应进未进",
    "擅自增设条件",
    "擅自增加材料",
    "违规收费",
    "授权不到位",
    "未公开或公开不实",
    "拒不协同联办",
    "不履行领导责任",
    "干预审批",
    "对超时不纠正",
    "抵触进驻",
    "违规批准延期",
    "对投诉不处理",
    "包庇",
    "不落实整改",
    "应批不批",
    "不应批而批",
    "超权限",
    "超时未决",
    "不说明理由",
    "未依法听证或勘验",
    "泄露申请人信息",
    "徇私或吃拿卡要",
    "应受理不受理",
    "不应受理而受理",
    "未一次性告知",
    "不出具凭证",
    "体外循环或不录入",
    "态度恶劣",
    "脱岗离岗",
    "代收现金",
];

/// The kinds, by number.
pub fn violations() -> impl Iterator<Item = ViolationKind> {
    (1..).zip(NAMES).map(|(number, name)| ViolationKind {
        number,
        layer: Layer::ALL[usize::from((number - 1) / 8)],
        name,
    })
}

/// What a kind is called; empty for a number that is none.
pub fn violation_name(number: u8) -> &'static str {
    violation(number).map_or("", |kind| kind.name)
}

/// A kind by its number; `None` for another number.
pub fn violation(number: u8) -> Option<ViolationKind> {
    violations().find(|kind| kind.number == number)
}
