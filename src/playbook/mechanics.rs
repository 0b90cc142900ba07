//! The names mechanics decide under: what stands in verdicts, in figures, and after `explain --rule`.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::Playbook;
use crate::chat::RuleName;

impl Playbook {
    /// Every mechanic it has, by the name its verdicts go under.
    #[allow(clippy::too_many_lines, reason = "one line a section: a table")]
    pub fn mechanics(&self) -> Vec<RuleName> {
        // A new mechanic belongs here, or beside those that decide nothing under a name of their own.
        let Playbook {
            name,
            title: _,
            groups: _,
            fold: _,
            rules: _,
            coupons,
            votes,
            draws,
            surveys,
            quizzes,
            gatherings,
            cadences: _,
            check_ins,
            referrals,
            columns,
            guards: _,
            telling,
            points,
            redemption,
            claim,
            ladder,
            rfm: _,
            super_users: _,
            tagging,
            asked_sources: _,
            sources,
            admissions,
            goods,
            counter,
            memberships,
            card_desk,
            winbacks,
            answers,
            faq,
            suggestions,
            linking,
            opting_out,
            privacy,
            stories: _,
            editions: _,
        } = self;
        let mut names: Vec<RuleName> = faq.iter().map(|answer| answer.name.clone()).collect();
        let alone = [
            ("birthday", telling.is_some()),
            ("points", points.is_some()),
            ("redemption", redemption.is_some()),
            ("claim", claim.is_some()),
            ("tiers", ladder.is_some()),
            ("tags", tagging.is_some()),
            ("sources", !sources.is_empty()),
            ("answers", answers.is_some()),
            ("suggestions", suggestions.is_some()),
            ("linking", linking.is_some()),
            ("opting_out", opting_out.is_some()),
            ("privacy", privacy.is_some()),
            ("exchange", counter.is_some()),
            ("memberships", card_desk.is_some()),
        ];
        let alone = alone.into_iter().filter(|(_, is_there)| *is_there);
        names.extend(alone.map(|(kind, _)| RuleName::new(format!("{name}/{kind}"))));
        if points.is_some() {
            let parts = [
                "speaking",
                "orders",
                "invited",
                "suggested",
                "feedback",
                "grant",
                "board",
                "expire",
            ];
            names.extend(parts.map(|part| RuleName::new(format!("{name}/points.{part}"))));
        }
        each(&mut names, (name, "coupon"), coupons);
        each(&mut names, (name, "vote"), votes);
        each(&mut names, (name, "draw"), draws);
        each(&mut names, (name, "survey"), surveys);
        each(&mut names, (name, "quiz"), quizzes);
        each(&mut names, (name, "event"), gatherings);
        each(&mut names, (name, "check_in"), check_ins);
        each(&mut names, (name, "referral"), referrals);
        each(&mut names, (name, "column"), columns);
        each(&mut names, (name, "admission"), admissions);
        each(&mut names, (name, "shop"), goods);
        each(&mut names, (name, "membership"), memberships);
        each(&mut names, (name, "winback"), winbacks);
        names
    }
}

/// `book/kind.NAME` of each.
fn each<N: Display, V>(names: &mut Vec<RuleName>, (book, kind): (&str, &str), all: &BTreeMap<N, V>) {
    names.extend(all.keys().map(|it| RuleName::new(format!("{book}/{kind}.{it}"))));
}
