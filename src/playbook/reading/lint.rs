//! What can be read, will be done, and still should not be said or done: the law's words, the platform's rules, tone,
//! and promises nothing keeps. Warnings, each silenced by `allow` with a reason.

mod advertising;
mod earning;
mod endless;
mod goods;
mod inducement;
mod keyword;
mod lottery;
mod personal;
mod promise;
mod promos;
mod reach;
mod shadow;
mod stacking;
mod tags;
mod tone;

use crate::playbook::Playbook;

use super::draft::Draft;

/// Goes over everything that was read.
pub(super) fn all(books: &[Playbook], draft: &mut Draft<'_, '_>) {
    let said = std::mem::take(&mut draft.said);
    let rules = std::mem::take(&mut draft.rules);
    for text in said.iter().filter(|text| text.is_for_members()) {
        advertising::words(text, &mut draft.problems);
        inducement::sharing(text, &mut draft.problems);
        personal::asked(text, &mut draft.problems);
        tone::length(text, &mut draft.problems);
        tone::exclamations(text, &mut draft.problems);
    }
    lottery::terms(&said, &mut draft.problems);
    for (text, rule) in said.iter().filter_map(|text| Some((text, rules.get(text.rule?)?))) {
        tone::sameness(text, &rule.rule, &mut draft.problems);
        tone::mention_all(text, &rule.rule, &mut draft.problems);
        tone::may_be_empty(text, &rule.rule, &mut draft.problems);
    }
    promise::validity(&said, draft);
    promise::days(&said, &rules, draft);
    shadow::shadowed(&rules, draft);
    promos::in_a_week(&rules, books, draft);
    tags::unknown(&rules, books, draft);
    tags::unknown_names(&rules, books, draft);
    endless::coupons(draft);
    earning::nothing(books, draft);
    goods::same(books, draft);
    goods::coupons(books, draft);
    stacking::worst_bill(&rules, draft);
    for rule in rules.iter().filter(|rule| !rule.rule.off) {
        // Nobody can say how often a rule fires whose trigger or timing cannot be read.
        if !rule.unsure {
            reach::greeting_again(rule, &mut draft.problems);
            reach::uncooled(rule, &mut draft.problems);
            endless::points(rule, draft);
        }
        reach::condition(rule, draft);
        reach::never_decided(rule, books, &mut draft.problems);
        let keywords = keyword::anywhere(rule);
        keyword::short(&keywords, &mut draft.problems);
        draft.keywords.extend(keywords);
        keyword::everything(rule, &mut draft.problems);
    }
}
