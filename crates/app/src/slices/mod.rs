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
use wuchuang_analysis::{Analysis, AnalysisSlice};
use wuchuang_bundles::{BundleRooms, Bundles, BundlesSlice, JointReservations};
use wuchuang_cases::{
    CaseRooms, CaseSlice, Cases, files::FileStore, notices::NoticeMaker, rooms::CaseParts,
};
use wuchuang_catalogue::{Catalogue, CatalogueSlice};
use wuchuang_credit::CreditSlice;
use wuchuang_delegations::{DelegationRooms, Delegations, DelegationsSlice};
use wuchuang_documents::{Authority, Documents, FontSource};
use wuchuang_hall::HallSlice;
use wuchuang_kernel::{CaseId, Region};
use wuchuang_ledger::{Ledger, LedgerBuilder, Migration, migrations::LEDGER};
use wuchuang_licences::{Licences, LicencesSlice, Press};
use wuchuang_messages::gateway::Postman;
use wuchuang_oversight::{Oversight, OversightSlice};
use wuchuang_portal::{PortalOptions, PortalSlice};
use wuchuang_ratings::{RatingsSlice, rating_path};
use wuchuang_supervision::{SupervisionSlice, SupervisionWatch};
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
        wuchuang_delegations::MIGRATIONS,
        wuchuang_credit::MIGRATIONS,
        wuchuang_cases::MIGRATIONS,
        wuchuang_licences::MIGRATIONS,
        wuchuang_bundles::MIGRATIONS,
        wuchuang_messages::MIGRATIONS,
        wuchuang_ratings::MIGRATIONS,
        wuchuang_supervision::MIGRATIONS,
        wuchuang_oversight::MIGRATIONS,
        wuchuang_analysis::MIGRATIONS,
        wuchuang_administration::MIGRATIONS,
    ]
    .concat()
}

/// Everything that the slices put on the ledger.
pub(crate) fn register(builder: LedgerBuilder, keys: &Keys) -> LedgerBuilder {
    let key = AccessKey::derived_from(&keys.master);
    let builder = wuchuang_access::register(builder, &key);
    let builder = wuchuang_catalogue::register(builder);
    let builder = wuchuang_delegations::register(builder);
    let builder = wuchuang_credit::register(builder);
    let builder = wuchuang_cases::register(builder);
    let builder = wuchuang_licences::register(builder, &key);
    let builder = wuchuang_bundles::register(builder);
    let builder = wuchuang_messages::register_with(builder, notices::NOTICES);
    let builder = wuchuang_ratings::register(builder, &key);
    let builder = wuchuang_supervision::register(builder);
    let builder = wuchuang_oversight::register(builder);
    let builder = wuchuang_analysis::register(builder, &key);
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
    delegations: Delegations,
    oversight: Oversight,
    analysis: Analysis,
    pub(crate) seal: Seal,
    demand: demand::Demand,
}

fn administration(portal: &PortalOptions, seal: Seal) -> Arc<dyn Slice> {
    let (cases, directory) = (portal.cases.clone(), portal.directory.clone());
    Arc::new(AdministrationSlice::new(cases, directory, seal))
}

fn credit(portal: &PortalOptions) -> Arc<dyn Slice> {
    let (cases, directory) = (portal.cases.clone(), portal.directory.clone());
    Arc::new(CreditSlice::new(
        cases.credit().clone(),
        directory,
        Arc::new(cases),
    ))
}

fn supervision(portal: &PortalOptions) -> Arc<dyn Slice> {
    let (cases, directory) = (portal.cases.clone(), portal.directory.clone());
    Arc::new(SupervisionSlice::new(cases, directory, portal.behind_proxy))
}

fn oversight(portal: &PortalOptions) -> Oversight {
    let (cases, catalogue) = (portal.cases.clone(), portal.catalogue.clone());
    let (delegations, licences) = (portal.delegations.clone(), portal.licences.clone());
    let directory = portal.directory.clone();
    Oversight::new(cases, catalogue, delegations, licences, directory)
}

fn analysis(portal: &PortalOptions) -> Analysis {
    let (cases, catalogue) = (portal.cases.clone(), portal.catalogue.clone());
    let (bundles, delegations) = (portal.bundles.clone(), portal.delegations.clone());
    let directory = portal.directory.clone();
    Analysis::new(cases, catalogue, bundles, delegations, directory)
}

fn cases(needs: &Needs<'_>, files: &FileStore) -> Cases {
    let days = i64::from(needs.configuration.drafts_kept_days);
    Cases::new(needs.ledger.clone(), files.clone())
        .keeping_drafts(SignedDuration::from_hours(24 * days))
        .asking_before_granting(JointReservations::new(needs.ledger.clone()))
}

fn delegations_slice(portal: &PortalOptions) -> Arc<dyn Slice> {
    Arc::new(DelegationsSlice::new(DelegationRooms {
        delegations: portal.delegations.clone(),
        catalogue: portal.catalogue.clone(),
        directory: portal.directory.clone(),
    }))
}

fn catalogue_slice(portal: &PortalOptions, documents: Documents, is_test: bool) -> Arc<dyn Slice> {
    let (catalogue, directory) = (portal.catalogue.clone(), portal.directory.clone());
    Arc::new(CatalogueSlice::new(
        catalogue, directory, documents, is_test,
    ))
}

fn bundles_slice(portal: &PortalOptions, cases: CaseRooms) -> Arc<dyn Slice> {
    let bundles = portal.bundles.clone();
    Arc::new(BundlesSlice::new(BundleRooms { bundles, cases }))
}

fn licences_slice(
    needs: &Needs<'_>,
    key: &AccessKey,
    directory: &Directory,
    (files, press): (FileStore, Press),
) -> Arc<dyn Slice> {
    Arc::new(LicencesSlice::new(
        needs.ledger.clone(),
        key.clone(),
        directory.clone(),
        files,
        press,
        Arc::clone(needs.site),
        needs.configuration.is_behind_proxy,
    ))
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
        ..
    } = needs;
    let settings = messages::settings_of(configuration);
    let postman = postman(&needs, &settings)?;
    let access = Arc::new(access(&needs, &postman)?);
    let directory = access.directory();
    let documents = documents(folder)?;
    let catalogue = catalogue(&needs).await?;
    let key = AccessKey::derived_from(&keys.master);
    let files = FileStore::in_folder(&folder.files()).context("附件目录打不开")?;
    let cases = cases(&needs, &files);
    let authority = Arc::new(keys.authority.clone());
    let (is_test, seal) = (is_test(&authority), Seal::new(authority.valid_until()));
    let bundles = Bundles::new(cases.clone(), catalogue.clone());
    let licences = Licences::new(ledger.clone(), key.clone());
    let delegations = Delegations::new(ledger.clone());
    let notices = notice_maker(&needs, &cases, &directory, &documents, &authority);
    let rooms = CaseRooms::from(CaseParts {
        cases: cases.clone(),
        directory: directory.clone(),
        delegations: delegations.clone(),
        notices,
        on_hand: Arc::new(licences.clone()),
        belonging: Arc::new(bundles.clone()),
        watched: Arc::new(SupervisionWatch::new(ledger.clone())),
        behind_proxy: configuration.is_behind_proxy,
    });
    let press = press(&documents, authority, keys, is_test);
    let rate_path = rate_path(key.clone());
    let portal = PortalOptions {
        cases: cases.clone(),
        catalogue: catalogue.clone(),
        bundles: bundles.clone(),
        delegations: delegations.clone(),
        licences: licences.clone(),
        directory: directory.clone(),
        behind_proxy: configuration.is_behind_proxy,
        rate_path: Arc::new(rate_path.clone()),
    };
    let (oversight, analysis) = (oversight(&portal), analysis(&portal));
    let hall = HallSlice::new(rooms.clone(), catalogue.clone(), licences);
    let hall = hall.inviting_ratings(rate_path.clone());
    let all: Vec<Arc<dyn Slice>> = vec![
        Arc::new(hall),
        Arc::new(CaseSlice::new(rooms.clone())),
        licences_slice(&needs, &key, &directory, (files, press)),
        catalogue_slice(&portal, documents, is_test),
        delegations_slice(&portal),
        bundles_slice(&portal, rooms),
        Arc::new(RatingsSlice::new(ledger.clone(), key.clone())),
        credit(&portal),
        supervision(&portal),
        Arc::new(OversightSlice::new(oversight.clone())),
        Arc::new(AnalysisSlice::new(analysis.clone(), key)),
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
        region: configuration.site.region,
        cases,
        access,
        catalogue,
        bundles,
        delegations,
        oversight,
        analysis,
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

    /// What was delegated to whom, and who is who.
    pub fn delegations(&self) -> (&Delegations, Directory) {
        (&self.delegations, self.access.directory())
    }

    /// Oversight over the house.
    pub const fn oversight(&self) -> &Oversight {
        &self.oversight
    }

    /// What people ask for.
    pub const fn analysis(&self) -> &Analysis {
        &self.analysis
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
        if let Err(error) = self.oversight.plan().await {
            tracing::warn!(%error, "the round of oversight could not be planned");
        }
        if let Err(error) = self.analysis.plan().await {
            tracing::warn!(%error, "the count of what people ask for could not be planned");
        }
        self.demand.tend(&self.catalogue).await;
    }
}
