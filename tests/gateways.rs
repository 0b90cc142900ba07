//! What gateways really send and answer, and what becomes of it. Bodies have the recorded shapes, with invented names.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "gateways/callee.rs"]
mod callee;
#[path = "gateways/cq.rs"]
mod cq;
#[path = "gateways/documents.rs"]
mod documents;
#[path = "gateways/elements.rs"]
mod elements;
#[path = "gateways/fake.rs"]
mod fake;
#[path = "gateways/hostile.rs"]
mod hostile;
#[path = "gateways/mapped.rs"]
mod mapped;
#[path = "gateways/mapped_media.rs"]
mod mapped_media;
#[path = "gateways/media.rs"]
mod media;
#[path = "gateways/native.rs"]
mod native;
#[path = "gateways/onebot12.rs"]
mod onebot12;
#[path = "gateways/onebot_api.rs"]
mod onebot_api;
#[path = "gateways/onebot_reports.rs"]
mod onebot_reports;
#[path = "gateways/qyapi.rs"]
mod qyapi;
#[path = "gateways/satori.rs"]
mod satori;
#[path = "gateways/signatures.rs"]
mod signatures;
#[path = "gateways/telling.rs"]
mod telling;
#[path = "gateways/terminal.rs"]
mod terminal;
#[path = "gateways/wechatbot.rs"]
mod wechatbot;
#[path = "gateways/wecom_api.rs"]
mod wecom_api;
#[path = "gateways/wecom_envelope.rs"]
mod wecom_envelope;
#[path = "gateways/wecom_media.rs"]
mod wecom_media;
#[path = "gateways/wecom_reports.rs"]
mod wecom_reports;
#[path = "gateways/wecom_stream.rs"]
mod wecom_stream;
