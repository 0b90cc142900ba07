//! The files of each kind of community, with the names filled in.

use crate::{config, playbook};

use super::{Answers, Shop, Way};

const BIRTHDAY: &str = include_str!("../../../playbooks/birthday.toml");
const NAMING: &str = include_str!("../../../playbooks/naming-vote.toml");

/// A kind's own playbooks.
macro_rules! own {
    ($kind:literal) => {
        [
            ("welcome", include_str!(concat!("template/", $kind, "/welcome.toml"))),
            ("events", include_str!(concat!("template/", $kind, "/events.toml"))),
            ("column", include_str!(concat!("template/", $kind, "/column.toml"))),
        ]
    };
}

/// What such a community might be called.
pub(in crate::cli) fn usual_name(shop: Shop) -> &'static str {
    match shop {
        Shop::Tea => "山野茶社",
        Shop::Restaurant => "四海小馆",
        Shop::Mothers => "小禾妈妈屋",
        Shop::Outdoor => "行山社",
        Shop::Alumni => "写作课同学会",
    }
}

/// Every file and its text.
pub(in crate::cli) fn files(answers: &Answers) -> Vec<(String, String)> {
    let own = match answers.shop {
        Shop::Tea => own!("tea"),
        Shop::Restaurant => own!("restaurant"),
        Shop::Mothers => own!("mothers"),
        Shop::Outdoor => own!("outdoor"),
        Shop::Alumni => own!("alumni"),
    };
    let mut files = vec![
        ("config.toml".to_owned(), settings(answers)),
        (
            "schema/config.schema.json".to_owned(),
            format!("{:#}\n", config::schema()),
        ),
        (
            "schema/playbook.schema.json".to_owned(),
            format!("{:#}\n", playbook::schema()),
        ),
    ];
    let shared = [("birthday", BIRTHDAY), ("naming-vote", NAMING)].map(|(name, text)| (name, beside_schema(text)));
    let own = own.map(|(name, text)| (name, text.to_owned()));
    for (name, text) in own.into_iter().chain(shared) {
        let text = text.replace("@NAME@", &answers.name).replace("@GROUP@", &answers.group);
        files.push((format!("playbooks/{name}.toml"), text));
    }
    files
}

/// The shipped playbooks name their schema where it lies in the project.
fn beside_schema(text: &str) -> String {
    text.replacen("#:schema ../docs/", "#:schema ../schema/", 1)
}

fn settings(answers: &Answers) -> String {
    let Answers { name, group, way, .. } = answers;
    let head = format!(
        "#:schema schema/config.schema.json\n# 没写的键都用默认值。What is left out has its default.\n\n\
         [community]\nname = \"{name}\"\nzone = \"Asia/Shanghai\"\n\n\
         [playbooks]\ndir = \"playbooks\"\n\n\
         [manners]\nquiet = \"22:00-08:00\"               # 这段时间不主动说话 · hours of silence\nper_group_per_day = 10            # 每个群每天最多主动说几句 · unasked messages in a group a day\n"
    );
    let gateway = match way {
        Way::Terminal => format!(
            "[staff]\nids = [\"terminal/店长\"]           # 店员，写「网关名/编号」 · the staff, as GATEWAY/ID\n\n\
             [gateway.terminal]\nkind = \"terminal\"\ngroup = \"{group}\"\n"
        ),
        Way::Onebot11 => "[staff]\nids = []                          # 店员，如 \"qq/10001\" · the staff, like \"qq/10001\"\n\n\
             [gateway.qq]\nkind = \"onebot11\"\napi = \"http://127.0.0.1:3000\"       # 网关的 HTTP 接口 · where the gateway is called\n\
             # token = \"${ONEBOT_TOKEN}\"        # 调用网关用的 access_token · sent with every call\n\
             # secret = \"${ONEBOT_SECRET}\"      # 网关上报用的签名密钥 · what its reports are signed with\n"
            .to_owned(),
        Way::Native => "[staff]\nids = []                          # 店员，如 \"mine/10001\" · the staff, like \"mine/10001\"\n\n\
             [gateway.mine]\nkind = \"native\"\napi = \"http://127.0.0.1:4000/actions\"\n\
             # secrets = [\"${MINE_SECRET}\"]     # Standard Webhooks：whsec_…\n"
            .to_owned(),
    };
    format!("{head}\n{gateway}")
}
