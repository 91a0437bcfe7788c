use super::{Spell, check};
use crate::Wrong;
use crate::special::normal_quantile;

/// A time at which spells ended, and the share that lasts longer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    pub time: f64,
    /// Seen until then.
    pub at_risk: u32,
    pub ended: u32,
    pub survival: f64,
    /// Greenwood's; zero when nobody is left.
    pub standard_error: f64,
    /// Where the true share lies with 95 % confidence.
    pub low: f64,
    pub high: f64,
}

/// E. Kaplan & P. Meier, JASA 53 (1958) 457–481, with M. Greenwood's variance (1926). The interval is built on ln(−ln S), so
/// that it stays between 0 and 1 (Kalbfleisch & Prentice 2002, section 1.4). Where nobody is left the variance is not
/// defined; the upper end is then that of the step before.
///
/// # Errors
/// Names the row of a time that cannot be; `Nothing` when no spell ended.
pub fn kaplan_meier(spells: &[Spell]) -> Result<Vec<Step>, Wrong> {
    check(spells)?;
    let mut sorted = spells.to_vec();
    sorted.sort_by(|a, b| a.time.total_cmp(&b.time));
    let z = normal_quantile(0.975);
    let (mut survival, mut sum, mut before) = (1.0, 0.0, 1.0);
    let mut left = sorted.len();
    let mut steps = Vec::new();
    for same in sorted.chunk_by(|a, b| a.time == b.time) {
        let at_risk = left;
        left -= same.len();
        let ended = same.iter().filter(|spell| spell.ended).count();
        if ended == 0 {
            continue;
        }
        let (risk, gone) = (at_risk as f64, ended as f64);
        survival *= 1.0 - gone / risk;
        let mut step = Step {
            time: same[0].time,
            at_risk: at_risk as u32,
            ended: ended as u32,
            survival,
            standard_error: 0.0,
            low: 0.0,
            high: before,
        };
        if ended < at_risk {
            sum += gone / (risk * (risk - gone));
            let reach = (z * sum.sqrt() / f64::ln(survival)).abs().exp();
            step.standard_error = survival * sum.sqrt();
            step.low = survival.powf(reach);
            step.high = survival.powf(1.0 / reach);
        }
        before = step.high;
        steps.push(step);
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spells(all: &[(f64, bool)]) -> Vec<Spell> {
        all.iter().map(|&(time, ended)| Spell { time, ended }).collect()
    }

    #[test]
    fn without_anybody_lost_from_sight_it_is_the_share_that_lasts() {
        let steps = kaplan_meier(&spells(&[(3.0, true), (1.0, true), (2.0, true), (4.0, true)])).unwrap();
        let shares: Vec<f64> = steps.iter().map(|step| step.survival).collect();
        assert_eq!(shares, [0.75, 0.5, 0.25, 0.0]);
        // Greenwood's error is then the binomial one.
        assert!((steps[1].standard_error - (0.25_f64 / 4.0).sqrt()).abs() < 1e-12);
        assert!(steps.iter().all(|step| step.low <= step.survival && step.survival <= step.high));
        assert_eq!((steps[3].low, steps[3].high), (0.0, steps[2].high));
    }

    #[test]
    fn who_is_lost_from_sight_at_the_time_of_an_end_was_still_at_risk() {
        let steps = kaplan_meier(&spells(&[(1.0, false), (1.0, true), (2.0, true)])).unwrap();
        assert_eq!((steps[0].at_risk, steps[1].at_risk), (3, 1));
    }

    #[test]
    fn times_that_cannot_be_are_named() {
        assert_eq!(kaplan_meier(&spells(&[(1.0, true), (-2.0, true)])), Err(Wrong::Negative { row: 2, field: "time" }));
        assert!(matches!(kaplan_meier(&spells(&[(1.0, false), (2.0, false)])), Err(Wrong::Nothing { .. })));
    }
}
