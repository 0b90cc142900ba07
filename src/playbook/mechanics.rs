//! The names mechanics decide under: what stands in verdicts, in figures, and after `explain --rule`.

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
        let mut each = |kind: &str, all: &mut dyn Iterator<Item = &dyn Display>| {
            names.extend(all.map(|it| RuleName::new(format!("{name}/{kind}.{it}"))));
        };
        each("coupon", &mut coupons.keys().map(|it| it as &dyn Display));
        each("vote", &mut votes.keys().map(|it| it as &dyn Display));
        each("draw", &mut draws.keys().map(|it| it as &dyn Display));
        each("survey", &mut surveys.keys().map(|it| it as &dyn Display));
        each("quiz", &mut quizzes.keys().map(|it| it as &dyn Display));
        each("event", &mut gatherings.keys().map(|it| it as &dyn Display));
        each("check_in", &mut check_ins.keys().map(|it| it as &dyn Display));
        each("referral", &mut referrals.keys().map(|it| it as &dyn Display));
        each("column", &mut columns.keys().map(|it| it as &dyn Display));
        each("admission", &mut admissions.keys().map(|it| it as &dyn Display));
        each("shop", &mut goods.keys().map(|it| it as &dyn Display));
        each("membership", &mut memberships.keys().map(|it| it as &dyn Display));
        each("winback", &mut winbacks.keys().map(|it| it as &dyn Display));
        names
    }
}
