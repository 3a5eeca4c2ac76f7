//! 繁體中文 from 简体中文, for whole HTML pages.
//!
//! Only what people read is converted: text and the attributes `title`, `alt`, `aria-label`, `placeholder`. What a form
//! sends back (`value`, `<textarea>`, `<option>` without `value`) must not change on the way, or a name would be stored
//! in another script than the one typed; addresses, scripts and styles are left alone too.

use std::sync::LazyLock;

use ferrous_opencc::{OpenCC, config::BuiltinConfig};

/// Simplified to the standard traditional forms (no regional vocabulary), as OpenCC's `s2t` does it.
static SIMPLIFIED_TO_TRADITIONAL: LazyLock<OpenCC> = LazyLock::new(|| {
    OpenCC::from_config(BuiltinConfig::S2t).expect("the dictionary is part of the program")
});

/// Attributes that people read or hear.
const READ_ATTRIBUTES: [&str; 4] = ["title", "alt", "aria-label", "placeholder"];

/// Elements whose content is not prose, or is sent back unchanged.
const OPAQUE_ELEMENTS: [&str; 4] = ["script", "style", "textarea", "template"];

/// Converts a piece of plain text.
pub fn convert_text(text: &str) -> String {
    if text.is_ascii() {
        text.to_owned()
    } else {
        SIMPLIFIED_TO_TRADITIONAL.convert(text)
    }
}

/// Converts one HTML page in a single pass. The input is our own templates' output; broken markup is passed through as
/// it is, never lost.
pub fn convert_html(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&convert_text(&rest[..open]));
        rest = &rest[open..];
        if let Some(after) = rest.strip_prefix("<!--") {
            let end = after.find("-->").map_or(rest.len(), |at| at + 7);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let Some(length) = tag_length(rest) else {
            // A lone "<" in text: keep it and go on after it.
            out.push('<');
            rest = &rest[1..];
            continue;
        };
        let tag = &rest[..length];
        push_tag(&mut out, tag);
        rest = &rest[length..];
        let name = tag_name(tag);
        let keeps_content = OPAQUE_ELEMENTS.contains(&name.as_str())
            || (name == "option" && !tag.contains(" value="))
            || tag.contains(" data-verbatim");
        if keeps_content && !tag.ends_with("/>") {
            let end = closing_tag(rest, &name).unwrap_or(rest.len());
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    out.push_str(&convert_text(rest));
    out
}

/// Length of the tag at the start of `text` up to and with its `>`, quotes respected; `None` when it is no tag.
fn tag_length(text: &str) -> Option<usize> {
    let second = text.as_bytes().get(1)?;
    if !(second.is_ascii_alphabetic() || matches!(second, b'/' | b'!')) {
        return None;
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'>') => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn tag_name(tag: &str) -> String {
    tag[1..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect::<String>()
        .to_ascii_lowercase()
}

fn closing_tag(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</").map(|(at, _)| at).find(|at| {
        text.as_bytes()
            .get(at + 2..at + 2 + name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    })
}

fn push_tag(out: &mut String, tag: &str) {
    if tag.is_ascii() {
        out.push_str(tag);
        return;
    }
    let mut rest = tag;
    // Every attribute value is quoted in our templates: cut at each `="` and look at the name before it.
    while let Some(equals) = rest.find("=\"") {
        let (before, after) = rest.split_at(equals + 2);
        out.push_str(before);
        let Some(end) = after.find('"') else {
            out.push_str(after);
            return;
        };
        let name = before[..equals]
            .rsplit(|c: char| c.is_whitespace() || c == '"')
            .next()
            .unwrap_or_default();
        if READ_ATTRIBUTES.contains(&name) {
            out.push_str(&convert_text(&after[..end]));
        } else {
            out.push_str(&after[..end]);
        }
        rest = &after[end..];
        // Step over the closing quote, or it would look like the start of the next value.
        out.push('"');
        rest = &rest[1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::convert_html;

    fn check(html: &str, expected: Expect) {
        expected.assert_eq(&convert_html(html));
    }

    #[test]
    fn text_and_read_attributes() {
        check(
            "<h1>要办什么事？</h1><p>您的头发</p>",
            expect!["<h1>要辦什麼事？</h1><p>您的頭髮</p>"],
        );
        check(
            r#"<img alt="办事大厅" src="/图/办.png"><a title="办件" aria-label="办件" href="/办件?q=办">→</a>"#,
            expect![[
                r#"<img alt="辦事大廳" src="/图/办.png"><a title="辦件" aria-label="辦件" href="/办件?q=办">→</a>"#
            ]],
        );
    }

    #[test]
    fn what_is_sent_back_stays() {
        check(
            r#"<input name="n" value="张国庆" placeholder="姓名与国籍"><textarea rows="2">张国庆</textarea>后"#,
            expect![[
                r#"<input name="n" value="张国庆" placeholder="姓名與國籍"><textarea rows="2">张国庆</textarea>後"#
            ]],
        );
        check(
            "<option>汉王镇</option><option value=\"1\">汉王镇</option>",
            expect![[r#"<option>汉王镇</option><option value="1">漢王鎮</option>"#]],
        );
        check(
            "<b data-verbatim>张国</b>国",
            expect!["<b data-verbatim>张国</b>國"],
        );
    }

    #[test]
    fn scripts_comments_and_odd_markup() {
        check(
            "<script>a='办'<1</script>办<!-- 办 -->",
            expect!["<script>a='办'<1</script>辦<!-- 办 -->"],
        );
        check("1 < 2 办 <", expect!["1 < 2 辦 <"]);
        check(
            "<p title=\"办 > 理\">办",
            expect![[r#"<p title="辦 > 理">辦"#]],
        );
        check(
            "<input disabled value=\"\" data-x='办' title=\"国\">",
            expect![[r#"<input disabled value="" data-x='办' title="國">"#]],
        );
    }
}
