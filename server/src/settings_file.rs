//! Files in the place of settings that are secrets, or that others write: Docker's and Kubernetes' secrets are files.

use anyhow::{Context, anyhow, ensure};
use pki_types::CertificateDer;
use pki_types::pem::PemObject;
use std::fs;
use std::path::Path;
use wx_soter_verifier::attestation;

/// The text of a file, without the spaces around it.
///
/// # Errors
///
/// It cannot be read, or is empty.
pub fn text(file: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = text.trim();
    ensure!(!text.is_empty(), "{} is empty", file.display());
    Ok(text.to_owned())
}

/// One value a line; empty lines and those that begin with `#` are passed over.
///
/// # Errors
///
/// It cannot be read, or a line is of another form, which is named by its number: it may be a secret.
pub fn lines<T>(file: &Path, parse: impl Fn(&str) -> Result<T, &'static str>) -> anyhow::Result<Vec<T>> {
    let text = text(file)?;
    let lines = text.lines().map(str::trim).enumerate();
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(index, line)| {
            parse(line).map_err(|error| anyhow!("line {} of {}: {error}", index + 1, file.display()))
        })
        .collect()
}

/// The certificates of a file in PEM, as DER.
///
/// # Errors
///
/// It cannot be read, has no certificate, or one that can be no root.
pub fn certificates(file: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let text = text(file)?;
    let mut certificates = Vec::new();
    for (index, certificate) in CertificateDer::pem_slice_iter(text.as_bytes()).enumerate() {
        let certificate = certificate.map_err(|error| anyhow!("{} is no PEM: {error}", file.display()))?;
        ensure!(
            attestation::can_be_root(&certificate),
            "certificate {} of {} cannot be read",
            index + 1,
            file.display()
        );
        certificates.push(certificate.to_vec());
    }
    ensure!(!certificates.is_empty(), "{} has no certificate in PEM", file.display());
    Ok(certificates)
}
