//! Every path a file names, with its place, however it is written.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// How a path came to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// A leaf of a `use`.
    Use,
    /// `use x::*`; the path is `x`.
    Glob,
    /// In an expression, type, pattern, attribute or macro call.
    Inline,
    /// Tokens of a macro's body that look like a path.
    Tokens,
}

/// One path as it stands in the file.
#[derive(Clone, Debug)]
pub struct Named {
    pub segments: Vec<String>,
    pub how: Written,
    pub line: usize,
    /// The inline modules around it, outermost first.
    pub within: Vec<String>,
    /// Inside something that is compiled for tests only.
    pub in_test: bool,
}

/// Something that is no path but matters: `async`, `unsafe`.
#[derive(Clone, Debug)]
pub struct Keyword {
    pub word: &'static str,
    pub line: usize,
    pub in_test: bool,
}

/// Everything found in one file.
#[derive(Debug, Default)]
pub struct Found {
    pub paths: Vec<Named>,
    pub keywords: Vec<Keyword>,
    /// A name a `use` gives to a path, and the inline modules it holds in.
    pub aliases: Vec<(String, Vec<String>, Vec<String>)>,
    within: Vec<String>,
    in_test: bool,
}

/// Reads a file.
pub fn find(text: &str) -> syn::Result<Found> {
    let file = syn::parse_file(text)?;
    let mut found = Found::default();
    found.visit_file(&file);
    Ok(found)
}

impl Found {
    fn named(&mut self, segments: Vec<String>, how: Written, line: usize) {
        let (within, in_test) = (self.within.clone(), self.in_test);
        self.paths.push(Named {
            segments,
            how,
            line,
            within,
            in_test,
        });
    }

    fn keyword(&mut self, word: &'static str, line: usize) {
        self.keywords.push(Keyword {
            word,
            line,
            in_test: self.in_test,
        });
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let longer = |name: &syn::Ident| {
            let mut path = before.to_vec();
            path.push(plain(name));
            path
        };
        let line = tree.span().start().line;
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &longer(&path.ident)),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, before)),
            syn::UseTree::Glob(_) => self.named(before.to_vec(), Written::Glob, line),
            syn::UseTree::Name(name) => {
                let path = if name.ident == "self" {
                    before.to_vec()
                } else {
                    longer(&name.ident)
                };
                let alias = path.last().cloned().unwrap_or_default();
                self.taken(alias, path, line);
            }
            syn::UseTree::Rename(rename) => {
                let path = if rename.ident == "self" && !before.is_empty() {
                    before.to_vec()
                } else {
                    longer(&rename.ident)
                };
                self.taken(plain(&rename.rename), path, line);
            }
        }
    }

    fn taken(&mut self, alias: String, path: Vec<String>, line: usize) {
        self.aliases.push((alias, path.clone(), self.within.clone()));
        self.named(path, Written::Use, line);
    }

    /// Tokens cannot be parsed without the macro; what looks like `a::b::c` or stands alone is taken for a path.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let (mut colons, mut line) = (0, 0);
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => {
                    colons += usize::from(punct.spacing() == Spacing::Joint || colons > 0);
                }
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.flush(&mut path, line);
                        line = ident.span().start().line;
                    }
                    path.push(plain(&ident));
                    colons = 0;
                    match path.last().map(String::as_str) {
                        Some("async") => self.keyword("async", line),
                        Some("unsafe") => self.keyword("unsafe", line),
                        _ => {}
                    }
                }
                TokenTree::Punct(punct) if punct.as_char() == '*' && colons == 2 => {
                    let glob = std::mem::take(&mut path);
                    self.named(glob, Written::Glob, line);
                    colons = 0;
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && colons == 2 => {
                    let before = std::mem::take(&mut path);
                    colons = 0;
                    self.group(&before, group.stream());
                }
                TokenTree::Group(group) => {
                    self.flush(&mut path, line);
                    colons = 0;
                    self.tokens(group.stream());
                }
                _ => {
                    self.flush(&mut path, line);
                    colons = 0;
                }
            }
        }
        self.flush(&mut path, line);
    }

    /// `before::{…}` in tokens: a grouped use.
    fn group(&mut self, before: &[String], tokens: TokenStream) {
        let line = tokens.span().start().line;
        let parser = syn::punctuated::Punctuated::<syn::UseTree, syn::Token![,]>::parse_terminated;
        match syn::parse::Parser::parse2(parser, tokens.clone()) {
            Ok(trees) => trees.iter().for_each(|tree| self.tree(tree, before)),
            Err(_) => {
                self.named(before.to_vec(), Written::Tokens, line);
                self.tokens(tokens);
            }
        }
    }

    fn flush(&mut self, path: &mut Vec<String>, line: usize) {
        if !path.is_empty() {
            self.named(std::mem::take(path), Written::Tokens, line);
        }
    }

    fn testing(&mut self, attributes: &[syn::Attribute], go_on: impl FnOnce(&mut Self)) {
        let before = self.in_test;
        self.in_test |= attributes.iter().any(is_test);
        go_on(self);
        self.in_test = before;
    }
}

fn plain(ident: &proc_macro2::Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

/// `#[test]` or exactly `#[cfg(test)]`; `cfg(not(test))` and the like are the program itself.
fn is_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("test")
        || (attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|condition| condition.is_ident("test")))
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.testing(&item.attrs, |it| it.tree(&item.tree, &[]));
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let name = match plain(&item.ident) {
            own if own == "self" => "crate".to_owned(),
            other => other,
        };
        let alias = item
            .rename
            .as_ref()
            .map_or_else(|| name.clone(), |(_, alias)| plain(alias));
        self.taken(alias, vec![name], item.span().start().line);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.testing(&item.attrs, |it| {
            it.within.push(plain(&item.ident));
            visit::visit_item_mod(it, item);
            it.within.pop();
        });
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.testing(&item.attrs, |it| visit::visit_item_fn(it, item));
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.testing(&item.attrs, |it| {
            if let Some(word) = &item.unsafety {
                it.keyword("unsafe", word.span().start().line);
            }
            visit::visit_item_impl(it, item);
        });
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if let Some(word) = &signature.asyncness {
            self.keyword("async", word.span().start().line);
        }
        if let Some(word) = &signature.unsafety {
            self.keyword("unsafe", word.span().start().line);
        }
        visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        self.keyword("async", block.span().start().line);
        visit::visit_expr_async(self, block);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        if let Some(word) = &closure.asyncness {
            self.keyword("async", word.span().start().line);
        }
        visit::visit_expr_closure(self, closure);
    }

    fn visit_expr_unsafe(&mut self, block: &'ast syn::ExprUnsafe) {
        self.keyword("unsafe", block.span().start().line);
        visit::visit_expr_unsafe(self, block);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|segment| plain(&segment.ident)).collect();
        self.named(segments, Written::Inline, path.span().start().line);
        visit::visit_path(self, path);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {
        // `pub(in crate::x)` opens something to others; it uses nothing.
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        visit::visit_macro(self, call);
        self.tokens(call.tokens.clone());
    }
}
