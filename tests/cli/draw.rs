//! Receipts of the dice: made by a tie, checked by the program, by twenty lines of Python, and never when touched.

use std::io::Write;
use std::process::Command;

use proptest::prelude::*;
use qunying::chat::RuleName;
use qunying::community::receipt::Receipt;
use qunying::engine::Dice;
use qunying::engine::receipt::{check, commit, draw};

use super::house::{CONFIG, House};

fn receipt(names: &[&str], count: usize) -> Receipt {
    let entries = names.iter().map(|name| (*name).to_owned()).collect();
    let rule = RuleName::new("茶/vote.名字");
    draw(
        &Dice::of(b"a secret"),
        (&rule, "shop/1 2026-03-05T02:00:00Z"),
        entries,
        count,
    )
}

/// The Python of the documentation.
fn python() -> String {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/draw.md")).unwrap();
    let code = page.split("```python\n").nth(1).unwrap();
    code.split("```").next().unwrap().to_owned()
}

#[test]
fn a_receipt_is_right_and_is_explained() {
    let house = House::new(CONFIG);
    let receipt = receipt(&["1 山野茶友会", "3 半日闲", "10 <b>云水</b>"], 2);
    house.write("receipt.txt", &receipt.text());
    let answer = house.ask(&["draw", "verify", "receipt.txt"]);
    answer.is(0, "✓ 凭证对得上");
    answer.is(0, "✓ 抽出来的就是凭据上的");
    assert!(answer.out.contains("余"), "{}", answer.out);
    house
        .ask(&[
            "draw",
            "verify",
            "receipt.txt",
            "--commit",
            &receipt.commit,
            "--lang",
            "en",
        ])
        .is(0, "✓ it is what was told");
    house
        .ask(&["draw", "verify", "receipt.txt", "--commit", "00"])
        .is(1, "✗ 与开始时公布的凭证不同");
    let json = house.ask(&["draw", "verify", "receipt.txt", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["holds"], true, "{json}");
}

#[test]
fn whatever_is_touched_is_found() {
    let house = House::new(CONFIG);
    let right = receipt(&["甲", "乙", "丙", "丁"], 1);
    let other = right
        .entries
        .iter()
        .find(|it| **it != right.winners[0])
        .unwrap()
        .clone();
    let touched: [fn(&mut Receipt, String); 4] = [
        |it, _| it.secret = "0".repeat(64),
        |it, _| it.rule.push('x'),
        |it, _| it.commit = "0".repeat(64),
        |it, other| it.winners = vec![other],
    ];
    for touch in touched {
        let mut wrong = right.clone();
        touch(&mut wrong, other.clone());
        house.write("receipt.txt", &wrong.text());
        house.ask(&["draw", "verify", "receipt.txt"]).is(1, "✗");
    }
    for (text, said) in [
        ("", "第一行应是"),
        ("qunying-draw 1\nhello\n", "第 2 行「hello」不是凭据里的行"),
        ("qunying-draw 1\nrule a\nrule b\n", "rule 应当恰好有一行"),
        (
            "qunying-draw 1\nrule a\noccasion b\ncommit c\nsecret d\n",
            "一行 entry 也没有",
        ),
    ] {
        house.write("receipt.txt", text);
        house.ask(&["draw", "verify", "receipt.txt"]).is(2, said);
    }
    house.ask(&["draw", "verify", "nothing.txt"]).is(2, "出错：");
}

#[test]
fn twenty_lines_of_python_agree() {
    let code = python();
    assert!(code.trim().lines().count() <= 20, "more than twenty lines");
    if Command::new("python3").arg("--version").output().is_err() {
        // Past the capture of the test runner: a proof that was not made must be seen.
        let _ = std::io::stderr().write_all(
            b"\n!! NOT PROVEN: there is no python3, so the Python of docs/draw.md has not checked a receipt\n\n",
        );
        return;
    }
    let house = House::new(CONFIG);
    house.write("verify.py", &code);
    let run = |receipt: &Receipt| {
        house.write("receipt.txt", &receipt.text());
        let mut python = Command::new("python3");
        python.args(["verify.py", "receipt.txt"]).current_dir(house.dir());
        python.env("PYTHONIOENCODING", "utf-8").output().unwrap()
    };
    for count in [1, 2, 7] {
        let receipt = receipt(
            &["1 山野茶友会", "10 半日 闲", "2 云水", "é", "e\u{301}", "🍵", "~"],
            count,
        );
        let said = run(&receipt);
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        let mut wrong = receipt.clone();
        wrong.entries.pop();
        wrong.entries.push("someone else".to_owned());
        assert!(!run(&wrong).status.success() || check(&wrong).holds(&wrong));
    }
}

#[test]
fn a_tie_is_drawn_with_a_receipt_members_can_check() {
    let vote = r#"
title = "起名"
[vote.group-name]
open = "给群起名"
nominate = "起名"
ballot = "投"
open_for = "1h"
tie = "dice"
then = [ { rename_group = "{{ winner }}" } ]
[[test]]
name = "平手"
clock = "2026-03-02 10:00"
members = ["店长*", "甲", "乙"]
script = """
10:00  店长: 给群起名
10:01  甲: 起名 山野
10:02  乙: 起名 半日
10:03  甲: 投1
10:04  乙: 投2
"""
expect = """
10:00  群: …
10:00  群: 万一打成平手，由骰子决定。…
10:01  群: …
10:02  群: …
10:03  群: …
10:04  群: …
11:00  群: 得票最多的打成平手，骰子选了「…
11:00  改群名 …
"""
"#;
    let house = House::new(CONFIG);
    house.write("playbooks/gift.toml", vote);
    house.ask(&["test"]).is(0, "✓");
    // And in a rehearsal the receipt that is told holds.
    let log = concat!(env!("CARGO_MANIFEST_DIR"), "/recordings/tea-friends.jsonl");
    house.write(
        "playbooks/gift.toml",
        &vote.replace("\"给群起名\"", "[\"起群名\"]\ncallers = 1"),
    );
    let said = house.ask(&["dry-run", log, "--show", "events"]);
    assert_eq!(said.code, Some(0), "{said:#?}");
}

proptest! {
    #[test]
    fn every_draw_holds_and_reads_back(
        entries in proptest::collection::btree_set("[a-z\u{4e00}-\u{4e2f} ]{1,8}x", 1..30),
        count in 1_usize..8,
        secret in any::<[u8; 8]>(),
    ) {
        let rule = RuleName::new("r");
        let dice = Dice::of(&secret);
        let receipt = draw(&dice, (&rule, "o"), entries.iter().cloned().collect(), count);
        prop_assert_eq!(receipt.winners.len(), count.min(entries.len()));
        prop_assert_eq!(&receipt.commit, &commit(&dice, &rule, "o"));
        prop_assert_eq!(Receipt::read(&receipt.text()).unwrap(), receipt.clone());
        prop_assert!(check(&receipt).holds(&receipt));
    }
}
