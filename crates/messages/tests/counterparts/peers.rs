//! Starting other people's programs and reading what they tell, one JSON line each.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    net::TcpStream,
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// How long a program may take to say something.
const PATIENCE: Duration = Duration::from_secs(30);

/// The folder with the foreign programs.
fn peers() -> PathBuf {
    std::env::var_os("WUCHUANG_PEERS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers"),
        PathBuf::from,
    )
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/peers")
        .join(name)
}

/// A running program; it is killed by its own number when it is dropped.
pub(crate) struct Peer {
    child: Child,
    lines: Option<Lines<BufReader<ChildStdout>>>,
}

impl Peer {
    /// Starts a program.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{command:?} does not start ({error}): run `cargo xtask peers`")
            });
        let lines = child
            .stdout
            .take()
            .map(|output| BufReader::new(output).lines());
        Self { child, lines }
    }

    /// The operator's side.
    pub(crate) fn operator() -> Self {
        Self::start(
            Command::new("node")
                .arg(script("smsc.mjs"))
                .arg(peers().join("node"))
                .stdout(Stdio::piped()),
        )
    }

    /// The mail server; with certificate and key it wants STARTTLS.
    pub(crate) fn mail_server(certificate: Option<(&Path, &Path)>) -> Self {
        let mut command = Command::new(peers().join("python/bin/python"));
        // It prints a trace for each handshake that a client breaks off, which one test does on purpose.
        command
            .arg(script("mail_server.py"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Some((certificate, key)) = certificate {
            command.arg(certificate).arg(key);
        }
        Self::start(&mut command)
    }

    /// The next thing that the program tells.
    pub(crate) async fn told(&mut self) -> Value {
        let lines = self.lines.as_mut().expect("this program tells nothing");
        let line = timeout(PATIENCE, lines.next_line())
            .await
            .expect("the program tells nothing in time")
            .unwrap()
            .expect("the program ended");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    /// The port that the program tells first.
    pub(crate) async fn port(&mut self) -> u16 {
        let told = self.told().await;
        u16::try_from(told["port"].as_u64().expect("a port")).unwrap()
    }

    /// Ends the program and waits until it is gone.
    pub(crate) async fn stop(mut self) {
        self.child.kill().await.unwrap();
    }
}

/// A port on the loopback address that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// Waits until somebody listens on a port.
pub(crate) async fn listening(port: u16) {
    let knock = async {
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .is_err()
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, knock)
        .await
        .unwrap_or_else(|_| panic!("nobody listens on port {port}"));
}

/// Kannel: its two programs with a configuration of their own.
pub(crate) struct Kannel {
    boxes: Vec<Peer>,
    _folder: tempfile::TempDir,
    /// The address of `sendsms`.
    pub(crate) url: String,
}

impl Kannel {
    /// Starts Kannel with an operator behind it.
    pub(crate) async fn start(operator_port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let [admin, boxes, sendsms] = [free_port(), free_port(), free_port()];
        let configuration = folder.path().join("kannel.conf");
        std::fs::write(
            &configuration,
            configured(operator_port, admin, boxes, sendsms),
        )
        .unwrap();
        let program = |name: &str| {
            Peer::start(
                Command::new(name)
                    .arg("-v")
                    .arg("3")
                    .arg(&configuration)
                    .current_dir(folder.path())
                    .stdout(Stdio::null())
                    .stderr(Stdio::null()),
            )
        };
        let bearerbox = program("/usr/sbin/bearerbox");
        listening(boxes).await;
        let smsbox = program("/usr/sbin/smsbox");
        listening(sendsms).await;
        Self {
            boxes: vec![smsbox, bearerbox],
            _folder: folder,
            url: format!("http://127.0.0.1:{sendsms}/cgi-bin/sendsms"),
        }
    }

    /// Stops both programs.
    pub(crate) async fn stop(self) {
        for program in self.boxes {
            program.stop().await;
        }
    }
}

fn configured(operator: u16, admin: u16, boxes: u16, sendsms: u16) -> String {
    format!(
        "group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = administrator
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
log-level = 3
dlr-storage = internal

group = smsc
smsc = smpp
smsc-id = operator
host = 127.0.0.1
port = {operator}
transceiver-mode = true
smsc-username = county
smsc-password = secret
system-type = \"\"
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
global-sender = 12345

group = sendsms-user
username = county
password = sendsms-password
concatenation = true
max-messages = 4
"
    )
}
