//! What can be wrong with an imported notice, line by line, with the way out for the administrator who pasted it.

use std::fmt::Write;

use jiff::civil::Date;
use thiserror::Error;

use crate::day::weekday_name;

/// Why a notice was refused: all problems at once, so that it is corrected in one go.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the holiday notice of {year} has {} problem(s), first: {}", .problems.len(), .problems.first().map_or_else(String::new, LineProblem::to_string))]
pub struct NoticeError {
    /// The year that was to be imported.
    pub year: i16,
    /// Every problem found, never empty.
    pub problems: Vec<LineProblem>,
}

impl NoticeError {
    pub(crate) fn of(year: i16, problem: NoticeProblem) -> Self {
        Self {
            year,
            problems: vec![LineProblem {
                line: None,
                problem,
            }],
        }
    }

    /// One sentence per problem, each naming its line and the way out.
    pub fn explain(&self) -> String {
        let mut text = format!(
            "{}年放假安排没有导入，请改正以下 {} 处后重新导入：\n",
            self.year,
            self.problems.len()
        );
        for problem in &self.problems {
            let _ = writeln!(text, "{}", problem.explain());
        }
        text
    }
}

/// One problem and the line it stands on.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line:?}: {problem:?}")]
pub struct LineProblem {
    /// Line in the given text, counted from one; absent when the problem belongs to the whole notice.
    pub line: Option<usize>,
    /// What is wrong.
    pub problem: NoticeProblem,
}

impl LineProblem {
    /// The line, the rule and the way out.
    pub fn explain(&self) -> String {
        let place = self
            .line
            .map_or_else(String::new, |line| format!("第 {line} 行："));
        format!("{place}{}", self.problem.explain())
    }
}

/// What is wrong with a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeProblem {
    /// The text is longer than 64 KiB.
    TextTooLong,
    /// More than 200 days.
    TooManyDays,
    /// The year is not between 2000 and 2099.
    YearOutOfRange,
    /// No closed day inside the year.
    NoHoliday,
    /// The first column is neither a date nor a span of dates.
    NotADate {
        /// What stands there.
        text: String,
    },
    /// A span ends before it begins or is longer than 31 days.
    BadSpan {
        /// What stands there.
        text: String,
    },
    /// The second column says neither closed nor working.
    UnknownKind {
        /// What stands there.
        text: String,
    },
    /// No festival name.
    MissingName,
    /// The festival name is longer than 40 characters or holds control characters.
    NameTooLong,
    /// The date is neither in the year nor in the last week of the year before.
    WrongYear {
        /// The date.
        date: Date,
    },
    /// The same day twice.
    Duplicate {
        /// The date.
        date: Date,
        /// Where it stands first.
        first_line: Option<usize>,
    },
    /// A make-up workday that is a workday anyway.
    MakeUpOnWeekday {
        /// The date.
        date: Date,
    },
    /// A passage of the official text that is not understood.
    Passage {
        /// The passage.
        text: String,
    },
    /// The official text says 共N天 and the dates give another number.
    DayCount {
        /// The number written.
        written: usize,
        /// The number of days in the dates.
        counted: usize,
    },
    /// The file is not valid TOML or lacks a field.
    File {
        /// The reader's message.
        message: String,
    },
    /// The file is for another year than the one being imported.
    OtherYear {
        /// The year in the file.
        found: i16,
    },
}

impl NoticeProblem {
    fn explain(&self) -> String {
        match self {
            Self::TextTooLong => "内容超过 64 KB。请只粘贴放假安排部分。".to_owned(),
            Self::TooManyDays => "超过 200 天。请确认只导入一个年度的安排。".to_owned(),
            Self::YearOutOfRange => "年份应在 2000 至 2099 之间。请检查年份。".to_owned(),
            Self::NoHoliday => {
                "没有找到任何放假日。请每行写一天，例如“2027-01-01 休 元旦”。".to_owned()
            }
            Self::NotADate { text } => format!(
                "“{text}”不是日期。请写成“2027-01-01”，一段日期写成“2027-10-01~2027-10-07”。"
            ),
            Self::BadSpan { text } => {
                format!("“{text}”的结束早于开始，或超过 31 天。请检查起止日期。")
            }
            Self::UnknownKind { text } => {
                format!("“{text}”看不懂。放假请写“休”，调休上班请写“班”。")
            }
            Self::MissingName => "缺少节日名称。请在行末写上名称，例如“元旦”。".to_owned(),
            Self::NameTooLong => "节日名称过长或含有特殊字符。请缩短到 40 个字以内。".to_owned(),
            Self::WrongYear { date } => {
                format!(
                    "{date} 不在本年度（只可另含上年 12 月 24 日以后的日子）。请检查年份，或导入到相应年度。"
                )
            }
            Self::Duplicate { date, first_line } => {
                let first =
                    first_line.map_or_else(String::new, |line| format!("（第 {line} 行已有）"));
                format!("{date} 重复{first}。请只保留一行。")
            }
            Self::MakeUpOnWeekday { date } => {
                format!(
                    "{date} 是{}，本来就上班，不能作为调休上班日。请核对通知原文。",
                    weekday_name(*date)
                )
            }
            Self::Passage { text } => {
                format!("“{text}”看不懂。请改写成每行一天，例如“2027-01-01 休 元旦”。")
            }
            Self::DayCount { written, counted } => {
                format!("原文写“共{written}天”，日期合计 {counted} 天。请核对通知原文。")
            }
            Self::File { message } => format!("文件格式不对：{message}。请对照导入模板修改。"),
            Self::OtherYear { found } => {
                format!("文件是 {found} 年的安排。请选择对应的年份再导入。")
            }
        }
    }
}
