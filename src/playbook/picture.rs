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

/// What is wrong with pictures; `unfit` tells why one cannot be sent, and what to do.
pub fn check_pictures(pictures: &[Picture], unfit: impl Fn(&Picture) -> Option<(Both, Both)>) -> Vec<Problem> {
    let mut problems = Problems::default();
    for picture in pictures {
        if let Some((why, next)) = unfit(picture) {
            problems.unfit_image(&picture.place, why, next);
        }
    }
    problems.in_order()
}
