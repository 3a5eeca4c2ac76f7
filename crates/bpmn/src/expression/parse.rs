//! From text to tree, by recursive descent with a counter for depth.

use std::sync::Arc;

use super::ExpressionError;
use super::token::{Token, Word, error, tokens};
use super::tree::{Comparison, Member, Sign, Tree};
use crate::limits::{EXPRESSION_CHARACTERS_MAX, EXPRESSION_DEPTH_MAX};

/// The text without `${…}`, `#{…}` or a leading `=`, and how many characters were taken off in front.
pub(super) fn unwrap(source: &str) -> (usize, &str) {
    let trimmed = source.trim_start();
    let indent = source.chars().count() - trimmed.chars().count();
    let trimmed = trimmed.trim_end();
    if let Some(inner) = trimmed
        .strip_prefix("${")
        .or_else(|| trimmed.strip_prefix("#{"))
        .and_then(|inner| inner.strip_suffix('}'))
    {
        return (indent + 2, inner);
    }
    match trimmed.strip_prefix('=') {
        Some(inner) if !inner.starts_with('=') => (indent + 1, inner),
        _ => (indent, trimmed),
    }
}

pub(super) fn parse(source: &str) -> Result<Tree, ExpressionError> {
    if source.chars().count() > EXPRESSION_CHARACTERS_MAX {
        let text = format!("表达式超过 {EXPRESSION_CHARACTERS_MAX} 个字符，请拆成几个变量");
        return Err(error(1, text));
    }
    let mut parser = Parser {
        tokens: tokens(source)?,
        at: 0,
        depth: 0,
    };
    let tree = parser.expression()?;
    match parser.word() {
        Word::End => Ok(tree),
        _ => Err(parser.unexpected("这里应当结束")),
    }
}

pub(super) struct Parser {
    tokens: Vec<Token>,
    pub(super) at: usize,
    depth: usize,
}

pub(super) type Parsed = Result<Tree, ExpressionError>;

impl Parser {
    pub(super) fn token(&self) -> &Token {
        // The last token is `End` and is never stepped over.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    pub(super) fn word(&self) -> &Word {
        &self.token().word
    }

    pub(super) fn step(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    pub(super) fn unexpected(&self, expected: &str) -> ExpressionError {
        let found = match self.word() {
            Word::Name(name) => format!("“{name}”"),
            Word::Number(number) => format!("“{number}”"),
            Word::Text(text) => format!("文字“{text}”"),
            Word::Sign(sign) => format!("“{sign}”"),
            Word::End => "结尾".to_owned(),
        };
        error(self.token().position, format!("{expected}，却遇到{found}"))
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self.word(), Word::Sign(found) if *found == sign)
    }

    fn is_name(&self, name: &str) -> bool {
        matches!(self.word(), Word::Name(found) if **found == *name)
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.step();
        }
        found
    }

    pub(super) fn take_name(&mut self, name: &str) -> bool {
        let found = self.is_name(name);
        if found {
            self.step();
        }
        found
    }

    pub(super) fn need_sign(&mut self, sign: &str) -> Result<(), ExpressionError> {
        if self.take_sign(sign) {
            return Ok(());
        }
        Err(self.unexpected(&format!("这里应当是“{sign}”")))
    }

    fn need_name(&mut self, name: &str) -> Result<(), ExpressionError> {
        if self.take_name(name) {
            return Ok(());
        }
        Err(self.unexpected(&format!("这里应当是“{name}”")))
    }

    pub(super) fn any_name(&mut self, expected: &str) -> Result<Arc<str>, ExpressionError> {
        let Word::Name(name) = self.word() else {
            return Err(self.unexpected(expected));
        };
        let name = name.clone();
        self.step();
        Ok(name)
    }

    /// Every bracket, branch and prefix passes through here, so the depth of all recursion is counted.
    pub(super) fn deeper(&mut self, parse: fn(&mut Self) -> Parsed) -> Parsed {
        self.depth += 1;
        if self.depth > EXPRESSION_DEPTH_MAX {
            let text = format!("嵌套超过 {EXPRESSION_DEPTH_MAX} 层，请拆成几个变量");
            return Err(error(self.token().position, text));
        }
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    pub(super) fn expression(&mut self) -> Parsed {
        self.deeper(Self::choice)
    }

    fn choice(&mut self) -> Parsed {
        let condition = self.any()?;
        if !self.take_sign("?") {
            return Ok(condition);
        }
        let yes = self.expression()?;
        self.need_sign(":")?;
        let no = self.expression()?;
        Ok(Tree::If(Box::new((condition, yes, no))))
    }

    /// After `if`.
    pub(super) fn conditional(&mut self) -> Parsed {
        let condition = self.expression()?;
        self.need_name("then")?;
        let yes = self.expression()?;
        self.need_name("else")?;
        let no = self.expression()?;
        Ok(Tree::If(Box::new((condition, yes, no))))
    }

    /// After `some` or `every`.
    pub(super) fn quantified(&mut self, every: bool) -> Parsed {
        let name = self.any_name("这里应当是变量名")?;
        self.need_name("in")?;
        let list = self.expression()?;
        self.need_name("satisfies")?;
        let condition = self.expression()?;
        Ok(Tree::Quantified {
            every,
            name,
            list: Box::new(list),
            condition: Box::new(condition),
        })
    }

    fn any(&mut self) -> Parsed {
        let first = self.all()?;
        let mut parts = vec![first];
        while self.take_name("or") || self.take_sign("or") {
            parts.push(self.all()?);
        }
        Ok(single_or(parts, Tree::Any))
    }

    fn all(&mut self) -> Parsed {
        let first = self.comparison()?;
        let mut parts = vec![first];
        while self.take_name("and") || self.take_sign("and") {
            parts.push(self.comparison()?);
        }
        Ok(single_or(parts, Tree::All))
    }

    fn comparison(&mut self) -> Parsed {
        let left = self.sum()?;
        if let Some(comparison) = self.take_comparison() {
            let right = self.sum()?;
            return Ok(Tree::Compare(comparison, Box::new((left, right))));
        }
        if self.take_name("between") {
            let from = self.sum()?;
            self.need_name("and")?;
            let to = self.sum()?;
            let range = Member::Range {
                from,
                from_included: true,
                to,
                to_included: true,
            };
            return Ok(Tree::In(Box::new(left), vec![range]));
        }
        if self.take_name("in") {
            return self.members(left);
        }
        Ok(left)
    }

    fn take_comparison(&mut self) -> Option<Comparison> {
        let comparison = match self.word() {
            Word::Sign("=") => Comparison::Equal,
            Word::Sign("!=") => Comparison::Unequal,
            Word::Sign("<") => Comparison::Less,
            Word::Sign("<=") => Comparison::LessOrEqual,
            Word::Sign(">") => Comparison::Greater,
            Word::Sign(">=") => Comparison::GreaterOrEqual,
            Word::Name(name) => match &**name {
                "eq" => Comparison::Equal,
                "ne" => Comparison::Unequal,
                "lt" => Comparison::Less,
                "le" => Comparison::LessOrEqual,
                "gt" => Comparison::Greater,
                "ge" => Comparison::GreaterOrEqual,
                _ => return None,
            },
            _ => return None,
        };
        self.step();
        Some(comparison)
    }

    /// After `in`: a list of members in round brackets, or a single member. Nothing is tried twice, so that nested
    /// brackets cost no more than their length.
    fn members(&mut self, wanted: Tree) -> Parsed {
        if !self.take_sign("(") {
            let member = self.member()?;
            return Ok(Tree::In(Box::new(wanted), vec![member]));
        }
        let first = self.member()?;
        if self.is_sign("..")
            && let Member::Value(from) = first
        {
            let range = self.range(from, false)?;
            return Ok(Tree::In(Box::new(wanted), vec![range]));
        }
        let mut members = vec![first];
        while self.take_sign(",") {
            members.push(self.member()?);
        }
        self.need_sign(")")?;
        Ok(Tree::In(Box::new(wanted), members))
    }

    fn member(&mut self) -> Result<Member, ExpressionError> {
        if let Some(comparison) = self.take_comparison() {
            return Ok(Member::Compared(comparison, self.sum()?));
        }
        if self.take_sign("[") {
            return self.bracketed("]", true);
        }
        if self.take_sign("(") {
            return self.bracketed(")", false);
        }
        if self.take_sign("]") {
            let from = self.deeper(Self::sum)?;
            return self.range(from, false);
        }
        Ok(Member::Value(self.sum()?))
    }

    /// After an opening bracket: a range, a list (square) or a group (round).
    fn bracketed(&mut self, end: &str, square: bool) -> Result<Member, ExpressionError> {
        if square && self.take_sign(end) {
            return Ok(Member::Value(Tree::List(Vec::new())));
        }
        let first = self.expression()?;
        if self.is_sign("..") {
            return self.range(first, square);
        }
        let mut members = vec![first];
        while square && self.take_sign(",") {
            members.push(self.expression()?);
        }
        self.need_sign(end)?;
        Ok(Member::Value(if square {
            Tree::List(members)
        } else {
            single_or(members, Tree::List)
        }))
    }

    /// From `..` on.
    fn range(&mut self, from: Tree, from_included: bool) -> Result<Member, ExpressionError> {
        self.need_sign("..")?;
        let to = self.deeper(Self::sum)?;
        let to_included = self.take_sign("]");
        if !to_included && !self.take_sign(")") && !self.take_sign("[") {
            return Err(self.unexpected("区间应当以“]”或“)”结束"));
        }
        Ok(Member::Range {
            from,
            from_included,
            to,
            to_included,
        })
    }

    fn sum(&mut self) -> Parsed {
        self.chain(Self::product, &[("+", Sign::Plus), ("-", Sign::Minus)])
    }

    fn product(&mut self) -> Parsed {
        self.chain(Self::unary, &[("*", Sign::Times), ("/", Sign::Divided)])
    }

    fn chain(&mut self, operand: fn(&mut Self) -> Parsed, signs: &[(&str, Sign)]) -> Parsed {
        let first = operand(self)?;
        let mut rest = Vec::new();
        while let Some((_, sign)) = signs.iter().find(|(spelling, _)| self.is_sign(spelling)) {
            self.step();
            rest.push((*sign, operand(self)?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        Ok(Tree::Chain(Box::new(first), rest))
    }
}

fn single_or(mut parts: Vec<Tree>, many: fn(Vec<Tree>) -> Tree) -> Tree {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            many(parts)
        }
        None => many(parts),
    }
}
