//! The organisations and people of the demonstration county: its real divisions, the departments
//! of the catalogue, and staff who do not exist. Run twice it changes nothing the second time.

mod levels;
mod names;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use wuchuang_codes::{CreditCode, OrganisationCode};
use wuchuang_kernel::{Actor, Channel, CommandId, OrganisationId, PostId, Region, Role};
use wuchuang_ledger::{ExecuteError, Expected, Order, StorageError};

use crate::{
    AccessSlice, Division,
    model::{
        organisation::{
            OrganisationCommand, OrganisationDetails, OrganisationKind, OrganisationStream,
        },
        staff::{PostDetails, StaffCommand, StaffStream},
    },
    password::PasswordError,
    rooms::Rooms,
};
use names::Names;

/// The password of every account of the demonstration. It is printed and documented: a house with
/// real people is made by `init`, which makes no such accounts.
pub const PASSWORD: &str = "Ziyang-2026";
/// The name of the county's centre.
pub const CENTRE: &str = "紫阳县政务服务中心";
/// The department that the accounts `reviewer` and `approver` belong to: it has the most items.
pub const DEPARTMENT: &str = "人力资源和社会保障局";

/// The letters that stand for the catalogue's departments in case numbers.
const SHORT_CODES: [(&str, &str); 26] = [
    ("市场监督管理局", "SCJG"),
    ("交通运输局", "JTYS"),
    ("人力资源和社会保障局", "RSJU"),
    ("人民武装部", "RWBU"),
    ("住房公积金管理部", "GJJB"),
    ("住房和城乡建设局", "ZJJU"),
    ("公安局", "GAJU"),
    ("公安局出入境管理大队", "CRJD"),
    ("公用企业窗口", "GYQY"),
    ("农业农村局", "NYNC"),
    ("医疗保障局", "YBJU"),
    ("卫生健康局", "WJJU"),
    ("发展和改革局", "FGJU"),
    ("城市管理局", "CGJU"),
    ("教育局", "JYJU"),
    ("林业局", "LYJU"),
    ("残疾人联合会", "CLHU"),
    ("民政局", "MZJU"),
    ("水利局", "SLJU"),
    ("消防救援大队", "XFDD"),
    ("烟草专卖局", "YCZM"),
    ("税务局", "SWJU"),
    ("自然资源局", "ZRZY"),
    ("自然资源局（不动产登记中心）", "BDCZ"),
    ("退役军人事务局", "TYJR"),
    ("银行窗口", "YHCK"),
];

/// An account of the demonstration, to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// What it may do, in words.
    pub role: String,
    /// The account name.
    pub account: String,
    /// The organisation of its post.
    pub organisation: String,
}

/// Why the demonstration could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A line of the divisions' file does not read.
    #[error("line {0} of the divisions' file is not code,name")]
    Divisions(usize),
    /// The ledger refused.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The password could not be computed.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

/// The identifier of an organisation of a demonstration, from its name: the catalogue's items name
/// their department.
pub fn organisation_id(region: Region, name: &str) -> OrganisationId {
    OrganisationId::from_u128(number("organisation", region, name))
}

fn number(purpose: &str, region: Region, text: &str) -> u128 {
    let digest = Sha256::digest(format!("wuchuang-demo/{purpose}/{region}/{text}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(bytes)
}

/// Writes divisions (a CSV file `code,name`), the centre, the departments, the towns' centres and
/// their staff, and gives one account per role to print.
///
/// # Errors
/// When the file does not read or something cannot be written.
pub async fn seed(
    access: &AccessSlice,
    divisions: &str,
    departments: &[String],
) -> Result<Vec<DemoAccount>, DemoError> {
    let divisions = read_divisions(divisions)?;
    let mut seeder = Seeder {
        rooms: &access.rooms,
        region: access.region,
        names: Names::new(610_924),
        password_hash: access.rooms.secrets.passwords.hash(PASSWORD).await?,
    };
    let directory = &access.rooms.directory;
    directory.write_divisions(access.region, &divisions).await?;
    let centre = seeder.centre().await?;
    for (place, department) in departments.iter().enumerate() {
        seeder.department(place, department, centre).await?;
    }
    let towns = divisions.iter().filter(|division| division.code.len() == 9);
    for (place, town) in towns.enumerate() {
        seeder.town(place + 1, town, centre).await?;
    }
    let accounts = seeder.one_account_per_role(centre).await?;
    seeder.first_and_second_level(&divisions).await?;
    Ok(accounts)
}

fn read_divisions(text: &str) -> Result<Vec<Division>, DemoError> {
    let lines = text.lines().enumerate().skip(1);
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(place, line)| {
            let wrong = DemoError::Divisions(place + 1);
            let (code, name) = line.split_once(',').ok_or(wrong)?;
            if code.parse::<Region>().is_err() || name.trim().is_empty() {
                return Err(DemoError::Divisions(place + 1));
            }
            Ok(Division {
                code: code.to_owned(),
                name: name.trim().to_owned(),
            })
        })
        .collect()
}

fn place_of(number: usize, division: &Division) -> Result<Region, DemoError> {
    let code = division.code.parse();
    code.map_err(|_| DemoError::Divisions(number))
}

/// What the centre of a town is called.
fn centre_name(town: &Division) -> String {
    format!("{}便民服务中心", town.name)
}

struct Seeder<'a> {
    rooms: &'a Rooms,
    region: Region,
    names: Names,
    password_hash: String,
}

/// A post to be filled.
struct Vacancy<'a> {
    account: &'a str,
    organisation: OrganisationId,
    title: &'a str,
    roles: &'a [Role],
    reach: Region,
}

impl Seeder<'_> {
    fn order(&self, purpose: &str, text: &str, version: i64) -> Order {
        Order {
            region: self.region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: CommandId::from_u128(number(purpose, self.region, text)),
            expected: Expected::Version(version),
        }
    }

    async fn organisation(
        &self,
        name: &str,
        short_code: &str,
        kind: OrganisationKind,
        place: Region,
        parent: Option<OrganisationId>,
    ) -> Result<OrganisationId, DemoError> {
        let id = organisation_id(self.region, name);
        let details = OrganisationDetails {
            name: name.to_owned(),
            short_code: short_code.to_owned(),
            kind,
            credit_code: credit_code(self.region, name),
            place,
            parent,
            phone: String::new(),
            address: String::new(),
        };
        let done = self
            .rooms
            .directory
            .ledger()
            .execute::<OrganisationStream>(
                id.into(),
                OrganisationCommand::Found(details),
                self.order("found", name, 0),
            )
            .await;
        unless_there(done)?;
        Ok(id)
    }

    async fn centre(&mut self) -> Result<OrganisationId, DemoError> {
        self.organisation(CENTRE, "ZWZX", OrganisationKind::Centre, self.region, None)
            .await
    }

    async fn department(
        &mut self,
        place: usize,
        name: &str,
        centre: OrganisationId,
    ) -> Result<(), DemoError> {
        let short_code = SHORT_CODES
            .iter()
            .find(|(department, _)| *department == name)
            .map_or_else(
                || format!("D{:03}", place + 1),
                |(_, code)| (*code).to_owned(),
            );
        let kind = OrganisationKind::Department;
        let organisation = self
            .organisation(name, &short_code, kind, self.region, Some(centre))
            .await?;
        let prefix = short_code.to_lowercase();
        let vacancies: [(&str, &str, &[Role]); 4] = [
            ("clerk", "部门窗口", &[Role::CounterClerk]),
            ("clerk2", "部门窗口", &[Role::CounterClerk]),
            ("review", "审查岗", &[Role::Reviewer]),
            ("approve", "首席代表", &[Role::Approver, Role::Reviewer]),
        ];
        for (suffix, title, roles) in vacancies {
            let account = format!("{prefix}-{suffix}");
            self.staff(&Vacancy {
                account: &account,
                organisation,
                title,
                roles,
                reach: self.region,
            })
            .await?;
        }
        Ok(())
    }

    async fn town(
        &mut self,
        number: usize,
        town: &Division,
        centre: OrganisationId,
    ) -> Result<(), DemoError> {
        let place = place_of(number, town)?;
        let name = centre_name(town);
        let short_code = format!("Z{}", town.code.get(6..).unwrap_or("000"));
        let organisation = self
            .organisation(
                &name,
                &short_code,
                OrganisationKind::Town,
                place,
                Some(centre),
            )
            .await?;
        let account = format!("town{number:02}");
        self.staff(&Vacancy {
            account: &account,
            organisation,
            title: "综合窗口",
            roles: &[Role::CounterClerk],
            reach: place,
        })
        .await
    }

    async fn staff(&mut self, vacancy: &Vacancy<'_>) -> Result<(), DemoError> {
        let name = self.names.next();
        let directory = &self.rooms.directory;
        let person = directory.staff_id(self.region, vacancy.account);
        let register = StaffCommand::Register {
            account: vacancy.account.to_owned(),
            name,
            phone: String::new(),
        };
        let order = self.order("register", vacancy.account, 0);
        let done = directory
            .ledger()
            .execute::<StaffStream>(person.into(), register, order)
            .await;
        unless_there(done)?;
        let give = StaffCommand::GivePost {
            post: PostId::from_u128(number("post", self.region, vacancy.account)),
            details: PostDetails {
                organisation: vacancy.organisation,
                title: vacancy.title.to_owned(),
                roles: vacancy.roles.iter().copied().collect::<BTreeSet<_>>(),
                reach: vacancy.reach,
            },
        };
        let order = self.order("give-post", vacancy.account, 1);
        let done = directory
            .ledger()
            .execute::<StaffStream>(person.into(), give, order)
            .await;
        unless_there(done)?;
        // A visitor of the demonstration who changed the password keeps their own.
        if !self.rooms.secrets.is_set(self.region, person).await? {
            self.rooms
                .secrets
                .set_hash(self.region, person, &self.password_hash, false)
                .await?;
        }
        Ok(())
    }

    async fn one_account_per_role(
        &mut self,
        centre: OrganisationId,
    ) -> Result<Vec<DemoAccount>, DemoError> {
        let department = organisation_id(self.region, DEPARTMENT);
        let has_department = self
            .rooms
            .directory
            .organisation(self.region, department)
            .await?
            .is_some();
        let department = if has_department { department } else { centre };
        let vacancies = [
            ("clerk", centre, "综合窗口", Role::CounterClerk),
            ("clerk2", centre, "综合窗口", Role::CounterClerk),
            ("reviewer", department, "审查岗", Role::Reviewer),
            ("approver", department, "首席代表", Role::Approver),
            ("supervisor", centre, "督查岗", Role::Supervisor),
            ("catalogue", centre, "事项管理岗", Role::CatalogueManager),
            ("system", centre, "系统管理员", Role::SystemAdministrator),
            (
                "security",
                centre,
                "安全管理员",
                Role::SecurityAdministrator,
            ),
            ("audit", centre, "审计管理员", Role::AuditAdministrator),
        ];
        let mut accounts = Vec::new();
        for (account, organisation, title, role) in vacancies {
            self.staff(&Vacancy {
                account,
                organisation,
                title,
                roles: &[role],
                reach: self.region,
            })
            .await?;
            let name = self
                .rooms
                .directory
                .organisation_name(self.region, organisation)
                .await?;
            if account != "clerk2" {
                accounts.push(DemoAccount {
                    role: role.name().to_owned(),
                    account: account.to_owned(),
                    organisation: name.to_string(),
                });
            }
        }
        Ok(accounts)
    }
}

/// What is there already stays as it is.
fn unless_there<T>(done: Result<T, ExecuteError>) -> Result<(), ExecuteError> {
    match done {
        Ok(_) | Err(ExecuteError::StaleVersion { .. } | ExecuteError::KeyReused) => Ok(()),
        Err(error) => Err(error),
    }
}

/// A credit code for an organisation of the demonstration: well-formed (GB 32100), of the kind that
/// government organs have, and registered to nobody.
fn credit_code(region: Region, name: &str) -> String {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let serial = number("credit-code", region, name) % 100_000_000;
    let body = format!("{serial:08}");
    let organisation = ALPHABET
        .chars()
        .map(|check| format!("{body}{check}"))
        .find(|code| OrganisationCode::parse(code).is_ok())
        .unwrap_or_default();
    ALPHABET
        .chars()
        .map(|check| format!("11{}{organisation}{check}", region.county()))
        .find(|code| CreditCode::parse(code).is_ok())
        .unwrap_or_default()
}
