use crate::special::{normal_quantile, student_95};
use crate::wrong::not_negative;
use crate::{Interval, Wrong, wilson};

/// Net promoter score, from −100 to 100, with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PromoterScore {
    pub score: f64,
    pub low: f64,
    pub high: f64,
    pub promoters: u32,
    pub passives: u32,
    pub detractors: u32,
}

/// From answers 0 to 10 to "would you recommend us": the share of 9 and 10 less the share of 0 to 6 (F. Reichheld,
/// Harvard Business Review, December 2003). The interval is that of a difference of two shares of one sample, normal
/// (B. Rocks, The American Statistician 70 (2016) 365–372). Where all answers fall into one class, which leaves
/// no variance, the interval reaches as far as Wilson's for all of so many.
///
/// # Errors
/// Names the first answer that is no whole number from 0 to 10; `Nothing` without answers.
pub fn net_promoter(answers: &[f64]) -> Result<PromoterScore, Wrong> {
    let (mut promoters, mut detractors) = (0, 0);
    for (at, answer) in answers.iter().enumerate() {
        match on_scale(*answer, at + 1, 0.0, 10.0)? {
            9.0.. => promoters += 1,
            ..=6.0 => detractors += 1,
            _ => {}
        }
    }
    if answers.is_empty() {
        return Err(Wrong::Nothing { what: "answers" });
    }
    let n = answers.len() as f64;
    let (for_us, against) = (f64::from(promoters) / n, f64::from(detractors) / n);
    let score = for_us - against;
    let variance = for_us + against - score * score;
    let passives = answers.len() as u32 - promoters - detractors;
    let reach = match variance > 0.0 {
        true => normal_quantile(0.975) * (variance / n).sqrt(),
        false => wilson(answers.len() as u64, answers.len() as u64).map_or(1.0, |all| 1.0 - all.low),
    };
    let percent = |share: f64| 100.0 * share.clamp(-1.0, 1.0);
    Ok(PromoterScore {
        score: percent(score),
        low: percent(score - reach),
        high: percent(score + reach),
        promoters,
        passives,
        detractors,
    })
}

/// Customer satisfaction: the share of answers at or above `from` on a scale of 1 to `most` (4 of 5 as a rule), with its
/// Wilson interval.
///
/// # Errors
/// Names the first answer that is no whole number of the scale; `Nothing` without answers.
pub fn satisfied(answers: &[f64], from: u8, most: u8) -> Result<Interval, Wrong> {
    let mut hits = 0;
    for (at, answer) in answers.iter().enumerate() {
        hits += u64::from(on_scale(*answer, at + 1, 1.0, f64::from(most))? >= f64::from(from));
    }
    wilson(hits, answers.len() as u64).ok_or(Wrong::Nothing { what: "answers" })
}

/// Customer effort score: the mean of answers 1 to 7 to "it was easy", with its 95 % interval by Student's t, and the share
/// that found it easy (5 and above) with Wilson's (M. Dixon, K. Freeman & N. Toman, Harvard Business Review, July 2010; the
/// scale of version 2.0 of 2013).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EffortScore {
    pub mean: f64,
    pub low: f64,
    pub high: f64,
    pub easy: Interval,
    pub answers: u32,
}

/// # Errors
/// Names the first answer that is no whole number from 1 to 7; `TooFew` with fewer than two answers.
pub fn customer_effort(answers: &[f64]) -> Result<EffortScore, Wrong> {
    let easy = satisfied(answers, 5, 7)?;
    if answers.len() < 2 {
        return Err(Wrong::TooFew { what: "answers", found: answers.len(), needed: 2 });
    }
    let n = answers.len() as f64;
    let mean = answers.iter().sum::<f64>() / n;
    let variance = answers.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let reach = student_95(n - 1.0) * (variance / n).sqrt();
    let (low, high) = ((mean - reach).max(1.0), (mean + reach).min(7.0));
    Ok(EffortScore { mean, low, high, easy, answers: answers.len() as u32 })
}

fn on_scale(answer: f64, row: usize, least: f64, most: f64) -> Result<f64, Wrong> {
    not_negative(answer, row, "answer")?;
    if answer.fract() != 0.0 {
        return Err(Wrong::NotWhole { row, field: "answer" });
    }
    match (least..=most).contains(&answer) {
        true => Ok(answer),
        false => Err(Wrong::OutOfRange { row, field: "answer", least, most }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promoters_less_detractors_with_the_interval_of_a_difference() {
        let answers =
            [vec![10.0; 30], vec![9.0; 20], vec![7.0; 20], vec![8.0; 10], vec![0.0; 5], vec![6.0; 15]].concat();
        let found = net_promoter(&answers).unwrap();
        assert_eq!((found.promoters, found.passives, found.detractors), (50, 30, 20));
        // 1.96 · √((0.5 + 0.2 − 0.3²) / 100) = 0.1531.
        assert!((found.score - 30.0).abs() < 1e-9);
        assert!((found.low - 14.69).abs() < 0.01 && (found.high - 45.31).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn a_few_answers_that_all_agree_are_not_certain() {
        let found = net_promoter(&[10.0; 5]).unwrap();
        assert_eq!((found.score, found.high), (100.0, 100.0));
        assert!(found.low < 60.0);
    }

    #[test]
    fn answers_off_the_scale_are_named() {
        assert_eq!(
            net_promoter(&[10.0, 11.0]),
            Err(Wrong::OutOfRange { row: 2, field: "answer", least: 0.0, most: 10.0 })
        );
        assert_eq!(net_promoter(&[9.5]), Err(Wrong::NotWhole { row: 1, field: "answer" }));
        assert_eq!(net_promoter(&[f64::NAN]), Err(Wrong::NotFinite { row: 1, field: "answer" }));
        assert_eq!(net_promoter(&[]), Err(Wrong::Nothing { what: "answers" }));
        assert!(satisfied(&[0.0], 4, 5).is_err());
        assert!(customer_effort(&[3.0]).is_err());
    }

    #[test]
    fn satisfaction_and_effort_have_intervals() {
        let share = satisfied(&[5.0, 4.0, 3.0, 5.0, 1.0], 4, 5).unwrap();
        assert!((share.rate - 0.6).abs() < 1e-12 && share.low < 0.3);
        let effort = customer_effort(&[5.0, 6.0, 7.0, 2.0]).unwrap();
        // Mean 5, s = 2.1602, t(3) = 3.182: 5 ± 3.437, cut at the end of the scale.
        assert!((effort.mean - 5.0).abs() < 1e-12 && (effort.low - 1.563).abs() < 1e-3, "{effort:?}");
        assert_eq!((effort.high, effort.easy.rate), (7.0, 0.75));
    }
}
