//! What was measured: a table for people, JSON for programs.

use std::fs;
use std::path::Path;
use std::time::Duration;

use base::Error;
use serde::Serialize;

/// One measured thing.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    pub name: String,
    /// `ms`, `s`, `MB`, `KB`, `requests` or `rows/s`.
    pub unit: &'static str,
    /// The best one of several measurements: what it takes when nobody else needs the processors.
    pub best: f64,
    /// The middle one, or the only one.
    pub middle: f64,
    /// 95 of 100 are no worse.
    pub p95: f64,
    pub times: usize,
    /// What the design allows `p95` to be.
    pub budget: Option<f64>,
    /// How many times the bare baseline of the same run.
    pub ratio: Option<f64>,
    /// Milliseconds that program and database computed for one answer, whoever else was at work.
    pub computed: Option<f64>,
}

/// All figures of one database.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    pub database: String,
    pub customers: usize,
    pub shipments: usize,
    pub day: String,
    pub processors: usize,
    pub figures: Vec<Figure>,
}

impl Figure {
    pub fn one(name: impl Into<String>, unit: &'static str, value: f64) -> Self {
        Self {
            name: name.into(),
            unit,
            best: value,
            middle: value,
            p95: value,
            times: 1,
            budget: None,
            ratio: None,
            computed: None,
        }
    }

    pub fn seconds(name: impl Into<String>, took: Duration) -> Self {
        Self::one(name, "s", took.as_secs_f64())
    }

    pub fn rate(name: impl Into<String>, rows: usize, took: Duration) -> Self {
        Self::one(name, "rows/s", rows as f64 / took.as_secs_f64().max(f64::MIN_POSITIVE))
    }

    pub fn within(self, budget: f64) -> Self {
        Self { budget: Some(budget), ..self }
    }

    /// Beside a baseline in the same unit.
    pub fn beside(self, baseline: f64) -> Self {
        Self { ratio: Some(self.p95 / baseline.max(f64::MIN_POSITIVE)), ..self }
    }

    /// Answer times in milliseconds.
    pub fn times(name: impl Into<String>, mut took: Vec<Duration>) -> Self {
        took.sort_unstable();
        let at = |part: f64| {
            let place = ((took.len() as f64 * part).ceil() as usize).clamp(1, took.len().max(1)) - 1;
            took.get(place).map_or(0.0, |took| took.as_secs_f64() * 1000.0)
        };
        let one = Self::one(name, "ms", at(0.0));
        Self { middle: at(0.5), p95: at(0.95), times: took.len(), ..one }
    }

    /// Beside what was computed for it.
    pub fn computed(self, milliseconds: f64) -> Self {
        Self { computed: Some(milliseconds), ..self }
    }

    fn line(&self) -> String {
        let budget = self.budget.map(|budget| format!("{budget}")).unwrap_or_default();
        let word = match self.budget {
            Some(budget) if self.p95 > budget => "OVER",
            Some(_) => "ok",
            None => "",
        };
        let ratio = self.ratio.map(|ratio| format!("{ratio:.1}x")).unwrap_or_default();
        let computed = self.computed.map(|computed| format!("{computed:.1}")).unwrap_or_default();
        let (name, unit) = (&self.name, self.unit);
        let numbers = format!("{:>9.1}{:>9.1}{:>9.1}", self.best, self.middle, self.p95);
        format!("{name:<52}{numbers} {unit:<9}{budget:>6} {word:<5}{ratio:>8}{computed:>10}")
    }
}

impl Figures {
    fn show(&self) {
        println!(
            "\n{}: {} customers, {} shipments, {} processors",
            self.database, self.customers, self.shipments, self.processors
        );
        let heads = format!("{:>9}{:>9}{:>9} {:<9}{:>6}", "best", "middle", "p95", "unit", "budget");
        println!("{:<52}{heads} {:<5}{:>8}{:>10}", "", "", "baseline", "computed");
        self.figures.iter().for_each(|figure| println!("{}", figure.line()));
    }

    /// # Errors
    /// When the file cannot be written.
    pub fn show_and_write(&self, folder: &Path, what: &str) -> Result<(), Error> {
        self.show();
        let name = format!("{}-{what}-{}.json", self.database, self.shipments);
        let json = serde_json::to_vec_pretty(self).map_err(|error| Error::Bug(error.to_string()))?;
        fs::write(folder.join(name), json).map_err(|error| Error::Unavailable(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_five_of_a_hundred_are_no_slower() {
        let figure = Figure::times("x", (1..=100).map(Duration::from_millis).collect());
        assert_eq!((figure.middle, figure.p95, figure.times), (50.0, 95.0, 100));
        assert_eq!(Figure::times("nothing", Vec::new()).p95, 0.0);
    }
}
