//! Whether the pictures that playbooks name can be sent: the files are looked at here.

use crate::config::Config;
use crate::gateway::shelf::size;
use crate::gateway::{Limits, Unfit};
use crate::playbook::picture::{Fate, Picture};
use crate::playbook::problem::{Both, both};
use crate::playbook::{Problem, Reading, check_pictures};

/// What is wrong with them, for every gateway there is.
pub fn problems(reading: &Reading, config: &Config) -> Vec<Problem> {
    check_pictures(&reading.pictures, |picture| match unfit(picture, config) {
        Some((why, next)) => vec![Fate::Unfit(why, next)],
        None => said(picture, config),
    })
}

/// The gateways that would say its address, as they have no way to show it.
fn said(picture: &Picture, config: &Config) -> Vec<Fate> {
    let gateways = config.gateways.iter().filter(|it| it.only_says(picture.shown));
    gateways.map(|it| Fate::Said(it.name().to_string())).collect()
}

fn unfit(picture: &Picture, config: &Config) -> Option<(Both, Both)> {
    let name = picture.name.as_str();
    let read = match picture.shown {
        true => config.shelf.picture(name, u64::MAX).map(|it| it.bytes),
        false => config.shelf.document(name, u64::MAX).map(|it| it.bytes),
    };
    let bytes = match read {
        Ok(bytes) => bytes.len() as u64,
        Err(unfit) => return Some((both(unfit.in_chinese(), unfit.to_string()), next(&unfit, config))),
    };
    let takes = |limits: Limits| if picture.shown { limits.picture } else { limits.file };
    let strict = config.gateways.iter().find(|gateway| takes(gateway.limits()) < bytes)?;
    let (gateway, most) = (strict.name(), takes(strict.limits()));
    if most == 0 {
        let (zh, en) = if picture.shown {
            ("图片", "picture")
        } else {
            ("文件", "file")
        };
        return Some((
            both(
                format!("网关 {gateway} 收不了素材目录里的{zh}"),
                format!("the gateway {gateway} can be given no {en} of the media folder"),
            ),
            both(format!("写{zh}的网址。"), format!("write the address of the {en}")),
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
        both("把它压缩得小一些。", "make it smaller"),
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
