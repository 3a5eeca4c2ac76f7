//! Multi-instance activities (会签).

use std::sync::Arc;

use roxmltree::Node;

use crate::expression::Expression;
use crate::model::{Completion, ItemSource, Looping, Output};

use super::names::ZEEBE;
use super::reader::{Reader, child, extensions, setting, text_of, vendor};
use super::refused::refused;

impl Reader {
    /// The loop marker of an activity, if it has one that can be read.
    pub(super) fn looping(&mut self, activity: Node<'_, '_>) -> Option<Looping> {
        if let Some(node) = child(activity, "standardLoopCharacteristics") {
            let (name, advice) = refused("standardLoopCharacteristics")?;
            self.error("not-executed", node, format!("不执行“{name}”：{advice}"));
        }
        let node = child(activity, "multiInstanceLoopCharacteristics")?;
        self.list_ignored(node);
        if let Some(behaviour) = child(node, "complexBehaviorDefinition") {
            let (name, advice) = refused("complexBehaviorDefinition")?;
            self.error(
                "not-executed",
                behaviour,
                format!("不执行“{name}”：{advice}"),
            );
        }
        let sequential = self.flag(node, "isSequential", false);
        let source = self.item_source(node)?;
        let completion = self.completion(node)?;
        let output = self.output(node);
        Some(Looping {
            sequential,
            source,
            completion,
            output,
        })
    }

    fn item_source(&mut self, node: Node<'_, '_>) -> Option<ItemSource> {
        let collection = setting(
            node,
            "collection",
            Some(("loopCharacteristics", "inputCollection")),
        )
        .map(str::to_owned)
        .or_else(|| child(node, "loopDataInputRef").map(text_of))
        .filter(|text| !text.is_empty());
        let cardinality = child(node, "loopCardinality")
            .map(text_of)
            .filter(|text| !text.is_empty());
        match (collection, cardinality) {
            (Some(_), Some(_)) => {
                let text = "多实例同时写了集合和次数；请只留一个";
                self.error("multi-instance-both", node, text);
                None
            }
            (Some(text), None) => Some(ItemSource::Collection {
                list: self.expression(node, "多实例的集合", &text)?,
                element: setting(
                    node,
                    "elementVariable",
                    Some(("loopCharacteristics", "inputElement")),
                )
                .or_else(|| child(node, "inputDataItem").and_then(|item| item.attribute("name")))
                .map(Arc::from),
            }),
            (None, Some(text)) => Some(ItemSource::Count(self.expression(
                node,
                "多实例的次数",
                &text,
            )?)),
            (None, None) => {
                let text = "多实例没有说明有几个：请写集合（collection）或次数（loopCardinality）";
                self.error("multi-instance-source", node, text);
                None
            }
        }
    }

    /// The standard `completionCondition`, or our short form `all`, `any` or a percentage.
    fn completion(&mut self, node: Node<'_, '_>) -> Option<Completion> {
        let condition = child(node, "completionCondition")
            .map(text_of)
            .filter(|text| !text.is_empty());
        let short = vendor(node, "completion");
        match (condition, short) {
            (Some(_), Some(_)) => {
                let text =
                    "完成条件写了两处（completionCondition 和 wuchuang:completion）；请只留一处";
                self.error("multi-instance-completion", node, text);
                None
            }
            (Some(text), None) => Some(Completion::When(self.expression(
                node,
                "完成条件",
                &text,
            )?)),
            (None, None | Some("all")) => Some(Completion::All),
            (None, Some("any")) => self.counting(node, "nrOfCompletedInstances >= 1"),
            (None, Some(text)) => {
                let percent = text
                    .strip_suffix('%')
                    .and_then(|text| text.trim().parse::<u32>().ok());
                let Some(percent @ 1..=100) = percent else {
                    let problem =
                        format!("完成方式“{text}”应是 all（全部）、any（任一）或百分比如 60%");
                    self.error("multi-instance-completion", node, problem);
                    return None;
                };
                let text = format!("nrOfCompletedInstances * 100 >= nrOfInstances * {percent}");
                self.counting(node, &text)
            }
        }
    }

    fn counting(&mut self, node: Node<'_, '_>, text: &str) -> Option<Completion> {
        Some(Completion::When(self.expression(node, "完成条件", text)?))
    }

    fn output(&mut self, node: Node<'_, '_>) -> Option<Output> {
        let collection = setting(
            node,
            "outputCollection",
            Some(("loopCharacteristics", "outputCollection")),
        )
        .map(str::to_owned)
        .or_else(|| child(node, "loopDataOutputRef").map(text_of))
        .filter(|text| !text.is_empty());
        let element: Option<String> = vendor(node, "outputElement")
            .or_else(|| {
                extensions(node)
                    .find(|child| child.has_tag_name((ZEEBE, "loopCharacteristics")))
                    .and_then(|child| child.attribute("outputElement"))
            })
            .or_else(|| child(node, "outputDataItem").and_then(|item| item.attribute("name")))
            .map(str::to_owned);
        match (collection, element) {
            (Some(collection), Some(element)) => {
                let element: Expression = self.expression(node, "会签结果", &element)?;
                Some(Output {
                    collection: collection.as_str().into(),
                    element,
                })
            }
            (None, None) => None,
            _ => {
                let text = "收集会签结果要同时写 outputCollection（结果列表）和 outputElement（每人的结果）";
                self.error("multi-instance-output", node, text);
                None
            }
        }
    }
}
