//! How the program starts: for people by lines, for programs by one JSON object.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

fn hawser(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hawser"));
    command.arg("--data").arg(data).args(arguments).env_remove("HAWSER_DATABASE").env("HAWSER_LOG", "error");
    command
}

/// Ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_port_that_is_taken_costs_nothing_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, port) = (taken.local_addr().unwrap().to_string(), taken.local_addr().unwrap().port().to_string());
    for command in ["serve", "demo"] {
        let told = hawser(&data, &[command, "--listen", &address, "--json"]).output().unwrap();
        assert_eq!(told.status.code(), Some(4), "{command}");
        let sentence = String::from_utf8(told.stderr).unwrap();
        assert!(
            sentence.contains(&port) && sentence.contains("--listen") && sentence.lines().count() == 1,
            "{sentence}"
        );
        let said: Value = serde_json::from_slice(&told.stdout).unwrap();
        assert_eq!(said["error"]["code"], "address_taken", "{said}");
        assert!(!data.exists(), "{command} made something");
    }
}

#[test]
fn programs_get_one_object_with_the_address_and_who_may_come_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = hawser(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--json"]);
    let mut server = Running(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut printed = BufReader::new(server.0.stdout.take().unwrap());
    let mut line = String::new();
    printed.read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let (listen, link) = (said["listen"].as_str().unwrap(), &said["links"][0]);
    assert_eq!(said["address"], format!("http://{listen}"));
    assert_eq!((&link["role"], &link["login"]), (&"administrator".into(), &"admin".into()));
    let url = link["url"].as_str().unwrap();
    let path = url.strip_prefix(said["address"].as_str().unwrap()).unwrap();
    let mut stream = TcpStream::connect(listen).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {listen}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    drop(server);
    let mut rest = String::new();
    printed.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "one object and nothing else");
}
