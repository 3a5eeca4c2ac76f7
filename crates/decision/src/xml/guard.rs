//! A cheap look at the raw text before it is parsed: size, DTD, depth, attributes and namespaces. The parser is sound,
//! but some of its work grows with the square of these, and a hostile file must cost no more than an honest one.

use roxmltree::{Document, ParsingOptions};

use crate::limits::{
    XML_ATTRIBUTES_MAX, XML_BYTES_MAX, XML_DEPTH_MAX, XML_NAMESPACES_MAX, XML_NODES_MAX,
};
use crate::problem::Problems;

use crate::problem::shortened;

/// The text of a file, or why it is not even text.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Problems> {
    if bytes.len() > XML_BYTES_MAX {
        let text = format!(
            "文件 {} 字节，超过上限 {XML_BYTES_MAX} 字节；请拆成几个文件",
            bytes.len()
        );
        return Err(Problems::one("file-too-large", 1, text));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let line = line_of(&bytes[..error.valid_up_to()]);
        let text = "文件不是 UTF-8 编码（可能是 GBK 或 UTF-16）；请用 UTF-8 另存后再导入";
        Problems::one("encoding", line, text)
    })
}

fn line_of(before: &[u8]) -> u32 {
    let lines = before.split(|byte| *byte == b'\n').count();
    u32::try_from(lines).unwrap_or(u32::MAX)
}

/// Looks through the text once. It need not understand it: anything ill-formed is left to the parser, which says so.
pub(super) fn inspect(text: &str) -> Result<(), Problems> {
    let bytes = text.as_bytes();
    let refuse =
        |code, at: usize, text: String| Err(Problems::one(code, line_of(&bytes[..at]), text));
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
            if tag.attributes > XML_ATTRIBUTES_MAX {
                let text = format!("一个元素的属性超过 {XML_ATTRIBUTES_MAX} 个");
                return refuse("too-many-attributes", start, text);
            }
            if namespaces > XML_NAMESPACES_MAX {
                let text = format!("命名空间声明超过 {XML_NAMESPACES_MAX} 个");
                return refuse("too-many-namespaces", start, text);
            }
            if !tag.closed {
                depth += 1;
            }
            if depth > XML_DEPTH_MAX {
                let text = format!("元素嵌套超过 {XML_DEPTH_MAX} 层，不予读取");
                return refuse("too-deep", start, text);
            }
            at = tag.end;
        }
    }
    Ok(())
}

/// Parses a text that was inspected.
pub(super) fn parse(text: &str) -> Result<Document<'_>, roxmltree::Error> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: XML_NODES_MAX,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options)
}

/// What the parser found, in words.
pub(super) fn ill_formed(error: &roxmltree::Error) -> String {
    use roxmltree::Error;
    let column = error.pos().col;
    let what = match error {
        Error::NodesLimitReached => {
            return format!("XML 节点超过 {XML_NODES_MAX} 个；请拆成几个文件");
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
