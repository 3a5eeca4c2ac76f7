//! From a case to what a document says: pure functions, one for each kind of notice. They know the
//! case as it stood at the notice and never what came after.

mod application;
mod before_acceptance;
mod ending;
mod review;
mod stopping;
mod supplied;

use jiff::civil::Date;
use serde_json::Value;
use wuchuang_calendar::{Calendar, Limit};
use wuchuang_catalogue::model::ItemContent;
use wuchuang_codes::CitizenNumber;
use wuchuang_documents::{
    DocumentTemplate,
    data::{CaseReference, Contact, Head, Remedy, Seal, TemplateData, Verification},
};
use wuchuang_kernel::{Personal, china_date, mask_name};
use wuchuang_webkit::page::Site;

use crate::model::{ApplicantKind, Case, CaseEvent, Notice, NoticeKind};

use super::token;

pub use application::{FormFacts, form_data};
pub use before_acceptance::{
    acceptance_data, conditional_data, correction_data, not_accepted_data, receipt_data,
};
pub use ending::{closing_data, delivery_data, granted_data, pickup_data, refused_data};
pub use review::{extension_data, special_procedure_data};
pub use stopping::{termination_data, withdrawal_data};
pub use supplied::{SuppliedFacts, supplied_data};

/// What stands in place of a name that was forgotten (个人信息保护法 art. 47).
const FORGOTTEN: &str = "（个人信息已依法删除）";
/// A text about the applicant, or what stands in its place.
fn told(text: &Personal<String>) -> &str {
    match text.text() {
        "" => FORGOTTEN,
        text => text,
    }
}

/// The caption of the seal.
const SEAL_CAPTION: &str = "行政审批专用章";

/// What a document is made from.
pub struct NoticeFacts<'a> {
    /// The case right after the notice's event.
    pub case: &'a Case,
    /// The case right before it; `None` for the first event.
    pub before: Option<&'a Case>,
    /// The event.
    pub event: &'a CaseEvent,
    /// The notice.
    pub notice: &'a Notice,
    /// Who acted, by name; empty for the system.
    pub actor_name: &'a str,
    /// The item's elements in the version that the case follows; `None` when they cannot be had.
    pub item: Option<&'a ItemContent>,
    /// Names and addresses of the house.
    pub site: &'a Site,
    /// The working days.
    pub calendar: &'a Calendar,
    /// What the QR code carries.
    pub token: &'a str,
}

/// The template and the data of a notice; `None` when the event is not the one that the notice's
/// kind belongs to, which a sound ledger never has.
pub fn document_of(facts: &NoticeFacts<'_>) -> Option<(DocumentTemplate, Value)> {
    match facts.notice.kind {
        NoticeKind::Receipt => json(receipt_data(facts)),
        NoticeKind::Acceptance => json(acceptance_data(facts)),
        NoticeKind::ConditionalAcceptance => json(conditional_data(facts)),
        NoticeKind::Correction => json(correction_data(facts)),
        NoticeKind::NotAccepted => json(not_accepted_data(facts)),
        NoticeKind::SpecialProcedure => json(special_procedure_data(facts)),
        NoticeKind::Extension => json(extension_data(facts)),
        NoticeKind::Granted => json(granted_data(facts)),
        NoticeKind::Refused => json(refused_data(facts)),
        NoticeKind::Delivery => json(delivery_data(facts)),
        NoticeKind::Termination => json(termination_data(facts)),
        NoticeKind::Withdrawal => json(withdrawal_data(facts)),
    }
}

pub(super) fn json<T: TemplateData>(data: Option<T>) -> Option<(DocumentTemplate, Value)> {
    let value = serde_json::to_value(data?).ok()?;
    Some((T::TEMPLATE, value))
}

impl NoticeFacts<'_> {
    fn head(&self) -> Head {
        // The receipt's own number is the case's, which stands on it anyway.
        let number = (self.notice.kind != NoticeKind::Receipt).then(|| self.notice.number.clone());
        Head {
            verification: Some(Verification {
                url: format!("{}/v/{}", self.site.origin, self.token),
                code: token::grouped(self.token),
                place: format!("{}政务服务网“文书核验”", self.site.county_name),
            }),
            ..head(self.case, self.site, self.date(), number)
        }
    }

    fn date(&self) -> Date {
        china_date(self.notice.at)
    }

    fn reference(&self) -> CaseReference {
        reference(
            self.case,
            self.item,
            self.notice.kind == NoticeKind::Receipt,
        )
    }

    fn contact(&self) -> Contact {
        contact(self.item, self.site)
    }

    fn remedy(&self) -> Remedy {
        Remedy {
            reconsideration_authority: format!("{}人民政府", self.site.county_name),
            court: format!("{}人民法院", self.site.county_name),
        }
    }

    /// What is decided, in titles: 行政许可, 行政确认 …
    fn decision_kind(&self) -> String {
        self.item
            .map_or("行政许可", |item| item.item_type.name())
            .to_owned()
    }

    /// The day from which the limits run; the notice's own day where no clock runs yet.
    fn accepted_on(&self) -> Date {
        self.case
            .clock
            .as_ref()
            .map_or_else(|| self.date(), |clock| china_date(clock.started_at()))
    }

    /// The last day of the binding limit.
    fn due_on(&self, case: &Case) -> Option<Date> {
        let clock = case.clock.as_ref()?;
        Some(
            clock
                .due_dates(self.calendar, self.notice.at)
                .binding()
                .date,
        )
    }
}

fn head(case: &Case, site: &Site, issued_on: Date, number: Option<String>) -> Head {
    // Who was entrusted acts in the name of the department (行政许可法 art. 24).
    let organisation = match &case.entrusted_by {
        Some(department) => department.clone(),
        None if case.organisation_name.is_empty() => site.operator.clone(),
        None => case.organisation_name.clone(),
    };
    Head {
        number,
        seal: Some(Seal {
            organisation: organisation.clone(),
            caption: SEAL_CAPTION.to_owned(),
        }),
        organisation,
        issued_on,
        // A licensed electronic seal is not part of this program; every signature is a test one.
        test_authority: true,
        verification: None,
    }
}

fn reference(case: &Case, item: Option<&ItemContent>, takes_home: bool) -> CaseReference {
    CaseReference {
        case_number: case.number.clone(),
        query_code: takes_home.then(|| case.check_code.clone()),
        item_name: case.terms.name.clone(),
        item_code: item.and_then(ItemContent::printed_code),
        applicant_name: applicant_name(case),
        applicant_identifier: applicant_identifier(case),
        agent_name: case
            .agent
            .as_ref()
            .map(|agent| agent.name.text())
            .filter(|name| !name.is_empty())
            .map(mask_name),
        project_name: None,
    }
}

fn applicant_name(case: &Case) -> String {
    match case.applicant.name.text() {
        "" => FORGOTTEN.to_owned(),
        name => name.to_owned(),
    }
}

/// Credit codes are public; citizen numbers are masked, and what is no citizen number is left out.
fn applicant_identifier(case: &Case) -> Option<String> {
    let number = case.applicant.number.text();
    match case.applicant.kind {
        ApplicantKind::Organisation => (!number.is_empty()).then(|| number.to_owned()),
        ApplicantKind::Person => CitizenNumber::parse(number)
            .ok()
            .map(|number| number.masked()),
    }
}

fn contact(item: Option<&ItemContent>, site: &Site) -> Contact {
    let place = item.and_then(|item| item.places.first()).map(|place| {
        if place.address.is_empty() {
            place.name.clone()
        } else {
            format!("{}（{}）", place.name, place.address)
        }
    });
    let given = |text: &String| (!text.trim().is_empty()).then(|| text.clone());
    Contact {
        place: place
            .as_ref()
            .and_then(given)
            .unwrap_or_else(|| site.operator.clone()),
        phone: item
            .and_then(|item| given(&item.phone))
            .unwrap_or_else(|| site.telephone.clone()),
        hours: item.and_then(|item| given(&item.office_hours)),
    }
}

/// Documents set figures solid: `5个工作日`.
fn limit_text(limit: Limit) -> String {
    limit.text().replace(' ', "")
}
