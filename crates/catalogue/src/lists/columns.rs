//! What each list says of an item: the cells that stand once, and the rows under them. Pages and workbooks
//! draw from the same columns; a page leaves out what is for the workbook alone.

use super::PublicList;
use crate::model::{DeliveryMethod, ItemContent, ItemSpecialProcedure, Tag};

/// A cell that stands once for an item.
pub(crate) struct Lead {
    /// Its heading.
    pub(crate) title: &'static str,
    /// Its width in a workbook, in characters.
    pub(crate) width: f64,
    /// Whether the page shows it; the workbook shows all.
    pub(crate) is_on_page: bool,
    /// Its text; empty where nothing is registered.
    pub(crate) cell: fn(&ItemContent) -> String,
}

/// The heading of a cell that stands in each row of an item.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heading {
    /// Its words.
    pub(crate) title: &'static str,
    /// Its width in a workbook, in characters.
    pub(crate) width: f64,
}

const fn lead(title: &'static str, width: f64, cell: fn(&ItemContent) -> String) -> Lead {
    Lead {
        title,
        width,
        is_on_page: true,
        cell,
    }
}

/// For the workbook alone.
const fn filed(title: &'static str, width: f64, cell: fn(&ItemContent) -> String) -> Lead {
    Lead {
        is_on_page: false,
        ..lead(title, width, cell)
    }
}

const fn heading(title: &'static str, width: f64) -> Heading {
    Heading { title, width }
}

const DEPARTMENT: Lead = lead("实施主体", 24.0, |item| item.department.name.clone());
const TYPE: Lead = lead("类型", 12.0, |item| item.item_type.name().to_owned());
const HANDLING: Lead = lead("办件类型", 10.0, |item| item.handling.name().to_owned());
const PROMISED: Lead = lead("承诺时限", 14.0, |item| item.promised_limit.text());
const STATUTORY: Lead = lead("法定时限", 14.0, |item| item.statutory_limit.text());
const CODE: Lead = filed("事项编码", 34.0, |item| {
    item.printed_code().unwrap_or_default()
});
const LEVEL: Lead = filed("行使层级", 14.0, |item| {
    item.exercise_level.name().to_owned()
});
const BASIS: Lead = lead("设定依据", 40.0, |item| {
    let citations = item
        .legal_basis
        .iter()
        .map(crate::model::LegalBasis::citation);
    citations.collect::<Vec<_>>().join("\n")
});

const ITEMS: &[Lead] = &[
    DEPARTMENT,
    TYPE,
    HANDLING,
    PROMISED,
    STATUTORY,
    lead("到现场次数", 10.0, |item| item.max_visits.to_string()),
    lead("标签", 24.0, |item| {
        item.tags
            .iter()
            .map(|tag| Tag::name(*tag))
            .collect::<Vec<_>>()
            .join("、")
    }),
    CODE,
    LEVEL,
    filed("服务对象", 20.0, ItemContent::service_object_names),
    filed("办理形式", 30.0, |item| {
        let forms = item.handling_forms.iter().map(|form| form.name());
        forms.collect::<Vec<_>>().join("、")
    }),
    filed("网上办理深度", 14.0, |item| {
        item.online_depth.name().to_owned()
    }),
    filed("通办范围", 14.0, |item| item.cross_region_scope.clone()),
    filed("收费", 20.0, |item| item.fee.text()),
    filed("审批结果", 24.0, |item| item.result.name.clone()),
    filed("咨询电话", 16.0, |item| item.phone.clone()),
    filed("监督投诉电话", 16.0, |item| {
        item.complaint_phone.clone()
    }),
];

const PROCEDURES: &[Lead] = &[DEPARTMENT, HANDLING, PROMISED, STATUTORY];

const POWERS: &[Lead] = &[
    DEPARTMENT,
    TYPE,
    BASIS,
    filed("申请材料", 48.0, |item| {
        let names = item.materials.iter().map(|one| one.name.as_str());
        names.collect::<Vec<_>>().join("\n")
    }),
    Lead {
        title: "材料数",
        width: 8.0,
        is_on_page: true,
        cell: |item| format!("{} 种", item.materials.len()),
    },
    lead("办事程序", 36.0, |item| {
        let names = way(item).into_iter().map(|row| row[0].clone());
        names.collect::<Vec<_>>().join(" → ")
    }),
    PROMISED,
    STATUTORY,
    lead("收费标准", 24.0, |item| item.fee.text()),
    lead("前置审批", 24.0, |item| {
        item.review.prior_approvals.clone()
    }),
    lead("政策依据", 24.0, |item| {
        item.review.policy_basis.clone()
    }),
    filed("审批结果", 24.0, |item| item.result.name.clone()),
    CODE,
    LEVEL,
];

const DUTIES: &[Lead] = &[
    DEPARTMENT,
    TYPE,
    lead("追责情形", 40.0, |item| item.accountability.join("\n")),
    filed("监督投诉电话", 16.0, |item| {
        item.complaint_phone.clone()
    }),
];

const SUPERVISION: &[Lead] = &[
    DEPARTMENT,
    TYPE,
    lead("监督投诉电话", 16.0, |item| {
        item.complaint_phone.clone()
    }),
];

const PROCEDURE_ROWS: &[Heading] = &[
    heading("环节", 20.0),
    heading("谁来办", 16.0),
    heading("时限", 24.0),
    heading("说明", 40.0),
];
const DUTY_ROWS: &[Heading] = &[
    heading("责任方", 10.0),
    heading("责任单位", 24.0),
    heading("责任环节", 12.0),
    heading("责任事项", 60.0),
    heading("责任依据", 32.0),
];
const SUPERVISION_ROWS: &[Heading] = &[
    heading("监管措施", 48.0),
    heading("监管主体", 24.0),
    heading("时间和频次", 24.0),
    heading("监管依据", 32.0),
];

impl PublicList {
    /// The cells that stand once for an item.
    pub(crate) const fn leads(self) -> &'static [Lead] {
        match self {
            Self::Items => ITEMS,
            Self::Procedures => PROCEDURES,
            Self::Powers => POWERS,
            Self::Duties => DUTIES,
            Self::Supervision => SUPERVISION,
        }
    }

    /// The headings of the rows; none where an item is one row.
    pub(crate) const fn headings(self) -> &'static [Heading] {
        match self {
            Self::Items | Self::Powers => &[],
            Self::Procedures => PROCEDURE_ROWS,
            Self::Duties => DUTY_ROWS,
            Self::Supervision => SUPERVISION_ROWS,
        }
    }

    /// The rows of an item.
    pub(super) fn rows(self, item: &ItemContent) -> Vec<Vec<String>> {
        match self {
            Self::Items | Self::Powers => Vec::new(),
            Self::Procedures => way(item),
            Self::Duties => item
                .duties
                .iter()
                .map(|duty| {
                    vec![
                        duty.party.name().to_owned(),
                        item.duty_of(duty).to_owned(),
                        duty.stage.name().to_owned(),
                        duty.text.clone(),
                        duty.basis.clone(),
                    ]
                })
                .collect(),
            Self::Supervision => item
                .measures()
                .iter()
                .map(|one| {
                    let by = if one.by.is_empty() {
                        item.department.name.clone()
                    } else {
                        one.by.clone()
                    };
                    vec![
                        one.measure.clone(),
                        by,
                        one.frequency.clone(),
                        one.basis.clone(),
                    ]
                })
                .collect(),
        }
    }
}

/// The way of an application: who does what, in which time.
fn way(item: &ItemContent) -> Vec<Vec<String>> {
    let row = |name: &str, who: &str, limit: String, note: String| {
        vec![name.to_owned(), who.to_owned(), limit, note]
    };
    let nothing = String::new;
    let mut rows = vec![row("申请", "申请人", nothing(), application(item))];
    if item.is_instant() {
        let note = "材料齐全的，当场受理、当场办结。".to_owned();
        rows.push(row("受理", "窗口受理", "当场".to_owned(), note));
    } else {
        let note = "材料不齐的，五个工作日内一次告知全部要补的内容。".to_owned();
        rows.push(row("受理", "窗口受理", nothing(), note));
    }
    for step in &item.steps {
        let limit = step.limit_days.map(|days| format!("{days} 个工作日"));
        let limit = limit.unwrap_or_default();
        rows.push(row(&step.name, step.role.name(), limit, nothing()));
    }
    for procedure in &item.special_procedures {
        let (limit, note) = special(procedure);
        let name = format!("特别程序：{}", procedure.name);
        rows.push(row(&name, "", limit, note));
    }
    let within = format!("自受理起{}", item.promised_limit.text());
    let limit = if item.is_instant() {
        "当场".to_owned()
    } else {
        within
    };
    rows.push(row("决定", "审批", limit, item.result.name.clone()));
    let methods = item.delivery_methods.iter().copied();
    let methods: Vec<&str> = methods.map(DeliveryMethod::name).collect();
    rows.push(row("送达", "窗口受理", nothing(), methods.join("、")));
    rows
}

/// Where one can apply.
fn application(item: &ItemContent) -> String {
    let forms = item.handling_forms.iter().map(|form| form.name());
    forms.collect::<Vec<_>>().join("、")
}

/// How long a special procedure takes, and whether its time counts.
fn special(procedure: &ItemSpecialProcedure) -> (String, String) {
    let limit = match procedure.days {
        Some(days) if procedure.calendar_days => format!("{days} 日"),
        Some(days) => format!("{days} 个工作日"),
        None => "按实际需要".to_owned(),
    };
    let counted = match &procedure.stop {
        Some(stop) => format!("不计入办理时限（{}）", stop.article()),
        None => "计入办理时限".to_owned(),
    };
    let fee = if procedure.charged { "；收费" } else { "" };
    (limit, format!("{counted}{fee}"))
}
