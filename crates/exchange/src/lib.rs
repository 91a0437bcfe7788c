//! Files in and out: reads what people upload without trusting it, and maps it to records.
//!
//! `Reader` starts a limited child process that runs `worker::main`; rows come back as a bounded stream.
//! A `Mapping` says which column is what and turns each row into a `module::Record`; `Duplicates` finds the same key twice.

pub mod cell;
mod frames;
pub mod limits;
pub mod mapping;
pub mod reader;
mod refusal;
pub mod refused;
pub mod rows;
pub mod values;
pub mod worker;

pub use cell::{Cell, Row};
pub use mapping::{Bound, Column, DayOrder, Mapping, Proposal, TextInNumber};
pub use reader::{Line, Reader, Summary, Table};
pub use refusal::{Foreign, Header, Refused, RowProblem};
pub use rows::{Duplicates, Place};

pub fn locales() -> texts::Locales {
    texts::locales!()
}
