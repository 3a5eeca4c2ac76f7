//! XML files from outside, read within bounds: processes, decisions, and whatever else people bring.
//!
//! A cheap look at the raw text comes before it is parsed: size, DTD, depth, attributes and namespaces. The parser is sound,
//! but some of its work grows with the square of these, and a hostile file must cost no more than an honest one.
//! What is wrong is told in Chinese, with its line and the way out.

use roxmltree::{Document, ParsingOptions};

/// How much of a name a message repeats at most, in characters.
const NAME_CHARACTERS_MAX: usize = 200;

/// The bounds of one kind of file.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes_max: usize,
    /// Nesting of elements.
    pub depth_max: usize,
    /// Attributes of one element.
    pub attributes_max: usize,
    /// Namespace declarations of the file.
    pub namespaces_max: usize,
    /// Nodes of the file, text included.
    pub nodes_max: u32,
    /// What to do with a file that is too large (简体中文).
    pub split: &'static str,
    /// What to do with a file that nests too deep (简体中文).
    pub flatten: &'static str,
}

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {code}: {text}")]
pub struct Fault {
    /// A word for programs: `file-too-large`, `encoding`, `doctype`, `too-many-attributes`, `too-many-namespaces`,
    /// `too-deep`, `xml`.
    pub code: &'static str,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong and the way out (简体中文).
    pub text: String,
}

/// The text of a file.
///
/// # Errors
/// When it is too large or not even text.
pub fn text<'b>(bytes: &'b [u8], limits: &Limits) -> Result<&'b str, Fault> {
    if bytes.len() > limits.bytes_max {
        let (found, most, split) = (bytes.len(), limits.bytes_max, limits.split);
        let text = format!("文件 {found} 字节，超过上限 {most} 字节；{split}");
        return Err(fault("file-too-large", 1, text));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let line = line_of(&bytes[..error.valid_up_to()]);
        let text = "文件不是 UTF-8 编码（可能是 GBK 或 UTF-16）；请用 UTF-8 另存后再导入";
        fault("encoding", line, text.to_owned())
    })
}

/// The document of a text.
///
/// # Errors
/// When it exceeds a bound, declares entities, or is no XML.
pub fn document<'t>(text: &'t str, limits: &Limits) -> Result<Document<'t>, Fault> {
    inspect(text, limits)?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: limits.nodes_max,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options)
        .map_err(|error| fault("xml", error.pos().row, ill_formed(&error, limits)))
}

const fn fault(code: &'static str, line: u32, text: String) -> Fault {
    Fault { code, line, text }
}

/// At most as many characters as a message should repeat.
pub fn shortened(text: &str) -> &str {
    cut(text, NAME_CHARACTERS_MAX)
}

/// At most so many characters of a text.
pub fn cut(text: &str, characters_max: usize) -> &str {
    match text.char_indices().nth(characters_max) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

fn line_of(before: &[u8]) -> u32 {
    let lines = before.split(|byte| *byte == b'\n').count();
    u32::try_from(lines).unwrap_or(u32::MAX)
}

/// Looks through the text once. It need not understand it: anything ill-formed is left to the parser, which says so.
fn inspect(text: &str, limits: &Limits) -> Result<(), Fault> {
    let bytes = text.as_bytes();
    let refuse = |code, at: usize, text| Err(fault(code, line_of(&bytes[..at]), text));
    let mut depth = 0_usize;
    let mut namespaces = 0_usize;
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'<') {
        let start = at + found;
        let rest = &bytes[start..];
        if rest.starts_with(b"<!--") {
            at = after(bytes, start, b"-->");
        } else if rest.starts_with(b"<![CDATA[") {
            at = after(bytes, start, b"]]>");
        } else if rest.starts_with(b"<?") {
            at = after(bytes, start, b"?>");
        } else if rest.starts_with(b"<!") {
            let text = "文件含有 DOCTYPE 或实体声明，出于安全不予读取；请删去“<!DOCTYPE …>”";
            return refuse("doctype", start, text.to_owned());
        } else if rest.starts_with(b"</") {
            depth = depth.saturating_sub(1);
            at = start + 2;
        } else {
            let tag = Tag::read(bytes, start);
            namespaces += tag.namespaces;
            if tag.attributes > limits.attributes_max {
                let text = format!("一个元素的属性超过 {} 个", limits.attributes_max);
                return refuse("too-many-attributes", start, text);
            }
            if namespaces > limits.namespaces_max {
                let text = format!("命名空间声明超过 {} 个", limits.namespaces_max);
                return refuse("too-many-namespaces", start, text);
            }
            if !tag.closed {
                depth += 1;
            }
            if depth > limits.depth_max {
                let (most, flatten) = (limits.depth_max, limits.flatten);
                let text = format!("元素嵌套超过 {most} 层；{flatten}");
                return refuse("too-deep", start, text);
            }
            at = tag.end;
        }
    }
    Ok(())
}

/// What the parser found, in words.
fn ill_formed(error: &roxmltree::Error, limits: &Limits) -> String {
    use roxmltree::Error;
    let column = error.pos().col;
    let what = match error {
        Error::NodesLimitReached => {
            let (nodes_max, split) = (limits.nodes_max, limits.split);
            return format!("XML 节点超过 {nodes_max} 个；{split}");
        }
        Error::NoRootNode => "文件是空的".to_owned(),
        Error::UnclosedRootNode => "文件不完整，最外层元素没有结束".to_owned(),
        Error::UnexpectedCloseTag(expected, actual, _) => {
            format!(
                "第 {column} 列的结束标签“{}”应是“{}”",
                shortened(actual),
                shortened(expected)
            )
        }
        Error::DuplicatedAttribute(name, _) => {
            format!("第 {column} 列的属性“{}”重复", shortened(name))
        }
        Error::UnknownNamespace(prefix, _) => {
            format!("第 {column} 列的前缀“{}”没有声明", shortened(prefix))
        }
        Error::UnknownEntityReference(name, _) => {
            format!(
                "第 {column} 列的实体“{}”没有定义，“&”应写成“&amp;”",
                shortened(name)
            )
        }
        Error::UnexpectedEndOfStream => "文件不完整，中途断开".to_owned(),
        _ => format!("第 {column} 列附近有语法错误"),
    };
    format!("不是合格的 XML：{what}；请用建模工具重新导出")
}

fn after(bytes: &[u8], start: usize, end: &[u8]) -> usize {
    bytes[start..]
        .windows(end.len())
        .position(|window| window == end)
        .map_or(bytes.len(), |found| start + found + end.len())
}

struct Tag {
    attributes: usize,
    namespaces: usize,
    closed: bool,
    end: usize,
}

impl Tag {
    fn read(bytes: &[u8], start: usize) -> Self {
        let mut tag = Self {
            attributes: 0,
            namespaces: 0,
            closed: false,
            end: bytes.len(),
        };
        let mut quote = None;
        for at in start + 1..bytes.len() {
            let byte = bytes[at];
            match quote {
                Some(open) if byte == open => quote = None,
                None if byte == b'"' || byte == b'\'' => quote = Some(byte),
                None if byte == b'=' => tag.attributes += 1,
                None if byte == b'x' && bytes[at..].starts_with(b"xmlns") => tag.namespaces += 1,
                None if byte == b'>' => {
                    tag.closed = bytes[at - 1] == b'/';
                    tag.end = at + 1;
                    return tag;
                }
                _ => {}
            }
        }
        tag
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Limits = Limits {
        bytes_max: 200,
        depth_max: 3,
        attributes_max: 2,
        namespaces_max: 1,
        nodes_max: 8,
        split: "请拆开",
        flatten: "请减少嵌套",
    };

    fn told(bytes: &[u8]) -> String {
        let read = text(bytes, &SMALL).and_then(|text| document(text, &SMALL).map(|_| ()));
        match read {
            Ok(()) => "read".to_owned(),
            Err(fault) => fault.to_string(),
        }
    }

    #[test]
    fn every_bound_is_told_with_its_line() {
        for (file, expected) in [
            ("<a>\n<b/></a>", "read"),
            ("\u{feff}<a/>", "read"),
            ("<a><b><c><d/></c></b></a>", "read"),
            (
                "<a>\n<b><c><d></d></c></b></a>",
                "line 2: too-deep: 元素嵌套超过 3 层；请减少嵌套",
            ),
            (
                "<a\nx='1' y='2' z='3'/>",
                "line 1: too-many-attributes: 一个元素的属性超过 2 个",
            ),
            (
                "<a xmlns='u'><b xmlns='v'/></a>",
                "line 1: too-many-namespaces: 命名空间声明超过 1 个",
            ),
            (
                "<!DOCTYPE a><a/>",
                "line 1: doctype: 文件含有 DOCTYPE 或实体声明，出于安全不予读取；请删去“<!DOCTYPE …>”",
            ),
            (
                "<a><b/><b/><b/><b/><b/><b/><b/><b/></a>",
                "line 1: xml: XML 节点超过 8 个；请拆开",
            ),
            (
                "",
                "line 1: xml: 不是合格的 XML：文件是空的；请用建模工具重新导出",
            ),
            (
                "<a>\n</b>",
                "line 2: xml: 不是合格的 XML：第 1 列的结束标签“b”应是“a”；请用建模工具重新导出",
            ),
        ] {
            assert_eq!(told(file.as_bytes()), expected, "{file}");
        }
        assert_eq!(
            told(&[b' '; 201]),
            "line 1: file-too-large: 文件 201 字节，超过上限 200 字节；请拆开"
        );
        assert_eq!(
            told(b"<a>\n\xff</a>"),
            "line 2: encoding: 文件不是 UTF-8 编码（可能是 GBK 或 UTF-16）；请用 UTF-8 另存后再导入"
        );
    }
}
