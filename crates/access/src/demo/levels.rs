//! Who examines before the county: somebody in each town, and in each village of the first town.

use wuchuang_kernel::{OrganisationId, Role};

use super::{DemoError, Seeder, Vacancy, centre_name, organisation_id, place_of};
use crate::{Division, model::organisation::OrganisationKind};

impl Seeder<'_> {
    /// Who examines first (村初审) and second (镇审核): somebody in each town, and in each village of the first town, which
    /// stands for a county that begins with one.
    pub(super) async fn first_and_second_level(
        &mut self,
        divisions: &[Division],
    ) -> Result<(), DemoError> {
        let towns = divisions.iter().filter(|division| division.code.len() == 9);
        let towns: Vec<&Division> = towns.collect();
        for (number, town) in towns.iter().enumerate() {
            let organisation = organisation_id(self.region, &centre_name(town));
            self.level(&format!("town{:02}-review", number + 1), organisation, town)
                .await?;
        }
        let Some(first) = towns.first() else {
            return Ok(());
        };
        let villages = divisions
            .iter()
            .filter(|division| division.code.len() == 12 && division.code.starts_with(&first.code));
        for (number, village) in villages.enumerate() {
            let organisation = self
                .organisation(
                    &format!("{}便民服务站", village.name),
                    &format!("V{}", village.code.get(9..).unwrap_or("000")),
                    OrganisationKind::Village,
                    place_of(number, village)?,
                    Some(organisation_id(self.region, &centre_name(first))),
                )
                .await?;
            self.level(&format!("village{:02}", number + 1), organisation, village)
                .await?;
        }
        Ok(())
    }

    /// Somebody who examines for a town or village.
    async fn level(
        &mut self,
        account: &str,
        organisation: OrganisationId,
        place: &Division,
    ) -> Result<(), DemoError> {
        self.staff(&Vacancy {
            account,
            organisation,
            title: "初审岗",
            roles: &[Role::Reviewer],
            reach: place_of(0, place)?,
        })
        .await
    }
}
