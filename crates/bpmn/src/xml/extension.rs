//! The one meaning of our own marks: the stage that begins with an element, and the limit of a task in days.

use roxmltree::Node;

use crate::model::Stage;

use super::reader::{Reader, vendor};

impl Reader {
    /// `wuchuang:stage="审查"`.
    pub(super) fn stage(&mut self, node: Node<'_, '_>) -> Option<Stage> {
        let text = vendor(node, "stage")?;
        let stage = Stage::named(text);
        if stage.is_none() {
            let names: Vec<&str> = Stage::ALL.into_iter().map(Stage::name).collect();
            let problem = format!("没有“{text}”这个环节；可用：{}", names.join("、"));
            self.error("stage-unknown", node, problem);
        }
        stage
    }

    /// `wuchuang:limitDays="5"`.
    pub(super) fn limit_days(&mut self, node: Node<'_, '_>) -> Option<u32> {
        let text = vendor(node, "limitDays")?;
        if let Ok(days @ 1..=3650) = text.parse() {
            return Some(days);
        }
        let problem = format!("时限“{text}”应是 1 到 3650 的整数（天）");
        self.error("limit-days", node, problem);
        None
    }
}
