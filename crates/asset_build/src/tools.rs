//! The programs we do not write ourselves: npm for the packages, esbuild for bundling, node for compressing.

use crate::{AssetError, read, write};
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

/// The oldest browsers the pages are made for (stated in the README).
const BROWSERS: &str = "--target=chrome123,firefox121,safari17.5";

/// Runs npm only when the lock file differs from the one the packages were installed by.
pub fn install_packages(work: &Path) -> Result<(), AssetError> {
    let wanted = read(&work.join("package-lock.json"))?;
    // Inside node_modules: npm empties that folder first, so a failed run leaves no stamp behind.
    let installed = work.join("node_modules").join(".installed-by");
    if read(&installed).is_ok_and(|lock| lock == wanted) {
        return Ok(());
    }
    run("npm", Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(work))?;
    write(&installed, wanted)
}

/// Bundles and minifies into `work/bundled`, under plain names.
pub fn bundle(work: &Path) -> Result<(), AssetError> {
    let esbuild = work.join("node_modules/@esbuild").join(platform()?).join("bin/esbuild");
    run(
        "esbuild",
        Command::new(esbuild)
            .args(["src/app.js", "src/theme.js", "src/app.css", "--bundle", "--minify", BROWSERS])
            .args(["--charset=utf8", "--legal-comments=external", "--outdir=bundled", "--log-level=warning"])
            .current_dir(work),
    )
}

/// Writes `.gz` and `.br` beside each file of `folder`.
pub fn compress(work: &Path, folder: &Path) -> Result<(), AssetError> {
    run("node", Command::new("node").arg("compress.mjs").arg(folder).current_dir(work))
}

fn platform() -> Result<&'static str, AssetError> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Ok("linux-x64"),
        ("linux", "aarch64") => Ok("linux-arm64"),
        ("macos", "x86_64") => Ok("darwin-x64"),
        ("macos", "aarch64") => Ok("darwin-arm64"),
        (os, arch) => Err(AssetError::UnknownPlatform { os, arch }),
    }
}

fn run(tool: &'static str, command: &mut Command) -> Result<(), AssetError> {
    let output = match command.output() {
        Ok(output) => output,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Err(AssetError::ToolMissing { tool }),
        Err(cause) => return Err(AssetError::ToolFailed { tool, said: cause.to_string() }),
    };
    match output.status.success() {
        true => Ok(()),
        false => Err(AssetError::ToolFailed { tool, said: last_words(&output.stderr, &output.stdout) }),
    }
}

/// The end of what a tool printed, on one line: the reason stands last, and cargo shows one line.
fn last_words(stderr: &[u8], stdout: &[u8]) -> String {
    let printed = if stderr.is_empty() { stdout } else { stderr };
    let printed = String::from_utf8_lossy(printed);
    let lines: Vec<&str> = printed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(12)..].join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_that_is_not_there_is_named() {
        let refused = run("npm", &mut Command::new("no-such-program-here")).unwrap_err();
        assert!(matches!(refused, AssetError::ToolMissing { tool: "npm" }));
    }

    #[test]
    fn a_tool_that_fails_is_quoted_on_one_line() {
        assert_eq!(last_words(b"first\n\n  second  \n", b"unused"), "first | second");
        assert_eq!(last_words(b"", b"printed"), "printed");
    }
}
