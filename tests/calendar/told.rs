//! A birthday as members tell it.

use qunying::calendar::*;

use crate::{leap, lunar, solar};

fn told(text: &str) -> Result<String, NotABirthday> {
    Birthday::told(text).map(|birthday| birthday.in_chinese())
}

fn all_told(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(told(text).as_deref(), Ok(*expected), "{text}");
    }
}

#[test]
fn a_solar_date_alone_is_a_birthday() {
    all_told(&[
        ("3-15", "3月15日"),
        ("3/15", "3月15日"),
        ("3.15", "3月15日"),
        ("3–15", "3月15日"),
        ("03-05", "3月5日"),
        ("３－１５", "3月15日"),
        ("３月１５日", "3月15日"),
        ("3月15", "3月15日"),
        ("3月15号", "3月15日"),
        (" 3 月 15 日 ", "3月15日"),
        ("三月十五", "3月15日"),
        ("二月二十九", "2月29日"),
        ("十二月三十一日", "12月31日"),
        ("元月三日", "1月3日"),
        ("1990-02-28", "1990年2月28日"),
        ("1990.2.28", "1990年2月28日"),
        ("1990/2/28", "1990年2月28日"),
        ("１９９０／２／２８", "1990年2月28日"),
        ("2000-2-29", "2000年2月29日"),
        ("19900315", "1990年3月15日"),
        ("1990年3月15日", "1990年3月15日"),
        ("一九九〇年三月十五日", "1990年3月15日"),
        ("二零零五年六月一号", "2005年6月1日"),
        ("90年3月15", "3月15日"),
    ]);
}

#[test]
fn a_lunar_date_is_known_by_its_name_or_its_words() {
    all_told(&[
        ("农历八月十五", "农历八月十五"),
        ("農曆八月十五", "农历八月十五"),
        ("旧历8月15", "农历八月十五"),
        ("农历：8月15日", "农历八月十五"),
        ("农历8-15", "农历八月十五"),
        ("8月15(农历)", "农历八月十五"),
        ("8月15（农历）", "农历八月十五"),
        ("8月15 农历", "农历八月十五"),
        ("农历2月30", "农历二月三十"),
        ("农历1990-8-15", "农历1990年八月十五"),
        ("1990年农历八月十五", "农历1990年八月十五"),
        ("农历1990年闰五月初三", "农历1990年闰五月初三"),
        ("阴历闰四月初八", "农历闰四月初八"),
        ("闰四月初八", "农历闰四月初八"),
        ("腊月三十", "农历腊月三十"),
        ("臘月廿三", "农历腊月廿三"),
        ("正月初一", "农历正月初一"),
        ("正月15", "农历正月十五"),
        ("冬月廿三", "农历冬月廿三"),
        ("三月初八", "农历三月初八"),
        ("三月初8", "农历三月初八"),
        ("十一月廿三", "农历冬月廿三"),
        ("三月三", "3月3日"),
        ("公历三月廿一日", "3月21日"),
        ("阳历3月15", "3月15日"),
        ("国历3月15", "3月15日"),
    ]);
}

#[test]
fn a_date_beside_a_word_for_birthday_is_one() {
    all_told(&[
        ("我的生日是农历八月十五", "农历八月十五"),
        ("生日 3月15", "3月15日"),
        ("生日3月15日", "3月15日"),
        ("生日：1990-02-28", "1990年2月28日"),
        ("生日是三月十五", "3月15日"),
        ("生日3-15", "3月15日"),
        ("生日 1990.2.28", "1990年2月28日"),
        ("我生日19900315", "1990年3月15日"),
        ("我的阴历生日是四月初八", "农历四月初八"),
        ("我农历生日：8.15", "农历八月十五"),
        ("老板，我的生日是农历八月十五，记一下哈", "农历八月十五"),
        ("登记生日 3月15日", "3月15日"),
        ("生日登记：3月15日", "3月15日"),
        ("我的生日改成3月16日。", "3月16日"),
        ("我生日是3月15号哦", "3月15日"),
        ("我出生于1990年3月15日", "1990年3月15日"),
        ("出生日期：1990-03-15", "1990年3月15日"),
        ("我是1990年3月15日出生的", "1990年3月15日"),
        ("3月15日是我的生日", "3月15日"),
        ("3月15生日", "3月15日"),
        ("8月15是我的农历生日", "农历八月十五"),
        ("8月15农历生日", "农历八月十五"),
        ("生日3月15 农历", "农历三月十五"),
        ("我的公历生日是三月廿一日", "3月21日"),
        ("八月廿一", "农历八月廿一"),
        ("生日3-15，谢谢", "3月15日"),
        ("I'm born on 15 march", "3月15日"),
        ("你好！3月15是我生日", "3月15日"),
        ("我腊月三十生的", "农历腊月三十"),
        ("我生日3月15，农历的", "农历三月十五"),
        ("我生日3月15，农历新年快乐", "3月15日"),
        ("我生日是3月15 谢谢", "3月15日"),
    ]);
}

#[test]
fn english_tells_birthdays_too() {
    all_told(&[
        ("my birthday is March 15", "3月15日"),
        ("My birthday's Mar. 15th", "3月15日"),
        ("birthday 15 March 1990", "1990年3月15日"),
        ("birthday: 15th of March", "3月15日"),
        ("born on 1990-03-15", "1990年3月15日"),
        ("I was born on March 15, 1990.", "1990年3月15日"),
        ("hi all, my date of birth is 15 Mar 1990", "1990年3月15日"),
        ("March 15 is my birthday!", "3月15日"),
        ("Sept 3", "9月3日"),
        ("my birthday is lunar 8-15", "农历八月十五"),
    ]);
}

#[test]
fn what_is_no_birthday_is_not_read_as_one() {
    let cases = [
        "",
        " ",
        "生日快乐",
        "祝3月15日生日快乐",
        "今天3点开会",
        "买3-15个",
        "买3-15个?",
        "3-15个",
        "21-15",
        "0-3",
        "13-15",
        "3-15-2",
        "3.15.1990",
        "3月15日 8:30",
        "生日3.15元",
        "生日 3/15 人",
        "生日3-15岁半价",
        "生日会3月15日",
        "生日3月15日聚会",
        "我生日是3月15吗?",
        "我的生日不是3月15",
        "小明的生日是3月15日",
        "小明生日3月15日",
        "我女儿生日3月15",
        "我女儿的生日是农历八月十五",
        "3月15日是小明的生日",
        "her birthday is March 15",
        "my son's birthday is March 15",
        "march 15 people",
        "12345678901",
        "20261399900",
        "99999999",
        "13800138000",
        "1990",
        "农历",
        "农历廿三",
        "农历十三月",
        "三月初十五",
        "公历腊月三十",
        "我的公历生日是四月初八",
        "四月初八是我的公历生日",
        "我们的生日是3月15",
        "生日 3/15 来了十人",
        "2026年3月",
        "3/4/1990",
        "生日",
        "birthday",
        "born to be wild",
        "八月十五一起赏月",
        "优惠券满100减15",
    ];
    for text in cases {
        assert_eq!(told(text), Err(NotABirthday::Unreadable), "{text}");
    }
}

#[test]
fn a_birthday_that_cannot_be_is_refused_with_its_reason() {
    let no_such = |year, birthday: Birthday| {
        Err(NotABirthday::NoSuchDay {
            year,
            day: birthday.day,
        })
    };
    assert_eq!(told("1990-02-29"), no_such(Some(1990), solar(2, 29)));
    assert_eq!(told("我的生日是2月30"), no_such(None, solar(2, 30)));
    assert_eq!(told("2月30日"), no_such(None, solar(2, 30)));
    assert_eq!(told("4-31"), no_such(None, solar(4, 31)));
    assert_eq!(told("生日13月1日"), no_such(None, solar(13, 1)));
    assert_eq!(told("农历十三月初一"), no_such(None, lunar(13, 1)));
    assert_eq!(told("农历8月31"), no_such(None, lunar(8, 31)));
    assert_eq!(told("闰正月初一"), no_such(None, leap(1, 1)));
    assert_eq!(told("农历1991年闰五月初三"), no_such(Some(1991), leap(5, 3)));
    assert_eq!(told("birthday February 30"), no_such(None, solar(2, 30)));
    assert_eq!(told("1890-03-15"), Err(NotABirthday::YearOutOfRange { year: 1890 }));
    assert_eq!(
        told("生日 2101年3月15日"),
        Err(NotABirthday::YearOutOfRange { year: 2101 })
    );
    let refusal = Birthday::told("我的生日是1990-02-29").unwrap_err();
    assert_eq!(refusal.in_chinese(), "没有「1990年2月29日」这一天。");
    assert_eq!(refusal.to_string(), "there is no such day: February 29, 1990");
}

#[test]
fn a_written_date_takes_no_sentence() {
    assert_eq!(Birthday::written("农历八月十五"), Ok(lunar(8, 15)));
    assert_eq!(
        Birthday::written("我的生日是农历八月十五"),
        Err(NotABirthday::Unreadable)
    );
}
