use super::{Spell, check};
use crate::Wrong;
use crate::matrix::Factor;
use crate::special::chi_squared_above;

/// Whether groups differ in how long they last.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRank {
    pub chi_squared: f64,
    pub degrees: u32,
    /// Probability of a difference at least as large if there is none.
    pub p: f64,
    /// For each group: spells that ended, and how many would have if the groups were alike.
    pub ended: Vec<(f64, f64)>,
}

/// N. Mantel (1966) and R. Peto & J. Peto, JRSS A 135 (1972) 185–207, for any number of groups, with the hypergeometric
/// variance (Kalbfleisch & Prentice 2002, section 1.5). `groups` holds the number of each spell's group, from 0 on.
///
/// # Errors
/// Names the row of a time that cannot be; `TooFew` with fewer than two groups, or if one has nobody.
pub fn log_rank(spells: &[Spell], groups: &[usize]) -> Result<LogRank, Wrong> {
    check(spells)?;
    if spells.len() != groups.len() {
        return Err(Wrong::Lengths { left: spells.len(), right: groups.len() });
    }
    let count = groups.iter().max().map_or(0, |most| most + 1);
    let mut risk = vec![0.0; count.min(spells.len() + 1)];
    for group in groups {
        // A number above the number of spells leaves a group without anybody.
        if let Some(one) = risk.get_mut(*group) {
            *one += 1.0;
        }
    }
    let filled = risk.iter().filter(|one| **one > 0.0).count();
    if filled < count.max(2) {
        return Err(Wrong::TooFew { what: "groups with spells", found: filled, needed: count.max(2) });
    }
    let mut sorted: Vec<(Spell, usize)> = spells.iter().copied().zip(groups.iter().copied()).collect();
    sorted.sort_by(|a, b| a.0.time.total_cmp(&b.0.time));
    let mut ended = vec![(0.0, 0.0); count];
    let free = count - 1;
    let mut variance = vec![0.0; free * free];
    for same in sorted.chunk_by(|a, b| a.0.time == b.0.time) {
        let all: f64 = risk.iter().sum();
        let gone = same.iter().filter(|(spell, _)| spell.ended).count() as f64;
        if gone > 0.0 {
            same.iter().filter(|(spell, _)| spell.ended).for_each(|(_, group)| ended[*group].0 += 1.0);
            (0..count).for_each(|i| ended[i].1 += gone * risk[i] / all);
            let spread = if all > 1.0 { gone * (all - gone) / (all - 1.0) } else { 0.0 };
            for i in 0..free {
                for j in 0..free {
                    let own = if i == j { 1.0 } else { 0.0 };
                    variance[i * free + j] += spread * risk[i] / all * (own - risk[j] / all);
                }
            }
        }
        same.iter().for_each(|(_, group)| risk[*group] -= 1.0);
    }
    let surplus: Vec<f64> = ended[..free].iter().map(|(seen, expected)| seen - expected).collect();
    let mut weighed = surplus.clone();
    Factor::of(variance, free).ok_or(Wrong::Nothing { what: "ends while groups were together" })?.solve(&mut weighed);
    let chi_squared: f64 = surplus.iter().zip(&weighed).map(|(one, other)| one * other).sum();
    let p = chi_squared_above(chi_squared, free as f64);
    Ok(LogRank { chi_squared, degrees: free as u32, p, ended })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spells(times: &[f64]) -> Vec<Spell> {
        times.iter().map(|&time| Spell { time, ended: true }).collect()
    }

    #[test]
    fn a_small_table_agrees_with_the_sum_by_hand() {
        // Ends at 1 (A), 2 (B), 3 (A), 4 (B): expected of A 1/2 + 1/3 + 1/2 + 0; variance 1/4 + 2/9 + 1/4 + 0.
        let found = log_rank(&spells(&[1.0, 3.0, 2.0, 4.0]), &[0, 0, 1, 1]).unwrap();
        let expected = 0.5 + 1.0 / 3.0 + 0.5;
        let known = (2.0_f64 - expected).powi(2) / (0.25 + 2.0 / 9.0 + 0.25);
        assert!((found.chi_squared - known).abs() < 1e-12, "{found:?}");
        assert_eq!(found.ended[0].0, 2.0);
    }

    #[test]
    fn the_order_of_three_groups_does_not_matter() {
        let times = [1.0, 4.0, 2.0, 6.0, 3.0, 5.0, 2.5, 8.0, 4.5];
        let one = log_rank(&spells(&times), &[0, 0, 0, 1, 1, 1, 2, 2, 2]).unwrap();
        let other = log_rank(&spells(&times), &[2, 2, 2, 0, 0, 0, 1, 1, 1]).unwrap();
        assert!((one.chi_squared - other.chi_squared).abs() < 1e-12 && one.degrees == 2);
    }

    #[test]
    fn one_group_cannot_be_compared() {
        assert!(matches!(log_rank(&spells(&[1.0, 2.0]), &[0, 0]), Err(Wrong::TooFew { .. })));
        assert!(matches!(log_rank(&spells(&[1.0, 2.0]), &[0, 2]), Err(Wrong::TooFew { .. })));
        assert!(matches!(log_rank(&spells(&[1.0, 2.0]), &[0, usize::MAX - 1]), Err(Wrong::TooFew { .. })));
    }
}
