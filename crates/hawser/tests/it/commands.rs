//! What the command line names and is not there: exit code 2, one sentence, and nothing is made.

use std::path::Path;
use std::process::Command;

fn exit_of(data: &Path, arguments: &[&str]) -> Option<i32> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hawser"));
    command.arg("--data").arg(data).args(arguments).env_remove("HAWSER_DATABASE").env("HAWSER_LOG", "error");
    let told = command.output().unwrap();
    let sentence = String::from_utf8(told.stderr).unwrap();
    assert!(told.status.success() || sentence.lines().count() == 1, "{arguments:?}: {sentence}");
    told.status.code()
}

#[test]
fn a_command_that_cannot_begin_makes_no_folder_and_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let data = folder.path().join("data");
    std::fs::write(at("junk.zip"), "no backup").unwrap();
    assert_eq!(exit_of(&data, &["backup", &at("out.zip")]), Some(2), "a mistyped folder");
    assert_eq!(exit_of(&data, &["restore", &at("nofile.zip")]), Some(2));
    assert_eq!(exit_of(&data, &["restore", &at("junk.zip")]), Some(1));
    assert!(!data.exists() && !Path::new(&at("out.zip")).exists());
}

#[test]
fn what_is_named_and_is_not_there_is_told_by_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let data = folder.path().join("data");
    assert_eq!(exit_of(&data, &["migrate"]), Some(0));
    assert_eq!(exit_of(&data, &["key", "revoke", "123"]), Some(2));
    assert_eq!(exit_of(&data, &["user", "link", "nobody"]), Some(2));
    assert_eq!(exit_of(&data, &["backup", &at("nowhere/out.zip")]), Some(2));
    assert_eq!(exit_of(&data, &["backup", &at("out.zip")]), Some(0));
    assert_eq!(exit_of(&data, &["backup", &at("out.zip")]), Some(2), "it is there already");
    assert_eq!(exit_of(&data, &["user", "create", "boss", "--name", "Boss", "--role", "administrator"]), Some(0));
    assert_eq!(exit_of(&data, &["demo", "--listen", "127.0.0.1:0"]), Some(2), "a firm's database");
}
