//! Names for people who do not exist: common surnames and given names, put together by a seed.

use wuchuang_kernel::{Randomness, SeededRandomness};

const SURNAMES: [&str; 30] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "林", "罗", "高", "郑", "梁", "谢", "宋", "唐", "许", "邓", "冯", "储", "汪",
];
const GIVEN: [&str; 48] = [
    "建国", "秀英", "桂兰", "伟", "敏", "静", "丽华", "志强", "磊", "洋", "艳", "勇", "军", "杰",
    "娟", "涛", "超", "明", "霞", "平", "刚", "晓燕", "玉梅", "文斌", "海燕", "永红", "春梅",
    "立新", "小兵", "雪莲", "思远", "雨桐", "子涵", "欣怡", "浩然", "佳琪", "俊杰", "梦瑶", "宏伟",
    "国庆", "学军", "金凤", "新民", "婷", "倩", "晨曦", "安琪", "云飞",
];

/// Gives one name after the other, the same ones for the same seed and none twice.
pub(crate) struct Names {
    randomness: SeededRandomness,
    given_out: std::collections::HashSet<String>,
}

impl Names {
    /// The names of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            randomness: SeededRandomness::new(seed),
            given_out: std::collections::HashSet::new(),
        }
    }

    fn one_of(&self, words: &[&'static str]) -> &'static str {
        let place = self.randomness.number() % words.len() as u64;
        usize::try_from(place).map_or(words[0], |place| words[place])
    }

    /// The next name.
    pub(crate) fn next(&mut self) -> String {
        // 1,440 names are there and a county needs about 120, so this ends soon.
        loop {
            let name = format!("{}{}", self.one_of(&SURNAMES), self.one_of(&GIVEN));
            if self.given_out.insert(name.clone()) {
                return name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_names_and_none_twice() {
        let (mut one, mut two) = (Names::new(610_924), Names::new(610_924));
        let first: Vec<String> = (0..150).map(|_| one.next()).collect();
        let second: Vec<String> = (0..150).map(|_| two.next()).collect();
        assert_eq!(first, second);
        let different: std::collections::HashSet<&String> = first.iter().collect();
        assert_eq!(different.len(), 150);
    }
}
