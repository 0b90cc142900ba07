//! The command line's help in Chinese. Clap's derive holds the English; this puts the other language over it.

use clap::{Arg, Command};

use crate::chat::Lang;

/// What each command is for, by its path.
const COMMANDS: &[(&str, &str)] = &[
    (
        "",
        "群营：用文本文件运营社群，先彩排，再上线，事后每一句话、每一次沉默都说得清。",
    ),
    ("run", "运行：接收事件，做出决定，执行动作"),
    ("check", "检查剧本里的所有错误"),
    ("init", "写一份配置和一套剧本，从这里开始"),
    ("schema", "打印剧本或配置的 JSON Schema，供编辑器补全和检查"),
    ("test", "运行剧本自带的测试"),
    ("test add", "从真实记录里切出一个测试"),
    ("dry-run", "彩排：用真实记录演练剧本，什么也不会发送"),
    ("try", "试玩：自己扮演群友，拨快时钟；什么也不会发送"),
    ("plan", "对比两版剧本：会改变什么、多花多少、多打扰谁"),
    ("import", "导入：把其他程序的聊天记录变成彩排能读的记录"),
    ("explain", "解释一条规则为什么发了、为什么没发，怎样才会发"),
    ("calendar", "打印一个月的活动（两小一大）"),
    (
        "doctor",
        "体检：问每个网关它是谁、看得见什么，哪里不对、下一步怎么办；什么也不会发送",
    ),
    ("outbox", "查看等待发送的、已放弃的动作和草稿"),
    ("accounts", "查看哪些账号是同一个人的；关联两个账号，或分开"),
    ("guards", "查看破过的守卫，放行被暂停的剧本"),
    ("orders", "查看店铺报来的订单，给没认出买家的订单指明是谁的"),
    (
        "orders import",
        "把过去的订单从表格导入：先看会改变什么，一行有问题就一行也不导",
    ),
    ("members", "把别处的客户资料接过来"),
    (
        "members import",
        "把名字、生日、标签、积分、手机号从表格导入：先看会改变什么，一行有问题就一行也不导",
    ),
    (
        "orders match",
        "指明一笔订单是谁的；同一个手机号的都跟着过去（群营要在运行）",
    ),
    ("coupons", "未用的券：多少张、面值多少、本月到期多少"),
    ("advise", "邀请建议：哪个群该邀请谁，先邀请谁；什么也不会发送"),
    ("parity", "对账：把真实录音用这一版重新决定一遍，零差异，或三句话说明"),
    ("event", "活动和报名名单：查看、打印、导出"),
    ("event list", "所有预告过的活动：什么时候、报了多少位"),
    ("event export", "一场活动的名单：谁、几位、备注、状态、到没到场"),
    (
        "report",
        "报表：成交、复购、分层、等级、进出、留存、活动、挽回、券，社群做得怎么样",
    ),
    ("draw", "开奖凭据：事后验算骰子"),
    ("draw verify", "用凭据重新抽一次，并逐步说明"),
    ("draw receipts", "打印录音里的所有凭据"),
    ("backup", "备份录音和最新快照，运行中也可以"),
    ("export", "导出一个人的全部资料（JSON），运行中也可以"),
    ("forget", "忘记一个人：从录音、快照和状态里清除，要先停机"),
    ("restore", "从备份恢复到空目录"),
    ("store", "查看磁盘上的数据"),
    ("store check", "用录音重新计算状态并比对"),
    ("completions", "打印命令行补全脚本"),
    ("help", "显示帮助"),
];

/// What each argument is, by its id.
const ARGUMENTS: &[(&str, &str)] = &[
    ("config", "配置文件"),
    ("lang", "提示语言（默认取配置，再取 LANG）"),
    ("paths", "剧本文件或目录（默认取配置）"),
    ("format", "输出格式"),
    ("of", "哪种文件"),
    ("link", "后一个账号算作前一个账号的那个人（机器人要在运行）"),
    ("unlink", "这个账号重新自己算一个人（机器人要在运行）"),
    ("on", "在这些录音或记录上数一数关键词撞上多少消息"),
    ("shop", "什么样的群"),
    ("name", "社群的名字"),
    ("group_name", "群名；剧本只在这个群里生效"),
    ("way", "怎样连上聊天平台"),
    ("files", "只检查这些文件"),
    ("try", "试玩：自己扮演群友，拨快时钟；什么也不会发送"),
    ("plan", "对比两版剧本：会改变什么、多花多少、多打扰谁"),
    ("explain", "解释一个问题编号，如 P07"),
    ("dir", "目录"),
    ("listen", "监听地址（默认取配置）"),
    ("logs", "记录文件"),
    ("show", "详细程度"),
    ("month", "月份，如 2026-03"),
    ("ics", "另存为 .ics 日历文件"),
    ("only", "只运行名字里含有这段文字的测试"),
    ("html", "另写成一个网页，用浏览器打开，不需要网络"),
    ("redact", "名字换成编号，没有规则理会的话不显示：可以给别人看"),
    ("cover", "测试见过的规则和原因不到百分之几，就以 1 退出"),
    ("bless", "用实际发生的改写期望：先给看改动，再问要不要写"),
    ("yes", "和 --bless 一起用：不再询问"),
    ("from", "群营的录音、录音目录，或外来的记录"),
    (
        "around",
        "围绕哪个事件：事件编号或它的开头，或时间，如 2026-03-07 20:10",
    ),
    ("to", "写到这个剧本的末尾（默认打印出来）"),
    ("name", "测试的名字（默认用发生的事）"),
    ("window", "事件前后各取多长时间"),
    (
        "against_running",
        "再看运行中的机器人：进行中的事哪些保留、改时间、关闭；不打扰它",
    ),
    ("junit", "把结果另存为 JUnit XML"),
    ("until", "记录结束后继续推演到这一天"),
    ("drafts", "只看草稿：影子运行时本来要发的"),
    ("rule", "只看这条规则的"),
    ("retry", "重试已放弃的动作（群营要在运行）"),
    (
        "discard",
        "永远放弃动作或草稿（群营要在运行）；配 --rule 或 --all 时是草稿",
    ),
    ("release", "发出草稿（群营要在运行）；不写编号时配 --rule 或 --all"),
    ("all", "所有草稿"),
    ("person", "编号（如 qq/10001），或没有第二个人用的名字"),
    ("meant", "当真要办；不写只说明是谁、会清除什么"),
    ("copy", "写到这个文件，而不是打印"),
    ("lift", "放行被这些守卫暂停的剧本（群营要在运行）"),
    ("table", "CSV（UTF-8 或 GB18030），或 Excel 工作簿的第一张表"),
    ("map", "哪一列是什么：order=订单号,amount=实付…；不写就猜，并显示出来"),
    (
        "apply",
        "真的导入（群营要在运行），要同时写 --map；不写只显示会改变什么",
    ),
    ("unmatched", "只看还没认出买家的订单"),
    ("order", "店铺的订单号"),
    ("person", "客人：网关名/编号"),
    ("receipt", "凭据：一个小文本文件"),
    ("commit", "开始时公布的凭证"),
    ("recording", "录音文件或目录（默认：配置里的录音，昨天那部分）"),
    ("yesterday", "配置里的录音，昨天那部分"),
    ("live", "配置里的录音，从头到现在"),
    ("from", "不读这一天之前的记录"),
    ("to", "不读这一天之后的记录"),
    ("only_rule", "只显示这条规则（演练本身仍是完整的）"),
    ("who", "只显示与这个人有关的，写编号或名字的一部分"),
    ("redeem", "您估计有多少券会被使用，如 15..35%"),
    ("seed", "换一副骰子：同一个词掷出同样的结果"),
    ("runs", "换不同的骰子演练这么多次，看运气的影响"),
    (
        "as_if",
        "当作记录从这一天开始：按整周移动，星期几不变，落在这一天或之后",
    ),
    ("as_if_date", "当作记录恰好从这一天开始，不管星期几"),
    (
        "members",
        "记录之前就在的群友：CSV，列为 id,name,birthday,joined,group,opted_out（退订：yes/no）",
    ),
    ("state", "从另一次演练的结尾接着演"),
    ("save_state", "保存这次演练的结尾"),
    ("fail", "让一部分发送失败：send:2%、rename:10%、any:0.5%"),
    ("outage", "从某个时刻起停机多久：2026-03-07T12:00/2h"),
    ("latency", "网关做每件事都要这么久：3s"),
    ("json", "每行一条 JSON：每个动作、每个决定，然后是各项数字"),
    ("gateway", "外部记录里的编号属于哪个网关"),
    ("live_dice", "用社群自己的骰子，而不是彩排的：为了和真实发生的比对"),
    ("event", "事件的编号，或编号的结尾"),
    ("rule", "规则，如 欢迎新人 或 welcome/欢迎新人"),
    ("who", "群友：名字、名片或编号"),
    ("at", "哪一天、哪一分钟，如 2026-03-02 或 \"2026-03-02 10:00\""),
    ("silence", "一段日子里为什么没说话，如 2026-03-01..2026-03-31"),
    ("group", "只看一个群：群名或编号"),
    (
        "old",
        "现在用的：文件、目录、git 版本（HEAD~1、HEAD~1:playbooks）或 running",
    ),
    ("new", "想换成的：写法同上"),
    ("md", "写成 Markdown，放进合并请求，最多 60 kB"),
    ("exit_code", "有不同则以 2 退出"),
    ("output", "把看过的内容记下来，供 run --require 使用"),
    ("require", "只运行 qunying plan -o 看过的剧本"),
    ("files", "剧本文件，或要从中间开始的记录"),
    ("live", "机器人自己的录音，运行中也可以：按当时真正生效的剧本和骰子"),
    ("shell", "命令行程序"),
    ("zone", "时区"),
    ("gateway", "外来记录里的编号属于哪个网关"),
    ("live_dice", "用社群自己的密钥掷骰子，用来与真实发生的比对"),
    ("expect_fingerprint", "指纹不同则以 1 退出"),
    ("tz", "没有时区的时间按哪个时区读"),
    ("own", "记录者本人的编号或名字，其消息不触发规则"),
    ("csv_map", "表格各列：time=时间,sender=发送者,text=内容"),
    ("dates", "日期里数字的顺序"),
    ("begins", "时间不带日期的记录从哪一天开始"),
    ("sentences", "自己的句型表，优先于内置的"),
    (
        "roster",
        "某天的群成员名单，如 2026-06-01=members.csv；两份可看出其间谁走了",
    ),
    ("redact", "所有人换成统一的化名，去掉号码、邮箱和编号"),
    ("no_text", "与 --redact 同用：连文字也去掉，只留字数"),
    ("keep", "与 --no-text 同用：保留的词"),
    ("output", "写到哪里；不写则只打印报告"),
    ("json", "报告写成 JSON"),
    ("as_json", "同 --format json"),
    ("help", "显示帮助"),
    ("version", "显示版本"),
    ("saved", "不看正式数据，看一次演练的结尾（--save-state 写的）"),
    ("admission", "只看这个群：[admission.名字] 的名字"),
    ("first_day", "从哪一天数起（默认：到最后一天为止的 30 天）"),
    ("last_day", "数到哪一天（默认：最新事件那天）"),
    ("turnover", "这些天全店的成交额（元）：看社群占多少"),
    ("figures_page", "另写成带图表的网页"),
    ("event_name", "剧本里的活动名，如 tasting"),
    ("event_day", "只要这一天的，如 2026-03-07（默认每一天的）"),
    ("event_group", "只要这个群的：群名或编号"),
    ("csv_file", "另存为 CSV，Excel 可以直接打开"),
    ("csv", "每张表另写成一个 CSV，放进这个目录"),
    ("shadow", "影子运行：除了发送什么都做，要发的写成草稿"),
    ("json_logs", "日志写成 JSON"),
];

/// How a page of help is laid out; clap's own has English headings.
const PAGE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// The command line in one language.
pub fn in_language(mut command: Command, lang: Lang) -> Command {
    match lang {
        Lang::En => command,
        Lang::Zh => {
            // Clap adds `help` and `--help` when it builds; they are to be translated too.
            command.build();
            translated(command, "")
        }
    }
}

fn translated(mut command: Command, path: &str) -> Command {
    let path = if path.ends_with(" help") { "help" } else { path };
    if let Some((_, about)) = COMMANDS.iter().find(|(of, _)| *of == path) {
        command = command.about(*about).long_about(None::<&str>);
    }
    command = command
        .help_template(PAGE)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令");
    // All in place: an argument that is taken out and put back answers to its neighbour's name (clap 4.6 `mut_arg`).
    command = command.mut_args(
        |argument| match ARGUMENTS.iter().find(|(of, _)| argument.get_id() == of) {
            Some((_, help)) => explained(argument, help),
            None => argument,
        },
    );
    let commands: Vec<String> = command.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    for name in commands {
        let path = match path {
            "" => name.clone(),
            // `help` repeats every command; they are explained where they stand themselves.
            "help" => continue,
            path => format!("{path} {name}"),
        };
        command = command.mut_subcommand(name, |it| translated(it, &path));
    }
    command
}

/// The help with the default and the choices, which clap would name in English.
fn explained(argument: Arg, help: &str) -> Arg {
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .map(|it| it.get_name().to_owned())
        .collect();
    let defaults: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|it| it.to_string_lossy().into_owned())
        .filter(|it| !it.is_empty())
        .collect();
    let takes_value = argument.get_action().takes_values();
    let mut words = help.to_owned();
    if takes_value && !values.is_empty() {
        words.push_str(&format!("〔可选：{}〕", values.join("、")));
    }
    if takes_value && !defaults.is_empty() {
        words.push_str(&format!("〔默认：{}〕", defaults.join("、")));
    }
    let heading = if argument.is_positional() { "参数" } else { "选项" };
    argument
        .help(words)
        .long_help(None::<&str>)
        .help_heading(heading)
        .hide_default_value(true)
        .hide_possible_values(true)
}
