//! Who is told what: the cases' notices, and those of slices that stand beside the messages and do not know them, so that the
//! roof joins them.

use wuchuang_cases::model::CaseStream;
use wuchuang_ledger::{Recorded, Stream};
use wuchuang_licences::model::{LicenceEvent, LicenceStream};
use wuchuang_messages::{
    Notice, Source, case_notices,
    model::{Parameter, Parameters, TemplateName},
};

/// All notices of the house.
pub(super) const NOTICES: Source = Source {
    kinds: &[CaseStream::KIND, LicenceStream::KIND],
    notices,
};

fn notices(recorded: &Recorded) -> Vec<Notice> {
    case_notices(recorded)
        .into_iter()
        .chain(revoked(recorded))
        .collect()
}

/// A holder whose licence was revoked (行政许可法 arts. 69, 70) hears of it in the inbox: the licence knows no phone.
fn revoked(recorded: &Recorded) -> Option<Notice> {
    let LicenceEvent::Revoked { .. } = recorded.event::<LicenceStream>()? else {
        return None;
    };
    let licence = recorded.state::<LicenceStream>()?.0.as_deref()?;
    let issued = &licence.issued;
    Some(Notice {
        template: TemplateName::LicenceRevoked,
        recipient: issued.holder.person,
        case: Some(issued.case),
        phone: String::new(),
        email: String::new(),
        is_for_agent: false,
        parameters: Parameters::default()
            .with(Parameter::Result, &issued.name)
            .with(Parameter::Number, &issued.number)
            .with(Parameter::Organisation, &issued.organisation_name),
    })
}
