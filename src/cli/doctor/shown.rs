//! What was found, for people and for programs.

use std::fmt::Write as _;

use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::Seen;
use super::finding::{About, Finding, State};
use crate::chat::{Capability, Lang, Role};

/// For people: the house, each gateway, the table of what each can do.
pub fn human(house: &[Finding], seen: &[Seen], lang: Lang) -> String {
    let mut text = String::new();
    lines(&mut text, house, lang);
    for seen in seen {
        let kind = lang.pick("网关", "gateway");
        // Writing into a String cannot fail.
        let _ = writeln!(text, "\n{kind} {}", seen.gateway.name());
        lines(&mut text, &seen.findings, lang);
        for (group, role) in &seen.groups {
            let _ = writeln!(text, "    {}", group_line(group, *role, lang));
        }
    }
    let _ = write!(text, "\n{}", table(seen, lang));
    let failed = house
        .iter()
        .chain(seen.iter().flat_map(|seen| &seen.findings))
        .filter(|finding| finding.state == State::Failed)
        .count();
    let sum = match failed {
        0 => lang.pick("没有问题".to_owned(), "nothing is wrong".to_owned()),
        _ => lang.pick(format!("{failed} 个问题"), format!("failed: {failed}")),
    };
    let _ = writeln!(text, "\n{sum}");
    text
}

fn lines(text: &mut String, findings: &[Finding], lang: Lang) {
    for Finding { state, said, next, .. } in findings {
        let _ = writeln!(text, "  {} {said}", state.mark());
        if let Some(next) = next {
            let _ = writeln!(text, "    {}{next}", lang.pick("下一步：", "next: "));
        }
    }
}

fn group_line(group: &crate::gateway::KnownGroup, role: Option<Role>, lang: Lang) -> String {
    let mut line = format!("{} {}", group.group, group.name).trim_end().to_owned();
    if let Some(members) = group.members {
        let _ = write!(
            line,
            "{}",
            lang.pick(format!("，{members} 人"), format!(", {members} members"))
        );
    }
    if let Some(role) = role {
        let role = match role {
            Role::Owner => lang.pick("群主", "owner"),
            Role::Admin => lang.pick("管理员", "admin"),
            Role::Member => lang.pick("普通成员", "ordinary member"),
        };
        let _ = write!(
            line,
            "{}",
            lang.pick(format!("，机器人是{role}"), format!(", the bot is {role}"))
        );
    }
    line
}

/// What each gateway can do, and what happens where one cannot.
fn table(seen: &[Seen], lang: Lang) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let head = [String::new()].into_iter();
    let names = seen.iter().map(|seen| seen.gateway.name().to_string());
    let last = lang.pick("做不到时", "where it cannot").to_owned();
    table.set_header(head.chain(names).chain([last]));
    for capability in Capability::all() {
        let can: Vec<bool> = seen
            .iter()
            .map(|seen| seen.gateway.capabilities().contains(&capability))
            .collect();
        let marks = can.iter().map(|can| if *can { "✓" } else { "–" }.to_owned());
        let instead = match can.iter().all(|can| *can) {
            true => String::new(),
            false => capability.instead(lang).to_owned(),
        };
        let row = [capability.said(lang).to_owned()]
            .into_iter()
            .chain(marks)
            .chain([instead]);
        table.add_row(row);
    }
    let lines = table.lines().map(|line| format!("{}\n", line.trim_end()));
    lines.collect()
}

/// For programs.
pub fn json(house: &[Finding], seen: &[Seen]) -> String {
    let gateways: Vec<Value> = seen.iter().map(gateway).collect();
    let failed = house.iter().chain(seen.iter().flat_map(|seen| &seen.findings));
    let is_fine = failed.into_iter().all(|finding| finding.state != State::Failed);
    let whole = json!({"fine": is_fine, "house": findings(house), "gateways": gateways});
    format!("{whole:#}\n")
}

fn gateway(seen: &Seen) -> Value {
    let groups: Vec<Value> = seen
        .groups
        .iter()
        .map(|(group, role)| json!({"group": group.group, "name": group.name, "members": group.members, "bot": role}))
        .collect();
    let account = seen.account.as_ref();
    json!({
        "name": seen.gateway.name(),
        "account": account.map(|account| json!({"person": account.person, "name": account.name})),
        "can": seen.gateway.capabilities(),
        "groups": groups,
        "findings": findings(&seen.findings),
    })
}

fn findings(found: &[Finding]) -> Vec<Value> {
    found
        .iter()
        .map(|finding| {
            let mut value = json!({"about": finding.about.word(), "state": finding.state.word(), "said": finding.said});
            if let About::Members(group) = &finding.about {
                value["group"] = json!(group);
            }
            if let Some(next) = &finding.next {
                value["next"] = json!(next);
            }
            value
        })
        .collect()
}
