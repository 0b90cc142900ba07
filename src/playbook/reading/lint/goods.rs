//! Goods of the shop of points that cannot be told apart, and coupons that run out before the stock does.

use std::collections::BTreeMap;

use crate::chat::fold;
use crate::playbook::reading::draft::{Draft, Thing};
use crate::playbook::{Goods, Period, Playbook};

fn all(books: &[Playbook]) -> impl Iterator<Item = &Goods> {
    books.iter().flat_map(|book| book.goods.values())
}

/// A message names goods by title or by name: no two may share one.
pub(in crate::playbook::reading) fn same(books: &[Playbook], draft: &mut Draft<'_, '_>) {
    let mut called: BTreeMap<String, &Goods> = BTreeMap::new();
    for goods in all(books) {
        let names = [fold(&goods.title), fold(goods.name.as_str())];
        let other = names.iter().find_map(|name| called.get(name).copied());
        if let Some(other) = other.filter(|other| other.name != goods.name)
            && let Some(place) = draft.defined.get(&(Thing::Goods, goods.name.to_string())).cloned()
        {
            draft.problems.same_goods(&place, &goods.title, other.name.as_str());
        }
        for name in names {
            called.entry(name).or_insert(goods);
        }
    }
}

/// In stock, and refused all the same: the coupon has a total of its own below the stock.
pub(in crate::playbook::reading) fn coupons(books: &[Playbook], draft: &mut Draft<'_, '_>) {
    for goods in all(books) {
        let coupon = goods.coupon.as_ref().and_then(|name| draft.worth.get(name.as_str()));
        let (Some((total, of_coupon)), Some((stock, of_goods))) = (coupon.and_then(|it| it.total), goods.stock) else {
            continue;
        };
        let comparable = of_coupon == of_goods || of_coupon == Period::Ever;
        if comparable
            && total < stock
            && let Some(place) = draft.defined.get(&(Thing::Goods, goods.name.to_string())).cloned()
        {
            draft.problems.coupon_ends_first(&place, &goods.title, (total, stock));
        }
    }
}
