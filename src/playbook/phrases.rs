//! What mechanics say by themselves: every phrase members see has its home here, in both languages, and can be
//! replaced in the playbook under `[….wording]`.

use crate::chat::Lang;

use super::wording::{BadWording, Wording};

macro_rules! phrases {
    ($($(#[$doc:meta])* $name:ident { $($key:ident: $zh:literal, $en:literal;)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $(pub $key: Wording,)*
        }

        impl $name {
            /// The keys an operator may write.
            pub const KEYS: &'static [&'static str] = &[$(stringify!($key)),*];

            /// Each key with what is said where nothing else is written, in Chinese and English.
            pub const WORDS: &'static [(&'static str, &'static str, &'static str)] =
                &[$((stringify!($key), $zh, $en)),*];

            /// What is said where the playbook says nothing else.
            pub fn defaults(lang: Lang) -> Result<Self, BadWording> {
                Ok(Self { $($key: Wording::parse(lang.pick($zh, $en))?,)* })
            }

            /// Replaces one phrase; `false` if there is none of this key.
            pub fn set(&mut self, key: &str, wording: Wording) -> bool {
                match key {
                    $(stringify!($key) => self.$key = wording,)*
                    _ => return false,
                }
                true
            }
        }
    )*};
}

phrases! {
    /// What `[birthday]` says.
    TellingPhrases {
        noted: "{{ who }}，记下啦：{{ birthday }}。到时候给您准备惊喜🎂", "Noted, {{ who }}: {{ birthday }}. Expect a surprise 🎂";
        known: "{{ who }}，您的生日（{{ birthday }}）早就记在小本本上啦～", "{{ who }}, your birthday ({{ birthday }}) is in our little book already.";
        no_such_day: "{{ who }}，日历上好像没有这一天呢（{{ told }}），麻烦再说一次？例如「生日 3月15」或「生日 农历八月十五」。", "{{ who }}, the calendar has no such day ({{ told }}). Could you tell it again, like “birthday March 15”?";
        too_often: "{{ who }}，今年已经改过生日啦，如需再改请联系店员。", "{{ who }}, your birthday was changed this year already; please ask our staff.";
    }
    /// What `[vote.NAME]` says.
    VotePhrases {
        opened: "{% if about %}给 {{ about }} 起个头衔吧！{% else %}咱们群要起名字啦！{% endif %}发「{{ nominate }} 名字」提名，发「{{ ballot }}编号」投票，{{ closes | datetime }} 截止。", "{% if about %}Let us give {{ about }} a title!{% else %}Let us name this group!{% endif %} Nominate with “{{ nominate }} NAME”, vote with “{{ ballot }} NUMBER”, until {{ closes | datetime }}.";
        called: "已有 {{ callers }} 位群友想发起投票，满 {{ needed }} 位就开始～", "{{ callers }} members want this vote; it opens at {{ needed }}.";
        nominated: "收到提名 {{ number }} 号「{{ nomination }}」。", "Nomination {{ number }}: “{{ nomination }}”.";
        same: "「{{ nomination }}」和 {{ number }} 号「{{ first }}」是同一个名字，直接投 {{ number }} 号就好～", "“{{ nomination }}” is the same as number {{ number }}, “{{ first }}”: just vote for it.";
        forbidden: "这个名字不太合适，换一个吧～", "That name will not do; please try another.";
        length: "名字请在 {{ shortest }}～{{ longest }} 个字之间。", "A name needs {{ shortest }} to {{ longest }} characters.";
        enough: "每人最多提名 {{ most }} 个名字哦。", "Each member may put forward {{ most }} name(s).";
        nominations_over: "提名已经截止啦，发「{{ ballot }}编号」投票吧。", "Nominations are over; vote with “{{ ballot }} NUMBER”.";
        balloted: "{{ who }} 投给了 {{ number }} 号「{{ nomination }}」。", "{{ who }} votes for number {{ number }}, “{{ nomination }}”.";
        changed: "{{ who }} 改投 {{ number }} 号「{{ nomination }}」。", "{{ who }} now votes for number {{ number }}, “{{ nomination }}”.";
        no_such: "没有 {{ number }} 号，发「{{ count }}」看看都有哪些名字。", "There is no number {{ number }}; “{{ count }}” lists the names.";
        not_entitled: "{{ who }}，投票开始后进群的朋友下次再参加哦～", "{{ who }}, whoever joined after the opening can vote next time.";
        staff: "店员不参加提名和投票，留给群友们决定～", "Staff neither nominate nor vote; this one is for the members.";
        running: "目前票数：{% for line in lines %}\n{{ line }}{% endfor %}\n共 {{ ballots }} 票，需满 {{ needed }} 票。", "So far:{% for line in lines %}\n{{ line }}{% endfor %}\n{{ ballots }} ballots, {{ needed }} needed.";
        already: "投票正在进行中，{{ closes | datetime }} 截止。", "A vote is under way until {{ closes | datetime }}.";
        failed: "投票结束：只有 {{ ballots }} 票，不足 {{ needed }} 票，这次先不改啦。", "The vote is over: {{ ballots }} ballots, {{ needed }} needed. Nothing changes this time.";
        tied: "投票结束：得票最多的名字打成平手，这次先不改啦。", "The vote is over and tied. Nothing changes this time.";
        commit: "万一打成平手，由骰子决定。骰子已经定好，凭证：{{ commit }}", "If it is a tie the dice decide. They are bound already: {{ commit }}";
        drawn: "得票最多的打成平手，骰子选了「{{ winner }}」。谁都可以验算：\n{{ receipt }}", "It was a tie, and the dice chose “{{ winner }}”. Anybody can check it:\n{{ receipt }}";
        whom: "请 @ 一位群友，例如「{{ open }} @小明」。", "Please mention a member.";
    }
    /// What `[draw.NAME]` says.
    DrawPhrases {
        opened: "🎁【{{ draw.title }}】开始啦！奖品：{% for line in prizes %}\n· {{ line }}{% endfor %}\n规则：{% for line in rules %}\n· {{ line }}{% endfor %}\n骰子已经定好，凭证：{{ commit }}", "🎁 {{ draw.title }} is open! Prizes:{% for line in prizes %}\n· {{ line }}{% endfor %}\nRules:{% for line in rules %}\n· {{ line }}{% endfor %}\nThe dice are bound already: {{ commit }}";
        already_open: "【{{ draw.title }}】正在进行中，还没有结束。", "{{ draw.title }} is under way already.";
        entered: "{{ who }} 参加成功，您有 {{ own_chances }} 次机会；现在共 {{ people_in }} 人 {{ chances }} 次机会。", "{{ who }}, you are in with {{ own_chances }} chance(s); {{ people_in }} people have {{ chances }} chances so far.";
        entered_already: "{{ who }}，您已经有 {{ own_chances }} 次机会啦，每人最多 {{ most }} 次。", "{{ who }}, you have {{ own_chances }} chance(s) already; {{ most }} is the most.";
        short: "{{ who }}，参加一次要 {{ cost }} 积分，您现在有 {{ has }}。", "{{ who }}, a chance costs {{ cost }} points; you have {{ has }}.";
        staff: "店员不参加抽奖，把机会留给群友们～", "Staff take no part; this one is for the members.";
        nobody: "【{{ draw.title }}】没有人参加，这次不开奖啦。", "Nobody takes part in {{ draw.title }}; nothing is drawn.";
        drawn: "🎉【{{ draw.title }}】开奖：{% for line in winners %}\n· {{ line }}{% endfor %}{% if until %}\n请在 {{ until | datetime }} 前发「{{ claim }}」领奖。{% endif %}{% if commit %}\n万一要重抽，骰子也已定好，凭证：{{ commit }}{% endif %}{% if receipt %}\n谁都可以验算：\n{{ receipt }}{% else %}\n名单散列：{{ list }}，完整凭据请向店员要。{% endif %}", "🎉 {{ draw.title }}:{% for line in winners %}\n· {{ line }}{% endfor %}{% if until %}\nClaim with “{{ claim }}” until {{ until | datetime }}.{% endif %}{% if commit %}\nShould it be drawn again, those dice are bound too: {{ commit }}{% endif %}{% if receipt %}\nAnybody can check it:\n{{ receipt }}{% else %}\nHash of the list: {{ list }}; our staff have the whole receipt.{% endif %}";
        claimed: "🎁 {{ who }} 领到「{{ prize }}」，恭喜！", "🎁 {{ who }} has “{{ prize }}”. Congratulations!";
        claimed_already: "{{ who }}，「{{ prize }}」已经领过啦。", "{{ who }}, “{{ prize }}” was claimed already.";
        not_won: "{{ who }}，这次没有中奖，下次再来～", "{{ who }}, you did not win this time.";
        too_late: "{{ who }}，「{{ prize }}」的领奖时间已经过了。", "{{ who }}, the time to claim “{{ prize }}” is over.";
        not_given: "{{ who }}，「{{ prize }}」现在发不出来，请联系店员。", "{{ who }}, “{{ prize }}” cannot be given right now; please ask our staff.";
        redraws: "这些奖品没有人领，现在重抽：{% for line in winners %}\n· {{ line }}{% endfor %}", "These prizes were not claimed and are drawn again:{% for line in winners %}\n· {{ line }}{% endfor %}";
        redraw_how: "重抽要写明原因：「{{ redraw }} 原因」重抽没领的，「{{ redraw }} @中奖的人 原因」只重抽这一份。", "Drawing again takes a reason: “{{ redraw }} REASON” for all that is not claimed, “{{ redraw }} @winner REASON” for that one.";
        redrawn: "🔁【{{ draw.title }}】店员决定重抽（{{ reason }}）：{% for line in winners %}\n· {{ line }}{% endfor %}", "🔁 {{ draw.title }}: drawn again by our staff ({{ reason }}):{% for line in winners %}\n· {{ line }}{% endfor %}";
        nothing_left: "【{{ draw.title }}】没有可以重抽的奖品：都领走了，或还没有开奖。", "{{ draw.title }}: there is nothing to draw again; all is claimed, or nothing was drawn yet.";
        nobody_left: "【{{ draw.title }}】没有可以再抽的人：中过的和退群的都不算。", "{{ draw.title }}: there is nobody left to draw; who won before or has left does not count.";
        unclaimed: "【{{ draw.title }}】领奖时间到，没有领的奖品收回：{% for line in winners %}\n· {{ line }}{% endfor %}", "The time to claim is over for {{ draw.title }}; these prizes go back:{% for line in winners %}\n· {{ line }}{% endfor %}";
    }
    /// What `[event.NAME]` says.
    GatheringPhrases {
        teased: "📣 {{ event.start | datetime }} 【{{ event.title }}】{{ event.about }}{% if join %}\n想参加的发「{{ join }}」{% if applying %}申请，{{ closes | datetime }} 截止，选出 {{ capacity }} 位{% else %}接龙{% if capacity %}，限 {{ capacity }} 位{% endif %}{% if closes %}，{{ closes | datetime }} 截止{% endif %}{% endif %}～{% endif %}", "📣 {{ event.start | datetime }}: {{ event.title }}. {{ event.about }}{% if join %}\n{% if applying %}Apply with “{{ join }}” until {{ closes | datetime }}; {{ capacity }} seats.{% else %}Sign up with “{{ join }}”{% if capacity %}, {{ capacity }} seats{% endif %}{% if closes %}, until {{ closes | datetime }}{% endif %}.{% endif %}{% endif %}";
        reminded: "⏰ 【{{ event.title }}】{{ event.start | time }} 开始{% if applying %}{% if waiting %}，已有 {{ waiting }} 位申请{% endif %}{% elif seats %}，已有 {{ seats }} 位报名{% endif %}，别忘了哦～", "⏰ {{ event.title }} starts at {{ event.start | time }}{% if applying %}{% if waiting %}; {{ waiting }} applied{% endif %}{% elif seats %}; {{ seats }} signed up{% endif %}.";
        opened: "🎉 【{{ event.title }}】现在开始！", "🎉 {{ event.title }} starts now!";
        closed: "【{{ event.title }}】到此结束，感谢大家！", "{{ event.title }} is over. Thank you!";
        review: "{{ group.name }}【{{ event.title }}】小结：报名 {{ seats }} 位，到场 {{ came }} 位，发言 {{ messages }} 条，成交 {{ orders }} 单共 {{ turnover }} 元。", "{{ group.name }}, {{ event.title }}: {{ seats }} signed up, {{ came }} came, {{ messages }} messages, {{ orders }} orders worth {{ turnover }} yuan.";
        joined: "接龙成功！{{ place }}. {{ who }}{% if own_seats > 1 %}（{{ own_seats }} 位）{% endif %}", "{{ place }}. {{ who }}{% if own_seats > 1 %} ({{ own_seats }} seats){% endif %}: you are in.";
        waits: "名额已满，{{ who }} 排在候补第 {{ place }} 位，有人退出会自动递补并通知您。", "Full; {{ who }} waits in place {{ place }} and moves up when somebody leaves.";
        applied: "收到 {{ who }} 的申请{% if own_seats > 1 %}（{{ own_seats }} 位）{% endif %}，{{ closes | datetime }} 截止后公布入选名单～", "{{ who }}, your application{% if own_seats > 1 %} for {{ own_seats }} seats{% endif %} is in; who is chosen is told after {{ closes | datetime }}.";
        late: "{{ who }}，【{{ event.title }}】报名已经截止（{{ closes | datetime }}），这次来不及啦，下次早点来哦～", "{{ who }}, sign-up for {{ event.title }} closed on {{ closes | datetime }}. Please be early next time.";
        chosen: "【{{ event.title }}】报名截止，共 {{ applied }} 份申请，入选名单：{% for line in lines %}\n{{ line }}{% endfor %}\n恭喜入选！{% if applied > lines | length %}没选上的朋友别灰心，{% if waiting %}已经按顺序排进候补，有人退出会通知您。{% else %}谢谢参与，下次还有机会～{% endif %}{% endif %}", "{{ event.title }}: sign-up is closed. Of {{ applied }} applications these are in:{% for line in lines %}\n{{ line }}{% endfor %}{% if applied > lines | length %}\n{% if waiting %}All others wait in their order, and are told when a seat comes free.{% else %}Thank you to all others; there will be a next time.{% endif %}{% endif %}";
        sign_ups: "【{{ event.title }}】（{{ event.start | datetime }}）报名截止，{% if seats %}{{ seats }} 位{% else %}没有人报名{% endif %}{% if waiting %}，候补 {{ waiting }} 位{% endif %}{% if lines %}：{% for line in lines %}\n{{ line }}{% endfor %}{% else %}。{% endif %}", "{{ event.title }} ({{ event.start | datetime }}): sign-up is closed. {{ seats }} seats{% if waiting %}, {{ waiting }} waiting{% endif %}{% if lines %}:{% for line in lines %}\n{{ line }}{% endfor %}{% else %}.{% endif %}";
        full: "抱歉，名额已满～", "Sorry, all seats are taken.";
        already: "{% if applying %}{{ who }} 已经申请过啦，截止后公布入选名单～{% else %}{{ who }} 已经在接龙里啦（第 {{ place }} 位）。{% endif %}", "{% if applying %}{{ who }} has applied already.{% else %}{{ who }} is on the list already (place {{ place }}).{% endif %}";
        left: "{{ who }} 已取消报名。", "{{ who }} is off the list.";
        not_in: "{{ who }} 还没有报名哦。", "{{ who }} is not on the list.";
        moved_up: "有空位啦，{{ who }} 递补成功！", "A seat is free: {{ who }} moved up!";
        list: "【{{ event.title }}】接龙名单：{% for line in lines %}\n{{ line }}{% endfor %}\n{% if not lines %}还没有人报名{% elif applying %}共 {{ waiting }} 位申请，{{ closes | datetime }} 截止{% else %}共 {{ seats }} 位{% endif %}{% if waiting and not applying %}，候补 {{ waiting }} 位{% endif %}", "{{ event.title }}:{% for line in lines %}\n{{ line }}{% endfor %}\n{% if applying %}{{ waiting }} applied{% else %}{{ seats }} seats{% if waiting %}, {{ waiting }} waiting{% endif %}{% endif %}";
        seats: "每人最多报 {{ most }} 位哦。", "At most {{ most }} seats each.";
    }
    /// What `[points]` says.
    PointsPhrases {
        balance: "{{ who }}，您有 {{ points.balance }} {{ points.title }}。{% if points.expiring %}其中 {{ points.expiring }} 到 {{ points.until | date }}为止。{% endif %}{% for line in points.ledger %}\n{{ line }}{% endfor %}", "{{ who }}, you have {{ points.balance }} {{ points.title }}.{% if points.expiring %} {{ points.expiring }} of them can be spent until {{ points.until | date }}.{% endif %}{% for line in points.ledger %}\n{{ line }}{% endfor %}";
        expiring: "{{ who }}，您有 {{ points.expiring }} {{ points.title }}，{{ points.until | date }}过后就没有了，记得来用～", "{{ who }}, {{ points.expiring }} of your {{ points.title }} can be spent until {{ points.until | date }} and are gone after that.";
        granted: "{% if taken %}已扣 {{ name }} {{ points.amount }} {{ points.title }}{% else %}已给 {{ name }} +{{ points.amount }} {{ points.title }}{% endif %}（{{ points.why }}）。", "{% if taken %}{{ points.amount }} {{ points.title }} taken from {{ name }}{% else %}+{{ points.amount }} {{ points.title }} for {{ name }}{% endif %} ({{ points.why }}).";
        how_to_grant: "请写上人、分数和原因，例如「加分 @群友 20 帮忙布置」「扣分 @群友 5 重复领取」。", "Say whom, how many and why: “give points @member 20 helped out”, “take points @member 5 claimed twice”.";
        too_many: "一次最多 {{ most }} 分，没有动。", "At most {{ most }} at once; nothing was moved.";
        has_less: "{{ name }} 只有 {{ points.balance }} {{ points.title }}，没有扣。", "{{ name }} has {{ points.balance }} {{ points.title }} only; nothing was taken.";
        spent_already: "订单 {{ order }} 退款，应收回的积分里有 {{ missing }} 分 {{ who }} 已经用掉，请核对。", "Order {{ order }} went back, but {{ missing }} of the points for it have been spent; please settle it with {{ who }}.";
        board: "{% if lines %}{% if month %}本月{% endif %}{{ points.title }}榜：{% for line in lines %}\n{{ line }}{% endfor %}{% if place %}\n{{ who }}，您排第 {{ place }}～{% endif %}{% else %}{% if month %}本月{% endif %}还没有人得到 {{ points.title }}～{% endif %}", "{% if lines %}{{ points.title }}{% if month %} this month{% endif %}:{% for line in lines %}\n{{ line }}{% endfor %}{% if place %}\n{{ who }}, you are number {{ place }}.{% endif %}{% else %}Nobody has earned {{ points.title }}{% if month %} this month{% endif %} yet.{% endif %}";
    }
    /// What `[exchange]` says.
    ExchangePhrases {
        list: "{% if lines %}积分商城：{% for line in lines %}\n{{ line }}{% endfor %}\n发「{{ word }} 名字」就能换。{{ who }}，您有 {{ points.balance }} {{ points.title }}。{% else %}积分商城还没有上架，敬请期待～{% endif %}", "{% if lines %}To be had for points:{% for line in lines %}\n{{ line }}{% endfor %}\nWrite “{{ word }} NAME”. {{ who }}, you have {{ points.balance }} {{ points.title }}.{% else %}There is nothing to be had yet.{% endif %}";
        unknown: "{{ who }}，没有这样东西。现在可以换：{% for line in lines %}\n{{ line }}{% endfor %}", "{{ who }}, there is no such thing. To be had:{% for line in lines %}\n{{ line }}{% endfor %}";
        exchanged: "{{ who }} 用 {{ goods.price }} {{ points.title }} 换了「{{ goods.title }}」（{{ number }} 号），到店找店员领取～还剩 {{ points.balance }} {{ points.title }}。", "{{ who }} exchanged {{ goods.price }} {{ points.title }} for “{{ goods.title }}” (number {{ number }}): our staff have it for you. {{ points.balance }} {{ points.title }} left.";
        given: "{{ who }} 用 {{ goods.price }} {{ points.title }} 换了「{{ goods.title }}」，已放入卡包～还剩 {{ points.balance }} {{ points.title }}。", "{{ who }} exchanged {{ goods.price }} {{ points.title }} for “{{ goods.title }}”; it is with your coupons. {{ points.balance }} {{ points.title }} left.";
        short: "{{ who }}，「{{ goods.title }}」要 {{ goods.price }} {{ points.title }}，您有 {{ points.balance }}，再攒攒～", "{{ who }}, “{{ goods.title }}” takes {{ goods.price }} {{ points.title }}, and you have {{ points.balance }}.";
        had_enough: "{{ who }}，「{{ goods.title }}」您已经换够啦，把机会留给别人吧～", "{{ who }}, you have had your share of “{{ goods.title }}”.";
        sold_out: "{{ who }}，「{{ goods.title }}」换完啦，积分没有动～", "{{ who }}, there is no “{{ goods.title }}” left; no points were taken.";
        mine: "{% if lines %}{{ who }}，您换了还没领的：{% for line in lines %}\n{{ line }}{% endfor %}\n不要了可以发「{{ call_off }} 编号」。{% else %}{{ who }}，没有等着领的东西。{% endif %}", "{% if lines %}{{ who }}, waiting for you:{% for line in lines %}\n{{ line }}{% endfor %}\nWrite “{{ call_off }} NUMBER” if you do not want it.{% else %}{{ who }}, nothing is waiting for you.{% endif %}";
        owed: "{% if lines %}还没交付的：{% for line in lines %}\n{{ line }}{% endfor %}{% else %}没有等着交付的东西。{% endif %}", "{% if lines %}To be handed out:{% for line in lines %}\n{{ line }}{% endfor %}{% else %}Nothing is to be handed out.{% endif %}";
        handed_out: "{{ name }} 已领走「{{ goods.title }}」（{{ number }} 号）。", "{{ name }} was handed “{{ goods.title }}” (number {{ number }}).";
        called_off: "已取消 {{ name }} 的「{{ goods.title }}」（{{ number }} 号），退回 {{ goods.price }} {{ points.title }}，现有 {{ points.balance }}。", "“{{ goods.title }}” of {{ name }} (number {{ number }}) is called off; {{ goods.price }} {{ points.title }} went back, {{ points.balance }} in all.";
        several: "{{ name }} 换了几样，请写编号：{% for line in lines %}\n{{ line }}{% endfor %}", "{{ name }} waits for several things, please write the number:{% for line in lines %}\n{{ line }}{% endfor %}";
        none_waits: "没有这样等着交付的东西。", "Nothing of the kind is waiting to be handed out.";
        how_to_hand_out: "请写编号或 @群友，例如「{{ hand_out }} 3」「{{ call_off }} 3」。", "Write a number or call the member: “{{ hand_out }} 3”, “{{ call_off }} 3”.";
    }
    /// What `[claim]` says.
    ClaimPhrases {
        how: "{{ who }}，发「{{ word }} 订单号」或「{{ word }} 手机尾号四位」，我帮您把订单对上。", "{{ who }}, write “{{ word }} ORDER-NUMBER” or “{{ word }} LAST-FOUR-DIGITS of the phone”, and I will find your orders.";
        bound: "{{ who }}，对上了：{{ orders }} 笔订单，共 {{ amount }} 元，已记到您名下～", "{{ who }}, found: {{ orders }} order(s), {{ amount }} yuan, are yours now.";
        already: "{{ who }}，这笔订单已经在您名下啦。", "{{ who }}, that order is yours already.";
        not_found: "{{ who }}，没有找到这样的订单，请再核对一下{% if left %}，今天还可以试 {{ left }} 次{% endif %}。", "{{ who }}, there is no such order to claim; please check again{% if left %}. {{ left }} tries left today{% endif %}.";
        several: "{{ who }}，这个尾号对应不止一位客人，请发订单号；店员也会来帮您核对。", "{{ who }}, these digits fit more than one customer. Please tell the order number; our staff will look as well.";
        whole_phone: "{{ who }}，别把整个手机号发出来哦，发后四位就行。", "{{ who }}, please do not post the whole number; the last four digits will do.";
        too_often: "{{ who }}，今天试的次数太多啦，请联系店员帮您核对。", "{{ who }}, that was too many tries for today; please ask our staff.";
        staff_several: "{{ who }}（{{ person_id }}）说手机尾号是 {{ tail }}，有几位买家都是这个尾号：{% for line in lines %}\n{{ line }}{% endfor %}\n核对后运行 qunying orders match 订单号 {{ person_id }}", "{{ who }} ({{ person_id }}) tells the last digits {{ tail }}, and several buyers have them:{% for line in lines %}\n{{ line }}{% endfor %}\nOnce you know, run `qunying orders match ORDER {{ person_id }}`.";
        staff_tries: "{{ who }}（{{ person_id }}）今天报了 {{ attempts }} 次都没有对上订单，明天才能再试。认得的话，运行 qunying orders match 订单号 {{ person_id }}", "{{ who }} ({{ person_id }}) told {{ attempts }} wrong numbers today and may not try again before tomorrow. If you know the order, run `qunying orders match ORDER {{ person_id }}`.";
    }
    /// What `[check_in.NAME]` says.
    CheckInPhrases {
        done: "{{ who }} 签到成功，连续 {{ check_in.streak }} 天{% if points.amount %}，+{{ points.amount }} {{ points.title }}{% if check_in.bonus %}（连续奖励 {{ check_in.bonus }}）{% endif %}，共 {{ points.balance }}{% endif %}。{% if check_in.next %}再连签 {{ check_in.next }} 天另有奖励～{% endif %}", "{{ who }}: day {{ check_in.streak }} in a row{% if points.amount %}, +{{ points.amount }} {{ points.title }}{% if check_in.bonus %} ({{ check_in.bonus }} for the streak){% endif %}, {{ points.balance }} in all{% endif %}.{% if check_in.next %} {{ check_in.next }} more days in a row earn a bonus.{% endif %}";
        already: "{{ who }} 今天已经签过啦，连续 {{ check_in.streak }} 天，明天再来～", "{{ who }}, you have checked in today: {{ check_in.streak }} days in a row. See you tomorrow.";
        outside: "{{ who }}，签到时间是 {{ check_in.hours }}，到时候再来哦～", "{{ who }}, checking in is open {{ check_in.hours }}.";
        made_up: "{{ who }} 补签了 {{ check_in.day }}，连续 {{ check_in.streak }} 天{% if check_in.bonus %}，连续奖励 +{{ check_in.bonus }} {{ points.title }}{% endif %}，共 {{ points.balance }} {{ points.title }}，还剩 {{ check_in.cards }} 张补签卡。", "{{ who }} made up {{ check_in.day }}: {{ check_in.streak }} days in a row{% if check_in.bonus %}, +{{ check_in.bonus }} {{ points.title }}{% endif %}; {{ points.balance }} {{ points.title }} and {{ check_in.cards }} make-up cards left.";
        nothing_missed: "{{ who }}，最近 {{ check_in.last_days }} 天里没有漏签的日子，不用补～", "{{ who }}, you missed none of the last {{ check_in.last_days }} days.";
        made_up_enough: "{{ who }}，每月最多补签 {{ check_in.per_month }} 天，下个月再补吧～", "{{ who }}, at most {{ check_in.per_month }} days a month can be made up.";
        no_card: "{{ who }}，您没有补签卡了。", "{{ who }}, you have no make-up card left.";
        too_dear: "{{ who }}，没有补签卡时补一天要 {{ check_in.price }} {{ points.title }}，您有 {{ points.balance }}。", "{{ who }}, without a card a day costs {{ check_in.price }} {{ points.title }}, and you have {{ points.balance }}.";
        standing: "{{ who }}，您连续签到 {{ check_in.streak }} 天，一共 {{ check_in.days }} 天{% if check_in.cards %}，有 {{ check_in.cards }} 张补签卡{% endif %}。", "{{ who }}, {{ check_in.streak }} days in a row, {{ check_in.days }} in all{% if check_in.cards %}, {{ check_in.cards }} make-up cards{% endif %}.";
        cards_given: "已给 {{ who }} {{ cards }} 张补签卡。", "{{ who }}: {{ cards }} make-up card(s).";
        how_to_give: "这样发：「发补签卡 @群友 张数」，一次 1～31 张。", "Write “give cards @member NUMBER”, 1 to 31 at a time.";
    }
    /// What `[redemption]` says.
    RedemptionPhrases {
        used: "✅ 已核销 {{ coupons }} 张：{% for line in lines %}\n{{ line }}{% endfor %}\n共抵 {{ off }} 元{% if bill %}，应收 {{ due }} 元{% endif %}", "✅ {{ coupons }} used:{% for line in lines %}\n{{ line }}{% endfor %}\n{{ off }} yuan off{% if bill %}, {{ due }} to pay{% endif %}";
        refused: "❌ 没有核销，一张也没有用掉：{% for line in lines %}\n{{ line }}{% endfor %}", "❌ Nothing was used:{% for line in lines %}\n{{ line }}{% endfor %}";
        several: "有好几张可用，请写上券名：{% for line in lines %}\n{{ line }}{% endfor %}", "There are several; write the title:{% for line in lines %}\n{{ line }}{% endfor %}";
        restored: "↩️ 已撤销核销 {{ coupons }} 张，可以再用：{% for line in lines %}\n{{ line }}{% endfor %}", "↩️ {{ coupons }} can be used again:{% for line in lines %}\n{{ line }}{% endfor %}";
        not_restored: "没有撤销：{% for line in lines %}\n{{ line }}{% endfor %}", "Nothing was taken back:{% for line in lines %}\n{{ line }}{% endfor %}";
        unknown: "{{ code }} 没有这个券码", "{{ code }} is no coupon's code";
        has_none: "{{ name }} 没有可用的这种券", "{{ name }} has no such coupon to use";
        used_none: "{{ name }} 今天没有核销过这种券", "{{ name }} used no such coupon today";
        was_used: "{{ at | datetime }} 已经用过", "was used on {{ at | datetime }}";
        was_taken: "{{ at | datetime }} 已收回", "was taken back on {{ at | datetime }}";
        ended: "{{ at | datetime }} 已过期", "ended on {{ at | datetime }}";
        not_yet: "{{ at | datetime }} 起才能用", "can be used from {{ at | datetime }} on";
        alone: "不能和别的券一起用", "cannot be used with another coupon";
        below: "账单满 {{ least }} 元才能用", "needs a bill of {{ least }} yuan";
        no_bill: "满 {{ least }} 元可用，请在后面写上账单金额", "needs a bill of {{ least }} yuan; write the bill after the code";
        not_today: "不是今天核销的", "was not used today";
        not_used: "还没有用过", "was not used";
        held: "{{ at | time }} 前为收银台「{{ till }}」留着", "is kept for the till “{{ till }}” until {{ at | time }}";
        no_reservation: "没有这次预留", "nothing was reserved so";
        reservation_ended: "预留已在 {{ at | datetime }} 结束", "the reservation ended on {{ at | datetime }}";
        owed: "{% if lines %}没用的券共 {{ coupons }} 张、面值 {{ worth }} 元，其中本月到期 {{ ending }} 张、{{ worth_ending }} 元：{% for line in lines %}\n{{ line }}{% endfor %}{% else %}现在没有没用的券。{% endif %}", "{% if lines %}{{ coupons }} coupons are out, worth {{ worth }} yuan; {{ ending }} of them, worth {{ worth_ending }} yuan, end this month:{% for line in lines %}\n{{ line }}{% endfor %}{% else %}No coupon is out.{% endif %}";
        owed_line: "{{ title }}：{{ coupons }} 张、{{ worth }} 元，本月到期 {{ ending }} 张", "{{ title }}: {{ coupons }}, worth {{ worth }} yuan; {{ ending }} end this month";
        how: "核销这样写：「{{ word }} 券码」「{{ word }} 券码 账单金额」或「{{ word }} @群友 券名」。", "Write “{{ word }} CODE”, “{{ word }} CODE BILL” or “{{ word }} @member TITLE”.";
        staff_only: "{{ who }}，核销请让店员来操作哦～", "{{ who }}, our staff redeem coupons for you.";
        mine: "{% if lines %}{{ who }}，您的券：{% for line in lines %}\n{{ line }}{% endfor %}{% else %}{{ who }}，您现在没有可用的券。{% endif %}", "{% if lines %}{{ who }}, your coupons:{% for line in lines %}\n{{ line }}{% endfor %}{% else %}{{ who }}, you have no coupon at the moment.{% endif %}";
    }
    /// What `[tiers]` says.
    TierPhrases {
        mine: "{{ who }}，您{% if tier.title %}是「{{ tier.title }}」{% if tier.benefits %}：{{ tier.benefits }}{% endif %}{% else %}还没有等级{% endif %}。{% if tier.missing %}\n离「{{ tier.next }}」还差 {{ tier.missing }}。{% endif %}{% for line in lines %}\n{{ line }}{% endfor %}", "{{ who }}, you {% if tier.title %}are “{{ tier.title }}”{% if tier.benefits %}: {{ tier.benefits }}{% endif %}{% else %}have no tier yet{% endif %}.{% if tier.missing %}\n“{{ tier.next }}” takes {{ tier.missing }} more.{% endif %}{% for line in lines %}\n{{ line }}{% endfor %}";
        falls: "要保住这一级，请在 {{ until | date }} 前补上 {{ short }}，否则会降到「{{ to }}」。", "To keep it, please add {{ short }} by {{ until | date }}; else it becomes “{{ to }}”.";
        held: "这一级由店里定到 {{ until | date }}。", "Our staff hold you there until {{ until | date }}.";
        nothing: "普通会员", "no tier";
        set: "✅ {{ name }} 定为「{{ tier.title }}」，不升不降{% if dated %}，到 {{ dated }}{% endif %}。理由：{{ why }}", "✅ {{ name }} is “{{ tier.title }}” now and stays there{% if dated %} until {{ dated }}{% endif %}. Reason: {{ why }}";
        freed: "↩️ {{ name }} 恢复按规则算，现在是「{{ tier.title }}」。", "↩️ {{ name }} is judged like everybody again and is “{{ tier.title }}” now.";
        not_held: "{{ name }} 没有被定级。", "{{ name }} is not held on a tier.";
        no_such: "没有「{{ told }}」这个等级，有：{{ tiers }}。", "There is no tier “{{ told }}”; there is: {{ tiers }}.";
        how: "这样写：「{{ word }} @群友 等级 理由」，可以加「到2026-12-31」。等级有：{{ tiers }}。", "Write “{{ word }} @member TIER REASON”, and “until 2026-12-31” if it ends. There is: {{ tiers }}.";
        staff_only: "{{ who }}，等级按规则自动算，发「{{ ask }}」可以查看～", "{{ who }}, tiers follow the rules; “{{ ask }}” shows yours.";
    }
    /// What `[tags]` says.
    TagPhrases {
        added: "🏷️ 已贴上：{% for line in lines %}\n{{ line }}{% endfor %}", "🏷️ Tagged:{% for line in lines %}\n{{ line }}{% endfor %}";
        removed: "🏷️ 已撕下，还有：{% for line in lines %}\n{{ line }}{% endfor %}", "🏷️ Taken off; left:{% for line in lines %}\n{{ line }}{% endfor %}";
        shown: "{% for line in lines %}{% if not loop.first %}\n{% endif %}{{ line }}{% endfor %}", "{% for line in lines %}{% if not loop.first %}\n{% endif %}{{ line }}{% endfor %}";
        unknown: "没有「{{ tag }}」这个标签，能贴的有：{{ tags }}。", "There is no tag “{{ tag }}”; there is: {{ tags }}.";
        how: "这样写：「{{ word }} @群友 户外」，几个标签用空格隔开。", "Write “{{ word }} @member TAG”, several divided by blanks.";
    }
    /// What `[sources]` says.
    SourcePhrases {
        noted: "{{ who }}，记下啦，欢迎从「{{ source.title }}」来的朋友～", "Noted, {{ who }}: welcome from {{ source.title }}.";
        known: "{{ who }}，您从哪里来早就记下啦～", "{{ who }}, where you come from is noted already.";
        late: "{{ who }}，暗号是给刚进群的朋友用的哦～", "{{ who }}, the code is for those who have just come in.";
        unknown: "{{ who }}，没有「{{ told }}」这个暗号，请再看一眼海报～", "{{ who }}, “{{ told }}” is no code; please look at the poster again.";
    }
    /// What `[answers]` says.
    AnswersPhrases {
        nearest: "{{ who }}，您是不是想问：{% for line in lines %}\n{{ line }}{% endfor %}\n回复编号就好～", "{{ who }}, did you mean:{% for line in lines %}\n{{ line }}{% endfor %}\nJust answer with the number.";
        missing: "{{ who }}，这个问题我先记下了，请店员来回答您～", "{{ who }}, I noted your question; our staff will answer it.";
        told_staff: "❓ {{ place }}：{{ who }} 的问题 {{ minutes }} 分钟没人回答{% for line in lines %}\n「{{ line }}」{% endfor %}", "❓ {{ place }}: nobody has answered {{ who }} for {{ minutes }} minutes{% for line in lines %}\n“{{ line }}”{% endfor %}";
        escalated: "❗ {{ place }}：{{ who }} 的问题 {{ minutes }} 分钟了还没人回答，请您看一下{% for line in lines %}\n「{{ line }}」{% endfor %}", "❗ {{ place }}: still no answer for {{ who }} after {{ minutes }} minutes, please see to it{% for line in lines %}\n“{{ line }}”{% endfor %}";
        figures: "{{ month }} 问答：提问 {{ asked }} 次，自动回答 {{ by_bot }} 次，真人先答 {{ by_people }} 次{% if by_people %}（平均 {{ average }} 分钟，最久 {{ longest }} 分钟）{% endif %}，提醒店员 {{ told }} 次，升级 {{ escalated }} 次，一直没人答 {{ never }} 次。{% for line in lines %}\n{{ line }}{% endfor %}", "{{ month }}: {{ asked }} questions, {{ by_bot }} answered by the bot, {{ by_people }} by people{% if by_people %} ({{ average }} minutes on average, {{ longest }} at most){% endif %}; staff told {{ told }} times, others {{ escalated }} times, {{ never }} never answered.{% for line in lines %}\n{{ line }}{% endfor %}";
    }
    /// What `[survey.NAME]` says.
    SurveyPhrases {
        opened: "📋 {{ survey.title }}（{{ closes | datetime }} 截止）{% if join %}：发「{{ join }}」，我私聊问您 {{ of }} 个小问题～{% else %}，发「{{ answer }}{% if of > 1 %}题号{% endif %} 您的答案」就行：{% for line in lines %}\n{{ line }}{% endfor %}{% endif %}", "📋 {{ survey.title }} (until {{ closes | datetime }}){% if join %}: write “{{ join }}” and I ask you {{ of }} short question(s) in private.{% else %}: write “{{ answer }}{% if of > 1 %} NUMBER{% endif %} YOUR ANSWER”.{% for line in lines %}\n{{ line }}{% endfor %}{% endif %}";
        already_open: "问卷「{{ survey.title }}」正在进行，{{ closes | datetime }} 截止。", "The survey “{{ survey.title }}” is open until {{ closes | datetime }}.";
        question: "{{ number }}/{{ of }} {{ question }}{% for choice in choices %}\n{{ choice }}{% endfor %}\n（{{ hint }}；不想答了发「{{ quit }}」）", "{{ number }}/{{ of }} {{ question }}{% for choice in choices %}\n{{ choice }}{% endfor %}\n({{ hint }}; “{{ quit }}” to stop)";
        again: "没看懂～{{ question }}{% for choice in choices %}\n{{ choice }}{% endfor %}\n（{{ hint }}）", "Sorry, I did not get that. {{ question }}{% for choice in choices %}\n{{ choice }}{% endfor %}\n({{ hint }})";
        noted: "{{ who }}，记下了，还有别的题哦～", "{{ who }}: noted; there are more questions.";
        thanks: "{{ who }}，谢谢您的回答！", "{{ who }}, thank you for your answers!";
        changed: "{{ who }}，已按新的回答改好。", "{{ who }}, your answers are changed.";
        already: "{{ who }}，您已经答过啦，谢谢～", "{{ who }}, you have answered already, thank you.";
        left: "好的，先不答了。{% if join %}想答时再发「{{ join }}」，{{ closes | datetime }} 前都可以。{% endif %}", "All right.{% if join %} Write “{{ join }}” whenever you like until {{ closes | datetime }}.{% endif %}";
        how: "{{ who }}，请写上题号，例如「{{ answer }}2 您的答案」，一共 {{ of }} 题。", "{{ who }}, please write the question's number, like “{{ answer }} 2 YOUR ANSWER”; there are {{ of }}.";
        closed: "📋 {{ survey.title }}结束啦，{{ replies }} 位参加，谢谢大家！", "📋 {{ survey.title }} is over; {{ replies }} took part. Thank you!";
        results: "📊 {{ group.name }} · {{ survey.title }}：{{ replies }} 份{% for line in lines %}\n{{ line }}{% endfor %}{% if rows %}\n————{% for row in rows %}\n{{ row }}{% endfor %}{% endif %}", "📊 {{ group.name }} · {{ survey.title }}: {{ replies }} replies{% for line in lines %}\n{{ line }}{% endfor %}{% if rows %}\n————{% for row in rows %}\n{{ row }}{% endfor %}{% endif %}";
    }
    /// What `[quiz.NAME]` says.
    QuizPhrases {
        asked: "❓ {{ quiz.title }}{% if of > 1 %} 第 {{ number }}/{{ of }} 题{% endif %}：{{ question }}{% for choice in choices %}\n{{ choice }}{% endfor %}\n最先答对的 {{ most }} 位赢，{{ closes | time }} 截止！", "❓ {{ quiz.title }}{% if of > 1 %} {{ number }}/{{ of }}{% endif %}: {{ question }}{% for choice in choices %}\n{{ choice }}{% endfor %}\nThe first {{ most }} right answer(s) win, until {{ closes | time }}.";
        won: "🎉 {{ who }} 答对了，第 {{ place }} 位！", "🎉 {{ who }} is right, number {{ place }}!";
        answer: "答案：{{ right }}。{% if winners %}答对的：{{ winners }}{% else %}这题没人答对～{% endif %}", "The answer: {{ right }}. {% if winners %}Right: {{ winners }}{% else %}Nobody got it this time.{% endif %}";
        closed: "{{ quiz.title }}结束！{% if lines %}赢家：{% for line in lines %}\n{{ line }}{% endfor %}{% else %}下次再来～{% endif %}", "{{ quiz.title }} is over! {% if lines %}Winners:{% for line in lines %}\n{{ line }}{% endfor %}{% else %}Better luck next time.{% endif %}";
    }
    /// What `[suggestions]` says.
    SuggestionsPhrases {
        made: "{{ who }}，收到您的建议（{{ number }} 号），有进展第一时间告诉您～", "{{ who }}, your suggestion is number {{ number }}; you will hear what becomes of it.";
        noted: "{{ who }}，谢谢您的反馈（{{ number }} 号），我们马上看。", "{{ who }}, thank you for telling us (number {{ number }}); we are looking into it.";
        same: "{{ who }}，这条已经记在 {{ number }} 号啦～", "{{ who }}, that is number {{ number }} already.";
        enough: "{{ who }}，今天已经收到您 {{ most }} 条啦，明天再说好吗～", "{{ who }}, we have {{ most }} of yours today; please tell us more tomorrow.";
        too_long: "{{ who }}，太长啦，请在 {{ longest }} 个字以内说～", "{{ who }}, please say it in {{ longest }} characters.";
        told_staff: "💡 {{ number }} 号{{ what }}（{{ place }} {{ who }}）：{{ suggestion }}\n处理：「{{ adopt }} {{ number }}」「{{ decline }} {{ number }}」，后面可以写一句话给对方。", "💡 {{ what }} {{ number }} ({{ place }}, {{ who }}): {{ suggestion }}\n“{{ adopt }} {{ number }}” or “{{ decline }} {{ number }}”; what you write after the number is told too.";
        looked_at: "{{ who }}，您的{{ what }}「{{ suggestion }}」我们看过了。{{ note }}", "{{ who }}, we looked at your {{ what }} “{{ suggestion }}”. {{ note }}";
        adopted: "🎉 {{ who }}，您的{{ what }}「{{ suggestion }}」采纳了！{{ note }}", "🎉 {{ who }}, your {{ what }} “{{ suggestion }}” is adopted! {{ note }}";
        declined: "{{ who }}，谢谢您的{{ what }}「{{ suggestion }}」，这次先不做了。{{ note }}", "{{ who }}, thank you for your {{ what }} “{{ suggestion }}”; we cannot do it now. {{ note }}";
        done: "✅ {{ who }}，您的{{ what }}「{{ suggestion }}」做好了，来看看吧！{{ note }}", "✅ {{ who }}, your {{ what }} “{{ suggestion }}” is done, come and see! {{ note }}";
        moved: "{{ number }} 号：{{ stage }}，已告诉 {{ name }}。", "Number {{ number }} is {{ stage }}; {{ name }} is told.";
        not_so: "{{ number }} 号现在是「{{ stage }}」，不能这样改。", "Number {{ number }} is {{ stage }}; it cannot be changed so.";
        unknown: "没有 {{ number }} 号。", "There is no number {{ number }}.";
        list: "{% if lines %}还没办完的：{% for line in lines %}\n{{ line }}{% endfor %}{% else %}都办完啦。{% endif %}", "{% if lines %}Not settled yet:{% for line in lines %}\n{{ line }}{% endfor %}{% else %}All are settled.{% endif %}";
        mine: "{% if lines %}{{ who }}，您提过的：{% for line in lines %}\n{{ line }}{% endfor %}{% else %}{{ who }}，您还没有提过建议，发「建议 …」告诉我们吧～{% endif %}", "{% if lines %}{{ who }}, yours:{% for line in lines %}\n{{ line }}{% endfor %}{% else %}{{ who }}, you have not suggested anything yet.{% endif %}";
    }
    /// What `[linking]` says.
    LinkingPhrases {
        code: "{{ who }}，您的绑定码是 {{ code }}，{{ minutes }} 分钟内有效，只能用一次。请用您的另一个账号发「{{ word }} {{ code }}」。不要告诉别人：谁用了它，您的积分和券就和谁算在一起。", "{{ who }}, your code is {{ code }}, good for {{ minutes }} minutes and for once. Write “{{ word }} {{ code }}” from your other account. Tell it to nobody: whoever uses it shares your points and coupons.";
        in_private: "{{ who }}，请私聊我发「{{ word }}」，绑定码只私下给您。", "{{ who }}, please write “{{ word }}” to me in private; the code is for you alone.";
        by_staff: "{{ who }}，这里不能私聊，请找店员来关联账号。", "{{ who }}, I cannot write to you in private here; please ask our staff to link your accounts.";
        wrong: "{{ who }}，这个绑定码不对，或者已经过期。请用原来的账号再要一个。", "{{ who }}, this code is wrong or its time is over. Please ask for another from the first account.";
        too_often: "{{ who }}，绑定码错得太多了，请过一小时再试。", "{{ who }}, that were too many wrong codes; please try again in an hour.";
        same_account: "{{ who }}，绑定码就是这个账号要的，请用另一个账号发。", "{{ who }}, this is the account that asked for the code; please write it from the other one.";
        linked: "✅ {{ who }}，两个账号关联好了：生日、标签、积分、券和订单从现在起算同一个人的。", "✅ {{ who }}, the two accounts are linked: birthday, tags, points, coupons and orders are one person's from now on.";
        told: "您的账号和「{{ account }}」关联了，从现在起算同一个人。不是您本人操作的话，回复「{{ undo }}」就分开。", "Your account is linked with “{{ account }}”; from now on both are one person. If that was not you, answer “{{ undo }}”.";
        linked_by_staff: "✅ 「{{ name }}」和「{{ account }}」从现在起算同一个人；取消请发「{{ undo }}」。", "✅ “{{ name }}” and “{{ account }}” are one person from now on; “{{ undo }}” undoes it.";
        unlinked: "↩️ 「{{ account }}」已取消关联：它带来的回到它名下，关联期间得到的留在原来的账号。", "↩️ “{{ account }}” is unlinked: it has again what it brought; what came while it was linked stays where it is.";
        already: "这两个账号已经是同一个人的。", "Both are one person's already.";
        staff: "店员的账号不关联。", "Accounts of staff are not linked.";
        unknown: "没有见过账号 {{ account }}。", "The account {{ account }} was never seen.";
        both: "两边都关联了别的账号，请先取消一边的。", "Both have other accounts linked; please unlink those of one first.";
        not_linked: "没有关联的账号。", "No account is linked.";
        which: "关联了好几个账号，请写明取消哪一个：{% for line in lines %}\n{{ line }}{% endfor %}", "Several accounts are linked; write which to unlink:{% for line in lines %}\n{{ line }}{% endfor %}";
        accounts: "{{ name }} 的账号：{% for line in lines %}\n{{ line }}{% endfor %}", "The accounts of {{ name }}:{% for line in lines %}\n{{ line }}{% endfor %}";
        how: "这样写：「{{ link }} @甲 @乙」，或写编号「{{ link }} 网关/编号 网关/编号」；「{{ link }} @甲」看有哪些账号；「{{ undo }} @乙」取消。", "Write “{{ link }} @one @other”, or their ids, “{{ link }} gateway/id gateway/id”; “{{ link }} @one” shows the accounts; “{{ undo }} @other” undoes it.";
    }
    /// What `[opting_out]` says.
    OptingOutPhrases {
        out: "{{ who }}，好的，已退订：以后不 @ 您、不私聊您，也不给您发祝福和优惠。您来问的我照样答，已有的券都还在。想恢复就发「{{ back }}」。", "{{ who }}, done: no more mentions, private messages, wishes or offers. What you ask is still answered and your coupons stay. To get messages again, write “{{ back }}”.";
        already_out: "{{ who }}，您已经退订了。想恢复就发「{{ back }}」。", "{{ who }}, you have opted out already. To get messages again, write “{{ back }}”.";
        back: "{{ who }}，已恢复，有好消息会告诉您～", "{{ who }}, welcome back: you will hear from us again.";
        not_out: "{{ who }}，您没有退订，消息照常。", "{{ who }}, you have not opted out: nothing changes.";
        out_for: "已替 {{ name }} 退订：不再 @、不再私聊。", "{{ name }}: opted out, neither called nor written to any more.";
        back_for: "已替 {{ name }} 恢复。", "{{ name }}: opted in again.";
        whom: "请 @ 要办的群友，例如「{{ word }} @小明」。", "Please mention the member, like “{{ word }} @Ming”.";
    }
    /// What `[column.NAME]` says.
    ColumnPhrases {
        said: "【{{ column.title }}】{{ piece.title }}{% if host %}（主持：{{ host }}）{% endif %}\n{{ piece.text }}", "{{ column.title }}{% if piece.title %}: {{ piece.title }}{% endif %}{% if host %} (hosted by {{ host }}){% endif %}\n{{ piece.text }}";
        low: "栏目「{{ column.title }}」还剩 {{ left }} 篇没说过，一周内就说完了，请往目录里添新的。", "“{{ column.title }}” has {{ left }} pieces left, and runs dry within a week; please add some to its folder.";
    }
    /// What `[referral.NAME]` says.
    ReferralPhrases {
        word: "{{ who }}，您的邀请口令是「{{ word }}」。朋友进群后 {{ hours }} 小时内在群里发出它，就记在您名下～", "{{ who }}, your invitation word is “{{ word }}”. A friend who writes it here within {{ hours }} hours of joining counts as yours.";
        noted: "{{ who }}，记下啦：{{ referral.inviter }} 邀请您来的。在群里满 {{ days }} 天，两位都有礼～", "Noted, {{ who }}: {{ referral.inviter }} brought you. Stay {{ days }} days and there is something for both of you.";
        late: "{{ who }}，口令要在进群后不久发才算，这次来不及啦。", "{{ who }}, that word counts only soon after joining; it is too late now.";
        yourself: "{{ who }}，自己的口令要请新朋友来发哦～", "{{ who }}, your own word is for new friends to write.";
        already: "{{ who }}，您是谁邀请来的已经记过啦。", "{{ who }}, it is noted already who brought you.";
        not_new: "{{ who }}，口令是给第一次来的新朋友的哦～", "{{ who }}, invitation words are for people who are new here.";
        progress: "{{ who }}，您邀请的朋友已有 {{ referral.count }} 位算数{% if waiting %}，还有 {{ waiting }} 位要留满天数{% endif %}{% if referral.next %}；再有 {{ referral.left }} 位，就到 {{ referral.next }} 位的礼了{% endif %}。{% for line in lines %}\n{{ line }}{% endfor %}", "{{ who }}, {{ referral.count }} of the friends you brought count{% if waiting %}, {{ waiting }} have to stay a while yet{% endif %}{% if referral.next %}; {{ referral.left }} more take you to {{ referral.next }}{% endif %}.{% for line in lines %}\n{{ line }}{% endfor %}";
        too_many: "请看一下：{{ referral.inviter }} 邀请了 {{ referral.newcomer }}，短时间里是第 {{ count }} 位（超过 {{ most }} 位要看）。回复「算数 {{ code }}」或「不算 {{ code }}」。", "Please judge: {{ referral.inviter }} brought {{ referral.newcomer }}, number {{ count }} in a short time (more than {{ most }} are to be looked at). Answer “count {{ code }}” or “void {{ code }}”.";
        same_name: "请看一下：{{ referral.inviter }} 邀请了同名的 {{ referral.newcomer }}，会不会是同一个人？回复「算数 {{ code }}」或「不算 {{ code }}」。", "Please judge: {{ referral.inviter }} brought {{ referral.newcomer }}, who has the same name; are they the same person? Answer “count {{ code }}” or “void {{ code }}”.";
        agreed: "{{ code }}：好的，{{ referral.newcomer }} 算 {{ referral.inviter }} 邀请的。", "{{ code }}: {{ referral.newcomer }} was brought by {{ referral.inviter }}.";
        declined: "{{ code }}：好的，{{ referral.newcomer }} 不算。", "{{ code }}: {{ referral.newcomer }} does not count.";
        not_given: "「{{ referral.title }}」里 {{ who }} 应得的没有发成（{{ referral.inviter }} 邀请 {{ referral.newcomer }}，已算数），请看看是不是额度用完了，手工补上。", "{{ who }} was not given what they earned in “{{ referral.title }}” ({{ referral.inviter }} brought {{ referral.newcomer }}, which counts); please see whether a budget is spent, and make up for it.";
    }
    /// What `[privacy]` says.
    PrivacyPhrases {
        ask: "{{ who }}，要我记住{{ what }}，得先问您一声：只为了{{ why }}，不给别人；发「{{ revoke }}」随时删。同意请发「{{ agree }}」，然后再告诉我一次。", "{{ who }}, before I keep {{ what }} I must ask: it serves {{ why }} and nothing else, nobody else gets it, and “{{ revoke }}” removes it at any time. If you agree, write “{{ agree }}” and tell me again.";
        birthday: "您的生日（只要月和日）", "your birthday (month and day will do)";
        birthday_for: "到时候祝福您", "to congratulate you";
        phone: "您的手机号", "your phone number";
        phone_for: "订单、到货有事时联系您", "to reach you about your orders";
        agreed: "{{ who }}，谢谢！生日、手机号现在可以告诉我了。想删随时发「{{ revoke }}」。", "{{ who }}, thank you! You can tell me birthday and phone now. “{{ revoke }}” removes them at any time.";
        agreed_before: "{{ who }}，您已经同意过啦。想撤回就发「{{ revoke }}」。", "{{ who }}, you have agreed already. “{{ revoke }}” takes it back.";
        revoked: "{{ who }}，已撤回，记着的生日和手机号都删掉了。", "{{ who }}, done: birthday and phone are removed.";
        phone_noted: "{{ who }}，手机号记下了（尾号 {{ tail }}）。", "{{ who }}, your phone number is noted (it ends in {{ tail }}).";
        mine: "{% if lines %}{{ who }}，我们记着您的：{% for line in lines %}\n{{ line }}{% endfor %}\n要一份数据发「导出我的数据」，要删掉发「{{ forget }}」。{% else %}{{ who }}，我们没有记着您的什么。{% endif %}", "{% if lines %}{{ who }}, this is what we know of you:{% for line in lines %}\n{{ line }}{% endfor %}\n“{{ forget }}” has it removed.{% else %}{{ who }}, we know nothing of you.{% endif %}";
        exported: "{{ data }}", "{{ data }}";
        not_here: "{{ who }}，这里没法私聊，请找店员要您的资料。", "{{ who }}, we cannot write to you in private here; please ask our staff.";
        forget_asked: "{{ who }}，当真要忘记您吗？名字、生日、手机号、标签都会删，找不回来；积分和券的数字留着对账。{% if accounts %}绑定着的账号也一起忘记：{{ accounts }}。{% endif %}十分钟内发「{{ confirm }}」就办。", "{{ who }}, do you mean it? Name, birthday, phone and tags are removed for good; the figures of points and coupons stay. {% if accounts %}The accounts linked to this one are forgotten with it: {{ accounts }}. {% endif %}Write “{{ confirm }}” within ten minutes.";
        forget_first: "{{ who }}，请先发「{{ forget }}」，十分钟内再发「{{ confirm }}」。", "{{ who }}, please write “{{ forget }}” first, and “{{ confirm }}” within ten minutes.";
        forgotten: "好的，资料已经删掉；以前的聊天记录由店员随后清除。", "Done: it is removed. Our staff will clear what was recorded before.";
        forget_staff: "{{ who }} 要求忘记自己：资料已删。请停机后运行 qunying forget {{ id }} --yes，清除录音里的旧消息。", "{{ who }} wants to be forgotten; what was known is removed. Please stop the bot and run `qunying forget {{ id }} --yes` to clear the recordings.";
    }
    /// What `[memberships]` says.
    MembershipPhrases {
        opened: "✅ 已给 {{ card.owner }} 开「{{ card.title }}」，收款 {{ card.paid }} 元{% if card.benefit %}：{{ card.benefit }}{% endif %}，到 {{ card.last }}{% if card.total %}，共 {{ card.total }} 次{% endif %}。", "✅ {{ card.title }} opened for {{ card.owner }}, {{ card.paid }} yuan taken{% if card.benefit %}: {{ card.benefit }}{% endif %}, until {{ card.last }}{% if card.total %}, {{ card.total }} times in all{% endif %}.";
        renewed: "✅ {{ card.owner }} 的「{{ card.title }}」续好了，收款 {{ card.paid }} 元，到 {{ card.last }}{% if card.total %}，还有 {{ card.left }} 次{% endif %}。", "✅ {{ card.title }} of {{ card.owner }} is renewed, {{ card.paid }} yuan taken, until {{ card.last }}{% if card.total %}, {{ card.left }} times left{% endif %}.";
        bought: "{{ who }}，您的「{{ card.title }}」{% if card.renewals %}续好了{% else %}开好了{% endif %}{% if card.benefit %}：{{ card.benefit }}{% endif %}，到 {{ card.last }}{% if card.total %}，还有 {{ card.left }} 次{% endif %}。发「{{ ask }}」随时看。", "{{ who }}, your {{ card.title }} is {% if card.renewals %}renewed{% else %}ready{% endif %}{% if card.benefit %}: {{ card.benefit }}{% endif %}, until {{ card.last }}{% if card.total %}, {{ card.left }} times left{% endif %}. “{{ ask }}” shows it at any time.";
        used: "✅ {{ card.owner }} 的「{{ card.title }}」核了 1 次{% if card.benefit %}：{{ card.benefit }}{% endif %}。{% if card.total %}还有 {{ card.left }} 次，{% endif %}到 {{ card.last }}。", "✅ {{ card.title }} of {{ card.owner }} used once{% if card.benefit %}: {{ card.benefit }}{% endif %}. {% if card.total %}{{ card.left }} times left, {% endif %}until {{ card.last }}.";
        undone: "↩️ 已撤销：{{ card.owner }} 的「{{ card.title }}」今天最后一次不算{% if card.total %}，还有 {{ card.left }} 次{% endif %}。", "↩️ Undone: the last use of {{ card.title }} of {{ card.owner }} today is none{% if card.total %}, {{ card.left }} times left{% endif %}.";
        nothing_used: "没有撤销：{{ card.owner }} 的「{{ card.title }}」今天没有核过。", "Nothing undone: {{ card.title }} of {{ card.owner }} was not used today.";
        today_enough: "{{ card.owner }} 的「{{ card.title }}」今天已经核过 {{ count }} 次（一天 {{ most }} 次）{% if ends %}，这张卡今天到期{% else %}，下一次从 {{ next | datetime }} 起{% endif %}。", "{{ card.title }} of {{ card.owner }} was used {{ count }} time(s) today ({{ most }} a day){% if ends %}, and today is its last day{% else %}; next from {{ next | datetime }}{% endif %}.";
        week_enough: "{{ card.owner }} 的「{{ card.title }}」这周已经核过 {{ count }} 次（一周 {{ most }} 次）{% if ends %}，下周前就到期了{% else %}，下一次从 {{ next | datetime }} 起{% endif %}。", "{{ card.title }} of {{ card.owner }} was used {{ count }} time(s) this week ({{ most }} a week){% if ends %}, and ends before the next{% else %}; next from {{ next | datetime }}{% endif %}.";
        all_used: "{{ card.owner }} 的「{{ card.title }}」{{ card.total }} 次都用完了。", "All {{ card.total }} uses of {{ card.title }} of {{ card.owner }} are spent.";
        is_paused: "{{ card.owner }} 的「{{ card.title }}」停着，请店员先发「{{ word }}」。", "{{ card.title }} of {{ card.owner }} is paused; staff go on with it by “{{ word }}”.";
        ended: "{{ card.owner }} 的「{{ card.title }}」{{ card.last }} 到期了。要再办，请店员发「{{ word }}」。", "{{ card.title }} of {{ card.owner }} ended on {{ card.last }}; staff open another by “{{ word }}”.";
        was_cancelled: "{{ card.owner }} 的「{{ card.title }}」已经退了。", "{{ card.title }} of {{ card.owner }} was cancelled.";
        paused: "⏸ {{ card.owner }} 的「{{ card.title }}」停了，最多停 {{ most }} 天，{{ until }} 自动复卡；停几天，有效期顺延几天。", "⏸ {{ card.title }} of {{ card.owner }} is paused for {{ most }} days at most and goes on by itself on {{ until }}; it lasts as much longer.";
        resumed: "▶️ {{ card.owner }} 的「{{ card.title }}」复卡了，停了 {{ days }} 天，有效期顺延到 {{ card.last }}。", "▶️ {{ card.title }} of {{ card.owner }} goes on: {{ days }} days were paused, and it lasts until {{ card.last }}.";
        no_pause: "「{{ card.title }}」不能停。", "{{ card.title }} cannot be paused.";
        pause_spent: "{{ card.owner }} 的「{{ card.title }}」停满 {{ most }} 天了，不能再停。", "{{ card.title }} of {{ card.owner }} was paused {{ most }} days already, and cannot be again.";
        last_day: "{{ card.owner }} 的「{{ card.title }}」只剩今天，停不了。", "Today is the last day of {{ card.title }} of {{ card.owner }}: nothing is left to pause.";
        already_paused: "{{ card.owner }} 的「{{ card.title }}」已经停着。", "{{ card.title }} of {{ card.owner }} is paused already.";
        not_paused: "{{ card.owner }} 的「{{ card.title }}」没有停。", "{{ card.title }} of {{ card.owner }} is not paused.";
        cancelled: "↩️ {{ card.owner }} 的「{{ card.title }}」退了，退款 {{ back }} 元；用过 {{ card.used }} 次。", "↩️ {{ card.title }} of {{ card.owner }} is cancelled, {{ back }} yuan went back; it was used {{ card.used }} times.";
        too_much_back: "退款比收过的多，没有退。请核对金额。", "More would go back than was taken; nothing is done. Please check the amount.";
        no_transfer: "{{ who }}，会员卡只能本人用，不能转给别人。不用了可以请店员退卡。", "{{ who }}, a membership card is its owner's alone and cannot be passed on. Staff can cancel it.";
        not_yours: "{{ who }}，这不是您的卡。会员卡只能本人用。", "{{ who }}, this card is not yours. A membership card is its owner's alone.";
        staff_only: "{{ who }}，这件事请找店员办哦～", "{{ who }}, please ask our staff for that.";
        has_none: "{{ name }} 没有这样的会员卡。", "{{ name }} has no such membership card.";
        unknown: "没有卡号 {{ code }}。", "There is no card number {{ code }}.";
        several: "有好几张，请写上是哪一张：{% for line in lines %}\n{{ line }}{% endfor %}", "There are several; please write which:{% for line in lines %}\n{{ line }}{% endfor %}";
        has_one: "{{ card.owner }} 已有「{{ card.title }}」，到 {{ card.last }}。要延长请发「{{ word }}」。", "{{ card.owner }} has {{ card.title }} already, until {{ card.last }}; “{{ word }}” prolongs it.";
        no_such: "没有「{{ told }}」这种卡，有：{{ titles }}。", "There is no card “{{ told }}”; there are: {{ titles }}.";
        gone: "这种卡已不在剧本里，请先把它写回去再办。", "This kind of card is in no playbook any more; please write it there again first.";
        how: "这样写：「{{ word }} @群友{% if what %} {{ what }}{% endif %}」，一次一位。", "Write “{{ word }} @member{% if what %} {{ what }}{% endif %}”, one member at a time.";
        mine: "{% if lines %}{{ who }}，您的卡：{% for line in lines %}\n{{ line }}{% endfor %}{% else %}{{ who }}，您现在没有会员卡。{% endif %}", "{% if lines %}{{ who }}, your cards:{% for line in lines %}\n{{ line }}{% endfor %}{% else %}{{ who }}, you have no membership card now.{% endif %}";
        ends: "{{ who }}，您的「{{ card.title }}」{{ card.last }} 到期{% if card.total %}，还有 {{ card.left }} 次{% endif %}。续卡从到期那天往后加，找店员说一声就好～", "{{ who }}, your {{ card.title }} ends on {{ card.last }}{% if card.total %}, {{ card.left }} times left{% endif %}. A renewal is added to its end; just tell our staff.";
        refund_of_used: "{{ card.owner }} 的「{{ card.title }}」是用退了款的订单买的，已经作废；之前用过 {{ card.used }} 次，请核对。", "The order that bought {{ card.title }} of {{ card.owner }} was refunded, and the card is over; it was used {{ card.used }} times, please settle that.";
        refund_of_renewal: "{{ card.owner }} 的「{{ card.title }}」续卡的订单退款了，卡没有动，到 {{ card.last }}；请看看要不要退卡重开。", "An order that renewed {{ card.title }} of {{ card.owner }} was refunded; the card is as it was, until {{ card.last }}. Please see whether to cancel it and open another.";
        figures: "{% if lines %}会员卡：{% for line in lines %}\n{{ line }}{% endfor %}{% else %}还没有会员卡。{% endif %}", "{% if lines %}Membership cards:{% for line in lines %}\n{{ line }}{% endfor %}{% else %}There is no membership card yet.{% endif %}";
        figures_line: "{{ title }}：卖 {{ sold }} 张、续 {{ renewed }} 次，收 {{ paid }} 元{% if back %}、退 {{ back }} 元{% endif %}；有效 {{ active }} 张{% if paused %}（停 {{ paused }} 张）{% endif %}；核 {{ used }} 次、成本 {{ cost }} 元，净 {{ margin }} 元；还能核 {{ left }} 次{% if break_even %}；每次收款够核 {{ break_even }} 次，平均核了 {{ each }} 次{% endif %}", "{{ title }}: {{ sold }} sold, {{ renewed }} renewed, {{ paid }} yuan taken{% if back %}, {{ back }} went back{% endif %}; {{ active }} good{% if paused %} ({{ paused }} paused){% endif %}; used {{ used }} times at a cost of {{ cost }}, {{ margin }} left; {{ left }} uses to come{% if break_even %}; a sale pays for {{ break_even }} uses, and {{ each }} were made on average{% endif %}";
    }
    /// What the engine itself says.
    HousePhrases {
        admission: "{% if lines %}「{{ title }}」可以邀请 {{ count }} 位：{% for line in lines %}\n{{ line }}{% endfor %}{% else %}「{{ title }}」现在没有该邀请的人。{% endif %}", "{% if lines %}{{ count }} to invite to “{{ title }}”:{% for line in lines %}\n{{ line }}{% endfor %}{% else %}There is nobody to invite to “{{ title }}”.{% endif %}";
        set_your_card: "请把您的群昵称改成「{{ card }}」～", "Please change your name in this group to “{{ card }}”.";
        rename_by_hand: "请手动把群「{{ group.name }}」改名为「{{ name }}」：这个网关不能改群名。", "Please rename the group “{{ group.name }}” to “{{ name }}” by hand: this gateway cannot.";
        say_by_hand: "请到群「{{ group.name }}」里说：{{ words }}（这个网关自己不能说）", "Please say in the group “{{ group.name }}”: {{ words }} (this gateway cannot)";
        account_away: "账号「{{ gateway }}」掉线了{% if why %}（{{ why }}）{% endif %}，请尽快重新登录。它的消息先留着，登录后发出。", "The account “{{ gateway }}” is logged out{% if why %} ({{ why }}){% endif %}; please log it in again. What waits goes out then.";
        account_back: "账号「{{ gateway }}」已重新登录，留着的消息开始发出。", "The account “{{ gateway }}” is logged in again; what waited goes out now.";
        same_name: "账号「{{ gateway }}」上有两个群都叫「{{ name }}」，分不清是哪个：其中说的话都不算，也不会往里发。请把其中一个改名。", "On the account “{{ gateway }}” two groups are called “{{ name }}” and cannot be told apart: nothing said in them counts, and nothing is sent there. Please rename one of them.";
        contact_lost: "{{ who }} 删除了 {{ staff }} 的好友。", "{{ who }} has removed {{ staff }} from their contacts.";
        action_dead: "有一件事没有做成：{{ deed }}（{{ why }}）。请用 qunying outbox 查看、重试或放弃。", "Something could not be done: {{ deed }} ({{ why }}). See `qunying outbox` to retry or drop it.";
        vote_withdrawn: "投票「{{ name }}」已不在剧本里：群「{{ group.name }}」里正在进行的那一场已关闭，没有结果。", "The vote “{{ name }}” is in no playbook any more: the one under way in “{{ group.name }}” is closed without a result.";
        draw_withdrawn: "抽奖「{{ name }}」已取消：群「{{ group.name }}」里正在进行的那一场没有结果，花掉的积分已退回。", "The draw “{{ name }}” is called off: the one under way in “{{ group.name }}” has no result, and points paid for it went back.";
        prize_not_given: "【{{ draw.title }}】{{ who }} 中了「{{ prize }}」，但没有给成（券的上限或已停用），请处理。", "{{ draw.title }}: {{ who }} won “{{ prize }}”, and it could not be given (a limit of the coupon, or it is gone); please settle it.";
        survey_withdrawn: "问卷「{{ name }}」已不在剧本里：群「{{ group.name }}」里的那一份已关闭，收到 {{ replies }} 份。", "The survey “{{ name }}” is in no playbook any more: the one in “{{ group.name }}” is closed with {{ replies }} replies.";
        event_withdrawn: "活动「{{ name }}」已不在剧本里：群「{{ group.name }}」{{ start | datetime }} 那一场已取消，请通知已报名的 {{ seats }} 位。", "The event “{{ name }}” is in no playbook any more: the one in “{{ group.name }}” on {{ start | datetime }} is called off; please tell the {{ seats }} who signed up.";
        guard_pauses: "守卫「{{ guard }}」拦下了 {{ rule }}：{{ breach }}{% if because %}（{{ because }}）{% endif %}。这一件没有做；剧本「{{ book }}」除了有问必答，其余都先停下。确认后回复「放行 {{ guard }}」，或运行 qunying guards --release {{ name }}；要放宽，请改剧本里的 [[guard]]。", "Guard “{{ guard }}” held back {{ rule }}: {{ breach }}{% if because %} ({{ because }}){% endif %}. It was not done, and the playbook “{{ book }}” only answers until you say “release {{ guard }}” or run `qunying guards --release {{ name }}`; to allow more, change its [[guard]].";
        guard_warns: "守卫「{{ guard }}」破了：{{ breach }}，由 {{ rule }} 引起{% if because %}（{{ because }}）{% endif %}。已照常发出，这个周期里不再提醒。", "Guard “{{ guard }}” broke: {{ breach }}, by {{ rule }}{% if because %} ({{ because }}){% endif %}. It was sent all the same; you are not told again in this period.";
        guard_released: "守卫「{{ guard }}」已放行，剧本「{{ book }}」继续。守的数没有变，再碰到还会停。", "Guard “{{ guard }}” is released and the playbook “{{ book }}” goes on. What it allows is the same as before.";
        pool_low: "{% if left %}「{{ title }}」的券码只剩 {{ left }} 个，请往文件里添新的。{% else %}「{{ title }}」的券码发完了，再有人领会被拒；请往文件里添新的。{% endif %}", "{% if left %}Only {{ left }} codes of “{{ title }}” are left; please add some to the file.{% else %}The codes of “{{ title }}” are all handed out, and whoever asks is refused; please add some to the file.{% endif %}";
        coupon_ends: "{{ who }}，您的「{{ coupon.title }}」（{{ coupon.worth }} 元）{{ coupon.expires | date }} 到期，别忘了用哦～", "{{ who }}, your “{{ coupon.title }}” ({{ coupon.worth }} yuan) ends on {{ coupon.expires | date }}.";
        refund_of_used: "订单 {{ order }} 已全额退款，但因它送出的「{{ coupon.title }}」（{{ coupon.code }}，{{ coupon.worth }} 元）已经用掉，请与 {{ who }} 核对。", "Order {{ order }} was refunded in full, but the coupon “{{ coupon.title }}” ({{ coupon.code }}, {{ coupon.worth }} yuan) given for it has been used; please settle it with {{ who }}.";
        already_had: "您已经领过了", "you have had it already";
        sold_out: "已经发完了", "there is none left";
        short: "积分不够", "there are not enough points";
        kick_asked: "把 {{ who }} 移出群「{{ group.name }}」吗？原因：{{ reason }}。回复「同意 {{ code }}」或「拒绝 {{ code }}」，{{ until | datetime }} 前有效。", "Remove {{ who }} from “{{ group.name }}”? Reason: {{ reason }}. Answer “approve {{ code }}” or “decline {{ code }}”, until {{ until | datetime }}.";
        kick_agreed: "{{ code }}：好的，正在把 {{ who }} 移出群「{{ group.name }}」。", "{{ code }}: removing {{ who }} from “{{ group.name }}”.";
        kick_declined: "{{ code }}：好的，{{ who }} 留在群「{{ group.name }}」。", "{{ code }}: {{ who }} stays in “{{ group.name }}”.";
        kick_lapsed: "{{ code }} 没有人答复，已过期：{{ who }} 留在群「{{ group.name }}」。", "{{ code }} was not answered in time: {{ who }} stays in “{{ group.name }}”.";
        kick_gone: "{{ code }}：{{ who }} 已经不在群「{{ group.name }}」里，或者不能移出。", "{{ code }}: {{ who }} is not in “{{ group.name }}” any more, or cannot be removed.";
        kick_settled: "{{ code }} 已经处理过了。", "{{ code }} is settled already.";
        kick_unknown: "没有 {{ code }} 这件事。", "There is no {{ code }}.";
        kick_by_hand: "请手动把 {{ who }} 移出群「{{ group.name }}」（{{ reason }}）：这个网关不能移出群友。", "Please remove {{ who }} from “{{ group.name }}” by hand ({{ reason }}): this gateway cannot.";
        alert: "⚠️ 提醒：{{ alert }}", "⚠️ Alert: {{ alert }}";
        already_open: "已经在进行中", "it is under way already";
        not_open: "没有正在进行的", "there is none under way";
        has_none: "没有可以收回的券", "there is no such coupon to take back";
        budget_spent: "本期额度已用完", "the budget for this period is spent";
    }
}
