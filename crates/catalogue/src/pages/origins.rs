//! Where the values of an item come from, in words.

use crate::model::{ItemContent, element_name};

/// The elements whose values were made up for the demonstration, in words.
pub(super) fn element_names(content: &ItemContent) -> String {
    let names = content.demonstration.iter();
    let names = names.map(|element| element_name(element));
    names.collect::<Vec<_>>().join("、")
}

/// Where the values come from, element by element; the key of the county's file is no source.
pub(super) fn sources(content: &ItemContent) -> String {
    let sources = content.sources.iter();
    let sources =
        sources
            .filter(|(element, _)| *element != "source_key")
            .map(|(element, source)| {
                let name = match element.split_once('.') {
                    Some((list, one)) => format!("{}“{one}”", element_name(list)),
                    None => element_name(element).to_owned(),
                };
                let source = match source.as_str() {
                    "DES" => "演示自拟",
                    "MEM" => "凭记忆填写，待核实",
                    other => other,
                };
                format!("{name}：{source}")
            });
    sources.collect::<Vec<_>>().join("；")
}
