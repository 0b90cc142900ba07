//! `forget`: a person who wants to be forgotten, out of everything that is kept.
//!
//! Works on a store nobody has open, because the running bot holds the community in memory and would write them down again.

use std::collections::BTreeSet;

use clap::Args;

use super::books::{self, Books};
use super::clock::clock;
use super::keep::said;
use super::run::secret;
use super::{Ending, Outcome, Setting};
use crate::chat::{Event, EventId, Happening, Lang, Moment, PersonId, StaffOrder};
use crate::community::Community;
use crate::config::Config;
use crate::engine::{self, Dice};
use crate::event_loop::{Arose, LAYOUT, arise};
use crate::playbook::Playbooks;
use crate::recording::Record;
use crate::recording::forgetting::Forgetting;
use crate::store::rewrite::{Rewrite, Rewritten, rewrite};
use crate::store::{self, StoreError};

/// `forget`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Their id, or a name nobody else has
    person: String,
    /// Do it; without this it is only told who is meant and what goes
    #[arg(long = "yes", id = "meant")]
    meant: bool,
}

/// Forgets somebody: the recordings, the snapshots and the state are written anew without them.
pub fn forget(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let failed = |error: StoreError| said(&error, lang);
    let Some(books) = books::sound(&books::sources(&Books::default(), &config, lang)?, &config, lang) else {
        return Ok(Ending::ProblemsFound);
    };
    let arose = arise(config.places.clone()).map_err(failed)?;
    let person = meant(&wanted.person, &arose.community, lang)?;
    // Whoever they go by, and the accounts linked to that.
    let linked: Vec<PersonId> = arose.community.linked_to(&person).cloned().collect();
    let accounts: Vec<PersonId> = std::iter::once(person.clone()).chain(linked).collect();
    let is_group = |account: &&PersonId| {
        let mut groups = arose.community.groups().keys();
        groups.any(|group| group.as_str() == account.as_str())
    };
    if let Some(account) = accounts.iter().find(is_group) {
        anyhow::bail!(lang.pick(
            format!("{account} 也是一个群的编号，分不清哪些记录说的是人；没有动任何内容"),
            format!("{account} is the id of a group too, and nobody can tell which is meant; nothing was changed"),
        ));
    }
    if !wanted.meant {
        anstream::println!("{}", warned(&accounts, &arose.community, lang));
        arose.store.close().map_err(failed)?;
        return Ok(Ending::Fine);
    }
    let dice = Dice::of(&secret(&config, lang)?);
    let done = without(&accounts, arose, (&books, &dice)).map_err(failed)?;
    // The state is rebuilt at once, into a fresh directory: what sled deleted it kept.
    let arose = arise(config.places.clone()).map_err(failed)?;
    arose.store.close().map_err(failed)?;
    told(&accounts, done, &config, lang);
    Ok(Ending::Fine)
}

/// Who is meant, and what goes.
fn warned(accounts: &[PersonId], community: &Community, lang: Lang) -> String {
    let [person, linked @ ..] = accounts else {
        return String::new();
    };
    let name = community.name_of(None, person);
    let called = |account: &PersonId| match community.account_name(account) {
        "" => account.to_string(),
        name => lang.pick(format!("{name}（{account}）"), format!("{name} ({account})")),
    };
    let others: Vec<String> = linked.iter().map(called).collect();
    let others = match others.as_slice() {
        [] => String::new(),
        _ => lang.pick(
            format!("绑定着的 {} 个账号一起忘记：{}。\n", others.len(), others.join("、")),
            format!("Linked accounts are forgotten too: {}.\n", others.join(", ")),
        ),
    };
    lang.pick(
        format!("要忘记的是 {name}（{person}）：名字、名片、生日、资料、手机号（连尾号和标记）、标签、发过的话都会从录音、快照和状态里清除，金额、积分、券和票数留着，不再说是谁。\n{others}清除以后找不回来；以前的备份里还有，请一并处理。确定就加上 --yes。"),
        format!("{name} ({person}) would be forgotten: name, cards, birthday, fields, phones with their last digits and marks, tags and everything they wrote go from the recordings, the snapshots and the state; amounts, points, coupons and ballots stay and say of nobody.\n{others}It cannot be undone, and older backups still have them. Add --yes to do it."),
    )
}

fn told(accounts: &[PersonId], done: Rewritten, config: &Config, lang: Lang) {
    let Rewritten { records, snapshots } = done;
    let person = accounts.iter().map(PersonId::as_str).collect::<Vec<_>>();
    let (person, are) = (
        person.join(lang.pick("、", ", ")),
        if person.len() == 1 { "is" } else { "are" },
    );
    let dir = config.places.recording.display();
    anstream::println!(
        "{}",
        lang.pick(
            format!("已忘记 {person}：改写了 {records} 条录音（{dir}）和 {snapshots} 份快照，状态已重建。以前的备份和导出的文件请自行删除。"),
            format!("{person} {are} forgotten: {records} records in {dir} and {snapshots} snapshots were written anew, the state is rebuilt. Please delete older backups and exports yourself."),
        )
    );
}

/// The person of this id, of this id without its gateway, or of this name.
pub(super) fn meant(written: &str, community: &Community, lang: Lang) -> Result<PersonId, anyhow::Error> {
    let accounts = || community.all_accounts();
    let by_id = accounts().filter(|(id, _)| id.as_str() == written || id.wire() == written);
    // Whose account it is: by any of several somebody is the same person.
    let mut found: BTreeSet<&PersonId> = by_id.map(|(id, _)| community.person_of(id)).collect();
    if found.is_empty() {
        let is_called = |(id, name): &(&PersonId, &str)| {
            let in_group = |group| community.name_of(Some(group), id) == written;
            *name == written || community.groups().keys().any(in_group)
        };
        found = accounts()
            .filter(is_called)
            .map(|(id, _)| community.person_of(id))
            .collect();
    }
    match Vec::from_iter(found).as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(anyhow::anyhow!(lang.pick(
            format!("没有 {written} 这个人；请写编号（如 qq/10001）或名字"),
            format!("nobody is called {written}; give an id (like qq/10001) or a name"),
        ))),
        several => {
            let ids: Vec<&str> = several.iter().take(10).map(|id| id.as_str()).collect();
            Err(anyhow::anyhow!(lang.pick(
                format!("有 {} 位叫 {written}，请写编号：{}", several.len(), ids.join("、")),
                format!(
                    "{} people are called {written}; give the id: {}",
                    several.len(),
                    ids.join(", ")
                ),
            )))
        }
    }
}

/// Writes everything anew without a person, whose accounts these are; the first is the one they go by.
fn without(accounts: &[PersonId], arose: Arose, (books, dice): (&Playbooks, &Dice)) -> Result<Rewritten, StoreError> {
    let Arose {
        community,
        store,
        places,
        ..
    } = arose;
    // A snapshot of now, so that a recording whose beginning is gone can be rebuilt without the derived state.
    store.snapshot_of(community.all_rows())?;
    let last_seq = store.last_seq();
    store.close()?;
    let aliases = free_aliases(accounts, &community);
    let alias = aliases.first().cloned().unwrap_or_else(|| PersonId::new("?"));
    let ids: Vec<&str> = community.all_accounts().map(|(id, _)| id.as_str()).collect();
    let mut forgetting = Forgetting::of(accounts.iter().cloned().zip(aliases).collect(), &ids);
    look_over(&mut forgetting, &places)?;
    // Orders of a number they told are known by its mark, though nobody said that they are theirs.
    let marks = forgetting.numbers().filter_map(|number| dice.phone(number));
    let marks: Vec<String> = marks.map(|phone| phone.mark).collect();
    forgetting.looked(marks);
    let unread = |why| StoreError::NotUnderstood {
        file: places.recording.clone(),
        line: 0,
        why,
    };
    let closing = closing(&forgetting, &community, (books, &alias)).map_err(unread)?;
    let forgetting = std::cell::RefCell::new(forgetting);
    let mut record = |body: &str| forgetting.borrow_mut().record(body);
    let mut row = |key: &[u8], value: &[u8]| {
        let key = str::from_utf8(key).map_err(|_| "a key is not text".to_owned())?;
        let (key, value) = forgetting.borrow().row(key, value)?;
        Ok((key.into_bytes(), value))
    };
    rewrite(
        &places,
        Rewrite {
            record: &mut record,
            row: &mut row,
            closing: &closing,
            layout: LAYOUT,
            last_seq,
        },
    )
}

/// For each account somebody nobody knows, whose number is free.
fn free_aliases(accounts: &[PersonId], community: &Community) -> Vec<PersonId> {
    let mut aliases: Vec<PersonId> = Vec::new();
    for account in accounts {
        let numbered = |n: u32| PersonId::at(&account.gateway(), &format!("?forgotten-{n}"));
        let is_free = |alias: &PersonId| {
            let known = community.people().contains_key(alias) || community.links().contains_key(alias);
            !known && !aliases.contains(alias)
        };
        let free = (1..).map(numbered).find(is_free);
        aliases.push(free.unwrap_or_else(|| numbered(0)));
    }
    aliases
}

/// Shows everything once before anything is rewritten: a name may have been told late and said early.
fn look_over(forgetting: &mut Forgetting, places: &store::Places) -> Result<(), StoreError> {
    for record in store::read_all(&places.recording)? {
        let record = record?;
        forgetting
            .look_at_record(&record.body)
            .map_err(|why| StoreError::NotUnderstood {
                file: record.file.to_path_buf(),
                line: record.line,
                why,
            })?;
    }
    for (_, file) in store::snapshot::list(&places.snapshots)? {
        // One that cannot be read is removed; nothing in it is needed.
        let _unreadable = store::snapshot::read(&file, |key, value| match str::from_utf8(key) {
            Ok(key) => forgetting.look_at_row(key, value),
            Err(_) => Ok(()),
        });
    }
    Ok(())
}

/// The record at the end: nothing waits any more for whoever stands in their place.
fn closing(
    forgetting: &Forgetting,
    community: &Community,
    (books, alias): (&Playbooks, &PersonId),
) -> Result<String, String> {
    let mut without = Community::default();
    for (key, value) in community.all_rows() {
        let (key, value) = forgetting.row(&key, &value)?;
        without.restore(&key, &value).map_err(|error| error.to_string())?;
    }
    without.made_whole();
    let now: Moment = clock().max(community.now());
    let event = Event {
        id: EventId::new(format!("forgotten/{alias}")),
        at: now,
        happening: Happening::Ordered(StaffOrder::Forgotten { person: alias.clone() }),
    };
    // Nothing is thrown for this: no rule is weighed.
    let stepped = engine::step(books, &mut without, &event, now, &Dice::of(b"forgetting"));
    let decision = stepped.decision;
    Ok(Record::of(now, event, decision.changes, decision.actions).body())
}
