//! A client that asks one thing after the other over one connection, so that it costs next to nothing itself.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

pub struct Client {
    address: SocketAddr,
    cookie: String,
    connection: Option<BufReader<TcpStream>>,
}

pub struct Answer {
    pub status: u16,
    /// As it came over the line: packed when it was.
    pub body: Vec<u8>,
    pub took: Duration,
}

impl Client {
    /// `session`: the token of the one who asks; nobody's when empty.
    pub fn new(address: SocketAddr, session: &str) -> Self {
        let cookie = match session {
            "" => String::new(),
            token => format!("cookie: {}={token}\r\n", access::identify::session_cookie(false)),
        };
        Self { address, cookie, connection: None }
    }

    /// # Errors
    /// When the server does not answer, or not in HTTP.
    pub fn get(&mut self, path: &str) -> io::Result<Answer> {
        // The server hangs up on a connection that was silent; that is asked again once.
        match self.ask(path) {
            Err(_) => {
                self.connection = None;
                self.ask(path)
            }
            answer => answer,
        }
    }

    fn ask(&mut self, path: &str) -> io::Result<Answer> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => {
                let stream = TcpStream::connect(self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(Duration::from_secs(60)))?;
                none.insert(BufReader::with_capacity(1 << 16, stream))
            }
        };
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\naccept: text/html\r\naccept-encoding: gzip\r\n{}\r\n",
            self.address, self.cookie
        );
        let since = Instant::now();
        connection.get_mut().write_all(head.as_bytes())?;
        let (status, body) = read(connection)?;
        Ok(Answer { status, body, took: since.elapsed() })
    }
}

fn read(input: &mut impl BufRead) -> io::Result<(u16, Vec<u8>)> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or(ErrorKind::InvalidData)?;
    let (mut length, mut chunked) = (0, false);
    loop {
        line.clear();
        input.read_line(&mut line)?;
        let head = line.trim().to_ascii_lowercase();
        match head.split_once(':') {
            Some(("content-length", value)) => length = value.trim().parse().map_err(|_| ErrorKind::InvalidData)?,
            Some(("transfer-encoding", value)) => chunked = value.trim() == "chunked",
            Some(_) => {}
            None => break,
        }
    }
    let mut body = Vec::new();
    if !chunked {
        input.take(length).read_to_end(&mut body)?;
        return Ok((status, body));
    }
    loop {
        line.clear();
        input.read_line(&mut line)?;
        let size = u64::from_str_radix(line.trim(), 16).map_err(|_| ErrorKind::InvalidData)?;
        input.by_ref().take(size).read_to_end(&mut body)?;
        line.clear();
        input.read_line(&mut line)?;
        if size == 0 {
            return Ok((status, body));
        }
    }
}
