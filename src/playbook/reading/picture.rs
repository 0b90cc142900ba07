//! `image` and `file`: a file of the media folder, or an address the network fetches it from.

use crate::chat::is_media_name;
use crate::playbook::picture::Picture;
use crate::playbook::written::Item;

use super::draft::Draft;
use super::effect::is_address;

pub(super) fn read<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<String> {
    let written = item.text(&mut draft.problems)?;
    if is_address(written) {
        return Some(written.to_owned());
    }
    if !is_media_name(written) {
        draft.problems.bad_image(&item.place(), written);
        return None;
    }
    draft.pictures.push(Picture {
        name: written.to_owned(),
        shown: item.key == "image",
        place: item.place(),
    });
    Some(written.to_owned())
}
