//! A community on disk, and the real program that runs it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use super::until;

/// What the coupons of the playbook are limited to; the recount knows it from here, not from the program.
pub mod limits {
    pub const RUSH_PER_PERSON: usize = 3;
    pub const RUSH_TOTAL: usize = 220;
    /// 2.50 yuan each, 90.00 in all: 36 of them.
    pub const BUDGET_FEN: i64 = 9_000;
    pub const BUDGET_WORTH_FEN: i64 = 250;
}

/// Every message that must be answered at once, one way or the other.
pub const ASKS: [&str; 3] = ["领券", "预算券", "每日券"];
/// The message that must be answered a second later.
pub const REMIND: &str = "提醒我";

const PLAYBOOK: &str = r#"
title = "营地"

[[rule]]
name = "抢券"
kind = "service"
on   = { message = ["领券"] }
then = [ { give = "rush" }, { say = "{{ who }}：{{ coupon.code }}" } ]
otherwise = [ { say = "{{ who }}，{{ reason }}" } ]

[[rule]]
name = "预算"
kind = "service"
on   = { message = ["预算券"] }
then = [ { give = "budget" }, { say = "{{ who }}：{{ coupon.code }}" } ]
otherwise = [ { say = "{{ who }}，{{ reason }}" } ]

[[rule]]
name = "每日"
kind = "service"
on   = { message = ["每日券"] }
then = [ { give = "daily" }, { say = "{{ who }}：{{ coupon.code }}" } ]
otherwise = [ { say = "{{ who }}，{{ reason }}" } ]

[[rule]]
name  = "提醒"
kind  = "service"
on    = { message = ["提醒我"] }
after = "1s"
then  = [ { say = "{{ who }}，时间到。" } ]

[[rule]]
name   = "欢迎"
kind   = "service"
on     = "joined"
gather = "1s"
then   = [ { say = "欢迎 {{ who }}。" } ]

[coupon.rush]
title = "抢券"
worth = "3.00"
valid = "30d"
limit = { per_person = 3, total = 220 }

[coupon.budget]
title = "预算券"
worth = "2.50"
valid = "30d"
limit = { budget = "90.00" }

[coupon.daily]
title = "每日券"
worth = "1.00"
valid = "1d"
limit = { per_person = "1 per day" }

[vote.name]
about    = "group"
open     = ["给群起名"]
nominate = ["起名"]
ballot   = ["投"]
open_for = "2s"
quorum   = 1
then = [ { rename_group = "{{ winner }}" }, { say = "我们叫「{{ winner }}」" } ]
"#;

/// The secret reports of the shop are signed with.
pub const SHOP_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Directories of one community, gone when dropped.
#[derive(Debug)]
pub struct Camp {
    dir: TempDir,
}

impl Camp {
    /// A community of which nothing is recorded yet; its actions go to `receiver`.
    pub fn pitch(receiver: &str) -> Self {
        let camp = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        for dir in [camp.kept(), camp.shadow(), camp.at("playbooks")] {
            std::fs::create_dir_all(dir).unwrap();
        }
        std::fs::write(camp.at("playbooks/camp.toml"), PLAYBOOK).unwrap();
        let kept = camp.kept().display().to_string();
        let books = camp.at("playbooks").display().to_string();
        let config = format!(
            r#"
[community]
lang = "en"
[server]
listen = "127.0.0.1:0"
[store]
url = "sled:{kept}/data"
[playbooks]
dir = "{books}"
[staff]
ids = ["camp/boss"]
[manners]
quiet = ""
per_group_per_day = 1000000
mentions_per_person_per_day = 1000000
[delivery]
per_minute = 1000000
chat_gap = "1s"
[gateway.camp]
kind = "native"
api = "{receiver}"
[gateway.shop]
kind = "native"
secrets = ["{SHOP_SECRET}"]
[orders]
secrets = ["{SHOP_SECRET}"]
"#
        );
        std::fs::write(camp.at("config.toml"), config).unwrap();
        camp
    }

    /// The secret stands in the config: none is made, and with it nothing is written before the store.
    pub fn tell_secret(&self) {
        let config = std::fs::read_to_string(self.at("config.toml")).unwrap();
        let told = config.replacen("[community]", "[community]\nsecret = \"a secret of this test\"", 1);
        std::fs::write(self.at("config.toml"), told).unwrap();
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Everything the program keeps.
    pub fn kept(&self) -> PathBuf {
        self.at("kept")
    }

    /// What the model of the disk keeps.
    pub fn shadow(&self) -> PathBuf {
        self.at("shadow")
    }

    pub fn recording(&self) -> PathBuf {
        self.at("kept/data/recording")
    }

    /// Everything but the recording and the secret: what can be made anew.
    pub fn remove_derived(&self) {
        for name in ["kept/data/data", "kept/data/snapshots"] {
            let _absent_is_fine = std::fs::remove_dir_all(self.at(name));
        }
    }

    /// The program with this community's config.
    pub fn qunying(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qunying"));
        command
            .arg("--config")
            .arg(self.at("config.toml"))
            .args(words)
            .current_dir(self.dir.path())
            .stdin(Stdio::null());
        command
    }

    /// Starts the bot, with further environment variables.
    pub fn run(&self, environment: &[(String, String)]) -> Bot {
        let mut command = self.qunying(&["run"]);
        command
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stderr(Stdio::piped())
            .stdout(Stdio::null());
        let mut child = command.spawn().unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let (stderr, listener) = (child.stderr.take().unwrap(), Arc::clone(&said));
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                listener.lock().unwrap().push(line);
            }
        });
        Bot { child, said }
    }

    /// Runs a command to its end; its output must be `code`.
    pub fn ask(&self, words: &[&str], code: i32) -> String {
        let output = self.qunying(words).output().unwrap();
        let (out, err) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert_eq!(output.status.code(), Some(code), "qunying {words:?} said: {out}\n{err}");
        out.into_owned()
    }

    /// `store check` finds nothing to complain of.
    pub fn store_agrees(&self) {
        self.ask(&["store", "check"], 0);
    }

    /// The outbox as the program shows it.
    pub fn outbox(&self) -> Vec<serde_json::Value> {
        serde_json::from_str(&self.ask(&["outbox", "--format", "json"], 0)).unwrap()
    }
}

/// A running bot. Dropping it kills it.
#[derive(Debug)]
pub struct Bot {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Bot {
    /// Where it listens, once it does.
    pub fn address(&self) -> Option<SocketAddr> {
        let said = self.said.lock().unwrap();
        said.iter().find_map(|line| {
            let plain = without_colour(line);
            let (_, rest) = plain.split_once("address=")?;
            rest.split_whitespace().next()?.parse().ok()
        })
    }

    /// Waits until it takes events in.
    pub async fn ready(&mut self) -> SocketAddr {
        let address = self.ready_or_gone().await;
        address.unwrap_or_else(|| panic!("the bot did not start:\n{}", self.words()))
    }

    /// Waits until it takes events in, or has ended before that.
    pub async fn ready_or_gone(&mut self) -> Option<SocketAddr> {
        let mut gone = false;
        until("the bot takes events in, or ends", || {
            gone = gone || self.ended().is_some();
            gone || self.address().is_some()
        })
        .await;
        self.address().filter(|_| !gone)
    }

    /// Whether it has ended by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// What it said so far.
    pub fn words(&self) -> String {
        self.said.lock().unwrap().join("\n")
    }

    /// SIGKILL, and gone.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and the end it makes of itself.
    pub async fn stop(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut status = None;
        until("the bot has stopped", || {
            status = self.ended();
            status.is_some()
        })
        .await;
        status.unwrap()
    }
}

/// A log line as a terminal without colours shows it.
fn without_colour(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('\u{1b}') {
        plain.push_str(&rest[..at]);
        rest = rest[at..].find('m').map_or("", |end| &rest[at + end + 1..]);
    }
    plain + rest
}

/// A directory and all in it, copied.
pub fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
