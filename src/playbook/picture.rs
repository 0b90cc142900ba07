//! Pictures and files of the media folder that playbooks name. Whether they are there is found out by who may read files.

use super::problem::{Both, Place, Problem, Problems};

/// One such picture.
#[derive(Clone, Debug)]
pub struct Picture {
    /// In the media folder.
    pub name: String,
    /// As a picture; else as a file to keep.
    pub shown: bool,
    pub place: Place,
}

/// What becomes of one that does not go out as it is.
#[derive(Clone, Debug)]
pub enum Fate {
    /// It cannot be sent: why, and what to do.
    Unfit(Both, Both),
    /// This gateway only says its address.
    Said(String),
}

/// What is wrong with pictures; `fates` tells what becomes of one.
pub fn check_pictures(pictures: &[Picture], fates: impl Fn(&Picture) -> Vec<Fate>) -> Vec<Problem> {
    let mut problems = Problems::default();
    for picture in pictures {
        for fate in fates(picture) {
            match fate {
                Fate::Unfit(why, next) => problems.unfit_image(&picture.place, why, next),
                Fate::Said(gateway) => problems.said_as_address(&picture.place, &picture.name, &gateway),
            }
        }
    }
    problems.in_order()
}
