//! Which pages an application has, in order. Pure: it follows from the item and its form.

use wuchuang_catalogue::model::{DeliveryMethod, ItemContent};
use wuchuang_webkit::{forms::Form, page::PageContext};

/// One page of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A group of the form, from 0.
    Group(usize),
    /// The list of materials.
    Materials,
    /// Where it is handled.
    Place,
    /// Where the result goes.
    Delivery,
    /// 核对.
    Check,
}

impl Step {
    /// The end of its address; groups are counted from 1 there.
    pub(super) fn address(self) -> String {
        match self {
            Self::Group(index) => format!("form/{}", index + 1),
            Self::Materials => "materials".to_owned(),
            Self::Place => "place".to_owned(),
            Self::Delivery => "delivery".to_owned(),
            Self::Check => "check".to_owned(),
        }
    }
}

/// The pages of one item's application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Walk {
    steps: Vec<Step>,
    groups: Vec<String>,
}

/// Whether there is anything to ask about where the result goes.
pub(super) fn asks_delivery(content: &ItemContent) -> bool {
    content.delivery_methods.len() > 1 || content.delivery_methods.contains(&DeliveryMethod::Post)
}

impl Walk {
    pub(super) fn of(content: &ItemContent, form: &Form, asks_place: bool) -> Self {
        // What the form asks for in its place is not asked for in the list.
        let mut materials = content.materials.iter();
        let has_list = materials.any(|material| form.attachment(&material.id).is_none());
        Self::new(
            form.groups(),
            [has_list, asks_place, asks_delivery(content)],
        )
    }

    fn new(groups: &[String], [has_materials, asks_place, asks_delivery]: [bool; 3]) -> Self {
        let steps = (0..groups.len())
            .map(Step::Group)
            .chain(has_materials.then_some(Step::Materials))
            .chain(asks_place.then_some(Step::Place))
            .chain(asks_delivery.then_some(Step::Delivery))
            .chain([Step::Check])
            .collect();
        Self {
            steps,
            groups: groups.to_vec(),
        }
    }

    /// The first page.
    pub(super) fn first(&self) -> Step {
        self.steps.first().copied().unwrap_or(Step::Check)
    }

    /// The page after one.
    pub(super) fn after(&self, step: Step) -> Step {
        let place = self.steps.iter().position(|known| *known == step);
        place
            .and_then(|place| self.steps.get(place + 1))
            .copied()
            .unwrap_or(Step::Check)
    }

    /// The page before one.
    pub(super) fn before(&self, step: Step) -> Option<Step> {
        let place = self.steps.iter().position(|known| *known == step)?;
        self.steps.get(place.checked_sub(1)?).copied()
    }

    /// `第 2 步，共 5 步：材料`: number, total, name (Chinese).
    pub(super) fn place(&self, step: Step) -> StepPlace<'_> {
        let number = self
            .steps
            .iter()
            .position(|known| *known == step)
            .map_or(self.steps.len(), |place| place + 1);
        let name = match step {
            Step::Group(index) => self.groups.get(index).map_or("", String::as_str),
            Step::Materials => "材料",
            Step::Place => "办理地点",
            Step::Delivery => "领取方式",
            Step::Check => "核对并提交",
        };
        StepPlace {
            number,
            total: self.steps.len(),
            name,
        }
    }
}

/// Where the citizen is among the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StepPlace<'a> {
    /// From 1.
    pub(super) number: usize,
    /// How many there are.
    pub(super) total: usize,
    /// The page's name in Chinese.
    pub(super) name: &'a str,
}

/// What is said above the heading.
pub(super) fn words(page: &PageContext, place: &StepPlace<'_>) -> String {
    page.tf(
        "第 {number} 步，共 {total} 步：{name}",
        &[
            ("number", &place.number),
            ("total", &place.total),
            ("name", &page.t(place.name)),
        ],
    )
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(groups: &[&str], asks: [bool; 3], expected: Expect) {
        let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        let walk = Walk::new(&groups, asks);
        let mut step = walk.first();
        let mut lines = Vec::new();
        loop {
            let place = walk.place(step);
            lines.push(format!(
                "{}/{} {} {} {:?}",
                place.number,
                place.total,
                step.address(),
                place.name,
                walk.before(step).map(Step::address)
            ));
            if step == Step::Check {
                break;
            }
            step = walk.after(step);
        }
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn an_application_walks_through_what_its_item_asks() {
        check(
            &["申请人", "申请内容"],
            [true, true, true],
            expect![[r#"
                1/6 form/1 申请人 None
                2/6 form/2 申请内容 Some("form/1")
                3/6 materials 材料 Some("form/2")
                4/6 place 办理地点 Some("materials")
                5/6 delivery 领取方式 Some("place")
                6/6 check 核对并提交 Some("delivery")"#]],
        );
        check(
            &[],
            [false, false, false],
            expect!["1/1 check 核对并提交 None"],
        );
    }

    #[test]
    fn a_page_that_is_not_asked_leads_to_the_end() {
        let walk = Walk::new(&["申请人".to_owned()], [false, false, false]);
        assert_eq!(walk.after(Step::Materials), Step::Check);
        assert_eq!(walk.before(Step::Materials), None);
    }
}
