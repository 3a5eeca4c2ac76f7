//! Materials as programs send them: files, paper that was seen, what the house has already, or a promise. Size and kind of
//! a file are read from its content and never believed from the sender.

use std::collections::{BTreeSet, HashSet};

use serde::Deserialize;
use utoipa::ToSchema;
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{CommandId, MaterialId, PersonId, Personal, china_date};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    files::{FileStore, sniff},
    model::{Case, FileReference, ItemTerms, Material, MaterialSource},
    reuse::{Applying, Offer},
    rooms::CaseRooms,
};

use super::body::case_id;

/// How many materials one command may bring.
const MATERIALS_MAX: usize = 100;
/// How many files one command may bring.
const FILES_MAX: usize = 50;
/// How long a name may be, in characters.
const NAME_CHARACTERS_MAX: usize = 120;

/// A file that was uploaded before.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileInput {
    /// The SHA-256 of its content, as the upload answered: of a file that the caller or the applicant uploaded, or that the
    /// case has already.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    sha256: String,
    /// Its name.
    #[schema(example = "身份证正面.jpg")]
    name: String,
}

/// A material: files, paper that was seen, what the house has already (`reuse`), or a promise (`promised`).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialInput {
    /// The key of the item's material; absent for one that the applicant adds.
    #[schema(example = "m1")]
    requirement: Option<String>,
    /// Its name; absent: as the item calls it.
    name: Option<String>,
    /// How many copies were seen on paper; absent for files.
    paper_copies: Option<u16>,
    /// 免提交: the key of what the house has already, as one of the `substitutes` told it.
    #[schema(max_length = 80)]
    reuse: Option<String>,
    /// 告知承诺: whether the applicant read what `substitutes` tells of this material and made the promise. What was told and
    /// promised is kept in the case word for word.
    #[serde(default)]
    promised: bool,
    /// Its files; with a promise, a scan of what was signed.
    #[serde(default)]
    files: Vec<FileInput>,
}

impl MaterialInput {
    /// Paper of an item's material that was seen at the counter.
    pub const fn paper(requirement: String, copies: u16) -> Self {
        Self {
            requirement: Some(requirement),
            name: None,
            paper_copies: Some(copies),
            reuse: None,
            promised: false,
            files: Vec::new(),
        }
    }

    /// Scans of an item's material that the caller uploaded before: SHA-256 and name.
    pub fn scans(requirement: String, files: Vec<(String, String)>) -> Self {
        let files = files.into_iter();
        Self {
            requirement: Some(requirement),
            name: None,
            paper_copies: None,
            reuse: None,
            promised: false,
            files: files
                .map(|(sha256, name)| FileInput { sha256, name })
                .collect(),
        }
    }

    /// 告知承诺 in the place of an item's material, with scans of what was signed.
    pub fn promise(requirement: String, files: Vec<(String, String)>) -> Self {
        Self {
            promised: true,
            ..Self::scans(requirement, files)
        }
    }

    /// 免提交: what the house has, by the key of the offer, with scans that go with it.
    pub fn reuse(requirement: String, offer: String, files: Vec<(String, String)>) -> Self {
        Self {
            reuse: Some(offer),
            ..Self::scans(requirement, files)
        }
    }

    /// The key of the item's material.
    pub fn requirement(&self) -> Option<&str> {
        self.requirement.as_deref()
    }

    /// Whether the house has it already.
    pub const fn is_reused(&self) -> bool {
        self.reuse.is_some()
    }
}

/// To what a command brings materials.
pub struct Receiving<'a> {
    /// The item as the case follows it.
    pub terms: &'a ItemTerms,
    /// The same with everything that is asked of its materials.
    pub item: &'a ItemVersion,
    /// The applicant; `None` while nobody knows them.
    pub person: Option<PersonId>,
    /// Number and name of the organisation that applies.
    pub organisation: Option<(&'a str, &'a str)>,
    /// To whom the names of files belong.
    pub owner: PersonId,
    /// The command's key: identifiers of materials follow from it, so that a second sending is equal.
    pub key: CommandId,
    /// The case that the command made or changed when it was sent before.
    pub before: Option<&'a Case>,
    /// Whether a promise may stand in the place of a material here.
    pub may_promise: bool,
}

/// The materials that somebody brings to a case, and the applicant to whom what is said with them belongs.
pub(super) async fn supplied(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &str,
    inputs: Vec<MaterialInput>,
    may_promise: bool,
) -> Result<(PersonId, Vec<Material>), Failure> {
    let order = caller.order(None, Expected::Existing);
    let before = rooms
        .case_for_deed(caller, case_id(case)?, "case_supply", &order)
        .await?;
    let person = before.applicant.person;
    let receiving = Receiving {
        terms: &before.terms,
        item: &*rooms.item_of(caller.region, &before).await?,
        person: Some(person),
        organisation: before.applicant.as_organisation(),
        owner: person,
        key: order.command_id,
        before: Some(&before),
        may_promise,
    };
    let found = materials(rooms, caller, receiving, inputs).await?;
    Ok((person, found))
}

/// The materials of a command: files are looked at, identifiers are the same each time it is sent.
///
/// # Errors
/// 422 for a file that is not there or a material that is said wrongly, with its place in the body.
pub async fn materials(
    rooms: &CaseRooms,
    caller: &Caller,
    receiving: Receiving<'_>,
    inputs: Vec<MaterialInput>,
) -> Result<Vec<Material>, Failure> {
    let files: usize = inputs.iter().map(|input| input.files.len()).sum();
    if inputs.len() > MATERIALS_MAX || files > FILES_MAX {
        return Err(
            Failure::invalid("一次最多100份材料、50个文件，请合并后再提交。").at("materials"),
        );
    }
    let offers = offers(rooms, caller, &receiving, &inputs).await?;
    let theirs = theirs(rooms, caller, &receiving, &inputs).await?;
    let mut materials = Vec::with_capacity(inputs.len());
    for (index, mut input) in inputs.into_iter().enumerate() {
        let at = |failure: Failure| failure.at(format!("materials[{index}]"));
        let sent = std::mem::take(&mut input.files);
        let mut found = Vec::with_capacity(sent.len());
        for file in sent {
            found.push(look(rooms.cases.files(), file, &theirs, receiving.owner).await?);
        }
        let id = rooms.cases.material_of(receiving.key, index);
        materials.push(material(&receiving, &offers, id, input, found).map_err(at)?);
    }
    Ok(materials)
}

/// Those of the named files that may be named: what the caller or the applicant uploaded, and what the case has already.
/// A digest is told in many places, and whoever knows one must not get another person's file with it.
async fn theirs(
    rooms: &CaseRooms,
    caller: &Caller,
    receiving: &Receiving<'_>,
    inputs: &[MaterialInput],
) -> Result<HashSet<String>, Failure> {
    let named: BTreeSet<String> = inputs
        .iter()
        .flat_map(|input| &input.files)
        .map(|file| file.sha256.to_ascii_lowercase())
        .collect();
    let people: Vec<PersonId> = caller
        .visitor
        .person()
        .into_iter()
        .chain(receiving.person)
        .collect();
    let uploads = rooms.cases.uploads();
    let mut theirs = uploads.brought_by(caller.region, &named, &people).await?;
    let before = receiving.before.into_iter();
    let had = before
        .flat_map(|case| &case.materials)
        .flat_map(|material| &material.files);
    theirs.extend(had.map(|file| file.sha256.clone()));
    Ok(theirs)
}

/// What the house has of the applicant, looked for only when something of it is taken.
async fn offers(
    rooms: &CaseRooms,
    caller: &Caller,
    receiving: &Receiving<'_>,
    inputs: &[MaterialInput],
) -> Result<Vec<Offer>, Failure> {
    let taken: Vec<&str> = inputs
        .iter()
        .filter(|input| input.is_reused())
        .filter_map(|input| input.requirement.as_deref())
        .collect();
    let (Some(person), false) = (receiving.person, taken.is_empty()) else {
        return Ok(Vec::new());
    };
    let wanted: Vec<_> = taken
        .into_iter()
        .filter_map(|id| receiving.item.content.material(id).cloned())
        .collect();
    let applying = Applying {
        region: caller.region,
        person,
        organisation: receiving.organisation,
        except: &[],
    };
    let (cases, today) = (&rooms.cases, china_date(caller.now));
    let found = rooms.on_hand.offers(cases, applying, &wanted, today);
    Ok(found.await?.into_iter().flatten().collect())
}

fn material(
    receiving: &Receiving<'_>,
    offers: &[Offer],
    id: MaterialId,
    input: MaterialInput,
    files: Vec<FileReference>,
) -> Result<Material, Failure> {
    let ways = [
        input.paper_copies.is_some(),
        input.reuse.is_some(),
        input.promised,
    ];
    if ways.into_iter().filter(|is_named| *is_named).count() > 1 {
        return Err(Failure::invalid(
            "一份材料只能用一种方式提供：纸质件、免提交或告知承诺。请留下一种。",
        ));
    }
    if let Some(key) = &input.reuse {
        return reused(receiving, offers, id, (&input, key), files);
    }
    let name = name_of(receiving.terms, &input)?;
    let source = match input.paper_copies {
        _ if input.promised => promise(receiving, &input)?,
        Some(copies) => MaterialSource::Paper { copies },
        None if files.is_empty() => {
            return Err(Failure::invalid(format!(
                "“{name}”没有文件，也没有写明收到几份纸质件。请补上其中一样。"
            )));
        }
        None => MaterialSource::Uploaded,
    };
    Ok(Material {
        id,
        requirement: input.requirement,
        name,
        source,
        files,
    })
}

/// What the house has, in the place of the material. Only what was offered can be taken, so that nobody takes another
/// person's file. A command that is sent again takes what it took the first time: what is offered may have changed since.
fn reused(
    receiving: &Receiving<'_>,
    offers: &[Offer],
    id: MaterialId,
    (input, key): (&MaterialInput, &str),
    files: Vec<FileReference>,
) -> Result<Material, Failure> {
    let before = receiving.before.into_iter();
    let taken = before
        .flat_map(|case| &case.materials)
        .find(|material| material.id == id);
    if let Some(taken) = taken {
        return Ok(taken.clone());
    }
    let offer = offers
        .iter()
        .find(|offer| offer.key == key && Some(&offer.requirement) == input.requirement.as_ref());
    let mut material = offer.map(|offer| offer.material(id)).ok_or_else(|| {
        Failure::invalid(
            "没有可以免提交的这一份材料：它不是申请人的，已经失效，或不能代替这份材料。请重新查询可免提交的材料，或提交文件。",
        )
    })?;
    material.files.extend(files);
    Ok(material)
}

/// The promise, word for word as it was told.
fn promise(receiving: &Receiving<'_>, input: &MaterialInput) -> Result<MaterialSource, Failure> {
    let id = input.requirement.as_deref().unwrap_or_default();
    let text = receiving
        .terms
        .commitment(id)
        .filter(|_| receiving.may_promise);
    text.map(|text| MaterialSource::Commitment { text: text.whole() })
        .ok_or_else(|| Failure::invalid("这份材料不能用承诺书代替，请提交原件或复印件。"))
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
    theirs: &HashSet<String>,
    person: PersonId,
) -> Result<FileReference, Failure> {
    let sha256 = input.sha256.to_ascii_lowercase();
    // The answer is the same for a file that is not there and for one of somebody else.
    if !theirs.contains(&sha256) || !files.has(&sha256).await? {
        return Err(Failure::invalid(
            "有材料的文件您没有上传过，或者已经过期。请先上传文件再提交。",
        )
        .at("materials"));
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
