//! Where the program finds things: flags, then the environment, then `hawser.toml` in the data folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use access::identify::{Network, Outside};
use db::Location;
use serde::Deserialize;

use crate::cli::{Common, Listen};

/// `hawser.toml`; every entry may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database: Option<String>,
    listen: Option<SocketAddr>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    behind_proxy: Option<String>,
    trusted_proxies: Option<Vec<String>>,
    connections_per_address: Option<usize>,
}

#[derive(Clone, Debug)]
pub struct Config {
    pub location: Location,
    pub json: bool,
    pub data: PathBuf,
}

/// How the server is reached.
#[derive(Clone, Debug)]
pub struct Front {
    pub listen: SocketAddr,
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Address under which people reach us, without a slash at the end.
    pub base_url: String,
    /// The outside speaks https: cookies are marked secure.
    pub secure: bool,
    pub outside: Outside,
    /// Most connections at once from one address that is no trusted proxy; `None`: as many as there are places.
    pub connections_per_address: Option<usize>,
}

/// A whole office may come from one address, each browser with six connections.
const CONNECTIONS_PER_ADDRESS: usize = 256;
/// Exit code for whoever starts the program by program, and may try another port.
const ADDRESS_TAKEN: u8 = 4;

/// What is wrong with the command line or the file.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Wrong {
    #[error("{file} cannot be used: {cause}. Nothing was started; correct the file or remove it.")]
    File { file: String, cause: String },
    #[error("There is no database at {0}. Nothing was created; say where it is with --data FOLDER or --database URL.")]
    NoDatabase(String),
    #[error("The database address {0:?} is not understood: it must begin with sqlite:// or postgres://.")]
    Database(String),
    #[error(
        "{0} can be reached from other machines, where browsers refuse to sign in over plain http. \
         Add --tls-cert FILE and --tls-key FILE, or --behind-proxy https://HOST if a proxy speaks https for us."
    )]
    PlainHttp(SocketAddr),
    #[error("{0:?} is no address or network of a proxy; write for example 10.0.0.7 or 10.0.0.0/24.")]
    TrustedProxy(String),
    #[error("--behind-proxy needs an address like https://crm.example.com, not {0:?}.")]
    Proxy(String),
    #[error(
        "Port {} of {} is taken by another program, perhaps by a Hawser that runs already. Nothing was created or \
         started; stop that program, or choose another port, for example --listen {}.",
        .0.port(), .0.ip(), another(*.0)
    )]
    Taken(SocketAddr),
    #[error(
        "{address} is no address that this machine lets us serve on: {cause}. Nothing was created or started; \
         choose another with --listen ADDRESS:PORT."
    )]
    Address { address: SocketAddr, cause: String },
    #[error("{file} cannot be used as certificate or key: {cause}. Nothing was created or started.")]
    Certificate { file: String, cause: String },
}

impl Wrong {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Wrong::Taken(_) => "address_taken",
            _ => "configuration",
        }
    }

    pub fn exit(&self) -> ExitCode {
        match self {
            Wrong::Taken(_) => ExitCode::from(ADDRESS_TAKEN),
            _ => ExitCode::from(2),
        }
    }
}

/// The next port; at the end of all ports any that is free.
fn another(taken: SocketAddr) -> SocketAddr {
    SocketAddr::new(taken.ip(), taken.port().wrapping_add(1))
}

impl Config {
    /// # Errors
    /// A sentence for the operator.
    pub fn read(common: &Common) -> Result<Self, Wrong> {
        let data = data_folder(common);
        let file = read_file(&data)?;
        let url = common.database.clone().or(file.database);
        let location = match url {
            Some(url) => url.parse().map_err(|_| Wrong::Database(url))?,
            None => Location::Sqlite(data.join("hawser.db")),
        };
        Ok(Self { location, json: common.json, data })
    }
}

impl Config {
    /// # Errors
    /// `NoDatabase` when the embedded database is not there yet; whether a server has one, the server says.
    pub fn must_exist(&self) -> Result<(), Wrong> {
        match &self.location {
            Location::Sqlite(path) if !path.exists() => Err(Wrong::NoDatabase(path.display().to_string())),
            _ => Ok(()),
        }
    }
}

impl Front {
    /// # Errors
    /// A sentence for the operator, for example when plain http would leave this machine.
    pub fn read(common: &Common, flags: &Listen) -> Result<Self, Wrong> {
        let file = read_file(&data_folder(common))?;
        let listen = flags.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let tls = match (flags.tls_cert.clone().or(file.tls_cert), flags.tls_key.clone().or(file.tls_key)) {
            (Some(cert), Some(key)) => Some((cert, key)),
            _ => None,
        };
        let proxy = flags.behind_proxy.clone().or(file.behind_proxy);
        if let Some(proxy) = &proxy
            && !proxy.strip_prefix("https://").is_some_and(|host| !host.is_empty() && !host.contains('/'))
        {
            return Err(Wrong::Proxy(proxy.clone()));
        }
        if !listen.ip().is_loopback() && tls.is_none() && proxy.is_none() {
            return Err(Wrong::PlainHttp(listen));
        }
        let secure = tls.is_some() || proxy.is_some();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let named = match flags.trusted_proxy.is_empty() {
            true => file.trusted_proxies.unwrap_or_default(),
            false => flags.trusted_proxy.clone(),
        };
        let network = |text: &String| text.parse::<Network>().map_err(|_| Wrong::TrustedProxy(text.clone()));
        let mut trusted_proxies = named.iter().map(network).collect::<Result<Vec<_>, _>>()?;
        if proxy.is_some() && named.is_empty() {
            // A proxy on this machine is the usual case.
            trusted_proxies.extend(["127.0.0.1", "::1"].iter().filter_map(|own| own.parse::<Network>().ok()));
        }
        let outside = Outside { base_url: proxy.clone(), trusted_proxies, test_language: flags.test_language };
        let base_url = proxy.unwrap_or_else(|| format!("{scheme}://{listen}"));
        let most = flags.connections_per_address.or(file.connections_per_address).unwrap_or(CONNECTIONS_PER_ADDRESS);
        let connections_per_address = (most > 0).then_some(most);
        Ok(Self { listen, tls, base_url, secure, outside, connections_per_address })
    }

    /// Where the system has put us: port 0 asks for any that is free.
    pub fn at(mut self, listen: SocketAddr) -> Self {
        if self.outside.base_url.is_none() {
            let scheme = if self.tls.is_some() { "https" } else { "http" };
            self.base_url = format!("{scheme}://{listen}");
        }
        Self { listen, ..self }
    }
}

fn data_folder(common: &Common) -> PathBuf {
    common.data.clone().unwrap_or_else(|| PathBuf::from("hawser-data"))
}

fn read_file(data: &Path) -> Result<File, Wrong> {
    let path = data.join("hawser.toml");
    let wrong = |cause: String| Wrong::File { file: path.display().to_string(), cause };
    match std::fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).map_err(|error| wrong(error.to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(error) => Err(wrong(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn front(listen: &str, proxy: Option<&str>) -> Result<Front, Wrong> {
        let flags = Listen {
            listen: Some(listen.parse().unwrap()),
            behind_proxy: proxy.map(str::to_owned),
            ..Listen::default()
        };
        Front::read(&Common::default(), &flags)
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        assert!(front("127.0.0.1:1", None).is_ok());
        assert!(matches!(front("0.0.0.0:1", None), Err(Wrong::PlainHttp(_))));
    }

    #[test]
    fn a_proxy_that_speaks_https_makes_cookies_secure() {
        let front = front("0.0.0.0:1", Some("https://crm.example.com")).unwrap();
        assert_eq!((front.base_url.as_str(), front.secure), ("https://crm.example.com", true));
    }

    #[test]
    fn a_proxy_address_is_https_and_a_bare_host() {
        for proxy in ["http://crm.example.com", "https://", "https://crm.example.com/app"] {
            assert_eq!(front("0.0.0.0:1", Some(proxy)).unwrap_err(), Wrong::Proxy(proxy.into()));
        }
    }
}
