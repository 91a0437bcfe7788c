//! Statistics that decisions rest on: pure, no I/O, `f64` inside.

pub mod buying;
mod chance;
mod chebyshev;
mod contract;
mod history;
mod margin;
mod matrix;
mod maximise;
mod parallel;
mod poisson;
mod quadrature;
pub mod scores;
pub mod series;
pub mod special;
mod spend;
pub mod survival;
mod wilson;
mod wrong;

pub use chance::generator;
pub use contract::BetaGeometric;
pub use history::{Histories, History, Purchase, Unit, Window, histories};
pub use margin::{Margin, Shrunken, shrink};
pub use maximise::{Estimate, Fit};
pub use poisson::{below_five_percent, poisson_cdf};
pub use spend::{GammaGamma, Spend, frequency_spend_correlation};
pub use wilson::{Interval, wilson};
pub use wrong::Wrong;
