//! Bars on a terminal: nothing is drawn where there is none, or where a program reads the answer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use backup::{Progress, Tell};
use base::Language;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use texts::Texts;

const TICK: Duration = Duration::from_millis(120);

/// How far a backup or a restore has come.
pub fn of_rows(quiet: bool, texts: Arc<Texts>, language: Language) -> Tell {
    let bar = ProgressBar::new(0).with_finish(ProgressFinish::AndClear);
    if quiet || bar.is_hidden() {
        return Tell::default();
    }
    bar.set_style(style("{msg} {bar:30} {percent}% {eta}"));
    let step = Mutex::new(None);
    Tell::to(move |progress: Progress| {
        let mut shown = step.lock().unwrap_or_else(PoisonError::into_inner);
        if *shown != Some(progress.step) {
            *shown = Some(progress.step);
            bar.reset();
            bar.set_message(texts.get(language, progress.step.text_key()));
        }
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    })
}

/// Steps of which nobody knows how long they take; gone when it is dropped.
pub struct Steps {
    bar: ProgressBar,
    texts: Arc<Texts>,
    language: Language,
}

impl Steps {
    pub fn new(quiet: bool, steps: u64, texts: Arc<Texts>, language: Language) -> Self {
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(steps) };
        bar.set_style(style("{spinner} {msg} {bar:15} {pos}/{len} {elapsed}"));
        bar.enable_steady_tick(TICK);
        Self { bar, texts, language }
    }

    pub fn next(&self, text_key: &str) {
        self.bar.set_message(self.texts.get(self.language, text_key));
        self.bar.inc(1);
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
