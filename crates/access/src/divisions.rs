//! The county's towns and villages from a table, checked line by line. Pure, and apart from their rows in `store`: the
//! command line reads a file with it before anything is opened.

use std::collections::BTreeMap;

use wuchuang_kernel::Region;

use crate::Division;

/// How large a table may be, in bytes: a county has some hundred lines.
pub const DIVISIONS_BYTES_MAX: usize = 1024 * 1024;
/// How long a name may be, in characters.
const NAME_LENGTH_MAX: usize = 40;
/// How many problems are told at once.
const PROBLEMS_MAX: usize = 50;

/// Reads a table of divisions: one a line, code and name apart by a comma, a tab or a semicolon; the first line may be a
/// heading. Codes have 6, 9 or 12 digits; those of 12 digits that end in 000, as the statistics bureau prints towns, are
/// the shorter ones. Each village's town must be in the table too.
///
/// # Errors
/// Every problem at once, each a sentence with its line.
pub fn read_divisions(text: &str, county: Region) -> Result<Vec<Division>, Vec<String>> {
    let mut lines_of: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut problems = Vec::new();
    let lines = text.trim_start_matches('\u{feff}').lines();
    for (place, line) in lines.enumerate() {
        let number = place + 1;
        let line = line.trim();
        let is_heading = number == 1
            && !line
                .trim_start_matches('"')
                .starts_with(|first: char| first.is_ascii_digit());
        if line.is_empty() || is_heading {
            continue;
        }
        match read_line(line, county) {
            Ok((code, name)) => match lines_of.get(&code) {
                Some((first, _)) => problems.push(format!(
                    "第 {number} 行：代码 {code} 在第 {first} 行已经有了，请删去一行。"
                )),
                None => {
                    lines_of.insert(code, (number, name));
                }
            },
            Err(problem) => problems.push(format!("第 {number} 行：{problem}")),
        }
    }
    for (code, (number, name)) in &lines_of {
        if let Some(town) = code.get(..9).filter(|_| code.len() == 12)
            && !lines_of.contains_key(town)
        {
            problems.push(format!(
                "第 {number} 行：没有“{name}”所在的乡镇（代码 {town}），请加上乡镇的一行。"
            ));
        }
    }
    if problems.is_empty() && lines_of.is_empty() {
        problems.push("文件里没有乡镇和村。每行写“代码,名称”，例如：610924100,城关镇".to_owned());
    }
    if problems.is_empty() {
        let divisions = lines_of.into_iter();
        Ok(divisions
            .map(|(code, (_, name))| Division { code, name })
            .collect())
    } else {
        problems.truncate(PROBLEMS_MAX);
        Err(problems)
    }
}

fn read_line(line: &str, county: Region) -> Result<(String, String), String> {
    let Some((code, name)) = line.split_once([',', '，', '\t', ';']) else {
        return Err("要写成“代码,名称”，例如：610924100,城关镇".to_owned());
    };
    let (code, name) = (code.trim(), name.trim().trim_matches('"'));
    let code = shortened(code.trim_matches('"'));
    let is_of_county = code
        .parse::<Region>()
        .is_ok_and(|division| county.contains(&division));
    if !is_of_county {
        return Err(format!(
            "代码“{code}”不是 {county} 的 6 位、9 位或 12 位区划代码，请核对。"
        ));
    }
    if name.is_empty() || name.chars().count() > NAME_LENGTH_MAX {
        return Err(format!(
            "代码 {code} 后面要写名称，最多 {NAME_LENGTH_MAX} 个字。"
        ));
    }
    Ok((code.to_owned(), name.to_owned()))
}

/// A code of 12 digits without the zeros that stand for "no village" and "no town".
fn shortened(code: &str) -> &str {
    let without = |code: &'_ str, digits: usize| {
        code.len() == digits && code.ends_with("000") && code.is_ascii()
    };
    let code = if without(code, 12) { &code[..9] } else { code };
    if without(code, 9) { &code[..6] } else { code }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let told = match read_divisions(text, "610924".parse().unwrap()) {
            Ok(divisions) => divisions
                .iter()
                .map(|division| format!("{} {}\n", division.code, division.name))
                .collect(),
            Err(problems) => problems.join("\n") + "\n",
        };
        expected.assert_eq(&told);
    }

    #[test]
    fn a_table_reads_as_statistics_and_spreadsheets_write_it() {
        check(
            "\u{feff}code,name\r\n610924000000,紫阳县\r\n610924100000,城关镇\r\n\"610924100001\",\"东城门社区\"\r\n",
            expect![[r"
                610924 紫阳县
                610924100 城关镇
                610924100001 东城门社区
            "]],
        );
        check(
            "610924101\t蒿坪镇",
            expect![[r"
                610924101 蒿坪镇
            "]],
        );
    }

    #[test]
    fn every_wrong_line_is_told() {
        check(
            "code,name\n610924100,城关镇\n610924100,城关镇\n610925100,别县的镇\n610924102001,滨江社区\n没有代码\n610924103,\n",
            expect![[r"
                第 3 行：代码 610924100 在第 2 行已经有了，请删去一行。
                第 4 行：代码“610925100”不是 610924 的 6 位、9 位或 12 位区划代码，请核对。
                第 6 行：要写成“代码,名称”，例如：610924100,城关镇
                第 7 行：代码 610924103 后面要写名称，最多 40 个字。
                第 5 行：没有“滨江社区”所在的乡镇（代码 610924102），请加上乡镇的一行。
            "]],
        );
        check(
            "",
            expect![[r"
                文件里没有乡镇和村。每行写“代码,名称”，例如：610924100,城关镇
            "]],
        );
    }

    #[test]
    fn the_demonstration_county_reads() {
        let text = include_str!("../../../assets/demo/regions-610924.csv");
        let divisions = read_divisions(text, "610924".parse().unwrap()).unwrap();
        assert_eq!(divisions.len(), 226 - 1);
    }
}
