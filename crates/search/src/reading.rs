//! Pinyin of names. Characters with several readings take the one usual in the words of public administration; the
//! plain dictionary reading is used for everything else.

use pinyin::ToPinyin;

/// Words in which a character is not read in its most frequent way. Only words that occur in names of service items.
const WORDS_WITH_OWN_READING: &[(&str, &[&str])] = &[
    ("行业", &["hang", "ye"]),
    ("银行", &["yin", "hang"]),
    ("会计", &["kuai", "ji"]),
    ("给付", &["ji", "fu"]),
    ("供给", &["gong", "ji"]),
    ("重新", &["chong", "xin"]),
    ("重建", &["chong", "jian"]),
    ("长期", &["chang", "qi"]),
    ("长久", &["chang", "jiu"]),
    ("校长", &["xiao", "zhang"]),
    ("成长", &["cheng", "zhang"]),
    ("调查", &["diao", "cha"]),
    ("调动", &["diao", "dong"]),
    ("调解", &["tiao", "jie"]),
    ("调整", &["tiao", "zheng"]),
    ("率先", &["shuai", "xian"]),
    ("音乐", &["yin", "yue"]),
    ("娱乐", &["yu", "le"]),
    ("种植", &["zhong", "zhi"]),
    ("处理", &["chu", "li"]),
    ("处置", &["chu", "zhi"]),
    ("处方", &["chu", "fang"]),
    ("参保", &["can", "bao"]),
    ("畜禽", &["chu", "qin"]),
    ("种畜", &["zhong", "chu"]),
    ("畜牧", &["xu", "mu"]),
    ("勘查", &["kan", "cha"]),
    ("传染", &["chuan", "ran"]),
    ("宿舍", &["su", "she"]),
    ("住宿", &["zhu", "su"]),
    ("大夫", &["dai", "fu"]),
    ("车辆", &["che", "liang"]),
    ("朝阳", &["chao", "yang"]),
    ("便民", &["bian", "min"]),
    ("减免", &["jian", "mian"]),
    ("监测", &["jian", "ce"]),
    ("转移", &["zhuan", "yi"]),
    ("差额", &["cha", "e"]),
    ("出差", &["chu", "chai"]),
];

/// One syllable per folded character; what is not Chinese stands for itself.
pub(crate) fn syllables(characters: &[char]) -> Vec<String> {
    let mut syllables: Vec<String> = characters
        .iter()
        .map(|&character| plain(character))
        .collect();
    for (word, readings) in WORDS_WITH_OWN_READING {
        let word: Vec<char> = word.chars().collect();
        for (start, window) in characters.windows(word.len()).enumerate() {
            if window == word {
                for (offset, reading) in readings.iter().enumerate() {
                    (*reading).clone_into(&mut syllables[start + offset]);
                }
            }
        }
    }
    syllables
}

fn plain(character: char) -> String {
    match character.to_pinyin() {
        Some(reading) => reading.plain().replace('ü', "v"),
        None => character.to_string(),
    }
}

/// Pinyin of a folded text in one word.
pub(crate) fn pinyin(text: &str) -> String {
    syllables(&text.chars().collect::<Vec<_>>()).concat()
}

/// First letters of the syllables.
pub(crate) fn initials(syllables: &[String]) -> String {
    syllables
        .iter()
        .filter_map(|syllable| syllable.chars().next())
        .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&syllables(&text.chars().collect::<Vec<_>>()).join(" "));
    }

    #[test]
    fn readings_of_administrative_words() {
        check("失业登记", expect!["shi ye deng ji"]);
        check(
            "旅馆业特种行业许可证核发",
            expect!["lv guan ye te zhong hang ye xu ke zheng he fa"],
        );
        check(
            "异地长期居住人员备案",
            expect!["yi di chang qi ju zhu ren yuan bei an"],
        );
        check(
            "困难残疾人生活补贴和重度残疾人护理补贴",
            expect!["kun nan can ji ren sheng huo bu tie he zhong du can ji ren hu li bu tie"],
        );
        check("80周岁以上", expect!["8 0 zhou sui yi shang"]);
        check("女职工", expect!["nv zhi gong"]);
    }
}
