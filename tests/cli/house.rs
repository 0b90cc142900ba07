//! A directory with a config and a playbook, and the program in it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// No single step takes this long; a program that hangs must not hang the tests.
const PATIENCE: Duration = Duration::from_secs(120);

/// Answers `礼包` with `answer`.
pub fn playbook(answer: &str) -> String {
    format!(
        "title = \"试\"\n[[rule]]\nname = \"礼包\"\non = {{ message = \"礼包\" }}\nthen = [ {{ say = \"{answer}\" }} ]\n"
    )
}

pub const CONFIG: &str = "[manners]\nquiet = \"\"\n[staff]\nids = [\"terminal/店长\"]\n";

/// The directory; it is gone when this is dropped.
#[derive(Debug)]
pub struct House {
    dir: tempfile::TempDir,
}

impl House {
    pub fn new(config: &str) -> Self {
        let house = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        house.write("config.toml", config);
        std::fs::create_dir(house.dir().join("playbooks")).unwrap();
        house.write("playbooks/gift.toml", &playbook("一份好礼"));
        house
    }

    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub fn write(&self, file: &str, text: &str) {
        std::fs::write(self.dir().join(file), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qunying"));
        command
            .args(arguments)
            .current_dir(self.dir())
            .env("LANG", "zh_CN.UTF-8")
            .env_remove("QUNYING_LOG");
        for name in ["LC_ALL", "LC_MESSAGES", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command to its end.
    pub fn ask(&self, arguments: &[&str]) -> Answer {
        Answer::of(self.command(arguments).stdin(Stdio::null()).output().unwrap())
    }

    /// Runs a command with lines typed into it, to its end.
    pub fn type_to(&self, arguments: &[&str], typed: &str) -> Answer {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        Answer::of(child.wait_with_output().unwrap())
    }

    /// Starts the bot on a free port and waits until it takes events in.
    pub fn run(&self) -> Bot {
        self.run_as(&[])
    }

    /// The same, with further words on its command line.
    pub fn run_as(&self, words: &[&str]) -> Bot {
        let mut child = self
            .command(&["run", "--listen", "127.0.0.1:0"])
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (said, heard) = channel();
        listen(child.stdout.take().unwrap(), said.clone());
        listen(child.stderr.take().unwrap(), said);
        let keyboard = child.stdin.take();
        let mut bot = Bot {
            child,
            keyboard,
            heard,
            all: Vec::new(),
            address: String::new(),
        };
        let line = bot.until("开始接收事件");
        bot.address = line.split("address=").nth(1).unwrap().trim().to_owned();
        bot
    }
}

/// What a command said, and the code it ended with.
#[derive(Debug)]
pub struct Answer {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Answer {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Asserts the code and that something was said.
    #[track_caller]
    pub fn is(&self, code: i32, said: &str) {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert!(
            self.out.contains(said) || self.err.contains(said),
            "no {said:?} in {self:#?}"
        );
    }
}

fn listen(stream: impl Read + Send + 'static, said: Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if said.send(line).is_err() {
                return;
            }
        }
    });
}

/// The bot, running.
#[derive(Debug)]
pub struct Bot {
    child: Child,
    keyboard: Option<ChildStdin>,
    heard: Receiver<String>,
    all: Vec<String>,
    address: String,
}

impl Drop for Bot {
    fn drop(&mut self) {
        // A test that failed leaves no process behind; one that passed has waited for it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Bot {
    /// The next line that holds `words`, on the screen or in the log.
    #[track_caller]
    pub fn until(&mut self, words: &str) -> String {
        loop {
            let Ok(line) = self.heard.recv_timeout(PATIENCE) else {
                panic!("never said {words:?}; said\n{}", self.all.join("\n"));
            };
            self.all.push(line.clone());
            if line.contains(words) {
                return line;
            }
        }
    }

    pub fn type_in(&mut self, line: &str) {
        writeln!(self.keyboard.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Posts a body; the status and the answer.
    pub fn post(&self, path: &str, body: &str) -> (u16, String) {
        self.request("POST", path, body)
    }

    pub fn get(&self, path: &str) -> (u16, String) {
        self.request("GET", path, "")
    }

    fn request(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        self.send((method, path), "", body)
    }

    /// The same, with further lines of headers.
    pub fn send(&self, (method, path): (&str, &str), headers: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: bot\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }

    pub fn port(&self) -> &str {
        self.address.rsplit(':').next().unwrap()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// Asks it to stop and waits for its end; the code and everything it said.
    pub fn stop(mut self) -> (Option<i32>, String) {
        self.signal("TERM");
        let code = self.child.wait().unwrap().code();
        self.all.extend(self.heard.iter());
        (code, self.all.join("\n"))
    }
}
