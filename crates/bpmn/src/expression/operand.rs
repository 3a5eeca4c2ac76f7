//! The operands of an expression: prefixes, paths, constants, names and calls.

use super::ExpressionError;
use super::function::Function;
use super::parse::{Parsed, Parser};
use super::token::{Word, error};
use super::tree::{Constant, PathStep, Tree};
use super::value::{date, date_time};

/// Words that follow a variable rather than name one.
const OPERATORS: [&str; 13] = [
    "and",
    "or",
    "in",
    "between",
    "then",
    "else",
    "satisfies",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
];

impl Parser {
    pub(super) fn unary(&mut self) -> Parsed {
        if self.take_sign("-") {
            return Ok(Tree::Negative(Box::new(self.deeper(Self::unary)?)));
        }
        if self.take_sign("!") || self.take_name("not") {
            return Ok(Tree::Not(Box::new(self.deeper(Self::unary)?)));
        }
        if self.take_name("empty") {
            return Ok(Tree::Empty(Box::new(self.deeper(Self::unary)?)));
        }
        self.path()
    }

    fn path(&mut self) -> Parsed {
        let start = self.primary()?;
        let mut steps = Vec::new();
        loop {
            if self.take_sign(".") {
                let name = self.any_name("“.”后面应当是字段名")?;
                if self.is_sign("(") {
                    let text = format!("不能调用方法“{name}”；可用的函数：{}", Function::names());
                    return Err(error(self.token().position, text));
                }
                steps.push(PathStep::Field(name));
            } else if self.take_sign("[") {
                steps.push(PathStep::Index(self.expression()?));
                self.need_sign("]")?;
            } else if steps.is_empty() {
                return Ok(start);
            } else {
                return Ok(Tree::Path(Box::new(start), steps));
            }
        }
    }

    fn primary(&mut self) -> Parsed {
        let word = self.word().clone();
        match word {
            Word::Number(number) => {
                self.step();
                Ok(Tree::Constant(Constant::Number(number)))
            }
            Word::Text(text) => {
                self.step();
                Ok(Tree::Constant(Constant::Text(text)))
            }
            Word::Sign("(") => {
                self.step();
                let inner = self.expression()?;
                self.need_sign(")")?;
                Ok(inner)
            }
            Word::Sign("[") => {
                self.step();
                self.arguments("]").map(Tree::List)
            }
            Word::Sign("@") => {
                self.step();
                self.date_literal()
            }
            Word::Name(name) => self.named(&name),
            _ => Err(self.unexpected("这里应当是变量、数字或文字")),
        }
    }

    fn date_literal(&mut self) -> Parsed {
        let position = self.token().position;
        let Word::Text(text) = self.word().clone() else {
            return Err(self.unexpected("“@”后面应当是带引号的日期"));
        };
        self.step();
        if let Some(date) = date(&text) {
            return Ok(Tree::Constant(Constant::Date(date)));
        }
        date_time(&text)
            .map(|at| Tree::Constant(Constant::DateTime(at)))
            .ok_or_else(|| {
                error(
                    position,
                    format!("“{text}”不是日期，请写成 2026-01-31 或 2026-01-31T08:30:00"),
                )
            })
    }

    fn named(&mut self, name: &str) -> Parsed {
        let position = self.token().position;
        self.step();
        match name {
            "true" => return Ok(Tree::Constant(Constant::Boolean(true))),
            "false" => return Ok(Tree::Constant(Constant::Boolean(false))),
            "null" => return Ok(Tree::Constant(Constant::Null)),
            "if" => return self.conditional(),
            // `some x in …`; a variable of that name is followed by something else.
            "some" | "every" if matches!(self.word(), Word::Name(next) if !OPERATORS.contains(&&**next)) =>
            {
                return self.quantified(name == "every");
            }
            _ => {}
        }
        if self.is_sign("(") {
            return self.call(name, position);
        }
        // Function names of several words: `list contains(…)`.
        let start = self.at;
        let mut long = name.to_owned();
        for _ in 0..3 {
            let Word::Name(next) = self.word() else { break };
            long = format!("{long} {next}");
            self.step();
            if self.is_sign("(") && Function::named(&long).is_some() {
                return self.call(&long, position);
            }
        }
        self.at = start;
        Ok(Tree::Name(name.into()))
    }

    fn call(&mut self, name: &str, position: usize) -> Parsed {
        let Some((function, fewest, most)) = Function::named(name) else {
            let text = format!("没有函数“{name}”；可用的函数：{}", Function::names());
            return Err(error(position, text));
        };
        self.need_sign("(")?;
        let arguments = self.arguments(")")?;
        if !(fewest..=most).contains(&arguments.len()) {
            let text = format!(
                "函数“{name}”需要 {fewest} 个参数，给了 {} 个",
                arguments.len()
            );
            return Err(error(position, text));
        }
        Ok(Tree::Call(function, arguments))
    }

    fn arguments(&mut self, end: &str) -> Result<Vec<Tree>, ExpressionError> {
        let mut arguments = Vec::new();
        if self.take_sign(end) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if self.take_sign(end) {
                return Ok(arguments);
            }
            self.need_sign(",")?;
        }
    }
}
