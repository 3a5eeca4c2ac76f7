//! Files that the form asks for in its own place (附件): taken with the page's answers, shown there, and missed there. Each is one of the
//! item's materials, so it does not stand in the list of materials once more.

use axum::{
    Form,
    extract::{FromRequest, Multipart, Request},
    http::header,
};
use wuchuang_cases::{attached, files::FileError, model::FileReference};
use wuchuang_catalogue::model::ItemMaterial;
use wuchuang_kernel::MaterialId;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Answers, Field, FieldErrors},
    page::PageContext,
};

use crate::{
    apply::{Application, materials, one_material},
    rooms::Rooms,
    uploads::{self, FILES_MAX, Refused, file_count},
};

/// How many fields a page may send: 200 questions and what stands around them.
const FIELDS_MAX: usize = 2_000;
/// How large one text may be, in bytes.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// The field of a material's files begins so.
const SCAN: &str = "scan-";
/// The button that goes to the material's own page.
const OPEN: &str = "open";
/// The button that takes the chosen files in.
const ATTACH: &str = "attach";

/// What a page of the form sent.
#[derive(Default)]
pub(in crate::apply) struct Sent {
    /// Its texts.
    pub(in crate::apply) pairs: Vec<(String, String)>,
    /// Files with the material that each is.
    pub(in crate::apply) files: Vec<(String, FileReference)>,
    /// What was not taken, by field, the first of each.
    pub(in crate::apply) errors: FieldErrors,
}

impl Sent {
    /// Reads a page with or without files. Files that were taken are in the store, whatever is wrong with another one.
    pub(in crate::apply) async fn read(
        rooms: &Rooms,
        caller: &Caller,
        application: &Application,
        request: Request,
    ) -> Result<Self, Failure> {
        let unreadable = || Failure::invalid("表单没有传完整，请检查网络后再按一次。");
        let kind = request.headers().get(header::CONTENT_TYPE);
        if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/")) {
            let Form(pairs) = Form::from_request(request, &())
                .await
                .map_err(|_| unreadable())?;
            return Ok(Self {
                pairs,
                ..Self::default()
            });
        }
        let mut multipart = Multipart::from_request(request, &())
            .await
            .map_err(|_| unreadable())?;
        let mut sent = Self::default();
        for _ in 0..FIELDS_MAX {
            let field = multipart.next_field().await;
            let Some(field) = field.map_err(|error| uploads::broken(&error))? else {
                return Ok(sent);
            };
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let bytes = field.bytes().await;
            let bytes = bytes.map_err(|error| uploads::broken(&error))?;
            match (file_name, name.strip_prefix(SCAN)) {
                (None, _) if bytes.len() > TEXT_BYTES_MAX => {
                    return Err(Failure::invalid("有一栏文字太长，请删减后再提交。"));
                }
                (None, _) => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    sent.pairs.push((name, text));
                }
                (Some(file_name), Some(material)) if !bytes.is_empty() => {
                    let place = (name.as_str(), material);
                    let file = (file_name.as_str(), bytes.to_vec());
                    sent.take(rooms, caller, application, place, file).await?;
                }
                _ => {}
            }
        }
        Err(Failure::invalid("表单的内容太多，无法读取。"))
    }

    async fn take(
        &mut self,
        rooms: &Rooms,
        caller: &Caller,
        application: &Application,
        (field, material): (&str, &str),
        (name, bytes): (&str, Vec<u8>),
    ) -> Result<(), Failure> {
        if application.form.attachment(material).is_none() {
            return Ok(());
        }
        let there = file_count(&application.draft.content.materials);
        if there + self.files.len() >= FILES_MAX {
            let Refused(text) = uploads::too_many(caller);
            self.errors.add(field, text);
            return Ok(());
        }
        let person = application.person;
        match rooms
            .cases
            .take_file(caller.region, name, bytes, person)
            .await
        {
            Ok(file) => self.files.push((material.to_owned(), file)),
            Err(FileError::Refused(problem)) => {
                let text = caller.page.t(&problem.explain()).into_owned();
                self.errors.add(field, text);
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn pressed(&self, button: &str) -> Option<&str> {
        let mut pairs = self.pairs.iter();
        let (_, value) = pairs.find(|(name, _)| name == button)?;
        Some(value)
    }

    /// The material whose own page was asked for.
    pub(in crate::apply) fn opened(&self) -> Option<&str> {
        self.pressed(OPEN)
    }

    /// The material whose files were just chosen.
    pub(in crate::apply) fn attached(&self) -> Option<&str> {
        self.pressed(ATTACH)
    }

    /// Puts the files into the application.
    pub(in crate::apply) fn keep(
        &mut self,
        rooms: &Rooms,
        caller: &Caller,
        application: &mut Application,
    ) {
        for (material, file) in self.files.drain(..) {
            let Some(wanted) = application.in_force.content.material(&material) else {
                continue;
            };
            let id = MaterialId::generate(caller.now, rooms.ledger.randomness().as_ref());
            let materials = &mut application.draft.content.materials;
            one_material::take(materials, wanted, id, vec![file]);
        }
    }
}

/// The answers with how each attachment stands, for a page.
pub(in crate::apply) fn shown(
    page: &PageContext,
    application: &Application,
    values: &Answers,
) -> Answers {
    let given = &application.draft.content.materials;
    let told = |material: &str| Some(attached(given, material, &page.translator));
    application.form.with_attachments(values, told)
}

/// Whether a page of the form takes files.
pub(in crate::apply) fn takes_files(application: &Application, group: &str) -> bool {
    let mut fields = application.form.fields_of(group);
    fields.any(Field::is_attachment)
}

/// The page of the form that asks for a material, from 0; `None` for one of the list.
pub(in crate::apply) fn group_of(application: &Application, material: &str) -> Option<usize> {
    let field = application.form.attachment(material)?;
    let mut groups = application.form.groups().iter();
    groups.position(|group| *group == field.group)
}

/// The materials of the list: those that the form does not ask for.
pub(in crate::apply) fn listed(application: &Application) -> impl Iterator<Item = &ItemMaterial> {
    let materials = application.item.content.materials.iter();
    materials.filter(|material| application.form.attachment(&material.id).is_none())
}

/// What is missing of a page's attachments, by the field of the file.
pub(in crate::apply) fn missing(
    page: &PageContext,
    application: &Application,
    group: &str,
) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for error in &materials::missing(page, application) {
        let field = application.form.attachment(&error.field);
        if field.is_some_and(|field| field.group == group) {
            errors.add(format!("{SCAN}{}", error.field), error.message.clone());
        }
    }
    errors
}
