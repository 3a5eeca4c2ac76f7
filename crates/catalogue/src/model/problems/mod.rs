//! What is wrong with a working copy: every problem at once, each with its field and the way out.
//!
//! The rooms follow the elements: `identity`, `limits`, `work` (steps, materials, form), `drawing` (the drawn process), `rules` (the decisions), `guide`, `law` (fees,
//! legal basis, duties, supervision), `together` (what must agree).

mod drawing;
mod guide;
mod identity;
mod law;
mod limits;
mod rules;
mod together;
mod work;

use wuchuang_codes::CodeError;

use super::content::ItemContent;

/// How many materials an item may have.
pub const MATERIALS_MAX: usize = 100;
/// How many steps an item may have.
pub const STEPS_MAX: usize = 20;
/// How many entries the other lists may have.
pub const ENTRIES_MAX: usize = 50;
/// The longest limit in days, about ten years.
pub const LIMIT_DAYS_MAX: u16 = 3_660;
/// The longest name, in characters.
pub const NAME_CHARACTERS_MAX: usize = 100;
/// The longest running text, in characters.
pub const TEXT_CHARACTERS_MAX: usize = 2_000;

/// One problem of a working copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The path of the field: `name`, `materials[2].name`.
    pub field: String,
    /// A stable code for programs.
    pub code: &'static str,
    /// The sentence that people read: what is wrong, by which rule, and the way out.
    pub public: String,
}

/// Gathers problems.
#[derive(Default)]
struct Findings(Vec<Problem>);

impl Findings {
    fn add(&mut self, field: impl Into<String>, code: &'static str, public: impl Into<String>) {
        self.0.push(Problem {
            field: field.into(),
            code,
            public: public.into(),
        });
    }

    /// A text that must be there and may not be too long.
    fn text(&mut self, field: impl Into<String>, name: &str, text: &str, characters_max: usize) {
        let field = field.into();
        if text.trim().is_empty() {
            self.add(field, "missing", format!("还没有填写{name}，请补上。"));
        } else {
            self.length(field, name, text, characters_max);
        }
    }

    /// A text that may be empty but not too long, without characters that cannot be printed.
    fn length(&mut self, field: impl Into<String>, name: &str, text: &str, characters_max: usize) {
        let field = field.into();
        let characters = text.chars().count();
        if characters > characters_max {
            let public = format!("{name}有 {characters} 字，最多 {characters_max} 字，请删减。");
            self.add(field, "too_long", public);
        } else if text.chars().any(|sign| sign.is_control() && sign != '\n') {
            self.add(
                field,
                "control_character",
                format!("{name}含有不能显示的控制字符，请删除后重填。"),
            );
        }
    }

    fn count(&mut self, field: &str, name: &str, count: usize, count_max: usize) {
        if count > count_max {
            self.add(
                field,
                "too_many",
                format!("{name}有 {count} 项，最多 {count_max} 项，请合并或删减。"),
            );
        }
    }

    fn code<T>(&mut self, field: &str, text: &str, parse: impl Fn(&str) -> Result<T, CodeError>) {
        if !text.is_empty()
            && let Err(error) = parse(text)
        {
            self.add(field, "wrong_code", error.explain());
        }
    }
}

/// All problems of a working copy, in the order of its elements. None: it can be published.
pub fn problems(item: &ItemContent) -> Vec<Problem> {
    let mut findings = Findings::default();
    identity::check(item, &mut findings);
    limits::check(item, &mut findings);
    work::check(item, &mut findings);
    drawing::check(item, &mut findings);
    rules::check(item, &mut findings);
    guide::check(item, &mut findings);
    law::check(item, &mut findings);
    together::check(item, &mut findings);
    findings.0
}
