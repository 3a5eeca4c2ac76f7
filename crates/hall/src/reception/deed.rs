//! The buttons of a reception: which command follows the receipt, and what stands against it.

use jiff::civil::Date;
use wuchuang_cases::model::{
    Agent, CaseCommand, Conditional, Defect, DeliveryChoice, NotAcceptedGround, Undertaking,
};
use wuchuang_catalogue::model::{DeliveryMethod, ItemContent, LimitUnit};
use wuchuang_codes::{CitizenNumber, PhoneNumber};
use wuchuang_kernel::{PersonId, Personal};
use wuchuang_webkit::forms::{FieldErrors, Form};

use super::{checklist::Checklist, sheet::Sheet};

/// What an instant item's opinion begins with; the clerk may change it.
const OPINION: &str = "经当场核对，材料齐全，符合法定条件，准予办理。";
/// How many working days a supplement may take when the item's promised limit does not say less.
const SUPPLEMENT_DAYS: u16 = 5;
/// How long a name or address may be, in characters.
const TEXT_CHARACTERS_MAX: usize = 200;
/// How long a reason may be, in characters; the case's own limit.
const REASON_CHARACTERS_MAX: usize = 2_000;
/// Who is handled first (绿色通道): code and word.
pub(crate) const PRIORITIES: [(&str, &str); 6] = [
    ("elder", "老年人"),
    ("soldier", "军人、退役军人、消防救援人员"),
    ("disabled", "残疾人"),
    ("pregnant", "孕妇或带婴幼儿"),
    ("ill", "重病患者"),
    ("urgent", "项目急办"),
];

/// Which button was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pressed {
    /// 核对 (Enter in a field): shows what is still open.
    Check,
    /// One that files the case.
    File(Deed),
}

/// What is done with the case as it is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// 收件: only received.
    Receive,
    /// 收件并受理, for instant items 收件并当场办结.
    Accept,
    /// 一次性告知.
    Correct,
    /// 不予受理.
    Refuse,
}

impl Pressed {
    /// Reads the button. Enter in a field presses 核对, so that no key files a case by accident.
    pub(crate) fn of(sheet: &Sheet) -> Self {
        match sheet.text("deed") {
            "receive" => Self::File(Deed::Receive),
            "accept" => Self::File(Deed::Accept),
            "correct" => Self::File(Deed::Correct),
            "refuse" => Self::File(Deed::Refuse),
            _ => Self::Check,
        }
    }
}

impl Deed {
    /// The action that the policies decide before the second command.
    pub(crate) const fn action(self) -> Option<&'static str> {
        match self {
            Self::Receive => None,
            Self::Accept => Some("case_accept"),
            Self::Correct => Some("case_correct"),
            Self::Refuse => Some("case_accept_refuse"),
        }
    }

    /// The name from which the second command's key is derived.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::Accept => "accept",
            Self::Correct => "correct",
            Self::Refuse => "refuse",
        }
    }

    /// Whether the answers of the form must be right. A notice of defects names the wrong ones
    /// instead, and who is refused need not finish a form.
    pub(crate) const fn needs_answers(self) -> bool {
        matches!(self, Self::Receive | Self::Accept)
    }
}

/// Everything on the page besides the item's form and the checklist.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    /// The code of the delivery method.
    pub(crate) delivery: String,
    /// Where to send the result.
    pub(crate) post_address: String,
    /// Whether somebody acts for the applicant.
    pub(crate) has_agent: bool,
    /// Their name.
    pub(crate) agent_name: String,
    /// Their citizen number.
    pub(crate) agent_number: String,
    /// Their phone.
    pub(crate) agent_phone: String,
    /// The code of the reason to be handled first; empty when there is none.
    pub(crate) priority: String,
    /// Working days for the supplement.
    pub(crate) supplement_days: String,
    /// Whether the applicant signed the undertaking to bring what is owed (容缺受理承诺).
    pub(crate) is_undertaken: bool,
    /// The opinion on an instant item.
    pub(crate) opinion: String,
    /// Until when the applicant is asked to correct; may be empty.
    pub(crate) answer_by: String,
    /// A defect that is no material and no field; may be empty.
    pub(crate) other_defect: String,
    /// The code of the ground for not accepting.
    pub(crate) ground: String,
    /// Who is competent.
    pub(crate) authority: String,
    /// Why it is not accepted.
    pub(crate) reason: String,
}

impl About {
    /// What a new page begins with.
    pub(crate) fn of(content: &ItemContent) -> Self {
        let promised = &content.promised_limit;
        let days = match promised.unit {
            LimitUnit::WorkingDays => promised.value.min(SUPPLEMENT_DAYS),
            _ => SUPPLEMENT_DAYS,
        };
        Self {
            delivery: delivery_methods(content)[0].code().to_owned(),
            supplement_days: days.max(1).to_string(),
            opinion: OPINION.to_owned(),
            ground: "other".to_owned(),
            ..Self::default()
        }
    }

    /// What was typed.
    pub(crate) fn read(sheet: &Sheet) -> Self {
        let text = |name: &str, limit: usize| -> String {
            sheet.text(name).trim().chars().take(limit).collect()
        };
        let line = |name: &str| text(name, TEXT_CHARACTERS_MAX);
        Self {
            delivery: line("delivery-method"),
            post_address: line("post-address"),
            has_agent: sheet.is_ticked("has-agent"),
            agent_name: line("agent-name"),
            agent_number: line("agent-number"),
            agent_phone: line("agent-phone"),
            priority: line("priority-reason"),
            supplement_days: line("supplement-days"),
            is_undertaken: sheet.is_ticked("undertaking"),
            opinion: text("opinion-text", REASON_CHARACTERS_MAX),
            answer_by: line("answer-by"),
            other_defect: text("other-defect", REASON_CHARACTERS_MAX),
            ground: line("refusal-ground"),
            authority: line("refusal-authority"),
            reason: text("refusal-reason", REASON_CHARACTERS_MAX),
        }
    }

    /// Where the result goes.
    pub(crate) fn delivery(
        &self,
        content: &ItemContent,
        person: PersonId,
        errors: &mut FieldErrors,
    ) -> DeliveryChoice {
        let method = delivery_methods(content)
            .into_iter()
            .find(|method| method.code() == self.delivery);
        match method {
            Some(DeliveryMethod::Post) => {
                if self.post_address.is_empty() {
                    errors.add("post-address", "请填写邮寄地址（结果要寄到哪里）。");
                }
                DeliveryChoice::Post {
                    address: Personal::new(person, self.post_address.clone()),
                }
            }
            Some(DeliveryMethod::Electronic) => DeliveryChoice::Electronic,
            Some(DeliveryMethod::Counter) => DeliveryChoice::Counter,
            None => {
                errors.add("delivery-method", "请选择结果的送达方式。");
                DeliveryChoice::Counter
            }
        }
    }

    /// Who acts for the applicant.
    pub(crate) fn agent(&self, person: PersonId, errors: &mut FieldErrors) -> Option<Agent> {
        if !self.has_agent {
            return None;
        }
        if self.agent_name.is_empty() {
            errors.add("agent-name", "请填写代办人姓名，或取消“代办”。");
        }
        let number = match CitizenNumber::parse(&self.agent_number) {
            Ok(number) => number.as_str().to_owned(),
            Err(error) => {
                errors.add("agent-number", format!("代办人：{}", error.explain()));
                String::new()
            }
        };
        let phone = match PhoneNumber::parse(&self.agent_phone) {
            Ok(phone) => phone.as_str().to_owned(),
            Err(_) if self.agent_phone.is_empty() => String::new(),
            Err(error) => {
                errors.add("agent-phone", format!("代办人：{}", error.explain()));
                String::new()
            }
        };
        Some(Agent {
            name: Personal::new(person, self.agent_name.clone()),
            number: Personal::new(person, number),
            phone: Personal::new(person, phone),
        })
    }

    /// The command that follows the receipt, or what stands against it.
    pub(crate) fn command(
        &self,
        deed: Deed,
        table: &Table<'_>,
        errors: &mut FieldErrors,
    ) -> Option<CaseCommand> {
        let own = |text: &str| Personal::new(table.person, text.to_owned());
        match deed {
            Deed::Receive => None,
            Deed::Accept => {
                table.checklist.against_acceptance(errors);
                if table.content.is_instant() {
                    if self.opinion.is_empty() {
                        errors.add("opinion-text", "请写下办结意见。");
                    }
                    return Some(CaseCommand::AcceptAndGrant {
                        opinion: own(&self.opinion),
                    });
                }
                let conditional = self.conditional(table.checklist, errors);
                Some(CaseCommand::Accept { conditional })
            }
            Deed::Correct => {
                let defects = self.defects(table);
                if defects.is_empty() {
                    errors.add(
                        "other-defect",
                        "没有要告知的内容：材料和表单都齐全时请收件并受理；另有问题请写在这里。",
                    );
                }
                let answer_by = self.answer_by(errors);
                Some(CaseCommand::NotifyCorrection { defects, answer_by })
            }
            Deed::Refuse => {
                if self.reason.is_empty() {
                    errors.add("refusal-reason", "请写明不予受理的理由，申请人会收到。");
                }
                let ground = self.ground(errors);
                Some(CaseCommand::RefuseAcceptance {
                    ground,
                    reason: own(&self.reason),
                })
            }
        }
    }

    fn conditional(&self, checklist: &Checklist, errors: &mut FieldErrors) -> Option<Conditional> {
        let materials = checklist.owed();
        if materials.is_empty() {
            return None;
        }
        let days = self
            .supplement_days
            .parse::<u16>()
            .ok()
            .filter(|days| *days > 0);
        if days.is_none() {
            errors.add(
                "supplement-days",
                "请填写容缺补正期限：1 以上的整数，按工作日计。",
            );
        }
        if !self.is_undertaken {
            errors.add(
                "undertaking",
                "标了容缺的材料，要请申请人作出容缺承诺并签字，再勾选这一栏；不愿承诺的，请一次性告知补正。",
            );
        }
        Some(Conditional {
            materials,
            days: days.unwrap_or_default(),
            // It goes with the application, whatever follows.
            undertaking: None,
        })
    }

    /// What the applicant undertook to bring later.
    pub(crate) fn undertaking(
        &self,
        content: &ItemContent,
        checklist: &Checklist,
    ) -> Option<Undertaking> {
        let owed: Vec<(String, String)> = checklist
            .owed()
            .into_iter()
            .map(|id| {
                let name = content.material(&id).map(|material| material.name.clone());
                (id.clone(), name.unwrap_or(id))
            })
            .collect();
        (self.is_undertaken && !owed.is_empty()).then(|| Undertaking::of(&content.name, &owed))
    }

    /// Everything at once: materials, answers, and what the clerk adds.
    fn defects(&self, table: &Table<'_>) -> Vec<Defect> {
        let mut defects = table.checklist.defects();
        for error in table.wrong_answers {
            let field = table.form.field(&error.field);
            let key = field.map_or(&error.field, |field| &field.name);
            let key = format!("field:{key}");
            // The cells of a table are mended together.
            if let Some(known) = defects.iter_mut().find(|known| known.key == key) {
                known.problem = format!("{}；{}", known.problem, error.message);
                continue;
            }
            defects.push(Defect {
                key,
                name: field.map_or_else(|| error.field.clone(), |field| field.label.clone()),
                problem: error.message.clone(),
            });
        }
        if !self.other_defect.is_empty() {
            defects.push(Defect::other(self.other_defect.clone()));
        }
        defects
    }

    fn answer_by(&self, errors: &mut FieldErrors) -> Option<Date> {
        if self.answer_by.is_empty() {
            return None;
        }
        let day = self.answer_by.parse().ok();
        if day.is_none() {
            errors.add("answer-by", "补正日期要写成 2026-12-01 的样子，或留空。");
        }
        day
    }

    fn ground(&self, errors: &mut FieldErrors) -> NotAcceptedGround {
        match self.ground.as_str() {
            "not_required" => NotAcceptedGround::NotRequired,
            "not_competent" => {
                if self.authority.is_empty() {
                    errors.add(
                        "refusal-authority",
                        "请写明应当向哪个机关申请（《行政许可法》第三十二条）。",
                    );
                }
                NotAcceptedGround::NotCompetent {
                    authority: self.authority.clone(),
                }
            }
            _ => NotAcceptedGround::Other,
        }
    }
}

/// What a deed is decided on.
pub(crate) struct Table<'a> {
    /// The applicant.
    pub(crate) person: PersonId,
    /// The item.
    pub(crate) content: &'a ItemContent,
    /// The item's form.
    pub(crate) form: &'a Form,
    /// What is wrong with the answers.
    pub(crate) wrong_answers: &'a FieldErrors,
    /// The materials.
    pub(crate) checklist: &'a Checklist,
}

/// The delivery methods of an item; the counter always hands over when nothing is said.
pub(crate) fn delivery_methods(content: &ItemContent) -> Vec<DeliveryMethod> {
    if content.delivery_methods.is_empty() {
        vec![DeliveryMethod::Counter]
    } else {
        content.delivery_methods.clone()
    }
}

#[cfg(test)]
mod tests;
