//! The one list of the house's slices. Adding a slice is one line in each of [`migrations`],
//! [`register`] and [`open`]; everything else follows from what it gives as a `Slice`.

mod codes;
mod demand;
mod demonstration;
mod messages;
mod notices;

use std::sync::Arc;

use anyhow::{Context, Result};
use jiff::SignedDuration;
use wuchuang_access::{
    AccessKey, AccessOptions, AccessSlice, CedarGate, CodeSender, DemoCodeSender, Directory,
    Identifier,
};
use wuchuang_administration::{AdministrationSlice, Seal};
use wuchuang_bundles::{BundleRooms, Bundles, BundlesSlice};
use wuchuang_cases::{
    CaseRooms, CaseSlice, Cases, files::FileStore, notices::NoticeMaker, rooms::CaseParts,
};
use wuchuang_catalogue::{Catalogue, CatalogueSlice};
use wuchuang_documents::{Authority, Documents, FontSource};
use wuchuang_hall::HallSlice;
use wuchuang_kernel::{CaseId, Region};
use wuchuang_ledger::{Ledger, LedgerBuilder, Migration, migrations::LEDGER};
use wuchuang_licences::{Licences, LicencesSlice, Press};
use wuchuang_messages::gateway::Postman;
use wuchuang_portal::{PortalOptions, PortalSlice};
use wuchuang_ratings::{RatingsSlice, rating_path};
use wuchuang_webkit::{Slice, page::Site};

use crate::{
    configuration::Configuration,
    data_folder::{DataFolder, Keys},
};

pub(crate) use demonstration::demonstrate;

/// Every schema change, the ledger's own first.
pub fn migrations() -> Vec<Migration> {
    [
        LEDGER,
        wuchuang_access::MIGRATIONS,
        wuchuang_catalogue::MIGRATIONS,
        wuchuang_cases::MIGRATIONS,
        wuchuang_licences::MIGRATIONS,
        wuchuang_bundles::MIGRATIONS,
        wuchuang_messages::MIGRATIONS,
        wuchuang_ratings::MIGRATIONS,
        wuchuang_administration::MIGRATIONS,
    ]
    .concat()
}

/// Everything that the slices put on the ledger.
pub(crate) fn register(builder: LedgerBuilder, keys: &Keys) -> LedgerBuilder {
    let key = AccessKey::derived_from(&keys.master);
    let builder = wuchuang_access::register(builder, &key);
    let builder = wuchuang_catalogue::register(builder);
    let builder = wuchuang_cases::register(builder);
    let builder = wuchuang_licences::register(builder, &key);
    let builder = wuchuang_bundles::register(builder);
    let builder = wuchuang_messages::register_with(builder, notices::NOTICES);
    let builder = wuchuang_ratings::register(builder, &key);
    wuchuang_administration::register(builder)
}

/// What the slices are made from.
pub(crate) struct Needs<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) configuration: &'a Configuration,
    pub(crate) folder: &'a DataFolder,
    pub(crate) keys: &'a Keys,
    pub(crate) site: &'a Arc<Site>,
    pub(crate) serves: bool,
}

/// The slices, made.
pub struct Opened {
    /// All of them, in the order of the navigation.
    pub all: Vec<Arc<dyn Slice>>,
    /// Finds out who stands before a page.
    pub(crate) identifier: Identifier,
    /// The gate over all policies.
    pub(crate) gate: Arc<CedarGate>,
    region: Region,
    cases: Cases,
    access: Arc<AccessSlice>,
    catalogue: Catalogue,
    bundles: Bundles,
    pub(crate) seal: Seal,
    demand: demand::Demand,
}

fn administration(portal: &PortalOptions, seal: Seal) -> Arc<dyn Slice> {
    let (cases, directory) = (portal.cases.clone(), portal.directory.clone());
    Arc::new(AdministrationSlice::new(cases, directory, seal))
}

/// The papers that follow from cases.
fn notice_maker(
    needs: &Needs<'_>,
    cases: &Cases,
    directory: &Directory,
    documents: &Documents,
    authority: &Arc<Authority>,
) -> NoticeMaker {
    NoticeMaker::new(
        cases.clone(),
        directory.clone(),
        documents.clone(),
        Arc::clone(authority),
        Arc::clone(needs.site),
    )
}

/// Makes the slices on an open ledger, and the gate from their policies.
///
/// # Errors
/// When a slice cannot be made or the policies do not read.
pub(crate) async fn open(needs: Needs<'_>) -> Result<Opened> {
    let Needs {
        ledger,
        configuration,
        folder,
        keys,
        site,
        ..
    } = needs;
    let region = configuration.site.region;
    let settings = messages::settings_of(configuration);
    let postman = postman(&needs, &settings)?;
    let access = Arc::new(access(&needs, &postman)?);
    let directory = access.directory();
    let documents = documents(folder)?;
    let catalogue = catalogue(&needs).await?;
    let key = AccessKey::derived_from(&keys.master);
    let files = FileStore::in_folder(&folder.files()).context("附件目录打不开")?;
    let kept = SignedDuration::from_hours(24 * i64::from(configuration.drafts_kept_days));
    let cases = Cases::new(ledger.clone(), files.clone()).keeping_drafts(kept);
    let authority = Arc::new(keys.authority.clone());
    let is_test = is_test(&authority);
    let seal = Seal::new(authority.valid_until());
    let bundles = Bundles::new(cases.clone(), catalogue.clone());
    let licences = Licences::new(ledger.clone(), key.clone());
    let notices = notice_maker(&needs, &cases, &directory, &documents, &authority);
    let rooms = CaseRooms::from(CaseParts {
        cases: cases.clone(),
        directory: directory.clone(),
        notices,
        on_hand: Arc::new(licences.clone()),
        belonging: Arc::new(bundles.clone()),
        behind_proxy: configuration.is_behind_proxy,
    });
    let press = press(&documents, authority, keys, is_test);
    let rate_path = rate_path(key.clone());
    let portal = PortalOptions {
        cases: cases.clone(),
        catalogue: catalogue.clone(),
        bundles: bundles.clone(),
        licences: licences.clone(),
        directory: directory.clone(),
        behind_proxy: configuration.is_behind_proxy,
        rate_path: Arc::new(rate_path.clone()),
    };
    let hall = HallSlice::new(rooms.clone(), catalogue.clone(), licences);
    let hall = hall.inviting_ratings(rate_path.clone());
    let all: Vec<Arc<dyn Slice>> = vec![
        Arc::new(hall),
        Arc::new(CaseSlice::new(rooms.clone())),
        Arc::new(LicencesSlice::new(
            ledger.clone(),
            key.clone(),
            directory.clone(),
            files,
            press,
            Arc::clone(site),
            configuration.is_behind_proxy,
        )),
        Arc::new(CatalogueSlice::new(
            catalogue.clone(),
            directory,
            documents,
            is_test,
        )),
        Arc::new(BundlesSlice::new(BundleRooms {
            bundles: bundles.clone(),
            cases: rooms,
        })),
        Arc::new(RatingsSlice::new(ledger.clone(), key)),
        administration(&portal, seal),
        Arc::clone(&access) as Arc<dyn Slice>,
        messages::slice(&needs, postman, &settings, rate_path, access.directory()),
        Arc::new(PortalSlice::new(portal)),
    ];
    let gate = gate(&all)?;
    access.use_gate(Arc::clone(&gate));
    Ok(Opened {
        all,
        identifier: access.identifier(),
        gate,
        region,
        cases,
        access,
        catalogue,
        bundles,
        seal,
        demand: demand::Demand::default(),
    })
}

/// What sends messages out of the house.
fn postman(
    needs: &Needs<'_>,
    settings: &wuchuang_messages::settings::Settings,
) -> Result<Arc<Postman>> {
    let clock = Arc::clone(needs.ledger.clock());
    Postman::from_settings(settings, &needs.configuration.public_url, clock)
        .map(Arc::new)
        .context("短信或邮件的配置有误")
}

/// Where a case is rated: the windows and the messages stand below the ratings, so the path is carried to them.
fn rate_path(key: AccessKey) -> impl Fn(CaseId) -> String + Clone + Send + Sync + 'static {
    move |case| rating_path(&key, case)
}

async fn catalogue(needs: &Needs<'_>) -> Result<Catalogue> {
    let index = needs.serves.then(|| needs.folder.search());
    let region = needs.configuration.site.region;
    Catalogue::open(needs.ledger.clone(), region, index.as_deref())
        .await
        .context("检索索引打不开。可以删除数据目录下的 search 文件夹后重新启动，它会自动重建。")
}

/// The gate over the policies of all slices.
fn gate(all: &[Arc<dyn Slice>]) -> Result<Arc<CedarGate>> {
    let policies: Vec<(&str, &str)> = all
        .iter()
        .map(|slice| (slice.name(), slice.policies()))
        .collect();
    Ok(Arc::new(CedarGate::new(&policies).context("权限规则有误")?))
}

fn access(needs: &Needs<'_>, postman: &Arc<Postman>) -> Result<AccessSlice> {
    let configuration = needs.configuration;
    let sender: Arc<dyn CodeSender> = if configuration.is_demonstration {
        Arc::new(DemoCodeSender)
    } else {
        Arc::new(codes::CodesBySms::new(
            needs.ledger.clone(),
            Arc::clone(postman),
            configuration,
        ))
    };
    let options = AccessOptions {
        region: configuration.site.region,
        key: AccessKey::derived_from(&needs.keys.master),
        sender,
        is_secure: configuration.public_url.starts_with("https://"),
        behind_proxy: configuration.is_behind_proxy,
    };
    AccessSlice::new(needs.ledger.clone(), options).context("账号口令的计算准备不了，内存可能不足")
}

/// The documents with the county's own templates, and its own fonts beside them.
/// What licences are made with.
fn press(documents: &Documents, authority: Arc<Authority>, keys: &Keys, is_test: bool) -> Press {
    Press {
        documents: documents.clone(),
        authority,
        earlier_roots: keys.earlier_roots.clone(),
        seal_caption: "行政审批专用章".to_owned(),
        is_test,
    }
}

fn documents(folder: &DataFolder) -> Result<Documents> {
    let templates = folder.templates();
    let fonts = templates.join("fonts");
    let source = if fonts.is_dir() {
        FontSource::EmbeddedAndFolder(fonts)
    } else {
        FontSource::Embedded
    };
    Documents::new(source, Some(templates)).context("文书的字体打不开")
}

/// Whether the county still signs with the authority that `wuchuang init` made.
fn is_test(authority: &Authority) -> bool {
    authority.signer_name().starts_with("测试")
}

impl Opened {
    /// People, organisations, sessions.
    pub fn access(&self) -> &AccessSlice {
        &self.access
    }

    /// The service items.
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The life-event bundles.
    pub const fn bundles(&self) -> &Bundles {
        &self.bundles
    }

    /// What is done every minute. Failures are logged; the next turn tries again.
    pub(crate) async fn tend(&self) {
        if let Err(error) = self.access.sessions().sweep(self.region).await {
            tracing::warn!(%error, "old sessions could not be removed");
        }
        if let Err(error) = self.cases.plan_sweep(self.region).await {
            tracing::warn!(%error, "the removal of old drafts could not be planned");
        }
        if let Err(error) = self.catalogue.refresh().await {
            tracing::warn!(%error, "the catalogue could not be brought up to date");
        }
        self.demand.tend(&self.catalogue).await;
    }
}
