//! Shipments: who is served on time, and what a shipment is worth in the reporting currency.

mod conversion;
mod on_time;
mod worth;

pub use conversion::{Rates, Sum};
pub use on_time::{By, Clock, Grain, LineFacts, Report, Row, SEVERAL, is_on_time, on_time};
pub use worth::{Worth, worth};
