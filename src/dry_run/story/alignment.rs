//! What was expected beside what was made.

use jiff::civil::DateTime;

use crate::dry_run::effects::Effect;
use crate::dry_run::notation::Expected;
use crate::playbook::Stand;

/// Expected and produced, side by side.
#[derive(Clone, Debug)]
pub enum Row {
    /// As expected.
    Met(Made, Expected),
    Missing(Expected),
    Unexpected(Made),
}

/// One effect with its local time.
#[derive(Clone, Debug)]
pub struct Made {
    /// To the second.
    pub at: DateTime,
    pub effect: Effect,
    /// Where the rule stands that it follows from.
    pub stands: Option<Stand>,
}

/// Lines up what was expected with what was made: the longest common run is met, the rest is missing or unexpected.
pub fn aligned(expected: Vec<Expected>, made: Vec<Made>) -> Vec<Row> {
    let fits = |wanted: &Expected, made: &Made| wanted.at == made.at && wanted.what.is(&made.effect.what);
    // longest[i][j]: the longest common run of what is left from i and from j on.
    let mut longest = vec![vec![0_usize; made.len() + 1]; expected.len() + 1];
    for i in (0..expected.len()).rev() {
        for j in (0..made.len()).rev() {
            longest[i][j] = if fits(&expected[i], &made[j]) {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut rows, mut j) = (Vec::new(), 0);
    let mut made: Vec<Option<Made>> = made.into_iter().map(Some).collect();
    for (i, wanted) in expected.into_iter().enumerate() {
        let mut wanted = Some(wanted);
        while let Some(it_wanted) = &wanted {
            let here = made.get(j).and_then(Option::as_ref);
            match here {
                Some(it) if fits(it_wanted, it) && longest[i][j] == longest[i + 1][j + 1] + 1 => {
                    rows.extend(
                        made[j]
                            .take()
                            .zip(wanted.take())
                            .map(|(made, wanted)| Row::Met(made, wanted)),
                    );
                    j += 1;
                }
                // What comes earlier is shown earlier.
                Some(it)
                    if longest[i][j + 1] == longest[i][j]
                        && (it.at <= it_wanted.at || longest[i + 1][j] < longest[i][j]) =>
                {
                    rows.extend(made[j].take().map(Row::Unexpected));
                    j += 1;
                }
                _ => rows.extend(wanted.take().map(Row::Missing)),
            }
        }
    }
    rows.extend(made.into_iter().skip(j).flatten().map(Row::Unexpected));
    rows
}
