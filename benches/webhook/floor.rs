//! The floor: the same listener with the same limits, which only appends each body to a file and syncs it.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::routing::post;
use bytes::Bytes;
use qunying::web::{Complaint, ServerLimits, body};
use tokio::sync::{mpsc, oneshot};

/// The most bodies written with one sync, as in the event loop.
const TURN: usize = 1024;

struct Waiting {
    body: Bytes,
    durable: oneshot::Sender<()>,
}

struct Floor {
    bodies: mpsc::Sender<Waiting>,
    limits: ServerLimits,
}

/// The floor's pages. The file grows in `dir`.
pub fn routes(dir: &Path, limits: ServerLimits) -> Router {
    let file = File::create(dir.join("floor.jsonl")).unwrap();
    let (bodies, waiting) = mpsc::channel(4_096);
    tokio::spawn(append(file, waiting));
    Router::new()
        .route("/hooks/{gateway}", post(take))
        .with_state(Arc::new(Floor { bodies, limits }))
}

async fn take(State(floor): State<Arc<Floor>>, request: Request) -> Result<StatusCode, Complaint> {
    let body = body::read(request, &floor.limits).await?;
    let (durable, synced) = oneshot::channel();
    floor
        .bodies
        .send(Waiting { body, durable })
        .await
        .expect("the file is open");
    synced.await.expect("the file is open");
    Ok(StatusCode::NO_CONTENT)
}

/// Everything that waits is written at once and synced once; only then it is answered.
async fn append(mut file: File, mut waiting: mpsc::Receiver<Waiting>) {
    let (mut batch, mut bytes) = (Vec::new(), Vec::new());
    while waiting.recv_many(&mut batch, TURN).await > 0 {
        bytes.clear();
        for it in &batch {
            bytes.extend_from_slice(&it.body);
            bytes.push(b'\n');
        }
        tokio::task::block_in_place(|| {
            file.write_all(&bytes).unwrap();
            file.sync_data().unwrap();
        });
        for it in batch.drain(..) {
            // A caller that hung up does not want the answer.
            let _ = it.durable.send(());
        }
    }
}
