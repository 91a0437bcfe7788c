//! A PostgreSQL server for one test run: own folder, own port, nothing kept.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;

use crate::process::{Failure, Interrupts};

/// Where tests look for a server; they may create and drop databases there.
pub const VARIABLE: &str = "HAWSER_TEST_POSTGRES";

const START_TRIES: usize = 5;
const START_TIME: Duration = Duration::from_secs(30);
const STOP_TIME: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(50);

/// Test runs throw the data away, so nothing waits for the disk; each test opens a pool, hence the connections.
/// No socket file: its path has a short limit that a long temporary folder would exceed.
const SETTINGS: [&str; 7] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "timezone=UTC",
];

/// Of a server that is measured: nothing that is acknowledged is lost, memory as on a small machine of its own.
const SETTINGS_OF_KEPT: [&str; 8] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=100",
    "timezone=UTC",
    "shared_buffers=1GB",
    "work_mem=16MB",
    "maintenance_work_mem=256MB",
    "max_wal_size=4GB",
];

/// A running server. Dropping it stops the server and removes its folder, unless the folder is kept.
pub struct Cluster {
    server: Child,
    port: u16,
    kept: bool,
    _folder: Option<TempDir>,
}

impl Cluster {
    pub fn start(interrupts: &Interrupts) -> Result<Self, Failure> {
        let programs = programs().ok_or_else(|| Failure::Missing("PostgreSQL's initdb is missing".into()))?;
        let account = Account::of_server()?;
        let folder = tempfile::Builder::new()
            .prefix("hawser-postgres-")
            .tempdir()
            .map_err(Failure::of("cannot create a temporary folder"))?;
        account.own(folder.path())?;
        create(&programs, &account, folder.path())?;
        let (server, port) = serve(&programs, &account, folder.path(), &SETTINGS, interrupts)?;
        Ok(Self { server, port, kept: false, _folder: Some(folder) })
    }

    /// A server whose data stays in this folder for the next run.
    pub fn kept(folder: &Path, interrupts: &Interrupts) -> Result<Self, Failure> {
        let programs = programs().ok_or_else(|| Failure::Missing("PostgreSQL's initdb is missing".into()))?;
        let account = Account::of_server()?;
        let folder = std::path::absolute(folder).map_err(Failure::of("cannot name the folder"))?;
        fs::create_dir_all(&folder).map_err(Failure::of("cannot create a folder"))?;
        account.own(&folder)?;
        if !folder.join("data").exists() {
            create(&programs, &account, &folder)?;
        }
        let (server, port) = serve(&programs, &account, &folder, &SETTINGS_OF_KEPT, interrupts)?;
        Ok(Self { server, port, kept: true, _folder: None })
    }

    pub fn url(&self) -> String {
        format!("postgres://hawser@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.kept {
            stop_orderly(&mut self.server);
        }
        stop(&mut self.server);
    }
}

/// The folder of the newest installed server's programs.
pub fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok();
    let mut installed: Vec<(u32, PathBuf)> = versions
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    installed.sort();
    let on_path = || std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| folder.join("initdb").exists());
    installed.pop().map(|(_, bin)| bin).or_else(on_path)
}

/// Who runs the server. PostgreSQL refuses root, so root lends it to `nobody`; anybody else runs it himself.
struct Account {
    other: Option<(u32, u32)>,
}

impl Account {
    fn of_server() -> Result<Self, Failure> {
        if !geteuid().is_root() {
            return Ok(Self { other: None });
        }
        let users = fs::read_to_string("/etc/passwd").map_err(Failure::of("cannot read the list of users"))?;
        let nobody = ids_of("nobody", &users);
        let missing = || Failure::Missing("There is no user `nobody` to run PostgreSQL; it refuses root.".into());
        Ok(Self { other: Some(nobody.ok_or_else(missing)?) })
    }

    fn own(&self, folder: &Path) -> Result<(), Failure> {
        let Some((user, group)) = self.other else { return Ok(()) };
        chown(folder, Some(user), Some(group)).map_err(Failure::of("cannot hand the folder to PostgreSQL"))
    }

    /// The standard library also drops root's further groups when it changes the user.
    fn command(&self, program: PathBuf, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).env_remove("PGDATA").stdin(Stdio::null());
        if let Some((user, group)) = self.other {
            command.uid(user).gid(group);
        }
        command
    }
}

fn ids_of(name: &str, users: &str) -> Option<(u32, u32)> {
    let fields: Vec<&str> = users.lines().map(|line| line.split(':').collect()).find(|f: &Vec<&str>| f[0] == name)?;
    Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
}

fn create(programs: &Path, account: &Account, folder: &Path) -> Result<(), Failure> {
    let mut command = account.command(programs.join("initdb"), folder);
    command.args(["--no-sync", "--username=hawser", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
    command.arg("--pgdata").arg(folder.join("data"));
    let output = command.output().map_err(Failure::of("cannot run initdb"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Failure::Step(format!("initdb failed: {}", String::from_utf8_lossy(&output.stderr))))
}

/// A port that is free now may be taken a moment later by somebody else's test run: then try another one.
fn serve(
    programs: &Path,
    account: &Account,
    folder: &Path,
    settings: &[&str],
    interrupts: &Interrupts,
) -> Result<(Child, u16), Failure> {
    let log = folder.join("server.log");
    for _ in 0..START_TRIES {
        let port = free_port().map_err(Failure::of("no free port"))?;
        let written = File::create(&log).map_err(Failure::of("cannot write the server's log"))?;
        let mut command = account.command(programs.join("postgres"), folder);
        command.arg("-D").arg(folder.join("data")).args(["-p", &port.to_string()]);
        command.args(settings.iter().flat_map(|setting| ["-c", *setting]));
        // A process group of its own: Ctrl+C must reach us first, we stop the server when its users are gone.
        command.process_group(0).stdout(Stdio::null()).stderr(written);
        let mut server = command.spawn().map_err(Failure::of("cannot start postgres"))?;
        match answers(programs, port, &mut server, interrupts) {
            Ok(true) => return Ok((server, port)),
            Ok(false) => stop(&mut server),
            Err(failure) => {
                stop(&mut server);
                return Err(failure);
            }
        }
    }
    let log = fs::read_to_string(&log).unwrap_or_default();
    Err(Failure::Step(format!("PostgreSQL does not start; its log says:\n{log}")))
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Whether the server takes connections before its time is up; false when it ended by itself.
fn answers(programs: &Path, port: u16, server: &mut Child, interrupts: &Interrupts) -> Result<bool, Failure> {
    let until = Instant::now() + START_TIME;
    while Instant::now() < until {
        interrupts.check()?;
        if !matches!(server.try_wait(), Ok(None)) {
            return Ok(false);
        }
        let mut ask = Command::new(programs.join("pg_isready"));
        ask.args(["--quiet", "--host=127.0.0.1", "--port", &port.to_string()]);
        if ask.status().is_ok_and(|status| status.success()) {
            return Ok(true);
        }
        sleep(POLL);
    }
    Ok(false)
}

/// SIGINT is the server's fast stop: it writes what it holds, so that the next start need not recover.
fn stop_orderly(server: &mut Child) {
    let _ = kill_process(Pid::from_child(server), Signal::INT);
    let until = Instant::now() + START_TIME;
    while matches!(server.try_wait(), Ok(None)) && Instant::now() < until {
        sleep(POLL);
    }
}

/// SIGQUIT is the server's immediate stop: it ends its children and does not write data that we throw away.
fn stop(server: &mut Child) {
    if matches!(server.try_wait(), Ok(Some(_))) {
        return;
    }
    let _ = kill_process(Pid::from_child(server), Signal::QUIT);
    let until = Instant::now() + STOP_TIME;
    while matches!(server.try_wait(), Ok(None)) && Instant::now() < until {
        sleep(POLL);
    }
    let _ = server.kill();
    let _ = server.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_answers_while_it_is_held_and_leaves_nothing_behind() {
        if programs().is_none() {
            eprintln!("SKIPPED: PostgreSQL is not installed");
            return;
        }
        let interrupts = Interrupts::watch().unwrap();
        let cluster = Cluster::start(&interrupts).unwrap();
        let (port, folder) = (cluster.port, cluster._folder.as_ref().unwrap().path().to_owned());
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        assert!(cluster.url().ends_with(&format!("@127.0.0.1:{port}/postgres")));
        drop(cluster);
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
        assert!(!folder.exists());
    }

    #[test]
    fn the_user_nobody_is_found_by_its_exact_name() {
        let users = "root:x:0:0::/:/bin/sh\nnobody2:x:7:8::/:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n";
        assert_eq!(ids_of("nobody", users), Some((65534, 65533)));
        assert_eq!(ids_of("somebody", users), None);
    }
}
