//! The national labels (evalDetail) of the five grades, as the evaluator page of the national platform
//! has them. The first digit is the number of stars.

use wuchuang_codes::Satisfaction;

/// How many labels a grade has at most.
pub const LABELS_MAX: usize = 8;

/// A label: its code and its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// The national code.
    pub code: u16,
    /// The words.
    pub words: &'static str,
}

const fn label(code: u16, words: &'static str) -> Label {
    Label { code, words }
}

const VERY_SATISFIED: [Label; 8] = [
    label(510, "一窗受理一次办结"),
    label(511, "可以先受理后补材料"),
    label(512, "不用提交证明"),
    label(513, "可以全程网上办理"),
    label(514, "可以使用手机办理"),
    label(515, "可以就近办理"),
    label(516, "无需材料直接办理"),
    label(517, "服务热情效率高"),
];

const SATISFIED: [Label; 8] = [
    label(406, "填写一张表单就可完成申报"),
    label(407, "在线提交材料窗口核验"),
    label(408, "一张清单告知全部申报材料"),
    label(409, "用告知承诺减免申报材料"),
    label(410, "可以在线预约办理"),
    label(411, "跑大厅一次办完"),
    label(412, "可以使用自助机办理"),
    label(413, "服务态度较好"),
];

const ACCEPTABLE: [Label; 8] = [
    label(307, "一次性告知需要补正的材料"),
    label(308, "提供申报材料样本"),
    label(309, "在承诺的时间内办结"),
    label(310, "办事指南指引准确"),
    label(311, "按办事指南要求的材料即可办理"),
    label(312, "可以快递送达"),
    label(313, "跑动次数与承诺的一致"),
    label(314, "服务态度一般"),
];

const DISSATISFIED: [Label; 8] = [
    label(207, "没有提供材料样本"),
    label(208, "没有提供材料清单"),
    label(209, "未在承诺时间内办结"),
    label(210, "同样内容的证明材料被要求多次提交"),
    label(211, "承诺网办但无法在线办理"),
    label(212, "在线预约办理后到实体大厅重复取号排队"),
    label(213, "窗口人员业务不熟练"),
    label(214, "服务态度生硬"),
];

const VERY_DISSATISFIED: [Label; 8] = [
    label(108, "在办事指南之外增加新的审批条件"),
    label(109, "需提供办事指南之外的申报材料"),
    label(110, "无理由超过法定办理时间"),
    label(111, "办事指南提供样本有错"),
    label(112, "承诺在线收取申报材料实际无法收取"),
    label(113, "多头跑窗口和部门"),
    label(114, "跑动次数与承诺的不一致"),
    label(115, "服务态度差效率低"),
];

/// The labels of a grade, in the order of their codes.
pub const fn labels_of(grade: Satisfaction) -> &'static [Label] {
    match grade {
        Satisfaction::VerySatisfied => &VERY_SATISFIED,
        Satisfaction::Satisfied => &SATISFIED,
        Satisfaction::Acceptable => &ACCEPTABLE,
        Satisfaction::Dissatisfied => &DISSATISFIED,
        Satisfaction::VeryDissatisfied => &VERY_DISSATISFIED,
    }
}

/// The grade that a label belongs to.
pub fn grade_of(code: u16) -> Option<Satisfaction> {
    Satisfaction::ALL
        .iter()
        .copied()
        .find(|grade| labels_of(*grade).iter().any(|label| label.code == code))
}

/// The words of a label.
pub fn words_of(code: u16) -> Option<&'static str> {
    Satisfaction::ALL
        .iter()
        .flat_map(|grade| labels_of(*grade))
        .find(|label| label.code == code)
        .map(|label| label.words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_digit_of_a_label_is_its_stars() {
        for grade in Satisfaction::ALL {
            let labels = labels_of(*grade);
            assert_eq!(labels.len(), LABELS_MAX);
            for label in labels {
                assert_eq!(label.code / 100, u16::from(grade.rating_exchange_stars()));
                assert_eq!(grade_of(label.code), Some(*grade));
                assert_eq!(words_of(label.code), Some(label.words));
            }
        }
        assert_eq!(grade_of(999), None);
    }
}
