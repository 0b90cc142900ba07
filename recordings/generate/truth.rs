//! What really happened in an invented group. The names are made to do harm.

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    Says(usize, &'static str),
    /// Came in, invited by somebody.
    Invited(Vec<usize>, usize),
    /// Came in by somebody's code.
    Scanned(usize, usize),
    Kicked(usize, usize),
    Leaves(usize),
    Renamed(usize, &'static str),
    Recalls(usize),
    Pats(usize, usize),
    /// A line of the network's nobody knows.
    Odd(&'static str),
}

/// A person: the network's id, a number for networks with numbers, and a name.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub id: &'static str,
    pub number: u32,
    pub name: &'static str,
}

const fn person(id: &'static str, number: u32, name: &'static str) -> Person {
    Person { id, number, name }
}

/// The owner of the log is the first.
pub const PEOPLE: [Person; 8] = [
    person("wxid_boss", 90001, "掌柜"),
    person("wxid_qiao", 90002, "小桥"),
    person("wxid_nan", 90003, "阿南"),
    person("wxid_heng", 90004, "卓、恒"),
    person("wxid_chen", 90005, "琛、"),
    person("wxid_in", 90006, "加入了群聊"),
    person("wxid_names", 90007, "王$names$"),
    person("wxid_ad", 90008, "卖片哥"),
];

pub const ROOM: &str = "5200001@chatroom";
pub const ROOM_NUMBER: u32 = 520_001;
pub const ROOM_NAME: &str = "山野茶友";
/// 2026-03-02 09:00:00 in Shanghai.
pub const START: i64 = 1_772_413_200;

/// What happened, each with its second after [`START`].
pub fn truth() -> Vec<(i64, Thing)> {
    use Thing::{Invited, Kicked, Leaves, Odd, Pats, Recalls, Renamed, Says, Scanned};
    vec![
        (0, Says(0, "大家早")),
        (65, Says(1, "早呀")),
        (130, Invited(vec![2], 1)),
        (190, Says(2, "大家好，我是阿南")),
        (250, Invited(vec![3, 4], 0)),
        (305, Says(3, "+1")),
        (305, Says(3, "+1")),
        (370, Says(4, "谢谢，问一下：几点开门？")),
        (431, Scanned(5, 1)),
        (490, Says(5, "\"小桥\"邀请\"阿南\"加入了群聊")),
        (550, Scanned(6, 0)),
        (610, Says(6, "生日 3月28\n农历的不算")),
        (670, Invited(vec![7], 6)),
        (730, Says(7, "便宜片源，加我")),
        (790, Kicked(7, 0)),
        (850, Renamed(1, "山野“茶”友")),
        (910, Recalls(2)),
        (970, Pats(2, 1)),
        (1030, Odd("管理员开启了消息撤回限制功能")),
        (1090, Leaves(3)),
        (1150, Says(1, "怎么走了")),
        (1210, Says(0, "下午茶见")),
    ]
}
