//! Chance, and invented people.

use jiff::civil::Time;
use qunying::chat::{GatewayName, PersonId};

/// What tells of everything.
pub const GATEWAY: &str = "shop";
/// The owner of the groups, who is staff in the shipped config.
pub const BOSS: &str = "9001";

/// SplitMix64: the same seed gives the same numbers on every machine.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 if there is none.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(1).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    pub fn one_in(&mut self, turns: usize) -> bool {
        self.below(turns) == 0
    }

    pub fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }

    /// By day mostly, in the evening often, at night seldom.
    pub fn time_of_day(&mut self) -> Time {
        let hours = [
            8, 9, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 20, 20, 21, 21, 22, 22, 23, 1,
        ];
        let hour = hours[self.below(hours.len())];
        let minute = i8::try_from(self.below(60)).unwrap_or(0);
        let second = i8::try_from(self.below(60)).unwrap_or(0);
        Time::constant(hour, minute, second, 0)
    }
}

/// Somebody invented.
#[derive(Clone)]
pub struct Person {
    pub wire: String,
    pub name: String,
}

impl Person {
    pub fn new(number: u32, name: String) -> Self {
        Self {
            wire: number.to_string(),
            name,
        }
    }

    pub fn boss() -> Self {
        Self {
            wire: BOSS.to_owned(),
            name: "掌柜阿茶".to_owned(),
        }
    }

    pub fn id(&self) -> PersonId {
        PersonId::at(&GatewayName::new(GATEWAY), &self.wire)
    }
}

/// Names nobody is known to have.
pub fn names(chance: &mut Chance, count: usize) -> Vec<String> {
    const FIRST: [&str; 24] = [
        "青", "晚", "半", "云", "松", "小", "阿", "闲", "听", "竹", "山", "溪", "墨", "初", "南", "桃", "清", "慢",
        "一", "柚", "白", "星", "禾", "鹿",
    ];
    const SECOND: [&str; 24] = [
        "茗", "舟", "夏", "栀", "满", "棠", "雨", "柠", "眠", "禾", "灯", "屿", "晴", "渡", "笙", "桥", "露", "梨",
        "远", "汀", "川", "萤", "石", "苔",
    ];
    const THIRD: [&str; 10] = ["", "", "", "儿", "先生", "同学", "妈妈", "🍵", "Leaf", "77"];
    let mut names = Vec::with_capacity(count);
    while names.len() < count {
        let name = format!(
            "{}{}{}",
            chance.one_of(&FIRST),
            chance.one_of(&SECOND),
            chance.one_of(&THIRD)
        );
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
