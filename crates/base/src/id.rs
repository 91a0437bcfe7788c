use uuid::{NoContext, Timestamp, Uuid};

use crate::Instant;

/// A UUIDv7: sorts by the time of the act, needs no sequence shared between nodes.
pub struct Id(Uuid);

impl Id {
    pub fn new(now: Instant) -> Self {
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        Self(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos())))
    }

    /// For one of many rows that are written at one time: in the order of their numbers, so that a database stores
    /// them side by side. What the number leaves is random.
    pub fn numbered(now: Instant, number: u64) -> Self {
        // Below the time and between the marks of version and variant.
        const HIGH: u128 = 0xfff << 64;
        const LOW: u128 = 0x3f_ffff << 40;
        let bits = Self::new(now).0.as_u128() & !HIGH & !LOW;
        let number = u128::from(number);
        Self(Uuid::from_u128(bits | ((number >> 22) << 64 & HIGH) | (number << 40 & LOW)))
    }

    pub fn into_text(self) -> String {
        self.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_ids_of_one_moment_sort_by_their_numbers_and_stay_of_version_seven() {
        let now = Instant::UNIX_EPOCH + chrono::Duration::days(20_000);
        let numbers = [1, 2, 4_000_000, 5_000_000, 1 << 33];
        let ids: Vec<String> = numbers.iter().map(|number| Id::numbered(now, *number).into_text()).collect();
        assert!(ids.is_sorted());
        assert!(ids[0] > Id::numbered(now - chrono::Duration::milliseconds(1), 9).into_text());
        assert!(ids.iter().all(|id| Uuid::parse_str(id).unwrap().get_version_num() == 7));
        assert_ne!(Id::numbered(now, 3).into_text(), Id::numbered(now, 3).into_text());
    }
}
