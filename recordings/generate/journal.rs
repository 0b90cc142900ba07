//! An event as a line of our own journal: nothing followed from it yet.

use std::io;

use qunying::chat::Event;
use qunying::recording::Record;
use qunying::store::journal::line;

/// Adds the line of the event that is the `seq`th.
pub fn put(out: &mut Vec<u8>, seq: u64, event: &Event) -> io::Result<()> {
    let body = Record::of(event.at, event.clone(), Vec::new(), Vec::new()).body();
    line::write(out, seq, seq, &body).map_err(io::Error::other)
}
