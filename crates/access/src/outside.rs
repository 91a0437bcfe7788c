//! How requests reach us: under which address, through which proxies.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

/// Asked by machines that know us by number only; they tell nothing about the house.
const OPEN_TO_ANY_HOST: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// What the operator configured; by default there is no proxy and any host name will do.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// The one address under which people reach us, such as `https://crm.example.com`. Requests for another host are
    /// refused, so that no link ever carries a name that somebody else put into the request.
    pub base_url: Option<String>,
    /// Who may tell in `X-Forwarded-For` where a request comes from.
    pub trusted_proxies: Vec<Network>,
    /// Whether the longer language of layout tests may be chosen.
    pub test_language: bool,
}

impl Outside {
    /// Our own address, when the request is for another host.
    pub(crate) fn is_elsewhere(&self, parts: &Parts) -> Option<&str> {
        let base_url = self.base_url.as_deref()?;
        if OPEN_TO_ANY_HOST.contains(&parts.uri.path()) {
            return None;
        }
        let (scheme, own) = base_url.split_once("://").unwrap_or(("https", base_url));
        let asked = match parts.uri.authority() {
            Some(authority) => authority.as_str(),
            None => parts.headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default(),
        };
        let usual = if scheme == "https" { ":443" } else { ":80" };
        let bare = |host: &str| host.trim_end_matches('/').trim_end_matches(usual).to_ascii_lowercase();
        (bare(asked) != bare(own)).then_some(base_url)
    }

    /// Whether many people may come from this address.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.trusted_proxies.iter().any(|network| network.has(peer))
    }

    /// Walks from the peer towards the visitor for as long as the one who speaks is trusted.
    pub(crate) fn address_of(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let told = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = told.flat_map(|value| value.split(',')).map(str::trim).collect();
        let mut address = peer.to_canonical();
        for hop in hops.into_iter().rev() {
            if !self.trusts(address) {
                break;
            }
            match hop_address(hop) {
                Some(before) => address = before,
                None => break,
            }
        }
        address
    }
}

/// Some proxies tell the port too.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let with_port = || hop.parse::<SocketAddr>().ok().map(|both| both.ip());
    hop.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

/// An address, or all that share its first bits: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    fn has(self, other: IpAddr) -> bool {
        match (self.address, other) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let shift = 32 - self.bits;
                own.to_bits().checked_shr(shift) == other.to_bits().checked_shr(shift)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let shift = 128 - self.bits;
                own.to_bits().checked_shr(shift) == other.to_bits().checked_shr(shift)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.parse().map_err(|_| NotANetwork)?,
            None => most,
        };
        (bits <= most).then_some(Self { address, bits }).ok_or(NotANetwork)
    }
}

#[derive(Debug, PartialEq)]
pub struct NotANetwork;

impl fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an address like 10.0.0.7 or 10.0.0.0/8")
    }
}

impl std::error::Error for NotANetwork {}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn behind(proxies: &[&str]) -> Outside {
        let trusted_proxies = proxies.iter().map(|text| text.parse().unwrap()).collect();
        Outside { trusted_proxies, ..Outside::default() }
    }

    fn address(outside: &Outside, peer: &str, told: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", told.parse().unwrap());
        outside.address_of(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_visitor_cannot_claim_another_address() {
        assert_eq!(address(&behind(&[]), "203.0.113.9", "1.2.3.4"), "203.0.113.9");
        let proxied = behind(&["10.0.0.0/8"]);
        assert_eq!(address(&proxied, "203.0.113.9", "1.2.3.4"), "203.0.113.9");
        assert_eq!(address(&proxied, "10.0.0.7", "1.2.3.4, 203.0.113.9"), "203.0.113.9");
        assert_eq!(address(&proxied, "10.0.0.7", "1.2.3.4, 203.0.113.9, 10.1.1.1"), "203.0.113.9");
        assert_eq!(address(&proxied, "10.0.0.7", "203.0.113.9, junk"), "10.0.0.7");
        assert_eq!(address(&proxied, "::ffff:10.0.0.7", "[2001:db8::1]:80"), "2001:db8::1");
    }

    #[test]
    fn a_network_covers_what_shares_its_bits() {
        let has = |network: &str, other: &str| network.parse::<Network>().unwrap().has(other.parse().unwrap());
        assert!(has("10.0.0.0/8", "10.255.0.1") && !has("10.0.0.0/8", "11.0.0.1"));
        assert!(has("10.0.0.7", "10.0.0.7") && !has("10.0.0.7", "10.0.0.8"));
        assert!(has("0.0.0.0/0", "8.8.8.8") && !has("0.0.0.0/0", "::1"));
        assert!(has("fd00::/8", "fd12::1"));
        assert_eq!("10.0.0.0/33".parse::<Network>(), Err(NotANetwork));
    }

    #[test]
    fn only_the_configured_host_is_ours() {
        let own = Outside { base_url: Some("https://crm.example.com".into()), ..Outside::default() };
        let elsewhere = |path: &str, host: &str| {
            let request = Request::get(path).header("host", host).body(()).unwrap();
            own.is_elsewhere(&request.into_parts().0).is_some()
        };
        assert!(!elsewhere("/", "CRM.example.com:443"));
        assert!(elsewhere("/", "evil.example") && elsewhere("/", "crm.example.com.evil.example"));
        assert!(elsewhere("/", "crm.example.com:8080"));
        assert!(!elsewhere("/healthz", "10.0.0.3"));
    }
}
