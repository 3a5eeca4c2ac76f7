//! The small typed things that `templates/macros.html` draws: clock lights, stages, links between pages, rows, files.
//!
//! They live in webkit so that a clock or a stage looks and reads the same in every window, and so that a template is
//! given meaning ("due soon") and never a colour.

/// The colour of time; always drawn with its sign and its word, because colour alone tells some people nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// ● 正常
    Normal,
    /// ▲ 将到期
    DueSoon,
    /// ■ 已超期
    Overdue,
    /// ❙❙ 暂停
    Paused,
    /// ✓ 已办结: the clock no longer runs.
    Finished,
}

impl Light {
    /// The sign.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Normal => "●",
            Self::DueSoon => "▲",
            Self::Overdue => "■",
            Self::Paused => "❙❙",
            Self::Finished => "✓",
        }
    }

    /// The word, in Chinese; the macro translates it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Normal => "正常",
            Self::DueSoon => "将到期",
            Self::Overdue => "已超期",
            Self::Paused => "暂停",
            Self::Finished => "已办结",
        }
    }

    /// The end of the CSS class `clock-…`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::DueSoon => "due-soon",
            Self::Overdue => "overdue",
            Self::Paused => "paused",
            Self::Finished => "finished",
        }
    }
}

/// A clock as a list or a case page shows it.
#[derive(Clone, Debug)]
pub struct ClockView {
    /// Its colour, sign and word.
    pub light: Light,
    /// What is left or over, in the visitor's language: "还剩 2 天"; may be empty.
    pub text: String,
    /// The date in full: "11月25日 周三前办结"; shown beside the text where there is room, and on pointing.
    pub detail: String,
}

/// Where a stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageState {
    /// Behind us.
    Done,
    /// The matter lies here.
    Current,
    /// Still to come.
    Waiting,
    /// Ended badly here: not accepted, refused, withdrawn.
    Stopped,
}

impl StageState {
    /// The end of the CSS class `stage-…`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Current => "current",
            Self::Waiting => "waiting",
            Self::Stopped => "stopped",
        }
    }

    /// The word for those who do not see the line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "已完成",
            Self::Current => "正在进行",
            Self::Waiting => "未开始",
            Self::Stopped => "已终止",
        }
    }
}

/// One stage of a matter (收件、受理、审查、决定、制证、送达).
#[derive(Clone, Debug)]
pub struct StageView {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: StageState,
    /// When it was reached: "11月18日 周二 10:21"; empty when not yet.
    pub date: String,
    /// Who has it, or what happens next; may be empty.
    pub detail: String,
}

/// The links under a list that is paged by cursor.
#[derive(Clone, Debug, Default)]
pub struct CursorLinks {
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
    /// What is shown: "第 1–50 件，共 1,204 件"; may be empty.
    pub summary: String,
}

/// How a tag is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A plain property.
    Plain,
    /// Deserves notice.
    Primary,
    /// Good.
    Good,
    /// Needs care.
    Warning,
    /// Bad.
    Bad,
}

impl Tone {
    /// The end of the CSS class `tag-…`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Primary => "primary",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }
}

/// One line of a definition list, as on 核对信息 pages and case pages.
#[derive(Clone, Debug)]
pub struct DefinitionRow {
    /// What it is.
    pub term: String,
    /// What was said.
    pub detail: String,
    /// Address where it is mended; shows 修改.
    pub change_path: Option<String>,
    /// A picture under it, as SVG made here: a drawn signature.
    pub picture: Option<String>,
}

impl DefinitionRow {
    /// A line that cannot be changed.
    pub fn new(term: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            term: term.into(),
            detail: detail.into(),
            change_path: None,
            picture: None,
        }
    }

    /// The same line with a 修改 link.
    #[must_use]
    pub fn changed_at(mut self, path: impl Into<String>) -> Self {
        self.change_path = Some(path.into());
        self
    }
}

/// One file in a list.
#[derive(Clone, Debug)]
pub struct FileView {
    /// Its name as the person gave it.
    pub name: String,
    /// Where it is opened.
    pub path: String,
    /// Its size in words: "1.2 MB".
    pub size: String,
    /// Where it comes from, or what is wrong with it; may be empty.
    pub note: String,
    /// Where a POST removes it.
    pub remove_path: Option<String>,
}

/// A size in bytes as people read it: "380 KB", "1.2 MB".
pub fn file_size(bytes: u64) -> String {
    const KILOBYTE: u64 = 1024;
    const MEGABYTE: u64 = 1024 * 1024;
    if bytes < KILOBYTE {
        format!("{bytes} B")
    } else if bytes < MEGABYTE {
        format!("{} KB", bytes.div_ceil(KILOBYTE))
    } else {
        format!(
            "{}.{} MB",
            bytes / MEGABYTE,
            bytes % MEGABYTE * 10 / MEGABYTE
        )
    }
}

/// A choice of a radio group or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the person reads.
    pub label: String,
    /// Explains the choice; may be empty.
    pub hint: String,
}

impl Choice {
    /// A choice without explanation.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: String::new(),
        }
    }

    /// Whether this is the choice already made.
    pub fn is(&self, value: &str) -> bool {
        self.value == value
    }
}

#[cfg(test)]
mod tests {
    use super::file_size;

    #[test]
    fn sizes_read_well() {
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1 KB"),
            (1025, "2 KB"),
            (1_258_291, "1.1 MB"),
            (20 << 20, "20.0 MB"),
        ] {
            assert_eq!(file_size(bytes), text);
        }
    }
}
