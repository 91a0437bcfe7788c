#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by ending")]
//! Everything is measured once on a firm of a few customers, so that what measures does not rot. No time is judged.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const OWN: &str = env!("CARGO_BIN_EXE_bench");

fn measured(folder: &Path, database: &str, server: &str) {
    let program = folder.join("hawser");
    symlink(OWN, &program).unwrap();
    let mut bench = Command::new(OWN);
    bench.args([
        "all",
        "--customers",
        "60",
        "--shipments",
        "300",
        "--rows",
        "100",
        "--times",
        "1",
        "--complaints",
        "200",
    ]);
    bench.args(["--database", database]).arg("--folder").arg(folder).arg("--program").arg(program);
    let ended = bench.env("HAWSER_BENCH_POSTGRES", server).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{said}");
    for (what, one) in [("pages", "all: customer, the biggest"), ("import", "until the listeners have caught up")] {
        let text = fs::read(folder.join(format!("{database}-{what}-300.json"))).unwrap();
        let json: Value = serde_json::from_slice(&text).unwrap();
        let names: Vec<_> = json["figures"].as_array().unwrap().iter().map(|figure| figure["name"].clone()).collect();
        assert!(names.contains(&one.into()), "{names:?}");
    }
    assert!(said.contains("\"new\":100"), "{said}");
    assert!(said.contains("\"unchanged\":100"), "{said}");
}

#[test]
fn a_small_firm_on_sqlite_is_measured_from_end_to_end() {
    let folder = tempfile::tempdir().unwrap();
    measured(folder.path(), "sqlite", "");
}

#[test]
fn a_small_firm_on_postgres_is_measured_from_end_to_end() {
    let Ok(server) = std::env::var("HAWSER_TEST_POSTGRES") else {
        eprintln!("SKIPPED: HAWSER_TEST_POSTGRES names no server");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    measured(folder.path(), "postgres", &server);
}
