//! The real program as a child process.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::client::Client;

/// How the program is called and where its data is.
#[derive(Clone, Debug)]
pub struct Program {
    pub command: Vec<std::ffi::OsString>,
    pub data: std::path::PathBuf,
    pub database: String,
}

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start to the first page that somebody who is signed in got.
    pub started_in: Duration,
}

impl Program {
    /// Of the database, as PostgreSQL knows it.
    pub fn name(&self) -> String {
        self.database.rsplit('/').next().unwrap_or_default().to_owned()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let [program, first @ ..] = self.command.as_slice() else { return Command::new("hawser") };
        let mut command = Command::new(program);
        command.args(first).arg("--data").arg(&self.data).arg("--database").arg(&self.database).args(arguments);
        command
    }

    /// # Errors
    /// When it does not answer within half a minute.
    pub fn serve(&self, session: &str, first_page: &str) -> io::Result<Server> {
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let mut command = self.command(&["serve", "--listen", &address.to_string()]);
        let since = Instant::now();
        let log = fs::File::create(self.data.join("server.log"))?;
        let child = command.stdout(Stdio::null()).stderr(log).spawn()?;
        let mut server = Server { child, address, started_in: Duration::ZERO };
        let mut client = Client::new(address, session);
        while since.elapsed() < Duration::from_secs(30) {
            if client.get(first_page).is_ok_and(|answer| answer.status == 200) {
                server.started_in = since.elapsed();
                return Ok(server);
            }
            sleep(Duration::from_millis(5));
        }
        Err(io::Error::other("the program does not answer"))
    }
}

impl Server {
    /// Memory of its own, without what of the database file is mapped into it; MB.
    pub fn own_memory(&self) -> f64 {
        memory(self.child.id(), "RssAnon:")
    }

    /// Seconds that the program and the connections of this database have computed.
    pub fn computed(&self, database: &str) -> f64 {
        let asked = fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| {
            let process: u32 = entry.file_name().to_str()?.parse().ok()?;
            let called = fs::read_to_string(entry.path().join("cmdline")).ok()?;
            (called.starts_with("postgres:") && called.contains(database)).then_some(process)
        });
        asked.chain([self.child.id()]).map(computed).sum()
    }

    /// All memory that counts as resident; MB.
    pub fn memory(&self) -> f64 {
        memory(self.child.id(), "VmRSS:")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let until = Instant::now() + Duration::from_secs(20);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < until {
            sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A line of `/proc/PID/status` in MB; 0 when the process is gone.
pub fn memory(process: u32, line: &str) -> f64 {
    let status = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status")).unwrap_or_default();
    let found = status.lines().find_map(|text| text.strip_prefix(line));
    let kilobytes: Option<f64> = found.and_then(|text| text.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}

/// Seconds of processor time of one process.
fn computed(process: u32) -> f64 {
    const TICKS: f64 = 100.0;
    let stat = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("stat")).unwrap_or_default();
    // The name stands in brackets and may hold blanks; what follows is counted from the third field.
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let numbers = after_name.split(' ').skip(11).take(2);
    numbers.filter_map(|number| number.parse::<f64>().ok()).sum::<f64>() / TICKS
}
