//! WeChat's own messages as XML: `<sysmsg type="…">`. Those that make a sentence become one, with the ids in it, so that
//! one table knows all sentences.

use super::row::{Fact, What, Who};
use crate::gateway::xml::{self, Node};

/// What such a message is; `None` if the text is no such XML.
pub fn read(text: &str) -> Option<What> {
    let start = text.find("<sysmsg")?;
    let document = xml::read(&text[start..]).ok()?;
    let message = document.child("sysmsg")?;
    Some(match message.attribute("type") {
        "sysmsgtemplate" => template(message)?,
        "delchatroommember" => chatroom(message)?,
        "revokemsg" => {
            let body = message.child("revokemsg")?;
            What::Fact(Fact::Recalled {
                message: first(&[body.text_of("newmsgid"), body.text_of("msgid")]),
                by: recaller(body.text_of("replacemsg")),
            })
        }
        "pat" => {
            let body = message.child("pat")?;
            let people = [body.text_of("fromusername"), body.text_of("pattedusername")];
            What::Fact(Fact::Other {
                kind: "pat".to_owned(),
                people: people
                    .iter()
                    .filter(|id| !id.is_empty())
                    .map(|id| Who::new(*id, ""))
                    .collect(),
            })
        }
        other => What::Fact(Fact::Other {
            kind: match other {
                "roomtoolstips" => "tool",
                "mmchatroombarannouncememt" => "announcement",
                "mmchatroomtopmsg" => "top",
                "paymsg" => "payment",
                _ => "system",
            }
            .to_owned(),
            people: Vec::new(),
        }),
    })
}

/// Who took a message back stands in quotes before the words that are shown in its place.
fn recaller(shown: &str) -> Option<Who> {
    let name = shown.trim().strip_prefix(['"', '“'])?;
    let (name, _) = name.rsplit_once(['"', '”'])?;
    Some(Who::named(name)).filter(|who| !who.is_nobody())
}

fn first(texts: &[&str]) -> String {
    texts
        .iter()
        .find(|text| !text.is_empty())
        .map_or(String::new(), |text| (*text).to_owned())
}

/// The words with `name(id)` where the template has variables.
fn template(message: &Node) -> Option<What> {
    let mut templates = Vec::new();
    message.all("template", &mut templates);
    let mut words = templates.first()?.text.clone();
    let mut links = Vec::new();
    message.all("link", &mut links);
    for link in links {
        let variable = format!("${}$", link.attribute("name"));
        let mut members = Vec::new();
        link.all("member", &mut members);
        let named = match members.is_empty() {
            true => link.text_of("plain").to_owned(),
            false => members
                .iter()
                .map(|member| with_id(member))
                .collect::<Vec<_>>()
                .join("、"),
        };
        if !named.is_empty() || link.attribute("name") == "revoke" {
            words = words.replace(&variable, &named);
        }
    }
    Some(sentence(message, words))
}

fn with_id(member: &Node) -> String {
    let (id, name) = (member.text_of("username"), member.text_of("nickname"));
    format!("{name}({id})")
}

/// The older form: the words as text, and members beside them.
fn chatroom(message: &Node) -> Option<What> {
    let body = message.child("delchatroommember").unwrap_or(message);
    let mut words = first(&[body.text_of("plain"), body.text_of("text")]);
    let mut members = Vec::new();
    message.all("member", &mut members);
    for member in members {
        let name = member.text_of("nickname");
        // Only the quoted name is put with its id: the same letters may stand elsewhere in the sentence.
        for (open, close) in [("\"", "\""), ("“", "”"), ("、", "、"), ("\"", "、"), ("、", "\"")] {
            let quoted = format!("{open}{name}{close}");
            if !name.is_empty() && words.contains(&quoted) {
                words = words.replacen(&quoted, &format!("{open}{}{close}", with_id(member)), 1);
                break;
            }
        }
    }
    (!words.is_empty()).then(|| sentence(message, words))
}

/// A member may be called like another one with an id: what the form says apart from the words is known first.
fn sentence(message: &Node, text: String) -> What {
    let mut members = Vec::new();
    message.all("member", &mut members);
    let who = |member: &&Node| Who::new(member.text_of("username"), member.text_of("nickname"));
    What::Sentence {
        text,
        by: Who::default(),
        ids: true,
        named: members.iter().map(who).collect(),
    }
}
