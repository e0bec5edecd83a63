//! Asks the verifier and webauthn-rs-core about every case, and writes the cases for libraries in other languages:
//! `cargo run --bin verdicts -- cases.json`.

use anyhow::{Context, Result, bail};
use serde_json::json;
use wx_soter_verifier_peers::common::base64url;
use wx_soter_verifier_peers::differences::{self, WEBAUTHN_RS};
use wx_soter_verifier_peers::{cases, vectors, webauthn_rs};

fn main() -> Result<()> {
    let path = std::env::args_os().nth(1).context("where are the cases to be written?")?;
    let cases = cases::all();
    let mut unexpected = 0;
    for case in &cases {
        let (ours, theirs) = (case.verdict(), webauthn_rs::verdict(case));
        let is_known = differences::find(WEBAUTHN_RS, &case.name).is_some();
        if (ours.is_ok() != theirs.is_ok()) != is_known {
            unexpected += 1;
            eprintln!("{}: the verifier {ours:?}, {WEBAUTHN_RS} {theirs:?}", case.name);
        }
    }
    for difference in differences::ALL {
        if !cases.iter().any(|case| case.name == difference.case) {
            bail!("there is no case {:?}", difference.case);
        }
    }
    let json = json!({
        "root": base64url(&vectors::root()),
        "cases": cases.iter().map(cases::Case::to_json).collect::<Vec<_>>(),
        "differences": differences::ALL.iter().map(|difference| json!({
            "library": difference.library, "case": difference.case, "why": difference.why,
        })).collect::<Vec<_>>(),
    });
    std::fs::write(&path, json.to_string()).with_context(|| format!("cannot write {}", path.display()))?;
    let known = differences::ALL.iter().filter(|difference| difference.library == WEBAUTHN_RS).count();
    println!("{} cases, {WEBAUTHN_RS} agrees on all but {known} listed ones", cases.len() - unexpected);
    if unexpected > 0 {
        bail!("{unexpected} verdicts differ that are not listed, or agree that are");
    }
    Ok(())
}
