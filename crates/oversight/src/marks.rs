//! 三集中三到位 of a department: four marks that the house computes, two facts that the department brings. What can be
//! computed is never typed.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use serde::Serialize;
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{ItemId, PersonId};

use crate::model::{
    entry::{EntryMark, EntryState},
    hall::{AuthorityScope, Concentration, HallState},
};

/// How the items of a department stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EntryFigures {
    /// 应进驻: published, and not exempted.
    pub due: u32,
    /// 已进驻.
    pub entered: u32,
    /// 经批准不进驻.
    pub exempted: u32,
    /// 应进未进, and those whose exemption ran out.
    pub missing: u32,
}

/// One of the six marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Mark {
    /// What it says.
    #[schema(example = "审批授权到位")]
    pub name: &'static str,
    /// Whether it is reached.
    pub is_reached: bool,
    /// Whether the house computed it; else it is a fact with its document.
    pub is_computed: bool,
    /// Why.
    pub reason: String,
}

/// What the marks follow from.
pub struct Standing<'a> {
    /// The department's published items.
    pub items: &'a [&'a ItemVersion],
    /// How items stand in the hall.
    pub entries: &'a HashMap<ItemId, EntryState>,
    /// The department in the hall.
    pub hall: &'a HallState,
    /// Who decides there now.
    pub approvers: &'a HashSet<PersonId>,
    /// How many findings of 体外审批 are open.
    pub outside: i64,
    /// The day.
    pub today: Date,
}

impl Standing<'_> {
    /// How an item counts.
    pub fn mark(&self, item: ItemId) -> EntryMark {
        let entry = self.entries.get(&item);
        entry.map_or(EntryMark::Missing, |entry| entry.standing.on(self.today))
    }

    /// The figures.
    pub fn figures(&self) -> EntryFigures {
        let mut figures = EntryFigures::default();
        for item in self.items {
            match self.mark(item.id) {
                EntryMark::Entered => figures.entered += 1,
                EntryMark::Exempt => figures.exempted += 1,
                EntryMark::Missing | EntryMark::ExemptionEnded => figures.missing += 1,
            }
        }
        figures.due = figures.entered + figures.missing;
        figures
    }

    /// The six marks.
    pub fn marks(&self) -> Vec<Mark> {
        let figures = self.figures();
        let mut marks = vec![
            self.fact("职能集中", Concentration::Functions),
            self.fact("人员集中", Concentration::People),
            self.items_concentrated(),
            entered(figures),
            self.authority(),
            self.watched(),
        ];
        if self.items.is_empty() {
            for place in [2, 3, 5] {
                "没有已公布的事项".clone_into(&mut marks[place].reason);
            }
        }
        marks
    }

    fn fact(&self, name: &'static str, what: Concentration) -> Mark {
        let fact = self.hall.fact(what);
        Mark {
            name,
            is_reached: fact.is_some(),
            is_computed: false,
            reason: fact.map_or_else(
                || "没有登记依据的文件".to_owned(),
                |fact| format!("{}，{}", fact.from, fact.document),
            ),
        }
    }

    /// 事项集中: every published item has a decision that somebody made, and stands in one place.
    fn items_concentrated(&self) -> Mark {
        let undecided = self.items.iter().filter(|item| {
            let entry = self.entries.get(&item.id);
            entry.is_none_or(|entry| entry.standing == crate::model::entry::EntryStanding::Missing)
        });
        let undecided = undecided.count();
        Mark {
            name: "事项集中",
            is_reached: undecided == 0 && !self.items.is_empty(),
            is_computed: true,
            reason: if undecided == 0 {
                format!("{} 个已公布事项都登记了进驻或者不进驻", self.items.len())
            } else {
                format!("{undecided} 个已公布事项没有登记")
            },
        }
    }

    /// 审批授权到位: a person who decides there is authorised in writing for all three.
    fn authority(&self) -> Mark {
        let mut missing: Vec<&str> = Vec::new();
        for scope in AuthorityScope::ALL {
            let is_held = self
                .hall
                .in_force(self.today)
                .any(|one| one.scope.contains(&scope) && self.approvers.contains(&one.person));
            if !is_held {
                missing.push(scope.name());
            }
        }
        Mark {
            name: "审批授权到位",
            is_reached: missing.is_empty(),
            is_computed: true,
            reason: if missing.is_empty() {
                "首席代表得到受理、审批、用章的书面授权".to_owned()
            } else {
                format!("现任审批岗位没有人得到{}的书面授权", missing.join("、"))
            },
        }
    }

    /// 电子监察到位: whatever is decided is on the ledger: items with a published form run here, and no decision beside it
    /// is known.
    fn watched(&self) -> Mark {
        Mark {
            name: "电子监察到位",
            is_reached: self.outside == 0 && !self.items.is_empty(),
            is_computed: true,
            reason: if self.outside == 0 {
                "事项都在账本上办理，没有未办结的体外审批线索".to_owned()
            } else {
                format!("还有 {} 条体外审批线索没有办结", self.outside)
            },
        }
    }
}

/// 事项进驻到位: what must enter has entered.
fn entered(figures: EntryFigures) -> Mark {
    Mark {
        name: "事项进驻到位",
        is_reached: figures.missing == 0 && figures.due + figures.exempted > 0,
        is_computed: true,
        reason: if figures.missing == 0 {
            format!(
                "应进驻 {} 个，都已进驻；经批准不进驻 {} 个",
                figures.due, figures.exempted
            )
        } else {
            format!(
                "应进驻 {} 个，还有 {} 个没有进驻",
                figures.due, figures.missing
            )
        },
    }
}
