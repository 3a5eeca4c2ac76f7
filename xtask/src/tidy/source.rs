//! Reads a Rust file just well enough for the rules: what is code, what is comment or text, which lines belong to tests,
//! and where each function's body is. A full parser would cost minutes of build time on a fresh machine.

use std::ops::Range;

/// A Rust file, split for the rules.
pub(super) struct Source {
    /// Path inside the checkout, with `/`.
    pub(super) path: String,
    /// The file as it is, line by line.
    pub(super) lines: Vec<String>,
    /// The same lines with comments removed and the contents of texts replaced by underscores.
    pub(super) code: Vec<String>,
    /// Only the comments.
    pub(super) comments: Vec<String>,
    /// Per line: does it belong to tests?
    pub(super) is_test: Vec<bool>,
    /// Production functions.
    pub(super) functions: Vec<Function>,
    /// Files, or folders ending in `/`, that this one declares as `#[cfg(test)] mod name;`.
    test_files: Vec<String>,
}

/// A production function.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Function {
    pub(super) name: String,
    /// Lines of its body that hold code.
    pub(super) body_lines: usize,
}

impl Source {
    pub(super) fn read(path: &str, text: &str) -> Self {
        let (code, comments) = split(text);
        let whole_file_is_test = path
            .split('/')
            .any(|part| matches!(part, "tests" | "tests.rs" | "benches" | "examples" | "fuzz"));
        let line_starts = line_starts(&code);
        let test_ranges = if whole_file_is_test {
            std::iter::once(0..code.len()).collect()
        } else {
            test_ranges(&code)
        };
        let mut is_test = vec![false; line_starts.len()];
        for range in &test_ranges {
            let first = line_of(&line_starts, range.start);
            let last = line_of(&line_starts, range.end.saturating_sub(1).max(range.start));
            is_test[first..=last].fill(true);
        }
        let functions = functions(&code, &line_starts, &is_test);
        let test_files = test_ranges
            .iter()
            .filter_map(|range| test_module(code.get(range.clone())?))
            .flat_map(|name| module_files(path, name))
            .collect();
        Self {
            path: path.to_owned(),
            lines: text.split('\n').map(str::to_owned).collect(),
            code: code.split('\n').map(str::to_owned).collect(),
            comments: comments.split('\n').map(str::to_owned).collect(),
            is_test,
            functions,
            test_files,
        }
    }

    /// Reads all files together, because a file can be declared a test by another one.
    pub(super) fn read_all(files: &[(String, String)]) -> Vec<Self> {
        let mut sources: Vec<Self> = files
            .iter()
            .map(|(path, text)| Self::read(path, text))
            .collect();
        let test_files: Vec<String> = sources
            .iter()
            .flat_map(|source| source.test_files.clone())
            .collect();
        for source in &mut sources {
            let declared = |file: &String| {
                *file == source.path || (file.ends_with('/') && source.path.starts_with(file))
            };
            if test_files.iter().any(declared) {
                source.is_test.fill(true);
                source.functions.clear();
            }
        }
        sources
    }

    /// Lines with code outside tests, with their number from 1.
    pub(super) fn production_code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code
            .iter()
            .zip(&self.is_test)
            .enumerate()
            .filter(|(_, (line, is_test))| !**is_test && !line.trim().is_empty())
            .map(|(index, (line, _))| (index + 1, line.as_str()))
    }

    /// Lines outside tests that are not blank, comments included: what a reader scrolls through.
    pub(super) fn production_lines(&self) -> usize {
        self.lines
            .iter()
            .zip(&self.is_test)
            .filter(|(line, is_test)| !**is_test && !line.trim().is_empty())
            .count()
    }
}

/// Splits into code and comments, both of the same shape (same lines, same byte positions) as the input.
fn split(text: &str) -> (String, String) {
    let bytes = text.as_bytes();
    let mut code = blank(bytes);
    let mut comments = blank(bytes);
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (length, kind) = token(rest, at > 0 && is_word(bytes[at - 1]));
        for index in at..at + length {
            if bytes[index] == b'\n' {
                continue;
            }
            match kind {
                Token::Code => code[index] = bytes[index],
                Token::Comment => comments[index] = bytes[index],
                Token::Text => code[index] = b'_',
            }
        }
        at += length;
    }
    // Bytes of characters beyond ASCII are only ever copied whole or replaced whole.
    let whole = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (whole(code), whole(comments))
}

fn blank(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .map(|byte| if *byte == b'\n' { b'\n' } else { b' ' })
        .collect()
}

enum Token {
    Code,
    Comment,
    Text,
}

/// The length of the token that starts here and what it is. `after_word` tells `r"` from the end of a name.
fn token(rest: &[u8], after_word: bool) -> (usize, Token) {
    if rest.starts_with(b"//") {
        let end = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(rest.len());
        return (end, Token::Comment);
    }
    if rest.starts_with(b"/*") {
        return (block_comment(rest), Token::Comment);
    }
    if !after_word && let Some(length) = raw_text(rest) {
        return (length, Token::Text);
    }
    match rest[0] {
        b'"' => (quoted(rest), Token::Text),
        b'\'' => match character(rest) {
            Some(length) => (length, Token::Text),
            None => (1, Token::Code),
        },
        _ => (1, Token::Code),
    }
}

fn block_comment(rest: &[u8]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, `br"…"` and so on.
fn raw_text(rest: &[u8]) -> Option<usize> {
    let prefix = if rest.starts_with(b"r") {
        1
    } else if rest.starts_with(b"br") || rest.starts_with(b"cr") {
        2
    } else {
        return None;
    };
    let hashes = rest[prefix..]
        .iter()
        .take_while(|byte| **byte == b'#')
        .count();
    let open = prefix + hashes;
    if rest.get(open) != Some(&b'"') {
        return None;
    }
    let close: Vec<u8> = std::iter::once(b'"')
        .chain(std::iter::repeat_n(b'#', hashes))
        .collect();
    let body = &rest[open + 1..];
    let end = body.windows(close.len()).position(|window| window == close);
    Some(end.map_or(rest.len(), |end| open + 1 + end + close.len()))
}

fn quoted(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A character such as `'x'` or `'\n'`; `None` for a lifetime.
fn character(rest: &[u8]) -> Option<usize> {
    if rest.get(1) == Some(&b'\\') {
        let end = rest.iter().skip(3).position(|byte| *byte == b'\'')?;
        return Some(end + 4);
    }
    let text = std::str::from_utf8(&rest[1..rest.len().min(6)]);
    let text = match &text {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&rest[1..=error.valid_up_to()]).ok()?,
    };
    let length = text.chars().next()?.len_utf8();
    (rest.get(1 + length) == Some(&b'\'')).then_some(length + 2)
}

/// Byte ranges of items under `#[cfg(test)]`, attribute included.
fn test_ranges(code: &str) -> Vec<Range<usize>> {
    const MARKS: [&str; 2] = ["#[cfg(test)]", "#[cfg(all(test"];
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for mark in MARKS {
        for (start, _) in code.match_indices(mark) {
            ranges.push(start..item_end(code, start + mark.len()));
        }
    }
    ranges
}

/// The name in `#[cfg(test)] mod name;`.
fn test_module(item: &str) -> Option<&str> {
    let declaration = item.strip_suffix(';')?;
    let (_, name) = declaration.rsplit_once("mod ")?;
    name.bytes().all(is_word).then_some(name)
}

/// Where the module `name` declared in the file `path` lives.
fn module_files(path: &str, name: &str) -> [String; 2] {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let base = match file {
        "lib.rs" | "main.rs" | "mod.rs" => format!("{folder}/{name}"),
        _ => format!("{}/{name}", path.trim_end_matches(".rs")),
    };
    [format!("{base}.rs"), format!("{base}/")]
}

/// The end of the item that follows: its closing brace, or its semicolon when it has no braces.
fn item_end(code: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, byte) in code.as_bytes()[from..].iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return from + offset + 1;
                }
            }
            b';' if depth == 0 => return from + offset + 1,
            _ => {}
        }
    }
    code.len()
}

fn functions(code: &str, line_starts: &[usize], is_test: &[bool]) -> Vec<Function> {
    let bytes = code.as_bytes();
    let mut functions = Vec::new();
    for (start, _) in code.match_indices("fn ") {
        let line = line_of(line_starts, start);
        if is_test[line] || (start > 0 && is_word(bytes[start - 1])) {
            continue;
        }
        let name: String = code[start + 3..]
            .trim_start()
            .chars()
            .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
            .collect();
        let Some(open) = body_open(bytes, start) else {
            continue;
        };
        if name.is_empty() {
            continue;
        }
        let close = item_end(code, open).saturating_sub(1);
        let body_lines = code[open + 1..close]
            .lines()
            .filter(|line| !line.trim().is_empty())
            .count();
        functions.push(Function { name, body_lines });
    }
    functions
}

/// The brace that opens the body, or `None` for a declaration that ends with a semicolon.
fn body_open(bytes: &[u8], from: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (offset, byte) in bytes[from..].iter().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' if depth == 0 => return Some(from + offset),
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect()
}

fn line_of(line_starts: &[usize], at: usize) -> usize {
    line_starts.partition_point(|start| *start <= at) - 1
}

/// Part of a name.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::{Function, Source};

    fn source(text: &str) -> Source {
        Source::read("crates/example/src/lib.rs", text)
    }

    #[test]
    fn comments_and_texts_are_not_code() {
        let text = "let a = \"unwrap()\"; // unwrap()\nlet b = r#\"x\"y\"#; /* a /* b */ c */ let c = '\\''; let d: &'a str;\n";
        let code = source(text).code;
        assert_eq!(code[0].trim_end(), "let a = __________;");
        assert_eq!(
            code[1].split_whitespace().collect::<Vec<_>>().join(" "),
            "let b = ________; let c = ____; let d: &'a str;"
        );
    }

    #[test]
    fn chinese_text_keeps_the_shape() {
        let source = source("let 甲 = '人'; // 说明\nnext();\n");
        assert!(source.comments[0].contains("说明"));
        assert_eq!(source.code[1], "next();");
    }

    #[test]
    fn test_modules_are_told_from_production() {
        let source =
            source("//! x\nfn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\nfn c() {}\n");
        assert_eq!(
            source.is_test,
            [false, false, true, true, true, true, false, false]
        );
        assert_eq!(source.production_lines(), 3);
    }

    #[test]
    fn a_file_in_a_tests_folder_is_all_test() {
        let source = Source::read("crates/app/tests/story.rs", "fn a() {}\n");
        assert_eq!(source.production_lines(), 0);
    }

    #[test]
    fn a_file_declared_as_test_is_all_test() {
        let files = [
            (
                "crates/a/src/lib.rs",
                "#[cfg(test)]\nmod story;\nmod real;\n",
            ),
            ("crates/a/src/story.rs", "fn a() {}\n"),
            ("crates/a/src/story/deep.rs", "fn a() {}\n"),
            ("crates/a/src/real.rs", "fn a() {}\n"),
        ]
        .map(|(path, text)| (path.to_owned(), text.to_owned()));
        let lines: Vec<usize> = Source::read_all(&files)
            .iter()
            .map(Source::production_lines)
            .collect();
        assert_eq!(lines, [1, 0, 0, 1]);
    }

    #[test]
    fn function_bodies_are_counted_without_comments_and_blanks() {
        let source = source(
            "trait T { fn declared(&self); }\nfn long(\n  a: [u8; 2],\n) -> u8 {\n  one();\n\n  // why\n  two()\n}\n",
        );
        assert_eq!(
            source.functions,
            [Function {
                name: "long".to_owned(),
                body_lines: 2
            }]
        );
    }
}
