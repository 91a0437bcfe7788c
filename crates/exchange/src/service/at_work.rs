//! Who is being worked on in this program, and how far.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use crate::batch::BatchId;
use crate::outcome::Progress;
use crate::outcome::Step;

/// Files that are read at the same time; the others wait, so that pages stay quick.
const AT_ONCE: usize = 2;

pub(crate) struct AtWork {
    running: Arc<Mutex<HashMap<BatchId, Progress>>>,
    pub places: Semaphore,
}

impl Default for AtWork {
    fn default() -> Self {
        Self { running: Arc::default(), places: Semaphore::new(AT_ONCE) }
    }
}

/// While it lives, nobody else works on the batch.
pub(crate) struct Place {
    id: BatchId,
    running: Arc<Mutex<HashMap<BatchId, Progress>>>,
}

impl AtWork {
    /// `None` when somebody works on it already.
    pub fn take(&self, id: &BatchId) -> Option<Place> {
        let mut running = lock(&self.running);
        if running.contains_key(id) {
            return None;
        }
        running.insert(id.clone(), Progress { step: Step::Reading, done: 0, total: 0 });
        Some(Place { id: id.clone(), running: self.running.clone() })
    }

    pub fn progress(&self, id: &BatchId) -> Option<Progress> {
        lock(&self.running).get(id).copied()
    }
}

impl Place {
    pub fn report(&self) -> crate::spool::Report {
        let (id, running) = (self.id.clone(), self.running.clone());
        Arc::new(move |progress| {
            if let Some(shown) = lock(&running).get_mut(&id) {
                *shown = progress;
            }
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.running).remove(&self.id);
    }
}

fn lock(running: &Mutex<HashMap<BatchId, Progress>>) -> MutexGuard<'_, HashMap<BatchId, Progress>> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}
