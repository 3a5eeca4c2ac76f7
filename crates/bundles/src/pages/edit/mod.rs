//! 编辑一件事: the items, the order, the questions and the texts of a bundle on one page. It works without a script: each button
//! sends the whole editor and gets it back, and only 保存 writes, as the working copy that is published afterwards.

mod differences;
mod sent;

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::BundleId;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{ChoiceGroup, FieldErrors},
    markup::Choice,
    page::{Flash, FlashKind, PageContext},
};

use self::{
    differences::{Difference, differences},
    sent::{Deed, Sent},
};
use super::html;
use crate::{
    identity::{bundle_of_key, code_of_item, item_of_code},
    model::{
        BundleCommand, BundleContent, BundleState, InspectionKind, Tree, content::WhenRefused,
        problems,
    },
    rooms::BundleRooms,
};

#[derive(Template)]
#[template(path = "bundles/edit.html")]
struct EditPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    content: &'a BundleContent,
    /// Where the page sends itself.
    path: String,
    /// Where it leads when nothing is to be kept.
    back: String,
    is_new: bool,
    version: i64,
    order: String,
    trees: Vec<Choice>,
    members: Vec<MemberRow>,
    /// The items of this house that are not part of it yet, by department.
    items: Vec<ChoiceGroup>,
    /// What somebody else changed meanwhile.
    differences: Vec<Difference>,
}

struct MemberRow {
    code: String,
    /// What it is called on this page.
    name: String,
    department: String,
    /// Whether this house holds the item.
    is_known: bool,
    after: Vec<String>,
    goes_on: bool,
    inspections: Vec<(InspectionKind, bool)>,
    is_open: bool,
}

impl EditPage<'_> {
    /// What is wrong with a part of a row.
    fn wrong(&self, list: &str, place: impl std::fmt::Display, part: &str) -> Option<&str> {
        self.errors.of(&format!("{list}.{place}.{part}"))
    }

    /// The other members, for which one may wait.
    fn others(&self, place: &usize) -> impl Iterator<Item = &MemberRow> {
        let own = *place;
        let rows = self.members.iter().enumerate();
        rows.filter(move |(at, _)| *at != own).map(|(_, row)| row)
    }
}

/// A bundle that is being edited.
struct Work {
    /// `None` for one that is not there yet.
    bundle: Option<BundleId>,
    state: Arc<BundleState>,
}

impl Work {
    async fn on(
        rooms: &BundleRooms,
        caller: &Caller,
        bundle: &str,
    ) -> Result<(Self, i64), Failure> {
        let id: BundleId = bundle.parse().map_err(|_| Failure::not_found())?;
        let found = rooms.state(caller.region, id).await?;
        let (version, state) = found.ok_or_else(Failure::not_found)?;
        let bundle = Some(id);
        Ok((Self { bundle, state }, version))
    }

    fn new() -> Self {
        Self {
            bundle: None,
            state: Arc::default(),
        }
    }

    fn path(&self) -> String {
        self.bundle.map_or_else(
            || "/staff/bundles".to_owned(),
            |id| format!("/staff/bundles/{id}"),
        )
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct DoneQuery {
    /// What the editor did.
    done: Option<String>,
}

impl DoneQuery {
    pub(super) fn flash(&self) -> Option<Flash> {
        let (kind, text) = match self.done.as_deref()? {
            "saved" => (FlashKind::Success, "已保存。核对后请发布，发布后马上生效。"),
            "unchanged" => (FlashKind::Notice, "和保存着的一样，没有改动。"),
            _ => return None,
        };
        let text = text.to_owned();
        Some(Flash { kind, text })
    }
}

pub(super) async fn new_page(
    State(rooms): State<BundleRooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let sent = Sent::read(vec![("order".to_owned(), "1".to_owned())]);
    show(&rooms, &caller, &Work::new(), &sent, &FieldErrors::new())
}

pub(super) async fn page(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(bundle): Path<String>,
) -> Result<Html<String>, Failure> {
    let (work, version) = Work::on(&rooms, &caller, &bundle).await?;
    let content = work.state.current().ok_or_else(Failure::not_found)?;
    let sent = Sent {
        content: content.clone(),
        deed: Deed::Look,
        chosen: String::new(),
        wrong_order: None,
        version,
        key: String::new(),
    };
    show(&rooms, &caller, &work, &sent, &FieldErrors::new())
}

pub(super) async fn send_new(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let mut sent = Sent::read(pairs);
    sent.version = 0;
    act(&rooms, &caller, Work::new(), sent).await
}

pub(super) async fn send(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(bundle): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (work, _) = Work::on(&rooms, &caller, &bundle).await?;
    let mut sent = Sent::read(pairs);
    // Its identifier follows from its key, which therefore never changes.
    let known = work.state.current().ok_or_else(Failure::not_found)?;
    sent.content.code.clone_from(&known.code);
    act(&rooms, &caller, work, sent).await
}

async fn act(
    rooms: &BundleRooms,
    caller: &Caller,
    work: Work,
    mut sent: Sent,
) -> Result<Response, Failure> {
    sent.change(|code| rooms.catalogue().published(item_of_code(code)).is_some());
    if sent.deed != Deed::Save {
        let errors = FieldErrors::new();
        return Ok(show(rooms, caller, &work, &sent, &errors)?.into_response());
    }
    let errors = checked(&sent);
    if !errors.is_empty() {
        let shown = show(rooms, caller, &work, &sent, &errors)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let id = work
        .bundle
        .unwrap_or_else(|| bundle_of_key(&sent.content.code));
    let command = BundleCommand::Draft {
        content: Box::new(sent.content.clone()),
    };
    let order = caller.order(Some(&sent.key), Expected::Version(sent.version));
    let done = match rooms
        .command(id, command, order)
        .await
        .map_err(Failure::from)
    {
        Ok(_) => "saved",
        Err(failure) if failure.code == "nothing_changed" => "unchanged",
        Err(failure) if failure.status == StatusCode::CONFLICT => {
            return conflict(rooms, caller, &work, sent, id).await;
        }
        Err(failure) => return Err(failure),
    };
    Ok(Redirect::to(&format!("/staff/bundles/{id}?done={done}")).into_response())
}

/// Somebody else saved meanwhile, or the key of a new bundle is taken: what was typed stays on the page.
async fn conflict(
    rooms: &BundleRooms,
    caller: &Caller,
    work: &Work,
    mut sent: Sent,
    id: BundleId,
) -> Result<Response, Failure> {
    let mut errors = FieldErrors::new();
    if work.bundle.is_none() {
        let text = "这个编码已经用于另一件事，请换一个编码，或者到那件事的页面上修改。";
        errors.add("code", text);
        let shown = show(rooms, caller, work, &sent, &errors)?;
        return Ok((StatusCode::CONFLICT, shown).into_response());
    }
    let (newest, version) = Work::on(rooms, caller, &id.to_string()).await?;
    sent.version = version;
    errors.add(
        "name",
        "您打开这一页以后，别人改过这件事。不同的地方列在下面；再按一次“保存”，就用您这里的。",
    );
    let shown = show(rooms, caller, &newest, &sent, &errors)?;
    Ok((StatusCode::CONFLICT, shown).into_response())
}

/// Everything that is wrong, at the field where it stands.
fn checked(sent: &Sent) -> FieldErrors {
    let mut errors = FieldErrors::new();
    if let Some(text) = &sent.wrong_order {
        let text: String = text.chars().take(20).collect();
        errors.add(
            "order",
            format!("“{text}”不是 0 到 65535 之间的整数，请改正。"),
        );
    }
    for problem in problems(&sent.content) {
        let field = problem.field.replace('[', ".").replace(']', "");
        errors.add(field, problem.public);
    }
    errors
}

fn show(
    rooms: &BundleRooms,
    caller: &Caller,
    work: &Work,
    sent: &Sent,
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let content = &sent.content;
    let is_new = work.bundle.is_none();
    let titled = caller.page.clone().titled(if is_new {
        "新建一件事"
    } else {
        "编辑一件事"
    });
    let mut page = titled.under("一件事", "/staff/bundles");
    if let (false, Some(known)) = (is_new, work.state.current()) {
        page = page.under(&known.name, work.path());
    }
    let page = page.with_errors(!errors.is_empty());
    let path = if is_new { "new" } else { "edit" };
    html(&EditPage {
        page: &page,
        errors,
        content,
        path: format!("{}/{path}", work.path()),
        back: work.path(),
        is_new,
        version: sent.version,
        order: sent
            .wrong_order
            .clone()
            .unwrap_or_else(|| content.order.to_string()),
        trees: Tree::ALL
            .map(|tree| Choice::new(tree.code(), tree.name()))
            .to_vec(),
        members: member_rows(rooms, sent, errors),
        items: items(rooms, content),
        differences: if errors.of("name").is_some() && !is_new {
            differences(work.state.current(), content)
        } else {
            Vec::new()
        },
    })
}

fn member_rows(rooms: &BundleRooms, sent: &Sent, errors: &FieldErrors) -> Vec<MemberRow> {
    let linked = rooms.linked(sent.content.members.iter().collect());
    let is_wrong = |at: usize| {
        let prefix = format!("members.{at}.");
        errors.iter().any(|error| error.field.starts_with(&prefix))
    };
    let row = |(at, one): (usize, &crate::service::LinkedMember<'_>)| MemberRow {
        code: one.member.code.clone(),
        name: one.name().to_owned(),
        department: one.department().to_owned(),
        is_known: one.item.is_some(),
        after: one.member.after.clone(),
        goes_on: one.member.when_refused == WhenRefused::GoOn,
        inspections: InspectionKind::ALL
            .map(|kind| (kind, one.member.inspections.contains(&kind)))
            .to_vec(),
        is_open: is_wrong(at) || one.item.is_none() && one.name().is_empty(),
    };
    linked.iter().enumerate().map(row).collect()
}

/// The items in force that are not part of the bundle, by department.
fn items(rooms: &BundleRooms, content: &BundleContent) -> Vec<ChoiceGroup> {
    let mut groups: Vec<ChoiceGroup> = Vec::new();
    for item in rooms.catalogue().all() {
        let code = code_of_item(&item);
        if content.members.iter().any(|member| member.code == code) {
            continue;
        }
        let choice = Choice::new(&code, &item.content.name);
        let department = &item.content.department.name;
        match groups.iter_mut().find(|group| group.label == *department) {
            Some(group) => group.choices.push(choice),
            None => groups.push(ChoiceGroup {
                label: department.clone(),
                choices: vec![choice],
            }),
        }
    }
    groups.sort_by(|one, other| one.label.cmp(&other.label));
    groups
}
