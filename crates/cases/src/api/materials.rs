//! Materials as programs send them. Size and kind of a file are read from its content and never
//! believed from the sender.

use serde::Deserialize;
use utoipa::ToSchema;
use wuchuang_kernel::{CommandId, PersonId, Personal};
use wuchuang_webkit::Failure;

use crate::{
    files::{FileStore, sniff},
    model::{FileReference, ItemTerms, Material, MaterialSource},
    service::Cases,
};

/// How many materials one command may bring.
const MATERIALS_MAX: usize = 100;
/// How many files one command may bring.
const FILES_MAX: usize = 50;
/// How long a name may be, in characters.
const NAME_CHARACTERS_MAX: usize = 120;

/// A file that was uploaded before.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FileInput {
    /// The SHA-256 of its content, as the upload answered.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    sha256: String,
    /// Its name.
    #[schema(example = "身份证正面.jpg")]
    name: String,
}

/// A material.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MaterialInput {
    /// The key of the item's material; absent for one that the applicant adds.
    #[schema(example = "m1")]
    requirement: Option<String>,
    /// Its name; absent: as the item calls it.
    name: Option<String>,
    /// How many copies were seen on paper; absent for files.
    paper_copies: Option<u16>,
    /// Its files.
    #[serde(default)]
    files: Vec<FileInput>,
}

/// The materials of a command: files are looked at, identifiers are the same each time it is sent.
pub(super) async fn materials(
    cases: &Cases,
    terms: &ItemTerms,
    person: PersonId,
    command: CommandId,
    inputs: Vec<MaterialInput>,
) -> Result<Vec<Material>, Failure> {
    let files: usize = inputs.iter().map(|input| input.files.len()).sum();
    if inputs.len() > MATERIALS_MAX || files > FILES_MAX {
        return Err(
            Failure::invalid("一次最多100份材料、50个文件，请合并后再提交。").at("materials"),
        );
    }
    let mut materials = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.into_iter().enumerate() {
        let field = format!("materials[{index}]");
        let name = name_of(terms, &input).map_err(|failure| failure.at(field.clone()))?;
        let source = match input.paper_copies {
            Some(copies) => MaterialSource::Paper { copies },
            None if input.files.is_empty() => {
                return Err(Failure::invalid(format!(
                    "“{name}”没有文件，也没有写明收到几份纸质件。请补上其中一样。"
                ))
                .at(field));
            }
            None => MaterialSource::Uploaded,
        };
        let mut found = Vec::with_capacity(input.files.len());
        for file in input.files {
            found.push(look(cases.files(), file, person).await?);
        }
        materials.push(Material {
            id: cases.material_of(command, index),
            requirement: input.requirement,
            name,
            source,
            files: found,
        });
    }
    Ok(materials)
}

fn name_of(terms: &ItemTerms, input: &MaterialInput) -> Result<String, Failure> {
    let given = input.name.as_deref().map(str::trim).unwrap_or_default();
    let known = input
        .requirement
        .as_deref()
        .and_then(|id| terms.material(id));
    match (given, known) {
        ("", Some(material)) => Ok(material.name.clone()),
        ("", None) => Err(Failure::invalid(
            "请写明材料的名称，或它在材料清单中的编号。",
        )),
        (name, _) if name.chars().count() > NAME_CHARACTERS_MAX => {
            Err(Failure::invalid("材料名称最多120个字，请缩短。"))
        }
        (name, _) => Ok(name.to_owned()),
    }
}

async fn look(
    files: &FileStore,
    input: FileInput,
    person: PersonId,
) -> Result<FileReference, Failure> {
    let sha256 = input.sha256.to_ascii_lowercase();
    let is_digest = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_digest || !files.has(&sha256).await? {
        return Err(Failure::invalid("有材料的文件没有上传，请先上传文件再提交。").at("materials"));
    }
    let bytes = files.get(&sha256).await?;
    let media_type = sniff(&bytes).map_err(crate::files::FileError::from)?;
    let name: String = input
        .name
        .chars()
        .filter(|character| !character.is_control() && !matches!(character, '/' | '\\'))
        .take(NAME_CHARACTERS_MAX)
        .collect();
    Ok(FileReference {
        sha256,
        name: Personal::new(person, name),
        bytes: bytes.len() as u64,
        media_type: media_type.text().to_owned(),
    })
}
