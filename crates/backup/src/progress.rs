use std::sync::Arc;

/// How far a backup or a restore has come, in rows of this step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub step: Step,
    pub done: u64,
    pub total: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// From the database to the file.
    Writing,
    /// Reads the file and compares it with what it says about itself.
    Checking,
    /// From the file to the database.
    Restoring,
}

impl Step {
    pub fn text_key(self) -> &'static str {
        match self {
            Step::Writing => "backup-step-writing",
            Step::Checking => "backup-step-checking",
            Step::Restoring => "backup-step-restoring",
        }
    }
}

/// Rows between two reports.
const EVERY: u64 = 1000;

/// Whom to tell; nobody, when nobody looks.
#[derive(Clone, Default)]
pub struct Tell(Option<Arc<dyn Fn(Progress) + Send + Sync>>);

impl Tell {
    pub fn to(whom: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(whom)))
    }

    pub(crate) fn anybody(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn step(&self, step: Step, total: u64) -> Told {
        let told = Told { tell: self.clone(), step, done: 0, total };
        told.say();
        told
    }
}

/// One step on its way.
pub(crate) struct Told {
    tell: Tell,
    step: Step,
    done: u64,
    total: u64,
}

impl Told {
    pub fn more(&mut self, rows: u64) {
        let before = self.done;
        self.done += rows;
        if before / EVERY != self.done / EVERY || self.done == self.total {
            self.say();
        }
    }

    fn say(&self) {
        if let Some(whom) = &self.tell.0 {
            whom(Progress { step: self.step, done: self.done, total: self.total });
        }
    }
}
