//! A rule that is renamed, and renamed again, does to the byte what it would have done under its first name.

use std::time::Duration;

use proptest::prelude::*;
use qunying::chat::{Deed, Event, EventId, Happening, Moment};
use qunying::community::Community;
use qunying::engine::{Dice, due_event, step};
use qunying::playbook::Playbooks;

use super::stage::{books, group, house, joins, leaves, says};

/// Every kind of memory a rule has: dice for words and codes, a cooldown, a limit, two ways to wait.
fn playbook(names: [&str; 4], was: [Option<&str>; 4]) -> String {
    let head = |place: usize| {
        let was = was[place].map_or_else(String::new, |was| format!("was = \"{was}\"\n"));
        format!("[[rule]]\nname = \"{}\"\n{was}", names[place])
    };
    format!(
        r#"
{}on = {{ message = "礼包" }}
limit = {{ count = "3 per day", per = "person" }}
then = [ {{ give = "pack" }}, {{ say = ["给你", "拿好", "收下", "慢用"] }} ]
{}on = {{ message = "聊聊" }}
cooldown = "30m"
then = [ {{ say = ["好呀", "来啦", "嗯嗯", "在的"] }} ]
{}on = "joined"
gather = "10m"
then = [ {{ say = ["欢迎", "你好", "来坐"] }} ]
{}on = {{ message = "提醒我" }}
after = "2h"
then = [ {{ give = "pack" }}, {{ say = ["到点", "时间到", "该走了"] }} ]

[coupon.pack]
title = "礼包"
worth = "1.00"
valid = "7d"
limit = {{ total = 1000 }}
"#,
        head(0),
        head(1),
        head(2),
        head(3)
    )
}

/// The names of the four rules after so many renamings, and the ones they had before.
fn renamed(times: usize) -> Playbooks {
    let names = |times: usize| {
        ["pack", "chat", "greet", "later"].map(|name| match times {
            0 => name.to_owned(),
            // The third name is the first one again.
            times if times % 3 == 2 => name.to_owned(),
            times => format!("{name}-{times}"),
        })
    };
    let now = names(times);
    let before = times.checked_sub(1).map(names);
    let was = |place: usize| before.as_ref().map(|before| before[place].as_str());
    let text = playbook([&now[0], &now[1], &now[2], &now[3]], [was(0), was(1), was(2), was(3)]);
    books(&text, house())
}

struct Camp {
    books: Playbooks,
    community: Community,
    now: Moment,
    done: Vec<String>,
}

impl Camp {
    fn new() -> Self {
        let now = Moment::at_local("2026-03-02T09:00".parse().unwrap(), &house().zone);
        let mut camp = Self {
            books: renamed(0),
            community: Community::default(),
            now,
            done: Vec::new(),
        };
        camp.take_up("first");
        camp.tell("bot", Happening::BotJoined { group: group("群") });
        camp
    }

    fn take_up(&mut self, fingerprint: &str) {
        let happening = Happening::PlaybooksInForce {
            fingerprint: fingerprint.to_owned(),
            sources: Vec::new(),
        };
        self.tell(&format!("books/{fingerprint}"), happening);
    }

    fn wait(&mut self, length: Duration) {
        let until = self.now.plus(length);
        while let Some((due, key, entry)) = self.community.next_due().filter(|(due, _, _)| *due <= until) {
            let event = due_event(&self.community, due, key, &entry.what);
            self.decide(&event, due.max(self.community.now()));
        }
        self.now = until;
    }

    fn tell(&mut self, id: &str, happening: Happening) {
        let (id, at) = (EventId::new(id), self.now);
        self.decide(&Event { id, at, happening }, at);
    }

    fn decide(&mut self, event: &Event, now: Moment) {
        let decision = step(&self.books, &mut self.community, event, now, &Dice::of(b"names")).decision;
        for action in decision.actions {
            let (id, due, deed): (_, _, &Deed) = (&action.id, action.due, &action.deed);
            self.done.push(format!("{id} {due} {deed:?}"));
        }
    }

    /// Coupons with their codes, and how much each person has had.
    fn coupons(&self) -> Vec<String> {
        let coupons = self.community.coupons().values();
        coupons
            .map(|coupon| format!("{} {}", coupon.code, coupon.person))
            .collect()
    }
}

fn played(script: &[(u8, u8, u16)], renames: &[usize]) -> (Vec<String>, Vec<String>) {
    let mut camp = Camp::new();
    let mut times = 0;
    for (nth, (what, who, gap)) in script.iter().enumerate() {
        camp.wait(Duration::from_secs(u64::from(*gap)));
        if renames.contains(&nth) {
            times += 1;
            camp.books = renamed(times);
            // A restart with the same playbooks takes them up again; nothing follows from that.
            camp.take_up(&format!("{times}"));
            camp.take_up(&format!("{times} again"));
        }
        let who = ["甲", "乙", "丙"][usize::from(*who)];
        let happening = match what {
            0 | 1 => says(Some("群"), who, "礼包", 1),
            2 | 3 => says(Some("群"), who, "聊聊", 1),
            4 => joins("群", who),
            5 => says(Some("群"), who, "提醒我", 1),
            _ => leaves("群", who),
        };
        camp.tell(&format!("e{nth}"), happening);
    }
    camp.wait(Duration::from_secs(86_400));
    let coupons = camp.coupons();
    (camp.done, coupons)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_rule_under_another_name_does_the_same(
        script in proptest::collection::vec((0_u8..7, 0_u8..3, 0_u16..4_000), 1..60),
        renames in proptest::collection::vec(0_usize..60, 0..5),
    ) {
        prop_assert_eq!(played(&script, &renames), played(&script, &[]));
    }
}
