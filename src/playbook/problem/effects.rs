//! Problems with effects and with when a rule may fire.

use super::found::Problems;
use super::kinds::{Code, Place, both};

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
}
