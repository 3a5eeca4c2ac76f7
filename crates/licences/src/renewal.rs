//! 换证: a change or a renewal ends in a new licence that takes the place of the old one, so that no holder shows two that
//! both say 有效.

use wuchuang_access::AccessKey;
use wuchuang_cases::model::{Case, MaterialSource};
use wuchuang_kernel::{LicenceId, Region};
use wuchuang_ledger::{Database, StorageError};

use crate::store::{self, LicenceSummary};

/// What the names of items say that end in a new licence in the place of an old one (行政许可法 arts. 49, 50).
const RENEWING: [&str; 8] = [
    "变更", "延续", "换证", "换发", "换领", "补证", "补领", "补办",
];

/// Whether a case changes or renews what its holder has.
fn renews(case: &Case) -> bool {
    RENEWING.iter().any(|word| case.terms.name.contains(word))
}

/// The licence whose place the new one of a case takes: the holder's only one of this name by this authority, or, of
/// several (a shop each), the one that was handed in as a material. `None` when nothing or too much fits: a licence is
/// not ended by a guess.
///
/// # Errors
/// When the licences cannot be read.
pub(crate) async fn predecessor(
    database: &Database,
    region: Region,
    key: &AccessKey,
    case: &Case,
    (new, name): (LicenceId, &str),
) -> Result<Option<LicenceId>, StorageError> {
    if !renews(case) {
        return Ok(None);
    }
    let hash = store::holder_hash(key, case.applicant.number.text());
    let found = store::licences_of_hash(database, region, &hash).await?;
    let authority = case.terms.department.to_string();
    let fitting: Vec<LicenceId> = found
        .iter()
        .filter(|licence| {
            licence.standing == "in_force"
                && licence.name == name
                && licence.organisation == authority
        })
        .filter_map(LicenceSummary::licence)
        .filter(|licence| *licence != new)
        .collect();
    if let [only] = fitting[..] {
        return Ok(Some(only));
    }
    let named = case
        .materials
        .iter()
        .filter_map(|material| match material.source {
            MaterialSource::Licence { licence, .. } => Some(licence),
            _ => None,
        });
    let mut named: Vec<LicenceId> = named.filter(|licence| fitting.contains(licence)).collect();
    named.sort();
    named.dedup();
    Ok(match named[..] {
        [only] => Some(only),
        _ => None,
    })
}
