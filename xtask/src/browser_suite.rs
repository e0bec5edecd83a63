//! The Rust tests that run in a browser, by `wasm-pack test`.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::browsers::Browser;
use crate::tee::tee;
use crate::workspace::Workspace;
use crate::{command, node, target, tools, webkit};

/// The suite that plain `wasm-pack test --headless --chrome` runs too, with a scripted `navigator.credentials`.
pub fn stock(workspace: &Workspace, browser: Browser) -> Result<()> {
    target::ensure()?;
    let driver = browser.driver()?;
    run(wasm_pack_test(workspace, browser, driver)?.args(["--test", "browser", "--test", "panic"]))
}

/// The same in WebKitGTK, whose driver speaks as Safari's does.
pub fn stock_in_webkit(workspace: &Workspace) -> Result<()> {
    target::ensure()?;
    let display = webkit::Display::start()?;
    let mut test = wasm_pack_test_with(workspace, ["--safari", "--safaridriver"], webkit::driver()?)?;
    display.tell(&mut test);
    run(test.args(["--test", "browser", "--test", "panic"]))
}

/// The suite against the browser's own `navigator.credentials`, with a virtual authenticator behind it.
pub fn authenticator(workspace: &Workspace, browser: Browser) -> Result<()> {
    target::ensure()?;
    let real = browser.driver()?;
    let mut test = wasm_pack_test(workspace, browser, wrapper(workspace)?)?;
    test.env("WX_SOTER_REAL_DRIVER", real);
    run(test.args(["--test", "virtual_authenticator", "--features", "virtual-authenticator"]))
}

/// How often a suite is begun whose page does not load: the runner's own web server may leave a connection unanswered
/// when more than four come at once, and a busy machine can make that of fewer.
const ATTEMPTS: u32 = 3;

/// wasm-pack is content with a suite that has no tests, as one left out by a wrong `cfg` has none.
fn run(wasm_pack: &mut Command) -> Result<()> {
    let mut attempt = 1;
    loop {
        let mut child = wasm_pack.stdout(Stdio::piped()).spawn().context("cannot start wasm-pack")?;
        let stdout = child.stdout.take().context("wasm-pack has no standard output")?;
        let printed = tee(stdout, std::io::stdout())?;
        let succeeded = child.wait().context("cannot wait for wasm-pack")?.success();
        if !succeeded && has_stalled(&printed) && attempt < ATTEMPTS {
            attempt += 1;
            println!("The page did not load. Once more ...");
            continue;
        }
        ensure!(succeeded, "wasm-pack test failed");
        ensure!(has_run_tests(&printed), "no test ran");
        return Ok(());
    }
}

/// Whether the last page that was opened told of no test at all. One that began and did not end has failed.
fn has_stalled(printed: &str) -> bool {
    let last = printed.rsplit_once("Running headless tests in");
    last.is_some_and(|(_, page)| !page.lines().any(|line| line.starts_with("test ")))
}

fn has_run_tests(printed: &str) -> bool {
    let results = printed.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    results.into_iter().any(|result| !result.starts_with("0 "))
}

fn wasm_pack_test(workspace: &Workspace, browser: Browser, driver: PathBuf) -> Result<Command> {
    let flags = match browser {
        Browser::Chromium => ["--chrome", "--chromedriver"],
        Browser::Firefox => ["--firefox", "--geckodriver"],
    };
    wasm_pack_test_with(workspace, flags, driver)
}

fn wasm_pack_test_with(workspace: &Workspace, flags: [&str; 2], driver: PathBuf) -> Result<Command> {
    let bindgen = tools::wasm_bindgen(workspace)?.folder()?;
    let wasm_pack = tools::wasm_pack();
    let mut test = Command::new(wasm_pack.program()?);
    test.args(["test", "--headless", "--mode", "no-install"]);
    test.args(flags);
    // The folder must be named, or wasm-pack takes the next argument for one.
    test.arg(driver).arg(".").current_dir(workspace.root());
    test.env("PATH", command::path_with(&[&bindgen, &node::programs(workspace)])?);
    // The runner would take the driver that these name, whichever browser was asked for.
    for variable in ["CHROMEDRIVER", "GECKODRIVER", "SAFARIDRIVER", "MSEDGEDRIVER"] {
        test.env_remove(variable).env_remove(format!("{variable}_REMOTE"));
    }
    // The runner's own limits are meant for a few tests on a fast machine.
    for (variable, seconds) in
        [("WASM_BINDGEN_TEST_TIMEOUT", "120"), ("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")]
    {
        if std::env::var_os(variable).is_none() {
            test.env(variable, seconds);
        }
    }
    Ok(test)
}

/// Builds the driver that stands before the real one.
fn wrapper(workspace: &Workspace) -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--quiet", "--package", "xtask", "--bin", "webauthn-driver"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(workspace.root())
        .stdin(Stdio::null());
    let messages = command::output(&mut cargo)?;
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs =
        artifacts.filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)));
    programs.next().context("cargo named no program that it made")
}

#[cfg(test)]
mod tests {
    use super::{has_run_tests, has_stalled};

    #[test]
    fn a_suite_without_any_result_has_stalled() {
        let opened = "Running headless tests in Chrome on `http://127.0.0.1:1/`\n";
        assert!(has_stalled(opened));
        assert!(!has_stalled(&[opened, "test result: FAILED. 1 passed; 1 failed\n"].concat()));
        assert!(has_stalled(&[opened, "test result: ok. 1 passed; 0 failed\n", opened].concat()));
        assert!(!has_stalled(
            &[opened, "output div contained:\n    running 2 tests\ntest one ... ok\n"].concat()
        ));
        assert!(!has_stalled("error: could not compile\n"));
    }

    #[test]
    fn an_empty_suite_is_not_a_passed_one() {
        assert!(has_run_tests("x\ntest result: ok. 12 passed; 0 failed; 0 ignored\n"));
        assert!(!has_run_tests("no tests to run!\n"));
        assert!(!has_run_tests("test result: ok. 0 passed; 0 failed; 0 ignored\n"));
    }
}
