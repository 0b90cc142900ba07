//! What docs/gateways.md shows is what is read.

use std::collections::BTreeSet;

use hyper::HeaderMap;
use qunying::chat::GatewayName;
use qunying::gateway::native::decode::TYPES;
use qunying::gateway::{Native, NativeSettings};
use serde_json::Value;

use crate::telling::arrival;

/// The bodies of fenced blocks that start with ```` ```json event ````.
fn examples(document: &str) -> Vec<&str> {
    document
        .split("```json event\n")
        .skip(1)
        .map(|rest| rest.split_once("```").expect("every block is closed").0)
        .collect()
}

fn types_shown(document: &str) -> BTreeSet<String> {
    let native = Native::new(NativeSettings::new(GatewayName::new("shop"))).unwrap();
    let mut shown = BTreeSet::new();
    for example in examples(document) {
        if let Err(refusal) = native.decode(&HeaderMap::new(), example.as_bytes(), arrival()) {
            panic!("{refusal}\n{example}");
        }
        let value: Value = serde_json::from_str(example).unwrap();
        let events = value.as_array().cloned().unwrap_or_else(|| vec![value]);
        shown.extend(events.iter().map(|event| event["type"].as_str().unwrap().to_owned()));
    }
    shown
}

#[test]
fn every_type_is_shown_in_both_languages_and_every_example_is_read() {
    let all: BTreeSet<String> = TYPES.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(types_shown(include_str!("../../docs/gateways.md")), all);
    assert_eq!(types_shown(include_str!("../../docs/gateways.zh-CN.md")), all);
}

#[test]
fn the_schema_lists_every_type() {
    let schema: Value = serde_json::from_str(include_str!("../../docs/native-event.schema.json")).unwrap();
    let listed: BTreeSet<&str> = schema["$defs"]["event"]["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| {
            let name = case["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
            schema["$defs"][name]["properties"]["type"]["const"].as_str().unwrap()
        })
        .collect();
    assert_eq!(listed, BTreeSet::from(TYPES));
}
