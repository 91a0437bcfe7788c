//! Counts and volumes over time: what to expect, and when it has changed.

mod change;
mod forecast;
mod periods;
mod poisson_regression;
mod smoothing;

pub use change::{Direction, Kind, Watch, watch};
pub use forecast::{BackTest, Forecast, MOST_AHEAD, Method, Point, forecast};
pub use periods::{Length, Series, by_period, festival};
