//! Every query about people, roles and sign-in.

pub mod codes;
pub mod named;
pub mod people;
pub mod roles;
pub mod sign_in;
pub mod tries;
