//! The one-time notice (一次性告知单) of a guide: the same words on paper, and what the law lets a person hold the
//! counter to.

use wuchuang_documents::data::{Contact, Head, OneTimeNotice, RequiredMaterial};

use super::{GuideMaterial, GuideView};
use crate::model::ItemVersion;

/// What the one-time notice is printed with besides the item.
#[derive(Debug, Clone)]
pub struct NoticeOptions {
    /// Who prints it: the centre.
    pub operator: String,
    /// Whether the installation is a demonstration.
    pub test_authority: bool,
    /// The house's public address, for the QR code that leads to the guide; empty prints none.
    pub origin: String,
}

/// The one-time notice of a version, as of a day.
pub fn one_time_notice(
    version: &ItemVersion,
    day: jiff::civil::Date,
    options: &NoticeOptions,
) -> OneTimeNotice {
    let guide = GuideView::of(version);
    let mut fees = guide.fees.clone();
    if version.content.is_demonstration("fee") && version.content.fee.charged {
        fees.push_str("（演示数据）");
    }
    let mark = |element: &str, text: String| {
        if version.content.is_demonstration(element) {
            format!("{text}（演示数据，未核实）")
        } else {
            text
        }
    };
    let guide_url =
        (!options.origin.is_empty()).then(|| format!("{}{}", options.origin, guide.path));
    let place = guide
        .places
        .first()
        .map(|(name, _)| name.clone())
        .unwrap_or_default();
    OneTimeNotice {
        head: Head {
            number: None,
            organisation: options.operator.clone(),
            issued_on: day,
            test_authority: options.test_authority,
            seal: None,
            verification: None,
        },
        department: guide.department,
        item_name: guide.name,
        item_code: Some(guide.code).filter(|code| !code.is_empty()),
        guide_version: guide.version_text,
        situation: None,
        service_objects: guide.service_objects,
        conditions: guide.conditions,
        materials: guide.materials.into_iter().map(required).collect(),
        case_kind: guide.handling,
        limit_statutory: mark("statutory_limit", guide.statutory_limit),
        limit_promised: mark("promised_limit", guide.promised_limit),
        limit_notes: guide.limit_notes,
        handling_forms: guide.handling_forms,
        fees,
        visits: u32::from(guide.visits),
        result_name: guide.result,
        delivery: guide.delivery,
        steps: guide.steps,
        special_procedures: guide.special_procedures,
        basis: guide
            .legal_basis
            .into_iter()
            .map(|(citation, _)| mark("legal_basis", citation))
            .collect(),
        contact: Contact {
            place: mark("places", place),
            phone: mark("phone", guide.phone),
            hours: Some(guide.office_hours).filter(|hours| !hours.is_empty()),
        },
        complaint_phone: guide.complaint_phone,
        guide_url,
    }
}

fn required(material: GuideMaterial) -> RequiredMaterial {
    RequiredMaterial {
        name: material.name,
        form: format!("{} {} 份", material.form, material.copies),
        source: material.source,
        necessity: material.necessity,
        deferrable: material.may_follow,
        promisable: material.by_commitment,
        shared: material.is_shared,
        remark: Some(material.note).filter(|note| !note.is_empty()),
    }
}
