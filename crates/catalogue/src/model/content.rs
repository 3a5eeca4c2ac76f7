//! All elements of one service item (domain facts §1.3), as they are written and as a version holds them.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_calendar::{ClockError, ClockRule};
use wuchuang_codes::{
    ExerciseLevel, HandlingForm, HandlingKind, ItemType, LocalCode, NationalItemCode, ServiceObject,
};
use wuchuang_kernel::{ItemId, PersonId};

use super::{
    limits::{ExtensionTerms, TimeLimit, clock_rule},
    parts::{
        Department, Fee, ItemMaterial, ItemResult, ItemSpecialProcedure, ItemStep, LegalBasis,
        Place, Question, WithoutMeeting,
    },
    power::{Duty, ReviewFields, SupervisedItem, SupervisionMeasure},
    rules::ItemRules,
    words::{DeliveryMethod, OnlineDepth, Tag},
};

/// The working copy of an item: the same elements, perhaps incomplete or wrong.
pub type ItemDraft = ItemContent;

/// The elements of an item. In a working copy they may be incomplete; what a published version holds
/// has passed [`super::problems`] without a problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemContent {
    /// 事项名称.
    pub name: String,
    /// 地方编码, as the county writes it; may be empty.
    pub local_code: String,
    /// 基本编码 (12), 短码 (14), 实施编码 (31) or 业务办理项编码 (33); may be empty.
    pub national_code: String,
    /// 事项类型.
    pub item_type: ItemType,
    /// 行使层级.
    pub exercise_level: ExerciseLevel,
    /// 服务对象.
    pub service_objects: Vec<ServiceObject>,
    /// 实施主体.
    pub department: Department,
    /// 办件类型.
    pub handling: HandlingKind,
    /// 法定办结时限.
    pub statutory_limit: TimeLimit,
    /// 承诺办结时限.
    pub promised_limit: TimeLimit,
    /// How the limits may be extended; `None` where the law knows no extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<ExtensionTerms>,
    /// 特别程序.
    pub special_procedures: Vec<ItemSpecialProcedure>,
    /// The steps between acceptance and decision; none for instant items.
    pub steps: Vec<ItemStep>,
    /// 申请材料.
    pub materials: Vec<ItemMaterial>,
    /// The application form: JSON Schema with the vocabulary of `wuchuang_webkit::forms`.
    pub form: Value,
    /// 受理条件, one a sentence.
    pub conditions: Vec<String>,
    /// 办理流程 in words, for the guide; empty: told by the steps.
    pub process: String,
    /// The drawn process between acceptance and decision: a BPMN 2.0 file as it was imported, to the letter. Empty: the
    /// steps are done one after the other.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub drawn_process: String,
    /// The rules by which cases are decided, and what they are used for.
    #[serde(skip_serializing_if = "ItemRules::is_none")]
    pub rules: ItemRules,
    /// 办理地点.
    pub places: Vec<Place>,
    /// 办理时间.
    pub office_hours: String,
    /// 咨询电话.
    pub phone: String,
    /// 监督投诉电话.
    pub complaint_phone: String,
    /// 收费.
    pub fee: Fee,
    /// 设定依据.
    pub legal_basis: Vec<LegalBasis>,
    /// 审批结果.
    pub result: ItemResult,
    /// 马上办、网上办、就近办、一次办.
    pub tags: Vec<Tag>,
    /// 三个不见面.
    pub without_meeting: WithoutMeeting,
    /// 到办事现场次数.
    pub max_visits: u16,
    /// 网上办理深度.
    pub online_depth: OnlineDepth,
    /// 通办范围: 全县通办, 跨省通办.
    pub cross_region_scope: String,
    /// 办理形式.
    pub handling_forms: Vec<HandlingForm>,
    /// 送达方式.
    pub delivery_methods: Vec<DeliveryMethod>,
    /// Whether 容缺受理 is possible.
    pub conditional_acceptance_allowed: bool,
    /// Whether 告知承诺 is possible.
    pub commitment_allowed: bool,
    /// 常见问题.
    pub faq: Vec<Question>,
    /// Other words people use for it, for the search.
    pub keywords: Vec<String>,
    /// The review fields of the power list.
    pub review: ReviewFields,
    /// 责任事项: what the department must do, for the list of responsibilities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<Duty>,
    /// 追责情形, one a sentence, each with its law.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accountability: Vec<String>,
    /// 监管措施: how what was granted is watched, for the list of supervision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supervision: Vec<SupervisionMeasure>,
    /// 审管分离: to whom what was granted is pushed, and which check follows; `None`: nothing is pushed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supervised: Option<SupervisedItem>,
    /// Where an element's value comes from: `name` → `YS`, by the keys of the file it was read from.
    pub sources: BTreeMap<String, String>,
    /// The elements whose values were made up for the demonstration; pages and papers mark them.
    pub demonstration: Vec<String>,
    /// A remark for those who maintain the item.
    pub note: String,
}

impl Default for ItemContent {
    fn default() -> Self {
        Self {
            name: String::new(),
            local_code: String::new(),
            national_code: String::new(),
            item_type: ItemType::PublicService,
            exercise_level: ExerciseLevel::County,
            service_objects: vec![ServiceObject::NaturalPerson],
            department: Department::none(),
            handling: HandlingKind::Standard,
            statutory_limit: TimeLimit::working_days(20),
            promised_limit: TimeLimit::working_days(5),
            extension: None,
            special_procedures: Vec::new(),
            steps: vec![ItemStep::review()],
            materials: Vec::new(),
            form: Value::Null,
            conditions: Vec::new(),
            process: String::new(),
            drawn_process: String::new(),
            rules: ItemRules::default(),
            places: Vec::new(),
            office_hours: String::new(),
            phone: String::new(),
            complaint_phone: String::new(),
            fee: Fee::default(),
            legal_basis: Vec::new(),
            result: ItemResult::default(),
            tags: Vec::new(),
            without_meeting: WithoutMeeting::default(),
            max_visits: 1,
            online_depth: OnlineDepth::PreCheck,
            cross_region_scope: String::new(),
            handling_forms: vec![HandlingForm::Counter],
            delivery_methods: vec![DeliveryMethod::Counter],
            conditional_acceptance_allowed: false,
            commitment_allowed: false,
            faq: Vec::new(),
            keywords: Vec::new(),
            review: ReviewFields::default(),
            duties: Vec::new(),
            accountability: Vec::new(),
            supervision: Vec::new(),
            supervised: None,
            sources: BTreeMap::new(),
            demonstration: Vec::new(),
            note: String::new(),
        }
    }
}

impl ItemContent {
    /// The rule by which a case counts its time.
    ///
    /// # Errors
    /// Only in a working copy: when the promised limit is longer than the statutory one.
    pub fn clock_rule(&self) -> Result<ClockRule, ClockError> {
        clock_rule(
            &self.statutory_limit,
            &self.promised_limit,
            self.extension.as_ref(),
        )
    }

    /// The material with a key.
    pub fn material(&self, id: &str) -> Option<&ItemMaterial> {
        self.materials.iter().find(|material| material.id == id)
    }

    /// The step with a key.
    pub fn step(&self, id: &str) -> Option<&ItemStep> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// Whether a case is decided in one sitting.
    pub fn is_instant(&self) -> bool {
        self.handling == HandlingKind::Instant
    }

    /// Whether one can apply without coming (row 1.6, 网上可办).
    pub fn is_online(&self) -> bool {
        self.handling_forms
            .iter()
            .any(|form| matches!(form, HandlingForm::Computer | HandlingForm::Mobile))
    }

    /// Whether an element's value was made up for the demonstration.
    pub fn is_demonstration(&self, element: &str) -> bool {
        self.demonstration.iter().any(|name| name == element)
    }

    /// The national code, where the item has one that reads.
    pub fn national_item_code(&self) -> Option<NationalItemCode> {
        NationalItemCode::parse(&self.national_code).ok()
    }

    /// The local code, where the item has one that reads.
    pub fn local_item_code(&self) -> Option<LocalCode> {
        LocalCode::parse(&self.local_code).ok()
    }

    /// The code that is printed: the national one, else the local one.
    pub fn printed_code(&self) -> Option<String> {
        self.national_item_code()
            .map(|code| code.to_string())
            .or_else(|| self.local_item_code().map(|code| code.to_string()))
    }

    /// 自然人、企业法人.
    pub fn service_object_names(&self) -> String {
        let names: Vec<&str> = self
            .service_objects
            .iter()
            .map(|object| object.name())
            .collect();
        names.join("、")
    }

    /// The same elements without those that the columns of sheet 事项 write anew: there, an empty cell
    /// means nothing. What has a sheet of its own (materials, steps …) and what no column carries (form,
    /// sources) stays.
    #[must_use]
    pub fn emptied(self) -> Self {
        let empty = Self::default();
        Self {
            name: self.name,
            item_type: self.item_type,
            department: self.department,
            materials: self.materials,
            steps: self.steps,
            special_procedures: self.special_procedures,
            legal_basis: self.legal_basis,
            faq: self.faq,
            duties: self.duties,
            supervision: self.supervision,
            fee: Fee {
                items: self.fee.items,
                ..empty.fee
            },
            form: self.form,
            drawn_process: self.drawn_process,
            rules: self.rules,
            sources: self.sources,
            demonstration: self.demonstration,
            service_objects: Vec::new(),
            handling_forms: Vec::new(),
            delivery_methods: Vec::new(),
            ..empty
        }
    }

    /// Whether it is an exercise of power (行政权力, the numbers below 20 of GB/T 39046 A.1), which the lists
    /// of powers and of duties publish, and not a public service.
    pub const fn is_power(&self) -> bool {
        self.item_type.number() < ItemType::PublicService.number()
    }

    /// The form as JSON text, as `wuchuang_webkit::forms::Form::parse` reads it.
    pub fn form_text(&self) -> String {
        self.form.to_string()
    }
}

/// One published version of an item. A running case keeps the version it started with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemVersion {
    /// The item.
    pub id: ItemId,
    /// Which version, from 1.
    pub version: u32,
    /// The first day on which it is in force.
    pub effective_from: Date,
    /// The first day on which it is no longer in force: the next version is, or the item was withdrawn.
    pub cancelled_on: Option<Date>,
    /// When it was published.
    pub published_at: Timestamp,
    /// Who published it; `None` for the system.
    pub published_by: Option<PersonId>,
    /// The elements.
    pub content: ItemContent,
}

impl ItemVersion {
    /// Whether new applications follow this version on a day (in China).
    pub fn is_in_force(&self, day: Date) -> bool {
        self.effective_from <= day && self.cancelled_on.is_none_or(|end| day < end)
    }
}
