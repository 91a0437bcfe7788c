//! The file of refused rows on its way to the reader, made while it is sent.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base::Error;
use tokio::sync::mpsc;
use web::{Failure, Ui};

use crate::batch::Model;
use crate::kept;

/// Pieces that wait for the reader; each has 64 KiB.
const WAITING: usize = 4;

/// # Errors
/// Never, unless the page has no texts.
pub(crate) fn csv(ui: Ui, batch: &Model, file: File) -> Result<Response, Failure> {
    if ui.texts().is_none() {
        return Err(Error::Bug("no texts".into()).into());
    }
    let (give, take) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let Some(texts) = ui.texts() else { return };
        let out = BufWriter::with_capacity(1 << 16, Sender(give.clone()));
        if let Err(error) = kept::to_csv(file, texts, ui.language(), out) {
            // The line breaks off, so that nobody takes half a file for the whole.
            let _ = give.blocking_send(Err(error));
        }
    });
    let pieces = futures::stream::unfold(take, async |mut take| take.recv().await.map(|piece| (piece, take)));
    let name = format!("attachment; filename=\"refused-{}.csv\"", batch.id);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CONTENT_SECURITY_POLICY, "sandbox".to_owned()),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

struct Sender(mpsc::Sender<io::Result<Bytes>>);

impl Write for Sender {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(piece)));
        sent.map(|()| piece.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
