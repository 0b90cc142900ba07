//! What reading lost, and what no rehearsal can know.

use std::fmt::Write as _;

use crate::chat::Lang;
use crate::dry_run::effects::plain;
use crate::dry_run::report::Report;

/// What reading could not use.
pub fn losses(out: &mut String, report: &Report, lang: Lang) {
    const SHOWN: usize = 5;
    let losses = &report.losses;
    if losses.unreadable > 0 {
        let _ = match lang {
            Lang::Zh => writeln!(out, " 读不出 {} 行（共 {} 行）", losses.unreadable, losses.lines),
            Lang::En => writeln!(
                out,
                " {} of {} lines could not be read",
                losses.unreadable, losses.lines
            ),
        };
        for bad in losses.named.iter().take(SHOWN) {
            let _ = writeln!(out, "   {}:{}  {}", plain(&bad.file), bad.line, plain(&bad.why));
        }
        if losses.named.len() > SHOWN {
            let more = losses.unreadable - SHOWN as u64;
            let _ = match lang {
                Lang::Zh => writeln!(out, "   另有 {more} 行：--format json"),
                Lang::En => writeln!(out, "   {more} more: --format json"),
            };
        }
    }
    for (word, times) in &losses.set_aside {
        let _ = match lang {
            Lang::Zh => writeln!(out, " 不采用 {times} 行：{word}"),
            Lang::En => writeln!(out, " {times} lines set aside: {word}"),
        };
    }
    if losses.out_of_order > 0 {
        let _ = match lang {
            Lang::Zh => writeln!(out, " {} 行时间倒退，已按时间排好", losses.out_of_order),
            Lang::En => writeln!(
                out,
                " {} lines stood out of order and were sorted by time",
                losses.out_of_order
            ),
        };
    }
    if let Some((file, line)) = &losses.unfinished {
        let _ = match lang {
            Lang::Zh => writeln!(out, " {} 第 {line} 行没有写完（从未被确认），不计", plain(file)),
            Lang::En => writeln!(
                out,
                " {}:{line} is unfinished (never acknowledged) and left out",
                plain(file)
            ),
        };
    }
}

/// What this run cannot know.
pub fn honesty(out: &mut String, report: &Report, lang: Lang) {
    let _ = match lang {
        Lang::Zh => writeln!(
            out,
            " 演练不知道的事：群友会不会回应；券会不会被用（按面值计为上限）；网关会不会限频或失败（没有记录的发送都按成功计）。"
        ),
        Lang::En => writeln!(
            out,
            " What a rehearsal cannot know: whether members answer; whether coupons are used (face value is the ceiling);\n whether the gateway throttles or fails (a send without a recorded answer counts as done)."
        ),
    };
    if report.answers_ignored > 0 {
        let _ = match lang {
            Lang::Zh => writeln!(
                out,
                " 录音里有 {} 条发送结果与本次演练无关，未采用。",
                report.answers_ignored
            ),
            Lang::En => writeln!(
                out,
                " {} recorded answers belong to nothing this run asked for.",
                report.answers_ignored
            ),
        };
    }
}
