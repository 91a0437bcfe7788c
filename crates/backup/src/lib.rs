//! One file that holds everything the database knows, and the way back from it, also into the other database.
//!
//! The file is a zip archive: `manifest.json`, one `tables/NAME.jsonl` a table, `attachments/HASH` for every file of
//! evidence, and `secret.key`, without which nobody could use an authenticator app after a restore. Files that were
//! uploaded to be imported and `hawser.toml` are not in it.
//! Its last 64 bytes are the SHA-256 of all bytes before them, so that no damage stays unseen.

mod archive;
mod create;
mod evidence;
mod key;
mod manifest;
mod pack;
mod progress;
mod restore;
mod rules;
mod store;
mod value;

pub use create::{create, create_telling};
pub use manifest::{Column, Kind, Manifest, Part, Table};
pub use progress::{Progress, Step, Tell};
pub use restore::{Ready, restore, restore_telling, verify};
pub use rules::Refusal;
pub use store::counts;

pub fn locales() -> texts::Locales {
    texts::locales!()
}
