//! Problems with effects and with when a rule may fire.

use super::found::{Problems, meant, nearest};
use super::kinds::{Both, Code, Place, both};

impl Problems {
    pub fn never_open(&mut self, place: &Place, from: &str, until: &str) {
        self.add(
            Code::NeverOpen,
            place,
            both(
                format!("从 {from} 到 {until} 之间没有任何时间。"),
                format!("there is no time from {from} until {until}"),
            ),
            both("把结束写在开始之后。", "let it end after it begins"),
        );
    }

    pub fn bad_field(&mut self, place: &Place, written: &str) {
        self.add(
            Code::BadField,
            place,
            both(
                format!("「{written}」不能当资料项的名字。"),
                format!("`{written}` cannot be the name of a field"),
            ),
            both(
                "名字用小写英文字母开头，只含小写字母、数字和下划线，最多 32 个，例如 size；话术里用 {{ person.fields.size }}。",
                "begin with a small letter and use small letters, digits and `_`, 32 at most, like size; wording says {{ person.fields.size }}",
            ),
        );
    }

    pub fn not_personal(&mut self, place: &Place, written: &str) {
        self.add(
            Code::NotPersonal,
            place,
            both(
                format!("「{written}」不是要征得同意才记的资料。"),
                format!("`{written}` is nothing consent is asked for"),
            ),
            both(
                "可以写 \"birthday\"（生日）和 \"phone\"（手机号）；写 \"none\" 就都不问。",
                "there is \"birthday\" and \"phone\"; \"none\" asks for neither",
            ),
        );
    }

    pub fn own_word(&mut self, place: &Place, tag: &str) {
        self.add(
            Code::OwnWord,
            place,
            both(
                format!("标签「{tag}」表示退订：规则不能替人收回。"),
                format!("the tag `{tag}` says that somebody opted out; no rule may take that back"),
            ),
            both(
                "去掉这个 untag：本人发「恢复订阅」，或店员发「恢复订阅 @群友」。",
                "leave this out: the member writes “subscribe again”, or staff write it with the member called by name",
            ),
        );
    }

    pub fn bad_link(&mut self, place: &Place, written: &str) {
        self.add(
            Code::BadLink,
            place,
            both(
                format!("「{written}」不是网址。"),
                format!("`{written}` is not the address of a page"),
            ),
            both(
                "写完整的网址，例如 \"https://example.com/menu\"。",
                "write the whole address, like \"https://example.com/menu\"",
            ),
        );
    }

    pub fn bad_image(&mut self, place: &Place, written: &str) {
        self.add(
            Code::BadImage,
            place,
            both(
                format!("「{written}」不是素材目录里的文件名，也不是图片网址。"),
                format!("`{written}` is neither a file of the media folder nor the address of a picture"),
            ),
            both(
                "写文件名，例如 \"tea.jpg\" 或 \"2026/tea.jpg\"（不能用 .. 和 \\），或完整的图片网址。",
                "write the name of a file, like \"tea.jpg\" or \"2026/tea.jpg\", without .. and \\, or a whole address",
            ),
        );
    }

    pub fn unfit_image(&mut self, place: &Place, why: Both, next: Both) {
        let reason = both(format!("{}。", why.zh), why.en);
        self.add(Code::UnfitImage, place, reason, next);
    }

    pub fn said_as_address(&mut self, place: &Place, name: &str, gateway: &str) {
        self.add(
            Code::SaidAsAddress,
            place,
            both(
                format!("网关 {gateway} 的映射里没有发它的请求，「{name}」会写成网址。"),
                format!("the mapping of the gateway {gateway} has no request that shows it: the address of `{name}` is said instead"),
            ),
            both(
                "在映射里写 say_picture 或 say_file（私聊是 whisper_picture、whisper_file），或就这样。",
                "write say_picture or say_file into the mapping (in private whisper_picture, whisper_file), or leave it so",
            ),
        );
    }

    pub fn nobody_to_alert(&mut self, place: &Place) {
        self.add(
            Code::NobodyToAlert,
            place,
            both(
                "配置里没有店员，也没有店员群，这条提醒没有人会收到。",
                "the config has no staff and no staff group, so nobody hears of this",
            ),
            both(
                "在 config.toml 的 [staff] 里写 ids，最好也写 group。",
                "write `ids` into [staff] of config.toml, and best a `group` too",
            ),
        );
    }

    pub fn unconfirmed(&mut self, place: &Place) {
        self.add(
            Code::Unconfirmed,
            place,
            both(
                "不问店员就把人移出群：规则认错一次人，就赶走一位客户。",
                "members are removed without asking staff: a rule that is wrong once has driven a customer away",
            ),
            both(
                "去掉 confirm = false；真要这样，就写明原因：allow = { P97 = \"原因\" }。",
                "take `confirm = false` out; if it is meant, say why: allow = { P97 = \"the reason\" }",
            ),
        );
    }

    pub fn nobody_to_agree(&mut self, place: &Place) {
        self.add(
            Code::NobodyToAgree,
            place,
            both(
                "配置里没有店员，没有人能同意，这条规则永远移不出人。",
                "the config has no staff who could agree, so nobody is ever removed",
            ),
            both(
                "在 config.toml 的 [staff] 里写 ids。",
                "write `ids` into [staff] of config.toml",
            ),
        );
    }

    pub fn unknown_call(&mut self, place: &Place, written: &str, known: &[&str]) {
        let help = match nearest(written, known.iter().copied()) {
            Some(_) => meant(nearest(written, known.iter().copied()), known),
            None => both(
                format!("在 config.toml 里写一节 [calls.{written}]，有 url 和 secret。"),
                format!("write a section [calls.{written}] with `url` and `secret` into config.toml"),
            ),
        };
        self.add(
            Code::UnknownCall,
            place,
            both(
                format!("配置里没有叫「{written}」的外呼；只有配置里写明的才能外呼。"),
                format!("the config has no call of the name `{written}`; nothing else is ever called"),
            ),
            help,
        );
    }
}
