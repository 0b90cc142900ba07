//! Joining what two have into what one has, and parting it again: of one thing, and of maps of things.

use std::collections::{BTreeMap, BTreeSet};

/// Maps whose keys are no texts are stored as pairs.
pub mod rows {
    use std::collections::BTreeMap;

    use serde::de::DeserializeOwned;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub fn deserialize<'de, K, V, D>(from: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: DeserializeOwned + Ord,
        V: DeserializeOwned,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
}

pub fn either<V: Clone>(own: Option<&V>, brought: Option<&V>, both: impl Fn(&V, &V) -> V) -> Option<V> {
    match (own, brought) {
        (Some(own), Some(brought)) => Some(both(own, brought)),
        (one, other) => one.or(other).cloned(),
    }
}

pub fn union<K: Ord + Clone, V: Clone>(
    own: &BTreeMap<K, V>,
    brought: &BTreeMap<K, V>,
    both: impl Fn(&V, &V) -> V,
) -> BTreeMap<K, V> {
    let keys: BTreeSet<&K> = own.keys().chain(brought.keys()).collect();
    let value = |key: &K| either(own.get(key), brought.get(key), &both);
    keys.into_iter()
        .filter_map(|key| Some((key.clone(), value(key)?)))
        .collect()
}

/// One thing of both, parted: as it was where it is as it was joined; what is gone is gone for both.
pub fn part<V: Clone + PartialEq>(
    (now, joined): (Option<&V>, Option<&V>),
    (own, brought): (Option<&V>, Option<&V>),
    otherwise: impl Fn(&V, Option<&V>, Option<&V>) -> (Option<V>, Option<V>),
) -> (Option<V>, Option<V>) {
    match now {
        _ if now == joined => (own.cloned(), brought.cloned()),
        None => (None, None),
        Some(now) => otherwise(now, own, brought),
    }
}

pub type Split<K, V> = (BTreeMap<K, V>, BTreeMap<K, V>);

pub fn split<K: Ord + Clone, V: Clone + PartialEq>(
    (now, joined): (&BTreeMap<K, V>, &BTreeMap<K, V>),
    (own, brought): (&BTreeMap<K, V>, &BTreeMap<K, V>),
    otherwise: impl Fn(&V, Option<&V>, Option<&V>) -> (Option<V>, Option<V>),
) -> Split<K, V> {
    let keys: BTreeSet<&K> = now.keys().chain(joined.keys()).collect();
    let mut both = (BTreeMap::new(), BTreeMap::new());
    for key in keys {
        let (left, back) = part(
            (now.get(key), joined.get(key)),
            (own.get(key), brought.get(key)),
            &otherwise,
        );
        both.0.extend(left.map(|left| (key.clone(), left)));
        both.1.extend(back.map(|back| (key.clone(), back)));
    }
    both
}
