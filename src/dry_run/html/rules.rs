//! The rules of a page: what became of each trigger, with examples, and what it cost.

use jiff::tz::TimeZone;

use super::charts;
use super::chats::Chats;
use crate::chat::{Fen, Lang};
use crate::dry_run::because::{because, period_zh, when};
use crate::dry_run::effects::{Effect, plain};
use crate::dry_run::report::closing::{ReasonLine, RuleLine};
use crate::dry_run::report::detail::{Curve, RuleDetail};
use crate::dry_run::report::{Detail, Report};
use crate::playbook::Period;

/// Examples shown at once; further ones are folded.
const AT_ONCE: usize = 3;

/// The rules of a page.
pub struct Rules {
    pub touched: Vec<RuleView>,
    /// Rules nothing ever touched, and those switched off.
    pub untouched: Vec<String>,
    pub off: Vec<String>,
}

/// One rule.
pub struct RuleView {
    pub name: String,
    pub stands: Option<String>,
    pub triggers: u64,
    pub steps: Vec<StepView>,
    /// The sum that must come out: `68 = 39 + 21 + 8`.
    pub sum: String,
    pub messages: u64,
    pub deferred: u64,
    pub coupons: u64,
    pub worth: Fen,
    pub examples: Vec<ExampleView>,
    pub more: Vec<ExampleView>,
    pub left_out: u64,
    pub costs: Vec<CostView>,
}

/// A step of the funnel.
pub struct StepView {
    pub mark: &'static str,
    pub class: &'static str,
    pub label: String,
    pub count: u64,
    pub first: String,
    pub cases: Vec<(String, String, String)>,
}

/// One thing the rule did.
pub struct ExampleView {
    pub time: String,
    pub text: String,
    pub day: Option<usize>,
}

/// One coupon of the rule.
pub struct CostView {
    pub title: String,
    pub chart: String,
    pub given: usize,
    pub total: Fen,
    pub cap: Option<String>,
    pub ran_out: Vec<String>,
}

impl Rules {
    pub fn of(report: &Report, detail: &Detail, (chats, lang): (&Chats, Lang), most: usize) -> Self {
        let nothing = RuleDetail::default();
        let (touched, rest): (Vec<&RuleLine>, Vec<&RuleLine>) = report
            .rules
            .iter()
            .partition(|rule| rule.triggers > 0 || rule.messages > 0 || rule.coupons > 0);
        let each = most.checked_div(touched.len()).unwrap_or(0).clamp(AT_ONCE, 200);
        let name = |rule: &&&RuleLine| plain(rule.rule.as_str());
        let view = |rule: &&RuleLine| {
            let kept = detail.rules.get(&rule.rule).unwrap_or(&nothing);
            let mut examples: Vec<ExampleView> = kept
                .examples
                .iter()
                .take(each)
                .map(|effect| example(effect, chats, (&report.zone, lang)))
                .collect();
            let shown = examples.len() as u64;
            let more = examples.split_off(examples.len().min(AT_ONCE));
            RuleView {
                name: plain(rule.rule.as_str()),
                stands: rule.stands().map(|stands| plain(&stands.said(lang))),
                triggers: rule.triggers,
                steps: funnel(rule, kept, &report.zone, lang),
                sum: sum(rule),
                messages: rule.messages,
                deferred: rule.deferred,
                coupons: rule.coupons,
                worth: rule.worth,
                examples,
                more,
                left_out: (rule.messages + rule.coupons).saturating_sub(shown),
                costs: costs(rule, detail, report, lang),
            }
        };
        Self {
            touched: touched.iter().map(view).collect(),
            untouched: rest
                .iter()
                .filter(|rule| !rule.off && rule.line.is_some())
                .map(|rule| name(&rule))
                .collect(),
            off: rest.iter().filter(|rule| rule.off).map(|rule| name(&rule)).collect(),
        }
    }
}

fn example(effect: &Effect, chats: &Chats, (zone, lang): (&TimeZone, Lang)) -> ExampleView {
    ExampleView {
        time: when(effect.at, zone),
        text: effect.what.line(lang),
        day: chats.day_of(effect, zone),
    }
}

/// From what triggered it to what came out, with everything that was lost on the way.
fn funnel(rule: &RuleLine, kept: &RuleDetail, zone: &TimeZone, lang: Lang) -> Vec<StepView> {
    let plainly = |mark, class, label: &str, count| StepView {
        mark,
        class,
        label: label.to_owned(),
        count,
        first: String::new(),
        cases: Vec::new(),
    };
    let held = |reason: &ReasonLine, class| StepView {
        mark: "✗",
        class,
        label: reason.first.label(lang).to_owned(),
        count: reason.times,
        first: because(&reason.first, lang, zone),
        cases: kept
            .held
            .get(reason.reason)
            .into_iter()
            .flatten()
            .map(|held| {
                let person = held.person.as_ref().map_or(String::new(), |who| who.name.clone());
                (when(held.at, zone), person, because(&held.verdict, lang, zone))
            })
            .collect(),
    };
    let mut steps = vec![plainly("▸", "all", lang.pick("触发", "triggered"), rule.triggers)];
    steps.extend(rule.reasons.iter().map(|reason| held(reason, "no")));
    if rule.merged > 0 {
        steps.push(plainly("~", "so", lang.pick("合并到别条", "merged"), rule.merged));
    }
    if rule.waiting > 0 {
        steps.push(plainly("~", "so", lang.pick("还在等", "waiting"), rule.waiting));
    }
    steps.push(plainly("✓", "yes", lang.pick("发出", "fired"), rule.fired));
    steps.extend(rule.remarks.iter().map(|reason| StepView {
        mark: "!",
        ..held(reason, "note")
    }));
    steps
}

fn sum(rule: &RuleLine) -> String {
    let RuleLine {
        triggers,
        fired,
        merged,
        held,
        waiting,
        ..
    } = rule;
    format!("{triggers} = {fired} + {merged} + {held} + {waiting}")
}

fn costs(rule: &RuleLine, detail: &Detail, report: &Report, lang: Lang) -> Vec<CostView> {
    let given = detail.costs.gives.get(&rule.rule).into_iter().flatten();
    let curves = given.filter_map(|coupon| detail.costs.coupons.get(coupon));
    let view = |curve: &Curve| CostView {
        title: plain(&curve.title),
        chart: charts::cost(curve, (report.from, report.until.max(report.to)), &report.zone),
        given: curve.spent.len(),
        total: curve.spent.iter().map(|(_, worth, _)| *worth).sum(),
        cap: curve.cap.map(|(cap, period)| capped(curve, (cap, period), lang)),
        ran_out: curve
            .ran_out
            .iter()
            .map(|(period, at)| match lang {
                Lang::Zh => format!("{}在 {} 用完", period_zh(period), when(*at, &report.zone)),
                Lang::En => format!("{period}: ran out at {}", when(*at, &report.zone)),
            })
            .collect(),
    };
    curves.filter(|curve| !curve.spent.is_empty()).map(view).collect()
}

fn capped(curve: &Curve, (cap, period): (Fen, Period), lang: Lang) -> String {
    let per = match period {
        Period::Day => lang.pick("每天", "a day"),
        Period::Week => lang.pick("每周", "a week"),
        Period::Month => lang.pick("每月", "a month"),
        Period::Year => lang.pick("每年", "a year"),
        Period::Ever => lang.pick("一共", "in all"),
    };
    let Fen(most) = charts::most_spent(curve);
    let used = most.saturating_mul(100).checked_div(cap.0).unwrap_or(100);
    let beyond = match charts::cap_is_drawn(curve) {
        true => "",
        false => lang.pick("，在图上方之外", ", above the chart"),
    };
    match lang {
        Lang::Zh => format!("上限 {per} ¥{cap}（最多用到 {used}%{beyond}）"),
        Lang::En => format!("at most ¥{cap} {per} ({used}% used at most{beyond})"),
    }
}
