//! Takes what a person typed apart: everyday words, Chinese words, Latin letters, numbers; and drops the words that
//! every question has (怎么办, 请问).

use crate::{
    analyser::Analyser,
    guide::QUERY_CHARACTERS_MAX,
    synonyms::Synonyms,
    text::{Script, compact, is_latin, pieces, runs},
};

/// Phrases that say only that somebody asks. Longer ones come before those they contain.
const STOP_PHRASES: &[&str] = &[
    "需要带什么材料",
    "需要哪些材料",
    "需要什么材料",
    "要带什么材料",
    "需要什么手续",
    "要什么材料",
    "需要什么",
    "要带什么",
    "怎么办理",
    "如何办理",
    "怎样办理",
    "哪里办理",
    "怎么申请",
    "如何申请",
    "怎样申请",
    "怎么申领",
    "怎么弄",
    "怎么办",
    "怎么领",
    "怎么交",
    "怎么补",
    "怎么开",
    "怎么报",
    "怎样办",
    "去哪里办",
    "到哪里办",
    "在哪里办",
    "去哪儿办",
    "在哪办",
    "去哪办",
    "去哪里",
    "去哪儿",
    "到哪里",
    "在哪里",
    "在哪儿",
    "哪里办",
    "哪里",
    "哪儿",
    "我想要",
    "我要办",
    "我想办",
    "我要",
    "我想",
    "想要",
    "请问",
    "你好",
    "您好",
    "可以吗",
    "可不可以",
    "能不能",
    "多少钱",
    "多久",
    "怎么样",
    "怎么",
    "怎样",
    "如何",
    "办理",
    "什么",
];
/// Particles dropped from the front of what is left.
const LEADING_PARTICLES: &[char] = &['我', '想', '要', '办', '去', '给', '帮', '把'];
/// Particles dropped from the end of what is left.
const TRAILING_PARTICLES: &[char] = &['了', '的', '吗', '呢', '吧', '啊', '呀', '嘛', '么', '办'];

/// One part of a question; a strict hit matches all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// An everyday word with its official terms, best first.
    Everyday {
        word: String,
        words: Vec<String>,
        official: Vec<String>,
    },
    /// A Chinese word.
    Word(String),
    /// Latin letters: a word, pinyin or initials; with the official terms if they spell an everyday word.
    Latin {
        letters: String,
        official: Vec<String>,
    },
    /// A number.
    Number(String),
}

/// A question taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Question {
    /// Everything typed, folded, without spaces and punctuation.
    pub(crate) whole: String,
    /// The same without stop phrases and particles.
    pub(crate) core: String,
    pub(crate) parts: Vec<Part>,
    /// Whether the text was longer than [`QUERY_CHARACTERS_MAX`].
    pub(crate) cut: bool,
}

impl Question {
    pub(crate) fn parse(text: &str, synonyms: &Synonyms, analyser: &Analyser) -> Self {
        let bounded: String = text.chars().take(QUERY_CHARACTERS_MAX).collect();
        let whole = compact(&bounded);
        // `shi ye deng ji` is one word in four pieces, while spaces between Chinese words separate them.
        let pieces = if is_latin(&whole) {
            vec![whole.clone()]
        } else {
            pieces(&bounded)
        };
        let mut question = Self {
            whole,
            cut: text.chars().nth(QUERY_CHARACTERS_MAX).is_some(),
            ..Self::default()
        };
        for piece in pieces {
            question.take_piece(&piece, synonyms, analyser);
        }
        question
    }

    /// Whether nothing is left to look for.
    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    fn take_piece(&mut self, piece: &str, synonyms: &Synonyms, analyser: &Analyser) {
        let characters: Vec<char> = piece.chars().collect();
        let mut plain = String::new();
        let mut place = 0;
        while place < characters.len() {
            if let Some((length, official)) = synonyms.at(&characters, place) {
                self.take_plain(&std::mem::take(&mut plain), synonyms, analyser);
                let word: String = characters[place..place + length].iter().collect();
                self.core.push_str(&word);
                let words = analyser.words(&word);
                self.parts.push(Part::Everyday {
                    word,
                    words,
                    official: official.to_vec(),
                });
                place += length;
            } else {
                plain.push(characters[place]);
                place += 1;
            }
        }
        self.take_plain(&plain, synonyms, analyser);
    }

    fn take_plain(&mut self, text: &str, synonyms: &Synonyms, analyser: &Analyser) {
        for piece in without_stop_phrases(text) {
            self.core.push_str(&piece);
            for (script, run) in runs(&piece) {
                match script {
                    Script::Chinese => self
                        .parts
                        .extend(analyser.words(&run).into_iter().map(Part::Word)),
                    Script::Latin => {
                        let official = synonyms.spelled(&run).to_vec();
                        self.parts.push(Part::Latin {
                            letters: run,
                            official,
                        });
                    }
                    Script::Digits => self.parts.push(Part::Number(run)),
                }
            }
        }
    }
}

/// What is left of a text between its stop phrases, without particles at the ends.
fn without_stop_phrases(text: &str) -> Vec<String> {
    let mut marked = text.to_owned();
    for phrase in STOP_PHRASES {
        marked = marked.replace(phrase, " ");
    }
    marked
        .split(' ')
        .map(|piece| {
            piece
                .trim_start_matches(LEADING_PARTICLES)
                .trim_end_matches(TRAILING_PARTICLES)
        })
        .filter(|piece| !piece.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let synonyms = Synonyms::parse("丢工作 => 失业登记").unwrap();
        let question = Question::parse(text, &synonyms, &Analyser::new());
        expected.assert_eq(&format!("{} {:?}", question.core, question.parts));
    }

    #[test]
    fn questions_lose_what_every_question_has() {
        check(
            "请问丢工作了怎么办?",
            expect![[
                r#"丢工作 [Everyday { word: "丢工作", words: ["丢", "工作"], official: ["失业登记"] }]"#
            ]],
        );
        check("我要办残疾证", expect![[r#"残疾证 [Word("残疾证")]"#]]);
        check(
            "shi ye deng ji",
            expect![[r#"shiyedengji [Latin { letters: "shiyedengji", official: [] }]"#]],
        );
        check(
            "ShiYe登记",
            expect![[r#"shiye登记 [Latin { letters: "shiye", official: [] }, Word("登记")]"#]],
        );
        check(
            "diugongzuo",
            expect![[r#"diugongzuo [Latin { letters: "diugongzuo", official: ["失业登记"] }]"#]],
        );
        check("８０岁", expect![[r#"80岁 [Number("80"), Word("岁")]"#]]);
        check("怎么办", expect![" []"]);
        check("!!!", expect![" []"]);
    }
}
