use super::{Spell, check};
use crate::Wrong;
use crate::matrix::Factor;
use crate::special::{chi_squared_above, normal_cdf};

/// What each column does to the risk of an end.
#[derive(Clone, Debug, PartialEq)]
pub struct Cox {
    pub coefficients: Vec<Coefficient>,
    pub log_likelihood: f64,
    /// With all coefficients zero.
    pub null_log_likelihood: f64,
    /// Probability of a gain in likelihood at least as large if nothing matters.
    pub p: f64,
    /// Of two whose order is known, how often the one with the higher risk ended first; 0.5 is chance (Harrell's C).
    pub concordance: f64,
}

/// Of one column: the risk is multiplied by e^`value` for each unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficient {
    pub value: f64,
    pub standard_error: f64,
    pub z: f64,
    pub p: f64,
}

/// A standardised column that moves the logarithm of the risk by more than this decides everything.
const DECIDES: f64 = 20.0;
/// A larger error of a standardised column means that the likelihood has no top there.
const FLAT: f64 = 100.0;
const MOST_STEPS: u32 = 50;

/// Proportional hazards: D. Cox, JRSS B 34 (1972) 187–220; ties as in B. Efron, JASA 72 (1977) 557–565. `rows` holds the
/// columns of each spell.
///
/// # Errors
/// Names the row of a number that cannot be, or the column that cannot be estimated.
pub fn cox(spells: &[Spell], rows: &[Vec<f64>]) -> Result<Cox, Wrong> {
    check(spells)?;
    let columns = Columns::standardised(spells, rows)?;
    let width = columns.scale.len();
    let mut at = vec![0.0; width];
    let mut here = columns.slope(&at);
    let null_log_likelihood = here.value;
    for step in 0.. {
        let Some(factor) = Factor::of(here.information.clone(), width) else { return Err(columns.dependent(&here)) };
        let mut by = here.gradient.clone();
        factor.solve(&mut by);
        let gain: f64 = by.iter().zip(&here.gradient).map(|(by, slope)| by * slope).sum();
        if gain < 1e-14 * here.value.abs().max(1.0) {
            return columns.settled(columns.told(&at, &here, &factor, null_log_likelihood));
        }
        if step == MOST_STEPS {
            return Err(Wrong::NotConverged { evaluations: MOST_STEPS });
        }
        let mut share = 1.0;
        let (next, there) = loop {
            let next: Vec<f64> = at.iter().zip(&by).map(|(at, by)| at + share * by).collect();
            let there = columns.slope(&next);
            if there.value >= here.value || share < 1e-6 {
                break (next, there);
            }
            share *= 0.5;
        };
        if share < 1e-6 {
            return columns.settled(columns.told(&at, &here, &factor, null_log_likelihood));
        }
        (at, here) = (next, there);
        if let Some(column) = at.iter().position(|one| one.is_nan() || one.abs() >= DECIDES) {
            return Err(Wrong::Covariate { column: column + 1 });
        }
    }
    Err(Wrong::NotConverged { evaluations: MOST_STEPS })
}

/// The columns with mean 0 and spread 1, latest spells first.
struct Columns {
    spells: Vec<Spell>,
    rows: Vec<f64>,
    scale: Vec<f64>,
}

struct Slope {
    value: f64,
    gradient: Vec<f64>,
    information: Vec<f64>,
}

impl Columns {
    fn standardised(spells: &[Spell], rows: &[Vec<f64>]) -> Result<Self, Wrong> {
        if spells.len() != rows.len() {
            return Err(Wrong::Lengths { left: spells.len(), right: rows.len() });
        }
        let width = rows[0].len();
        if width == 0 {
            return Err(Wrong::Nothing { what: "columns" });
        }
        for (at, row) in rows.iter().enumerate() {
            if row.len() != width {
                return Err(Wrong::Lengths { left: width, right: row.len() });
            }
            if row.iter().any(|number| !number.is_finite()) {
                return Err(Wrong::NotFinite { row: at + 1, field: "column" });
            }
        }
        let count = rows.len() as f64;
        let mean: Vec<f64> = (0..width).map(|i| rows.iter().map(|row| row[i] / count).sum()).collect();
        let spread = |i: usize| rows.iter().map(|row| (row[i] - mean[i]).powi(2)).sum::<f64>() / count;
        let scale: Vec<f64> = (0..width).map(|i| spread(i).sqrt()).collect();
        if let Some(i) = (0..width).find(|&i| scale[i].is_nan() || scale[i] <= 1e-12 * mean[i].abs()) {
            return Err(Wrong::Covariate { column: i + 1 });
        }
        let mut order: Vec<usize> = (0..spells.len()).collect();
        order.sort_by(|a, b| spells[*b].time.total_cmp(&spells[*a].time));
        Ok(Self {
            spells: order.iter().map(|at| spells[*at]).collect(),
            rows: order.iter().flat_map(|at| (0..width).map(|i| (rows[*at][i] - mean[i]) / scale[i])).collect(),
            scale,
        })
    }

    /// `told`, unless it lies where the likelihood is flat because a column decides everything.
    fn settled(&self, told: Cox) -> Result<Cox, Wrong> {
        let known = |(one, scale): (&Coefficient, &f64)| one.standard_error * scale <= FLAT;
        match told.coefficients.iter().zip(&self.scale).position(|both| !known(both)) {
            Some(column) => Err(Wrong::Covariate { column: column + 1 }),
            None => Ok(told),
        }
    }

    fn row(&self, at: usize) -> &[f64] {
        let width = self.scale.len();
        &self.rows[at * width..(at + 1) * width]
    }

    fn risk(&self, at: usize, by: &[f64]) -> f64 {
        self.row(at).iter().zip(by).map(|(one, by)| one * by).sum()
    }

    /// Efron's partial likelihood with its derivatives, from the last spells to the first.
    fn slope(&self, by: &[f64]) -> Slope {
        let width = by.len();
        let mut found = Slope { value: 0.0, gradient: vec![0.0; width], information: vec![0.0; width * width] };
        // Sums of risk, risk × column and risk × column × column: of all at risk, and of those who end now.
        let (mut risk, mut tied) = (Moments::new(width), Moments::new(width));
        let mut at = 0;
        for same in self.spells.chunk_by(|a, b| a.time == b.time) {
            tied.clear();
            for spell in same {
                let (own, height) = (self.row(at), self.risk(at, by));
                risk.add(own, height.exp());
                if spell.ended {
                    tied.add(own, height.exp());
                    found.value += height;
                    (0..width).for_each(|i| found.gradient[i] += own[i]);
                }
                at += 1;
            }
            let ended = same.iter().filter(|spell| spell.ended).count();
            (0..ended).for_each(|gone| found.leave(&risk, &tied, gone as f64 / ended as f64));
        }
        found
    }

    fn told(&self, at: &[f64], here: &Slope, factor: &Factor, null_log_likelihood: f64) -> Cox {
        let coefficients = (0..at.len()).map(|i| {
            let (value, error) = (at[i] / self.scale[i], factor.inverse_at(i).sqrt() / self.scale[i]);
            let z = value / error;
            Coefficient { value, standard_error: error, z, p: 2.0 * normal_cdf(-z.abs()) }
        });
        Cox {
            coefficients: coefficients.collect(),
            log_likelihood: here.value,
            null_log_likelihood,
            p: chi_squared_above(2.0 * (here.value - null_log_likelihood), at.len() as f64),
            concordance: self.concordance(at),
        }
    }

    /// The first column that follows from those before it.
    fn dependent(&self, here: &Slope) -> Wrong {
        let width = self.scale.len();
        let first = |size: usize| (0..size * size).map(|k| here.information[k / size * width + k % size]).collect();
        let column = (1..=width).find(|&size| Factor::of(first(size), size).is_none()).unwrap_or(width);
        Wrong::Covariate { column }
    }

    /// Harrell's C: spells are taken from the last to the first, and those after an end are counted by their risk in a
    /// tree of sums (Fenwick), so that many rows cost n log n.
    fn concordance(&self, by: &[f64]) -> f64 {
        let risks: Vec<f64> = (0..self.spells.len()).map(|at| self.risk(at, by)).collect();
        let mut sorted = risks.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        let place = |risk: f64| sorted.partition_point(|one| one.total_cmp(&risk).is_lt()) + 1;
        let mut tree = vec![0_u64; sorted.len() + 1];
        let up_to = |tree: &[u64], mut at: usize| {
            let mut sum = 0;
            while at > 0 {
                sum += tree[at];
                at &= at - 1;
            }
            sum
        };
        let (mut pairs, mut right, mut at, mut seen) = (0_u64, 0.0, 0, 0_u64);
        for same in self.spells.chunk_by(|a, b| a.time == b.time) {
            // Who was last seen at the time of an end lasted longer.
            for ended in [false, true] {
                for i in (at..at + same.len()).filter(|&i| self.spells[i].ended == ended) {
                    if ended {
                        let own = place(risks[i]);
                        let (below, until) = (up_to(&tree, own - 1), up_to(&tree, own));
                        right += below as f64 + 0.5 * (until - below) as f64;
                        pairs += seen;
                    }
                }
                for i in (at..at + same.len()).filter(|&i| self.spells[i].ended == ended) {
                    seen += 1;
                    let mut own = place(risks[i]);
                    while own < tree.len() {
                        tree[own] += 1;
                        own += own & own.wrapping_neg();
                    }
                }
            }
            at += same.len();
        }
        if pairs == 0 { 0.5 } else { right / pairs as f64 }
    }
}

struct Moments {
    none: f64,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Moments {
    fn new(width: usize) -> Self {
        Self { none: 0.0, first: vec![0.0; width], second: vec![0.0; width * width] }
    }

    fn clear(&mut self) {
        self.none = 0.0;
        self.first.fill(0.0);
        self.second.fill(0.0);
    }

    fn add(&mut self, row: &[f64], risk: f64) {
        self.none += risk;
        for (i, own) in row.iter().enumerate() {
            self.first[i] += risk * own;
            let width = row.len();
            row.iter().enumerate().for_each(|(j, other)| self.second[i * width + j] += risk * own * other);
        }
    }
}

impl Slope {
    /// One of those who end together leaves, with the share `gone` of them counted as gone already.
    fn leave(&mut self, risk: &Moments, tied: &Moments, gone: f64) {
        let width = self.gradient.len();
        let all = risk.none - gone * tied.none;
        self.value -= all.ln();
        let mean = |i: usize| (risk.first[i] - gone * tied.first[i]) / all;
        for i in 0..width {
            self.gradient[i] -= mean(i);
            for j in 0..width {
                let at = i * width + j;
                self.information[at] += (risk.second[at] - gone * tied.second[at]) / all - mean(i) * mean(j);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spell(time: f64, ended: bool) -> Spell {
        Spell { time, ended }
    }

    #[test]
    fn a_column_that_decides_everything_is_named() {
        let spells: Vec<Spell> = (1..=8).map(|time| spell(f64::from(time), true)).collect();
        let rows: Vec<Vec<f64>> = (1..=8).map(|time| vec![f64::from(time % 3), -f64::from(time)]).collect();
        assert!(matches!(cox(&spells, &rows), Err(Wrong::Covariate { .. })));
    }

    #[test]
    fn a_column_that_parts_early_from_late_ends_is_named() {
        let spells: Vec<Spell> = (1..=40).map(|time| spell(f64::from(time), true)).collect();
        let rows: Vec<Vec<f64>> =
            (1..=40).map(|time| vec![f64::from(u8::from(time > 20)), f64::from(time % 3)]).collect();
        assert_eq!(cox(&spells, &rows), Err(Wrong::Covariate { column: 1 }));
    }

    #[test]
    fn columns_without_anything_of_their_own_are_named() {
        let spells = [spell(1.0, true), spell(2.0, true), spell(3.0, false), spell(4.0, true), spell(5.0, true)];
        let with = |column: [f64; 5]| {
            let first = [0.3, 2.0, 1.0, 0.5, 0.1];
            (0..5).map(|at| vec![first[at], column[at]]).collect::<Vec<_>>()
        };
        assert_eq!(cox(&spells, &with([2.0; 5])), Err(Wrong::Covariate { column: 2 }));
        assert_eq!(cox(&spells, &with([0.6, 4.0, 2.0, 1.0, 0.2])), Err(Wrong::Covariate { column: 2 }));
        let nan = with([1.0, f64::NAN, 0.0, 0.0, 0.0]);
        assert_eq!(cox(&spells, &nan), Err(Wrong::NotFinite { row: 2, field: "column" }));
    }

    #[test]
    fn concordance_counts_pairs_as_by_hand() {
        let spells = [spell(1.0, true), spell(2.0, false), spell(2.0, true), spell(3.0, true), spell(4.0, false)];
        let rows = [2.0, 1.0, 1.0, 3.0, 0.0].map(|one| vec![one]);
        let columns = Columns::standardised(&spells, &rows).unwrap();
        // Of the end at 1: against 1, 1, 3, 0 right 3; at 2: against the unseen 1 half, 3 wrong, 0 right; at 3: right.
        assert!((columns.concordance(&[1.0]) - 5.5 / 8.0).abs() < 1e-12);
    }
}
