//! What is wrong with the arguments, in Chinese. Clap says it in English.

use std::fmt::Write as _;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The mistake, what was probably meant, and where to read on.
pub fn in_chinese(error: &Error) -> String {
    // Asked for nothing at all: the help itself is the answer.
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return error.render().ansi().to_string();
    }
    let mut said = format!("出错：{}\n", what(error));
    let tips = [
        (ContextKind::SuggestedSubcommand, "您是不是想写"),
        (ContextKind::SuggestedArg, "您是不是想写"),
        (ContextKind::SuggestedValue, "您是不是想写"),
        (ContextKind::ValidValue, "可以写"),
        (ContextKind::ValidSubcommand, "可以写"),
    ];
    for (kind, tip) in tips {
        let words = words(error, kind);
        if !words.is_empty() {
            let _ = writeln!(said, "  {tip}：{words}");
        }
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let _ = writeln!(said, "\n用法：{}", usage.trim_start_matches("Usage:").trim());
    }
    said.push_str("\n更多说明请加 --help。\n");
    said
}

fn what(error: &Error) -> String {
    let word = |kind| words(error, kind);
    let argument = word(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::InvalidSubcommand => format!("没有「{}」这个命令。", word(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "少了命令。".to_owned(),
        ErrorKind::UnknownArgument => format!("没有「{argument}」这个参数。"),
        ErrorKind::MissingRequiredArgument => format!("少了参数 {argument}。"),
        ErrorKind::ArgumentConflict => {
            format!("「{argument}」不能和「{}」一起用。", word(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue if word(ContextKind::InvalidValue).is_empty() => format!("「{argument}」后面少了值。"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("「{argument}」的值「{}」不对。", word(ContextKind::InvalidValue))
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("「{argument}」的值的个数不对。")
        }
        ErrorKind::NoEquals => format!("「{argument}」要用等号接上值。"),
        ErrorKind::InvalidUtf8 => "参数不是 UTF-8 文字。".to_owned(),
        _ => error.to_string(),
    }
}

fn words(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.join("、"),
        Some(ContextValue::StyledStr(words)) => words.to_string(),
        _ => String::new(),
    }
}
