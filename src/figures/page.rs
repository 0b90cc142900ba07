//! The figures as one page that needs nothing else.

use askama::Template;

use super::charts::{self, weeks};
use super::{Asked, Table};
use crate::chat::Lang;
use crate::dry_run::html::policy::{STYLE, policy};

#[derive(Template)]
#[template(path = "figures/page.html", escape = "html")]
struct Page<'a> {
    lang: Lang,
    policy: String,
    style: &'static str,
    name: &'a str,
    span: String,
    tables: &'a [Table],
    turnover: String,
    pool: String,
}

impl Page<'_> {
    /// One of two wordings.
    fn say<'s>(&self, zh: &'s str, en: &'s str) -> &'s str {
        self.lang.pick(zh, en)
    }
}

/// The page of what [`super::tables`] counted in the community called `name`.
pub fn page(asked: &Asked<'_>, tables: &[Table], name: &str) -> String {
    let weeks = weeks(asked);
    let page = Page {
        lang: asked.lang,
        policy: policy(),
        style: STYLE,
        name,
        span: format!("{} … {}", asked.span.first, asked.span.last),
        tables,
        turnover: charts::turnover(&weeks),
        pool: charts::pool(&weeks),
    };
    page.render().expect("writing into memory does not fail")
}
