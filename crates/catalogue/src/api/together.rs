//! What is done with several items: published at once, laid side by side (四级四同).

use axum::{Json, extract::State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_kernel::ItemId;
use wuchuang_webkit::{Caller, Failure, request::Body};

use crate::{
    lists::{Matter, Side, matters},
    publication::{Left, PUBLISH_MAX, publish_several},
    rooms::Rooms,
};

/// The items to publish.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PublicationInput {
    /// The items, 1 to 200.
    #[schema(min_items = 1, max_items = 200, example = json!(["0192f0c2a4b17c3e9d5566778899aabb"]))]
    items: Vec<String>,
    /// The first day on which their versions are in force; not before today.
    #[schema(value_type = String, example = "2026-12-01")]
    effective_from: Date,
}

/// An item that was left as it is.
#[derive(Debug, Serialize, ToSchema)]
struct LeftItem {
    /// The item.
    item: String,
    /// Its name; empty for an item that is not there.
    name: String,
    /// Why, as a word for programs.
    #[schema(example = "item_unchanged")]
    code: String,
    /// Why, for people.
    detail: String,
}

impl From<Left> for LeftItem {
    fn from(left: Left) -> Self {
        Self {
            item: left.item.to_string(),
            name: left.name,
            code: left.reason.code.into_owned(),
            detail: left.reason.public.into_owned(),
        }
    }
}

/// What became of the items.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicationDone {
    /// The items that were published.
    #[schema(example = json!(["0192f0c2a4b17c3e9d5566778899aabb"]))]
    published: Vec<String>,
    /// The items that were left, each with the reason.
    left: Vec<LeftItem>,
}

/// Publishes the working copies of several items. One that cannot be published is left and does not keep the others from
/// being published.
#[utoipa::path(post, path = "/api/v1/catalogue/publish", tag = "items", request_body = PublicationInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = PublicationDone), (status = 401), (status = 403),
        (status = 422, description = "No item is named, more than 200 are, or one is no identifier.")))]
pub(super) async fn catalogue_publish(
    State(rooms): State<Rooms>,
    caller: Caller,
    Body(input): Body<PublicationInput>,
) -> Result<Json<PublicationDone>, Failure> {
    if input.items.is_empty() || input.items.len() > PUBLISH_MAX {
        return Err(Failure::invalid("一次可发布1到200个事项，请分几次发布。").at("items"));
    }
    let items: Vec<ItemId> = input
        .items
        .iter()
        .map(|item| item.parse())
        .collect::<Result<_, _>>()
        .map_err(|_| Failure::invalid("有一个不是事项标识。请使用系统给出的标识。").at("items"))?;
    let done = publish_several(&rooms, &caller, items, input.effective_from, None).await?;
    Ok(Json(PublicationDone {
        published: done.published.iter().map(ToString::to_string).collect(),
        left: done.left.into_iter().map(LeftItem::from).collect(),
    }))
}

/// One organisation's item.
#[derive(Debug, Serialize, ToSchema)]
struct DoerBody {
    /// The item.
    item: String,
    /// Its name there.
    #[schema(example = "失业登记")]
    name: String,
    /// The organisation.
    #[schema(example = "城关镇人民政府")]
    organisation_name: String,
    /// 行使层级.
    #[schema(example = "乡镇级")]
    level: &'static str,
}

/// One element that is not the same everywhere.
#[derive(Debug, Serialize, ToSchema)]
struct UnlikeBody {
    /// The element.
    #[schema(example = "受理条件")]
    element: &'static str,
    /// What stands there, in the order of `items`.
    #[schema(example = json!(["", "本县户籍"]))]
    values: Vec<String>,
}

/// One matter that several organisations do.
#[derive(Debug, Serialize, ToSchema)]
struct MatterBody {
    /// The national code that they share.
    #[schema(example = "00201400100301")]
    code: String,
    /// Who does it.
    items: Vec<DoerBody>,
    /// What they write differently; empty when all is the same.
    differences: Vec<UnlikeBody>,
}

impl From<Matter> for MatterBody {
    fn from(matter: Matter) -> Self {
        let doers = matter.doers.into_iter().map(|doer| DoerBody {
            item: doer.item,
            name: doer.name,
            organisation_name: doer.organisation,
            level: doer.level,
        });
        let unlike = matter.differences.into_iter().map(|unlike| UnlikeBody {
            element: unlike.element,
            values: unlike.values,
        });
        Self {
            code: matter.code,
            items: doers.collect(),
            differences: unlike.collect(),
        }
    }
}

/// The matters that several organisations do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatterList {
    /// How many of them are not the same everywhere.
    #[schema(example = 2)]
    unlike: usize,
    /// The matters, those with differences first, then by code.
    items: Vec<MatterBody>,
}

/// Two items that are alike.
#[derive(Debug, Serialize, ToSchema)]
struct AlikeBody {
    /// One of them.
    one: AlikeSide,
    /// The other.
    other: AlikeSide,
    /// How much is alike, in percent.
    #[schema(example = 78)]
    percent: usize,
    /// What speaks for it, in Chinese.
    #[schema(example = json!(["4 种材料中 3 种相同"]))]
    reasons: Vec<String>,
}

/// One of two items that are alike.
#[derive(Debug, Serialize, ToSchema)]
struct AlikeSide {
    /// The item.
    item: String,
    /// Its name.
    name: String,
    /// Who does it.
    organisation_name: String,
}

impl From<Side> for AlikeSide {
    fn from(side: Side) -> Self {
        Self {
            item: side.item,
            name: side.name,
            organisation_name: side.organisation,
        }
    }
}

/// The items that are alike.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AlikeList {
    /// How many items in force were compared.
    #[schema(example = 40)]
    compared: usize,
    /// The pairs, the most alike first; at most 200.
    items: Vec<AlikeBody>,
}

/// 归类合并: the items in force that are so alike that one may go into the other (`withdraw` with a `successor`).
#[utoipa::path(get, path = "/api/v1/catalogue/similar", tag = "items",
    responses((status = 200, body = AlikeList), (status = 401), (status = 403)))]
pub(super) async fn catalogue_similar(
    State(rooms): State<Rooms>,
) -> Result<Json<AlikeList>, Failure> {
    let (compared, pairs) = rooms.similar().await?;
    let items = pairs.into_iter().map(|pair| AlikeBody {
        one: pair.one.into(),
        other: pair.other.into(),
        percent: pair.percent,
        reasons: pair.reasons,
    });
    Ok(Json(AlikeList {
        compared,
        items: items.collect(),
    }))
}

/// 四级四同: the matters that several organisations do, and what they write differently. It is drawn from the versions in
/// force, of which there are a few hundred, and comes as one page.
#[utoipa::path(get, path = "/api/v1/catalogue/sameness", tag = "items",
    responses((status = 200, body = MatterList), (status = 401), (status = 403)))]
pub(super) async fn catalogue_sameness(State(rooms): State<Rooms>) -> Json<MatterList> {
    let matters = matters(&rooms.catalogue.all());
    Json(MatterList {
        unlike: matters
            .iter()
            .filter(|matter| !matter.differences.is_empty())
            .count(),
        items: matters.into_iter().map(MatterBody::from).collect(),
    })
}
