//! `[event.NAME]`.

use std::time::Duration;

use crate::chat::GatheringName;
use crate::playbook::Gathering;
use crate::playbook::gathering::SignUp;
use crate::playbook::problem::Problems;
use crate::playbook::trigger::From;
use crate::playbook::written::{Item, Table};

use super::book::Binding;
use super::draft::{Draft, Heard};
use super::{phrase, words};

const HOUR: Duration = Duration::from_secs(3600);

pub(super) fn read<'t>(item: Item<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<Gathering> {
    let mut table = item.table(&mut draft.problems)?;
    let problems = &mut draft.problems;
    let title = table
        .need("title", "title = \"周末品茶会\"", problems)
        .and_then(|item| item.text(problems));
    let about = table.text("about", problems).unwrap_or_default().to_owned();
    let mut length = |key: &'static str, default: Duration| table.length(key, problems).unwrap_or(default);
    let tease = length("tease", 72 * HOUR);
    let remind = length("remind", 2 * HOUR);
    let lasts = length("lasts", HOUR);
    let review = length("review", HOUR);
    let sign_up_item = table.take("sign_up");
    let sign_up = sign_up_item
        .and_then(|item| item.table(problems))
        .map(|table| sign_up(table, (item.key, binding), draft));
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Gathering {
        name: GatheringName::new(item.key),
        line: item.line(),
        title: title?.to_owned(),
        about,
        tease,
        remind,
        lasts,
        review,
        sign_up,
        phrases,
    })
}

fn sign_up<'t>(mut table: Table<'t>, (event, binding): (&str, &Binding<'_>), draft: &mut Draft<'t, '_>) -> SignUp {
    let mut said = |key: &'static str, default: &str, problems: &mut Problems| {
        let item = table.take(key);
        let words = item.and_then(|item| words::folded(&item, problems));
        // Events take turns; the same words at two of them are no quarrel, but with a rule they are.
        if let (Some(item), Some(words)) = (item, &words) {
            for word in words {
                let by = format!("event {event}");
                draft.heard.push(Heard {
                    stops: false,
                    word: word.clone(),
                    item,
                    within: false,
                    from: From::Anyone,
                    by,
                    groups: binding.groups.clone(),
                });
            }
        }
        words.unwrap_or_else(|| vec![default.to_owned()])
    };
    let problems = &mut draft.problems;
    let join = said("join", "报名", problems);
    let leave = said("leave", "取消报名", problems);
    let list = said("list", "名单", problems);
    let sign_up = SignUp {
        join,
        leave,
        list,
        capacity: table.count("capacity", problems),
        waiting: table.truth("waiting", problems).unwrap_or(true),
        seats_each: table.count("seats_each", problems).unwrap_or(1),
    };
    table.finish(problems);
    sign_up
}
