//! The report of an import as an operator reads it: what was lost is said louder than what was found.

use std::fmt::Write as _;

use jiff::tz::TimeZone;

use super::{FileSummary, Summary};
use crate::chat::fold::shown;
use crate::chat::{Lang, Moment};
use crate::import::when::Order;
use crate::recording::imported::Missing;

/// Unreadable rows and unknown sentences that are shown; the rest is counted.
const SHOWN: usize = 5;

/// The whole report.
pub fn text(summary: &Summary, zone: &TimeZone, lang: Lang) -> String {
    let mut out = String::new();
    for file in &summary.files {
        of_file(&mut out, file, lang);
    }
    span(&mut out, summary, zone, lang);
    messages(&mut out, summary, lang);
    events(&mut out, summary, lang);
    certainty(&mut out, summary, lang);
    losses(&mut out, summary, lang);
    rest(&mut out, summary, lang);
    out
}

fn put(out: &mut String, (zh, en): (&str, &str), text: &str, lang: Lang) {
    let label = lang.pick(zh, en);
    let width = lang.pick(8, 10);
    let _ = writeln!(out, "{}{text}", crate::dry_run::layout::pad(label, width));
}

fn of_file(out: &mut String, file: &FileSummary, lang: Lang) {
    let made_by = if file.made_by.is_empty() {
        file.title
    } else {
        &file.made_by
    };
    let rows = match lang {
        Lang::Zh => format!("{made_by}，{} 行，{}", file.rows, file.encoding),
        Lang::En => format!("{made_by}, {} rows, {}", file.rows, file.encoding),
    };
    let name = shown(&file.file);
    put(out, ("文件", "file"), &name, lang);
    if file.repeated {
        let said = lang.pick(
            "与前面的文件完全相同，已跳过",
            "the same bytes as a file before; passed over",
        );
        return put(out, ("", ""), said, lang);
    }
    put(out, ("格式", "form"), &rows, lang);
    if let Some(order) = file.dates {
        let order = match order {
            Order::Ymd => lang.pick("年/月/日", "year/month/day"),
            Order::Dmy => lang.pick("日/月/年", "day/month/year"),
            Order::Mdy => lang.pick("月/日/年", "month/day/year"),
        };
        let said = match lang {
            Lang::Zh => format!("日期按{order}读：只有这样时间才不倒退"),
            Lang::En => format!("dates read as {order}: only so does time run forward"),
        };
        put(out, ("", ""), &said, lang);
    }
    if file.unreadable > 0 {
        let said = match lang {
            Lang::Zh => format!("⚠ {} 行读不懂：", file.unreadable),
            Lang::En => format!("⚠ {} rows cannot be read:", file.unreadable),
        };
        put(out, ("", ""), &said, lang);
        for (row, why) in file.named.iter().take(SHOWN) {
            let said = match lang {
                Lang::Zh => format!("  第 {row} 行：{}", shown(why)),
                Lang::En => format!("  row {row}: {}", shown(why)),
            };
            put(out, ("", ""), &said, lang);
        }
    }
    if !file.set_aside.is_empty() {
        let kinds: Vec<String> = file
            .set_aside
            .iter()
            .map(|(word, times)| format!("{word} {times}"))
            .collect();
        let said = match lang {
            Lang::Zh => format!("不采用：{}", kinds.join("，")),
            Lang::En => format!("set aside: {}", kinds.join(", ")),
        };
        put(out, ("", ""), &said, lang);
    }
}

fn span(out: &mut String, summary: &Summary, zone: &TimeZone, lang: Lang) {
    let (Some(from), Some(to)) = (summary.from, summary.to) else {
        return;
    };
    let clock = |at: Moment| at.in_zone(zone).strftime("%Y-%m-%d %H:%M").to_string();
    let days = (to.date(zone) - from.date(zone)).get_days() + 1;
    let text = match lang {
        Lang::Zh => format!("{} … {}（{days} 天），时区 {}", clock(from), clock(to), summary.zone),
        Lang::En => format!("{} … {} ({days} days), zone {}", clock(from), clock(to), summary.zone),
    };
    put(out, ("时间", "time"), &text, lang);
    if summary.groups.len() > 1 {
        let text = match lang {
            Lang::Zh => format!("{} 个", summary.groups.len()),
            Lang::En => summary.groups.len().to_string(),
        };
        put(out, ("群", "groups"), &text, lang);
    }
}

fn messages(out: &mut String, summary: &Summary, lang: Lang) {
    let own = match (summary.own_messages, lang) {
        (0, Lang::Zh) => "没有本号的消息（可用 --self 指明）".to_owned(),
        (0, Lang::En) => "none of the log's own account (name it with --self)".to_owned(),
        (own, Lang::Zh) => format!("本号{} {own} 条，不触发规则", own_names(summary, lang)),
        (own, Lang::En) => format!(
            "{own} of the log's own account{}, which start no rule",
            own_names(summary, lang)
        ),
    };
    let text = match lang {
        Lang::Zh => format!("{} 条，{} 人发言；{own}", summary.messages, summary.speakers),
        Lang::En => format!("{}, {} people speak; {own}", summary.messages, summary.speakers),
    };
    put(out, ("消息", "messages"), &text, lang);
}

fn own_names(summary: &Summary, lang: Lang) -> String {
    let names: Vec<String> = summary.own.iter().take(3).map(|name| shown(name)).collect();
    match (names.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("（{}）", names.join("、")),
        (false, Lang::En) => format!(" ({})", names.join(", ")),
    }
}

fn events(out: &mut String, summary: &Summary, lang: Lang) {
    let or_none = |number: u64| {
        if number == 0 {
            "–".to_owned()
        } else {
            number.to_string()
        }
    };
    let (joins, leaves) = (&summary.joins, &summary.leaves);
    let left = or_none(leaves.left + leaves.inferred);
    let mut text = match lang {
        Lang::Zh => format!(
            "进群 {} 次 / {} 人   改群名 {}   撤回 {}   移出 {}   退群 {left}",
            joins.times, joins.people, summary.renames, summary.recalls, leaves.kicked
        ),
        Lang::En => format!(
            "{} joins of {} people   {} renames   {} recalls   {} removed   {left} left",
            joins.times, joins.people, summary.renames, summary.recalls, leaves.kicked
        ),
    };
    if leaves.inferred > 0 {
        text.push_str(&match lang {
            Lang::Zh => format!("（{} 人由两份名单推断）", leaves.inferred),
            Lang::En => format!(" ({} concluded from member lists)", leaves.inferred),
        });
    }
    put(out, ("事件", "events"), &text, lang);
}

fn certainty(out: &mut String, summary: &Summary, lang: Lang) {
    let joins = &summary.joins;
    if joins.people == 0 {
        return;
    }
    let parts = [
        (joins.id, "有编号", "by id"),
        (joins.name, "有名字", "by name"),
        (joins.inferred, "靠前后文推断", "inferred"),
        (joins.unknown, "无从得知", "unknown"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(people, _, _)| *people > 0)
        .map(|(people, zh, en)| match lang {
            Lang::Zh => format!("{zh} {people} 人"),
            Lang::En => format!("{people} {en}"),
        })
        .collect();
    let text = match lang {
        Lang::Zh => format!("进群成员：{}", parts.join("，")),
        Lang::En => format!("who came in: {}", parts.join(", ")),
    };
    put(out, ("把握", "certainty"), &text, lang);
    if joins.unknown > 0 {
        let text = match lang {
            Lang::Zh => format!(
                "⚠ 有 {} 位新成员的名字被导出工具丢了（写成「$names$」之类）：看得到有人进群，不知道是谁；按人计次的规则对他们无法判断。",
                joins.unknown
            ),
            Lang::En => format!(
                "⚠ the export lost the names of {} newcomers (written as \"$names$\" and the like): somebody came in, nobody knows who; rules that count by person cannot be judged for them.",
                joins.unknown
            ),
        };
        put(out, ("", ""), &text, lang);
    }
}

fn losses(out: &mut String, summary: &Summary, lang: Lang) {
    let mut warn = |zh: String, en: String| put(out, ("", ""), &lang.pick(zh, en), lang);
    if summary.missing_everywhere(Missing::Joins) {
        let speakers = summary.speakers;
        warn(
            format!("⚠ 0 次进群，但有 {speakers} 人发言 —— 这份记录丢了系统消息，欢迎规则无法检验。"),
            format!(
                "⚠ 0 joins, but {speakers} people speak: this log lost the network's lines; welcome rules cannot be judged."
            ),
        );
    }
    if summary.missing_everywhere(Missing::Leaves) {
        warn(
            "⚠ 这种记录里没有主动退群。依赖退群的规则无法用它检验（可用两份群成员名单补上：--roster）。".to_owned(),
            "⚠ this log holds nobody leaving of their own accord: rules that wait for it cannot be judged (two member lists help: --roster).".to_owned(),
        );
    }
    let some = summary
        .groups
        .iter()
        .filter(|group| group.missing.contains(&Missing::Joins))
        .count();
    if some > 0 && !summary.missing_everywhere(Missing::Joins) {
        warn(
            format!("⚠ {some} 个群的记录里没有进群。"),
            format!("⚠ the logs of {some} groups hold no joins."),
        );
    }
}

fn rest(out: &mut String, summary: &Summary, lang: Lang) {
    if summary.unknown_times > 0 {
        let text = match lang {
            Lang::Zh => format!(
                "系统行 {} 种 {} 行    → qunying import --show unknown",
                summary.unknown_kinds, summary.unknown_times
            ),
            Lang::En => format!(
                "{} kinds of the network's lines, {} in all    → qunying import --show unknown",
                summary.unknown_kinds, summary.unknown_times
            ),
        };
        put(out, ("未识别", "unknown"), &text, lang);
    }
    let mut parts = Vec::new();
    let mut part = |number: u64, zh: &str, en: &str| {
        if number > 0 {
            parts.push(match lang {
                Lang::Zh => format!("{zh} {number}"),
                Lang::En => format!("{number} {en}"),
            });
        }
    };
    part(summary.hints, "隐私提示", "privacy hints");
    part(summary.hints_used, "其中用于推断", "of them used to infer");
    part(summary.pats, "拍一拍", "pats");
    part(summary.cards, "改名片", "card changes");
    part(summary.duplicates, "重复（编号相同）", "told twice under one id");
    part(
        summary.same,
        "文件重叠处视为同一行",
        "rows the same in overlapping files",
    );
    for (kind, times) in &summary.others {
        part(*times, kind_in_chinese(kind), kind);
    }
    if !parts.is_empty() {
        put(out, ("另有", "also"), &parts.join(lang.pick("，", ", ")), lang);
    }
}

/// A kind of sentence as an operator calls it.
fn kind_in_chinese(kind: &str) -> &str {
    match kind {
        "owner" => "群主变更",
        "invite_confirm_on" => "开启邀请确认",
        "invite_confirm_off" => "关闭邀请确认",
        "top" => "置顶",
        "untop" => "取消置顶",
        "redpacket" => "红包",
        "redpacket_taken" => "领红包",
        "greeting" => "打招呼",
        "tool" => "群工具",
        "announcement" => "群公告",
        "payment" => "支付",
        "member" => "已是群成员",
        "mute" => "禁言",
        "essence" => "精华",
        "admin" => "管理员变更",
        "created" => "建群",
        "settings" => "群设置",
        "encrypted" => "加密提示",
        "present" => "原有成员",
        "own_join" => "本号进群",
        "dissolved" => "解散",
        "private" => "私聊系统行",
        "system" => "其他系统消息",
        other => other,
    }
}

/// Sentences the table does not know, the most frequent first, ready to be copied into a table of one's own.
pub fn unknown(summary: &Summary, lang: Lang) -> String {
    let mut out = String::new();
    if summary.unknown.is_empty() {
        let _ = writeln!(
            out,
            "{}",
            lang.pick("没有未识别的系统行。", "Every line of the network's is known.")
        );
    }
    for line in &summary.unknown {
        let place = match lang {
            Lang::Zh => format!("{} 第 {} 行", shown(&line.file), line.row),
            Lang::En => format!("{}:{}", shown(&line.file), line.row),
        };
        let clean: String = line
            .text
            .chars()
            .filter(|it| !crate::chat::fold::is_invisible(*it))
            .collect();
        let _ = writeln!(out, "{:>6}  {clean}    ({place})", line.times);
    }
    out
}
