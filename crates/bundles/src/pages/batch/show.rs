//! Shows the page of a batch: the headquarters, the papers with their marks and scans, the stores.

use askama::Template;
use axum::response::Html;
use wuchuang_catalogue::{exchange::form::is_of_applicant, model::ItemVersion};
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Answers, FieldErrors},
    page::{Flash, FlashKind, PageContext},
};

use super::{super::html, matter::Matter, typed::Typed};
use crate::batch::{
    papers::{Papers, Scan},
    sheet,
};

#[derive(Template)]
#[template(path = "bundles/batch.html")]
struct BatchPage<'a> {
    page: &'a PageContext,
    item: &'a ItemVersion,
    /// Who handles the cases in the place of the item's department; empty when nobody does.
    handled_by: &'a str,
    /// The questions about the headquarters.
    common: String,
    papers: &'a Papers,
    /// The scans of single stores, each with the store and the material for which it is taken.
    own: Vec<(&'a Scan, String)>,
    /// The columns in words.
    columns: String,
    typed: &'a Typed,
    errors: &'a FieldErrors,
}

impl Matter {
    pub(super) fn show(
        &self,
        caller: &Caller,
        (typed, papers): (&Typed, &Papers),
        errors: &FieldErrors,
        told: Option<String>,
    ) -> Result<Html<String>, Failure> {
        let mut page = caller
            .page
            .clone()
            .titled("连锁门店批量收件")
            .with_errors(!errors.is_empty());
        page.flash = told.map(|text| Flash {
            kind: FlashKind::Success,
            text,
        });
        let mut values = Answers::new();
        for (name, value) in &typed.pairs {
            values.insert(name.clone(), value.clone().into());
        }
        let mut common = String::new();
        for group in self.form.groups() {
            let mut fields = self.form.fields_of(group);
            if fields.all(|field| field.element.as_deref().is_some_and(is_of_applicant)) {
                let rendered = self
                    .form
                    .render_group(&page, group, &values, errors, &self.lists);
                common.push_str(&rendered.map_err(Failure::internal)?);
            }
        }
        html(&BatchPage {
            item: &self.item,
            handled_by: self.handled_by.as_ref().map_or("", |by| by.name.as_str()),
            common,
            papers,
            own: papers.told_whose(&sheet::rows(&typed.stores)),
            columns: self.headings().join(" | "),
            page: &page,
            typed,
            errors,
        })
    }
}
