//! Questions at a terminal. Where nobody sits there, what was not told takes its default.

use std::io::{BufRead, Write};

use crate::chat::Lang;

/// Whether and in which language questions are asked.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Asking {
    pub lang: Lang,
    pub is_asked: bool,
}

impl Asking {
    /// One out of several, by its number; the first if nothing is answered.
    pub(in crate::cli) fn choice(&self, question: &str, choices: &[&str]) -> Result<usize, anyhow::Error> {
        if !self.is_asked {
            return Ok(0);
        }
        loop {
            anstream::println!("{question}");
            for (at, choice) in choices.iter().enumerate() {
                anstream::println!("  {}. {choice}", at + 1);
            }
            let answer = self.line("1")?;
            match answer.parse::<usize>() {
                Ok(number) if (1..=choices.len()).contains(&number) => return Ok(number - 1),
                _ => anstream::println!(
                    "{}",
                    self.lang.pick(
                        format!("请写 1 到 {} 的数字。", choices.len()),
                        format!("write a number from 1 to {}", choices.len()),
                    )
                ),
            }
        }
    }

    /// A name: what was told, what is answered, or the usual one.
    pub(in crate::cli) fn text(
        &self,
        told: Option<&str>,
        question: &str,
        usual: &str,
    ) -> Result<String, anyhow::Error> {
        if let Some(told) = told {
            return match unfit(told, self.lang) {
                None => Ok(told.trim().to_owned()),
                Some(why) => anyhow::bail!(why),
            };
        }
        if !self.is_asked {
            return Ok(usual.to_owned());
        }
        loop {
            anstream::println!("{question}");
            let answer = self.line(usual)?;
            match unfit(&answer, self.lang) {
                None => return Ok(answer),
                Some(why) => anstream::println!("{why}"),
            }
        }
    }

    fn line(&self, usual: &str) -> Result<String, anyhow::Error> {
        anstream::print!("  〔{usual}〕 ");
        std::io::stdout().flush()?;
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        let answer = line.trim();
        Ok(if answer.is_empty() { usual } else { answer }.to_owned())
    }
}

/// Names go into texts in quotes and into wording, where these signs mean something.
fn unfit(name: &str, lang: Lang) -> Option<String> {
    let sign = name
        .chars()
        .find(|it| it.is_control() || matches!(it, '"' | '\\' | '{' | '}' | '*' | '$'));
    let length = name.trim().chars().count();
    match sign {
        Some(sign) => Some(lang.pick(
            format!("「{name}」里的「{}」不能用在名字里，请去掉。", sign.escape_debug()),
            format!(
                "`{}` cannot be part of the name `{name}`; leave it out",
                sign.escape_debug()
            ),
        )),
        None if !(1..=30).contains(&length) => Some(lang.pick(
            "名字请写 1 到 30 个字。".to_owned(),
            "a name has 1 to 30 characters".to_owned(),
        )),
        None => None,
    }
}
