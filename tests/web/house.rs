//! A listener on a free port, with four gateways behind it and a stand-in for the event loop.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use qunying::chat::{GatewayName, Lang, Moment};
use qunying::gateway::{
    Gateway, Native, NativeSettings, OneBot11, OneBot11Settings, Terminal, TerminalSettings, WechatBot,
    WechatBotSettings,
};
use qunying::inbox::{Inbound, Inbox, Letter, NotAccepted};
use qunying::intake::Intake;
use qunying::metrics::Metrics;
use qunying::web::{Doors, routes, serve};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A house that stands until it is dropped.
#[derive(Debug)]
pub struct House {
    pub address: SocketAddr,
    pub metrics: Arc<Metrics>,
    pub stop: CancellationToken,
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub fn noon() -> Moment {
    Moment::from_seconds(1_772_330_400)
}

pub fn gateways() -> Vec<Arc<Gateway>> {
    let mut qq = OneBot11Settings::new(GatewayName::new("qq"));
    qq.secret = Some(SecretString::from("sec"));
    let mut shop = NativeSettings::new(GatewayName::new("shop"));
    shop.secrets = vec![SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")];
    let mut wx = WechatBotSettings::new(GatewayName::new("wx"));
    wx.secret = Some(SecretString::from("sec"));
    let terminal = TerminalSettings::new(GatewayName::new("terminal"), Lang::Zh);
    vec![
        Arc::new(Gateway::OneBot11(OneBot11::new(qq).unwrap())),
        Arc::new(Gateway::Native(Native::new(shop).unwrap())),
        Arc::new(Gateway::WechatBot(WechatBot::new(wx).unwrap())),
        Arc::new(Gateway::Terminal(Terminal::new(terminal).unwrap())),
    ]
}

/// Opens a house whose inbox is `inbox`.
pub async fn open(inbox: Inbox, edit: impl FnOnce(&mut Doors)) -> House {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let metrics = Arc::new(Metrics::new());
    let stop = CancellationToken::new();
    let mut doors = Doors::new(gateways(), Intake::new(inbox, Arc::clone(&metrics)), noon);
    edit(&mut doors);
    let limits = doors.limits;
    tokio::spawn(serve(
        listener,
        routes(doors),
        limits,
        Arc::clone(&metrics),
        stop.clone(),
    ));
    House { address, metrics, stop }
}

/// Everything that was handed in, in order.
pub type Letters = Arc<Mutex<Vec<Letter>>>;

/// An inbox whose every letter gets the same answer.
pub fn inbox_that(answers: Result<(), NotAccepted>) -> (Inbox, Letters) {
    let (inbox, mut reader): (_, mpsc::Receiver<Inbound>) = Inbox::new(64);
    let letters = Letters::default();
    let kept = Arc::clone(&letters);
    tokio::spawn(async move {
        while let Some(inbound) = reader.recv().await {
            kept.lock().unwrap().push(inbound.what);
            let _ = inbound.answer.send(answers);
        }
    });
    (inbox, letters)
}

/// A house in which everything is accepted.
pub async fn open_house() -> (House, Letters) {
    let (inbox, letters) = inbox_that(Ok(()));
    (open(inbox, |_| ()).await, letters)
}

/// Sends bytes as they are and reads until the other side closes or the headers and body announced are here.
pub async fn raw(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    until_closed(&mut stream).await
}

/// Whatever still comes until the other side closes.
pub async fn until_closed(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        read.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8_lossy(&read).into_owned()
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}
