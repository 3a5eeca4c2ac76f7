//! The wiring: one database, one ledger, all slices, one router.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context, Result, bail};
use axum::{Router, extract::State, http::Method, response::Redirect};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use wuchuang_access::CedarGate;
use wuchuang_administration::Seal;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{Clock, Randomness};
use wuchuang_ledger::{Database, Job, JobRunner, Keyring, Ledger, LedgerBuilder, migrate};
use wuchuang_webkit::{
    Caller, NavigationItem, Resource, RouteSpec, Routes, Rule, SharedGate, Surroundings, Visitor,
    assets, display, language::Texts, page::Site,
};

use crate::{
    configuration::Configuration,
    data_folder::{DataFolder, Keys},
    navigation::navigation_of,
    server, slices,
    web::{
        self, Around, Identity,
        api_document::{self, Document},
        watch::{self, Checks, Watch},
    },
};

/// What a house is opened from.
pub struct Parts {
    /// What the installation sets.
    pub configuration: Configuration,
    /// Its keys.
    pub keys: Keys,
    /// Its database, open.
    pub database: Database,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The randomness.
    pub randomness: Arc<dyn Randomness>,
    /// Whether the house serves. One that only keeps the ledger (verify, export …) may stand beside
    /// a serving one, which alone holds the search index.
    pub serves: bool,
}

/// An open house. Cloning shares it.
#[derive(Clone)]
pub struct House {
    inner: Arc<Inner>,
}

struct Inner {
    configuration: Configuration,
    ledger: Ledger,
    slices: slices::Opened,
    watch: Watch,
    surroundings: Surroundings,
    joined: Joined,
}

impl House {
    /// Brings the schema up to date and opens the house.
    ///
    /// # Errors
    /// When the schema cannot be brought up to date, a slice's policies or texts do not read, or two
    /// slices claim one address.
    pub async fn open(parts: Parts) -> Result<Self> {
        let Parts {
            configuration,
            keys,
            database,
            clock,
            randomness,
            serves,
        } = parts;
        migrate(&database, &slices::migrations()).await.context(
            "数据库结构没有更新成功，什么也没有启动。请检查磁盘空间和数据库账号的权限。",
        )?;
        let folder = DataFolder::at(&configuration.data);
        let ledger = slices::register(LedgerBuilder::new(), &keys).open(
            database,
            Keyring::new(keys.master, Arc::clone(&randomness)),
            keys.ledger.clone(),
            Arc::clone(&clock),
            Arc::clone(&randomness),
            Calendar::embedded(),
        );
        server::calendar_refresh(&ledger)
            .await
            .context("读不出已导入的工作日历")?;
        let site = Arc::new(site_of(&configuration));
        let slices = slices::open(slices::Needs {
            ledger: &ledger,
            configuration: &configuration,
            folder: &folder,
            keys: &keys,
            site: &site,
            serves,
        })
        .await?;
        let gate = Arc::clone(&slices.gate);
        let surroundings = Surroundings {
            region: configuration.site.region,
            site,
            texts: Arc::new(texts_of(&slices)?),
            gate: SharedGate(gate),
            clock: Arc::clone(&clock),
            randomness: Arc::clone(&randomness),
            navigation: navigation_of(navigation_items(&slices)),
        };
        let checks = Checks::new(
            ledger.clone(),
            folder,
            configuration.metrics_token.clone(),
            slices.seal,
        );
        let joined = Joined::of(&slices, checks, &configuration.public_url)?;
        Ok(Self {
            inner: Arc::new(Inner {
                configuration,
                ledger,
                slices,
                watch: Watch { clock, randomness },
                surroundings,
                joined,
            }),
        })
    }

    /// What the installation sets.
    pub fn configuration(&self) -> &Configuration {
        &self.inner.configuration
    }

    /// The ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.inner.ledger
    }

    /// The slices.
    pub fn slices(&self) -> &slices::Opened {
        &self.inner.slices
    }

    /// The gate, for the authorisation test.
    pub fn gate(&self) -> &CedarGate {
        &self.inner.slices.gate
    }

    /// The whole router with its layers.
    pub fn router(&self) -> Router {
        self.router_with(Identity::Found(Box::new(
            self.inner.slices.identifier.clone(),
        )))
    }

    /// The same router as one visitor sees it who is known without signing in: for callers inside of
    /// this process, such as the authorisation test. It is never served.
    pub fn router_as(&self, visitor: Visitor) -> Router {
        self.router_with(Identity::Fixed(Box::new(visitor)))
    }

    fn router_with(&self, identity: Identity) -> Router {
        let around = Around {
            watch: self.inner.watch.clone(),
            identity,
            surroundings: self.inner.surroundings.clone(),
        };
        web::wrap(self.inner.joined.router.clone(), around)
    }

    /// Every route with its rule.
    pub fn routes(&self) -> &[RouteSpec] {
        &self.inner.joined.specs
    }

    /// The document of the JSON API.
    pub fn api(&self) -> &OpenApi {
        &self.inner.joined.api
    }

    /// The handlers of all jobs.
    pub fn jobs(&self) -> Vec<Arc<dyn Job>> {
        self.inner
            .slices
            .all
            .iter()
            .flat_map(|slice| slice.jobs())
            .collect()
    }

    /// A runner of the house's jobs.
    pub fn job_runner(&self) -> JobRunner {
        JobRunner::new(self.inner.ledger.clone(), self.jobs())
    }

    /// What is done every minute besides checkpoints. Failures are logged; the next turn tries again.
    pub(crate) async fn tend(&self) {
        if let Err(error) = server::calendar_refresh(&self.inner.ledger).await {
            tracing::warn!(%error, "the calendar could not be read again");
        }
        self.inner.slices.tend().await;
    }
}

fn site_of(configuration: &Configuration) -> Site {
    let site = &configuration.site;
    Site {
        county_name: site.county_name.clone(),
        origin: configuration.public_url.clone(),
        telephone: site.telephone.clone(),
        operator: site.operator.clone(),
        records: site.records.clone(),
    }
}

/// webkit's texts, the roof's, and every slice's.
fn texts_of(opened: &slices::Opened) -> Result<Texts> {
    let texts = Texts::new()?.with_english("app", include_str!("../locales/en.po"))?;
    opened
        .all
        .iter()
        .filter(|slice| !slice.english().is_empty())
        .try_fold(texts, |texts, slice| {
            texts.with_english(slice.name(), slice.english())
        })
        .context("界面译文有误")
}

fn navigation_items(opened: &slices::Opened) -> Vec<NavigationItem> {
    opened
        .all
        .iter()
        .flat_map(|slice| slice.navigation().iter().copied())
        .collect()
}

/// All routes in one router, with the list of them and the API's document.
struct Joined {
    router: Router,
    specs: Vec<RouteSpec>,
    api: OpenApi,
}

impl Joined {
    fn of(opened: &slices::Opened, checks: Checks, origin: &str) -> Result<Self> {
        let mut claimed = BTreeMap::new();
        let mut specs = Vec::new();
        let mut router = Router::new();
        let mut api = OpenApiRouter::with_openapi(api_document::frame());
        let mut take = |owner: &'static str, found: &[RouteSpec]| -> Result<()> {
            for spec in found {
                let address = (spec.path.clone(), spec.method.to_string());
                if let Some(first) = claimed.insert(address, owner) {
                    bail!(
                        "{} {} 被 {first} 和 {owner} 同时占用",
                        spec.method,
                        spec.path
                    );
                }
            }
            Ok(())
        };
        for slice in &opened.all {
            let (pages, slice_api, found) = slice.routes().into_parts();
            take(slice.name(), &found)?;
            router = router.merge(pages);
            api = api.merge(slice_api);
            specs.extend(found);
        }
        let (api_router, mut api) = api.split_for_parts();
        api_document::complete(&mut api);
        let (own, _, found) = own_routes(&api, checks, opened.seal)?.into_parts();
        take("app", &found)?;
        take("webkit", &asset_specs())?;
        specs.extend(found);
        specs.extend(asset_specs());
        Ok(Self {
            router: router
                .merge(api_router)
                .merge(own)
                .merge(assets::routes(origin)),
            specs,
            api,
        })
    }
}

/// The roof's own addresses. Metrics look themselves at who asks.
fn own_routes(api: &OpenApi, checks: Checks, seal: Seal) -> Result<Routes> {
    let document = Document::of(api).context("接口说明写不出来")?;
    let health = Routes::new()
        .get("/health/live", Rule::Public, watch::live)
        .get("/health/ready", Rule::Public, watch::ready)
        .get("/metrics", Rule::Public, watch::metrics_page)
        .with_state(checks);
    let documents = Routes::new()
        .get("/api/v1/openapi.json", Rule::Public, api_document::document)
        .get("/api/docs", Rule::Public, api_document::list_page)
        .with_state(document);
    let desk = Routes::new()
        .get("/staff", Rule::Act("staff_home"), desk)
        .with_state(seal);
    Ok(health.and(documents).and(desk))
}

/// Staff who come to work are led to the first page of their navigation; whoever runs the house, to its state while the
/// signing certificate wants to be changed.
async fn desk(State(seal): State<Seal>, caller: Caller) -> Redirect {
    if seal.is_urgent(caller.now) && caller.may("system_read", &Resource::default()) {
        return Redirect::to("/staff/admin/system");
    }
    let entries = caller
        .page
        .navigation
        .iter()
        .flat_map(|group| &group.entries);
    let first = entries.map(|entry| entry.path.as_str()).next();
    Redirect::to(first.unwrap_or("/staff/password"))
}

/// The addresses of webkit, which are plain routes because everyone may use them.
fn asset_specs() -> Vec<RouteSpec> {
    [
        "/assets/{*path}",
        "/favicon.ico",
        display::DISPLAY_PATH,
        assets::QR_PATH,
    ]
    .into_iter()
    .map(|path| RouteSpec {
        method: Method::GET,
        path: path.to_owned(),
        rule: Rule::Public,
    })
    .collect()
}
