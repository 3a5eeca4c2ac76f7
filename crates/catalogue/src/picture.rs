//! The picture of a drawn process on a page, with its steps as a list below: the same for the guide, the item, a case and a
//! run-through, so that people see one picture wherever they meet it.

use askama::Template;
use wuchuang_bpmn::{Definition, Drawing, Mark, Marks, PictureStep, PictureWords};
use wuchuang_webkit::{Failure, page::PageContext};

/// How deep steps are set in at most; deeper ones stand below these.
const DEPTH_MAX: usize = 3;

/// A step of the list.
struct StepLine {
    name: String,
    depth: usize,
    mark: Mark,
    limit: String,
    /// It is done by several people, each for themselves.
    is_several: bool,
    holds_steps: bool,
    /// What may come next, in words.
    next: Vec<String>,
}

#[derive(Template)]
#[template(path = "catalogue/process_picture.html")]
struct ProcessPicture<'a> {
    page: &'a PageContext,
    svg: Option<String>,
    steps: Vec<StepLine>,
    is_marked: bool,
}

/// The picture of a file and its list, ready to stand in a page; once a page, because of its ids. `None` for an item without a
/// drawn process, or with one that does not read.
///
/// # Errors
/// When the page cannot be rendered.
pub fn process_picture(
    page: &PageContext,
    file: &str,
    marks: &Marks,
) -> Result<Option<String>, Failure> {
    if file.is_empty() {
        return Ok(None);
    }
    let Ok(definition) = Definition::parse(file) else {
        return Ok(None);
    };
    let drawing = Drawing::of(&definition);
    let words = PictureWords {
        id: "process-picture",
        title: &page.t("流程图，各环节见图下的列表"),
        open: &page.t("在办"),
        done: &page.t("已办"),
    };
    let picture = ProcessPicture {
        page,
        svg: drawing.svg(words, marks),
        steps: drawing
            .steps()
            .iter()
            .map(|step| line(page, step, marks))
            .collect(),
        is_marked: !marks.open.is_empty() || !marks.done.is_empty(),
    };
    picture.render().map(Some).map_err(Failure::internal)
}

fn line(page: &PageContext, step: &PictureStep, marks: &Marks) -> StepLine {
    let next = step.next.iter().map(|next| {
        let name = next
            .name
            .clone()
            .unwrap_or_else(|| page.t("作出决定").into_owned());
        if next.when.is_empty() {
            name
        } else {
            page.tf("{when}：{name}", &[("when", &next.when), ("name", &name)])
        }
    });
    StepLine {
        name: step.name.clone(),
        depth: step.depth.min(DEPTH_MAX),
        mark: marks.of(&step.element),
        limit: step.limit_days.map_or_else(String::new, |days| {
            page.tf("限 {count} 个工作日", &[("count", &days)])
        }),
        is_several: step.is_several,
        holds_steps: step.holds_steps,
        next: next.collect(),
    }
}
