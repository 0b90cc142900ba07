//! What the network's lines mean, in every wording.

use qunying::chat::{JoinedHow, LeftHow, Moment};
use qunying::import::people::Directory;
use qunying::import::row::{Fact, Room, Row, What, Who};
use qunying::import::sentences::{Network, Sentences};

fn directory() -> Directory {
    let mut directory = Directory::default();
    let names = [
        "小桥",
        "阿南",
        "阿岚",
        "卓桓、小桓",
        "琛、",
        "加入了群聊",
        "\"引号\"先生",
        "王$names$",
        "李澈",
    ];
    for (nth, name) in names.iter().enumerate() {
        let said = What::words(Who::new(format!("wxid_{nth}"), *name), false, "早");
        directory.note(&Row::new(Moment::from_seconds(1), &Room::default(), 1, said));
    }
    directory
}

/// A sentence's meaning in one line: `join invited 阿南, 阿岚 by 小桥`.
fn meaning(network: Network, text: &str, ids: bool) -> String {
    let directory = directory();
    let people = directory.in_room(&Room::default(), ids);
    let name = |who: &Who| match who {
        who if who.is_own() => "@self".to_owned(),
        who if who.is_nobody() => "?".to_owned(),
        who if who.id.is_empty() => who.name.clone(),
        who => format!("{}={}", who.name, who.id),
    };
    let all = |people: &[Who]| people.iter().map(name).collect::<Vec<_>>().join(" + ");
    let by = |by: &Option<Who>| by.as_ref().map_or(String::new(), |by| format!(" by {}", name(by)));
    match Sentences::built_in().read(Some(network), text, &people) {
        None => "unknown".to_owned(),
        Some(Fact::Joined {
            members,
            by: whom,
            how,
            there,
        }) => {
            let how = match how {
                JoinedHow::Invited => "invited",
                JoinedHow::Scanned => "scanned",
                JoinedHow::Approved => "approved",
                JoinedHow::Unknown => "somehow",
            };
            let there = if there.is_empty() {
                String::new()
            } else {
                format!(" there {}", all(&there))
            };
            format!("join {how} {}{}{there}", all(&members), by(&whom))
        }
        Some(Fact::Left { members, by: whom, how }) => {
            let how = if how == LeftHow::Kicked { "kicked" } else { "left" };
            format!("{how} {}{}", all(&members), by(&whom))
        }
        Some(Fact::Renamed { name, .. }) => format!("rename {name}"),
        Some(Fact::Recalled { .. }) => "recall".to_owned(),
        Some(Fact::Dissolved) => "dissolved".to_owned(),
        Some(Fact::Hint { members }) => format!("hint {}", all(&members)),
        Some(Fact::Other { kind, .. }) => kind,
        Some(other) => format!("{other:?}"),
    }
}

#[track_caller]
fn check(network: Network, rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        assert_eq!(meaning(network, text, false), *expected, "{text}");
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "a line a sentence: a table")]
fn wechat_in_chinese() {
    check(
        Network::WeChat,
        &[
            ("\"小桥\"邀请\"阿南\"加入了群聊", "join invited 阿南 by 小桥"),
            (
                "\"小桥\"邀请\"阿南、阿岚\"加入了群聊",
                "join invited 阿南 + 阿岚 by 小桥",
            ),
            ("你邀请\"阿南\"加入了群聊  ", "join invited 阿南 by @self"),
            (
                "你邀请\"阿南、阿岚、新人\"加入了群聊  撤销",
                "join invited 阿南 + 阿岚 + 新人 by @self",
            ),
            ("你邀请\"$names$\"加入了群聊  $revoke$", "join invited ? by @self"),
            ("\"$username$\"邀请\"$names$\"加入了群聊", "join invited ?"),
            ("\" $adder$\"通过扫描\"$from$\"分享的二维码加入群聊", "join scanned ?"),
            ("\"$adder$\"通过\"$from$\"的邀请二维码加入群聊", "join scanned ?"),
            ("\"$names$\"加入了群聊", "join somehow ?"),
            (
                "\" 阿岚\"通过扫描\"小桥\"分享的二维码加入群聊",
                "join scanned 阿岚 by 小桥",
            ),
            ("\"阿岚\"通过扫描你分享的二维码加入群聊  ", "join scanned 阿岚 by @self"),
            ("\"阿岚\"通过扫描二维码加入群聊", "join scanned 阿岚"),
            ("\"阿岚\"通过\"小桥\"的邀请二维码加入群聊", "join scanned 阿岚 by 小桥"),
            ("[系统] \"小桥\"邀请\"阿南\"加入了群聊", "join invited 阿南 by 小桥"),
            ("“小桥”邀请“阿南”加入了群聊", "join invited 阿南 by 小桥"),
            ("你邀请阿南、阿岚加入了群聊", "join invited 阿南 + 阿岚 by @self"),
            (
                "\"阿南\"邀请你加入了群聊，群聊参与人还有：小桥、阿岚",
                "join invited @self by 阿南 there 小桥 + 阿岚",
            ),
            (
                "\"小桥\"邀请你和\"阿南\"加入了群聊",
                "join invited @self + 阿南 by 小桥",
            ),
            (
                "你通过扫描二维码加入群聊，群聊参与人还有：小桥、阿岚",
                "join scanned @self there 小桥 + 阿岚",
            ),
            (
                "你加入了群組，群組成員還有：小桥、阿岚",
                "join somehow @self there 小桥 + 阿岚",
            ),
            (
                "你邀请\"阿南\"加入了群聊，并分享了聊天记录",
                "join invited 阿南 by @self",
            ),
            ("\"阿岚\"与群里其他人都不是朋友关系，请注意隐私安全", "hint 阿岚"),
            ("你将\"卖片哥\"移出了群聊", "kicked 卖片哥 by @self"),
            ("\"小桥\"将\"卖片哥\"移出了群聊", "kicked 卖片哥 by 小桥"),
            ("你被\"小桥\"移出群聊", "kicked @self by 小桥"),
            ("群主\"掌柜\"已解散该群聊", "dissolved"),
            ("你已解散该群聊", "dissolved"),
            ("你修改群名为“福利2群”", "rename 福利2群"),
            ("\"小桥\"修改群名为“福利“二”群”", "rename 福利“二”群"),
            ("你已成为新群主", "owner"),
            ("\"小桥\"已成为新群主", "owner"),
            (
                "群主已启用“群聊邀请确认”，群成员需群主确认才能邀请朋友进群。",
                "invite_confirm_on",
            ),
            ("群主已恢复默认进群方式。", "invite_confirm_off"),
            ("\"阿南\" 撤回了一条消息", "recall"),
            ("你撤回了一条消息 重新编辑", "recall"),
            ("阿南撤回了一則訊息", "recall"),
            ("对方撤回了一条消息（rawid：123） 内容为“你好”", "recall"),
            ("\"阿南\" 拍了拍 \"小桥\"", "pat"),
            ("\"阿南\" 拍了拍 \"小桥\" 的小饭桌", "pat"),
            ("我拍了拍 \"阿南\" ", "pat"),
            ("\"阿南\" 拍了拍我", "pat"),
            ("\"\" 拍了拍 \"\"", "pat"),
            ("小桥置顶了一条消息", "top"),
            ("小桥移除了一条置顶消息", "untop"),
            (
                "<img src=\"SystemMessages_HongbaoIcon.png\"/> 阿南领取了你的红包",
                "redpacket_taken",
            ),
            ("收到红包，请在手机上查看", "redpacket"),
            ("以上是打招呼的内容", "greeting"),
            ("某种没见过的系统提示", "unknown"),
            ("管理员开启了消息撤回限制功能", "unknown"),
            ("对方撤回了一条消息（rawid：12） 内容为“你好”", "recall"),
            (
                "\"小桥\"邀请你和\"阿南、阿岚\"加入了群聊，群聊参与人还有：李澈",
                "join invited @self + 阿南 + 阿岚 by 小桥 there 李澈",
            ),
            ("\"小桥\"邀請\"阿南\"加入了群組", "join invited 阿南 by 小桥"),
            (
                "\"阿岚\"透過掃描\"小桥\"分享的二維碼加入群組",
                "join scanned 阿岚 by 小桥",
            ),
            (
                "\"阿岚\"通過掃描\"小桥\"分享的 QR Code加入群組",
                "join scanned 阿岚 by 小桥",
            ),
            ("\"小桥\"修改群組名為“福利群”", "rename 福利群"),
            ("\"小桥\"已收回訊息", "recall"),
            ("你收回了一則訊息", "recall"),
        ],
    );
}

#[test]
fn names_made_to_do_harm() {
    check(
        Network::WeChat,
        &[
            ("\"小桥\"邀请\"琛、\"加入了群聊", "join invited 琛、 by 小桥"),
            (
                "\"小桥\"邀请\"琛、、阿南\"加入了群聊",
                "join invited 琛、 + 阿南 by 小桥",
            ),
            (
                "\" 卓桓、小桓\"通过扫描\"小桥\"分享的二维码加入群聊",
                "join scanned 卓桓、小桓 by 小桥",
            ),
            (
                "\"小桥\"邀请\"卓桓、小桓、阿南\"加入了群聊",
                "join invited 卓桓、小桓 + 阿南 by 小桥",
            ),
            (
                "\"小桥\"邀请\"加入了群聊\"加入了群聊",
                "join invited 加入了群聊 by 小桥",
            ),
            (
                "\"小桥\"邀请\"\"引号\"先生\"加入了群聊",
                "join invited \"引号\"先生 by 小桥",
            ),
            (
                "\"\"引号\"先生\"邀请\"阿南\"加入了群聊",
                "join invited 阿南 by \"引号\"先生",
            ),
            ("\"小桥\"邀请\"王$names$\"加入了群聊", "join invited 王$names$ by 小桥"),
            (
                "\"小桥\"邀请\"<span class=\"emoji emoji1f338\"></span>小花\"加入了群聊",
                "join invited 🌸小花 by 小桥",
            ),
        ],
    );
}

#[test]
fn wechat_in_english() {
    check(
        Network::WeChat,
        &[
            ("李澈 invited 阿南 to the group chat", "join invited 阿南 by 李澈"),
            (
                "You invited 阿南, 阿岚 to the group chat.   ",
                "join invited 阿南 + 阿岚 by @self",
            ),
            (
                "\"阿岚\" joined the group chat via the QR Code shared by \"小桥\".",
                "join scanned 阿岚 by 小桥",
            ),
            (
                "\"阿岚\" joined group chat via the QR code you shared.  ",
                "join scanned 阿岚 by @self",
            ),
            (
                "李澈 invited you to a group chat with 阿南, 阿岚",
                "join invited @self by 李澈 there 阿南 + 阿岚",
            ),
            (
                "You've joined the group chat via QR Code. Group chat members: 阿南, 阿岚",
                "join scanned @self there 阿南 + 阿岚",
            ),
            ("You removed \"卖片哥\" from the group chat", "kicked 卖片哥 by @self"),
            (
                "You were removed from the group chat by \"小桥\"",
                "kicked @self by 小桥",
            ),
            ("\"小桥\" changed the group name to \"ding\"", "rename ding"),
            (
                "小桥 invited Tom and Jerry to the group chat",
                "join invited Tom and Jerry by 小桥",
            ),
            ("\"小桥\" has recalled a message.", "recall"),
        ],
    );
}

#[test]
fn ids_within_names() {
    let text = "\"小桥(wxid_0)\"邀请\"阿南(wxid_1)、卓桓、小桓(wxid_3)\"加入了群聊";
    let expected = "join invited 阿南=wxid_1 + 卓桓、小桓=wxid_3 by 小桥=wxid_0";
    assert_eq!(meaning(Network::WeChat, text, true), expected);
    let bare = "小桥(wxid_0)邀请阿南(wxid_1)加入了群聊";
    assert_eq!(
        meaning(Network::WeChat, bare, true),
        "join invited 阿南=wxid_1 by 小桥=wxid_0"
    );
}

#[test]
fn qq_and_whatsapp() {
    check(
        Network::Qq,
        &[
            ("阿南加入了群聊", "join approved 阿南"),
            (
                "小桥邀请阿南加入了群聊，并附带了30条聊天记录。",
                "join invited 阿南 by 小桥",
            ),
            ("阿岚通过小桥分享的二维码加入了群聊", "join scanned 阿岚 by 小桥"),
            ("新人通过守夜分享的二维码加入了群聊", "join scanned 新人 by 守夜"),
            ("阿南退出了本群。\n阿岚被管理员移出本群。", "unknown"),
            ("阿岚通过你的二维码加入了群聊", "join scanned 阿岚 by @self"),
            ("你已是群成员", "member"),
            ("[12]", "join somehow "),
            ("[1]", "recall"),
            ("阿南加入本群。", "join somehow 阿南"),
            ("小桥邀请阿南加入了本群。", "join invited 阿南 by 小桥"),
            ("阿南 撤回了一条消息（因为有错别字）", "recall"),
            ("小桥 撤回了 阿南 的消息", "recall"),
            ("阿南戳了戳小桥", "pat"),
            ("阿南 拍了拍 小桥 的肩膀", "pat"),
        ],
    );
    check(
        Network::WhatsApp,
        &[
            ("小桥 添加了 阿南", "join invited 阿南 by 小桥"),
            ("阿南 退出了群组", "left 阿南"),
            ("小桥 移除了 阿南", "kicked 阿南 by 小桥"),
            ("小桥 added 阿南", "join invited 阿南 by 小桥"),
            ("阿南 left", "left 阿南"),
            ("小桥 added 阿南 and Hua", "join invited 阿南 + Hua by 小桥"),
            (
                "小桥 added Ming, Hua and Zhou",
                "join invited Ming + Hua + Zhou by 小桥",
            ),
            (
                "小桥 添加了 新人甲、新人乙和老周",
                "join invited 新人甲 + 新人乙 + 老周 by 小桥",
            ),
            ("小桥 添加了 小和尚", "join invited 小和尚 by 小桥"),
            ("阿南 已離開", "left 阿南"),
            ("小桥 已將 阿南 移除", "kicked 阿南 by 小桥"),
            ("阿南 已透過此群組的邀請連結加入", "join scanned 阿南"),
            ("小桥 已將群組名稱變更為「四海」", "rename 四海"),
            ("小桥 pinned a message", "top"),
            ("You're now an admin", "admin"),
        ],
    );
}

#[test]
fn an_operator_extends_the_table() {
    let own = "[[sentence]]\nsays = [\"{names}从天而降\"]\nmeans = \"joined\"\nhow = \"scanned\"\n";
    let sentences = Sentences::with("own.toml", own).unwrap();
    let directory = directory();
    let people = directory.in_room(&Room::default(), false);
    let fact = sentences.read(Some(Network::WeChat), "\"阿南\"从天而降", &people);
    assert!(
        matches!(
            fact,
            Some(Fact::Joined {
                how: JoinedHow::Scanned,
                ..
            })
        ),
        "{fact:?}"
    );
    let bad = Sentences::with(
        "own.toml",
        "[[sentence]]\nsays = [\"{whom}来了\"]\nmeans = \"joined\"\n",
    );
    let said = bad.map(|_| ()).unwrap_err().to_string();
    assert!(
        said.contains("own.toml") && said.contains("`{whom}` is no slot"),
        "{said}"
    );
}
