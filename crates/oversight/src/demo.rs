//! What the demonstration county has in its hall: the items of its departments entered, one exempted, one missing, chief
//! representatives authorised everywhere but in one department, the facts of 三集中. Run twice it changes nothing the second
//! time.

use sha2::{Digest, Sha256};
use wuchuang_access::model::organisation::OrganisationKind;
use wuchuang_catalogue::identity::item_of_key;
use wuchuang_kernel::{Actor, Channel, CommandId, OrganisationId, china_date};
use wuchuang_ledger::{ExecuteError, Expected, LoadError, Order, StorageError, Stream};

use crate::{
    model::{
        entry::{Entered, EntryCommand, EntryStream, Exempted, ExemptionGround},
        hall::{
            Authorisation, AuthorityScope, Concentration, ConcentrationFact, HallCommand,
            HallStream,
        },
    },
    service::Oversight,
};

/// The item that is exempted, by its key in the county's file, and the one that nobody decided about.
const EXEMPTED: &str = "I25";
const MISSING: &str = "I20";
/// The department without an authorised chief representative, and without the facts of 三集中.
const WITHOUT: &str = "林业局";
/// The documents, which say that they are made up.
const ENTERED_BY: &str = "演示：关于公布进驻政务服务大厅事项目录的通知";
const EXEMPTED_BY: &str = "演示：关于部分事项暂不进驻政务服务大厅的批复";
const AUTHORISED_BY: &str = "演示：首席代表授权书";
const CONCENTRATED_BY: &str = "演示：关于部门审批职能归并和股室进驻的批复";

/// Why it could not be recorded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The ledger refused.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// A stream could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Records what is not recorded yet, and tells how many items entered.
///
/// # Errors
/// When the ledger refuses or storage fails.
pub async fn seed(oversight: &Oversight) -> Result<usize, DemoError> {
    let region = oversight.catalogue.region();
    let today = china_date(oversight.ledger().now());
    let organisations = oversight.directory.organisations(region).await?;
    let mut centres = organisations.iter();
    let Some(centre) = centres.find(|one| one.kind == OrganisationKind::Centre) else {
        return Ok(0);
    };
    let mut count = 0;
    for (department, items) in oversight.items(today) {
        for item in &items {
            let command = if item.id == item_of_key(MISSING) {
                continue;
            } else if item.id == item_of_key(EXEMPTED) {
                EntryCommand::Exempt(Exempted {
                    ground: ExemptionGround::OnSite,
                    document: EXEMPTED_BY.to_owned(),
                    until: today.saturating_add(jiff::Span::new().days(180)),
                })
            } else {
                count += 1;
                EntryCommand::Enter(Entered {
                    place: centre.id,
                    place_name: centre.name.clone(),
                    from: today,
                    document: ENTERED_BY.to_owned(),
                })
            };
            first::<EntryStream>(oversight, (item.id.into(), "entry"), vec![command]).await?;
        }
        let name = items
            .first()
            .map_or("", |item| item.content.department.name.as_str());
        if name != WITHOUT {
            let commands = hall(oversight, department).await?;
            first::<HallStream>(oversight, (department.into(), "hall"), commands).await?;
        }
    }
    Ok(count)
}

/// A department that has everything: who decides there is authorised for all three.
async fn hall(
    oversight: &Oversight,
    department: OrganisationId,
) -> Result<Vec<HallCommand>, StorageError> {
    let region = oversight.catalogue.region();
    let today = china_date(oversight.ledger().now());
    let approvers = oversight.approvers(region, department).await?;
    let mut commands: Vec<HallCommand> = approvers
        .into_iter()
        .take(1)
        .map(|(person, _)| {
            HallCommand::Authorise(Authorisation {
                person,
                scope: AuthorityScope::ALL.into_iter().collect(),
                from: today,
                until: None,
                document: AUTHORISED_BY.to_owned(),
            })
        })
        .collect();
    commands.extend(Concentration::ALL.iter().map(|what| {
        HallCommand::Record(ConcentrationFact {
            what: *what,
            document: CONCENTRATED_BY.to_owned(),
            from: today,
        })
    }));
    Ok(commands)
}

/// Sends commands to a stream that has no event yet.
async fn first<S: Stream>(
    oversight: &Oversight,
    (stream, purpose): (wuchuang_kernel::StreamId, &str),
    commands: Vec<S::Command>,
) -> Result<(), DemoError> {
    let region = oversight.catalogue.region();
    let ledger = oversight.ledger();
    if ledger.load::<S>(region, stream).await?.is_some() {
        return Ok(());
    }
    for (place, command) in commands.into_iter().enumerate() {
        let digest = Sha256::digest(format!("oversight-demo/{purpose}/{place}/{stream}"));
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        let order = Order {
            region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: CommandId::from_u128(u128::from_be_bytes(bytes)),
            expected: Expected::Any,
        };
        ledger.execute::<S>(stream, command, order).await?;
    }
    Ok(())
}
