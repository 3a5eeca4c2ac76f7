//! A private PostgreSQL for tests: own folder, own free port, loopback only, thrown away at the end.
//!
//! PostgreSQL refuses to run as root, so root lends it the system's user `postgres`. A small shell process guards the
//! server: it holds a pipe to us and, when that closes for whatever reason (normal end, Ctrl-C, even SIGKILL), stops
//! the server by its own process id and removes the folder. So no server is ever left behind.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use crate::{debian, process, progress};

const USER: &str = "wuchuang";
const START_LIMIT: Duration = Duration::from_mins(1);

/// What a test cluster does without, because it never outlives its tests.
const CARELESS: [&str; 3] = [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
];
/// These bound what a leaking test can take.
const SETTINGS: [&str; 4] = [
    "max_connections=300",
    "listen_addresses=127.0.0.1",
    "log_min_messages=warning",
    "timezone=UTC",
];

/// `$1` programs, `$2` folder, the rest are the server's arguments. The server runs in the background with its own
/// standard input; `read` returns when our end of the pipe closes.
const GUARD: &str = r#"
programs=$1 folder=$2; shift 2
"$programs/postgres" "$@" >"$folder/log" 2>&1 &
server=$!
read -r _
kill -INT "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
"#;

/// Whether what was committed must outlive a power cut.
#[derive(Debug, Clone)]
pub(crate) enum Durability {
    /// No: for tests.
    Careless,
    /// Yes, as in a centre: for measuring. With what the server gets in its environment.
    Kept { environment: Vec<(String, String)> },
}

/// A running server; dropping it stops it.
pub(crate) struct Cluster {
    guard: Child,
    url: String,
}

/// Whom the server's programs run as, when not as ourselves.
#[derive(Clone, Copy)]
struct Account {
    user_id: u32,
    group_id: u32,
}

/// The command by itself: for a developer who runs tests by hand.
pub(crate) fn run(_workspace: &Workspace) -> Result<()> {
    println!("starting a private PostgreSQL …");
    let cluster = Cluster::start()?;
    println!("WUCHUANG_TEST_POSTGRES={}", cluster.url());
    println!("it is thrown away when this command ends; stop it with Ctrl-C");
    loop {
        std::thread::park();
    }
}

/// The URL the tests shall use, and the cluster to keep alive meanwhile when it is our own.
pub(crate) fn for_tests() -> Result<(String, Option<Cluster>)> {
    if let Ok(url) = std::env::var("DATABASE_URL")
        && !url.is_empty()
    {
        return Ok((url, None));
    }
    let cluster = Cluster::start()?;
    Ok((cluster.url().to_owned(), Some(cluster)))
}

impl Cluster {
    /// A cluster for tests.
    pub(crate) fn start() -> Result<Self> {
        Self::start_with(&Durability::Careless)
    }

    /// Makes the folder, initialises it, starts the server and waits until it answers.
    pub(crate) fn start_with(durability: &Durability) -> Result<Self> {
        let programs = debian::postgres_programs()
            .context("PostgreSQL is missing; install it with: apt-get install -y postgresql")?;
        let account = Account::needed()?;
        // Another program may take the free port between our look and the server's start; then we look again.
        for _ in 0..3 {
            if let Some(cluster) = Self::start_once(&programs, account, durability)? {
                return Ok(cluster);
            }
        }
        bail!("PostgreSQL found its port taken three times in a row; try again")
    }

    /// `None` when the port was taken meanwhile.
    fn start_once(
        programs: &Path,
        account: Option<Account>,
        durability: &Durability,
    ) -> Result<Option<Self>> {
        let folder = folder_make(account)?;
        let initialised = process::run_quietly(
            as_account(&programs.join("initdb"), account, &folder)
                .args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"])
                .args(["--username", USER, "--pgdata"])
                .arg(folder.join("data")),
        );
        if let Err(error) = initialised {
            // The first error is what the person must see.
            let _ = fs::remove_dir_all(&folder);
            return Err(error);
        }
        let port = port_free()?;
        let cluster = Self {
            guard: guard_start(programs, &folder, account, port, durability)?,
            url: format!("postgres://{USER}@127.0.0.1:{port}/postgres"),
        };
        let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
        let mut answers = false;
        progress::wait_until(START_LIMIT, || {
            answers = ready(programs, port);
            answers || says_ended(&log())
        });
        // A server of somebody else may answer on the port that ours could not get.
        let log = log();
        if answers && !says_ended(&log) {
            Ok(Some(cluster))
        } else if log.contains("could not bind") {
            Ok(None)
        } else {
            bail!("PostgreSQL did not start; its log says:\n{log}")
        }
    }

    /// A superuser of the cluster, so that each test can make its own database.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        // Nothing is lost if the guard was already gone: then it has done its work.
        let _ = self.guard.wait();
    }
}

impl Account {
    /// `None` when we are not root and the server can run as ourselves.
    fn needed() -> Result<Option<Self>> {
        if !process::is_root() {
            return Ok(None);
        }
        let id = |option: &str| -> Result<u32> {
            process::output(Command::new("id").args([option, "postgres"]))
                .context("PostgreSQL does not run as root, and there is no user `postgres`; make one with: adduser --system --group postgres")?
                .trim()
                .parse()
                .context("reading the numeric id of the user `postgres`")
        };
        Ok(Some(Self {
            user_id: id("-u")?,
            group_id: id("-g")?,
        }))
    }
}

fn folder_make(account: Option<Account>) -> Result<PathBuf> {
    let base = std::env::temp_dir();
    for number in 0..1000 {
        let folder = base.join(format!("wuchuang-postgres-{}-{number}", std::process::id()));
        match fs::DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => {
                if let Some(Account { user_id, group_id }) = account {
                    chown(&folder, Some(user_id), Some(group_id))
                        .with_context(|| format!("giving {} to postgres", folder.display()))?;
                }
                return Ok(folder);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error).with_context(|| format!("making {}", folder.display()));
            }
        }
    }
    bail!(
        "{} is full of old wuchuang-postgres folders; remove them",
        base.display()
    )
}

fn as_account(program: &Path, account: Option<Account>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    // The postgres user may not be allowed to read the folder we stand in.
    command.current_dir(folder);
    if let Some(Account { user_id, group_id }) = account {
        command.uid(user_id).gid(group_id);
    }
    command
}

fn guard_start(
    programs: &Path,
    folder: &Path,
    account: Option<Account>,
    port: u16,
    durability: &Durability,
) -> Result<Child> {
    let mut command = as_account(Path::new("/bin/sh"), account, folder);
    command
        .args(["-c", GUARD, "postgres-guard"])
        .arg(programs)
        .arg(folder);
    command.arg("-D").arg(folder.join("data"));
    command
        .arg("-k")
        .arg(folder)
        .arg("-p")
        .arg(port.to_string());
    let careless: &[&str] = match durability {
        Durability::Careless => &CARELESS,
        Durability::Kept { environment } => {
            command.envs(environment.iter().cloned());
            &[]
        }
    };
    for setting in SETTINGS.iter().chain(careless) {
        command.args(["-c", setting]);
    }
    // Its own process group: Ctrl-C in the terminal must end us, not the guard, which then still does its work.
    command
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("starting the guard of PostgreSQL")
}

fn port_free() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("looking for a free port")?;
    Ok(listener
        .local_addr()
        .context("reading the free port")?
        .port())
}

/// While the server starts it refuses our question with a `FATAL` line of its own; any other one ends it.
fn says_ended(log: &str) -> bool {
    log.lines()
        .any(|line| line.contains("FATAL") && !line.contains("starting up"))
}

fn ready(programs: &Path, port: u16) -> bool {
    process::run_quietly(
        Command::new(programs.join("pg_isready"))
            .args(["-q", "-h", "127.0.0.1", "-d", "postgres", "-U", USER, "-p"])
            .arg(port.to_string()),
    )
    .is_ok()
}

#[cfg(test)]
mod tests {
    use super::says_ended;

    #[test]
    fn a_server_that_is_starting_has_not_ended() {
        assert!(!says_ended(
            "LOG: x\nFATAL:  the database system is starting up\n"
        ));
        assert!(says_ended(
            "LOG: x\nFATAL:  could not create any TCP/IP sockets\n"
        ));
    }
}
