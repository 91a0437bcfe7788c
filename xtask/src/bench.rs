//! Builds the program as it is shipped and measures it, beside a PostgreSQL server of its own when that is asked for.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::postgres::Cluster;
use crate::prepare;
use crate::process::{Failure, Interrupts, run_in_foreground};

/// Where the crate `bench` looks for a server.
const VARIABLE: &str = "HAWSER_BENCH_POSTGRES";

pub fn run(root: &Path, arguments: &[String], interrupts: &Interrupts) -> Result<(), Failure> {
    let target = crate::target(root);
    let mut build = Command::new("cargo");
    build.args(["build", "--release", "--package", "hawser", "--package", "bench"]).current_dir(root);
    run_in_foreground(build, interrupts)?;
    let folder = value_of("--folder", arguments).map_or_else(|| target.join("bench"), PathBuf::from);
    let mut bench = Command::new(target.join("release/bench"));
    bench.args(arguments).arg("--folder").arg(&folder);
    if value_of("--database", arguments).as_deref() != Some("postgres") {
        return run_in_foreground(bench, interrupts);
    }
    prepare::postgres(root, interrupts)?;
    let cluster = Cluster::kept(&folder.join("postgres"), interrupts)?;
    bench.env(VARIABLE, cluster.url());
    run_in_foreground(bench, interrupts)
}

/// Of `--name value` and `--name=value`.
fn value_of(name: &str, arguments: &[String]) -> Option<String> {
    let after = |at: usize| arguments.get(at + 1).cloned();
    let joined = || arguments.iter().find_map(|word| Some(word.strip_prefix(name)?.strip_prefix('=')?.to_owned()));
    arguments.iter().position(|word| word == name).map_or_else(joined, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_found_however_it_is_written() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(value_of("--database", &words("all --database postgres")), Some("postgres".into()));
        assert_eq!(value_of("--database", &words("all --database=sqlite")), Some("sqlite".into()));
        assert_eq!(value_of("--database", &words("all")), None);
    }
}
