use crate::Wrong;
use crate::wrong::{not_negative, whole};

/// What repeat-buying models need to know of a customer; all times are counted from his first purchase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Buyer {
    /// Purchases after the first; those of one day count once. `x` in the papers, "frequency".
    pub repeats: u32,
    /// Time of the last purchase. `t_x` in the papers, "recency"; 0 without repeats.
    pub last: f64,
    /// How long he has been observed. `T` in the papers, "age".
    pub observed: f64,
}

/// Customers that can be right, in the order given, and grouped for speed.
#[derive(Clone, Debug)]
pub struct Base {
    buyers: Vec<Buyer>,
    pub(super) groups: Vec<Group>,
    /// The group of each customer.
    group_of: Vec<u32>,
}

/// Customers with the same history; sorted by repeats, then by time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub repeats: u32,
    pub last: f64,
    pub observed: f64,
    pub count: f64,
}

impl Base {
    /// # Errors
    /// Names the first row that cannot be; or says what is missing when there are not two customers, no repeat purchase
    /// at all, or all customers are the same.
    pub fn new(buyers: Vec<Buyer>) -> Result<Self, Wrong> {
        for (at, buyer) in buyers.iter().enumerate() {
            check(buyer, at + 1)?;
        }
        if buyers.len() < 2 {
            return Err(Wrong::TooFew { what: "customers", found: buyers.len(), needed: 2 });
        }
        if buyers.iter().all(|buyer| *buyer == buyers[0]) {
            return Err(Wrong::AllAlike { what: "customers" });
        }
        if buyers.iter().all(|buyer| buyer.repeats == 0) {
            return Err(Wrong::Nothing { what: "repeat purchases" });
        }
        let (groups, group_of) = grouped(&buyers);
        Ok(Self { buyers, groups, group_of })
    }

    /// From columns of numbers, as a file or another program has them.
    ///
    /// # Errors
    /// As `new`; also names the row of a number of repeats that is negative or not whole.
    pub fn from_columns(repeats: &[f64], last: &[f64], observed: &[f64]) -> Result<Self, Wrong> {
        for other in [last.len(), observed.len()] {
            if repeats.len() != other {
                return Err(Wrong::Lengths { left: repeats.len(), right: other });
            }
        }
        let rows = repeats.iter().zip(last).zip(observed).enumerate();
        let buyers = rows.map(|(at, ((&repeats, &last), &observed))| {
            Ok(Buyer { repeats: whole(repeats, at + 1, "repeats")?, last, observed })
        });
        Self::new(buyers.collect::<Result<_, Wrong>>()?)
    }

    pub fn buyers(&self) -> &[Buyer] {
        &self.buyers
    }

    /// Every n-th group, so that starts can be tried on about `size` of them.
    pub(super) fn thinned(&self, size: usize) -> Vec<Group> {
        let every = self.groups.len().div_ceil(size).max(1);
        self.groups.iter().step_by(every).copied().collect()
    }

    /// The value of his group for each customer, in the order of the base.
    pub(super) fn spread(&self, values: &[f64]) -> Vec<f64> {
        self.group_of.iter().map(|group| values[*group as usize]).collect()
    }

    /// (repeat purchases, time observed) of all together.
    pub(super) fn totals(&self) -> (f64, f64) {
        self.buyers.iter().fold((0.0, 0.0), |(repeats, observed), buyer| {
            (repeats + f64::from(buyer.repeats), observed + buyer.observed)
        })
    }
}

fn check(buyer: &Buyer, row: usize) -> Result<(), Wrong> {
    not_negative(buyer.last, row, "last")?;
    not_negative(buyer.observed, row, "observed")?;
    if buyer.last > buyer.observed {
        return Err(Wrong::Reversed { row, earlier: "last", later: "observed" });
    }
    if (buyer.repeats == 0) != (buyer.last == 0.0) {
        return Err(Wrong::Contradicts { row, field: "repeats", other: "last" });
    }
    Ok(())
}

fn grouped(buyers: &[Buyer]) -> (Vec<Group>, Vec<u32>) {
    // Times are not negative, so that their bits sort as they do.
    let key = |buyer: &Buyer| (buyer.repeats, buyer.observed.to_bits(), buyer.last.to_bits());
    let mut sorted: Vec<(u32, u64, u64, u32)> = Vec::with_capacity(buyers.len());
    sorted.extend(buyers.iter().zip(0..).map(|(buyer, at)| {
        let (repeats, observed, last) = key(buyer);
        (repeats, observed, last, at)
    }));
    sorted.sort_unstable();
    let mut group_of = vec![0; buyers.len()];
    let mut groups = Vec::new();
    for same in sorted.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)) {
        let buyer = &buyers[same[0].3 as usize];
        same.iter().for_each(|one| group_of[one.3 as usize] = groups.len() as u32);
        let Buyer { repeats, last, observed } = *buyer;
        groups.push(Group { repeats, last, observed, count: same.len() as f64 });
    }
    (groups, group_of)
}

/// Runs of groups with the same number of repeats.
pub(super) fn by_repeats(groups: &[Group]) -> impl Iterator<Item = &[Group]> {
    groups.chunk_by(|a, b| a.repeats == b.repeats)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOYAL: Buyer = Buyer { repeats: 3, last: 20.0, observed: 30.0 };
    const ONCE: Buyer = Buyer { repeats: 0, last: 0.0, observed: 30.0 };

    #[test]
    fn a_history_that_cannot_be_is_named_by_its_row() {
        let refused = |second: Buyer| Base::new(vec![LOYAL, second]).unwrap_err();
        assert_eq!(
            refused(Buyer { last: 31.0, ..LOYAL }),
            Wrong::Reversed { row: 2, earlier: "last", later: "observed" }
        );
        assert_eq!(refused(Buyer { last: -1.0, ..LOYAL }), Wrong::Negative { row: 2, field: "last" });
        assert_eq!(refused(Buyer { observed: f64::NAN, ..LOYAL }), Wrong::NotFinite { row: 2, field: "observed" });
        assert_eq!(
            refused(Buyer { repeats: 0, ..LOYAL }),
            Wrong::Contradicts { row: 2, field: "repeats", other: "last" }
        );
        let negative = Base::from_columns(&[1.0, -1.0], &[1.0, 1.0], &[2.0, 2.0]);
        assert_eq!(negative.unwrap_err(), Wrong::Negative { row: 2, field: "repeats" });
        let half = Base::from_columns(&[0.5, 1.0], &[1.0, 1.0], &[2.0, 2.0]);
        assert_eq!(half.unwrap_err(), Wrong::NotWhole { row: 1, field: "repeats" });
    }

    #[test]
    fn what_the_data_cannot_support_is_said() {
        assert_eq!(Base::new(vec![LOYAL]).unwrap_err(), Wrong::TooFew { what: "customers", found: 1, needed: 2 });
        assert_eq!(Base::new(vec![LOYAL, LOYAL]).unwrap_err(), Wrong::AllAlike { what: "customers" });
        let nobody = Base::new(vec![ONCE, Buyer { observed: 3.0, ..ONCE }]);
        assert_eq!(nobody.unwrap_err(), Wrong::Nothing { what: "repeat purchases" });
    }

    #[test]
    fn the_same_histories_are_counted_together() {
        let base = Base::new(vec![LOYAL, ONCE, LOYAL, LOYAL]).unwrap();
        let counts: Vec<f64> = base.groups.iter().map(|group| group.count).collect();
        assert_eq!(counts, [1.0, 3.0]);
    }
}
