//! Applications as a county sees them, the same for the same seed: people, answers of a form of twenty questions, and
//! files. Nobody in them exists.

use serde_json::{Map, Value, json};

/// How many fields the form of the measured item has.
pub const FIELDS: usize = 20;
/// How large an uploaded file is: a scanned page of a small printer, in bytes.
const FILE_BYTES: usize = 24 * 1024;

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙",
];
const GIVEN: &[&str] = &[
    "秀英", "建国", "丽", "伟", "芳", "敏", "静", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟",
    "涛", "明", "超",
];
const PLACES: &[&str] = &[
    "城关镇",
    "蒿坪镇",
    "汉王镇",
    "焕古镇",
    "向阳镇",
    "洞河镇",
    "洄水镇",
    "双桥镇",
];
const SENTENCES: &[&str] = &[
    "主要从事农副产品收购、加工和销售，季节性用工较多，已与当地两个村签订合作协议。",
    "场所为自有临街房屋，建筑面积一百二十平方米，消防通道畅通，已配备灭火器材。",
    "因家庭成员长期患病，主要劳动力外出务工，收入不稳定，特此申请，情况属实。",
    "项目位于镇政府东侧，占地约三亩，计划分两期建设，一期已完成场地平整。",
];

/// A stream of numbers that follow from a seed (the finaliser of splitmix64 over a counter).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The stream of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub const fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Whether something happens that happens in so many of a hundred cases.
    pub const fn happens(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let place = usize::try_from(self.below(list.len() as u64)).unwrap_or(0);
        list[place]
    }

    /// 32 hexadecimal digits that look like an identifier of version 4.
    pub fn identifier(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:016x}{:016x}",
            (high & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000,
            (low & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        )
    }
}

/// Somebody who does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Citizen number with its check digit (GB 11643).
    pub number: String,
    /// Mobile phone.
    pub phone: String,
    /// Street address.
    pub address: String,
}

impl Person {
    /// The next one.
    pub fn next(random: &mut Random) -> Self {
        let digits = format!(
            "610924{}{:02}{:02}{:03}",
            1950 + random.below(55),
            1 + random.below(12),
            1 + random.below(28),
            random.below(1000)
        );
        Self {
            name: format!("{}{}", random.one_of(SURNAMES), random.one_of(GIVEN)),
            number: format!("{digits}{}", check_digit(&digits)),
            phone: format!("139{:08}", random.below(100_000_000)),
            address: format!("{}环城路{}号", random.one_of(PLACES), 1 + random.below(300)),
        }
    }
}

/// The 18th digit (GB 11643-1999: weights 2^(17-i) mod 11).
fn check_digit(digits: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const DIGITS: &[u8; 11] = b"10X98765432";
    let sum: u32 = digits
        .bytes()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    char::from(DIGITS[(sum % 11) as usize])
}

/// The answers to [`form`] with this many fields.
pub fn answers(random: &mut Random, fields: usize) -> Map<String, Value> {
    (0..fields)
        .map(|field| {
            let value = match field % 5 {
                0 => json!(format!(
                    "{}{}第{}组",
                    random.one_of(PLACES),
                    random.one_of(SURNAMES),
                    random.below(20)
                )),
                1 => json!(1 + random.below(500)),
                2 => json!(
                    ["自有", "租赁", "无偿使用"][usize::try_from(random.below(3)).unwrap_or(0)]
                ),
                3 => json!(format!(
                    "20{:02}-{:02}-{:02}",
                    10 + random.below(16),
                    1 + random.below(12),
                    1 + random.below(28)
                )),
                _ => json!(random.one_of(SENTENCES)),
            };
            (format!("field_{field}"), value)
        })
        .collect()
}

/// A form with this many questions: a line, a number, a choice, a day and a text in turn.
pub fn form(fields: usize) -> Value {
    let names: Vec<String> = (0..fields).map(|field| format!("field_{field}")).collect();
    let properties: Map<String, Value> = names
        .iter()
        .enumerate()
        .map(|(field, name)| {
            let label = format!("第{}项", field + 1);
            let definition = match field % 5 {
                0 => json!({"type": "string", "x-label": label, "maxLength": 60}),
                1 => json!({"type": "integer", "x-label": label, "minimum": 1, "maximum": 500}),
                2 => json!({"type": "string", "x-label": label, "enum": ["自有", "租赁", "无偿使用"]}),
                3 => json!({"type": "string", "x-label": label, "x-widget": "date"}),
                _ => json!({"type": "string", "x-label": label, "x-widget": "textarea", "maxLength": 500}),
            };
            (name.clone(), definition)
        })
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "title": "申请表",
        "required": names, "properties": properties,
    })
}

/// A PDF of a scanned page: its bytes differ from every other one.
pub fn file(random: &mut Random) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\nstream\n".to_vec();
    while bytes.len() < FILE_BYTES {
        bytes.extend_from_slice(&random.next().to_le_bytes());
    }
    bytes.extend_from_slice(b"\nendstream\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n");
    bytes
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, Person, Random, answers, check_digit, file, form};

    #[test]
    fn the_same_seed_gives_the_same_county() {
        let county = |seed| {
            let mut random = Random::new(seed);
            (
                Person::next(&mut random),
                answers(&mut random, FIELDS),
                file(&mut random),
                random.identifier(),
            )
        };
        assert_eq!(county(7), county(7));
        assert_ne!(county(7), county(8));
    }

    #[test]
    fn the_check_digit_is_that_of_the_standard() {
        // The example of GB 11643-1999.
        assert_eq!(check_digit("11010519491231002"), 'X');
    }

    #[test]
    fn every_question_is_answered() {
        let asked = form(FIELDS);
        let answered = answers(&mut Random::new(1), FIELDS);
        let properties = asked["properties"].as_object().unwrap();
        assert!(properties.keys().all(|name| answered.contains_key(name)));
        assert_eq!(properties.len(), FIELDS);
    }

    #[test]
    fn rare_things_happen_as_often_as_they_should() {
        let mut random = Random::new(3);
        let count = (0..10_000).filter(|_| random.happens(5)).count();
        assert!((400..600).contains(&count), "{count}");
    }
}
