//! Scores of customers and what they answer, with how sure they are.

mod abc;
mod answers;
mod importance;
mod lorenz;
mod rfm;
mod wallet;

pub use abc::{Abc, Boundary, Cuts, abc};
pub use answers::{EffortScore, PromoterScore, customer_effort, net_promoter, satisfied};
pub use importance::{Attribute, Quadrant, derived_importance, importance_performance};
pub use lorenz::{Lorenz, lorenz};
pub use rfm::{Rfm, rfm};
pub use wallet::wallet_shares;
