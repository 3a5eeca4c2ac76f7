//! What the house has already, offered with where it comes from and never taken silently. What there is, is the licence
//! store's to say, for counter and portal alike; here it is put into the citizen's words.

use wuchuang_calendar::china_date;
use wuchuang_cases::model::Material;
use wuchuang_catalogue::model::ItemMaterial;
use wuchuang_kernel::MaterialId;
use wuchuang_licences::reuse::{OfferSource, Stock};
use wuchuang_webkit::{Caller, Failure};

use super::Application;
use crate::{rooms::Rooms, words};

/// One offer.
pub(super) struct Offer {
    /// What the form sends: the kind and what it names.
    pub(super) key: String,
    /// What it is.
    pub(super) title: String,
    /// Where it comes from.
    pub(super) source: String,
    material: Material,
}

/// Everything that may stand for a material.
pub(super) async fn offers(
    rooms: &Rooms,
    caller: &Caller,
    application: &Application,
    wanted: &ItemMaterial,
) -> Result<Vec<Offer>, Failure> {
    let (region, today) = (caller.region, china_date(caller.now));
    let stock = Stock::of(
        &rooms.cases,
        &rooms.licences,
        region,
        application.person,
        today,
    )
    .await?;
    let page = &caller.page;
    let offers = stock.offers(wanted).into_iter().map(|offer| {
        let id = MaterialId::generate(caller.now, rooms.ledger.randomness().as_ref());
        let source = match &offer.source {
            OfferSource::Licence { number } => {
                page.tf("电子证照，编号 {number}", &[("number", number)])
            }
            OfferSource::EarlierCase {
                item, received_on, ..
            } => page.tf(
                "{day}办理“{item}”时交的",
                &[
                    ("day", &words::day(page, *received_on, today)),
                    ("item", item),
                ],
            ),
        };
        Offer {
            material: offer.material(id),
            key: offer.key,
            title: offer.title,
            source,
        }
    });
    Ok(offers.collect())
}

impl Offer {
    /// The material that the offer puts into the application.
    pub(super) fn into_material(self) -> Material {
        self.material
    }
}
