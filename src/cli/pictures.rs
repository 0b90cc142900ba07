//! Whether the pictures that playbooks name can be sent: the files are looked at here.

use crate::config::Config;
use crate::gateway::Unfit;
use crate::gateway::shelf::size;
use crate::playbook::problem::{Both, both};
use crate::playbook::{Problem, Reading, check_pictures};

/// What is wrong with them, for every gateway there is.
pub fn problems(reading: &Reading, config: &Config) -> Vec<Problem> {
    check_pictures(&reading.pictures, |name| unfit(name, config))
}

fn unfit(name: &str, config: &Config) -> Option<(Both, Both)> {
    let picture = match config.shelf.picture(name, u64::MAX) {
        Ok(picture) => picture,
        Err(unfit) => return Some((both(unfit.in_chinese(), unfit.to_string()), next(&unfit, config))),
    };
    let bytes = picture.bytes.len() as u64;
    let strict = config
        .gateways
        .iter()
        .find(|gateway| gateway.limits().picture < bytes)?;
    let (gateway, most) = (strict.name(), strict.limits().picture);
    if most == 0 {
        return Some((
            both(
                format!("网关 {gateway} 收不了素材目录里的图片"),
                format!("the gateway {gateway} can be given no picture of the media folder"),
            ),
            both("写图片的网址。", "write the address of the picture"),
        ));
    }
    let most = size(most);
    Some((
        both(
            format!("「{name}」有 {}，网关 {gateway} 最多收 {most}", size(bytes)),
            format!(
                "`{name}` has {} and the gateway {gateway} takes {most} at most",
                size(bytes)
            ),
        ),
        both("把图片压缩得小一些。", "make the picture smaller"),
    ))
}

fn next(unfit: &Unfit, config: &Config) -> Both {
    let dir = config.shelf.dir.display();
    match unfit {
        Unfit::Missing(_) | Unfit::NotAFile(_) => both(
            format!("把图片放进 {dir} 目录，或把名字改对；目录由配置的 [media] dir 决定。"),
            format!("put the picture into {dir}, which [media] dir of the config names, or correct the name"),
        ),
        Unfit::Outside(_) => both(
            format!("把文件本身放进 {dir} 目录；指向外面的链接不算。"),
            format!("put the file itself into {dir}; a link that leads out of it does not count"),
        ),
        Unfit::Unreadable { .. } => both(
            "让运行机器人的用户能读这个文件。",
            "let the user that runs the bot read the file",
        ),
        Unfit::TooLarge { .. } => both(
            "把图片压缩得小一些，或改大配置的 [media] max。",
            "make the picture smaller, or raise [media] max in the config",
        ),
        Unfit::NoPicture(_) => both("另存为 PNG 或 JPEG。", "save it as PNG or JPEG"),
    }
}
