//! Bundles for programs: the trees and guides, applications with their parts, the report, and bundles in and out as files.

mod batch;
mod delivering;
mod inspections;
mod joints;
mod submit;

use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use wuchuang_kernel::BundleId;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body};

use crate::{
    exchange,
    model::{BundleCommand, BundleVersion, InspectionKind, Tree, content::WhenRefused},
    pages::{YAML, file, manage},
    rooms::BundleRooms,
    speed::{Speed, report},
};

pub(crate) fn routes() -> Routes<BundleRooms> {
    let edit = Rule::Act("bundle_edit");
    Routes::new()
        .api(Rule::Public, routes!(bundle_list))
        .api(Rule::Public, routes!(bundle_read))
        .api(Rule::Act("bundle_speed"), routes!(bundle_speed))
        .api(Rule::Act("bundle_list"), routes!(bundle_export))
        .api(edit, routes!(bundle_import))
        .api(edit, routes!(bundle_publish))
        .api(edit, routes!(bundle_withdraw))
        .api(Rule::Act("joint_list"), routes!(joints::joint_list))
        .api(Rule::Act("joint_list"), routes!(joints::joint_read))
        .api(Rule::Act("joint_own_read"), routes!(joints::own_joint_list))
        .api(Rule::Act("joint_own_read"), routes!(joints::own_joint_read))
        .api(Rule::Act("case_submit"), routes!(submit::joint_submit))
        .api(Rule::Act("case_submit"), routes!(submit::joint_known))
        .api(Rule::Act("joint_batch"), routes!(batch::batch_submit))
        .api(Rule::Act("joint_act"), routes!(batch::joint_act))
        .api(
            Rule::Act("joint_deliver"),
            routes!(delivering::joint_deliver),
        )
        .and(on_the_spot())
}

fn on_the_spot() -> Routes<BundleRooms> {
    let arrange = Rule::Act("joint_arrange");
    Routes::new()
        .api(
            Rule::Act("joint_list"),
            routes!(inspections::inspection_list),
        )
        .api(arrange, routes!(inspections::inspection_arrange))
        .api(arrange, routes!(inspections::inspection_move))
        .api(arrange, routes!(inspections::inspection_cancel))
        .api(
            Rule::Act("joint_sign"),
            routes!(inspections::inspection_sign),
        )
}

/// A bundle in a list.
#[derive(Debug, Serialize, ToSchema)]
struct BundleItem {
    /// The bundle.
    bundle: String,
    /// The county's key.
    #[schema(example = "B03")]
    code: String,
    /// Its name.
    #[schema(example = "就业创业")]
    name: String,
    /// In which tree it hangs.
    tree: Tree,
    /// For whom.
    #[schema(example = "自然人")]
    subject: String,
    /// What it is good for; may be empty.
    summary: String,
    /// The version in force.
    #[schema(example = 1)]
    version: u32,
}

impl From<&BundleVersion> for BundleItem {
    fn from(version: &BundleVersion) -> Self {
        let content = &version.content;
        Self {
            bundle: version.id.to_string(),
            code: content.code.clone(),
            name: content.name.clone(),
            tree: content.tree,
            subject: content.subject.clone(),
            summary: content.summary.clone(),
            version: version.version,
        }
    }
}

/// All bundles in force.
#[derive(Debug, Serialize, ToSchema)]
struct BundleList {
    /// The bundles, in the order of the trees.
    items: Vec<BundleItem>,
}

/// The bundles in force, in the order of the trees.
#[utoipa::path(get, path = "/api/v1/bundles", tag = "bundles", responses((status = 200, body = BundleList)))]
async fn bundle_list(
    State(rooms): State<BundleRooms>,
    caller: Caller,
) -> Result<Json<BundleList>, Failure> {
    let all = rooms.published(caller.region).await?;
    Ok(Json(BundleList {
        items: all.iter().map(|version| version.as_ref().into()).collect(),
    }))
}

/// An item of a bundle.
#[derive(Debug, Serialize, ToSchema)]
struct MemberItem {
    /// The county's key of the item.
    #[schema(example = "I34")]
    code: String,
    /// Its name.
    #[schema(example = "失业登记")]
    name: String,
    /// Who handles it.
    department: String,
    /// The item; absent for one that this house does not hold.
    item: Option<String>,
    /// Whether it can be applied for together with the others from the portal.
    is_online: bool,
    /// The keys of the items that must be granted before it is opened.
    after: Vec<String>,
    /// What happens to it when one of those is not granted.
    when_refused: WhenRefused,
    /// What is looked at on the spot together with others before it is granted.
    inspections: Vec<InspectionKind>,
}

/// An answer to a question about the situation.
#[derive(Debug, Serialize, ToSchema)]
struct OptionItem {
    /// Its key.
    #[schema(example = "jobless")]
    id: String,
    /// The answer.
    label: String,
    /// The keys of the items that it calls for.
    members: Vec<String>,
}

/// A question about the situation. An item that no answer names is always part of the bundle.
#[derive(Debug, Serialize, ToSchema)]
struct SituationItem {
    /// Its key.
    #[schema(example = "now")]
    id: String,
    /// The question.
    question: String,
    /// Whether several answers may hold at once.
    several: bool,
    /// The answers.
    options: Vec<OptionItem>,
}

/// A bundle with its items and questions.
#[derive(Debug, Serialize, ToSchema)]
struct BundleRead {
    /// The bundle.
    #[serde(flatten)]
    bundle: BundleItem,
    /// Its items.
    members: Vec<MemberItem>,
    /// Its questions about the situation.
    situations: Vec<SituationItem>,
    /// Its rule text; may be empty.
    rule: String,
    /// What happens to the others when a part is refused; may be empty.
    refusal: String,
}

/// One bundle in force.
#[utoipa::path(get, path = "/api/v1/bundles/{bundle}", tag = "bundles",
    params(("bundle" = String, Path, description = "The bundle.")),
    responses((status = 200, body = BundleRead), (status = 404)))]
async fn bundle_read(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(bundle): Path<String>,
) -> Result<Json<BundleRead>, Failure> {
    let id: BundleId = bundle.parse().map_err(|_| Failure::not_found())?;
    let found = rooms.find(caller.region, id).await?;
    let version = found.ok_or_else(Failure::not_found)?;
    let content = &version.content;
    let members = rooms.linked(content.members.iter().collect());
    Ok(Json(BundleRead {
        bundle: version.as_ref().into(),
        members: members
            .iter()
            .map(|linked| MemberItem {
                code: linked.member.code.clone(),
                name: linked.name().to_owned(),
                department: linked.department().to_owned(),
                item: linked.item.as_ref().map(|item| item.id.to_string()),
                is_online: linked.offered().is_some(),
                after: linked.member.after.clone(),
                when_refused: linked.member.when_refused,
                inspections: linked.member.inspections.clone(),
            })
            .collect(),
        situations: content
            .situations
            .iter()
            .map(|situation| SituationItem {
                id: situation.id.clone(),
                question: situation.question.clone(),
                several: situation.several,
                options: situation
                    .options
                    .iter()
                    .map(|option| OptionItem {
                        id: option.id.clone(),
                        label: option.label.clone(),
                        members: option.members.clone(),
                    })
                    .collect(),
            })
            .collect(),
        rule: content.rule.clone(),
        refusal: content.refusal.clone(),
    }))
}

/// The report.
#[derive(Debug, Serialize, ToSchema)]
struct SpeedList {
    /// One line a bundle, in the order of the trees.
    items: Vec<Speed>,
}

/// 提速: what each bundle saves against doing its items one by one, from the items in force and the applications that ended.
#[utoipa::path(get, path = "/api/v1/bundles/speed", tag = "bundles",
    responses((status = 200, body = SpeedList), (status = 401), (status = 403)))]
async fn bundle_speed(
    State(rooms): State<BundleRooms>,
    caller: Caller,
) -> Result<Json<SpeedList>, Failure> {
    let items = report(&rooms, caller.region).await?;
    Ok(Json(SpeedList { items }))
}

/// All bundles as a file: of each the working copy, or what was published last.
#[utoipa::path(get, path = "/api/v1/bundles/export", tag = "bundles",
    responses((status = 200, description = "The file; it can be imported again.", body = String, content_type = "application/yaml"), (status = 401), (status = 403)))]
async fn bundle_export(
    State(rooms): State<BundleRooms>,
    caller: Caller,
) -> Result<Response, Failure> {
    let text = exchange::write(manage::all(&rooms, &caller).await?);
    Ok(file(YAML, "bundles.yaml", text))
}

/// Bundles to import.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BundleImport {
    /// The file as it was exported (YAML); at most 1 MB.
    #[schema(max_length = 1_048_576, example = "bundles: []")]
    yaml: String,
}

/// What was imported.
#[derive(Debug, Serialize, ToSchema)]
struct BundleImported {
    /// How many bundles the file holds.
    #[schema(example = 13)]
    bundles: usize,
    /// How many of them became new working copies.
    #[schema(example = 1)]
    changed: usize,
}

/// Imports bundles as working copies. One problem, and nothing is imported; the same file sent again changes nothing.
#[utoipa::path(post, path = "/api/v1/bundles/import", tag = "bundles", request_body = BundleImport,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key imports once.")),
    responses((status = 200, body = BundleImported), (status = 401), (status = 403),
        (status = 422, description = "It does not read, or a bundle has problems; the detail names them.")))]
async fn bundle_import(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Body(input): Body<BundleImport>,
) -> Result<Json<BundleImported>, Failure> {
    let contents = exchange::read(&input.yaml)
        .map_err(|error| Failure::invalid(error.to_string()).at("yaml"))?;
    let bundles = contents.len();
    let key = caller.order(None, Expected::Any).command_id.to_string();
    let changed = manage::take_over(&rooms, &caller, contents, &key).await?;
    Ok(Json(BundleImported { bundles, changed }))
}

/// Where a bundle stands after a command.
#[derive(Debug, Serialize, ToSchema)]
struct BundleStands {
    /// The newest version.
    #[schema(example = 1)]
    version: u32,
    /// Whether it is in force.
    is_published: bool,
}

async fn act(
    rooms: &BundleRooms,
    caller: &Caller,
    bundle: &str,
    command: BundleCommand,
) -> Result<Json<BundleStands>, Failure> {
    let id: BundleId = bundle.parse().map_err(|_| Failure::not_found())?;
    let known = rooms.state(caller.region, id).await?;
    known.ok_or_else(Failure::not_found)?;
    let order = caller.order(None, Expected::Existing);
    rooms.command(id, command, order).await?;
    let found = rooms.state(caller.region, id).await?;
    let (_, state) = found.ok_or_else(Failure::not_found)?;
    Ok(Json(BundleStands {
        version: state.version,
        is_published: state.published.is_some(),
    }))
}

/// Makes the working copy of a bundle the version in force.
#[utoipa::path(post, path = "/api/v1/bundles/{bundle}/publish", tag = "bundles",
    params(("bundle" = String, Path, description = "The bundle."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key publishes once.")),
    responses((status = 200, body = BundleStands), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "There is nothing to publish.")))]
async fn bundle_publish(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(bundle): Path<String>,
) -> Result<Json<BundleStands>, Failure> {
    act(&rooms, &caller, &bundle, BundleCommand::Publish).await
}

/// Takes a bundle out of force. Applications under way go on.
#[utoipa::path(post, path = "/api/v1/bundles/{bundle}/withdraw", tag = "bundles",
    params(("bundle" = String, Path, description = "The bundle."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key withdraws once.")),
    responses((status = 200, body = BundleStands), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "It is not in force.")))]
async fn bundle_withdraw(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(bundle): Path<String>,
) -> Result<Json<BundleStands>, Failure> {
    act(&rooms, &caller, &bundle, BundleCommand::Withdraw).await
}
