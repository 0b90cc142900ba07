//! What chance does to each member.

use std::fmt::Write as _;

use crate::chat::Lang;
use crate::dry_run::layout::table;
use crate::dry_run::report::notes::percent;
use crate::dry_run::report::{Report, Show};

/// A summary shows so many members.
const SHOWN: usize = 10;

/// Members whom chance treats differently, the luckiest first.
pub fn chances(out: &mut String, report: &Report, lang: Lang) {
    let Some(runs) = &report.runs else { return };
    if runs.chances.is_empty() {
        let _ = match lang {
            Lang::Zh => writeln!(
                out,
                " 骰子不改变任何人得到什么：{} 次演练里，{} 人每次都一样。\n",
                runs.runs, runs.certain
            ),
            Lang::En => writeln!(
                out,
                " The dice change nobody's share: in all {} runs {} people were given the same.\n",
                runs.runs, runs.certain
            ),
        };
        return;
    }
    let shown = match report.show {
        Show::Summary => runs.chances.len().min(SHOWN),
        Show::Rules | Show::Events => runs.chances.len(),
    };
    let row = |chance: &crate::dry_run::runs::Chance| {
        let worth = chance.worth;
        vec![
            chance.who.name.clone(),
            percent(chance.permille),
            format!("¥{}", worth.min),
            format!("¥{}", worth.median),
            format!("¥{}", worth.max),
        ]
    };
    let heading = lang.pick(
        ["谁", "得到的机会", "最少", "中间", "最多"],
        ["who", "chance to get", "least", "middle", "most"],
    );
    out.push_str(&table(
        &heading,
        runs.chances.iter().take(shown).map(row).collect(),
        &[1, 2, 3, 4],
    ));
    let folded = runs.chances.len() - shown;
    if folded > 0 {
        let _ = match lang {
            Lang::Zh => writeln!(out, "   另有 {folded} 人：--show rules"),
            Lang::En => writeln!(out, "   {folded} more: --show rules"),
        };
    }
    out.push('\n');
}
