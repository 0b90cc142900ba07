//! `init`: a config and a fitting set of playbooks in a directory. Asks what it was not told; writes over nothing.

mod question;
mod template;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Ending, Outcome, Setting};
use crate::chat::Lang;
use question::Asking;

/// `init`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// What kind of community it is
    #[arg(long, value_enum)]
    shop: Option<Shop>,
    /// What it is called
    #[arg(long)]
    name: Option<String>,
    /// The group's name; the playbooks play in it alone
    #[arg(long = "group")]
    group_name: Option<String>,
    /// How the chat network is reached
    #[arg(long = "gateway", value_enum)]
    way: Option<Way>,
    /// Where the files are written
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

/// The kinds of communities there are playbooks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Shop {
    /// A tea shop
    #[default]
    Tea,
    /// A restaurant
    Restaurant,
    /// A mothers' group
    Mothers,
    /// An outdoor group
    Outdoor,
    /// The alumni of a course
    Alumni,
}

/// How the chat network is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Way {
    /// Typed at the terminal, to try it out
    #[default]
    Terminal,
    /// A OneBot v11 gateway
    Onebot11,
    /// A program of your own
    Native,
}

impl Shop {
    /// What it is called in a question.
    pub(super) fn title(self, lang: Lang) -> &'static str {
        match self {
            Shop::Tea => lang.pick("茶社", "a tea shop"),
            Shop::Restaurant => lang.pick("餐馆", "a restaurant"),
            Shop::Mothers => lang.pick("妈妈群", "a mothers' group"),
            Shop::Outdoor => lang.pick("户外群", "an outdoor group"),
            Shop::Alumni => lang.pick("课程同学群", "the alumni of a course"),
        }
    }
}

impl Way {
    /// What it is called in a question.
    pub(super) fn title(self, lang: Lang) -> &'static str {
        match self {
            Way::Terminal => lang.pick("先在终端里打字试用", "the terminal, to try it out"),
            Way::Onebot11 => lang.pick("OneBot v11 网关", "a OneBot v11 gateway"),
            Way::Native => lang.pick("自己写的程序", "a program of your own"),
        }
    }
}

/// What was answered.
#[derive(Debug)]
pub(super) struct Answers {
    pub shop: Shop,
    pub name: String,
    pub group: String,
    pub way: Way,
}

/// Writes the files, or nothing at all.
pub fn init(wanted: &Wanted, setting: &Setting) -> Outcome {
    let lang = setting.lang;
    let asking = Asking {
        lang,
        is_asked: std::io::stdin().is_terminal(),
    };
    let answers = answers(wanted, &asking)?;
    let files = template::files(&answers);
    let taken: Vec<String> = files
        .iter()
        .map(|(path, _)| wanted.dir.join(path))
        .filter(|path| path.exists())
        .map(|path| path.display().to_string())
        .collect();
    if !taken.is_empty() {
        anyhow::bail!(lang.pick(
            format!("已经有了：{}。不会覆盖；请换一个目录：--dir 目录", taken.join("、")),
            format!(
                "there is already: {}; nothing is written over, name another with --dir DIRECTORY",
                taken.join(", ")
            ),
        ));
    }
    for (path, text) in &files {
        write(&wanted.dir.join(path), text).map_err(|error| {
            let path = wanted.dir.join(path).display().to_string();
            anyhow::anyhow!(lang.pick(
                format!("{path}：写不进去（{error}）。请检查目录的权限和空间。"),
                format!("{path}: cannot be written ({error}); check the directory's permissions and space"),
            ))
        })?;
        anstream::println!("  {}", wanted.dir.join(path).display());
    }
    let place = match wanted.dir.as_path() {
        dir if dir == Path::new(".") => String::new(),
        dir => format!("cd {} && ", dir.display()),
    };
    anstream::println!(
        "\n{}",
        lang.pick(
            format!("接下来：{place}qunying check && qunying test，都通过了再 qunying run。"),
            format!("next: {place}qunying check && qunying test; when both pass, qunying run"),
        )
    );
    Ok(Ending::Fine)
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    // Somebody may have put a file there meanwhile.
    let mut file = std::fs::File::create_new(path)?;
    std::io::Write::write_all(&mut file, text.as_bytes())
}

fn answers(wanted: &Wanted, asking: &Asking) -> Result<Answers, anyhow::Error> {
    let lang = asking.lang;
    let shops = [Shop::Tea, Shop::Restaurant, Shop::Mothers, Shop::Outdoor, Shop::Alumni];
    let shop = match wanted.shop {
        Some(shop) => shop,
        None => {
            let titles: Vec<&str> = shops.iter().map(|shop| shop.title(lang)).collect();
            shops[asking.choice(lang.pick("是什么样的群？", "What kind of community is it?"), &titles)?]
        }
    };
    let called = template::usual_name(shop);
    let name = asking.text(
        wanted.name.as_deref(),
        lang.pick("叫什么名字？", "What is it called?"),
        called,
    )?;
    let group = asking.text(
        wanted.group_name.as_deref(),
        lang.pick("群名是什么？", "What is the group's name?"),
        &format!("{name}熟客群"),
    )?;
    let ways = [Way::Terminal, Way::Onebot11, Way::Native];
    let way = match wanted.way {
        Some(way) => way,
        None => {
            let titles: Vec<&str> = ways.iter().map(|way| way.title(lang)).collect();
            ways[asking.choice(
                lang.pick("怎样连上聊天平台？", "How is the chat network reached?"),
                &titles,
            )?]
        }
    };
    Ok(Answers { shop, name, group, way })
}
