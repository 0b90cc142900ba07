//! Festivals by the names operators use, and their dates. Days off are elsewhere (`workday`): a festival is not one by
//! itself.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::folding::fold;
use super::lunar::LunarDate;
use super::solar_term::SolarTerm;
use super::weekday::{Nth, NthWeekday};

/// How a festival's day is found.
enum Kept {
    /// The same solar month and day every year.
    Solar(i8, i8),
    /// A weekday of a solar month.
    Weekday(i8, Nth, Weekday),
    /// A lunar month and day, never of a leap month.
    Lunar(u8, u8),
    /// The day before the first day of the lunar year, be it the 29th or the 30th of 腊月.
    EveOfLunarYear,
}

macro_rules! festivals {
    ($($festival:ident $chinese:literal $english:literal $kept:expr, [$($alias:literal),*];)+) => {
        /// A festival with a name. Written and stored under its Chinese name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub enum Festival {
            $(#[doc = concat!($chinese, ", ", $english)] $festival,)+
            /// A solar term kept as a festival, 清明 and 冬至 above all.
            Term(SolarTerm),
        }

        /// Those that are not solar terms, in the order of the solar year.
        const NAMED: &[Festival] = &[$(Festival::$festival),+];

        impl Festival {
            /// 「中秋节」, 「清明」
            pub fn in_chinese(self) -> &'static str {
                match self { $(Festival::$festival => $chinese,)+ Festival::Term(term) => term.in_chinese() }
            }

            /// "Mid-Autumn Festival", "Clear and Bright"
            pub fn in_english(self) -> &'static str {
                match self { $(Festival::$festival => $english,)+ Festival::Term(term) => term.in_english() }
            }

            fn aliases(self) -> &'static [&'static str] {
                match self {
                    $(Festival::$festival => &[$($alias),*],)+
                    Festival::Term(SolarTerm::ClearAndBright) => &["清明节", "Tomb-Sweeping Day", "Qingming"],
                    Festival::Term(SolarTerm::WinterSolstice) => &["冬至节", "Dongzhi"],
                    Festival::Term(_) => &[],
                }
            }

            fn kept(self) -> Result<Kept, SolarTerm> {
                match self { $(Festival::$festival => Ok($kept),)+ Festival::Term(term) => Err(term) }
            }
        }
    };
}

festivals! {
    NewYear "元旦" "New Year's Day" Kept::Solar(1, 1), ["元旦节", "New Year"];
    Laba "腊八" "Laba Festival" Kept::Lunar(12, 8), ["腊八节", "Laba"];
    LittleNewYear "小年" "Little New Year" Kept::Lunar(12, 23), ["北方小年"];
    SouthernLittleNewYear "南方小年" "Southern Little New Year" Kept::Lunar(12, 24), [];
    LunarNewYearsEve "除夕" "Lunar New Year's Eve" Kept::EveOfLunarYear, ["大年三十", "年三十", "Chuxi"];
    SpringFestival "春节" "Spring Festival" Kept::Lunar(1, 1),
        ["大年初一", "正月初一", "Lunar New Year", "Chinese New Year"];
    LanternFestival "元宵" "Lantern Festival" Kept::Lunar(1, 15), ["元宵节", "上元节", "上元"];
    ValentinesDay "情人节" "Valentine's Day" Kept::Solar(2, 14), [];
    WomensDay "妇女节" "Women's Day" Kept::Solar(3, 8), ["三八节", "女神节", "女王节"];
    LabourDay "劳动节" "Labour Day" Kept::Solar(5, 1), ["五一", "五一劳动节", "Labor Day"];
    MothersDay "母亲节" "Mother's Day" Kept::Weekday(5, Nth::Second, Weekday::Sunday), [];
    ChildrensDay "儿童节" "Children's Day" Kept::Solar(6, 1), ["六一", "六一儿童节"];
    DragonBoatFestival "端午" "Dragon Boat Festival" Kept::Lunar(5, 5), ["端午节"];
    FathersDay "父亲节" "Father's Day" Kept::Weekday(6, Nth::Third, Weekday::Sunday), [];
    Qixi "七夕" "Qixi Festival" Kept::Lunar(7, 7), ["七夕节", "Qixi"];
    GhostFestival "中元" "Ghost Festival" Kept::Lunar(7, 15), ["中元节", "Zhongyuan"];
    TeachersDay "教师节" "Teachers' Day" Kept::Solar(9, 10), [];
    MidAutumnFestival "中秋" "Mid-Autumn Festival" Kept::Lunar(8, 15), ["中秋节", "Mid-Autumn"];
    NationalDay "国庆节" "National Day" Kept::Solar(10, 1), ["国庆", "十一"];
    DoubleNinthFestival "重阳" "Double Ninth Festival" Kept::Lunar(9, 9), ["重阳节", "Chongyang"];
    ChristmasEve "平安夜" "Christmas Eve" Kept::Solar(12, 24), [];
    Christmas "圣诞节" "Christmas" Kept::Solar(12, 25), ["圣诞", "Christmas Day"];
}

static NAMES: LazyLock<BTreeMap<String, Festival>> = LazyLock::new(|| {
    Festival::all()
        .flat_map(|festival| {
            let names = [festival.in_chinese(), festival.in_english()].into_iter();
            names
                .chain(festival.aliases().iter().copied())
                .map(move |name| (even(name), festival))
        })
        .collect()
});

/// Width, case, spaces and apostrophes do not tell festivals apart.
fn even(name: &str) -> String {
    fold(name).replace([' ', '\'', '’'], "")
}

impl Festival {
    /// Every festival, named ones in the order of the year, then the 24 solar terms.
    pub fn all() -> impl Iterator<Item = Festival> {
        NAMED
            .iter()
            .copied()
            .chain(SolarTerm::ALL.into_iter().map(Festival::Term))
    }

    /// Reads a Chinese or English name, with or without 节, in any case and width.
    ///
    /// # Errors
    /// [`UnknownFestival`] with what was written.
    pub fn parse(name: &str) -> Result<Festival, UnknownFestival> {
        NAMES.get(&even(name)).copied().ok_or_else(|| UnknownFestival {
            written: name.to_owned(),
        })
    }

    /// Its date in a solar year, the first if there are two. None for the years without (腊八 of 2023: one fell in
    /// December 2022, the next in January 2024), for lunar festivals outside 1900–2100 and solar terms outside
    /// 1950–2100.
    pub fn date_in(self, year: i16) -> Option<Date> {
        let lunar_day = |lunar_year: i32, month, day| {
            LunarDate {
                year: lunar_year,
                month,
                leap: false,
                day,
            }
            .to_civil()
            .ok()
        };
        let solar_year = i32::from(year);
        match self.kept() {
            Err(term) => term.date_in(year),
            Ok(Kept::Solar(month, day)) => Date::new(year, month, day).ok(),
            Ok(Kept::Weekday(month, nth, weekday)) => NthWeekday { nth, weekday }.date_in(year, month),
            Ok(Kept::Lunar(month, day)) => [solar_year - 1, solar_year]
                .into_iter()
                .filter_map(|lunar_year| lunar_day(lunar_year, month, day))
                .find(|date| date.year() == year),
            Ok(Kept::EveOfLunarYear) => lunar_day(solar_year, 1, 1)?.yesterday().ok(),
        }
    }

    /// Whether this date is the festival.
    pub fn falls_on(self, date: Date) -> bool {
        match self.kept() {
            Ok(Kept::Lunar(month, day)) => {
                LunarDate::of(date).is_ok_and(|lunar| (lunar.month, lunar.leap, lunar.day) == (month, false, day))
            }
            Ok(Kept::Solar(..) | Kept::Weekday(..) | Kept::EveOfLunarYear) | Err(_) => {
                self.date_in(date.year()) == Some(date)
            }
        }
    }

    /// The first date after `date` that is the festival; None past the tables.
    pub fn next_after(self, date: Date) -> Option<Date> {
        let later_this_year = || {
            // Only 腊八 can come twice in a solar year, in January and in December.
            let december = Date::new(date.year(), 12, 1).ok()?;
            december
                .series(jiff::Span::new().days(1))
                .take(31)
                .find(|day| *day > date && self.falls_on(*day))
        };
        let first = |year: i16| self.date_in(year).filter(|day| *day > date);
        first(date.year()).or_else(later_this_year).or_else(|| {
            (1..=2)
                .filter_map(|ahead| first(date.year().checked_add(ahead)?))
                .next()
        })
    }
}

/// What is celebrated on a date, in the order of [`Festival::all`].
pub fn festivals_on(date: Date) -> Vec<Festival> {
    Festival::all().filter(|festival| festival.falls_on(date)).collect()
}

impl fmt::Display for Festival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.in_chinese())
    }
}

impl From<Festival> for String {
    fn from(festival: Festival) -> String {
        festival.in_chinese().to_owned()
    }
}

impl TryFrom<String> for Festival {
    type Error = UnknownFestival;

    fn try_from(name: String) -> Result<Festival, UnknownFestival> {
        Festival::parse(&name)
    }
}

/// A name no festival has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no festival is called \"{written}\": write a name like \"中秋\" or \"Mid-Autumn Festival\"")]
pub struct UnknownFestival {
    /// As it stood.
    pub written: String,
}

impl UnknownFestival {
    /// The same reason in Chinese.
    pub fn in_chinese(&self) -> String {
        format!(
            "没有叫「{}」的节日，请写节日的名字，例如「中秋」「春节」「母亲节」。",
            self.written
        )
    }
}
