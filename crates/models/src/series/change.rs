use rand_pcg::Pcg64Mcg;

use super::poisson_regression::Design;
use crate::chance;
use crate::matrix::Factor;
use crate::special::chi_squared_above;
use crate::wrong::{not_negative, whole};
use crate::{Wrong, generator};

/// Chance of an alarm within one season on the average over the models that the history allows. Among those are trends that
/// a level series has not, so that of level series 5 % give one; the tests count them.
const FALSE_ALARMS: f64 = 0.055;
/// The change that is looked for, in standard deviations of one period: at a mean of 20 a fall to 12, at 200 one to 170.
/// Other changes are found too, a little later.
const SIZE: f64 = 2.28;
/// No larger change is waited for, however rare the counts are.
const LARGEST: f64 = 1.2;
/// Unchanged continuations that are made up to find the thresholds.
const MADE_UP: usize = 1999;
const MOST_WAVES: usize = 3;
/// What a trend must explain to count as much as none; a wave must explain more (Schwarz' criterion), because a trend that
/// is overlooked grows.
const TREND_COSTS: f64 = 2.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers of things: shipments, orders, complaints.
    Count,
    /// Tonnes, money: what has no natural unit.
    Volume,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Fall,
    Rise,
}

/// What was watched, period by period after the history.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// To be expected from level, trend and season.
    pub expected: Vec<f64>,
    /// Evidence of a change, and where it is enough for an alarm.
    pub evidence: Vec<f64>,
    pub threshold: Vec<f64>,
    /// The first period with an alarm, from 0 at the end of the history.
    pub alarm: Option<usize>,
    /// When the change that the alarm tells of began, as far as can be told.
    pub since: Option<usize>,
    /// Variance over mean; 1 for counts that vary as chance makes them.
    pub dispersion: f64,
    /// Waves a season that the history shows; 0 for none.
    pub waves: usize,
    /// Change of the level by trend within one season, as a factor.
    pub trend: f64,
}

/// Watches the periods after the first `history` ones for a lasting change, knowing trend and season (`season` periods
/// long: 12 for months, 52 for weeks) and what the caller knows (`known`: columns for all periods, for example days of the
/// Spring Festival).
///
/// The evidence is Page's sum of log-likelihood ratios (Biometrika 41 (1954) 100–115; for counts J. Lucas, Technometrics 27
/// (1985) 129–144) against what Poisson regressions expect: with and without trend, with 0 to 3 waves a season, each as far
/// as the history speaks for it (A. Raftery, Sociological Methodology 25 (1995) 111–163). The thresholds come from made-up
/// continuations without a change, drawn from the same models with the uncertainty of their coefficients: an alarm is
/// equally likely in each period.
///
/// # Errors
/// Names the row of a number that is negative, none, or not whole for counts; `TooFew` with less than two seasons of
/// history or nothing to watch; `Nothing` when the history is all zero.
pub fn watch(
    values: &[f64],
    history: usize,
    season: usize,
    kind: Kind,
    direction: Direction,
    known: &[Vec<f64>],
) -> Result<Watch, Wrong> {
    check(values, history, season, kind, known)?;
    let waves = MOST_WAVES.min((season - 1) / 2);
    let watching = Watching {
        design: Design::new(values.len(), history, season, waves, known),
        history,
        waves,
        kind,
        sign: if direction == Direction::Fall { -1.0 } else { 1.0 },
    };
    let not_converged = Wrong::NotConverged { evaluations: 40 };
    let own = watching.learn(values).ok_or(not_converged.clone())?;
    let evidence = watching.evidence(values[history..].iter().copied(), &own);
    let threshold = watching.thresholds(&own, season);
    let alarm = evidence.iter().zip(&threshold).position(|(evidence, threshold)| evidence >= threshold);
    let Some(likeliest) = own.candidates.iter().max_by(|a, b| a.weight.total_cmp(&b.weight)) else {
        return Err(not_converged);
    };
    let begun = |alarm: usize| (0..alarm).rev().find(|&at| evidence[at] <= 0.0).map_or(0, |at| at + 1);
    Ok(Watch {
        alarm,
        since: alarm.map(begun),
        dispersion: own.dispersion,
        waves: likeliest.waves,
        trend: likeliest.trend(),
        expected: own.expected,
        evidence,
        threshold,
    })
}

fn check(values: &[f64], history: usize, season: usize, kind: Kind, known: &[Vec<f64>]) -> Result<(), Wrong> {
    for (at, value) in values.iter().enumerate() {
        match kind {
            Kind::Count => drop(whole(*value, at + 1, "count")?),
            Kind::Volume => drop(not_negative(*value, at + 1, "value")?),
        }
    }
    if season < 2 || history < 2 * season {
        return Err(Wrong::TooFew { what: "periods of history", found: history, needed: 2 * season.max(2) });
    }
    if values.len() <= history {
        return Err(Wrong::TooFew { what: "periods to watch", found: 0, needed: 1 });
    }
    for column in known {
        if column.len() != values.len() {
            return Err(Wrong::Lengths { left: values.len(), right: column.len() });
        }
        if let Some(at) = column.iter().position(|one| !one.is_finite()) {
            return Err(Wrong::NotFinite { row: at + 1, field: "known" });
        }
    }
    match values[..history].iter().all(|value| *value == 0.0) {
        true => Err(Wrong::Nothing { what: "value in the history" }),
        false => Ok(()),
    }
}

struct Watching {
    design: Design,
    history: usize,
    waves: usize,
    kind: Kind,
    sign: f64,
}

/// What the history says: each candidate model with its weight.
struct Learned {
    candidates: Vec<Candidate>,
    dispersion: f64,
    /// Of the watched periods, over all candidates.
    expected: Vec<f64>,
}

struct Candidate {
    weight: f64,
    by: Vec<f64>,
    factor: Factor,
    columns: Vec<usize>,
    trend: bool,
    waves: usize,
}

impl Candidate {
    /// Change of the level within one season, as a factor.
    fn trend(&self) -> f64 {
        self.columns.iter().position(|column| *column == Design::TREND).map_or(1.0, |at| self.by[at].exp())
    }
}

impl Watching {
    /// All candidates with their weights; `None` when one of them cannot be fitted.
    fn learn(&self, values: &[f64]) -> Option<Learned> {
        let seen = &values[..self.history];
        let count = seen.len() as f64;
        let mut candidates = Vec::new();
        for (trend, waves) in [false, true].into_iter().flat_map(|trend| (0..=self.waves).map(move |w| (trend, w))) {
            let columns = self.design.columns(trend, waves);
            let (by, factor) = self.design.fit(seen, &columns, (seen.iter().sum::<f64>() / count).ln())?;
            candidates.push(Candidate { weight: 0.0, by, factor, columns, trend, waves });
        }
        let dispersion = self.dispersion(seen, candidates.last()?);
        let criterion = |one: &Candidate| {
            let waves = count.ln() * 2.0 * one.waves as f64;
            self.design.deviance(seen, &one.columns, &one.by) / dispersion
                + waves
                + TREND_COSTS * f64::from(u8::from(one.trend))
        };
        let criteria: Vec<f64> = candidates.iter().map(criterion).collect();
        let least = criteria.iter().fold(f64::INFINITY, |least, one| least.min(*one));
        let whole: f64 = criteria.iter().map(|one| (0.5 * (least - one)).exp()).sum();
        candidates.iter_mut().zip(&criteria).for_each(|(one, own)| one.weight = (0.5 * (least - own)).exp() / whole);
        let mean = |at| candidates.iter().map(|one| one.weight * self.design.mean(at, &one.columns, &one.by)).sum();
        let expected = (self.history..self.design.periods()).map(mean).collect();
        Some(Learned { candidates, dispersion, expected })
    }

    /// Counts vary at least as Poisson's do; more only where that is no accident.
    fn dispersion(&self, seen: &[f64], richest: &Candidate) -> f64 {
        let free = (seen.len() - richest.by.len().min(seen.len() - 1)) as f64;
        let pearson = self.design.pearson(seen, &richest.columns, &richest.by);
        match self.kind {
            Kind::Count if chi_squared_above(pearson, free) > 0.05 => 1.0,
            // An exact series would make every ratio infinite.
            Kind::Volume => (pearson / free).max(1e-9 * seen.iter().sum::<f64>() / seen.len() as f64),
            Kind::Count => pearson / free,
        }
    }

    /// Page's sum after each watched period.
    fn evidence(&self, watched: impl Iterator<Item = f64>, own: &Learned) -> Vec<f64> {
        let mean = own.expected.iter().sum::<f64>() / own.expected.len() as f64;
        let change = self.sign * (SIZE * (own.dispersion / mean).sqrt()).min(LARGEST);
        let mut sum = 0.0;
        let each = watched.zip(&own.expected).map(|(value, mean)| {
            let ratio = (value * change - mean * change.exp_m1()) / own.dispersion;
            sum = f64::max(0.0, sum + ratio);
            sum
        });
        each.collect()
    }

    /// In each period the same share of unchanged continuations, among those without an alarm so far, gets one.
    fn thresholds(&self, own: &Learned, season: usize) -> Vec<f64> {
        let mut chance = generator(0x6861_7773_6572);
        let mut quiet: Vec<Vec<f64>> = (0..MADE_UP).map(|_| self.continued(own, &mut chance)).collect();
        let share = FALSE_ALARMS * (quiet.len() + 1) as f64 / season as f64;
        let (mut thresholds, mut alarms) = (Vec::new(), 0);
        for at in 0..self.watched() {
            let wanted = (share * (at + 1) as f64).floor() as usize;
            let more = wanted.saturating_sub(alarms).min(quiet.len());
            let threshold = match more {
                0 => f64::INFINITY,
                more => {
                    quiet.select_nth_unstable_by(more - 1, |a, b| b[at].total_cmp(&a[at]));
                    let least = quiet[more - 1][at];
                    // Rare counts give the same evidence many times: where that would be too many alarms, only more is
                    // enough. So evidence of zero never is.
                    match quiet.iter().filter(|one| one[at] >= least).count() > more || least <= 0.0 {
                        true => least.next_up(),
                        false => least,
                    }
                }
            };
            let before = quiet.len();
            quiet.retain(|one| one[at] < threshold);
            alarms += before - quiet.len();
            thresholds.push(threshold);
        }
        thresholds
    }

    /// The evidence that an unchanged continuation gives.
    fn continued(&self, own: &Learned, chance: &mut Pcg64Mcg) -> Vec<f64> {
        let mut pick = chance::uniform(chance);
        let picked = own.candidates.iter().find(|one| {
            pick -= one.weight;
            pick <= 0.0
        });
        let one = picked.unwrap_or(&own.candidates[0]);
        let mut by: Vec<f64> = one.by.iter().map(|_| chance::normal(chance) * own.dispersion.sqrt()).collect();
        one.factor.solve_upper(&mut by);
        by.iter_mut().zip(&one.by).for_each(|(by, best)| *by += best);
        let periods = self.history..self.design.periods();
        self.evidence(periods.map(|at| self.draw(self.design.mean(at, &one.columns, &by), own, chance)), own)
    }

    fn watched(&self) -> usize {
        self.design.periods() - self.history
    }

    /// A value with this mean and the variance of the series.
    fn draw(&self, mean: f64, own: &Learned, chance: &mut Pcg64Mcg) -> f64 {
        match self.kind {
            Kind::Volume => chance::gamma(mean / own.dispersion, 1.0 / own.dispersion, chance),
            Kind::Count if own.dispersion > 1.0 => {
                let more = own.dispersion - 1.0;
                chance::poisson(chance::gamma(mean / more, 1.0 / more, chance), chance)
            }
            Kind::Count => chance::poisson(mean, chance),
        }
    }
}

#[cfg(test)]
#[path = "change_tests.rs"]
mod tests;
