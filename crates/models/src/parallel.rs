//! Sums over many customers on all processors. The parts and the order of adding do not depend on how many there are, so
//! that a fit gives the same digits everywhere.

use std::num::NonZero;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Below this a thread costs more than it saves.
const PART: usize = 16_384;
const MOST_THREADS: usize = 16;

/// `f` on each part of `0..length`, in order.
pub(crate) fn parts<T: Send>(length: usize, f: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let ranges = |at: usize| at * PART..((at + 1) * PART).min(length);
    let count = length.div_ceil(PART);
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS).min(count);
    if threads < 2 {
        return (0..count).map(|at| f(ranges(at))).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return done;
            }
            done.push((at, f(ranges(at))));
        }
    };
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for other in others {
            match other.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, done)| done).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_in_order_and_cover_everything() {
        for length in [0, 1, PART, PART + 1, 10 * PART - 1] {
            let all: Vec<usize> = parts(length, |range| range.collect::<Vec<_>>()).concat();
            assert!(all.iter().copied().eq(0..length));
        }
    }
}
