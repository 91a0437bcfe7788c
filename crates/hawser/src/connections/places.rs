//! Who holds how many connections, and what whoever finds no place is told.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use access::identify::Outside;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Who are told at the same time that there is no place; whoever comes beyond that is hung up on.
const TOLD_AT_ONCE: usize = 32;
/// For the whole of it.
const TOLD_WITHIN: Duration = Duration::from_secs(2);

type Counts = Arc<Mutex<HashMap<IpAddr, usize>>>;

#[derive(Clone, Debug)]
pub struct Places {
    free: Arc<Semaphore>,
    held: Counts,
    /// Most of one address.
    most: Option<usize>,
    /// Behind a trusted proxy is everybody.
    outside: Outside,
}

/// Given back when it is dropped.
#[derive(Debug)]
pub struct Held {
    _place: OwnedSemaphorePermit,
    counted: Option<(IpAddr, Counts)>,
}

impl Places {
    pub fn new(all: usize, most: Option<usize>, outside: Outside) -> Self {
        Self { free: Arc::new(Semaphore::new(all)), held: Counts::default(), most, outside }
    }

    /// `None` when all are taken, or as many as one address may have.
    pub fn take(&self, peer: Option<IpAddr>) -> Option<Held> {
        let place = self.free.clone().try_acquire_owned().ok()?;
        let (Some(peer), Some(most)) = (peer.filter(|peer| !self.outside.trusts(*peer)), self.most) else {
            return Some(Held { _place: place, counted: None });
        };
        let who = network(peer);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(who).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Held { _place: place, counted: Some((who, self.held.clone())) })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some((who, counts)) = &self.counted else { return };
        let mut held = counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(who) {
            *count -= 1;
            if *count == 0 {
                held.remove(who);
            }
        }
    }
}

/// Whoever has one address of IPv6 has 2^64.
fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

/// The answer to whoever finds no place; only where no handshake has to come first.
#[derive(Clone, Debug)]
pub struct NoPlace {
    answer: Arc<[u8]>,
    told: Arc<Semaphore>,
}

impl NoPlace {
    pub fn new(sentence: &str) -> Self {
        let answer = format!(
            "HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\nconnection: close\r\ncache-control: no-store\r\n\
             content-security-policy: default-src 'none'; frame-ancestors 'none'\r\nx-content-type-options: nosniff\r\n\
             content-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\n\r\n{sentence}",
            sentence.len()
        );
        Self { answer: answer.into_bytes().into(), told: Arc::new(Semaphore::new(TOLD_AT_ONCE)) }
    }

    pub fn tell(&self, mut stream: TcpStream) {
        let Ok(turn) = self.told.clone().try_acquire_owned() else { return };
        let answer = self.answer.clone();
        tokio::spawn(async move {
            let _turn = turn;
            let told = async {
                stream.write_all(&answer).await?;
                stream.shutdown().await?;
                // What is unread when the line is closed would take the answer away with it.
                let mut rest = [0; 4096];
                while stream.read(&mut rest).await? > 0 {}
                std::io::Result::Ok(())
            };
            let _ = timeout(TOLD_WITHIN, told).await;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn one_address_takes_no_more_than_its_share_and_gives_it_back() {
        let places = Places::new(10, Some(2), Outside::default());
        let held: Vec<_> = (0..2).map(|_| places.take(peer("203.0.113.9")).unwrap()).collect();
        assert!(places.take(peer("203.0.113.9")).is_none());
        assert!(places.take(peer("::ffff:203.0.113.9")).is_none(), "the same in other words");
        let _other = places.take(peer("203.0.113.10")).unwrap();
        drop(held);
        assert!(places.take(peer("203.0.113.9")).is_some());
        assert_eq!(places.held.lock().unwrap().len(), 1, "nobody is remembered who has left");
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one() {
        let places = Places::new(10, Some(1), Outside::default());
        let _held = places.take(peer("2001:db8::1")).unwrap();
        assert!(places.take(peer("2001:db8::ffff:1")).is_none());
        assert!(places.take(peer("2001:db8:0:1::1")).is_some());
    }

    #[test]
    fn a_trusted_proxy_brings_as_many_as_there_are_places() {
        let outside = Outside { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], ..Outside::default() };
        let places = Places::new(3, Some(1), outside);
        let _held: Vec<_> = (0..3).map(|_| places.take(peer("10.0.0.7")).unwrap()).collect();
        assert!(places.take(peer("10.0.0.7")).is_none());
    }
}
