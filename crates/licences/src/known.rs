//! What licences say of their holder, for forms that would ask it again (`wuchuang_cases::known`). A licence says what stands on
//! it: the answers of the case that it was issued for, as far as they are printed.

use std::collections::BTreeSet;

use jiff::civil::Date;
use wuchuang_calendar::china_date;
use wuchuang_cases::{Cases, known::Statement, model::KnownSource};
use wuchuang_kernel::{CaseId, LicenceId, PersonId, Region};
use wuchuang_webkit::Failure;

use crate::{
    Licences,
    model::{Licence, LicenceStatus, LicenceStream},
};

/// How many licences are read.
const LICENCES_MAX: usize = 10;

impl Licences {
    /// What the licences of a person say that are in force, the newest first.
    ///
    /// # Errors
    /// When licences or cases cannot be read.
    pub async fn statements(
        &self,
        cases: &Cases,
        (region, person): (Region, PersonId),
        today: Date,
        except: &[CaseId],
    ) -> Result<Vec<Statement>, Failure> {
        let held = self.of_person(region, person).await?;
        let valid = held
            .iter()
            .filter(|summary| summary.status(today) == LicenceStatus::Valid);
        let mut statements = Vec::new();
        for id in valid
            .filter_map(crate::LicenceSummary::licence)
            .take(LICENCES_MAX)
        {
            let loaded = self.ledger.load::<LicenceStream>(region, id.into()).await?;
            let Some(licence) = loaded.and_then(|(_, state)| state.0.clone()) else {
                continue;
            };
            if except.contains(&licence.issued.case) {
                continue;
            }
            statements.extend(said(cases, region, id, &licence).await?);
        }
        Ok(statements)
    }
}

async fn said(
    cases: &Cases,
    region: Region,
    id: LicenceId,
    licence: &Licence,
) -> Result<Option<Statement>, Failure> {
    let issued = &licence.issued;
    let (Some(contents), Some(case)) = (
        issued.contents.get(),
        cases.find(region, issued.case).await?,
    ) else {
        return Ok(None);
    };
    let Some(form) = cases.form_of(region, &case).await? else {
        return Ok(None);
    };
    let printed: BTreeSet<&str> = contents.iter().map(|line| line.label.as_str()).collect();
    let source = KnownSource::Licence {
        licence: id,
        name: issued.name.clone(),
        number: issued.number.clone(),
        issued_on: china_date(licence.issued_at),
    };
    Ok(Statement::of(
        &case,
        (source, licence.issued_at),
        &form,
        |field| printed.contains(field.label.as_str()),
    ))
}
