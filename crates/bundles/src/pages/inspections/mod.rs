//! 联合踏勘 and 联合验收 before the staff: whoever leads fixes, moves and calls off; each department signs for its own parts;
//! everybody who handles parts reads how it stands. Where it takes place and what was found is shown to those departments alone.

mod deeds;
mod record;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use wuchuang_kernel::{JointId, china_date};
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::FieldErrors,
    page::{Flash, FlashKind, PageContext},
};

use super::{
    html,
    joint::{LIST, found},
};
use crate::{
    belonging::record_path,
    model::{
        Inspection, InspectionKind, Joint, Part, PartKey,
        inspection::{Finding, Signature, Standing, moment},
    },
    rooms::BundleRooms,
};

pub(super) use deeds::{arrange, call_off, relocate, sign};
pub(super) use record::record;

/// What was typed into one of the page's forms. Every field carries the kind of inspection before its name, because the page
/// holds a form for each.
#[derive(Debug, Default)]
pub(super) struct Typed(pub(super) Vec<(String, String)>);

impl Typed {
    fn was(&self, kind: InspectionKind, name: &str) -> &str {
        let field = format!("{}-{name}", kind.code());
        let mut pairs = self.0.iter();
        let found = pairs.find(|(known, _)| *known == field);
        found.map_or("", |(_, value)| value.trim())
    }

    fn all(&self, kind: InspectionKind, name: &str) -> Vec<&str> {
        let field = format!("{}-{name}", kind.code());
        let pairs = self.0.iter();
        let of = pairs.filter(|(known, _)| *known == field);
        of.map(|(_, value)| value.as_str()).collect()
    }

    fn key(&self) -> &str {
        let mut pairs = self.0.iter();
        let found = pairs.find(|(known, _)| known == "command_id");
        found.map_or("", |(_, value)| value)
    }
}

/// One part of an appointment.
struct PartLine {
    key: PartKey,
    item: String,
    organisation: String,
    /// The result; empty before the signature.
    result: &'static str,
    /// What was found, for the departments that take part.
    words: String,
    /// Whether the visitor may sign now.
    may_sign: bool,
}

/// One appointment.
struct Line {
    serial: u32,
    at: String,
    date: String,
    time: String,
    place: String,
    moved: String,
    cancelled: String,
    is_open: bool,
    has_signatures: bool,
    parts: Vec<PartLine>,
    /// Where the record opens; empty before all have signed.
    record: String,
}

/// A part that can take part in the next appointment.
struct Able {
    key: PartKey,
    item: String,
    standing: &'static str,
    is_ticked: bool,
}

/// One kind with its appointments.
struct Section {
    kind: InspectionKind,
    lines: Vec<Line>,
    /// Who can take part in the next one; empty while one is open or nobody is left.
    able: Vec<Able>,
    is_open: bool,
}

#[derive(Template)]
#[template(path = "bundles/inspections.html")]
struct InspectionsPage<'a> {
    page: &'a PageContext,
    name: &'a str,
    number: String,
    path: String,
    /// Who leads; empty while no case is there.
    lead: String,
    may_arrange: bool,
    today: String,
    sections: Vec<Section>,
    typed: &'a Typed,
    errors: &'a FieldErrors,
}

impl InspectionsPage<'_> {
    /// The name of a field of one kind's form.
    #[expect(
        clippy::unused_self,
        reason = "a template calls what belongs to its page"
    )]
    fn field(&self, section: &Section, name: &str) -> String {
        format!("{}-{name}", section.kind.code())
    }

    /// Where a form about one appointment goes.
    fn deed(&self, line: &Line, deed: &str) -> String {
        format!("{}/{}/{deed}", self.path, line.serial)
    }

    /// Whether the form of this part was sent and is shown again.
    fn is_this(&self, section: &Section, part: &PartLine) -> bool {
        self.was(section, "part") == part.key.to_string()
    }

    fn was(&self, section: &Section, name: &str) -> &str {
        self.typed.was(section.kind, name)
    }

    fn was_or<'a>(&'a self, section: &Section, name: &str, usual: &'a str) -> &'a str {
        match self.was(section, name) {
            "" => usual,
            typed => typed,
        }
    }
}

/// A part as the policies see it: of the organisation that handles it now.
pub(crate) async fn resource(
    rooms: &BundleRooms,
    caller: &Caller,
    part: Option<&Part>,
) -> Result<(Resource, String), Failure> {
    let handler = rooms.handler_of(caller.region, part).await?;
    let (organisation, name) = handler.unzip();
    let resource = Resource {
        kind: "joint_part",
        id: part.map_or_else(String::new, |part| part.submitted.id.to_string()),
        organisation,
        owner: None,
    };
    Ok((resource, name.unwrap_or_default()))
}

const fn standing_name(standing: Standing) -> &'static str {
    match standing {
        Standing::Unarranged => "还没有安排",
        Standing::Unsigned => "等签署",
        Standing::ToRectify => "上次需要整改",
        Standing::Failed => "上次不合格",
        Standing::Passed => "合格",
    }
}

async fn part_line(
    rooms: &BundleRooms,
    caller: &Caller,
    joint: &Joint,
    (inspection, key, signature): (&Inspection, PartKey, Option<&Signature>),
) -> Result<(PartLine, bool), Failure> {
    let part = joint.part(key);
    let (resource, handler) = resource(rooms, caller, part).await?;
    let is_own = resource.organisation.is_some() && caller.may("joint_sign", &resource);
    let line = PartLine {
        key,
        item: part.map_or_else(String::new, Part::title),
        organisation: signature.map_or(handler, |it| it.organisation.clone()),
        result: signature.map_or("", |signature| signature.finding.name()),
        words: signature.map_or_else(String::new, |signature| told(&signature.finding)),
        may_sign: is_own && signature.is_none() && inspection.is_open(),
    };
    Ok((line, is_own))
}

/// What was found, with until when it is to be mended.
pub(crate) fn told(finding: &Finding) -> String {
    match finding {
        Finding::Rectify { words, by } => {
            format!("{}（{}月{}日前）", words.text(), by.month(), by.day())
        }
        other => other.words().text().to_owned(),
    }
}

async fn line(
    rooms: &BundleRooms,
    caller: &Caller,
    (id, joint): (JointId, &Joint),
    (inspection, leads): (&Inspection, bool),
) -> Result<Line, Failure> {
    let (mut parts, mut takes_part) = (Vec::new(), leads);
    for (key, signature) in &inspection.parts {
        let one = (inspection, *key, signature.as_ref());
        let (line, is_own) = part_line(rooms, caller, joint, one).await?;
        takes_part |= is_own;
        parts.push(line);
    }
    if !takes_part {
        for part in &mut parts {
            part.words.clear();
        }
    }
    let shown = |text: &str| {
        if takes_part {
            text.to_owned()
        } else {
            String::new()
        }
    };
    let reason = |text: Option<&wuchuang_kernel::Personal<String>>| {
        text.map_or_else(String::new, |text| shown(text.text()))
    };
    let at = inspection.appointment.at;
    Ok(Line {
        serial: inspection.serial,
        at: moment(at),
        date: at.date().to_string(),
        time: at.strftime("%H:%M").to_string(),
        place: shown(inspection.appointment.place.text()),
        moved: reason(inspection.moved.as_ref()),
        cancelled: match &inspection.cancelled {
            Some(why) => format!("已取消。{}", shown(why.text())),
            None => String::new(),
        },
        is_open: inspection.is_open(),
        has_signatures: parts.iter().any(|part| !part.result.is_empty()),
        parts,
        record: match inspection.concluded_at {
            Some(_) if takes_part => record_path(id, inspection.serial),
            _ => String::new(),
        },
    })
}

async fn section(
    rooms: &BundleRooms,
    caller: &Caller,
    (id, joint): (JointId, &Joint),
    (kind, leads): (InspectionKind, bool),
    typed: &Typed,
) -> Result<Section, Failure> {
    let mut lines = Vec::new();
    for inspection in joint.inspections.iter().rev() {
        if inspection.kind == kind {
            lines.push(line(rooms, caller, (id, joint), (inspection, leads)).await?);
        }
    }
    let is_open = lines.iter().any(|line| line.is_open);
    let ticked = typed.all(kind, "parts");
    let is_sent = !typed.was(kind, "date").is_empty();
    let able = joint.to_inspect(kind).into_iter().filter(|_| !is_open);
    let able = able.map(|key| Able {
        key,
        item: joint.part(key).map_or_else(String::new, Part::title),
        standing: standing_name(joint.standing(key, kind)),
        is_ticked: !is_sent || ticked.contains(&key.to_string().as_str()),
    });
    Ok(Section {
        kind,
        able: able.collect(),
        is_open,
        lines,
    })
}

async fn show(
    rooms: &BundleRooms,
    caller: &Caller,
    (id, joint): (JointId, &Joint),
    (typed, errors): (&Typed, &FieldErrors),
) -> Result<Html<String>, Failure> {
    let (lead, leading) = resource(rooms, caller, joint.leading()).await?;
    let may_arrange = lead.organisation.is_some() && caller.may("joint_arrange", &lead);
    let needs = |kind: &InspectionKind| {
        let mut parts = joint.parts.iter();
        parts.any(|part| part.submitted.inspections.contains(kind))
    };
    let mut sections = Vec::new();
    for kind in InspectionKind::ALL.into_iter().filter(needs) {
        sections.push(section(rooms, caller, (id, joint), (kind, may_arrange), typed).await?);
    }
    let mut page = caller
        .page
        .clone()
        .titled("联合踏勘和验收")
        .under("一件事办件", LIST)
        .under(&joint.name, format!("{LIST}/{id}"))
        .with_errors(!errors.is_empty());
    if typed.0.iter().any(|(name, _)| name == "done") {
        page.flash = Some(Flash {
            kind: FlashKind::Success,
            text: "已经记下，有关单位和申请人都能看到。".to_owned(),
        });
    }
    html(&InspectionsPage {
        name: &joint.name,
        number: wuchuang_kernel::group_case_number(&joint.number),
        path: format!("{LIST}/{id}/inspections"),
        lead: leading,
        may_arrange,
        today: china_date(caller.now).to_string(),
        sections,
        typed,
        errors,
        page: &page,
    })
}

pub(super) async fn page(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(joint): Path<String>,
    query: axum::extract::Query<Vec<(String, String)>>,
) -> Result<Html<String>, Failure> {
    let (id, joint) = found(&rooms, &caller, &joint).await?;
    let done = query.0.into_iter().filter(|(name, _)| name == "done");
    let typed = Typed(done.take(1).collect());
    show(&rooms, &caller, (id, &joint), (&typed, &FieldErrors::new())).await
}

/// The page again, with what was typed and why it was refused.
async fn refused(
    rooms: &BundleRooms,
    caller: &Caller,
    (id, joint): (JointId, &Joint),
    (kind, typed): (InspectionKind, &Typed),
    failure: Failure,
) -> Result<Response, Failure> {
    if !matches!(
        failure.status,
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
    ) {
        return Err(failure);
    }
    let field = match failure.field.as_deref().unwrap_or("date") {
        "at" => "date",
        other => other,
    };
    let mut errors = FieldErrors::new();
    let public = failure.public.clone().into_owned();
    errors.add(format!("{}-{field}", kind.code()), public);
    let page = show(rooms, caller, (id, joint), (typed, &errors)).await?;
    Ok((failure.status, page).into_response())
}
