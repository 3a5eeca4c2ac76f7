//! The picture of a case in its drawn process: what is open now and what is done, on the drawing that the case follows.

use wuchuang_bpmn::{ElementId, Marks};
use wuchuang_catalogue::{model::ServiceItem, process_picture};
use wuchuang_kernel::Region;
use wuchuang_webkit::{Failure, page::PageContext};

use super::Cases;
use crate::model::{Case, DrawnProcess};

impl Cases {
    /// The picture of a case with its position lit, as part of a page; `None` for a case without a drawn process. It names
    /// steps and nobody, so that whoever may see where a case stands may see it.
    ///
    /// # Errors
    /// When the item cannot be read or the page not be rendered.
    pub async fn picture(
        &self,
        region: Region,
        case: &Case,
        page: &PageContext,
    ) -> Result<Option<String>, Failure> {
        let Some(process) = self.process_of(region, case).await? else {
            return Ok(None);
        };
        let item = case.terms.item.into();
        let loaded = self.ledger.load::<ServiceItem>(region, item).await?;
        let version = loaded.and_then(|(_, state)| state.version(case.drawing_version()).cloned());
        let Some(version) = version else {
            return Ok(None);
        };
        let marks = marks(case, &process);
        process_picture(page, &version.content.drawn_process, &marks)
    }
}

/// What is lit. While the case is under review the engine knows it; before that nothing is done, and afterwards whatever
/// somebody gave an opinion at is.
fn marks(case: &Case, process: &DrawnProcess) -> Marks {
    let with_opinion = || {
        let steps = case.opinions.iter().map(|opinion| opinion.step.as_str());
        steps.map(ElementId::from).collect()
    };
    let Some(position) = case.drawn() else {
        return Marks {
            done: with_opinion(),
            ..Marks::default()
        };
    };
    let tasks = position.tasks.iter().map(|task| task.element.clone());
    let stuck = position.stuck.iter().map(|place| place.element.clone());
    Marks {
        open: tasks.chain(stuck).collect(),
        done: match position.state.get() {
            Some(state) => state.done(process.process()).into_iter().collect(),
            None => with_opinion(),
        },
    }
}
