//! What the house has already, offered with where it comes from and never taken silently. What there is, is the licence
//! store's to say, for counter and portal alike; here it is put into the citizen's words.

use wuchuang_calendar::china_date;
use wuchuang_cases::{model::Material, reuse::is_taken};
use wuchuang_catalogue::model::ItemMaterial;
use wuchuang_kernel::MaterialId;
use wuchuang_licences::reuse::{OfferSource, Stock};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::{Application, applicant};
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

async fn stock(rooms: &Rooms, caller: &Caller, of: &Application) -> Result<Stock, Failure> {
    let whose = (of.person, china_date(caller.now));
    Stock::of(&rooms.cases, &rooms.licences, caller.region, whose, &[]).await
}

/// Number and name of the organisation that applies.
fn organisation(application: &Application) -> Option<(&str, &str)> {
    applicant::organisation(&application.form, &application.draft.content.answers)
}

/// What was taken for one organisation and does not belong to the one that applies now.
pub(super) async fn of_another<'a>(
    rooms: &Rooms,
    caller: &Caller,
    application: &'a Application,
) -> Result<Vec<&'a Material>, Failure> {
    let given = &application.draft.content.materials;
    let Some(organisation) = organisation(application).filter(|_| given.iter().any(is_taken))
    else {
        return Ok(Vec::new());
    };
    let stock = stock(rooms, caller, application).await?;
    let others = given.iter();
    Ok(others
        .filter(|material| stock.is_of_another(&material.source, organisation))
        .collect())
}

/// How it is told that a material belongs to another organisation.
pub(super) fn told(page: &PageContext, material: &Material) -> String {
    let text = "“{name}”是另一家单位的，请换成现在申请的单位的，或者重新上传。";
    page.tf(text, &[("name", &material.name)])
}

/// Everything that may stand for a material.
pub(super) async fn offers(
    rooms: &Rooms,
    caller: &Caller,
    application: &Application,
    wanted: &ItemMaterial,
) -> Result<Vec<Offer>, Failure> {
    let today = china_date(caller.now);
    let stock = stock(rooms, caller, application).await?;
    let page = &caller.page;
    let offers = stock.offers(wanted, organisation(application));
    let offers = offers.into_iter().map(|offer| {
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
