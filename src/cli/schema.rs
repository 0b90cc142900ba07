//! `schema`: what an editor needs to complete and check playbooks and the config.

use clap::{Args, ValueEnum};

use super::{Ending, Outcome};
use crate::{config, playbook};

/// `schema`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Of which kind of file
    #[arg(value_enum, default_value_t)]
    of: Of,
}

/// The kinds of files there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Of {
    #[default]
    Playbook,
    Config,
}

/// Prints the schema.
pub fn schema(wanted: &Wanted) -> Outcome {
    let schema = match wanted.of {
        Of::Playbook => playbook::schema(),
        Of::Config => config::schema(),
    };
    println!("{schema:#}");
    Ok(Ending::Fine)
}
