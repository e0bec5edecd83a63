//! The Rust tests that run in a browser, by `wasm-pack test`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::browsers::Browser;
use crate::workspace::Workspace;
use crate::{command, node, tools, webkit};

/// How often a suite is begun whose page does not load: the runner's own web server may leave a connection unanswered
/// when more than four come at once, and a busy machine can make that of fewer.
const ATTEMPTS: u32 = 3;

/// The suite that plain `wasm-pack test --headless --chrome` runs too, with a scripted `navigator.credentials`.
pub fn stock(workspace: &Workspace, browser: Browser) -> Result<()> {
    browser.program()?;
    run(test(workspace, browser, &browser.driver()?)?.args(["--test", "browser", "--test", "panic"]))
}

/// The same in WebKitGTK, whose driver speaks as Safari's does.
pub fn stock_in_webkit(workspace: &Workspace) -> Result<()> {
    let display = webkit::Display::start()?;
    let mut test = test_by(workspace, ["--safari", "--safaridriver"], &webkit::driver()?)?;
    display.tell(&mut test);
    run(test.args(["--test", "browser", "--test", "panic"]))
}

/// The suite against the browser's own `navigator.credentials`, with a virtual authenticator behind it.
pub fn authenticator(workspace: &Workspace, browser: Browser) -> Result<()> {
    browser.program()?;
    let mut test = test(workspace, browser, &workspace.join("tests/webauthn-driver.mjs"))?;
    test.env("WX_SOTER_REAL_DRIVER", browser.driver()?);
    run(test.args(["--test", "virtual_authenticator", "--features", "virtual-authenticator"]))
}

fn run(wasm_pack: &mut Command) -> Result<()> {
    for attempt in 1.. {
        let mut child = wasm_pack.stdout(Stdio::piped()).spawn().context("cannot start wasm-pack")?;
        let stdout = child.stdout.take().context("wasm-pack has no standard output")?;
        let mut page_is_silent = false;
        let mut tests_ran = false;
        for line in BufReader::new(stdout).lines() {
            let line = line.context("cannot read what wasm-pack prints")?;
            println!("{line}");
            page_is_silent |= line.starts_with("Running headless tests in");
            // Of a test, or of all.
            page_is_silent &= !line.trim_start().starts_with("test ");
            tests_ran |= line.starts_with("test result: ok. ") && !line.starts_with("test result: ok. 0 ");
        }
        let succeeded = child.wait().context("cannot wait for wasm-pack")?.success();
        if !succeeded && page_is_silent && attempt < ATTEMPTS {
            println!("The page did not load. Once more ...");
            continue;
        }
        ensure!(succeeded, "wasm-pack test failed");
        // wasm-pack is content with a suite that has no tests, as one left out by a wrong `cfg` has none.
        ensure!(tests_ran, "no test ran");
        break;
    }
    Ok(())
}

fn test(workspace: &Workspace, browser: Browser, driver: &Path) -> Result<Command> {
    let flags = match browser {
        Browser::Chromium => ["--chrome", "--chromedriver"],
        Browser::Firefox => ["--firefox", "--geckodriver"],
    };
    test_by(workspace, flags, driver)
}

fn test_by(workspace: &Workspace, flags: [&str; 2], driver: &Path) -> Result<Command> {
    let mut test = Command::new(tools::WASM_PACK.program()?);
    test.args(["test", "--headless", "--mode", "no-install"]).args(flags);
    // The folder must be named, or wasm-pack takes the next argument for one.
    test.arg(driver).arg(".").current_dir(workspace.root());
    let bindgen = tools::wasm_bindgen()?.folder()?;
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
