//! The command line. Every answer is a Chinese sentence that says what was done, or what to do.

mod checking;
mod decision;
mod demo;
mod form;
mod keep;
mod key;
mod privacy;
mod process;
mod proof;
mod set_up;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use wuchuang_access::model::privacy::PrivacyAct;
use wuchuang_kernel::{Clock, Randomness, SystemClock, SystemRandomness};
use wuchuang_ledger::Database;

use crate::{
    configuration::{Configuration, Secret},
    data_folder::DataFolder,
    house::{House, Parts},
    log,
};

/// Where the demonstration listens unless it is told otherwise.
const DEMONSTRATION_ADDRESS: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

/// 五窗政务服务系统。
#[derive(Debug, Parser)]
#[command(
    name = "wuchuang",
    version,
    about = "五窗政务服务系统",
    disable_help_subcommand = true
)]
struct Arguments {
    /// 配置文件
    #[arg(long, global = true, default_value = "/etc/wuchuang/wuchuang.toml")]
    config: PathBuf,
    /// 演示县的数据目录；写了它就不读配置文件
    #[arg(long, global = true, value_name = "DATA")]
    demo: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 新装：建立数据目录和密钥、数据库、本县的根机构和三个管理员账号；已有的不覆盖
    Init,
    /// 启动服务
    Serve,
    /// 演示：在一个目录里建立演示县并启动，不需要配置文件
    Demo {
        /// 数据目录
        #[arg(long, default_value = "./data")]
        data: PathBuf,
        /// 监听地址
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// 数据库地址（postgres://…）；不写则用数据目录里的 SQLite
        #[arg(long)]
        database: Option<String>,
    },
    /// 检查配置文件，一次列出所有问题
    CheckConfig,
    /// 核对账本：记录有没有被改动、缺失、插入或调换；或者只核对一份回执的证明
    Verify {
        /// 只核对这个区划（6 位代码）；不写则全部核对
        #[arg(long)]
        region: Option<String>,
        /// 只核对这份证明（回执页下载的或接口给出的 JSON），不需要数据库
        #[arg(long, value_name = "FILE", conflicts_with = "region")]
        proof: Option<PathBuf>,
        /// 用这把账本公钥（PEM）核对证明；不写则用数据目录里的
        #[arg(long, value_name = "FILE", requires = "proof")]
        key: Option<PathBuf>,
    },
    /// 更换密钥和证书
    Key {
        #[command(subcommand)]
        command: key::KeyCommand,
    },
    /// 由账本重算全部数据表并与现有的比较
    Replay {
        /// 用重算的结果替换现有的表
        #[arg(long)]
        keep: bool,
    },
    /// 导出账本（每行一条 JSON，个人信息仍是密文）
    Export {
        /// 导出到这个文件，不覆盖已有文件
        #[arg(long)]
        out: PathBuf,
    },
    /// 按《个人信息保护法》第四十七条删除一个人的个人信息，不能恢复
    Forget {
        #[command(flatten)]
        whose: privacy::Whose,
        /// 删除的理由，例如：本人2026年11月20日书面申请；会长期保留，不写姓名和证件号码
        #[arg(long)]
        reason: String,
    },
    /// 因诉讼、归档等依法保留一个人的信息，保留期间不能删除
    Hold {
        #[command(flatten)]
        whose: privacy::Whose,
        /// 保留或解除保留的理由，例如：(2026)陕0924行初12号案件证据
        #[arg(long)]
        reason: String,
        /// 解除保留
        #[arg(long)]
        lift: bool,
    },
    /// 导入年度放假安排
    ImportCalendar {
        /// 安排所在的文件：每行一天、TOML 或通知正文
        file: PathBuf,
        /// 年份
        #[arg(long)]
        year: i16,
    },
    /// 导入本县的乡镇和村：每行“代码,名称”的 UTF-8 文件
    ImportRegions {
        /// 文件；样例见 /usr/share/doc/wuchuang/examples/regions-610924.csv
        file: PathBuf,
    },
    /// 管理员的密码丢了：给一个账号新的一次性密码，会记入账本
    ResetPassword {
        /// 账号名
        account: String,
    },
    /// 更新数据库结构
    Migrate,
    /// 流程文件（BPMN）：检查、试运行；不需要配置文件
    Process {
        #[command(subcommand)]
        command: process::ProcessCommand,
    },
    /// 决策文件（DMN）：检查、计算；不需要配置文件
    Decision {
        #[command(subcommand)]
        command: decision::DecisionCommand,
    },
    /// 表单定义（JSON Schema）：检查；不需要配置文件
    Form {
        #[command(subcommand)]
        command: form::FormCommand,
    },
}

/// How many threads answer. SQLite is read where a request is answered, so on a small machine two long lists must not
/// keep every thread.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4))
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(ended) = on_files(&arguments.command) {
        return ended.unwrap_or_else(|error| told(&error));
    }
    // Two TLS libraries are in the tree; without a choice the first connection would fail.
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        eprintln!("加密库已由别处选定，继续使用它。");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads())
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("启动不了运行环境：{error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(carry_out(arguments)) {
        Ok(code) => code,
        Err(error) => told(&error),
    }
}

/// Commands on files alone, which need neither a configuration nor anything that runs.
fn on_files(command: &Command) -> Option<Result<ExitCode>> {
    match command {
        Command::Process { command } => Some(process::run(command)),
        Command::Decision { command } => Some(decision::run(command)),
        Command::Form { command } => Some(form::run(command)),
        _ => None,
    }
}

/// One line for each cause, outermost first.
fn told(error: &anyhow::Error) -> ExitCode {
    for (depth, cause) in error.chain().enumerate() {
        eprintln!("{}{cause}", "  ".repeat(depth));
    }
    ExitCode::FAILURE
}

async fn carry_out(arguments: Arguments) -> Result<ExitCode> {
    if let Command::Demo {
        data,
        listen,
        database,
    } = arguments.command
    {
        let database = database.map(Secret::new);
        return demo::run(data, listen, database)
            .await
            .map(|()| ExitCode::SUCCESS);
    }
    if let Command::Verify {
        proof: Some(proof),
        key,
        ..
    } = &arguments.command
    {
        let from = match (key, &arguments.demo) {
            (Some(key), _) => proof::KeyFrom::File(key),
            (None, Some(data)) => proof::KeyFrom::Demonstration(data),
            (None, None) => proof::KeyFrom::Configuration(&arguments.config),
        };
        return proof::verify(proof, &from);
    }
    let configuration = match arguments.demo {
        Some(data) => Configuration::demonstration(data, DEMONSTRATION_ADDRESS),
        None => read(&arguments.config)?,
    };
    let done = |()| ExitCode::SUCCESS;
    match arguments.command {
        Command::Demo { .. } => Ok(ExitCode::SUCCESS),
        Command::CheckConfig => {
            println!("配置没有问题：{}", arguments.config.display());
            Ok(ExitCode::SUCCESS)
        }
        Command::Init => set_up::init(configuration).await.map(done),
        Command::Migrate => set_up::migrate(&configuration).await.map(done),
        Command::ImportRegions { file } => {
            set_up::import_regions(configuration, &file).await.map(done)
        }
        Command::ResetPassword { account } => set_up::reset_password(configuration, &account)
            .await
            .map(done),
        Command::Serve => set_up::serve(configuration).await.map(done),
        Command::Key { command } => key::run(command, &configuration).map(done),
        command => beside(command, &open_beside(configuration).await?).await,
    }
}

/// What is done with a house that may stand beside a serving one.
async fn beside(command: Command, house: &House) -> Result<ExitCode> {
    let done = |()| ExitCode::SUCCESS;
    match command {
        Command::Verify { region, .. } => keep::verify(house, region.as_deref()).await,
        Command::Replay { keep } => keep::replay(house, keep).await,
        Command::Export { out } => keep::export(house, &out).await.map(done),
        Command::Forget { whose, reason } => {
            privacy::act(house, whose, PrivacyAct::Forget, &reason)
                .await
                .map(done)
        }
        Command::Hold {
            whose,
            reason,
            lift,
        } => {
            let act = if lift {
                PrivacyAct::Lift
            } else {
                PrivacyAct::Hold
            };
            privacy::act(house, whose, act, &reason).await.map(done)
        }
        Command::ImportCalendar { file, year } => {
            keep::import_calendar(house, &file, year).await.map(done)
        }
        // What needs no open house was done before.
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn read(path: &Path) -> Result<Configuration> {
    let text = std::fs::read_to_string(path).with_context(|| {
        format!(
            "读不了配置文件 {}。用 --config 指定它的位置；想先看看系统，请运行 wuchuang demo。",
            path.display()
        )
    })?;
    // Variables that are no Unicode cannot be ours.
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Ok(Configuration::read(&text, environment)?)
}

/// The clock and the randomness of this machine.
fn system() -> (Arc<dyn Clock>, Arc<dyn Randomness>) {
    (Arc::new(SystemClock), Arc::new(SystemRandomness))
}

async fn database(configuration: &Configuration) -> Result<Database> {
    Database::open(configuration.database_url.reveal()).await.context(
        "打不开数据库。请检查 database.url 里的地址、账号和口令，以及数据库是否已启动、目录是否有写权限。",
    )
}

/// A house that serves.
async fn open(configuration: Configuration) -> Result<House> {
    open_as(configuration, true).await
}

/// A house for the keepers of the ledger; it may stand beside a serving one.
async fn open_beside(configuration: Configuration) -> Result<House> {
    open_as(configuration, false).await
}

/// Opens the house on this machine, with its log.
async fn open_as(configuration: Configuration, serves: bool) -> Result<House> {
    log::start(configuration.log_format, &configuration.log_filter)?;
    let folder = DataFolder::at(&configuration.data);
    folder.refuse_foreign_user()?;
    let keys = folder.keys()?;
    let database = database(&configuration).await?;
    let (clock, randomness) = system();
    House::open(Parts {
        configuration,
        keys,
        database,
        clock,
        randomness,
        serves,
    })
    .await
}
