//! Programs that others wrote, from the package registries, drive our gateways and judge what they say: reports in, calls
//! out, tokens and signatures, and what goes wrong on the way.
//!
//! Each script in `tests/peers/` holds one such program and is spoken with in lines of JSON. The Python packages are
//! installed into `target/peers/python`, the Node packages into `target/peers/node`; the versions stand in
//! `tests/peers/requirements.txt` and `tests/peers/package.json`. Where they cannot be had the tests are skipped, and say
//! so on the standard error stream; with `QUNYING_PEERS=must` that is a failure, with `QUNYING_PEERS=no` nothing is
//! installed.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test may panic, and runs other programs"
)]

#[path = "peers/house.rs"]
mod house;
#[path = "peers/kit.rs"]
mod kit;
#[path = "peers/onebot11.rs"]
mod onebot11;
#[path = "peers/onebot12.rs"]
mod onebot12;
#[path = "peers/satori.rs"]
mod satori;
#[path = "peers/wecom.rs"]
mod wecom;
#[path = "peers/whole.rs"]
mod whole;
