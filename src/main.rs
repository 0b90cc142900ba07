//! The binary: everything is in the library, so that tests call what operators call.

use std::process::ExitCode;

fn main() -> ExitCode {
    qunying::cli::main()
}
