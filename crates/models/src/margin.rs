use crate::Wrong;

/// The margin rate of one customer in one period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Margin {
    /// The caller's number of the customer, from 0 on.
    pub customer: u32,
    /// Above zero; what the rate is weighed by.
    pub revenue: f64,
    /// May be negative: a customer can cost more than he brings.
    pub margin: f64,
}

/// Margin rates of the customers of one segment, drawn towards the segment's as far as their own figures are thin.
#[derive(Clone, Debug, PartialEq)]
pub struct Shrunken {
    pub segment_rate: f64,
    /// By the customer's number: his shrunken rate; the segment's for whoever has no figures.
    pub rates: Vec<f64>,
    /// By the customer's number: how much of his own rate counts, from 0 to 1.
    pub credibility: Vec<f64>,
    /// Variance of a rate between customers.
    pub between: f64,
    /// Variance of a customer's rate from period to period, at a revenue of one.
    pub within: f64,
}

/// H. Bühlmann & E. Straub, "Glaubwürdigkeit für Schadensätze" (1970), with the unbiased estimators of Bühlmann &
/// Gisler, "A course in credibility theory" (2005), section 4.8. Where the rates differ no more than chance makes them,
/// everybody gets the segment's.
///
/// # Errors
/// Names the row of a revenue that is not above zero or of a margin that is no number; `TooFew` without two customers, or
/// without any customer of two periods; `TooLarge` when a sum is no number.
pub fn shrink(margins: &[Margin]) -> Result<Shrunken, Wrong> {
    for (at, margin) in margins.iter().enumerate() {
        crate::wrong::positive(margin.revenue, at + 1, "revenue")?;
        if !margin.margin.is_finite() {
            return Err(Wrong::NotFinite { row: at + 1, field: "margin" });
        }
    }
    let customers = margins.iter().map(|margin| margin.customer as usize + 1).max().unwrap_or(0);
    let mut own = vec![Own::default(); customers];
    for margin in margins {
        let one = &mut own[margin.customer as usize];
        one.revenue += margin.revenue;
        one.margin += margin.margin;
        one.periods += 1;
    }
    let known: Vec<&Own> = own.iter().filter(|one| one.periods > 0).collect();
    if known.len() < 2 {
        return Err(Wrong::TooFew { what: "customers", found: known.len(), needed: 2 });
    }
    let spare = margins.len() - known.len();
    if spare == 0 {
        return Err(Wrong::TooFew { what: "periods of a customer", found: 1, needed: 2 });
    }
    let squares = margins.iter().map(|margin| {
        let off = margin.margin / margin.revenue - own[margin.customer as usize].rate();
        margin.revenue * off * off
    });
    let within = squares.sum::<f64>() / spare as f64;
    let between = between(&known, within);
    let credibility = |one: &Own| match one.revenue > 0.0 && between > 0.0 {
        true => one.revenue / (one.revenue + within / between),
        false => 0.0,
    };
    let weights: f64 = known.iter().map(|one| credibility(one)).sum();
    let segment_rate = match weights > 0.0 {
        true => known.iter().map(|one| credibility(one) * one.rate()).sum::<f64>() / weights,
        false => known.iter().map(|one| one.margin).sum::<f64>() / known.iter().map(|one| one.revenue).sum::<f64>(),
    };
    let shrunken = |one: &Own| match credibility(one) {
        0.0 => segment_rate,
        share => share * one.rate() + (1.0 - share) * segment_rate,
    };
    crate::wrong::finite(segment_rate + within + between, "margin")?;
    Ok(Shrunken {
        segment_rate,
        rates: own.iter().map(shrunken).collect(),
        credibility: own.iter().map(credibility).collect(),
        between,
        within,
    })
}

#[derive(Clone, Debug, Default)]
struct Own {
    revenue: f64,
    margin: f64,
    periods: u32,
}

impl Own {
    fn rate(&self) -> f64 {
        self.margin / self.revenue
    }
}

/// What the rates differ more than the periods explain; zero if they do not.
fn between(known: &[&Own], within: f64) -> f64 {
    let revenue: f64 = known.iter().map(|one| one.revenue).sum();
    let mean = known.iter().map(|one| one.margin).sum::<f64>() / revenue;
    let spread: f64 = known.iter().map(|one| one.revenue * (one.rate() - mean).powi(2)).sum();
    let squares: f64 = known.iter().map(|one| one.revenue * one.revenue).sum();
    let explained = (known.len() - 1) as f64 * within;
    ((spread - explained) / (revenue - squares / revenue)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hachemeister's claims (1975): five states, twelve quarters, (ratio, weight).
    const RATIOS: [[f64; 12]; 5] = [
        [1738., 1642., 1794., 2051., 2079., 2234., 2032., 2035., 2115., 2262., 2267., 2517.],
        [1364., 1408., 1597., 1444., 1342., 1675., 1470., 1448., 1464., 1831., 1612., 1471.],
        [1759., 1685., 1479., 1763., 1674., 2103., 1502., 1622., 1828., 2155., 2233., 2059.],
        [1223., 1146., 1010., 1257., 1426., 1532., 1953., 1123., 1343., 1243., 1762., 1306.],
        [1456., 1499., 1609., 1741., 1482., 1572., 1606., 1735., 1607., 1573., 1613., 1690.],
    ];
    const WEIGHTS: [[f64; 12]; 5] = [
        [7861., 9251., 8706., 8575., 7917., 8263., 9456., 8003., 7365., 7832., 7849., 9077.],
        [1622., 1742., 1523., 1515., 1622., 1602., 1964., 1515., 1527., 1748., 1654., 1861.],
        [1147., 1357., 1329., 1204., 998., 1077., 1277., 1218., 896., 1003., 1108., 1121.],
        [407., 396., 348., 341., 315., 328., 352., 331., 287., 384., 321., 342.],
        [2902., 3172., 3046., 3068., 2693., 2910., 3275., 2697., 2663., 3017., 3242., 3425.],
    ];

    #[test]
    fn the_figures_are_those_printed_for_hachemeisters_data() {
        let rows = (0..5).flat_map(|state| {
            (0..12).map(move |quarter| {
                let revenue = WEIGHTS[state][quarter];
                Margin { customer: state as u32, revenue, margin: revenue * RATIOS[state][quarter] }
            })
        });
        let found = shrink(&rows.collect::<Vec<_>>()).unwrap();
        // As printed in the vignette of the R package actuar.
        assert_eq!(
            format!("{:.0} {:.0} {:.0}", found.segment_rate, found.between, found.within),
            "1684 89639 139120026"
        );
        let shares: Vec<String> = found.credibility.iter().map(|share| format!("{share:.4}")).collect();
        assert_eq!(shares, ["0.9847", "0.9276", "0.8985", "0.7279", "0.9588"]);
        let rates: Vec<String> = found.rates.iter().map(|rate| format!("{rate:.0}")).collect();
        assert_eq!(rates, ["2055", "1524", "1793", "1443", "1603"]);
    }

    #[test]
    fn whoever_has_no_figures_gets_the_segments_rate() {
        let row = |customer, revenue, margin| Margin { customer, revenue, margin };
        let rows = [row(0, 100.0, 10.0), row(0, 100.0, 12.0), row(2, 50.0, 20.0), row(2, 60.0, 25.0)];
        let found = shrink(&rows).unwrap();
        assert_eq!(found.rates[1], found.segment_rate);
        assert!(found.rates[0] > 0.11 && found.rates[0] < found.segment_rate && found.rates[2] < 45.0 / 110.0);
    }

    #[test]
    fn rows_that_cannot_be_are_named() {
        let row = |revenue, margin| Margin { customer: 0, revenue, margin };
        assert_eq!(shrink(&[row(1.0, 1.0), row(0.0, 1.0)]), Err(Wrong::NotPositive { row: 2, field: "revenue" }));
        assert_eq!(shrink(&[row(1.0, f64::NAN)]), Err(Wrong::NotFinite { row: 1, field: "margin" }));
        let huge = [row(1e-300, 1e300), row(1.0, 1.0), Margin { customer: 1, revenue: 1.0, margin: 0.1 }];
        assert_eq!(shrink(&huge), Err(Wrong::TooLarge { field: "margin" }));
        assert!(matches!(shrink(&[row(1.0, 0.1), row(1.0, 0.2)]), Err(Wrong::TooFew { .. })));
    }
}
