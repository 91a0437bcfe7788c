//! How long it takes until a customer leaves, a shipment is claimed, a debt is paid: with those where it has not happened
//! yet counted as long as they were seen.

mod cox;
mod kaplan_meier;
mod log_rank;

pub use cox::{Coefficient, Cox, cox};
pub use kaplan_meier::{Step, kaplan_meier};
pub use log_rank::{LogRank, log_rank};

use crate::Wrong;
use crate::wrong::not_negative;

/// How long one was seen, and whether it ended then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spell {
    pub time: f64,
    /// False: it had not ended when last seen.
    pub ended: bool,
}

fn check(spells: &[Spell]) -> Result<(), Wrong> {
    for (at, spell) in spells.iter().enumerate() {
        not_negative(spell.time, at + 1, "time")?;
    }
    if spells.len() < 2 {
        return Err(Wrong::TooFew { what: "spells", found: spells.len(), needed: 2 });
    }
    match spells.iter().any(|spell| spell.ended) {
        true => Ok(()),
        false => Err(Wrong::Nothing { what: "spells that ended" }),
    }
}
