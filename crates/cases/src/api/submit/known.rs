//! Known answers for programs: what licences and earlier cases answer of an item's form, asked before an application is handed in;
//! and which of it the application accepts, or says otherwise with a reason.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use wuchuang_access::CitizenEntry;
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{CaseId, ItemId, PersonId, china_date};
use wuchuang_webkit::{Caller, Failure, forms::Form};

use super::super::{body::Body, substitutes::of_number};
use crate::{
    known::{Asked, brought},
    model::{KnownAnswer, KnownSource},
    rooms::CaseRooms,
};

/// How many known answers one application may name.
const KNOWN_MAX: usize = 200;

/// For which application.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct KnownQuestion {
    /// The item.
    #[schema(value_type = String, example = "0192f0c2a4b17c3e9d5566778899aabb")]
    item: ItemId,
    /// The citizen number of the applicant, or of whoever acts for the organisation; a citizen asks for themself and
    /// leaves it out.
    #[schema(example = "610924199001011233", max_length = 18)]
    number: Option<String>,
}

/// An answer that the house knows.
#[derive(Serialize, ToSchema)]
struct KnownItem {
    /// The field of the item's form.
    #[schema(example = "business_place")]
    field: String,
    /// What it asks.
    #[schema(example = "经营场所")]
    label: String,
    /// The answer.
    #[schema(value_type = Object)]
    value: Value,
    /// Where it comes from: `licence:…`, `case:…` or `account`. Send it in `known` when the application begins with it.
    #[schema(example = "licence:0192f0c2a4b17c3e9d5566778899aabb")]
    source: String,
    /// The same in words.
    #[schema(example = "取自《食品经营许可证》（2026年3月2日发）")]
    source_words: String,
    /// Whether another answer needs a reason.
    needs_reason: bool,
}

/// The answers of a form that the house knows.
#[derive(Serialize, ToSchema)]
pub struct KnownList {
    /// The answers, in the order of the form.
    items: Vec<KnownItem>,
}

/// A known answer with which an application began.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownInput {
    /// The field.
    #[schema(example = "business_place")]
    field: String,
    /// Its source, as `known` told it.
    #[schema(example = "licence:0192f0c2a4b17c3e9d5566778899aabb")]
    source: String,
    /// Why `answers` say something else; needed then and only then.
    #[serde(default)]
    #[schema(example = "", max_length = 200)]
    reason: String,
}

/// What licences and earlier cases answer of an item's form: nobody need be asked it again.
#[utoipa::path(post, path = "/api/v1/cases/known", tag = "cases", request_body = KnownQuestion,
    responses((status = 200, body = KnownList), (status = 401), (status = 403),
        (status = 422, description = "There is no such item, or the number does not read or is missing.")))]
pub(in crate::api) async fn known_list(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Body(input): Body<KnownQuestion>,
) -> Result<Json<KnownList>, Failure> {
    let item = rooms
        .item_in_force(&caller, input.item)
        .await?
        .ok_or_else(|| {
            Failure::invalid("没有这个事项，或它已停止办理。请在事项目录中选择。").at("item")
        })?;
    let person = asked_for(&rooms, &caller, input.number.as_deref()).await?;
    told(&rooms, &caller, &item, person).await.map(Json)
}

/// For whom the known answers of an application are asked.
///
/// # Errors
/// 403 for who may not ask for others, 422 for a number that does not read or is missing.
pub async fn asked_for(
    rooms: &CaseRooms,
    caller: &Caller,
    number: Option<&str>,
) -> Result<Option<PersonId>, Failure> {
    match caller.visitor.citizen() {
        Some(citizen) => Ok(Some(citizen.person)),
        None => of_number(rooms, caller, number).await,
    }
}

/// What is known of somebody for a form; nothing of somebody whom nobody knows.
///
/// # Errors
/// Whatever storage reports.
pub async fn told(
    rooms: &CaseRooms,
    caller: &Caller,
    item: &ItemVersion,
    person: Option<PersonId>,
) -> Result<KnownList, Failure> {
    let known = match person {
        Some(person) => known_of(rooms, caller, item, person, &[]).await?,
        None => Vec::new(),
    };
    let items = known.into_iter().filter_map(|one| {
        Some(KnownItem {
            value: one.was.get()?.clone(),
            source: one.source.key(),
            source_words: one.source.words(&caller.page.translator),
            needs_reason: one.source.asks_reason(),
            field: one.field,
            label: one.label,
        })
    });
    Ok(KnownList {
        items: items.collect(),
    })
}

async fn known_of(
    rooms: &CaseRooms,
    caller: &Caller,
    item: &ItemVersion,
    person: PersonId,
    except: &[CaseId],
) -> Result<Vec<KnownAnswer>, Failure> {
    let Some(citizen) = rooms.directory.citizen(caller.region, person).await? else {
        return Ok(Vec::new());
    };
    if item.content.form.is_null() {
        return Ok(Vec::new());
    }
    let form = Form::shared(&item.content.form).map_err(Failure::internal)?;
    of_citizen(rooms, caller, &form, &citizen, except).await
}

async fn of_citizen(
    rooms: &CaseRooms,
    caller: &Caller,
    form: &Form,
    citizen: &CitizenEntry,
    except: &[CaseId],
) -> Result<Vec<KnownAnswer>, Failure> {
    let whose = (caller.region, citizen.person);
    let today = china_date(caller.now);
    let mut statements = rooms.cases.statements(whose, caller.now, except).await?;
    let printed = rooms
        .on_hand
        .licence_statements(&rooms.cases, whose, today, except);
    statements.extend(printed.await?);
    let lists = rooms.directory.villages(caller.region).await?;
    let asked = Asked {
        form,
        lists: &lists,
        translator: &caller.page.translator,
        citizen,
    };
    Ok(asked.answers(&statements))
}

/// The known answers that an application names, as the case keeps them. Sent again, the cases that it made say nothing.
///
/// # Errors
/// 403 for who may not know them, 422 for one that the house does not know from that source.
pub async fn taken(
    rooms: &CaseRooms,
    caller: &Caller,
    item: &ItemVersion,
    (person, answers): (Option<PersonId>, &Map<String, Value>),
    (named, made): (&[KnownInput], &[CaseId]),
) -> Result<Vec<KnownAnswer>, Failure> {
    if named.is_empty() {
        return Ok(Vec::new());
    }
    if named.len() > KNOWN_MAX {
        let text = "一份申请最多注明200项已知内容的来源，请检查后再提交。";
        return Err(Failure::invalid(text).at("known"));
    }
    super::may_reuse(caller)?;
    let known = match person {
        Some(person) => known_of(rooms, caller, item, person, made).await?,
        None => Vec::new(),
    };
    let mut taken = Vec::with_capacity(named.len());
    for (index, input) in named.iter().enumerate() {
        let is_it =
            |one: &&KnownAnswer| one.field == input.field && one.source.key() == input.source;
        let Some(one) = known.iter().find(is_it) else {
            return Err(Failure::invalid(
                "“已知内容”里有一项不是现在查得到的来源，请重新查询已知内容后再提交。",
            )
            .at(format!("known[{index}].source")));
        };
        taken.push(one.clone().because(&input.reason));
    }
    let form = Form::shared(&item.content.form).map_err(Failure::internal)?;
    Ok(brought(&taken, &form, answers))
}

/// A known answer as a case keeps it.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct KnownAnswerView {
    /// The field.
    #[schema(example = "business_place")]
    field: String,
    /// Where the answer comes from: `licence:…` or `case:…`.
    #[schema(example = "licence:0192f0c2a4b17c3e9d5566778899aabb")]
    source: String,
    /// The number of that licence or case.
    source_number: Option<String>,
    /// Whether the application says something else.
    is_changed: bool,
    /// The answer there; absent while masked.
    #[schema(value_type = Option<Object>)]
    was: Option<Value>,
    /// Why the application says something else; absent while masked.
    reason: Option<String>,
}

impl KnownAnswerView {
    /// The view of one, in full or masked.
    pub(in crate::api) fn of(one: &KnownAnswer, answers: Option<&Value>, is_full: bool) -> Self {
        let number = match &one.source {
            KnownSource::Account => None,
            KnownSource::Licence { number, .. } | KnownSource::EarlierCase { number, .. } => {
                Some(number.clone())
            }
        };
        Self {
            field: one.field.clone(),
            source: one.source.key(),
            source_number: number,
            is_changed: one.is_changed(answers),
            was: one.was.get().filter(|_| is_full).cloned(),
            reason: is_full.then(|| one.reason.text().to_owned()),
        }
    }
}
