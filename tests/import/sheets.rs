//! Tables of customers and orders, as they are kept by hand.

use std::path::Path;

use qunying::import::columns::{About, BadMap, Columns};
use qunying::import::sheet::{Sheet, read, table};

fn head(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_workbook_is_read_as_its_cells_show() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/orders.xlsx");
    let sheet = read(&file).expect("it is sound");
    assert_eq!(sheet.head, head(&["订单号", "实付", "付款时间", "手机"]));
    assert_eq!(
        sheet.rows,
        [
            (2, head(&["X90001", "59.8", "2026-03-01 10:30:00", "13800001234"])),
            (4, head(&["X90002", "30", "2026-03-01", ""])),
        ]
    );
}

#[test]
fn a_damaged_workbook_is_one_error() {
    let dir = tempfile::tempdir().expect("a directory can be made");
    let whole =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/orders.xlsx")).expect("it is there");
    for cut in [4, 60, whole.len() / 2, whole.len() - 10] {
        let file = dir.path().join("cut.xlsx");
        std::fs::write(&file, &whole[..cut]).expect("a file can be written");
        let trouble = read(&file).expect_err("it is no workbook").to_string();
        assert!(trouble.contains("cut.xlsx"), "{trouble}");
    }
}

#[test]
fn a_table_is_divided_by_what_its_head_has_most_of() {
    let with = |text: &str| table("t.csv", text).expect("it is sound");
    let plain = with("\u{feff}订单号,实付\n\nA1,\"1,000.00\"\n");
    assert_eq!(
        (plain.head.len(), plain.rows.clone()),
        (2, vec![(3, head(&["A1", "1,000.00"]))])
    );
    assert_eq!(with("订单号\t实付\nA1\t1,000.00\n").rows[0].1, plain.rows[0].1);
    assert_eq!(with("订单号;实付\nA1;1,000.00\n").rows[0].1, plain.rows[0].1);
    assert_eq!(with(""), Sheet::default());
}

#[test]
fn columns_are_guessed_or_named_and_what_is_missing_is_said() {
    let names = head(&["单号", "实付金额", "备注"]);
    let guessed = Columns::guessed(About::Orders, &names).expect("both are there");
    assert_eq!(guessed.shown(), "amount=实付金额,order=单号");
    assert_eq!(guessed.unread(), ["备注"]);
    let written = Columns::written(About::Orders, &guessed.shown(), &names).expect("it is what was shown");
    assert_eq!(written, guessed);
    let missing = Columns::guessed(About::Members, &names);
    assert!(matches!(missing, Err(BadMap::Missing { word, .. }) if word == "person"));
    let bad = |map: &str| Columns::written(About::Orders, map, &names).expect_err("it is not sound");
    assert!(matches!(bad("order"), BadMap::Part(_)));
    assert!(matches!(bad("field.x=备注"), BadMap::UnknownThing { .. }));
    assert!(matches!(bad("order=没有"), BadMap::NoColumn { .. }));
    let fields = Columns::written(About::Members, "person=单号,field.卡=备注", &names).expect("it is sound");
    assert_eq!(fields.fields().collect::<Vec<_>>(), [("卡", "field.卡")]);
}
