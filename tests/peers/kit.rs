//! Gets the peers ready, starts their scripts and speaks with them.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;
use tokio::sync::mpsc;

/// What a script is run by, with the packages it needs; or why it cannot be had.
type Ready = Result<PathBuf, String>;

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers")
}

fn kept() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("../peers")
}

/// What `QUNYING_PEERS` says: `must`, `no`, or nothing.
fn wish() -> String {
    std::env::var("QUNYING_PEERS").unwrap_or_default()
}

fn ran(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// Installs what `list` names with `install`, unless that was done already.
fn installed(list: &str, program: &Path, install: impl FnOnce() -> Result<(), String>) -> Ready {
    let wanted = std::fs::read_to_string(here().join(list)).map_err(|error| error.to_string())?;
    let mark = kept().join(format!("{list}.installed"));
    if program.exists() && std::fs::read_to_string(&mark).is_ok_and(|done| done == wanted) {
        return Ok(program.to_owned());
    }
    if wish() == "no" {
        return Err("QUNYING_PEERS=no".to_owned());
    }
    std::fs::create_dir_all(kept()).map_err(|error| error.to_string())?;
    install()?;
    std::fs::write(mark, wanted).map_err(|error| error.to_string())?;
    Ok(program.to_owned())
}

fn python() -> &'static Ready {
    static READY: OnceLock<Ready> = OnceLock::new();
    READY.get_or_init(|| {
        let venv = kept().join("python");
        let program = venv.join("bin/python");
        installed("requirements.txt", &program, || {
            ran(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
            ran(Command::new(&program)
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--no-input",
                    "--disable-pip-version-check",
                ])
                .args(["--retries", "2", "--requirement"])
                .arg(here().join("requirements.txt")))
        })
    })
}

fn node() -> &'static Ready {
    static READY: OnceLock<Ready> = OnceLock::new();
    READY.get_or_init(|| {
        let dir = kept().join("node");
        installed("package.json", &dir.join("node_modules"), || {
            std::fs::create_dir_all(&dir).map_err(|error| error.to_string())?;
            std::fs::copy(here().join("package.json"), dir.join("package.json")).map_err(|error| error.to_string())?;
            ran(Command::new("npm")
                .args(["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"])
                .current_dir(&dir))
        })
    })
}

/// Starts a script for Node; `None` if Node or its packages cannot be had, which was told of.
pub fn started_by_node(script: &str, arguments: &[&str]) -> Option<Peer> {
    let modules = node().as_ref().map(PathBuf::as_path).unwrap_or(Path::new(""));
    let mut command = Command::new("node");
    command
        .env("NODE_PATH", modules)
        .arg(here().join(script))
        .args(arguments);
    start(script, node(), command)
}

/// Starts a Python script; `None` if Python or its packages cannot be had, which was told of.
pub fn started(script: &str, arguments: &[&str]) -> Option<Peer> {
    let mut command = Command::new(python().as_ref().map(PathBuf::as_path).unwrap_or(Path::new("")));
    command.arg(here().join(script)).args(arguments);
    start(script, python(), command)
}

fn start(script: &str, ready: &Ready, mut command: Command) -> Option<Peer> {
    let Err(why) = ready else {
        return Some(Peer::start(script, &mut command));
    };
    assert_ne!(wish(), "must", "{script}: {why}");
    // Past what the test runner keeps back.
    let line = format!("!! SKIPPED: a peer cannot be had for {script}: {why}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    None
}

/// A script that runs. It ends with this.
#[derive(Debug)]
pub struct Peer {
    child: Child,
    orders: ChildStdin,
    lines: mpsc::UnboundedReceiver<String>,
    log: PathBuf,
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !std::thread::panicking() {
            let _ = std::fs::remove_file(&self.log);
        }
    }
}

impl Peer {
    fn start(script: &str, command: &mut Command) -> Self {
        static NTH: AtomicU32 = AtomicU32::new(0);
        let nth = NTH.fetch_add(1, Ordering::Relaxed);
        let log = kept().join(format!("{script}-{}-{nth}.log", std::process::id()));
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let orders = child.stdin.take().unwrap();
        let told = BufReader::new(child.stdout.take().unwrap());
        let (send, lines) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in told.lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            orders,
            lines,
            log,
        }
    }

    /// Tells it to do something.
    pub fn tell(&mut self, order: &Value) {
        writeln!(self.orders, "{order}").unwrap();
    }

    /// The next thing it tells.
    pub async fn told(&mut self) -> Value {
        match self.lines.recv().await {
            Some(line) => serde_json::from_str(&line).unwrap(),
            None => panic!("the peer ended:\n{}", std::fs::read_to_string(&self.log).unwrap()),
        }
    }

    /// The next thing it tells under this key; what it tells under others is passed over.
    pub async fn tells(&mut self, key: &str) -> Value {
        loop {
            let mut told = self.told().await;
            if let Some(value) = told.get_mut(key) {
                return value.take();
            }
        }
    }
}
