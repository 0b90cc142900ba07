//! Results on stdout.

use std::io::{ErrorKind, Result, Write as _};

/// Writes a result. A reader that went away, as in `plan … | head`, is no mistake.
pub fn put(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(gone) if gone.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}
