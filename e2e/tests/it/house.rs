//! The real program with the demo.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde::Deserialize;

/// Loading the demo in a debug build beside other journeys takes its time.
const START_TIME: Duration = Duration::from_secs(180);

/// A process that ends with the test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub struct House {
    pub address: String,
    /// Sign-in link by role; each works once.
    links: BTreeMap<String, String>,
    people: Vec<Person>,
    _server: Running,
    _data: tempfile::TempDir,
}

#[derive(Deserialize)]
struct Demo {
    people: Vec<Person>,
}

#[derive(Deserialize)]
struct Person {
    role: String,
    name: String,
    login: String,
}

impl House {
    /// Starts `hawser demo` on an empty folder and reads the links that it prints.
    pub fn open() -> Self {
        let data = tempfile::tempdir().unwrap();
        let port = free_port();
        let listen = format!("127.0.0.1:{port}");
        let mut server = Command::new(program())
            .arg("--data")
            .arg(data.path())
            // Without the last word no cookie can ask for the language that is 40 % longer.
            .args(["demo", "--listen", &listen, "--test-language"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = lines_of(&mut server);
        let server = Running(server);
        let address = format!("http://{listen}");
        let people = people();
        let links = links(&lines, &address, &people);
        Self { address, links, people, _server: server, _data: data }
    }

    pub fn link_of(&self, role: &str) -> &str {
        self.links.get(role).unwrap_or_else(|| panic!("the demo prints no sign-in link for the role {role}"))
    }

    pub fn login_of(&self, role: &str) -> &str {
        &self.people.iter().find(|person| person.role == role).unwrap().login
    }

    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.links.keys().map(String::as_str)
    }
}

/// The pipe is read to its end, or the program would wait for a reader.
fn lines_of(server: &mut Child) -> Receiver<String> {
    let (send, receive) = channel();
    let printed = BufReader::new(server.stdout.take().unwrap());
    std::thread::spawn(move || printed.lines().map_while(Result::ok).for_each(|line| drop(send.send(line))));
    receive
}

fn people() -> Vec<Person> {
    let demo = std::fs::read_to_string(checkout().join("demo/demo.toml")).unwrap();
    let demo: Demo = toml::from_str(&demo).unwrap();
    demo.people
}

/// A line of the demo is `name: address`, maybe with the role in between; an empty one ends the list. Who is not in
/// `demo.toml` is the administrator.
fn links(lines: &Receiver<String>, address: &str, people: &[Person]) -> BTreeMap<String, String> {
    let (mut links, until) = (BTreeMap::new(), Instant::now() + START_TIME);
    loop {
        let line = lines.recv_timeout(until.saturating_duration_since(Instant::now()));
        let line = line.unwrap_or_else(|_| panic!("`hawser demo` ended, or prints no links within {START_TIME:?}"));
        if line.is_empty() {
            return links;
        }
        let Some(at) = line.find(&format!("{address}/sign-in/link/")) else { continue };
        let (who, link) = line.split_at(at);
        let person = people.iter().find(|person| who.contains(&person.name));
        let role = person.map_or("administrator", |person| person.role.as_str());
        links.insert(role.to_owned(), link.trim().to_owned());
    }
}

pub fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folder that cargo builds into.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| checkout().join("target"), |named| checkout().join(named))
}

/// Built by `cargo xtask test`, which says where.
pub fn program() -> PathBuf {
    std::env::var_os("HAWSER_BINARY").map_or_else(|| target().join("debug/hawser"), PathBuf::from)
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
