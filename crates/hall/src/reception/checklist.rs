//! The checklist of materials at a counter: each is 齐全, 缺, 容缺, 免提交 or 承诺. What follows from the
//! marks (materials handed in, defects to tell, supplements owed) is decided here and nowhere else.

use wuchuang_cases::model::{CommitmentText, Defect, FileReference, Material, MaterialSource};
use wuchuang_catalogue::model::{ItemContent, ItemMaterial, MaterialForm};
use wuchuang_kernel::MaterialId;
use wuchuang_licences::reuse::{Offer, Stock};
use wuchuang_webkit::forms::FieldErrors;

use super::sheet::Sheet;

/// How many copies of one paper are recorded at most.
const COPIES_MAX: u16 = 999;
/// How many materials have a digit key.
const DIGIT_KEYS: usize = 9;
/// How long one problem's text may be, in characters; the case's own limit is the same.
const PROBLEM_CHARACTERS_MAX: usize = 500;

/// How a material stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// 缺: not there, or not as it must be. Where every material begins, so that none counts as seen
    /// that was not.
    Missing,
    /// 齐全.
    Complete,
    /// 容缺: follows after acceptance.
    Owed,
    /// 免提交: the house has it.
    Exempt,
    /// 承诺: the applicant signed a promise in its place (告知承诺).
    Promised,
}

impl Mark {
    /// All marks, in the order of the keys.
    pub(crate) const ALL: [Self; 5] = [
        Self::Missing,
        Self::Complete,
        Self::Owed,
        Self::Exempt,
        Self::Promised,
    ];

    /// What the form sends.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Complete => "complete",
            Self::Owed => "owed",
            Self::Exempt => "exempt",
            Self::Promised => "promised",
        }
    }

    /// What the clerk reads.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Missing => "缺",
            Self::Complete => "齐全",
            Self::Owed => "容缺",
            Self::Exempt => "免提交",
            Self::Promised => "承诺",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.code() == code)
    }
}

/// One material of the item, as it lies on the counter.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Its key in the item.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Whether the application is incomplete without it.
    pub(crate) is_required: bool,
    /// Whether it may follow after acceptance.
    pub(crate) may_follow: bool,
    /// What the house has already that may stand for it.
    pub(crate) substitute: Option<Offer>,
    /// What is told and promised in its place, where the item allows it (告知承诺).
    pub(crate) commitment: Option<CommitmentText>,
    /// 纸质 2 份, and what to look out for.
    pub(crate) asked: String,
    /// How it stands.
    pub(crate) mark: Mark,
    /// How many copies were handed over.
    pub(crate) copies: u16,
    /// What is missing or wrong, and how to mend it.
    pub(crate) problem: String,
    /// Scans.
    pub(crate) files: Vec<FileReference>,
    /// The digit that moves its mark.
    pub(crate) key: String,
}

impl Line {
    fn of(
        index: usize,
        (material, content): (&ItemMaterial, &ItemContent),
        (stock, organisation): (&Stock, Option<(&str, &str)>),
    ) -> Self {
        // The best of the offers: a licence, or the newest of the earlier papers.
        let substitute = stock.offers(material, organisation).into_iter().next();
        let mut asked = format!("{} {} 份", material.form.name(), material.copies);
        if !material.note.is_empty() {
            asked.push('；');
            asked.push_str(&material.note);
        }
        Self {
            id: material.id.clone(),
            name: material.name.clone(),
            is_required: material.is_required(),
            may_follow: material.may_follow()
                && content.conditional_acceptance_allowed
                && !content.is_instant(),
            // A licence is as good as the paper; an older paper the clerk looks at first.
            mark: if substitute.as_ref().is_some_and(Offer::is_licence) {
                Mark::Exempt
            } else {
                Mark::Missing
            },
            substitute,
            commitment: (content.commitment_allowed && material.by_commitment)
                .then(|| CommitmentText::of(&content.name, &material.name, content.copy_days())),
            copies: material.copies.max(1),
            problem: problem_of(material),
            asked,
            files: Vec::new(),
            key: if index < DIGIT_KEYS {
                (index + 1).to_string()
            } else {
                String::new()
            },
        }
    }

    /// The marks that this material may have, in the order in which its digit key goes through them.
    pub(crate) fn marks(&self) -> Vec<Mark> {
        Mark::ALL
            .into_iter()
            .filter(|mark| match mark {
                Mark::Missing | Mark::Complete => true,
                Mark::Owed => self.may_follow,
                Mark::Exempt => self.substitute.is_some(),
                Mark::Promised => self.commitment.is_some(),
            })
            .collect()
    }

    /// The key of what the house has; empty when it has nothing.
    pub(crate) fn offered(&self) -> &str {
        let offer = self.substitute.as_ref();
        offer.map_or("", |offer| offer.key.as_str())
    }

    fn read(&mut self, sheet: &Sheet) {
        if let Some(mark) = Mark::from_code(sheet.text(&format!("mark-{}", self.id)))
            && self.marks().contains(&mark)
        {
            self.mark = mark;
        }
        // What was marked is what was seen: another organisation's papers may have stood here then.
        let seen = sheet.text(&format!("offer-{}", self.id));
        let is_another = !seen.is_empty() && seen != self.offered();
        if self.mark == Mark::Exempt && is_another {
            self.mark = Mark::Missing;
        }
        if let Ok(copies) = sheet
            .text(&format!("copies-{}", self.id))
            .trim()
            .parse::<u16>()
        {
            self.copies = copies.clamp(1, COPIES_MAX);
        }
        let problem = sheet.text(&format!("problem-{}", self.id)).trim();
        if !problem.is_empty() {
            self.problem = problem.chars().take(PROBLEM_CHARACTERS_MAX).collect();
        }
    }

    fn material(&self, id: MaterialId) -> Option<Material> {
        if let (Some(offer), Mark::Exempt) = (&self.substitute, self.mark) {
            let mut material = offer.material(id);
            material.files.extend(self.files.iter().cloned());
            return Some(material);
        }
        let source = match (&self.commitment, self.mark) {
            // A scan of the signed promise goes with it.
            (Some(text), Mark::Promised) => MaterialSource::Commitment { text: text.whole() },
            _ if !self.files.is_empty() => MaterialSource::Uploaded,
            (_, Mark::Complete) => MaterialSource::Paper {
                copies: self.copies,
            },
            _ => return None,
        };
        Some(Material {
            id,
            requirement: Some(self.id.clone()),
            name: self.name.clone(),
            source,
            files: self.files.clone(),
        })
    }
}

/// The sentence that a notice begins with; the clerk may change it.
fn problem_of(material: &ItemMaterial) -> String {
    let note = if material.note.is_empty() {
        String::new()
    } else {
        format!("（{}）", material.note)
    };
    let form = match material.form {
        MaterialForm::Paper => "纸质件",
        MaterialForm::Electronic => "电子件",
        MaterialForm::Either => "纸质件或电子件",
    };
    format!(
        "缺少此材料，请提供{form} {} 份{note}。",
        material.copies.max(1)
    )
}

/// All materials of one reception.
#[derive(Debug, Clone)]
pub(crate) struct Checklist(pub(crate) Vec<Line>);

impl Checklist {
    /// The materials that an item asks for, with what the house has of them for an organisation, by number and name, or for
    /// the person.
    pub(crate) fn of(
        content: &ItemContent,
        stock: &Stock,
        organisation: Option<(&str, &str)>,
    ) -> Self {
        let materials = content.materials.iter().enumerate();
        let has = (stock, organisation);
        let lines = materials.map(|(index, material)| Line::of(index, (material, content), has));
        Self(lines.collect())
    }

    /// The same for somebody who is not taken at their word (诚信): nothing follows, nothing is promised.
    #[must_use]
    pub(crate) fn without_word(mut self) -> Self {
        for line in &mut self.0 {
            line.may_follow = false;
            line.commitment = None;
        }
        self
    }

    /// The same in a situation (情形) that does not ask for everything: the others stay on the list, and nobody needs them.
    #[must_use]
    pub(crate) fn in_situation(mut self, wanted: &[String]) -> Self {
        let lines = self.0.iter_mut();
        for line in lines.filter(|line| !wanted.contains(&line.id)) {
            line.is_required = false;
            line.may_follow = false;
            line.asked.push_str("；按申请人的情形不用交");
        }
        self
    }

    /// Takes over what the clerk marked.
    pub(crate) fn read(&mut self, sheet: &Sheet) {
        for line in &mut self.0 {
            line.read(sheet);
        }
    }

    /// What was handed in. The same marks give the same materials each time.
    pub(crate) fn materials(&self, id: impl Fn(usize) -> MaterialId) -> Vec<Material> {
        self.0
            .iter()
            .enumerate()
            .filter_map(|(index, line)| line.material(id(index)))
            .collect()
    }

    /// Everything that a notice must tell: whatever required is not there, also what might follow,
    /// because a notice tells all at once (行政许可法 art. 32 (4)).
    pub(crate) fn defects(&self) -> Vec<Defect> {
        self.0
            .iter()
            .filter(|line| line.is_required && matches!(line.mark, Mark::Missing | Mark::Owed))
            .map(|line| Defect {
                key: format!("material:{}", line.id),
                name: line.name.clone(),
                problem: line.problem.clone(),
            })
            .collect()
    }

    /// What follows after acceptance.
    pub(crate) fn owed(&self) -> Vec<String> {
        self.0
            .iter()
            .filter(|line| line.mark == Mark::Owed && line.files.is_empty())
            .map(|line| line.id.clone())
            .collect()
    }

    /// Whether any material may follow.
    pub(crate) fn may_follow(&self) -> bool {
        self.0.iter().any(|line| line.may_follow)
    }

    /// The marks through which the digit keys go, in words; empty without materials.
    pub(crate) fn mark_words(&self) -> String {
        let words: Vec<&str> = Mark::ALL
            .into_iter()
            .filter(|mark| self.0.iter().any(|line| line.marks().contains(mark)))
            .map(Mark::name)
            .collect();
        words.join("、")
    }

    /// What stands against acceptance.
    pub(crate) fn against_acceptance(&self, errors: &mut FieldErrors) {
        for line in self
            .0
            .iter()
            .filter(|line| line.mark == Mark::Missing && line.is_required)
        {
            let way_out = match (line.may_follow, line.commitment.is_some()) {
                (true, true) => "补齐、标为容缺或承诺，或",
                (true, false) => "补齐、标为容缺，或",
                (false, true) => "补齐、标为承诺，或",
                (false, false) => "补齐或",
            };
            errors.add(
                format!("mark-{}", line.id),
                format!("“{}”还缺：请{way_out}一次性告知补正。", line.name),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use wuchuang_codes::HandlingKind;
    use wuchuang_kernel::LicenceId;
    use wuchuang_licences::LicenceSummary;

    use super::*;

    fn material(id: &str, name: &str) -> ItemMaterial {
        ItemMaterial {
            id: id.to_owned(),
            name: name.to_owned(),
            ..ItemMaterial::default()
        }
    }

    fn content() -> ItemContent {
        ItemContent {
            conditional_acceptance_allowed: true,
            materials: vec![
                material("m1", "申请书"),
                ItemMaterial {
                    tolerable: true,
                    copies: 2,
                    ..material("m2", "平面图")
                },
                ItemMaterial {
                    by_data_sharing: Some("居民身份证或社会保障卡".to_owned()),
                    ..material("m3", "居民身份证或社会保障卡")
                },
            ],
            ..ItemContent::default()
        }
    }

    fn identity_card() -> Stock {
        Stock::of_licences(vec![LicenceSummary {
            id: LicenceId::from_u128(7).to_string(),
            identifier: "1.2.156.3005.2.11100000000013338W011.1".to_owned(),
            number: "No.7".to_owned(),
            name: "居民身份证".to_owned(),
            holder_name: String::new(),
            holder_kind: "person".to_owned(),
            holder_person: String::new(),
            organisation: String::new(),
            organisation_name: String::new(),
            case_id: String::new(),
            case_number: String::new(),
            valid_from: "2026-01-01".to_owned(),
            valid_until: None,
            is_copy: false,
            standing: "in_force".to_owned(),
            document_sha256: String::new(),
            issued_at_us: 0,
        }])
    }

    fn check(list: &Checklist, expected: &Expect) {
        let materials: Vec<String> = list
            .materials(|index| MaterialId::from_u128(index as u128))
            .iter()
            .map(|material| format!("{} {}", material.name, material.source.text()))
            .collect();
        let defects: Vec<String> = list
            .defects()
            .iter()
            .map(|defect| format!("{} {}", defect.key, defect.problem))
            .collect();
        let mut errors = FieldErrors::new();
        list.against_acceptance(&mut errors);
        let errors: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        expected.assert_eq(&format!(
            "in: {materials:?}\ndefects: {defects:?}\nowed: {:?}\nagainst: {errors:?}",
            list.owed()
        ));
    }

    #[test]
    fn nothing_counts_as_seen_that_was_not() {
        check(
            &Checklist::of(&content(), &Stock::default(), None),
            &expect![[r#"
                in: []
                defects: ["material:m1 缺少此材料，请提供纸质件或电子件 1 份。", "material:m2 缺少此材料，请提供纸质件或电子件 2 份。", "material:m3 缺少此材料，请提供纸质件或电子件 1 份。"]
                owed: []
                against: ["“申请书”还缺：请补齐或一次性告知补正。", "“平面图”还缺：请补齐、标为容缺，或一次性告知补正。", "“居民身份证或社会保障卡”还缺：请补齐或一次性告知补正。"]"#]],
        );
    }

    #[test]
    fn marks_decide_what_is_there_and_a_stored_licence_is_taken() {
        let mut list = Checklist::of(&content(), &identity_card(), None);
        list.read(&Sheet::of(&[
            ("mark-m1", "complete"),
            ("mark-m2", "owed"),
            ("mark-m99", "complete"),
        ]));
        check(
            &list,
            &expect![[r#"
                in: ["申请书 纸质 1 份", "居民身份证或社会保障卡 电子证照：居民身份证 No.7"]
                defects: ["material:m2 缺少此材料，请提供纸质件或电子件 2 份。"]
                owed: ["m2"]
                against: []"#]],
        );
    }

    #[test]
    fn marks_are_offered_only_where_they_are_allowed() {
        let offered = |content: &ItemContent, stock: &Stock, id: &str| -> Vec<&'static str> {
            Checklist::of(content, stock, None)
                .0
                .iter()
                .filter(|line| line.id == id)
                .flat_map(Line::marks)
                .map(Mark::name)
                .collect()
        };
        assert_eq!(offered(&content(), &Stock::default(), "m1"), ["缺", "齐全"]);
        assert_eq!(
            offered(&content(), &Stock::default(), "m2"),
            ["缺", "齐全", "容缺"]
        );
        assert_eq!(
            offered(&content(), &identity_card(), "m3"),
            ["缺", "齐全", "免提交"]
        );
        let instant = ItemContent {
            handling: HandlingKind::Instant,
            ..content()
        };
        assert_eq!(offered(&instant, &Stock::default(), "m2"), ["缺", "齐全"]);
    }

    #[test]
    fn a_promise_stands_for_a_material_that_allows_it() {
        let mut content = content();
        content.name = "个体工商户设立登记".to_owned();
        content.commitment_allowed = true;
        content.materials[0].by_commitment = true;
        let sheet = Sheet::of(&[("mark-m1", "promised"), ("mark-m2", "promised")]);
        let mut list = Checklist::of(&content, &Stock::default(), None);
        list.read(&sheet);
        check(
            &list,
            &expect![[r#"
                in: ["申请书 告知承诺书（代替材料）"]
                defects: ["material:m2 缺少此材料，请提供纸质件或电子件 2 份。", "material:m3 缺少此材料，请提供纸质件或电子件 1 份。"]
                owed: []
                against: ["“平面图”还缺：请补齐、标为容缺，或一次性告知补正。", "“居民身份证或社会保障卡”还缺：请补齐或一次性告知补正。"]"#]],
        );
        let given = list.materials(|_| MaterialId::from_u128(1));
        let told = CommitmentText::of("个体工商户设立登记", "申请书", None).whole();
        assert_eq!(given[0].source, MaterialSource::Commitment { text: told });
        content.commitment_allowed = false;
        let mut list = Checklist::of(&content, &Stock::default(), None);
        list.read(&sheet);
        assert!(list.materials(|_| MaterialId::from_u128(1)).is_empty());
    }

    #[test]
    fn a_mark_that_is_not_allowed_is_not_read() {
        let sheet = Sheet::of(&[
            ("mark-m1", "owed"),
            ("mark-m2", "owed"),
            ("copies-m2", "70000"),
            ("problem-m1", " 没有签字，请本人签字。 "),
        ]);
        let mut list = Checklist::of(&content(), &Stock::default(), None);
        list.read(&sheet);
        check(
            &list,
            &expect![[r#"
                in: []
                defects: ["material:m1 没有签字，请本人签字。", "material:m2 缺少此材料，请提供纸质件或电子件 2 份。", "material:m3 缺少此材料，请提供纸质件或电子件 1 份。"]
                owed: ["m2"]
                against: ["“申请书”还缺：请补齐或一次性告知补正。", "“居民身份证或社会保障卡”还缺：请补齐或一次性告知补正。"]"#]],
        );
    }

    #[test]
    fn what_the_situation_does_not_ask_for_is_not_missed() {
        let list = Checklist::of(&content(), &Stock::default(), None);
        let list = list.in_situation(&["m2".to_owned()]);
        check(
            &list,
            &expect![[r#"
                in: []
                defects: ["material:m2 缺少此材料，请提供纸质件或电子件 2 份。"]
                owed: []
                against: ["“平面图”还缺：请补齐、标为容缺，或一次性告知补正。"]"#]],
        );
        assert!(list.0[0].asked.ends_with("按申请人的情形不用交"));
        assert!(!list.0[1].asked.contains("情形"));
    }
}
