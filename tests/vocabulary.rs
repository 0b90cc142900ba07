//! What must hold for all inputs of the smallest words: money, moments, ids, folding.

use std::str::FromStr;
use std::time::Duration;

use proptest::prelude::*;
use qunying::chat::fold::{fold_name, folds_by_letter, shown};
use qunying::chat::{BadMoney, Fen, GatewayName, GroupId, Moment, PersonId, fold};

proptest! {
    #[test]
    fn money_reads_back_as_it_is_shown(fen in any::<i64>().prop_filter("its negative must exist", |fen| *fen != i64::MIN)) {
        prop_assert_eq!(Fen::from_str(&Fen(fen).to_string()), Ok(Fen(fen)));
    }

    #[test]
    fn any_text_is_money_or_says_why_not(text in "\\PC{0,24}") {
        if let Ok(amount) = Fen::from_str(&text) {
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-'));
            prop_assert_eq!(Fen::from_str(&amount.to_string()), Ok(amount));
        }
    }

    #[test]
    fn yuan_and_fen_are_hundreds_and_rest(yuan in 0_i64..1_000_000_000, fen in 0_i64..100) {
        prop_assert_eq!(Fen::from_str(&format!("{yuan}.{fen:02}")), Ok(Fen(yuan * 100 + fen)));
        prop_assert_eq!(Fen::from_str(&format!("-{yuan}.{fen:02}")), Ok(Fen(-(yuan * 100 + fen))));
    }

    #[test]
    fn sums_of_money_stop_at_the_ends_instead_of_wrapping(one in any::<i64>(), other in any::<i64>()) {
        let exact = i128::from(one) + i128::from(other);
        let sum = (Fen(one) + Fen(other)).0;
        prop_assert_eq!(i128::from(sum), exact.clamp(i128::from(i64::MIN), i128::from(i64::MAX)));
    }

    #[test]
    fn folding_twice_is_folding_once(text in "\\PC{0,60}") {
        prop_assert_eq!(fold(&fold(&text)), fold(&text));
        prop_assert_eq!(fold_name(&fold_name(&text)), fold_name(&text));
    }

    #[test]
    fn signs_that_join_and_what_is_invisible_between_them_fold_once(text in "[a-zA-Z\\u{130}\\u{5E0}\\u{1100}\\u{1161}\\u{11A8}\\u{3B9} \\u{200B}\\u{FE0F}\\u{300}-\\u{345}\\u{5B0}-\\u{5C7}\\u{16FF0}\\u{1D165}-\\u{1D172}]{0,12}") {
        prop_assert_eq!(fold(&fold(&text)), fold(&text));
        prop_assert_eq!(fold_name(&fold_name(&text)), fold_name(&text));
    }

    #[test]
    fn what_folds_by_letter_begins_as_its_beginning_does(text in "[a-zA-Z\\u{130}\\u{5E0}\\u{4E00} \\u{200B}\\u{300}-\\u{345}]{0,6}") {
        if folds_by_letter(&text) {
            for (cut, _) in text.char_indices() {
                prop_assert!(fold(&text).starts_with(&fold(&text[..cut])));
            }
        }
    }

    #[test]
    fn what_is_shown_of_a_name_is_one_short_line(name in any::<String>()) {
        let shown = shown(&name);
        prop_assert!(shown.chars().count() <= 41);
        prop_assert!(!shown.chars().any(char::is_control));
    }

    #[test]
    fn an_id_keeps_the_wires_own_text(wire in "\\PC{1,40}") {
        let gateway = GatewayName::new("qq");
        let group = GroupId::at(&gateway, &wire);
        prop_assert_eq!(group.wire(), wire.as_str());
        prop_assert_eq!(group.gateway(), gateway.clone());
        let person = PersonId::at(&gateway, &wire);
        prop_assert_eq!(person.wire(), wire.as_str());
        let stored = serde_json::to_string(&group).expect("an id is a text");
        prop_assert_eq!(serde_json::from_str::<GroupId>(&stored).expect("it reads back"), group);
    }

    #[test]
    fn moments_never_leave_the_calendar(millis in any::<i64>(), seconds in any::<u64>()) {
        let moment = Moment::from_millis(millis);
        let later = moment.plus(Duration::from_secs(seconds));
        prop_assert!(Moment::START <= moment && moment <= later && later <= Moment::NEVER);
        prop_assert!(later.minus(Duration::from_secs(seconds)) <= moment);
        prop_assert!(!moment.to_string().is_empty());
    }
}

#[test]
fn amounts_that_are_none_say_why() {
    assert_eq!(Fen::from_str("25"), Ok(Fen(2500)));
    assert_eq!(Fen::from_str("25.5"), Ok(Fen(2550)));
    assert_eq!(Fen::from_str("0.005"), Err(BadMoney::TooFine("0.005".to_owned())));
    for text in ["", "-", ".", ".5", "5.", "1e3", "1,000", "￥5", "+5", "0x10", "５"] {
        assert_eq!(
            Fen::from_str(text),
            Err(BadMoney::NotANumber(text.to_owned())),
            "{text}"
        );
    }
    assert_eq!(
        Fen::from_str("99999999999999999999"),
        Err(BadMoney::TooLarge("99999999999999999999".to_owned()))
    );
}

#[test]
fn every_character_and_it_with_a_sign_fold_once() {
    for character in '\0'..=char::MAX {
        for text in [
            character.to_string(),
            format!("J{character}\u{30C}"),
            format!("\u{16FF0}\u{200B}{character}"),
        ] {
            assert_eq!(fold(&fold(&text)), fold(&text), "{:?}", text);
        }
    }
}

#[test]
fn plain_characters_fold_as_the_tables_say() {
    let nfkc = icu_normalizer::ComposingNormalizerBorrowed::new_nfkc();
    for character in ('!'..='~').chain('\u{4E00}'..='\u{9FFF}') {
        let by_the_tables: String = nfkc
            .normalize(&character.to_string())
            .chars()
            .flat_map(char::to_lowercase)
            .collect();
        assert_eq!(fold(&character.to_string()), by_the_tables, "{character}");
    }
}

#[test]
fn simplifying_keeps_the_number_of_characters_and_is_done_once() {
    use qunying::chat::Fold;
    use qunying::chat::fold::simplified;
    assert_eq!(simplified("禮包 發財 頭髮 臺灣 VIP"), "礼包 发财 头发 台湾 VIP");
    assert_eq!(
        Fold::Simplified.of(" 【禮　包】ＶＩＰ "),
        Fold::Simplified.of("【礼 包】vip")
    );
    assert_ne!(Fold::Plain.of("禮包"), Fold::Plain.of("礼包"));
    for character in '\0'..=char::MAX {
        let once = simplified(&character.to_string());
        assert_eq!(once.chars().count(), 1);
        assert_eq!(simplified(&once), once);
        let folded = Fold::Simplified.of(&character.to_string());
        assert_eq!(Fold::Simplified.of(&folded), folded, "{character:?}");
    }
}
