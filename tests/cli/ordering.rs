//! Orders, from the shop's system to the customer's figures: told, claimed, matched by staff, taken over from tables.

use qunying::chat::Moment;
use qunying::gateway::signature::{WebhookKey, headers};
use secrecy::SecretString;

use super::house::{Bot, CONFIG, House};

pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn house() -> House {
    let house = House::new(&format!("{CONFIG}[orders]\nsecrets = [\"{SECRET}\"]\n"));
    house.write(
        "playbooks/gift.toml",
        r#"title = "试"
[claim]
[points]
[[rule]]
name = "积分"
on   = "order"
then = [ { points = 1, per_yuan = 10 } ]
[[rule]]
name = "首单"
kind = "service"
on   = "order.first"
then = [ { say = "{{ who }} 的首单：{{ order.amount }} 元，{{ order.items | join('、') }}" } ]
[[rule]]
name = "复购"
kind = "service"
on   = "order.repeat"
then = [ { say = "{{ who }} 的第 {{ order.nth }} 单：{{ order.amount }} 元" } ]
"#,
    );
    house
}

/// Tells orders; the status it is answered with.
pub fn tell(bot: &Bot, body: &str) -> u16 {
    let key = WebhookKey::read(&SecretString::from(SECRET)).unwrap();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let now = Moment::from_seconds(i64::try_from(now.as_secs()).unwrap());
    let headers = headers(Some(&key), "d1", body.as_bytes(), now);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.post(format!("http://127.0.0.1:{}/orders", bot.port()));
        let answer = request.headers(headers).body(body.to_owned()).send().await.unwrap();
        answer.status().as_u16()
    })
}

#[test]
fn orders_are_told_claimed_and_matched_and_nothing_counts_twice() {
    let house = house();
    let mut bot = house.run();
    bot.type_in("小明: 早");
    bot.type_in("小红: 早");
    let orders = r#"[
        {"order":"A10001","kind":"paid","amount":"59.80","person":"terminal/小明","items":["白毫银针"]},
        {"order":"A10002","kind":"paid","amount":"30.00","phone":"13800001234"},
        {"order":"A10003","kind":"paid","amount":"20.00","phone":"13800001234"},
        {"order":"A10004","kind":"paid","amount":"88.00"}]"#;
    assert_eq!(tell(&bot, orders), 200);
    bot.until("小明 的首单：59.80 元，白毫银针");
    assert_eq!(tell(&bot, orders), 200);
    assert_eq!(
        tell(
            &bot,
            r#"{"order":"A10003","kind":"refunded","amount":"5.00","refund":"R1"}"#
        ),
        200
    );
    assert_eq!(tell(&bot, r#"{"order":"A10003","kind":"paid"}"#), 400);
    bot.type_in("小红: 绑定 1234");
    bot.until("对上了：2 笔订单，共 45 元");
    bot.until("小红 的首单：30 元");
    bot.until("小红 的第 2 单：15 元");
    let (code, said) = bot.stop();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("小明 的首单").count(), 1, "{said}");

    let open = house.ask(&["orders", "--unmatched"]);
    open.is(0, "A10004");
    assert!(!open.out.contains("A10001"), "{}", open.out);
    open.is(0, "1 笔、共 88.00 元还没认出买家");
    house.ask(&["orders", "--lang", "en"]).is(0, "nobody is known for");
    house
        .ask(&["orders", "match", "A10009", "terminal/小明"])
        .is(2, "没有订单 A10009");
    house
        .ask(&["orders", "match", "A10001", "terminal/小红"])
        .is(2, "不能再换");
    house
        .ask(&["orders", "match", "A10004", "terminal/小刚"])
        .is(2, "没有见过");
    house.ask(&["doctor"]).is(0, "1 笔订单还没认出买家");

    let mut bot = house.run();
    house.write(
        "config.toml",
        &format!(
            "{CONFIG}[orders]\nsecrets = [\"{SECRET}\"]\n[server]\nlisten = \"127.0.0.1:{}\"\n",
            bot.port()
        ),
    );
    house
        .ask(&["orders", "match", "A10004", "terminal/小明"])
        .is(0, "已记下。");
    bot.until("小明 的第 2 单：88 元");
    let (_, said) = bot.stop();
    house.ask(&["orders", "--unmatched"]).is(0, "没有认不出买家的订单。");
    house.ask(&["store", "check"]).is(0, "一致");
    let recorded = std::fs::read_dir(house.dir().join("data/recording")).unwrap();
    for file in recorded {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap_or_default();
        assert!(!text.contains("13800001234"), "{said}");
    }
    // What the recording rehearses is what happened.
    let rehearsed = house.ask(&["dry-run", "data/recording", "--show", "events"]);
    assert!(
        rehearsed.out.contains("小红 的第 2 单：15 元") && rehearsed.out.contains("小明 的第 2 单：88 元"),
        "{}",
        rehearsed.out
    );
}

#[test]
fn a_table_of_customers_is_shown_then_taken_over_once() {
    let house = house();
    let table = "编号,姓名,生日,标签,积分,手机,卡号\n\
        小明,王小明,农历八月十五,老客、茶友,120,13800001234,V001\n\
        小红,李小红,3-15,,30,,V002\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(table);
    std::fs::write(house.dir().join("会员.csv"), &bytes).unwrap();
    let first = house.ask(&["members", "import", "会员.csv", "--gateway", "terminal"]);
    first.is(0, "2 行。各列：");
    first.is(0, "不读的列：卡号");
    first.is(0, "还没有导入");
    house
        .ask(&["members", "import", "会员.csv", "--apply", "--gateway", "terminal"])
        .is(2, "--map");
    let map = "person=编号,name=姓名,birthday=生日,tags=标签,points=积分,phone=手机,field.会员卡=卡号";
    let apply = [
        "members",
        "import",
        "会员.csv",
        "--gateway",
        "terminal",
        "--map",
        map,
        "--apply",
    ];
    house.ask(&apply).is(2, "群营没有在");
    let mut bot = house.run();
    house.write(
        "config.toml",
        &format!(
            "{CONFIG}[orders]\nsecrets = [\"{SECRET}\"]\n[server]\nlisten = \"127.0.0.1:{}\"\n",
            bot.port()
        ),
    );
    house.ask(&apply).is(0, "已记下。");
    house.ask(&apply).is(0, "什么也不会变");
    bot.type_in("小明: 我的积分");
    bot.until("您有 120 积分");
    assert_eq!(
        tell(
            &bot,
            r#"{"order":"B10001","kind":"paid","amount":"100.00","phone":"13800001234"}"#
        ),
        200
    );
    bot.until("小明 的首单：100 元");
    // Another number is the difference, and what was earned meanwhile stays.
    std::fs::write(house.dir().join("会员.csv"), table.replace(",120,", ",150,")).unwrap();
    house.ask(&apply).is(0, "1 笔积分");
    bot.type_in("小明: 我的积分");
    bot.until("您有 160 积分");
    bot.stop();
    house.ask(&["store", "check"]).is(0, "一致");
}

#[test]
fn a_table_with_one_bad_row_is_not_taken_over_at_all() {
    let house = house();
    house.write(
        "orders.csv",
        "订单号,实付,状态,时间,手机\n\
        A10001,59.80,已付款,2026-03-01 10:00,13800001234\n\
        A10002,五十,已付款,2026-03-01 10:00,\n\
        A10003,1.00,没见过,2026-03-01 10:00,\n\
        A10004,1.00,付款,昨天,\n\
        A10005,1.00,付款,2026-03-01,138****1234\n\
        ,1.00,付款,,\n\
        A10001,59.80,已付款,2026-03-01 10:00,\n",
    );
    let answer = house.ask(&["orders", "import", "orders.csv"]);
    for said in [
        "「五十」不是金额",
        "「没见过」",
        "「昨天」不是时间",
        "不是完整的手机号",
        "没有订单号",
        "和第 2 行是同一个",
        "6 行有问题，所以一行也不会导入",
    ] {
        answer.is(1, said);
    }
    assert!(!answer.out.contains("138****"), "{}", answer.out);
    let json = house.ask(&["orders", "import", "orders.csv", "--json", "--lang", "en"]);
    json.is(1, r#""line":3"#);
    json.is(1, "is no amount");
    house.ask(&["orders", "import", "gone.csv"]).is(2, "gone.csv");
    house.write("other.csv", "甲,乙\n1,2\n");
    house.ask(&["orders", "import", "other.csv"]).is(2, "--map order=列名");
    house
        .ask(&["orders", "import", "other.csv", "--map", "order=甲,amount=丙"])
        .is(2, "没有「丙」这一列");
}
