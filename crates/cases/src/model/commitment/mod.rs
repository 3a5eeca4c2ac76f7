//! 告知承诺: a written promise in the place of a proof (国办发〔2020〕42号). The applicant is told what the proof is for,
//! that they may as well hand it in, how the promise is checked and what follows from a false one; what they agreed to
//! is kept in the case word for word.

pub(super) mod trust;

use wuchuang_kernel::Rejection;

use super::{
    parts::{Material, MaterialSource},
    terms::ItemTerms,
};

/// What is told and promised, one paragraph each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitmentText {
    /// 告知: what the applicant is told before they promise.
    pub told: Vec<String>,
    /// 承诺: what they promise.
    pub promised: Vec<String>,
}

impl CommitmentText {
    /// The text for one material of an item; `copy_days` is for how many days the copy is valid that comes first
    /// (承诺制+副本制), where the item says so.
    pub fn of(item: &str, material: &str, copy_days: Option<u16>) -> Self {
        let mut told = vec![
                format!("“{material}”用来证明您符合办理“{item}”的条件。"),
                "您可以写承诺书代替它，也可以不承诺、照常提交材料，办理时一样对待。".to_owned(),
                "作出承诺后，办理单位会在办理中和办结后核查，您要配合。".to_owned(),
                "承诺不属实的：还没有办结的，不予办理；已经办结的，依法撤销决定；记入信用记录，以后不再适用告知承诺；违法的，依法承担责任。".to_owned(),
        ];
        if let Some(days) = copy_days {
            told.push(copy_first(days));
        }
        Self {
            told,
            promised: vec![
                "我已看懂上面告知的全部内容。".to_owned(),
                format!("我符合“{material}”所要证明的条件，核查时能够提供相应的材料。"),
                "我愿意承担承诺不属实的法律责任。以上是我的真实意思。".to_owned(),
            ],
        }
    }

    /// The same with what one of several items says of its copy: an application for several shows one text for all.
    #[must_use]
    pub fn with_copy_of(mut self, item: &str, days: u16) -> Self {
        self.told.push(format!("“{item}”{}", copy_first(days)));
        self
    }

    /// The whole text as the case keeps it.
    pub fn whole(&self) -> String {
        format!(
            "告知：{}承诺：{}",
            self.told.concat(),
            self.promised.concat()
        )
    }
}

fn copy_first(days: u16) -> String {
    format!("作出承诺并准予的，先发证照副本，有效期 {days} 天；核查属实的，不用再申请，发给正本。")
}

/// A promise stands only in the place of a material for which the item allows it.
pub(super) fn check_commitments(
    terms: &ItemTerms,
    materials: &[Material],
) -> Result<(), Rejection> {
    for material in materials {
        if !matches!(material.source, MaterialSource::Commitment { .. }) {
            continue;
        }
        let is_allowed = material
            .requirement
            .as_ref()
            .and_then(|id| terms.material(id))
            .is_some_and(|wanted| wanted.by_commitment);
        if !is_allowed {
            return Err(Rejection::new(
                "commitment_not_allowed",
                "这份材料不能用承诺书代替，请提交原件或复印件。",
            )
            .at("materials"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn the_text_says_what_is_promised_and_what_follows() {
        expect![[r#"
            告知：“经营场所使用证明”用来证明您符合办理“个体工商户设立登记”的条件。您可以写承诺书代替它，也可以不承诺、照常提交材料，办理时一样对待。作出承诺后，办理单位会在办理中和办结后核查，您要配合。承诺不属实的：还没有办结的，不予办理；已经办结的，依法撤销决定；记入信用记录，以后不再适用告知承诺；违法的，依法承担责任。承诺：我已看懂上面告知的全部内容。我符合“经营场所使用证明”所要证明的条件，核查时能够提供相应的材料。我愿意承担承诺不属实的法律责任。以上是我的真实意思。"#]]
        .assert_eq(&CommitmentText::of("个体工商户设立登记", "经营场所使用证明", None).whole());
        let with_copy = CommitmentText::of("劳务派遣经营许可", "经营场所使用证明", Some(60));
        assert_eq!(
            with_copy.told[4],
            "作出承诺并准予的，先发证照副本，有效期 60 天；核查属实的，不用再申请，发给正本。"
        );
        let several = CommitmentText::of("我要开店", "经营场所使用证明", None)
            .with_copy_of("劳务派遣经营许可", 60);
        assert_eq!(
            several.told[4],
            "“劳务派遣经营许可”作出承诺并准予的，先发证照副本，有效期 60 天；核查属实的，不用再申请，发给正本。"
        );
    }
}
