//! Chromium without a window, spoken to over a pipe in its own protocol.
//!
//! Where there is no Chromium, what needs one proves nothing and says so where nobody can overlook it.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// No single answer takes this long; a browser that hangs must not hang the tests.
const PATIENCE: Duration = Duration::from_secs(120);

/// A page in a browser.
#[derive(Debug)]
pub struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    events: VecDeque<Value>,
    session: Option<String>,
    asked: u64,
    _profile: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a page is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub width: u32,
    pub height: u32,
    pub script: bool,
}

impl Browser {
    /// Starts one; `None`, and loudly, where none is installed.
    pub fn start() -> Option<Self> {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let installed = |name: &&&str| Command::new(name).arg("--version").output().is_ok();
        let Some(name) = names.iter().find(installed) else {
            // Past the capture of the test runner: a proof that was not made must be seen.
            let _ = std::io::stderr().write_all(
                b"\n!! NOT PROVEN: no Chromium is installed, so no browser has looked at the report's page\n\n",
            );
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let mut child = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#, name])
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
            ])
            .args(["--hide-scrollbars", "--no-first-run", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let to = child.stdin.take().unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let (said, from) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while answers.read_until(0, &mut message).is_ok_and(|read| read > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else {
                    return;
                };
                if said.send(value).is_err() {
                    return;
                }
                message.clear();
            }
        });
        Some(Self {
            child,
            to,
            from,
            events: VecDeque::new(),
            session: None,
            asked: 0,
            _profile: profile,
        })
    }

    /// Opens a file in a new tab and waits until it is loaded.
    pub fn open(&mut self, file: &Path, look: Look) {
        self.session = None;
        let target = self.ask("Target.createTarget", json!({"url": "about:blank"}))["targetId"].clone();
        let attached = self.ask("Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        self.session = Some(attached["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.ask(&format!("{domain}.enable"), json!({}));
        }
        let Look { width, height, script } = look;
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}),
        );
        self.ask("Emulation.setScriptExecutionDisabled", json!({"value": !script}));
        self.events.clear();
        let address = format!("file://{}", file.display());
        self.ask("Page.navigate", json!({"url": address}));
        self.until("Page.loadEventFired");
    }

    /// What an expression is, as JSON.
    pub fn eval(&mut self, expression: &str) -> Value {
        let answer = self.ask(
            "Runtime.evaluate",
            json!({"expression": expression, "returnByValue": true}),
        );
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer:#}");
        answer["result"]["value"].clone()
    }

    /// Keeps a picture of what is seen.
    pub fn picture(&mut self, name: &str) {
        use base64::Engine as _;
        let answer = self.ask("Page.captureScreenshot", json!({"format": "png"}));
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(answer["data"].as_str().unwrap())
            .unwrap();
        assert!(bytes.starts_with(b"\x89PNG"));
        std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), bytes).unwrap();
    }

    /// Everything that went over the network, was complained about or popped up since the page was opened.
    pub fn trouble(&mut self) -> Vec<String> {
        // Whatever happened before this answer has arrived with it.
        self.eval("1");
        let of = |event: &Value| {
            let params = &event["params"];
            match event["method"].as_str().unwrap_or_default() {
                "Network.requestWillBeSent" => {
                    let address = params["request"]["url"].as_str().unwrap_or_default();
                    let itself = params["type"] == "Document" && address.starts_with("file://");
                    (!itself).then(|| format!("asked for {address}"))
                }
                "Log.entryAdded" => Some(format!("log: {}", params["entry"]["text"])),
                "Runtime.consoleAPICalled" => Some(format!("console: {}", params["args"])),
                "Runtime.exceptionThrown" => Some(format!("threw {}", params["exceptionDetails"])),
                "Page.javascriptDialogOpening" => Some(format!("popped up {}", params["message"])),
                _ => None,
            }
        };
        self.events.iter().filter_map(of).collect()
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let mut message = json!({"id": self.asked, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.to.write_all(message.to_string().as_bytes()).unwrap();
        self.to.write_all(b"\0").unwrap();
        self.to.flush().unwrap();
        loop {
            let said = self.next(method);
            if said["id"] == json!(self.asked) {
                assert!(said["error"].is_null(), "{method}: {said}");
                return said["result"].clone();
            }
            self.events.push_back(said);
        }
    }

    fn until(&mut self, method: &str) {
        while !self.events.iter().any(|event| event["method"] == method) {
            let said = self.next(method);
            self.events.push_back(said);
        }
    }

    fn next(&mut self, waiting_for: &str) -> Value {
        self.from
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|_| panic!("the browser never answered {waiting_for}"))
    }
}
