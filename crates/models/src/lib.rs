//! Statistics that decisions rest on: pure, no I/O, `f64` inside.

mod poisson;
mod wilson;

pub use poisson::{below_five_percent, poisson_cdf};
pub use wilson::{Interval, wilson};
