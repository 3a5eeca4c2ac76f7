//! The tables that follow from the events: who is invited, what was said, the counters of each day.

use async_trait::async_trait;
use wuchuang_access::AccessKey;
use wuchuang_cases::model::{Case, CaseStream};
use wuchuang_kernel::{CaseId, OrganisationId, PersonId, Region, china_date};
use wuchuang_ledger::storage::Transaction;
use wuchuang_ledger::{
    Existing, Projection, Recorded, Sheet, StorageError, Stream, Table, storage::execute,
};

use crate::{
    model::{Rating, RatingEvent, RatingStream},
    rating_token,
};

/// Writes the three tables.
pub(crate) struct RatingProjection {
    pub(crate) key: AccessKey,
}

#[async_trait]
impl Projection for RatingProjection {
    fn name(&self) -> &'static str {
        "rating"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[CaseStream::KIND, RatingStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["rating_invitation", "rating", "rating_daily"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        if let Some(case) = ended(recorded) {
            invite(&self.key, case, recorded, sheet);
            count(
                recorded,
                case.organisation,
                &case.organisation_name,
                None,
                sheet,
            );
            return Ok(());
        }
        let Some(rating) = recorded
            .state::<RatingStream>()
            .and_then(|state| state.0.as_deref())
        else {
            return Ok(());
        };
        write(rating, recorded, sheet);
        if let Some(RatingEvent::Rated(rate)) = recorded.event::<RatingStream>() {
            answered(recorded, sheet);
            let stars = rate.grade.rating_exchange_stars();
            let service = &rate.service;
            count(
                recorded,
                service.organisation,
                &service.organisation_name,
                Some(stars),
                sheet,
            );
        }
        Ok(())
    }

    async fn forget(
        &self,
        region: Region,
        person: PersonId,
        transaction: &Transaction,
    ) -> Result<(), StorageError> {
        execute(
            transaction,
            "UPDATE rating SET text = '' WHERE region = $1 AND text_person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        Ok(())
    }
}

/// The case, when this event ended it.
fn ended(recorded: &Recorded) -> Option<&Case> {
    let ends = recorded.event::<CaseStream>()?.ends_case();
    recorded
        .state::<CaseStream>()?
        .0
        .as_deref()
        .filter(|_| ends)
}

const INVITATIONS: Table = Table {
    name: "rating_invitation",
    columns: &[
        "region",
        "token",
        "case_id",
        "person",
        "item",
        "item_name",
        "organisation",
        "organisation_name",
        "ended_at_us",
        "is_rated",
    ],
    key_columns: 2,
    existing: Existing::Kept,
};

fn invite(key: &AccessKey, case: &Case, recorded: &Recorded, sheet: &mut Sheet) {
    sheet.put(
        &INVITATIONS,
        [
            recorded.region.to_string().into(),
            rating_token(key, CaseId::from(recorded.stream_id)).into(),
            recorded.stream_id.to_string().into(),
            case.applicant.person.to_string().into(),
            case.terms.item.to_string().into(),
            case.terms.name.clone().into(),
            case.organisation.to_string().into(),
            case.organisation_name.clone().into(),
            recorded.recorded_at.as_microsecond().into(),
            false.into(),
        ],
    );
}

/// The stream of a rating bears the identifier of its case.
fn answered(recorded: &Recorded, sheet: &mut Sheet) {
    sheet.run(
        "UPDATE rating_invitation SET is_rated = TRUE WHERE region = $1 AND case_id = $2",
        [
            recorded.region.to_string().into(),
            recorded.stream_id.to_string().into(),
        ],
    );
}

const RATINGS: Table = Table {
    name: "rating",
    columns: &[
        "region",
        "id",
        "stars",
        "channel",
        "labels",
        "text",
        "text_person",
        "item",
        "item_name",
        "organisation",
        "organisation_name",
        "openings",
        "rated_at_us",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

fn write(rating: &Rating, recorded: &Recorded, sheet: &mut Sheet) {
    let rate = &rating.rate;
    let labels: Vec<String> = rate.labels.iter().map(ToString::to_string).collect();
    let text = rate.text.as_ref();
    sheet.put(
        &RATINGS,
        [
            recorded.region.to_string().into(),
            recorded.stream_id.to_string().into(),
            i64::from(rate.grade.rating_exchange_stars()).into(),
            rate.channel.code().into(),
            labels.join(",").into(),
            text.map(|text| text.text().to_owned())
                .unwrap_or_default()
                .into(),
            text.map(|text| text.person().to_string())
                .unwrap_or_default()
                .into(),
            rate.service.item.to_string().into(),
            rate.service.item_name.clone().into(),
            rate.service.organisation.to_string().into(),
            rate.service.organisation_name.clone().into(),
            i64::from(rating.openings).into(),
            rating.rated_at.as_microsecond().into(),
        ],
    );
}

/// Adds one to the day: an ended case, or a rating with its stars.
fn count(
    recorded: &Recorded,
    organisation: OrganisationId,
    organisation_name: &str,
    stars: Option<u8>,
    sheet: &mut Sheet,
) {
    let one_if = |condition: bool| i64::from(condition).into();
    sheet.run(
        "INSERT INTO rating_daily (region, day, organisation, organisation_name, ended, rated, stars_1, stars_2, stars_3, stars_4, stars_5)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (region, day, organisation) DO UPDATE SET organisation_name = excluded.organisation_name,
            ended = rating_daily.ended + excluded.ended, rated = rating_daily.rated + excluded.rated,
            stars_1 = rating_daily.stars_1 + excluded.stars_1, stars_2 = rating_daily.stars_2 + excluded.stars_2,
            stars_3 = rating_daily.stars_3 + excluded.stars_3, stars_4 = rating_daily.stars_4 + excluded.stars_4,
            stars_5 = rating_daily.stars_5 + excluded.stars_5",
        [
            recorded.region.to_string().into(),
            china_date(recorded.recorded_at).to_string().into(),
            organisation.to_string().into(),
            organisation_name.into(),
            one_if(stars.is_none()),
            one_if(stars.is_some()),
            one_if(stars == Some(1)),
            one_if(stars == Some(2)),
            one_if(stars == Some(3)),
            one_if(stars == Some(4)),
            one_if(stars == Some(5)),
        ],
    );
}
