//! How a material reads where the form asks for it (附件): what was handed in, in a few words.

use wuchuang_webkit::language::Translator;

use crate::model::Material;

/// The words for one of the item's materials among those handed in; 未交 for one that is not there.
pub fn attached(materials: &[Material], requirement: &str, translator: &Translator) -> String {
    let given = materials.iter();
    let mut given = given.filter(|one| one.requirement.as_deref() == Some(requirement));
    let Some(material) = given.next() else {
        return translator.t("未交").into_owned();
    };
    let source = material.source.text();
    let source = translator.t(&source);
    if material.files.is_empty() {
        return format!("{}（{source}）", material.name);
    }
    translator.tf(
        "{name}（{source}，{count} 个文件）",
        &[
            ("name", &material.name),
            ("source", &source),
            ("count", &material.files.len()),
        ],
    )
}
