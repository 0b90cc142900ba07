//! `draw`: receipts of the dice. Checking one needs nothing but the receipt.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::books::unreadable;
use super::keep::said;
use super::{Ending, Form, Outcome, Setting, Writing};
use crate::chat::Lang;
use crate::community::change::Change;
use crate::community::receipt::{NoReceipt, Receipt};
use crate::community::vote::Stage;
use crate::dry_run::effects::plain;
use crate::engine::receipt::{Checked, check};
use crate::recording::Record;
use crate::store::{self, StoreError};

/// `draw`.
#[derive(Debug, Subcommand)]
pub enum Wanted {
    /// Draw again with what a receipt tells, and explain it
    Verify(VerifyWanted),
    /// Print every receipt in the recording
    Receipts,
}

/// `draw verify`.
#[derive(Debug, Args)]
pub struct VerifyWanted {
    /// The receipt: a small text file
    receipt: PathBuf,
    /// What was told when the draw opened
    #[arg(long, value_name = "HASH")]
    commit: Option<String>,
    #[command(flatten)]
    writing: Writing,
}

pub fn draw(wanted: &Wanted, setting: Setting) -> Outcome {
    match wanted {
        Wanted::Verify(wanted) => verify(wanted, setting.lang),
        Wanted::Receipts => receipts(setting),
    }
}

fn verify(wanted: &VerifyWanted, lang: Lang) -> Outcome {
    let file = &wanted.receipt;
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error, lang))?;
    let receipt = Receipt::read(&text).map_err(|why| anyhow::anyhow!(no_receipt(file, &why, lang)))?;
    let checked = check(&receipt);
    let told = wanted.commit.as_deref().map(str::trim);
    let as_told = told.is_none_or(|told| told.eq_ignore_ascii_case(&receipt.commit));
    let holds = checked.holds(&receipt) && as_told;
    if wanted.writing.form() == Form::Json {
        println!(
            "{}",
            serde_json::json!({
                "holds": holds, "commit": checked.commit == receipt.commit, "as_told": as_told,
                "list": checked.list, "winners": checked.winners, "receipt": receipt,
            })
        );
    } else {
        anstream::print!("{}", explained(&receipt, &checked, (told, as_told), lang));
    }
    Ok(if holds { Ending::Fine } else { Ending::ProblemsFound })
}

/// Step by step, each with its mark.
fn explained(receipt: &Receipt, checked: &Checked, told: (Option<&str>, bool), lang: Lang) -> String {
    let mut lines = vec![format!("{} · {}", plain(&receipt.rule), plain(&receipt.occasion))];
    lines.extend(bound(receipt, checked, told, lang));
    lines.push(match lang {
        Lang::Zh => format!("  名单 {} 项，散列 {}", receipt.entries.len(), checked.list),
        Lang::En => format!("  {} entries, hash {}", receipt.entries.len(), checked.list),
    });
    for (number, among, winner) in &checked.throws {
        let place = number % *among as u64;
        lines.push(match (winner, lang) {
            (Some(winner), Lang::Zh) => format!("  {number} 除以 {among} 余 {place} → {}", plain(winner)),
            (Some(winner), Lang::En) => format!("  {number} mod {among} = {place} → {}", plain(winner)),
            (None, Lang::Zh) => format!("  {number} 太大，不公平，跳过"),
            (None, Lang::En) => format!("  {number} is too large to be fair and passed over"),
        });
    }
    let [again, said] = [&checked.winners, &receipt.winners].map(|it| plain(&it.join(lang.pick("、", ", "))));
    lines.push(match (again == said, lang) {
        (true, Lang::Zh) => "✓ 抽出来的就是凭据上的".to_owned(),
        (true, Lang::En) => "✓ drawn again it is the same".to_owned(),
        (false, Lang::Zh) => format!("✗ 抽出来的是 {again}，凭据上写的是 {said}"),
        (false, Lang::En) => format!("✗ drawn again it is {again}, the receipt says {said}"),
    });
    lines.join("\n") + "\n"
}

/// Whether the dice were bound, and to what was told.
fn bound(receipt: &Receipt, checked: &Checked, (told, as_told): (Option<&str>, bool), lang: Lang) -> [String; 2] {
    let (found, written) = (&checked.commit, plain(&receipt.commit));
    let bound = match (*found == receipt.commit, lang) {
        (true, Lang::Zh) => format!("✓ 凭证对得上：密钥、规则、场合的散列就是 {found}"),
        (true, Lang::En) => format!("✓ bound: the hash of secret, rule and occasion is {found}"),
        (false, Lang::Zh) => format!(
            "✗ 凭证对不上：密钥、规则、场合的散列是 {found}，不是 {written}；密钥是后来换的，或规则、场合被改过"
        ),
        (false, Lang::En) => format!(
            "✗ not bound: the hash of secret, rule and occasion is {found}, not {written}; the secret was chosen later, or rule or occasion were changed"
        ),
    };
    let compared = match (told, as_told) {
        (Some(_), true) => lang.pick("✓ 与开始时公布的凭证相同", "✓ it is what was told when it opened"),
        (Some(_), false) => lang.pick("✗ 与开始时公布的凭证不同", "✗ it is not what was told when it opened"),
        (None, _) => lang.pick(
            "~ 请自己核对：这个凭证要和开始时公布的一样（或加 --commit）",
            "~ compare it with what was told when it opened (or give --commit)",
        ),
    };
    [bound, compared.to_owned()]
}

fn no_receipt(file: &Path, why: &NoReceipt, lang: Lang) -> String {
    let file = file.display();
    let (zh, en) = match why {
        NoReceipt::Head { found } => (
            format!("第一行应是 qunying-draw 1，却是「{}」", plain(found)),
            format!("it must begin with `qunying-draw 1`, not with `{}`", plain(found)),
        ),
        NoReceipt::Line { number, line } => (
            format!("第 {number} 行「{}」不是凭据里的行", plain(line)),
            format!("line {number}, `{}`, is none of a receipt's", plain(line)),
        ),
        NoReceipt::Once { word } => (
            format!("{word} 应当恰好有一行"),
            format!("there must be exactly one line with `{word}`"),
        ),
        NoReceipt::Nothing { word } => (format!("一行 {word} 也没有"), format!("there is no line with `{word}`")),
        NoReceipt::Twice { entry } => (
            format!("名单里「{}」有两次", plain(entry)),
            format!("the entry `{}` stands there twice", plain(entry)),
        ),
    };
    lang.pick(
        format!("{file}：不是凭据：{zh}。请整段复制，从 qunying-draw 1 到最后一个 winner。"),
        format!("{file}: no receipt: {en}; copy all of it, from `qunying-draw 1` to the last `winner`"),
    )
}

/// Every receipt of the configured recording, the oldest first, a blank line between them.
fn receipts(mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let mut found = Vec::new();
    for record in store::read_all(&config.places.recording).map_err(|error| said(&error, lang))? {
        let record = record.map_err(|error| said(&error, lang))?;
        // Few lines have one; only those are read whole.
        if !record.body.contains("\"receipt\":{") {
            continue;
        }
        let read = Record::read(&record.body).map_err(|why| {
            let error = StoreError::NotUnderstood {
                file: record.file.to_path_buf(),
                line: record.line,
                why: why.to_string(),
            };
            said(&error, lang)
        })?;
        found.extend(read.changes.into_iter().filter_map(|change| match change {
            Change::VoteClosed {
                stage: Stage::Won { receipt, .. },
                ..
            }
            | Change::Drawn { receipt, .. } => receipt.map(|receipt| receipt.text()),
            _ => None,
        }));
    }
    match found.is_empty() {
        true => anstream::eprintln!(
            "{}",
            lang.pick(
                "录音里还没有用骰子决定过什么。",
                "the dice have decided nothing in the recording yet."
            )
        ),
        false => print!("{}", found.join("\n")),
    }
    Ok(Ending::Fine)
}
