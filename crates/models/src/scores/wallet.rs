use super::rfm::mean_places;
use crate::Wrong;
use crate::wrong::positive;

/// The share of a customer's spend that each of his n suppliers gets, from how he places them (1 is best):
/// (1 − rank / (n + 1)) × 2 / n, where equals share the mean of their ranks. The shares add up to 1.
/// T. Keiningham, L. Aksoy, A. Buoye & B. Cooil, "Customer loyalty isn't enough. Grow your share of wallet",
/// Harvard Business Review, October 2011.
///
/// # Errors
/// Names the row of a place that is not above zero; `Nothing` without suppliers.
pub fn wallet_shares(places: &[f64]) -> Result<Vec<f64>, Wrong> {
    for (at, place) in places.iter().enumerate() {
        positive(*place, at + 1, "place")?;
    }
    if places.is_empty() {
        return Err(Wrong::Nothing { what: "suppliers" });
    }
    let n = places.len() as f64;
    Ok(mean_places(places).into_iter().map(|rank| (1.0 - rank / (n + 1.0)) * 2.0 / n).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(places: &[f64]) -> Vec<String> {
        wallet_shares(places).unwrap().iter().map(|share| format!("{share:.4}")).collect()
    }

    #[test]
    fn two_suppliers_share_two_to_one_and_three_by_half_a_third_and_a_sixth() {
        // As printed in the article.
        assert_eq!(shares(&[1.0, 2.0]), ["0.6667", "0.3333"]);
        assert_eq!(shares(&[2.0, 1.0, 3.0]), ["0.3333", "0.5000", "0.1667"]);
    }

    #[test]
    fn equals_share_the_mean_of_their_ranks() {
        assert_eq!(shares(&[1.0, 1.0, 3.0]), ["0.4167", "0.4167", "0.1667"]);
        // Given densely or with gaps, the places mean the same.
        assert_eq!(shares(&[1.0, 1.0, 2.0]), shares(&[1.0, 1.0, 7.0]));
        assert_eq!(shares(&[4.0]), ["1.0000"]);
    }

    #[test]
    fn the_shares_are_the_whole_wallet() {
        for places in [&[1.0, 2.0, 2.0, 4.0, 5.0, 5.0, 5.0][..], &[1.0; 9]] {
            assert!((wallet_shares(places).unwrap().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        assert_eq!(wallet_shares(&[1.0, 0.0]), Err(Wrong::NotPositive { row: 2, field: "place" }));
        assert!(wallet_shares(&[]).is_err());
    }
}
