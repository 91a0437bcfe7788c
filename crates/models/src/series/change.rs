use rand_pcg::Pcg64Mcg;

use super::poisson_regression::{Design, Shape, Trend};
use crate::chance;
use crate::matrix::Factor;
use crate::special::chi_squared_above;
use crate::wrong::{not_negative, whole_up_to};
use crate::{Wrong, generator};

/// Chance of an alarm within one season on the average over the models that the history allows. Among those are trends that
/// a level series has not, so that of level series 5 % give one; the tests count them.
const FALSE_ALARMS: f64 = 0.06;
/// The chance of an alarm until some part of the season is this power of the part: the first periods get more of it than
/// the last ones, whose expectation is less sure.
const EARLY: f64 = 0.5;
/// The change that is looked for, in standard deviations of one period: at a mean of 20 a fall to 14, at 200 one to 179.
/// Other changes are found too, a little later.
const SIZE: f64 = 1.6;
/// No larger change is waited for, however rare the counts are.
const LARGEST: f64 = 1.2;
/// Unchanged continuations that are made up to find the thresholds.
const MADE_UP: usize = 1999;
const MOST_WAVES: usize = 3;
/// 2^53: whole numbers above it have no digits of their own.
const MOST_COUNTED: f64 = 9_007_199_254_740_992.0;

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
/// Spring Festival). Each call watches one direction; who watches both has twice the false alarms.
///
/// The evidence is Page's sum of log-likelihood ratios (Biometrika 41 (1954) 100–115; for counts J. Lucas, Technometrics 27
/// (1985) 129–144) against what Poisson regressions expect: without trend, with an exponential or a straight one, with 0 to
/// 3 waves a season, each as far as the history speaks for it (A. Raftery, Sociological Methodology 25 (1995) 111–163).
/// Counts whose variance is larger than Poisson's by more than chance, and volumes, have a dispersion of their own. The
/// thresholds come from made-up continuations without a change, drawn from the same models with the uncertainty of their
/// coefficients and of the dispersion.
///
/// Measured, percent of simulated unchanged monthly series with a false alarm within 12 months, at levels of 5, 20 and 100 at
/// the end of the history (4,000 series each, a trend's 1,500):
///
/// | history of | 24 months | 36 months | 48 months |
/// |---|---|---|---|
/// | level | 5.2 4.7 4.7 | 5.7 5.0 5.2 | 5.5 5.5 4.9 |
/// | season | 3.0 4.1 4.3 | 4.6 4.3 5.3 | 5.0 4.9 5.6 |
/// | + 20 % a year | 2.9 3.0 2.2 | 3.5 3.5 1.7 | 3.6 3.4 1.4 |
/// | − 20 % a year | 11.5 6.5 3.2 | 6.7 2.6 1.4 | 4.7 1.7 2.1 |
/// | fall from 20 to 12 found within 4 months | 81.5 | 86.3 | 88.0 |
///
/// Straight lines of ± 20 % of the last level a year give 5 % (growth) and 8 % (fall) on the average, three times Poisson's
/// variance gives 6 to 8 %. Two years of five things a month do not show a fall by 20 % a year, so that it is taken for a
/// change twice as often; to be sure of it would cost the power at 20.
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
            Kind::Count => drop(whole_up_to(*value, MOST_COUNTED, at + 1, "count")?),
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
    /// Degrees of freedom of the dispersion.
    free: f64,
    /// Of the watched periods, over all candidates.
    expected: Vec<f64>,
}

struct Candidate {
    weight: f64,
    by: Vec<f64>,
    factor: Factor,
    shape: Shape,
    waves: usize,
}

impl Candidate {
    /// Change of the level within one season, as a factor.
    fn trend(&self) -> f64 {
        match self.shape.trend {
            Trend::None => 1.0,
            Trend::Exponential => self.by[Design::TREND].exp(),
            Trend::Linear => 1.0 + self.by[Design::TREND],
        }
    }

    /// What the model must explain to count as much as the plainest: a wave as much as Schwarz' criterion says, a trend
    /// less, because one that is overlooked grows. A straight trend taken for an exponential one does more harm than the
    /// reverse.
    fn costs(&self, periods: f64) -> f64 {
        let trend = match self.shape.trend {
            Trend::None => 0.0,
            Trend::Exponential => 1.0,
            Trend::Linear => -1.0,
        };
        trend + periods.ln() * 2.0 * self.waves as f64
    }
}

impl Watching {
    /// All candidates with their weights; `None` when none of them can be fitted.
    fn learn(&self, values: &[f64]) -> Option<Learned> {
        let seen = &values[..self.history];
        let count = seen.len() as f64;
        let rough = match self.kind {
            Kind::Count => 1.0,
            // A thousandth of the mean, so that the unit does not matter.
            Kind::Volume => 1e-3 * seen.iter().sum::<f64>() / count,
        };
        let mut candidates = self.candidates(seen, rough);
        let (dispersion, free) = self.dispersion(seen, candidates.iter().max_by_key(|one| one.by.len())?);
        if dispersion != rough {
            candidates = self.candidates(seen, dispersion);
        }
        let criterion =
            |one: &Candidate| self.design.deviance(seen, &one.shape, &one.by) / dispersion + one.costs(count);
        let criteria: Vec<f64> = candidates.iter().map(criterion).collect();
        let least = criteria.iter().fold(f64::INFINITY, |least, one| least.min(*one));
        let whole: f64 = criteria.iter().map(|one| (0.5 * (least - one)).exp()).sum();
        candidates.iter_mut().zip(&criteria).for_each(|(one, own)| one.weight = (0.5 * (least - own)).exp() / whole);
        let mean = |at| candidates.iter().map(|one| one.weight * self.design.mean(at, &one.shape, &one.by)).sum();
        let expected = (self.history..self.design.periods()).map(mean).collect();
        Some(Learned { candidates, dispersion, free, expected })
    }

    fn candidates(&self, seen: &[f64], dispersion: f64) -> Vec<Candidate> {
        let start = (seen.iter().sum::<f64>() / seen.len() as f64).ln();
        let trends = [Trend::None, Trend::Linear, Trend::Exponential];
        let all = trends.into_iter().flat_map(|trend| (0..=self.waves).map(move |waves| (trend, waves)));
        let fitted = all.filter_map(|(trend, waves)| {
            let shape = self.design.shape(trend, waves);
            let (by, factor) = self.design.fit(seen, &shape, start, dispersion)?;
            Some(Candidate { weight: 0.0, by, factor, shape, waves })
        });
        fitted.collect()
    }

    /// Variance over mean, and the degrees of freedom it was found with. Counts vary at least as Poisson's do; more only
    /// where that is no accident.
    fn dispersion(&self, seen: &[f64], richest: &Candidate) -> (f64, f64) {
        let free = (seen.len() - richest.by.len().min(seen.len() - 1)) as f64;
        let pearson = self.design.pearson(seen, &richest.shape, &richest.by);
        let found = match self.kind {
            Kind::Count if chi_squared_above(pearson, free) > 0.05 => 1.0,
            // An exact series would make every ratio infinite.
            Kind::Volume => (pearson / free).max(1e-9 * seen.iter().sum::<f64>() / seen.len() as f64),
            Kind::Count => pearson / free,
        };
        (found, free)
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

    /// In each period as many unchanged continuations, of those without an alarm so far, get one as are due by then.
    fn thresholds(&self, own: &Learned, season: usize) -> Vec<f64> {
        let mut chance = generator(0x6861_7773_6572);
        let mut quiet: Vec<Vec<f64>> = (0..MADE_UP).map(|_| self.continued(own, &mut chance)).collect();
        let share = FALSE_ALARMS * (quiet.len() + 1) as f64;
        let (mut thresholds, mut alarms) = (Vec::new(), 0);
        for at in 0..self.watched() {
            let wanted = (share * ((at + 1) as f64 / season as f64).powf(EARLY)).floor() as usize;
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
        let dispersion = self.draw_dispersion(own, chance);
        let mut by: Vec<f64> = one.by.iter().map(|_| chance::normal(chance) * dispersion.sqrt()).collect();
        one.factor.solve_upper(&mut by);
        by.iter_mut().zip(&one.by).for_each(|(by, best)| *by += best);
        let periods = self.history..self.design.periods();
        let means = periods.map(|at| self.design.mean(at, &one.shape, &by));
        self.evidence(means.map(|mean| self.draw(mean, dispersion, chance)), own)
    }

    fn watched(&self) -> usize {
        self.design.periods() - self.history
    }

    /// As the history leaves it open: Pearson's statistic over the dispersion is about chi-squared.
    fn draw_dispersion(&self, own: &Learned, chance: &mut Pcg64Mcg) -> f64 {
        match (self.kind, own.dispersion > 1.0) {
            (Kind::Count, false) => 1.0,
            (Kind::Count, true) => {
                (own.dispersion * 0.5 * own.free / chance::gamma(0.5 * own.free, 1.0, chance)).max(1.0)
            }
            (Kind::Volume, _) => own.dispersion * 0.5 * own.free / chance::gamma(0.5 * own.free, 1.0, chance),
        }
    }

    /// A value with this mean and this variance over mean.
    fn draw(&self, mean: f64, dispersion: f64, chance: &mut Pcg64Mcg) -> f64 {
        match self.kind {
            Kind::Volume => chance::gamma(mean / dispersion, 1.0 / dispersion, chance),
            Kind::Count if dispersion > 1.0 => {
                let more = dispersion - 1.0;
                chance::poisson(chance::gamma(mean / more, 1.0 / more, chance), chance)
            }
            Kind::Count => chance::poisson(mean, chance),
        }
    }
}

#[cfg(test)]
#[path = "change_tests.rs"]
mod tests;
